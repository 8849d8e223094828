//! `trailglass export`: its forms, and that a redacted export has nothing of what identifies.

use std::collections::BTreeSet;
use std::net::IpAddr;

use aho_corasick::AhoCorasick;
use serde_json::Value;
use trail_generator::Story;

use crate::summary::events;
use crate::{Folder, Ran, plan, trailglass};

const FORMS: [&str; 6] = ["csv", "jsonl", "markdown", "timesketch", "records", "record-lines"];

/// Exports with these arguments.
fn export(folder: &Folder, query: &str, arguments: &[&str]) -> Ran {
    let path = folder.path().to_str().unwrap();
    trailglass(["export", query, path].into_iter().chain(arguments.iter().copied()))
}

#[test]
fn every_form_has_the_events_in_time_order() {
    let plan = plan(91, Story::Attack);
    let mut events = events(plan);
    events.retain(|event| event["eventSource"] == "iam.amazonaws.com");
    events.sort_by_key(|event| (event["eventTime"].to_string(), event["eventID"].to_string()));
    let folder = Folder::with_trail(plan);
    let run = |form: &str| {
        let one = export(&folder, "source:iam.amazonaws.com", &["--format", form, "--threads", "1"]);
        let more = export(&folder, "source:iam.amazonaws.com", &["--format", form, "--threads", "3"]);
        assert_eq!((one.code, &one.out), (0, &more.out), "{form}: {}", one.err);
        assert!(one.err.contains(&format!("{} events are written.", events.len())), "{}", one.err);
        one
    };
    let lines = run("jsonl").lines();
    assert_eq!(lines.len(), events.len());
    for (line, event) in lines.iter().zip(&events) {
        for name in ["eventTime", "eventName", "eventSource", "awsRegion", "sourceIPAddress", "userAgent", "eventID"] {
            assert_eq!(line[name], event[name], "{event}");
        }
    }
    assert_eq!(run("record-lines").lines(), events);
    assert_eq!(run("records").json()["Records"], Value::from(events.clone()));
    let csv = run("csv").out;
    assert!(csv.starts_with(
        "eventTime,eventName,eventSource,principal,sourceIPAddress,awsRegion,errorCode,userAgent,eventID\r\n"
    ));
    assert_eq!(csv.matches("\r\n").count(), events.len() + 1);
    let markdown = run("markdown").out;
    assert_eq!(markdown.lines().count(), events.len() + 2);
    let timesketch = run("timesketch").out;
    assert!(timesketch.starts_with("message,datetime,timestamp_desc,eventTime,"), "{timesketch}");
    assert_eq!(timesketch.matches(",\"Event Logged\",").count(), events.len());
}

#[test]
fn fields_of_records_are_read_again() {
    let plan = plan(92, Story::Benign);
    let events = events(plan);
    let folder = Folder::with_trail(plan);
    let fields = "eventID,requestParameters.bucketName,resources.type";
    let ran = export(&folder, "requestParameters.bucketName:*", &["--format", "jsonl", "--fields", fields]);
    let lines = ran.lines();
    assert!(!lines.is_empty() && ran.code == 0, "{}", ran.err);
    for line in lines {
        let event = events.iter().find(|event| event["eventID"] == line["eventID"]).unwrap();
        assert_eq!(line["requestParameters.bucketName"], event["requestParameters"]["bucketName"]);
        let types: Vec<Value> =
            event["resources"].as_array().into_iter().flatten().map(|r| r["type"].clone()).collect();
        let expected = if types.len() == 1 { types[0].clone() } else { Value::from(types) };
        assert!(
            line["resources.type"] == expected
                || line["resources.type"].is_null() && expected == Value::from(vec![0; 0])
        );
    }
}

