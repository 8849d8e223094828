//! Never comes back from detect.

use trailglass_plugin::{Detector, Finding, Group, Grouping, Manifest, Options};

/// The detector.
pub struct Hostile;

impl Detector for Hostile {
    const MANIFEST: Manifest = Manifest {
        id: "loops-in-detect",
        name: "Hostile",
        version: "1.0.0",
        description: "Never comes back from detect.",
        grouping: Grouping::All,
        ..Manifest::NOTHING
    };

    fn configure(_: &Options) -> Result<Self, String> {
        Ok(Self)
    }

    fn observe(&self, group: &Group<'_>) -> Vec<Finding> {
        let mut turns = 0_u64;
        while std::hint::black_box(group.len() as u64) > 0 {
            turns = std::hint::black_box(turns.wrapping_add(1));
        }
        Vec::new()
    }
}

trailglass_plugin::export!(Hostile);
