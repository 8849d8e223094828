//! Returns more findings than anyone can read.

use trailglass_plugin::{Detector, Finding, Group, Grouping, Manifest, Options};

/// The detector.
pub struct Hostile;

impl Detector for Hostile {
    const MANIFEST: Manifest = Manifest {
        id: "floods-findings",
        name: "Hostile",
        version: "1.0.0",
        description: "Returns more findings than anyone can read.",
        grouping: Grouping::All,
        ..Manifest::NOTHING
    };

    fn configure(_: &Options) -> Result<Self, String> {
        Ok(Self)
    }

    fn observe(&self, group: &Group<'_>) -> Vec<Finding> {
        (0..20_000).map(|_| Finding::new([group.first()], "Again.")).collect()
    }
}

trailglass_plugin::export!(Hostile);
