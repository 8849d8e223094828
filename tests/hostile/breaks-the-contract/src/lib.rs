//! Has a manifest that the contract does not allow.

use trailglass_plugin::{Detector, Finding, Group, Grouping, Manifest, Options};

/// The detector.
pub struct Hostile;

impl Detector for Hostile {
    const MANIFEST: Manifest = Manifest {
        id: "Not An Id\u{1b}[31m",
        name: "Hostile",
        version: "1.0.0",
        description: "Has a manifest that the contract does not allow.",
        grouping: Grouping::All,
        ..Manifest::NOTHING
    };

    fn configure(_: &Options) -> Result<Self, String> {
        Ok(Self)
    }

    fn observe(&self, _: &Group<'_>) -> Vec<Finding> {
        Vec::new()
    }
}

trailglass_plugin::export!(Hostile);
