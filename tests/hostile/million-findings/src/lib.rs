//! Returns a million findings, more than a host wants to copy.

use trailglass_plugin::{Detector, Finding, Group, Grouping, Manifest, Options};

/// The detector.
pub struct Hostile;

impl Detector for Hostile {
    const MANIFEST: Manifest = Manifest {
        id: "million-findings",
        name: "Hostile",
        version: "1.0.0",
        description: "Returns a million findings, more than a host wants to copy.",
        grouping: Grouping::All,
        ..Manifest::NOTHING
    };

    fn configure(_: &Options) -> Result<Self, String> {
        Ok(Self)
    }

    fn observe(&self, group: &Group<'_>) -> Vec<Finding> {
        (0..1_000_000).map(|_| Finding::new([group.first()], "Again.")).collect()
    }
}

trailglass_plugin::export!(Hostile);
