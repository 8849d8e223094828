//! A successful console sign-in soon after failed ones from the same address: what a guessed
//! password looks like.
//!
//! Failures alone are found by a built-in detection; this one asks whether the guessing worked.

use std::collections::VecDeque;

use trailglass_plugin::time::MINUTE_MS;
use trailglass_plugin::{Detector, Finding, Group, Grouping, Manifest, OptionSpec, Options, Severity, words};

trailglass_plugin::rows! {
    /// A sign-in to the console.
    struct SignIn {
        address: "sourceIPAddress",
        outcome: "responseElements.ConsoleLogin",
        arn: "userIdentity.arn",
        user: "userIdentity.userName",
    }
}

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
            OptionSpec::integer("failures", 3, "How many failures it takes, from 1 to 10,000."),
            OptionSpec::integer(
                "minutes",
                30,
                "How many minutes before the success a failure still counts, from 1 to 10,080.",
            ),
        ],
        select: "eventName:ConsoleLogin AND sourceIPAddress:*",
        fields: SignIn::FIELDS,
        grouping: Grouping::By(&["sourceIPAddress"]),
    };

    fn configure(options: &Options) -> Result<Self, String> {
        Ok(Self {
            failures: options.count("failures", 1..=10_000)?,
            window_ms: options.span_ms("minutes", MINUTE_MS, 1..=10_080)?,
        })
    }

    fn observe(&self, group: &Group<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut failed: VecDeque<(i64, SignIn<'_>)> = VecDeque::new();
        for sign_in in group.rows().map(SignIn::from) {
            let (Some(time), Some(outcome)) = (sign_in.row.time_ms(), sign_in.outcome) else {
                continue;
            };
            while failed.front().is_some_and(|&(earlier, _)| time - earlier > self.window_ms) {
                failed.pop_front();
            }
            match outcome {
                "Failure" => failed.push_back((time, sign_in)),
                "Success" => {
                    if failed.len() >= self.failures {
                        findings.push(finding(&failed, sign_in, time));
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

fn finding(failed: &VecDeque<(i64, SignIn<'_>)>, success: SignIn<'_>, time: i64) -> Finding {
    let first = failed.front().map_or(time, |&(first, _)| first);
    let address = success.address.unwrap_or("an unknown address");
    let who = success.user.map_or_else(|| words::who(success.arn), |user| format!("user {user}"));
    let why = format!(
        "{} signed in after {} within {} from {address}.",
        words::capital(&who),
        words::length(failed.len(), "failed sign-in"),
        words::count((time - first) / MINUTE_MS + 1, "minute"),
    );
    Finding::new(failed.iter().map(|&(_, failure)| failure).chain([success]), why)
}

trailglass_plugin::export!(ConsoleLoginAfterFailures);

#[cfg(test)]
mod tests {
    use super::*;
    use trailglass_plugin::trial::Trial;

    const OUTCOME: &str = "responseElements.ConsoleLogin";

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
        let expected = "Someone unknown signed in after 3 failed sign-ins within 2 minutes from 198.51.100.7.";
        assert_eq!(findings[0].why, expected);
    }

    #[test]
    fn options() {
        let events = [(0, "a", "Failure"), (20, "a", "Success")];
        let one = trial(&events).option("failures", 1);
        assert_eq!(one.run::<ConsoleLoginAfterFailures>().unwrap().len(), 1);
        let short = one.option("minutes", 19);
        assert_eq!(short.run::<ConsoleLoginAfterFailures>().unwrap().len(), 0);
        let wrong = Trial::new().option("minutes", 0);
        let message = "Option minutes takes a number from 1 to 10080, not 0.";
        assert_eq!(wrong.run::<ConsoleLoginAfterFailures>(), Err(message.to_owned()));
    }
}
