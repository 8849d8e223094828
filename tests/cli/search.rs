//! `trailglass search`, `top`, `timeline`, `pivot` and `fields`, beside what another reader finds in the same records.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use trail_generator::Story;

use crate::summary::events;
use crate::{Folder, plan, sign_in, trailglass};

/// What a query finds, and what must be true of a record for that.
fn check(folder: &Folder, events: &[Value], query: &str, holds: impl Fn(&Value) -> bool) {
    let id = |event: &Value| event["eventID"].as_str().unwrap().to_owned();
    let expected: BTreeSet<String> = events.iter().filter(|event| holds(event)).map(id).collect();
    assert!(!expected.is_empty() && expected.len() < events.len(), "{query} separates nothing");
    for threads in ["1", "3"] {
        let ran = trailglass([
            "search",
            query,
            folder.path().to_str().unwrap(),
            "--limit",
            "0",
            "--format",
            "jsonl",
            "--threads",
            threads,
        ]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let found = ran.lines();
        let times: Vec<_> = found.iter().map(|event| event["eventTime"].as_str().unwrap().to_owned()).collect();
        assert!(times.is_sorted(), "{query}");
        assert_eq!(found.iter().map(id).collect::<BTreeSet<_>>(), expected, "{query}");
        assert_eq!(found.len(), expected.len(), "{query}");
    }
}

#[test]
fn queries_find_what_another_reader_finds() {
    let plan = plan(81, Story::Attack);
    let (events, folder) = (events(plan), Folder::with_trail(plan));
    let check = |query: &str, holds: &dyn Fn(&Value) -> bool| check(&folder, &events, query, holds);
    let newest = events.iter().map(|event| event["eventTime"].as_str().unwrap()).max().unwrap();
    check("eventSource:S3.amazonaws.com AND NOT error:*", &|e| {
        e["eventSource"] == "s3.amazonaws.com" && e["errorCode"].is_null()
    });
    check("name:Get* OR name=ListBuckets", &|e| {
        let name = e["eventName"].as_str().unwrap();
        name.starts_with("Get") || name == "ListBuckets"
    });
    check("requestParameters.bucketName:*", &|e| e["requestParameters"]["bucketName"].is_string());
    check("NOT requestParameters:*", &|e| e["requestParameters"].is_null());
    check("resources.type:AWS::S3::Bucket", &|e| {
        e["resources"].as_array().is_some_and(|all| all.iter().any(|resource| resource["type"] == "AWS::S3::Bucket"))
    });
    check("lambda AND readOnly:true", &|e| {
        e.to_string().to_ascii_lowercase().contains("lambda") && e["readOnly"] == true
    });
    let day = newest[..10].to_owned();
    check(&format!("eventTime >= {day}"), &|e| e["eventTime"].as_str().unwrap() >= day.as_str());
    check("eventTime >= now-1d", &|e| {
        let start = format!("{:02}", newest[8..10].parse::<u32>().unwrap() - 1);
        e["eventTime"].as_str().unwrap() >= [&newest[..8], &start, &newest[10..]].concat().as_str()
    });
}

#[test]
fn records_come_as_they_are_in_the_logs() {
    let folder = Folder::new();
    let records: Vec<String> = (0..5).map(|n| sign_in(n, "alice", "192.0.2.1", "Failure")).collect();
    folder.put("a.json", format!("{{\"Records\":[{}]}}", records[..3].join(",\n")));
    folder.put("b.jsonl", records[3..].join("\n"));
    let ran = folder.run("search", &["--raw", "--newest-first", "--limit", "4", "-q"]);
    // The folder stands where the query does.
    assert_eq!(ran.code, 2);
    let ran =
        trailglass(["search", "Failure", folder.path().to_str().unwrap(), "--raw", "--newest-first", "--limit", "4"]);
    let expected: Vec<&String> = records.iter().rev().take(4).collect();
    assert_eq!(ran.out.lines().collect::<Vec<_>>(), expected);
    assert!(ran.err.contains("5 events match; the first 4 are shown"), "{}", ran.err);
}

#[test]
fn a_query_that_is_not_understood_is_not_asked() {
    let folder = Folder::new();
    folder.put("a.json", sign_in(1, "alice", "192.0.2.1", "Success"));
    let path = folder.path().to_str().unwrap();
    let ran = trailglass(["search", "name:A AND eventTime:soon", path]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("  name:A AND eventTime:soon\n             ^^^"), "{}", ran.err);
    let ran = trailglass(["search", "eventNam:ConsoleLogin", path]);
    assert!(ran.err.contains("did you mean eventName?") && ran.code == 0, "{}", ran.err);
    let ran = trailglass(["search", "user:\u{1b}[31m AND (", path]);
    assert!(!ran.err.contains('\u{1b}') && ran.code == 2, "{}", ran.err);
    let ran = trailglass(["top", "a b", path]);
    assert!(ran.err.contains("not the name of a field: a b") && ran.code == 2, "{}", ran.err);
    let ran = trailglass(["timeline", "--split", "eventTime", path]);
    assert!(ran.err.contains("not a field that can be counted: eventTime") && ran.code == 2, "{}", ran.err);
}

#[test]
fn what_decided_is_explained() {
    let folder = Folder::new();
    folder.put("a.json", sign_in(7, "alice", "192.0.2.1", "Failure"));
    let (path, id) = (folder.path().to_str().unwrap(), "00000000-0000-4000-8000-000000000007");
    let query = "user:alice AND responseElements.ConsoleLogin:Success";
    let ran = trailglass(["search", query, path, "--explain", id, "--format", "json"]);
    let explained = ran.json();
    assert_eq!(explained["matches"], false, "{explained}");
    let tests = explained["tests"].as_array().unwrap();
    assert_eq!(tests.iter().map(|test| test["decided"].as_bool().unwrap()).collect::<Vec<_>>(), [false, true]);
    assert_eq!(tests[1]["values"], serde_json::json!(["Failure"]));
    let ran = trailglass(["search", "", path, "--explain", "nobody"]);
    assert!(ran.code == 2 && ran.err.contains("no event has this id: nobody"), "{}", ran.err);
}

#[test]
fn values_are_counted_as_another_reader_counts_them() {
    let plan = plan(82, Story::Benign);
    let events = events(plan);
    let folder = Folder::with_trail(plan);
    let path = folder.path().to_str().unwrap();
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    let of_s3 = events.iter().filter(|event| event["eventSource"] == "s3.amazonaws.com");
    of_s3.for_each(|event| *counts.entry(event["eventName"].as_str().unwrap()).or_default() += 1);
    let mut expected: Vec<(&str, u64)> = counts.iter().map(|(name, n)| (*name, *n)).collect();
    expected.sort_by_key(|&(name, n)| (std::cmp::Reverse(n), name));
    let ran = trailglass([
        "top",
        "eventName,error",
        path,
        "--query",
        "service:s3.amazonaws.com",
        "--limit",
        "3",
        "--format",
        "json",
    ]);
    let top = ran.json();
    let values: Vec<(&str, u64)> = top["fields"]["eventName"]["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|value| (value["value"].as_str().unwrap(), value["count"].as_u64().unwrap()))
        .collect();
    assert_eq!(values, expected[..3]);
    assert_eq!(top["fields"]["eventName"]["distinct"], expected.len());
    assert_eq!(top["matching"], counts.values().sum::<u64>());

    let ran = trailglass([
        "timeline",
        path,
        "--query",
        "service:s3.amazonaws.com",
        "--split",
        "eventName",
        "--bars",
        "10",
        "--format",
        "json",
    ]);
    let timeline = ran.json();
    let buckets = timeline["buckets"].as_array().unwrap();
    assert!((2..=10).contains(&buckets.len()), "{timeline}");
    let sum = |of: &dyn Fn(&Value) -> u64| buckets.iter().map(of).sum::<u64>();
    assert_eq!(sum(&|bucket| bucket["count"].as_u64().unwrap()), counts.values().sum::<u64>());
    assert_eq!(sum(&|bucket| bucket["values"][expected[0].0].as_u64().unwrap()), expected[0].1);

    let address = events[0]["sourceIPAddress"].as_str().unwrap();
    let ran = trailglass(["pivot", &format!("ip=\"{address}\""), path, "--format", "json"]);
    let of_address = events.iter().filter(|event| event["sourceIPAddress"] == address);
    let times: Vec<&str> = of_address.map(|event| event["eventTime"].as_str().unwrap()).collect();
    let pivot = ran.json();
    assert_eq!(
        (&pivot["matching"], pivot["first"].as_str(), pivot["last"].as_str()),
        (&Value::from(times.len()), times.iter().min().copied(), times.iter().max().copied())
    );
    assert_eq!(pivot["fields"]["sourceIPAddress"]["distinct"], 1);
}

#[test]
fn what_only_records_hold_is_counted_beside_a_column() {
    let plan = plan(85, Story::Benign);
    let (events, folder) = (events(plan), Folder::with_trail(plan));
    let path = folder.path().to_str().unwrap();
    let mut buckets: BTreeMap<&str, u64> = BTreeMap::new();
    let names = events.iter().filter_map(|event| event["requestParameters"]["bucketName"].as_str());
    names.for_each(|name| *buckets.entry(name).or_default() += 1);
    let named: u64 = buckets.values().sum();
    let ran = trailglass(["top", "requestParameters.bucketName,eventName", path, "--limit", "999", "--format", "json"]);
    let fields = &ran.json()["fields"];
    let of_records = &fields["requestParameters.bucketName"];
    for value in of_records["values"].as_array().unwrap() {
        assert_eq!(value["count"], buckets.remove(value["value"].as_str().unwrap()).unwrap());
    }
    assert!(buckets.is_empty(), "{buckets:?}");
    assert_eq!(
        (&of_records["present"], &of_records["missing"]),
        (&named.into(), &(events.len() as u64 - named).into())
    );
    assert_eq!(fields["eventName"]["missing"], 0);
    let ran = trailglass(["top", "eventNam", path]);
    assert!(ran.code == 0 && ran.err.contains("eventName"), "{}", ran.err);
}

#[test]
fn the_minutes_around_an_event_stand_out() {
    let plan = plan(84, Story::Attack);
    let (events, folder) = (events(plan), Folder::with_trail(plan));
    let path = folder.path().to_str().unwrap();
    let event = events.iter().find(|event| event["eventName"] == "ConsoleLogin").unwrap();
    let ms = |event: &Value| analyzer_core::event::parse_time(event["eventTime"].as_str().unwrap()).unwrap();
    let near = |other: &&Value| ms(other).abs_diff(ms(event)) <= 7 * 60_000;
    let count = |field: &str, value: &str, within: &dyn Fn(&&Value) -> bool| {
        events.iter().filter(within).filter(|event| event[field] == value).count() as u64
    };
    let id = event["eventID"].as_str().unwrap();
    let ran = trailglass(["around", id, path, "--minutes", "7", "--format", "json"]);
    let around = ran.json();
    assert_eq!(around["events"], events.iter().filter(near).count());
    let linked = around["linked"].as_array().unwrap();
    let address = event["sourceIPAddress"].as_str().unwrap();
    let link = linked.iter().find(|linked| linked["kind"] == "Address").unwrap();
    assert_eq!((&link["value"], &link["events"]), (&address.into(), &count("sourceIPAddress", address, &near).into()));
    for value in around["fields"]["eventName"].as_array().unwrap() {
        let name = value["value"].as_str().unwrap();
        assert_eq!(value["count"], count("eventName", name, &near), "{name}");
        assert_eq!(value["inAll"], count("eventName", name, &|_| true), "{name}");
        assert!(value["lift"].as_f64().unwrap() > 1.0, "{value}");
    }
    let ran = trailglass(["around", id, path]);
    assert!(ran.out.contains("The event names:") && ran.out.contains('×'), "{}", ran.out);
    let ran = trailglass(["around", "nobody", path]);
    assert!(ran.code == 2 && ran.err.contains("no event has this id: nobody"), "{}", ran.err);
}

#[test]
fn fields_are_those_of_the_page_in_docs() {
    let ran = trailglass(["fields"]);
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/fields.md")).unwrap();
    let lines = ran.out.lines().skip(1).take_while(|line| !line.is_empty());
    let names: Vec<&str> = lines.map(|line| line[3..].split_whitespace().next().unwrap()).collect();
    assert!(names.len() > 50 && names.iter().all(|name| page.contains(&format!("`{name}`"))), "{names:?}");
}
