//! Panics, having escaped the terminal.

use trailglass_plugin::{Detector, Finding, Group, Grouping, Manifest, Options};

/// The detector.
pub struct Hostile;

impl Detector for Hostile {
    const MANIFEST: Manifest = Manifest {
        id: "traps",
        name: "Hostile",
        version: "1.0.0",
        description: "Panics, having escaped the terminal.",
        grouping: Grouping::All,
        ..Manifest::NOTHING
    };

    fn configure(_: &Options) -> Result<Self, String> {
        Ok(Self)
    }

    fn observe(&self, group: &Group<'_>) -> Vec<Finding> {
        panic!("\u{1b}[2Jcannot bear {} events", group.len())
    }
}

trailglass_plugin::export!(Hostile);
