//! A detector to copy. It finds somebody who makes many changes within a short time, and reads every kind of option.
//!
//! Say here, in a few sentences, what the detector finds, why that matters, and what it cannot see. Whoever runs it wants to
//! know.

use std::collections::VecDeque;

use trailglass_plugin::time::{MINUTE_MS, span};
use trailglass_plugin::{Detector, Finding, Group, Grouping, Manifest, OptionSpec, Options, Severity, words};

// The fields that the detector reads, by names of your own. A field is one of docs/fields.md or a path into the record. Each
// is a column of the batch, so take no more than you need. `as` reads a text as another type; `None` stands for a field
// that is missing or is no such thing.
trailglass_plugin::rows! {
    /// A call that changes something.
    struct Change {
        arn: "userIdentity.arn",
        name: "eventName",
        source: "eventSource",
        from_console: "sessionCredentialFromConsole" as bool,
    }
}

/// The detector. Its fields are its options, read once; it keeps nothing between groups.
pub struct DetectorTemplate {
    changes: usize,
    window_ms: i64,
    count_console: bool,
    service: String,
    ignored_names: Vec<String>,
}

impl Detector for DetectorTemplate {
    const MANIFEST: Manifest = Manifest {
        // The id is part of the identity of each finding: never change it.
        id: "detector-template",
        // The title of a finding.
        name: "Many changes in a short time",
        version: env!("CARGO_PKG_VERSION"),
        description: "One identity made many changes within a short time.",
        severity: Severity::Low,
        // ATT&CK, from https://attack.mitre.org/matrices/enterprise/cloud/.
        tactics: &["TA0005"],
        techniques: &["T1578"],
        // What else could cause it. A reader looks here first.
        false_positives: &["A deployment, or a person who cleans up."],
        references: &[],
        // Each option has a default, which fixes its type, and a sentence that gives unit and bounds.
        options: &[
            OptionSpec::integer("changes", 50, "How many changes it takes, from 1 to 100,000."),
            OptionSpec::integer("minutes", 10, "Within how many minutes, from 1 to 1,440."),
            OptionSpec::flag("console", false, "Whether changes that are made in the console count as well."),
            OptionSpec::text("service", "", "The service that counts, such as `ec2.amazonaws.com`; nothing for all."),
            OptionSpec::texts("ignore", &["AssumeRole", "CreateLogStream"], "Names of events that never count."),
        ],
        // What the host selects while it reads. The more precisely it says what is wanted, the less everything costs.
        select: "readOnly:false AND NOT errorCode:* AND NOT userIdentity.type:AWSService AND NOT eventCategory:Data",
        fields: Change::FIELDS,
        // Events with the same values in these fields come as one group, whole and in time order.
        grouping: Grouping::By(&["userIdentity.arn"]),
    };

    // An error is a sentence for whoever set the option; the getters write it.
    fn configure(options: &Options) -> Result<Self, String> {
        Ok(Self {
            changes: options.count("changes", 1..=100_000)?,
            window_ms: options.span_ms("minutes", MINUTE_MS, 1..=1_440)?,
            count_console: options.flag("console")?,
            service: options.text("service")?.to_owned(),
            ignored_names: options.texts("ignore")?.to_vec(),
        })
    }

    // Looks at one group. It may come in any order among the others, and more than once.
    fn observe(&self, group: &Group<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        // The changes of the last minutes, the oldest first.
        let mut recent: VecDeque<(i64, Change<'_>)> = VecDeque::new();
        for change in group.rows().map(Change::from).filter(|change| self.counts(change)) {
            // Not every event has a time.
            let Some(time) = change.row.time_ms() else { continue };
            while recent.front().is_some_and(|&(earlier, _)| time - earlier > self.window_ms) {
                recent.pop_front();
            }
            recent.push_back((time, change));
            if recent.len() >= self.changes {
                findings.push(finding(&recent));
                // The next finding needs changes of its own.
                recent.clear();
            }
        }
        findings
    }
}

impl DetectorTemplate {
    fn counts(&self, change: &Change<'_>) -> bool {
        let name = change.name.unwrap_or_default();
        let wanted = self.service.is_empty() || change.source == Some(self.service.as_str());
        let in_console = change.from_console == Some(true);
        wanted && (self.count_console || !in_console) && !self.ignored_names.iter().any(|ignored| ignored == name)
    }
}

/// A finding names its events and says why it fired, with the numbers that decided.
fn finding(changes: &VecDeque<(i64, Change<'_>)>) -> Finding {
    let arn = changes.front().and_then(|(_, change)| change.arn);
    let time = |end: Option<&(i64, Change<'_>)>| end.map_or(0, |&(time, _)| time);
    let why = format!(
        "{} made {} within {}.",
        words::capital(&words::who(arn)),
        words::length(changes.len(), "change"),
        span(time(changes.back()) - time(changes.front())),
    );
    Finding::new(changes.iter().map(|&(_, change)| change), why)
}

// Makes the crate a plugin.
trailglass_plugin::export!(DetectorTemplate);

#[cfg(test)]
mod tests {
    use super::*;
    use trailglass_plugin::trial::Trial;

    /// As many changes, one a minute, with these fields beside who made them.
    fn trial(changes: i64, fields: &[(&str, &str)]) -> Trial {
        let who = ("userIdentity.arn", "arn:aws:iam::111122223333:user/alice");
        let add = |trial: Trial, minute| trial.event(minute * MINUTE_MS, fields.iter().copied().chain([who]));
        (0..changes).fold(Trial::new().option("changes", 3), add)
    }

    /// How many findings there are.
    fn check(trial: Trial, expected: usize) {
        assert_eq!(trial.run::<DetectorTemplate>().unwrap().len(), expected);
    }

    #[test]
    fn changes_are_counted_in_a_window() {
        check(trial(2, &[]), 0);
        check(trial(3, &[]), 1);
        check(trial(6, &[]), 2);
        check(trial(3, &[]).option("minutes", 1), 0);
        check(trial(3, &[]).option("minutes", 2), 1);
    }

    #[test]
    fn options_say_what_counts() {
        let console = trial(3, &[("sessionCredentialFromConsole", "true")]);
        check(console.clone(), 0);
        check(console.option("console", true), 1);
        let ec2 = trial(3, &[("eventSource", "ec2.amazonaws.com"), ("eventName", "RunInstances")]);
        check(ec2.clone().option("service", "ec2.amazonaws.com"), 1);
        check(ec2.clone().option("service", "s3.amazonaws.com"), 0);
        check(ec2.option("ignore", ["RunInstances"]), 0);
        let wrong = trial(0, &[]).option("changes", 0).run::<DetectorTemplate>();
        assert_eq!(wrong.unwrap_err(), "Option changes takes a number from 1 to 100000, not 0.");
    }

    #[test]
    fn why_has_the_numbers() {
        let findings = trial(3, &[]).run::<DetectorTemplate>().unwrap();
        assert_eq!(findings[0].why, "User alice made 3 changes within 2 minutes.");
        assert_eq!(findings[0].rows, [0, 1, 2]);
    }
}
