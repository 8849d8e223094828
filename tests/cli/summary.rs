//! `trailglass summary`: who did what.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;
use trail_generator::{Story, Trail};

use crate::{Folder, plan, sign_in};

/// The events of a trail, each once.
pub fn events(plan: trail_generator::Plan) -> Vec<Value> {
    let mut seen = HashSet::new();
    let mut events = Vec::new();
    for file in trail_generator::files(plan) {
        let mut document: Value = serde_json::from_slice(&file.json).unwrap();
        let Some(Value::Array(records)) = document.get_mut("Records").map(Value::take) else { panic!("no records") };
        events.extend(records.into_iter().filter(|record| seen.insert(record["eventID"].to_string())));
    }
    events
}

fn count(principals: &[Value], name: &str) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for pair in principals.iter().flat_map(|principal| principal[name].as_array().unwrap()) {
        *counts.entry(pair["value"].as_str().unwrap().to_owned()).or_default() += pair["count"].as_u64().unwrap();
    }
    counts
}

#[test]
fn it_counts_what_another_reader_counts() {
    let plan = plan(71, Story::Attack);
    let events = events(plan);
    let ran = Folder::with_trail(plan).run("summary", &["--format", "jsonl"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let principals = ran.lines();
    let sum = |name: &str| principals.iter().map(|principal| principal[name].as_u64().unwrap()).sum::<u64>();
    assert_eq!(sum("calls"), events.len() as u64);
    assert_eq!(sum("errors"), events.iter().filter(|event| event["errorCode"].is_string()).count() as u64);
    for (name, field) in [("services", "eventSource"), ("regions", "awsRegion"), ("addresses", "sourceIPAddress")] {
        let mut expected: BTreeMap<String, u64> = BTreeMap::new();
        for event in &events {
            *expected.entry(event[field].as_str().unwrap().to_owned()).or_default() += 1;
        }
        assert_eq!(count(&principals, name), expected, "{name}");
    }
}

#[test]
fn people_and_machines_are_told_apart() {
    let plan = plan(72, Story::Attack);
    let attack = Trail::new(plan).attack().unwrap();
    let principals = Folder::with_trail(plan).run("summary", &["--format", "jsonl"]).lines();
    let of = |kind: &str, label: &str| {
        let matches = |p: &&Value| p["type"] == kind && p["principal"].as_str().unwrap().contains(label);
        principals.iter().filter(matches).count()
    };
    assert_eq!(of("Root", "root"), 1, "{principals:#?}");
    assert_eq!(of("IAMUser", trail_generator::story::BACKDOOR_USER), 1);
    assert!(of("IAMUser", &attack.user) >= 1);
    assert!(of("AssumedRole", "") > 20 && of("AWSService", "amazonaws.com") > 3);
    // Most calls first.
    let calls: Vec<u64> = principals.iter().map(|principal| principal["calls"].as_u64().unwrap()).collect();
    assert!(calls.iter().rev().is_sorted());
}

#[test]
fn what_people_read() {
    let folder = Folder::new();
    let records = [
        sign_in(1, "alice", "192.0.2.1", "Success"),
        sign_in(2, "alice", "192.0.2.9", "Success"),
        sign_in(75, "bob", "192.0.2.2", "Failure"),
    ];
    folder.put("log.json", fixtures::document(&records));
    insta::assert_snapshot!(folder.run("summary", &["--quiet"]).out, @r"
    Principal  Type     Account       Calls  Errors  Services  First (UTC)           Last (UTC)            Addresses
    alice      IAMUser  111122223333      2       0         1  2024-05-06T10:00:01Z  2024-05-06T10:00:02Z  192.0.2.1, 192.0.2.9
    bob        IAMUser  111122223333      1       0         1  2024-05-06T10:01:15Z  2024-05-06T10:01:15Z  192.0.2.2
    ");
    insta::assert_snapshot!(folder.run("scan", &["--quiet"]).out, @r"
    MEDIUM         One user signed in from two addresses
        2 different values of sourceIPAddress within 30 minutes for userIdentity.arn (none), userIdentity.principalId AIDA.
        2 events, 2024-05-06T10:00:01Z – 2024-05-06T10:00:02Z
        userIdentity.arn: –
        userIdentity.principalId: AIDA
        ATT&CK: TA0001, T1078.004
        first event: 00000000-0000-4000-8000-000000000001
        sign-ins-from-two-addresses, finding 464ec4f532f1562a1081bb3c6da6f54b

    MEDIUM         Console sign-in without MFA
        alice made 2 calls from 2 addresses: ConsoleLogin.
        2 events, 2024-05-06T10:00:01Z – 2024-05-06T10:00:02Z
        principal: alice
        recipientAccountId: 111122223333
        ATT&CK: TA0001, T1078.004
        first event: 00000000-0000-4000-8000-000000000001
        console-sign-in-without-mfa, finding 98e7d437e8675ca8c3c3274b3c79259f
    ");
}
