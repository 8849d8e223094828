//! Judges for a while, and says what it sees, before it does not come back.

use trailglass_plugin::{Detector, Finding, Group, Grouping, Level, Manifest, Options, Severity, log};

/// The detector.
pub struct Hostile;

impl Detector for Hostile {
    const MANIFEST: Manifest = Manifest {
        id: "loops-later",
        name: "Finds sign-ins, and loops at calls to StopLogging",
        version: "1.0.0",
        description: "Judges for a while, and says what it sees, before it does not come back.",
        severity: Severity::Low,
        fields: &["eventName"],
        grouping: Grouping::EachEvent,
        ..Manifest::NOTHING
    };

    fn configure(_: &Options) -> Result<Self, String> {
        Ok(Self)
    }

    fn observe(&self, group: &Group<'_>) -> Vec<Finding> {
        match group.first().get("eventName") {
            Some("ConsoleLogin") => {
                log(Level::Info, "it saw a sign-in");
                vec![Finding::new(group.rows(), "Somebody signed in.")]
            }
            Some("StopLogging") => {
                log(Level::Warning, "it will not come back");
                let mut turns = 0_u64;
                while std::hint::black_box(group.len() as u64) > 0 {
                    turns = std::hint::black_box(turns.wrapping_add(1));
                }
                Vec::new()
            }
            _ => Vec::new(),
        }
    }
}

trailglass_plugin::export!(Hostile);
