//! A record as serde_json reads it: the second way to every answer.
//!
//! The core is more lenient than serde_json, on purpose and in three ways only, and each of them is one step of
//! [`read`]:
//!
//! - A raw control character in a string stands for itself.
//! - A string with a lone surrogate has no text: its escapes are shown as they stand.
//! - Numbers may be of any size: they are shown as they stand.
//!
//! Values may nest 128 deep in a record, in serde_json as a rule only 126.

use analyzer_core::event::{EventId, EventRow};
use analyzer_core::identity::Principal;
use serde::Deserialize as _;
use serde::de::IgnoredAny;
use serde_json::{Deserializer, Value, json};
use std::fmt::Write as _;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// How deep the values of a record may nest; the record itself is one level more.
const MAX_DEPTH: usize = 128;

/// A number is an object with this key, and its digits as they stand.
const NUMBER: &str = "\0number";

/// The value of a JSON text; nothing if it is malformed.
pub fn read(text: &[u8]) -> Option<Value> {
    let text = tolerant(std::str::from_utf8(text).ok()?)?;
    let mut deserializer = Deserializer::from_str(&text);
    deserializer.disable_recursion_limit();
    let value = Value::deserialize(&mut deserializer).ok()?;
    deserializer.end().ok()?;
    Some(value)
}

/// The same JSON in words that serde_json can hold; nothing if it nests too deep. What is broken stays broken.
fn tolerant(text: &str) -> Option<String> {
    let mut out = String::new();
    let (mut rest, mut depth) = (text, 0);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string_length(rest),
            '-' | '0'..='9' => rest.find(|c: char| !c.is_ascii_digit() && !"+-.eE".contains(c)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (token, behind) = rest.split_at(length);
        rest = behind;
        match first {
            '"' => out.push_str(&tolerant_string(token)),
            '-' | '0'..='9' if serde_json::from_str::<IgnoredAny>(token).is_ok() => {
                let _ = write!(out, "{}", json!({ NUMBER: token }));
            }
            _ => out.push_str(token),
        }
        depth = match first {
            '{' | '[' => depth + 1,
            '}' | ']' => usize::saturating_sub(depth, 1),
            _ => depth,
        };
        if depth > MAX_DEPTH + 1 {
            return None;
        }
    }
    Some(out)
}

/// The length of the string at the start, up to its closing quote or the end.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            b'"' if !escaped => return at + 1,
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

fn tolerant_string(token: &str) -> String {
    let (mut plain, mut escaped) = (String::new(), false);
    for c in token.chars() {
        if c < ' ' && !escaped {
            let _ = write!(plain, "\\u{:04x}", c as u32);
        } else {
            plain.push(c);
        }
        escaped = c == '\\' && !escaped;
    }
    let is_well_formed = serde_json::from_str::<IgnoredAny>(&plain).is_ok();
    if is_well_formed && serde_json::from_str::<String>(&plain).is_err() {
        return json!(token[1..token.len() - 1]).to_string();
    }
    plain
}

/// Whether the value has the fields that make an event.
pub fn is_event(record: &Value) -> bool {
    let has = |key: &str| !record[key].is_null();
    record.is_object() && (has("eventVersion") || has("eventTime") && has("eventName"))
}

/// What a value says: a string its text, everything else its JSON, null nothing.
pub fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(number(other).map_or_else(|| other.to_string(), str::to_owned)),
    }
}

fn number(value: &Value) -> Option<&str> {
    value.get(NUMBER)?.as_str()
}

/// A text in the one form in which two ways of writing the same object or array are equal.
pub fn canonical(text: String) -> String {
    let value = text.starts_with(['{', '[']).then(|| read(text.as_bytes())).flatten();
    value.map_or(text, |value| value.to_string())
}

/// The text of the record's own id, if it has one.
pub fn own_id(record: &Value) -> Option<String> {
    // Aggregated events spell it with a small d.
    let key = if record["eventID"].is_null() { "eventId" } else { "eventID" };
    text(&record[key]).filter(|id| !id.is_empty())
}

/// The id that an event has: its own, or one that is made from its bytes.
pub fn event_id(record: &Value, bytes: &[u8]) -> String {
    own_id(record).unwrap_or_else(|| EventId::from_bytes(bytes.trim_ascii()).to_string())
}

/// The time in milliseconds, by the library alone.
fn time_ms(record: &Value) -> Option<i64> {
    let time = OffsetDateTime::parse(&text(&record["eventTime"])?, &Rfc3339).ok()?;
    i64::try_from(time.unix_timestamp_nanos() / 1_000_000).ok()
}

/// The value of a field of the table by its name, time and id excepted.
pub fn field(record: &Value, name: &str) -> Option<String> {
    match name {
        "principal" => Some(label(record)),
        "eventCategory" => text(&record[name]).or_else(|| {
            let is_data = record["managementEvent"] == Value::Bool(false);
            Some(if is_data { "Data" } else { "Management" }.to_owned())
        }),
        _ => match name.strip_prefix("userIdentity.") {
            Some(path) => identity(record, path),
            None => text(&record[name]),
        },
    }
}

/// A part of the identity. Neither an empty text nor an object says anything.
fn identity(record: &Value, path: &str) -> Option<String> {
    let value = path.split('.').fold(&record["userIdentity"], |value, key| &value[key]);
    let says = value.is_string() || value.is_boolean() || number(value).is_some();
    text(value).filter(|text| says && !text.is_empty())
}

fn label(record: &Value) -> String {
    let part = |path| identity(record, path);
    let (kind, arn, account, principal_id) = (part("type"), part("arn"), part("accountId"), part("principalId"));
    let (user_name, invoked_by) = (part("userName"), part("invokedBy"));
    let issuer_name = part("sessionContext.sessionIssuer.userName");
    let principal = Principal {
        kind: kind.as_deref(),
        arn: arn.as_deref(),
        account: account.as_deref(),
        principal_id: principal_id.as_deref(),
        user_name: user_name.as_deref(),
        invoked_by: invoked_by.as_deref(),
        issuer_name: issuer_name.as_deref(),
        ..Principal::default()
    };
    principal.label().into_owned()
}

/// The row that an event should be.
pub fn row(record: &Value, bytes: &[u8]) -> EventRow {
    EventRow {
        time_ms: time_ms(record),
        event_id: event_id(record, bytes),
        event_name: field(record, "eventName"),
        event_source: field(record, "eventSource"),
        region: field(record, "awsRegion"),
        principal: label(record),
        source_address: field(record, "sourceIPAddress"),
        user_agent: field(record, "userAgent"),
        error_code: field(record, "errorCode"),
        account: field(record, "recipientAccountId").or_else(|| identity(record, "accountId")),
    }
}
