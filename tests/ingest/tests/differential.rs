//! Records as they are written, damaged, and odd on purpose: the fast path must agree with serde_json about each.

// A test that cannot go on is to fail.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use analyzer_core::field::{FIELDS, Place};
use ingest_proof::agree;
use ingest_proof::cut::Random;
use serde_json::value::RawValue;
use std::collections::HashMap;
use trail_generator::{Plan, Story};

/// Records that are read in one file.
const BATCH: usize = 24;

/// The text of generated records, as it stands in their files.
fn generated(count: usize) -> Vec<String> {
    let mut records = Vec::new();
    for file in trail_generator::files(Plan::week(count as u64, 31, Story::Attack)) {
        let document: HashMap<&str, Vec<&RawValue>> = serde_json::from_slice(&file.json).unwrap();
        records.extend(document["Records"].iter().map(|record| record.get().to_owned()));
    }
    assert_eq!(records.len(), count);
    records
}

/// Compares records in batches, and returns how many are events.
fn compare(records: &[impl AsRef<[u8]>]) -> usize {
    let records: Vec<&[u8]> = records.iter().map(AsRef::as_ref).collect();
    records.chunks(BATCH).map(agree).sum()
}

#[test]
fn generated_records() {
    let records = generated(1_200);
    assert_eq!(compare(&records), records.len());
}

#[test]
fn records_with_damaged_bytes() {
    const TELLING: &[u8] = b"\"\\{}[]:, \n0e-.+untrfls\0\x1f\x7f\x80\xc3\xff";
    let mut random = Random(3);
    let damaged: Vec<Vec<u8>> = generated(1_500)
        .into_iter()
        .map(|record| {
            let mut bytes = record.into_bytes();
            for _ in 0..=random.below(2) {
                let at = random.below(bytes.len());
                let byte = if random.below(4) == 0 { random.any() as u8 } else { *random.pick(TELLING) };
                match random.below(4) {
                    0 => bytes.insert(at, byte),
                    1 => drop(bytes.drain(at..(at + 1 + random.below(8)).min(bytes.len()))),
                    _ => bytes[at] = byte,
                }
            }
            bytes
        })
        .collect();
    let events = compare(&damaged);
    // Most edits break a record, and many hit a text in it.
    assert!(events > 200 && events < 1_300, "{events}");
}

/// Values that a field may have against all expectations, as JSON.
fn odd_values() -> Vec<String> {
    let plain = [
        "null",
        "true",
        "false",
        "0",
        "-0",
        "1.50",
        "1E+2",
        "9223372036854775808",
        "-98765432109876543210987654321",
        "1e999",
        "-1e-999",
        "[]",
        "{}",
        "[null, {\"a\" :[1.0,\"b\"]}]",
        r#"{"type":"Root","type":"IAMUser"}"#,
        r#""""#,
        r#""0""#,
        r#""null""#,
        r#""{\"a\":1}""#,
        r#""sixteen bytes it""#,
        r#""seventeen bytes i""#,
        r#""\u00e4\n\/\"\\""#,
        r#""\ud83d\ude00""#,
        r#""\ud800""#,
        r#""x\udc00\u0041\n\"""#,
        r#""a\u0000""#,
        "\"\0\"",
        "\"a\0\"",
        "\"tab\there, break\nthere\"",
        "\"tab\there, \\u00e4 there\"",
        "\"\\ud800 and a tab\t\"",
        "\"\u{7f}\u{80}\u{ffff}\u{10ffff}\"",
        r#""2024-05-06T07:08:09Z""#,
        r#""2024-05-06T07:08:09.123456+05:30""#,
        r#""2024-05-06t07:08:60z""#,
        r#""1714979289""#,
        "1714979289.5",
        // Not JSON at all.
        "",
        "nul",
        "01",
        "1.",
        "+1",
        "'a'",
        r#""\q""#,
        r#""\u12g4""#,
        "[1,]",
        "{\"a\":1,}",
        "\"\u{1}\\x\"",
    ];
    let nested = [126, 127, 128, 129].into_iter().flat_map(|depth| {
        let arrays = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let objects = format!("{}0{}", "{\"a\":".repeat(depth), "}".repeat(depth));
        [arrays, objects]
    });
    plain.into_iter().map(str::to_owned).chain(nested).collect()
}

