//! The detectors that come with Trailglass. Each is described like any other; its observer is a function of one group.

use super::{Detector, Finding, Group, Grouping, Hit, SelectedEvent, Severity, finding, groups};
use crate::event::NO_TIME;
use crate::field::FieldRef;
use crate::predicate::{self, Predicate};

/// A detector and its observer.
pub struct Builtin {
    /// Its description.
    pub detector: Detector,
    /// Sees one group, returns what it found.
    pub observe: fn(&Group) -> Vec<Hit>,
}

impl Builtin {
    /// The findings in what the detector selected over all shards.
    pub fn findings(&self, events: Vec<SelectedEvent>) -> Vec<Finding> {
        groups(&self.detector, events)
            .iter()
            .flat_map(|group| (self.observe)(group).into_iter().filter_map(|hit| finding(&self.detector, group, &hit)))
            .collect()
    }
}

/// All of them, in the order in which they are listed.
pub fn builtins() -> Vec<Builtin> {
    vec![sign_in_without_mfa(), root_use(), failed_sign_ins()]
}

fn fields(names: &[&str]) -> Vec<FieldRef> {
    names.iter().map(|name| FieldRef::parse(name)).collect()
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

/// Detectors know no newest event: they are asked while events are read.
fn select(query: &str) -> Predicate {
    predicate::parse(query, None).predicate
}

/// The value at `index` of the detector's fields, for a sentence.
fn shown<'e>(event: &'e SelectedEvent, index: usize, missing: &'static str) -> &'e str {
    event.values.get(index).and_then(Option::as_deref).unwrap_or(missing)
}

fn sign_in_without_mfa() -> Builtin {
    // A federated sign-in has its second factor elsewhere and always says "No" here: only IAM users and root are meant.
    let select = select(
        "eventSource:signin.amazonaws.com AND eventName:ConsoleLogin AND responseElements.ConsoleLogin:Success \
         AND (userIdentity.type:IAMUser OR userIdentity.type:Root) AND NOT additionalEventData.MFAUsed:Yes",
    );
    Builtin {
        detector: Detector {
            id: "console-sign-in-without-mfa".to_owned(),
            version: "1".to_owned(),
            title: "Console sign-in without MFA".to_owned(),
            description: "An IAM user or root signed in to the console with a password alone, so a stolen password \
                          is enough to get in."
                .to_owned(),
            severity: Severity::Medium,
            tactics: texts(&["TA0001"]),
            techniques: texts(&["T1078.004"]),
            false_positives: texts(&["Accounts in which MFA is not required yet."]),
            select,
            fields: fields(&["principal", "recipientAccountId", "sourceIPAddress"]),
            grouping: Grouping::Each,
        },
        observe: |group| {
            let hit = |event| Hit {
                rows: vec![0],
                why: format!(
                    "{} signed in to account {} from {} with no second factor.",
                    shown(event, 0, "Somebody"),
                    shown(event, 1, "unknown"),
                    shown(event, 2, "an unknown address")
                ),
                ..Hit::default()
            };
            group.events.first().map(hit).into_iter().collect()
        },
    }
}

fn root_use() -> Builtin {
    let select = select("userIdentity.type:Root AND NOT userIdentity.invokedBy:* AND NOT eventType:AwsServiceEvent");
    Builtin {
        detector: Detector {
            id: "root-use".to_owned(),
            version: "1".to_owned(),
            title: "Root user was used".to_owned(),
            description:
                "The root user of an account made calls itself. Root cannot be limited by policies, and daily \
                          work needs it for nothing."
                    .to_owned(),
            severity: Severity::High,
            tactics: texts(&["TA0004", "TA0001"]),
            techniques: texts(&["T1078.004"]),
            false_positives: texts(&["Tasks that only root can do, such as closing the account."]),
            select,
            fields: fields(&["eventName"]),
            grouping: Grouping::By(fields(&["recipientAccountId", "sourceIPAddress"])),
        },
        observe: |group| {
            let mut names: Vec<&str> = group.events.iter().map(|event| shown(event, 0, "an unnamed call")).collect();
            names.sort_unstable();
            names.dedup();
            let listed = names.iter().take(5).copied().collect::<Vec<_>>().join(", ");
            let more = if names.len() > 5 { format!(" and {} more", names.len() - 5) } else { String::new() };
            vec![Hit {
                rows: (0..group.events.len()).collect(),
                why: format!(
                    "The root user of account {} made {} call{} from {}: {listed}{more}.",
                    group.key.first().and_then(Option::as_deref).unwrap_or("unknown"),
                    group.events.len(),
                    if group.events.len() == 1 { "" } else { "s" },
                    group.key.get(1).and_then(Option::as_deref).unwrap_or("an unknown address")
                ),
                ..Hit::default()
            }]
        },
    }
}

/// This many failures …
const FAILURES: usize = 5;
/// … within this time are a finding.
const FAILURES_WITHIN_MS: i64 = 10 * 60 * 1_000;

fn failed_sign_ins() -> Builtin {
    let select = select(
        "eventSource:signin.amazonaws.com AND eventName:ConsoleLogin \
         AND (responseElements.ConsoleLogin:Failure OR errorMessage:\"Failed authentication\")",
    );
    Builtin {
        detector: Detector {
            id: "repeated-failed-sign-ins".to_owned(),
            version: "1".to_owned(),
            title: "Repeated failed console sign-ins".to_owned(),
            description: format!(
                "At least {FAILURES} console sign-ins failed from one address within {} minutes: somebody may be \
                 guessing passwords.",
                FAILURES_WITHIN_MS / 60_000
            ),
            severity: Severity::Medium,
            tactics: texts(&["TA0006"]),
            techniques: texts(&["T1110"]),
            false_positives: texts(&["A user who forgot a password.", "Many users behind one address."]),
            select,
            fields: fields(&["userIdentity.userName"]),
            grouping: Grouping::By(fields(&["sourceIPAddress"])),
        },
        observe: observe_failed_sign_ins,
    }
}

/// Every run of failures in which any [`FAILURES`] neighbours lie within [`FAILURES_WITHIN_MS`] is one hit.
fn observe_failed_sign_ins(group: &Group) -> Vec<Hit> {
    let time = |row: usize| group.events[row].key.time_ms;
    let mut hits: Vec<Hit> = Vec::new();
    for last in FAILURES - 1..group.events.len() {
        let first = last + 1 - FAILURES;
        if time(first) == NO_TIME || time(last) - time(first) > FAILURES_WITHIN_MS {
            continue;
        }
        match hits.last_mut().filter(|hit| hit.rows.last().is_some_and(|&row| row >= first)) {
            Some(hit) => hit.rows.push(last),
            None => hits.push(Hit { rows: (first..=last).collect(), ..Hit::default() }),
        }
    }
    for hit in &mut hits {
        let mut users: Vec<_> = hit.rows.iter().map(|&row| shown(&group.events[row], 0, "unnamed")).collect();
        users.sort_unstable();
        users.dedup();
        hit.why = format!(
            "{} console sign-ins failed from {} for {}.",
            hit.rows.len(),
            group.key.first().and_then(Option::as_deref).unwrap_or("an unknown address"),
            if let [user] = users[..] { format!("user {user}") } else { format!("{} users", users.len()) }
        );
    }
    hits
}

#[cfg(test)]
#[path = "builtin_tests.rs"]
mod tests;
