//! My detector: calls that stop a trail.

use trailglass_plugin::{Detector, Finding, Group, Grouping, Manifest, Options, Severity};

/// The detector; it has no options.
pub struct MyDetector;

impl Detector for MyDetector {
    const MANIFEST: Manifest = Manifest {
        id: "my-detector",
        name: "My detector",
        version: env!("CARGO_PKG_VERSION"),
        description: "Someone switched off the log that would show what they do next.",
        severity: Severity::High,
        tactics: &["TA0005"],
        techniques: &["T1562.008"],
        false_positives: &["A trail that is replaced by another."],
        // Which events it sees, in the search language of Trailglass. Nothing else reaches it.
        select: "eventName:StopLogging AND NOT errorCode:*",
        // What it reads of them: any field, or any path into the record.
        fields: &["userIdentity.arn", "requestParameters.name"],
        // Which of them come together: each alone, those with the same values of some fields, or all.
        grouping: Grouping::EachEvent,
        ..Manifest::NOTHING
    };

    fn configure(_: &Options) -> Result<Self, String> {
        Ok(Self)
    }

    fn observe(&self, group: &Group<'_>) -> Vec<Finding> {
        let event = group.first();
        let who = event.get("userIdentity.arn").unwrap_or("someone unknown");
        let trail = event.get("requestParameters.name").unwrap_or("a trail");
        vec![Finding::new(group.rows(), format!("{trail} was stopped by {who}."))]
    }
}

trailglass_plugin::export!(MyDetector);

#[cfg(test)]
mod tests {
    use super::*;
    use trailglass_plugin::trial::Trial;

    #[test]
    fn says_who_stopped_what() {
        let fields = [("userIdentity.arn", "arn:aws:iam::111122223333:user/mallory"), ("requestParameters.name", "main")];
        let found = Trial::new().event(0, fields).run::<MyDetector>().unwrap();
        assert_eq!(found[0].why, "main was stopped by arn:aws:iam::111122223333:user/mallory.");
    }
}