/// What identifies in a record, found by what it looks like and by the keys that it stands under.
fn identities(value: &Value, key: &str, found: &mut BTreeSet<String>) {
    const NAMES: [&str; 12] = [
        "userName",
        "bucketName",
        "roleName",
        "groupName",
        "roleSessionName",
        "instanceId",
        "keyName",
        "functionName",
        "tableName",
        "sourceIdentity",
        "secretId",
        "publicKeyId",
    ];
    match value {
        Value::Object(members) => members.iter().for_each(|(key, member)| identities(member, key, found)),
        Value::Array(items) => items.iter().for_each(|item| identities(item, key, found)),
        Value::Number(number) if number.to_string().len() == 12 => _ = found.insert(number.to_string()),
        Value::String(text) => {
            if let Ok(nested @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(text) {
                return identities(&nested, key, found);
            }
            let is_id = |text: &str| {
                let starts = ["AKIA", "ASIA", "AROA", "AIDA"].iter().any(|prefix| text.starts_with(prefix));
                starts && text.len() >= 16 || text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
            };
            // Parts of texts, too: a message has ARNs and names in it.
            for part in
                text.split(|c: char| !c.is_alphanumeric() && !"._-@:".contains(c)).flat_map(|part| part.split(':'))
            {
                let address = part.parse::<IpAddr>().is_ok_and(|address| !address.is_unspecified());
                if is_id(part) || address {
                    found.insert(part.to_owned());
                }
            }
            if text.starts_with("arn:") && !text.contains("::aws:") {
                found.insert(text.clone());
                let resource = text.splitn(6, ':').nth(5).unwrap_or_default();
                let names = resource.split(['/', ':']).skip(usize::from(resource.contains(['/', ':'])));
                found.extend(names.filter(|name| !matches!(*name, "" | "*" | "root")).map(str::to_owned));
            }
            if text.parse::<IpAddr>().is_ok_and(|address| !address.is_unspecified()) || NAMES.contains(&key) {
                found.insert(text.clone());
            }
            if key == "principalId" {
                found.extend(text.split(':').map(str::to_owned));
            }
        }
        _ => {}
    }
}

/// The values that a text has in it where no other letters or digits touch them.
fn left<'v>(values: &'v [String], all: &AhoCorasick, text: &str) -> BTreeSet<&'v str> {
    let touches = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    all.find_overlapping_iter(text)
        .filter(|found| !touches(text[..found.start()].chars().next_back()))
        .filter(|found| !touches(text[found.end()..].chars().next()))
        .map(|found| values[found.pattern().as_usize()].as_str())
        .collect()
}

/// Parts of ARNs that AWS says, too: keys of requests, kinds of resources, services.
const WORDS: [&str; 10] = ["access-analyzer", "api", "aws", "data", "db", "events", "id", "metrics", "root", "uploads"];

/// Whether a part of an ARN says nothing of who it belongs to: a small number, a service, a region.
fn is_anyones(part: &str) -> bool {
    let is_number = part.len() < 8 && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_service = part.ends_with(".amazonaws.com") && part.matches('.').count() == 2;
    is_number || is_service || WORDS.contains(&part) || ["eu-west-1", "securityhub"].contains(&part)
}

/// Exports in all forms have none of the identities.
fn assert_redacted(folder: &Folder, events: &[Value]) {
    let mut found = BTreeSet::new();
    events.iter().for_each(|event| identities(event, "", &mut found));
    found.retain(|identity| !identity.is_empty() && !is_anyones(identity));
    let found: Vec<String> = found.into_iter().collect();
    assert!(found.len() > 1_000, "{}", found.len());
    let all = AhoCorasick::new(&found).unwrap();
    let fields = analyzer_core::field::FIELDS.iter().map(|field| field.name).collect::<Vec<_>>().join(",");
    let key = folder.path().join("key.secret");
    std::fs::write(&key, "a secret of sixteen bytes or more").unwrap();
    for form in FORMS {
        let mut arguments = vec!["--format", form, "--redact", "--redact-key", key.to_str().unwrap()];
        if !form.starts_with("record") {
            arguments.extend(["--fields", &fields]);
        }
        let ran = export(folder, "", &arguments);
        assert!(ran.err.contains(&format!("{} event", grouped(events.len()))), "{}", ran.err);
        assert_eq!(left(&found, &all, &ran.out), BTreeSet::new(), "{form}");
    }
}

fn grouped(number: usize) -> String {
    if number < 1_000 { number.to_string() } else { format!("{},{:03}", number / 1_000, number % 1_000) }
}

#[test]
fn a_redacted_export_has_nothing_of_an_identity() {
    let plan = plan(93, Story::Attack);
    assert_redacted(&Folder::with_trail(plan), &events(plan));
}
