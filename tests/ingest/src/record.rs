//! Records by the core's fast path, and by serde_json: both must agree.

use crate::cut::at_random;
use crate::oracle;
use crate::reading::{Reading, check};
use analyzer_core::event::{EventRow, Form};
use analyzer_core::field::FIELDS;
use analyzer_core::session::Among;
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};

/// A record of an ordinary kind, so that what the reader remembers of it meets the one in question.
const ORDINARY: &str = concat!(
    r#"{"eventVersion":"1.08","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/alice","#,
    r#""accountId":"111122223333","userName":"alice"},"eventTime":"2024-05-06T07:08:09Z","#,
    r#""eventSource":"iam.amazonaws.com","eventName":"ListUsers","awsRegion":"us-east-1","#,
    r#""sourceIPAddress":"198.51.100.7","userAgent":"aws-cli/2.15.0","eventID":"#,
    r#""7c1a3f9e-0b52-4e7d-9d7a-0123456789ab","readOnly":true}"#
);

/// One record, alone and between others.
pub fn record(data: &[u8]) {
    let again = ORDINARY.replace("7c1a", "8d2b");
    agree(&[ORDINARY.as_bytes(), data, again.as_bytes()]);
}

/// Whether a record is kept, and all that is kept of it, is what serde_json says of the same bytes.
///
/// Returns how many of the records are events.
pub fn agree(records: &[&[u8]]) -> usize {
    let events: Vec<(&[u8], Value)> = records.iter().filter_map(|bytes| Some((*bytes, alone(bytes)?))).collect();
    let count = events.len();
    together(events);
    count
}

/// Reads one record, the only one of a trail file. Returns its value if it is an event.
fn alone(bytes: &[u8]) -> Option<Value> {
    let text = [br#"{"Records":["#, bytes, b"]}"].concat();
    let value = oracle::read(bytes);
    for pieces in [vec![text.as_slice()], at_random(&text, u64::from(crc32fast::hash(bytes)))] {
        let reading = Reading::of(&pieces);
        check(&reading, &text);
        let account = &reading.accounts[0];
        let is_clean = account.faults.is_empty();
        let trimmed = bytes.trim_ascii();
        let whole = reading.rows.iter().filter_map(|row| reading.session.locate(&row.event_id)).any(|place| {
            let is_here = place.offset == 12 + (bytes.len() - bytes.trim_ascii_start().len()) as u64;
            place.form == Form::Record && is_here && place.length as usize == trimmed.len()
        });
        match &value {
            Some(value) if oracle::is_event(value) => {
                assert!(whole && is_clean && (account.seen, account.kept) == (1, 1), "{account:?}\n{value}");
            }
            // What it holds inside may be an event, or was rejected.
            Some(value) => assert!(!whole, "no event was kept: {value}"),
            None => assert!(!whole, "{account:?} kept {}", String::from_utf8_lossy(bytes)),
        }
    }
    value.filter(oracle::is_event)
}

/// Reads events of one trail file. Each column must hold the same values, each as often.
fn together(mut events: Vec<(&[u8], Value)>) {
    events.retain(|(bytes, value)| is_plain(bytes, value));
    let records: Vec<&[u8]> = events.iter().map(|(bytes, _)| *bytes).collect();
    let text = [br#"{"Records":["#, records.join(&b","[..]).as_slice(), b"]}"].concat();
    let live = live(&events);
    for pieces in [vec![text.as_slice()], at_random(&text, events.len() as u64)] {
        let mut reading = Reading::of(&pieces);
        let account = &reading.accounts[0];
        assert!(account.is_clean() || events.is_empty(), "{account:?}");
        let duplicate = (events.len() - live.len()) as u64;
        assert_eq!((account.kept, account.duplicate), (live.len() as u64, duplicate), "{}", show(&text));
        let expected = sorted(live.iter().map(|(bytes, value)| oracle::row(value, bytes)).collect());
        for (found, expected) in sorted(std::mem::take(&mut reading.rows)).iter().zip(&expected) {
            assert_eq!(found, expected);
        }
        // Time and id are compared in the rows.
        for field in FIELDS.iter().filter(|field| field.is_counted()) {
            let mut expected: BTreeMap<Option<String>, u64> = BTreeMap::new();
            for (_, value) in &live {
                *expected.entry(oracle::field(value, field.name).map(oracle::canonical)).or_default() += 1;
            }
            let top = reading.session.tops(&Among::Matching, &[field], None, usize::MAX).remove(0);
            let mut found: BTreeMap<Option<String>, u64> = BTreeMap::new();
            top.values.into_iter().for_each(|(v, n)| *found.entry(Some(oracle::canonical(v))).or_default() += n);
            found.extend((top.missing > 0).then_some((None, top.missing)));
            assert_eq!(found, expected, "{} of {}", field.name, show(&text));
        }
    }
}

/// Whether all that is asked of an event can be told by its value alone.
fn is_plain(bytes: &[u8], value: &Value) -> bool {
    let is_container = |value: &Value| value.is_object() || value.is_array();
    // Two names of one field: the last in the record counts, and a value has no order of keys that come twice.
    let two_ids = !value["eventID"].is_null() && value.get("eventId").is_some();
    // How an id that is no text is written makes it another id.
    let odd_id = is_container(&value["eventID"]) || is_container(&value["eventId"]);
    // Aggregated events have their time elsewhere.
    let two_times = value["eventTime"].is_null() && !value["timeWindow"].is_null();
    // An addendum is read by serde_json itself, which is not lenient.
    let odd_addendum = !value["addendum"].is_null() && serde_json::from_slice::<Value>(bytes).is_err();
    !two_ids && !odd_id && !two_times && !odd_addendum
}

/// The events that count: an id counts once, and an addendum stands in the place of the event that it names.
fn live<'e, 'b>(events: &'e [(&'b [u8], Value)]) -> Vec<&'e (&'b [u8], Value)> {
    let (mut live, mut seen, mut replaced) = (Vec::<&(&[u8], Value)>::new(), HashSet::new(), HashSet::new());
    for event in events {
        let own = oracle::own_id(&event.1);
        if own.as_ref().is_some_and(|id| replaced.contains(id) || !seen.insert(id.clone())) {
            continue;
        }
        live.push(event);
        let original = event.1["addendum"]["originalEventID"].as_str().filter(|id| !id.is_empty());
        if let Some(original) = original.map(str::to_owned).filter(|original| own.as_ref() != Some(original)) {
            live.retain(|(_, earlier)| oracle::own_id(earlier).as_ref() != Some(&original));
            replaced.insert(original);
        }
    }
    live
}

/// Rows in an order that does not depend on how they were read, in the one form in which they can be compared.
fn sorted(mut rows: Vec<EventRow>) -> Vec<EventRow> {
    for row in &mut rows {
        row.event_id = oracle::canonical(std::mem::take(&mut row.event_id));
        let EventRow { event_name, event_source, region, source_address, user_agent, error_code, account, .. } = row;
        for text in [event_name, event_source, region, source_address, user_agent, error_code, account] {
            *text = text.take().map(oracle::canonical);
        }
    }
    rows.sort_by_cached_key(|row| format!("{row:?}"));
    rows
}

fn show(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    text.chars().take(4_000).collect()
}
