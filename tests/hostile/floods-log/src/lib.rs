//! Logs megabytes without end: cheap for the guest, costly for the host.

use trailglass_plugin::{Detector, Finding, Group, Grouping, Manifest, Options};

/// The detector.
pub struct Hostile;

impl Detector for Hostile {
    const MANIFEST: Manifest = Manifest {
        id: "floods-log",
        name: "Hostile",
        version: "1.0.0",
        description: "Logs megabytes without end: cheap for the guest, costly for the host.",
        grouping: Grouping::All,
        ..Manifest::NOTHING
    };

    fn configure(_: &Options) -> Result<Self, String> {
        Ok(Self)
    }

    fn observe(&self, _: &Group<'_>) -> Vec<Finding> {
        let line = "x".repeat(1 << 20);
        loop {
            trailglass_plugin::log(trailglass_plugin::Level::Info, &line);
        }
    }
}

trailglass_plugin::export!(Hostile);
