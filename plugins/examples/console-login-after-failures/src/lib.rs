//! A successful console sign-in soon after failed ones from the same address: what a guessed
//! password looks like.
//!
//! Failures alone are found by a built-in detection; this one asks whether the guessing worked.

use std::collections::VecDeque;

use trailglass_plugin::{
    Detector, Finding, Group, Grouping, Manifest, OptionDefault, OptionSpec, Options, Row, Severity,
};

const MINUTE_MS: i64 = 60_000;
const OUTCOME: &str = "responseElements.ConsoleLogin";

/// The detector; its fields are its options.
pub struct ConsoleLoginAfterFailures {
    failures: usize,
    window_ms: i64,
}

impl Detector for ConsoleLoginAfterFailures {
    const MANIFEST: Manifest = Manifest {
        id: "console-login-after-failures",
        name: "Console sign-in succeeded after failures",
        version: env!("CARGO_PKG_VERSION"),
        description: "Several console sign-ins from one address failed, and soon after one from the \
            same address succeeded: a password may have been guessed.",
        severity: Severity::High,
        tactics: &["TA0006", "TA0001"],
        techniques: &["T1110", "T1078.004"],
        false_positives: &[
            "Someone who mistyped a password several times.",
            "Many people behind one address, such as an office or a VPN.",
        ],
        references: &[
            "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html",
        ],
        options: &[
            OptionSpec {
                name: "failures",
                description: "How many failures it takes, from 1 to 10,000.",
                default: OptionDefault::Integer(3),
            },
            OptionSpec {
                name: "minutes",
                description: "How many minutes before the success a failure still counts, from 1 to 10,080.",
                default: OptionDefault::Integer(30),
            },
        ],
        select: "eventName:ConsoleLogin AND sourceIPAddress:*",
        fields: &["sourceIPAddress", OUTCOME, "userIdentity.arn", "userIdentity.userName"],
        grouping: Grouping::By(&["sourceIPAddress"]),
    };

    fn configure(options: &Options) -> Result<Self, String> {
        let failures = options.integer("failures", 1..=10_000)?;
        let minutes = options.integer("minutes", 1..=10_080)?;
        Ok(Self {
            failures: usize::try_from(failures).map_err(|error| error.to_string())?,
            window_ms: minutes * MINUTE_MS,
        })
    }

    fn observe(&self, group: &Group<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut failed: VecDeque<(i64, Row<'_>)> = VecDeque::new();
        for row in group.rows() {
            let (Some(time), Some(outcome)) = (row.time_ms(), row.get(OUTCOME)) else {
                continue;
            };
            while failed.front().is_some_and(|&(earlier, _)| time - earlier > self.window_ms) {
                failed.pop_front();
            }
            match outcome {
                "Failure" => failed.push_back((time, row)),
                "Success" => {
                    if failed.len() >= self.failures {
                        findings.push(finding(&failed, row, time));
                    }
                    // The next success needs failures of its own.
                    failed.clear();
                }
                _ => {}
            }
        }
        findings
    }
}

fn finding(failed: &VecDeque<(i64, Row<'_>)>, success: Row<'_>, time: i64) -> Finding {
    let first = failed.front().map_or(time, |&(first, _)| first);
    let address = success.get("sourceIPAddress").unwrap_or("an unknown address");
    let why = format!(
        "{} signed in after {} failed sign-ins within {} minutes from {address}.",
        who(success),
        failed.len(),
        (time - first) / MINUTE_MS + 1,
    );
    Finding::new(failed.iter().map(|&(_, row)| row).chain([success]), why)
}

fn who(row: Row<'_>) -> &str {
    let name = row.get("userIdentity.userName").or_else(|| row.get("userIdentity.arn"));
    name.unwrap_or("Someone")
}

trailglass_plugin::export!(ConsoleLoginAfterFailures);

#[cfg(test)]
mod tests {
    use super::*;
    use trailglass_plugin::{Value, trial::Trial};

    /// Each event: minute, address, outcome. Expected: the rows of each finding.
    fn check(events: &[(i64, &str, &str)], expected: &[&[u32]]) {
        let findings = trial(events).run::<ConsoleLoginAfterFailures>().unwrap();
        let rows: Vec<&[u32]> = findings.iter().map(|finding| finding.rows.as_slice()).collect();
        assert_eq!(rows, expected, "{events:?}");
    }

    fn trial(events: &[(i64, &str, &str)]) -> Trial {
        events.iter().fold(Trial::new(), |trial, &(minute, address, outcome)| {
            let who = ("userIdentity.userName", "alice");
            trial.event(minute * MINUTE_MS, [("sourceIPAddress", address), (OUTCOME, outcome), who])
        })
    }

    #[test]
    fn what_fires_and_what_does_not() {
        let (fail, pass) = ("Failure", "Success");
        check(&[], &[]);
        check(&[(0, "a", pass)], &[]);
        check(&[(0, "a", fail), (1, "a", fail), (2, "a", pass)], &[]);
        let guessed = [(0, "a", fail), (1, "a", fail), (2, "a", fail), (3, "a", pass)];
        check(&guessed, &[&[0, 1, 2, 3]]);
        // The order of the input does not matter, the order of time does.
        let shuffled = [(3, "a", pass), (1, "a", fail), (0, "a", fail), (2, "a", fail)];
        check(&shuffled, &[&[2, 1, 3, 0]]);
        check(&[(0, "a", pass), (1, "a", fail), (2, "a", fail), (3, "a", fail)], &[]);
        // Another address is another story.
        check(&[(0, "a", fail), (1, "b", fail), (2, "a", fail), (3, "a", pass)], &[]);
        // A failure counts up to half an hour before the success, to the millisecond.
        check(&[(0, "a", fail), (1, "a", fail), (2, "a", fail), (30, "a", pass)], &[&[0, 1, 2, 3]]);
        check(&[(0, "a", fail), (1, "a", fail), (2, "a", fail), (31, "a", pass)], &[]);
        // One run of failures makes one finding.
        let twice = [&guessed[..], &[(4, "a", pass)]].concat();
        check(&twice, &[&[0, 1, 2, 3]]);
    }

    #[test]
    fn why_names_who_how_often_and_where() {
        let events = [(0, "198.51.100.7", "Failure"); 3];
        let trial = trial(&events).event(MINUTE_MS, [("sourceIPAddress", "198.51.100.7"), (OUTCOME, "Success")]);
        let findings = trial.run::<ConsoleLoginAfterFailures>().unwrap();
        let expected = "Someone signed in after 3 failed sign-ins within 2 minutes from 198.51.100.7.";
        assert_eq!(findings[0].why, expected);
    }

    #[test]
    fn options() {
        let events = [(0, "a", "Failure"), (20, "a", "Success")];
        let one = trial(&events).option("failures", Value::Integer(1));
        assert_eq!(one.run::<ConsoleLoginAfterFailures>().unwrap().len(), 1);
        let short = one.option("minutes", Value::Integer(19));
        assert_eq!(short.run::<ConsoleLoginAfterFailures>().unwrap().len(), 0);
        let wrong = Trial::new().option("minutes", Value::Integer(0));
        let message = "Option minutes takes a number from 1 to 10080, not 0.";
        assert_eq!(wrong.run::<ConsoleLoginAfterFailures>(), Err(message.to_owned()));
    }
}
