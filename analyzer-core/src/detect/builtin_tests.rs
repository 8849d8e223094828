//! Table tests of the built-in detectors: records in, findings out, through the whole pipeline.

use super::*;
use crate::session::Session;

/// A console sign-in at a minute of a day.
fn sign_in(minute: usize, identity: &str, address: &str, outcome: &str, mfa: &str) -> String {
    format!(
        r#"{{"eventVersion":"1.08","userIdentity":{identity},"eventTime":"2024-05-01T10:{minute:02}:00Z",
        "eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","sourceIPAddress":"{address}",
        "responseElements":{{"ConsoleLogin":"{outcome}"}},"additionalEventData":{{"MFAUsed":"{mfa}"}},
        "eventID":"{minute}-{address}-{outcome}","eventType":"AwsConsoleSignIn","recipientAccountId":"111122223333"}}"#
    )
}

const ALICE: &str = r#"{"type":"IAMUser","userName":"alice"}"#;
const ROOT: &str = r#"{"type":"Root","arn":"arn:aws:iam::111122223333:root"}"#;
const FEDERATED: &str = r#"{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/R/s"}"#;

fn findings(records: &[String]) -> Vec<Finding> {
    let builtins = builtins();
    let mut session = Session::new(builtins.iter().map(|b| b.detector.clone()).collect(), 7);
    let mut intake = session.open(0, "test".to_owned());
    session.push(&mut intake, format!("[{}]", records.join(",")).as_bytes());
    let account = &session.close(intake, None)[0];
    assert!(account.is_clean() && account.reconciles(), "{account:?}");
    let selection = session.selection().clone();
    let mut found: Vec<_> =
        builtins.iter().zip(selection.events).flat_map(|(builtin, events)| builtin.findings(events)).collect();
    crate::detect::sort(&mut found);
    found
}

fn check(records: &[String], expected: &[&str]) {
    let found: Vec<_> = findings(records).iter().map(|f| format!("{} ({}): {}", f.detector, f.count, f.why)).collect();
    assert_eq!(found, expected);
}

#[test]
fn sign_ins_without_mfa() {
    let found = "console-sign-in-without-mfa (1): alice signed in to account 111122223333 from 192.0.2.1 with no \
                 second factor.";
    check(&[sign_in(1, ALICE, "192.0.2.1", "Success", "No")], &[found]);
    check(&[sign_in(1, ALICE, "192.0.2.1", "Success", "Yes")], &[]);
    check(&[sign_in(1, ALICE, "192.0.2.1", "Failure", "No")], &[]);
    check(&[sign_in(1, FEDERATED, "192.0.2.1", "Success", "No")], &[]);
}

#[test]
fn use_of_root() {
    check(
        &[sign_in(1, ROOT, "192.0.2.1", "Success", "Yes"), sign_in(2, ROOT, "192.0.2.1", "Success", "Yes")],
        &["root-use (2): The root user of account 111122223333 made 2 calls from 192.0.2.1: ConsoleLogin."],
    );
    let invoked = r#"{"type":"Root","invokedBy":"support.amazonaws.com"}"#;
    check(&[sign_in(1, invoked, "192.0.2.1", "Success", "Yes")], &[]);
}

#[test]
fn failed_sign_ins_in_a_row() {
    let failures = |minutes: &[usize], address: &str| -> Vec<String> {
        minutes.iter().map(|&m| sign_in(m, ALICE, address, "Failure", "No")).collect()
    };
    let found = "repeated-failed-sign-ins (5): 5 console sign-ins failed from 192.0.2.1 for user alice.";
    check(&failures(&[5, 1, 4, 2, 3], "192.0.2.1"), &[found]);
    check(&failures(&[1, 2, 3, 4], "192.0.2.1"), &[]);
    check(&failures(&[1, 2, 3, 4, 12], "192.0.2.1"), &[]);
    // The limit itself is within.
    check(&failures(&[1, 2, 3, 4, 11], "192.0.2.1"), &[found]);
    check(&[failures(&[1, 2, 3], "192.0.2.1"), failures(&[4, 5], "192.0.2.2")].concat(), &[]);
    // Two runs, far apart, are two findings; a longer run is one.
    let six = "repeated-failed-sign-ins (6): 6 console sign-ins failed from 192.0.2.1 for user alice.";
    check(&failures(&[0, 1, 2, 3, 4, 5, 30, 31, 32, 33, 34], "192.0.2.1"), &[six, found]);
}

#[test]
fn a_finding_is_the_same_whatever_the_order_of_the_records() {
    let mut records: Vec<_> = (0..7).map(|m| sign_in(m, ALICE, "192.0.2.1", "Failure", "No")).collect();
    let ids = |records: &[String]| findings(records).into_iter().map(|f| f.id).collect::<Vec<_>>();
    let expected = ids(&records);
    records.reverse();
    assert_eq!(ids(&records), expected);
    assert_eq!(expected.len(), 1);
    records.pop();
    assert_ne!(ids(&records), expected, "other evidence is another finding");
}
