//! Takes memory and never gives it back.

use trailglass_plugin::{Detector, Finding, Group, Grouping, Manifest, Options};

/// The detector.
pub struct Hostile;

impl Detector for Hostile {
    const MANIFEST: Manifest = Manifest {
        id: "allocates-without-end",
        name: "Hostile",
        version: "1.0.0",
        description: "Takes memory and never gives it back.",
        grouping: Grouping::All,
        ..Manifest::NOTHING
    };

    fn configure(_: &Options) -> Result<Self, String> {
        Ok(Self)
    }

    fn observe(&self, _: &Group<'_>) -> Vec<Finding> {
        let mut hoard: Vec<Vec<u8>> = Vec::new();
        loop {
            hoard.push(Vec::with_capacity(1 << 20));
            std::hint::black_box(&hoard);
        }
    }
}

trailglass_plugin::export!(Hostile);
