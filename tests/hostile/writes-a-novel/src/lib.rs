//! Explains itself in a sentence of a megabyte.

use trailglass_plugin::{Detector, Finding, Group, Grouping, Manifest, Options};

/// The detector.
pub struct Hostile;

impl Detector for Hostile {
    const MANIFEST: Manifest = Manifest {
        id: "writes-a-novel",
        name: "Hostile",
        version: "1.0.0",
        description: "Explains itself in a sentence of a megabyte.",
        grouping: Grouping::All,
        ..Manifest::NOTHING
    };

    fn configure(_: &Options) -> Result<Self, String> {
        Ok(Self)
    }

    fn observe(&self, group: &Group<'_>) -> Vec<Finding> {
        vec![Finding::new(group.rows(), "and then ".repeat(1 << 17))]
    }
}

trailglass_plugin::export!(Hostile);