/// A member with this value, at this path.
fn member(path: &str, value: &str) -> String {
    let mut keys = path.rsplit('.');
    let last = format!("\"{}\":{value}", keys.next().unwrap());
    keys.fold(last, |inner, key| format!("\"{key}\":{{{inner}}}"))
}

/// The record with one more member, as its first and as its last.
fn with_member(record: &str, member: &str) -> [String; 2] {
    let inside = &record[1..record.len() - 1];
    [format!("{{{member},{inside}}}"), format!("{{{inside}, {member} }}")]
}

#[test]
fn every_field_with_odd_values() {
    let records = generated(400);
    let own =
        ["eventTime", "eventID", "managementEvent", "addendum", "userIdentity", "userIdentity.sessionContext", "x"];
    let names = FIELDS.iter().filter(|field| matches!(field.place, Place::Column(_) | Place::Identity(_)));
    let names: Vec<&str> = names.map(|field| field.name).chain(own).collect();
    let mut odd = Vec::new();
    for name in names {
        for value in odd_values() {
            odd.extend(with_member(&records[odd.len() % records.len()], &member(name, &value)));
        }
    }
    assert!(odd.len() > 2_000, "{}", odd.len());
    let events = compare(&odd);
    assert!(events > odd.len() / 2 && events < odd.len() * 9 / 10, "{events} of {}", odd.len());
}

#[test]
fn odd_keys() {
    let members = [
        r#""\u0065ventName":"by an escaped key""#,
        r#""eventName\u0000":"no field""#,
        r#""eventName\ud800":"no field""#,
        r#""event\name":"no JSON""#,
        r#""EVENTNAME":"no field""#,
        r#""eventName" : "by a key with space""#,
        r#""":"""#,
        "\"a\0b\":1",
        "\"\u{1f}\\n\":1",
        r#""eventName":"twice","eventName":"three times""#,
        r#""eventName":"a text","eventName":null"#,
        r#""userIdentity":{"type":"Root"},"userIdentity":"nobody""#,
        r#""userIdentity":{"arn":"one","\u0061rn":"two","arn":null,"arn":"four"}"#,
        r#""userIdentity":{"sessionContext":{"sessionIssuer":{"arn":"x"}},"sessionContext":7}"#,
        r#""userIdentity":{"sessionContext":{"attributes":{"mfaAuthenticated":true},"attributes":[]}}"#,
        r#""userIdentity":{"session\u0043ontext":{"sourceIdentity":"x","\u0073ourceIdentity":"y"}}"#,
        r#""userIdentity":{"type":"IAMUser","type":{"a":1}}"#,
        r#""addendum":{"reason":"DELIVERY_DELAY","originalEventID":"7c1a3f9e-0b52-4e7d-9d7a-0123456789ab"}"#,
        r#"eventName:"no quotes""#,
        r#""eventName""#,
        r#""eventName":"a" "b""#,
        r#",""#,
    ];
    let records = generated(400);
    let odd: Vec<String> =
        members.iter().enumerate().flat_map(|(at, member)| with_member(&records[at], member)).collect();
    compare(&odd);
    let alone: Vec<String> = members.iter().map(|member| format!("{{\"eventVersion\":\"1\",{member}}}")).collect();
    compare(&alone);
}

#[test]
fn what_is_no_record() {
    let texts =
        ["", " ", "1", "null", "\"a\"", "[]", "[{}]", "{}", " { } ", "{\"eventVersion\":null}", "{\"eventTime\":1}"];
    assert_eq!(compare(&texts), 0);
    let texts =
        ["{\"eventVersion\":0}", " {\"eventTime\":\"\",\"eventName\":[]}\n", "{\"eventName\":{},\"eventTime\":{}}"];
    assert_eq!(compare(&texts), 3);
}
