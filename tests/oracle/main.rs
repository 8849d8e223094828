//! A second way to the same answers: every field of every event, and what a query selects, as serde_json and a naive
//! evaluator see it. The fast path of the core must agree.

// A test that cannot go on is to fail.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod queries;

use analyzer_core::event::{EventRow, parse_time};
use analyzer_core::field;
use analyzer_core::predicate::parse;
use analyzer_core::session::{Among, Session};
use serde_json::Value;
use std::collections::BTreeMap;
use trail_generator::{Plan, Story, gzip};

/// Distinct events of a generated trail as serde_json reads them, by id, and the session that read the same files.
fn load() -> (BTreeMap<String, Value>, Session) {
    let mut events = BTreeMap::new();
    let mut session = Session::new(Vec::new(), 5);
    for (ordinal, file) in (0..).zip(trail_generator::files(Plan::week(6_000, 23, Story::Attack))) {
        let document: Value = serde_json::from_slice(&file.json).unwrap();
        for record in document["Records"].as_array().unwrap() {
            events.insert(record["eventID"].as_str().unwrap().to_owned(), record.clone());
        }
        let mut intake = session.open(ordinal, file.path);
        gzip(&file.json).chunks(10_007).for_each(|piece| session.push(&mut intake, piece));
        assert!(session.close(intake, None).iter().all(|account| account.is_clean()));
    }
    (events, session)
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

fn all_rows(session: &mut Session, query: &str) -> Vec<EventRow> {
    let parsed = parse(query, None);
    assert_eq!(parsed.problems, [], "{query}");
    session.set_query(parsed.predicate);
    session.rows(0..u64::MAX)
}

#[test]
fn every_column_is_what_serde_reads() {
    let (events, mut session) = load();
    let rows = all_rows(&mut session, "");
    assert_eq!(rows.len(), events.len());
    for row in rows {
        let event = &events[&row.event_id];
        let identity = &event["userIdentity"];
        let account = text(&event["recipientAccountId"]).or_else(|| text(&identity["accountId"]));
        assert_eq!(row.time_ms, event["eventTime"].as_str().and_then(parse_time), "{event}");
        assert_eq!(row.event_name, text(&event["eventName"]), "{event}");
        assert_eq!(row.event_source, text(&event["eventSource"]), "{event}");
        assert_eq!(row.region, text(&event["awsRegion"]), "{event}");
        assert_eq!(row.source_address, text(&event["sourceIPAddress"]), "{event}");
        assert_eq!(row.user_agent, text(&event["userAgent"]), "{event}");
        assert_eq!(row.error_code, text(&event["errorCode"]), "{event}");
        assert_eq!(row.account, account, "{event}");
    }
}

#[test]
fn facets_count_what_serde_reads() {
    let (events, mut session) = load();
    for name in ["eventName", "readOnly", "eventVersion", "userIdentity.type", "userIdentity.arn", "errorMessage"] {
        let mut expected: BTreeMap<String, u64> = BTreeMap::new();
        let mut missing = 0;
        for event in events.values() {
            let value = name.split('.').fold(event, |value, key| &value[key]);
            match text(value) {
                Some(value) => *expected.entry(value).or_default() += 1,
                None => missing += 1,
            }
        }
        let top = session.tops(&Among::Matching, &[field::find(name).unwrap()], None, usize::MAX).remove(0);
        assert_eq!(top.missing, missing, "{name}");
        assert_eq!(top.values.into_iter().collect::<BTreeMap<_, _>>(), expected, "{name}");
    }
}

/// The ids that a query selects, and those for which `holds` does, must be the same.
fn check(events: &BTreeMap<String, Value>, session: &mut Session, query: &str, holds: impl Fn(&Value) -> bool) {
    let mut found: Vec<_> = all_rows(session, query).into_iter().map(|row| row.event_id).collect();
    found.sort_unstable();
    let expected: Vec<_> = events.iter().filter(|(_, event)| holds(event)).map(|(id, _)| id.clone()).collect();
    assert!(!expected.is_empty() && expected.len() < events.len(), "{query} decides nothing");
    assert_eq!(found, expected, "{query}");
}

#[test]
fn queries_select_what_a_naive_evaluator_does() {
    let (events, mut session) = load();
    let mut check = |query: &str, holds: &dyn Fn(&Value) -> bool| check(&events, &mut session, query, holds);
    check("eventName:consolelogin", &|e| e["eventName"] == "ConsoleLogin");
    check("errorCode:*", &|e| e["errorCode"].is_string());
    check("NOT errorCode:*", &|e| !e["errorCode"].is_string());
    check("name:Get* AND NOT region:us-east-1", &|e| {
        e["eventName"].as_str().unwrap().starts_with("Get") && e["awsRegion"] != "us-east-1"
    });
    check("source:*s3* OR readOnly:false", &|e| {
        e["eventSource"].as_str().unwrap().contains("s3") || e["readOnly"] == false
    });
    check("identityType:Root", &|e| e["userIdentity"]["type"] == "Root");
    check("mfa:true", &|e| e["userIdentity"]["sessionContext"]["attributes"]["mfaAuthenticated"] == "true");
    check("eventTime >= 2024-05-08 AND eventTime < 2024-05-09", &|e| {
        e["eventTime"].as_str().unwrap().starts_with("2024-05-08")
    });
}
