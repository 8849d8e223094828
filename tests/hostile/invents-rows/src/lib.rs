//! Names an event that it was not given.

use trailglass_plugin::{Detector, Finding, Group, Grouping, Manifest, Options};

/// The detector.
pub struct Hostile;

impl Detector for Hostile {
    const MANIFEST: Manifest = Manifest {
        id: "invents-rows",
        name: "Hostile",
        version: "1.0.0",
        description: "Names an event that it was not given.",
        grouping: Grouping::All,
        ..Manifest::NOTHING
    };

    fn configure(_: &Options) -> Result<Self, String> {
        Ok(Self)
    }

    fn observe(&self, group: &Group<'_>) -> Vec<Finding> {
        let mut finding = Finding::new([group.first()], "Look over there.");
        finding.rows.push(4_000_000_000);
        vec![finding]
    }
}

trailglass_plugin::export!(Hostile);
