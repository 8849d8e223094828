//! Where RSigma and we do not agree, each with what both say. `docs/sigma.md` says why; this is its table, tried.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use serde_json::{Value, json};
use sigma_proof::engines::{When, our_groups, ours, their_groups, theirs};

/// Who selects an event.
#[derive(Debug, PartialEq)]
enum Who {
    We,
    They,
    /// They refuse the rule.
    WeButTheyRefuse,
}

fn event(record: &Value) -> Value {
    let mut event = json!({ "eventVersion": "1.08", "eventID": "e1", "eventTime": "2024-05-06T10:00:00Z" });
    event.as_object_mut().unwrap().extend(record.as_object().unwrap().clone());
    event
}

fn check(detection: &str, record: Value, expected: Who) {
    let yaml = format!("title: t\nid: r1\ndetection: {detection}");
    let events = [event(&record)];
    let selects = |verdicts: &Result<sigma_proof::engines::Verdicts, String>| {
        verdicts.as_ref().is_ok_and(|verdicts| !verdicts["r1"].is_empty())
    };
    let (ours, theirs) = (ours(&yaml, &events), theirs(&yaml, &events));
    let found = match (selects(&ours), selects(&theirs)) {
        (true, false) if theirs.is_err() => Who::WeButTheyRefuse,
        (true, false) => Who::We,
        (false, true) => Who::They,
        same => panic!("{detection} {record}: {same:?} {ours:?} {theirs:?}"),
    };
    assert_eq!(found, expected, "{detection} {record}: {ours:?} {theirs:?}");
}

/// A field of the request and a value of it.
fn item(item: &str, value: Value, expected: Who) {
    check(&format!("{{s: {{{item}}}, condition: s}}"), json!({ "requestParameters": { "f": value } }), expected);
}

#[test]
fn fields_and_what_they_hold() {
    check("{s: {requestParameters.f.g: x}, condition: s}", json!({ "requestParameters.f.g": "x" }), Who::They);
    item("'requestParameters.f|exists': true", Value::Null, Who::We);
    item("'requestParameters.missing|neq': x", json!("y"), Who::We);
    item("requestParameters.f: null", json!([]), Who::We);
    item("requestParameters.f: null", json!([null]), Who::We);
    item("'requestParameters.f|contains': bucket", json!({ "bucket": 1 }), Who::We);
    check("{s: {eventCategory: Management}, condition: s}", json!({}), Who::We);
    check("{s: {'sourceIPAddress|cidr': '::/0'}, condition: s}", json!({ "sourceIPAddress": "192.0.2.1" }), Who::We);
}

#[test]
fn texts_and_numbers() {
    item("requestParameters.f: \u{c4}", json!("\u{e4}"), Who::They);
    item("requestParameters.f: 'a*b'", json!("a\nb"), Who::We);
    item("'requestParameters.f|startswith': 'a*c'", json!("abcd"), Who::We);
    item("'requestParameters.f|endswith': 'b*d'", json!("abcd"), Who::We);
    item("requestParameters.f: true", json!("yes"), Who::They);
    item("requestParameters.f: true", json!("1"), Who::They);
    item("requestParameters.f: 5", json!("05"), Who::They);
    item("requestParameters.f: 5", json!(5.0), Who::They);
}

#[test]
fn modifiers() {
    item("'requestParameters.f|base64offset': foo", json!("eGZvbw=="), Who::They);
    item("'requestParameters.f|base64offset|contains': foo", json!("eGZvb2Jhcg=="), Who::We);
    item("'requestParameters.f|windash': a-b", json!("a/b"), Who::They);
    item("'requestParameters.f|windash': /x", json!("-x"), Who::We);
    item("'requestParameters.f|wide': ab", json!("ab"), Who::They);
    item("'requestParameters.f|hour|gte': 5", json!("2024-05-06T10:00:00Z"), Who::WeButTheyRefuse);
    item("'requestParameters.f|contains|all': [b]", json!("abc"), Who::WeButTheyRefuse);
    item("requestParameters.missing: [null, x]", json!("y"), Who::We);
    check(
        "{s: {'eventName|expand': '%awsRegion%'}, condition: s}",
        json!({ "eventName": "x", "awsRegion": "x" }),
        Who::They,
    );
}

#[test]
fn keywords() {
    let record = json!({ "eventName": "one two", "userAgent": "three", "requestParameters": { "n": 4625 } });
    check("{s: [4625], condition: s}", record.clone(), Who::We);
    check("{s: {'|all': [one, two]}, condition: s}", record.clone(), Who::We);
    check("{s: {'|contains|all': [one, three]}, condition: s}", record, Who::We);
}

/// Whether our engine finds a group in these events, and whether RSigma's does.
fn together(rules: &str, events: &[(i64, Value)]) -> (bool, bool) {
    let base = "title: A\nid: a1\nname: a\ndetection: {s: {eventName: [A, AB]}, condition: s}\n---\n\
        title: B\nid: b1\nname: b\ndetection: {s: {eventName: [B, AB]}, condition: s}\n---\n";
    let yaml = format!("{base}title: Together\nid: d1\ncorrelation: {rules}");
    let timed = |(at, (seconds, record)): (usize, &(i64, Value))| {
        let mut event = event(record);
        event["eventID"] = format!("e{at}").into();
        event["eventTime"] = format!("2024-05-06T10:{:02}:{:02}Z", seconds / 60, seconds % 60).into();
        (1_714_989_600 + seconds, event)
    };
    let events: Vec<(i64, Value)> = events.iter().enumerate().map(timed).collect();
    let records: Vec<Value> = events.iter().map(|(_, event)| event.clone()).collect();
    let ours = our_groups(&yaml, &records, "Together").unwrap();
    let theirs = their_groups(&yaml, &events, "Together", When::Ever).unwrap();
    (!ours.is_empty(), !theirs.is_empty())
}

#[test]
fn correlations() {
    let named =
        |seconds: i64, name: &str, n: Value| (seconds, json!({ "eventName": name, "requestParameters": { "n": n } }));
    let (we, they) = ((true, false), (false, true));
    let a = |seconds: i64, n: Value| named(seconds, "A", n);
    assert_eq!(together("{type: temporal, rules: [a, b], timespan: 5m}", &[a(0, json!(1))]), they);
    let n = "condition: {FIELD, field: requestParameters.n}";
    let with = |kind: &str, condition: &str| {
        format!("{{type: {kind}, rules: [a, b], timespan: 5m, {}}}", n.replace("FIELD", condition))
    };
    assert_eq!(
        together("{type: event_count, rules: [a, b], timespan: 5m, condition: {gte: 2}}", &[named(0, "AB", json!(1))]),
        they
    );
    assert_eq!(
        together(
            "{type: event_count, rules: [a, b], timespan: 5m, condition: {lt: 2}}",
            &[a(0, json!(1)), a(9, json!(1))]
        ),
        they
    );
    assert_eq!(together(&with("value_avg", "gt: 5"), &[a(0, json!(9)), a(9, json!(0))]), they);
    assert_eq!(together(&with("value_sum", "lt: 5"), &[a(0, json!("x"))]), they);
    assert_eq!(together(&with("value_percentile", "gt: 5, percentile: 50"), &[a(0, json!(1))]), they);
    let rare: Vec<_> = (0..100).map(|second| a(second, json!(if second == 50 { "rare" } else { "usual" }))).collect();
    assert_eq!(together(&with("value_percentile", "lte: 1"), &rare), we);
}
