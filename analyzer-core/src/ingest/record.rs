//! One record: the spans of its top-level values, read without copying.

use super::json::{self, Stop};
use crate::field::{Column, FieldRef, Place};
use crate::identity::Principal;
use serde_json::Value;
use std::borrow::Cow;

/// The top-level keys that something asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // CloudTrail's own names.
pub enum Key {
    EventVersion,
    UserIdentity,
    EventTime,
    EventSource,
    EventName,
    AwsRegion,
    SourceIpAddress,
    UserAgent,
    ErrorCode,
    ErrorMessage,
    RequestParameters,
    ResponseElements,
    AdditionalEventData,
    RequestId,
    EventId,
    ReadOnly,
    Resources,
    EventType,
    ManagementEvent,
    RecipientAccountId,
    SharedEventId,
    VpcEndpointId,
    EventCategory,
    ServiceEventDetails,
    TlsDetails,
}

/// Every key with its text. The index of a key is its discriminant.
const KEYS: [(&str, Key); 25] = [
    ("eventVersion", Key::EventVersion),
    ("userIdentity", Key::UserIdentity),
    ("eventTime", Key::EventTime),
    ("eventSource", Key::EventSource),
    ("eventName", Key::EventName),
    ("awsRegion", Key::AwsRegion),
    ("sourceIPAddress", Key::SourceIpAddress),
    ("userAgent", Key::UserAgent),
    ("errorCode", Key::ErrorCode),
    ("errorMessage", Key::ErrorMessage),
    ("requestParameters", Key::RequestParameters),
    ("responseElements", Key::ResponseElements),
    ("additionalEventData", Key::AdditionalEventData),
    ("requestID", Key::RequestId),
    ("eventID", Key::EventId),
    ("readOnly", Key::ReadOnly),
    ("resources", Key::Resources),
    ("eventType", Key::EventType),
    ("managementEvent", Key::ManagementEvent),
    ("recipientAccountId", Key::RecipientAccountId),
    ("sharedEventID", Key::SharedEventId),
    ("vpcEndpointId", Key::VpcEndpointId),
    ("eventCategory", Key::EventCategory),
    ("serviceEventDetails", Key::ServiceEventDetails),
    ("tlsDetails", Key::TlsDetails),
];

/// The key of this text (without quotes), trying `expected` first: records of a file have their keys in one order.
fn key_of(text: &[u8], expected: usize) -> Option<usize> {
    let is = |index: usize| KEYS[index].0.as_bytes() == text;
    if is(expected % KEYS.len()) {
        return Some(expected % KEYS.len());
    }
    // Aggregated events spell their id with a small d (user guide, "CloudTrail aggregated events").
    let id = (text == b"eventId").then_some(Key::EventId as usize);
    (0..KEYS.len()).find(|&index| is(index)).or(id)
}

/// Whether this is a key of records: an object with it is one, whatever else it holds.
pub(super) fn is_key(key: &[u8]) -> bool {
    is_first_key(key) || KEYS.iter().any(|(text, _)| text.as_bytes() == key)
}

/// Whether records start with this key: CloudTrail writes `eventVersion` first, tools that sort keys one of the others.
/// Used to tell a record from an envelope, and to find the next one behind damage.
pub(super) fn is_first_key(key: &[u8]) -> bool {
    matches!(
        key,
        b"eventVersion" | b"awsRegion" | b"additionalEventData" | b"apiVersion" | b"addendum" | b"userIdentity"
    )
}

/// One well-formed record. Values are spans of its text.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    text: &'a str,
    spans: Spans,
}

/// Where the value of each key starts and ends in the record; an empty span means missing.
pub(super) type Spans = [(u32, u32); KEYS.len()];

/// Scans the record at `b[start]`, which must be `{`. Returns where it ends and where its values are, counted from
/// `start`. Of a key that comes twice, the last value counts, as in most JSON readers.
pub(super) fn scan(b: &[u8], start: usize) -> Result<(usize, Spans), Stop> {
    let mut spans = [(0, 0); KEYS.len()];
    let mut expected = 0;
    let mut i = json::skip_space(b, start + 1);
    if b.get(i) == Some(&b'}') {
        return Ok((i + 1, spans));
    }
    loop {
        let key_start = i;
        let value_start = json::skip_key(b, i)?;
        let key_end = json::skip_string(b, key_start)?;
        let value_start = json::skip_space(b, value_start);
        let value_end = json::skip_value(b, value_start)?;
        if let Some(index) = key_of(&b[key_start + 1..key_end - 1], expected) {
            spans[index] = ((value_start - start) as u32, (value_end - start) as u32);
            expected = index + 1;
        }
        i = json::skip_space(b, value_end);
        match b.get(i) {
            None => return Err(Stop::More),
            Some(b',') => i = json::skip_space(b, i + 1),
            Some(b'}') => return Ok((i + 1, spans)),
            Some(_) => return Err(Stop::Broken { at: i, what: "expected a comma or the end of an object" }),
        }
    }
}

impl<'a> Record<'a> {
    pub(super) fn new(text: &'a str, spans: Spans) -> Record<'a> {
        Record { text, spans }
    }

    /// The whole record.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The JSON of a top-level value.
    pub fn json(&self, key: Key) -> Option<&'a str> {
        let (from, to) = self.spans[key as usize];
        self.text.get(from as usize..to as usize).filter(|json| !json.is_empty())
    }

    /// A top-level value as text: strings unescaped, everything else as its JSON; null and missing are `None`.
    pub fn value(&self, key: Key) -> Option<Cow<'a, str>> {
        json_text(self.json(key)?)
    }

    /// Whether the object has the fields that make an event.
    pub fn is_event(&self) -> bool {
        let has = |key| self.json(key).is_some();
        has(Key::EventVersion) || has(Key::EventTime) && has(Key::EventName)
    }

    /// When it happened, as text: `eventTime`, or of an aggregated event the start of its window.
    pub fn time_text(&self) -> Option<Cow<'a, str>> {
        self.value(Key::EventTime).or_else(|| {
            let mut start = None;
            let path = ["timeWindow".to_owned(), "windowStart".to_owned()];
            self.each_at_path(&path, &mut |text| start = Some(Cow::Owned(text.to_owned())));
            start
        })
    }

    /// Calls `each` with every value that the field has here. A standard field has one at most, a path with arrays
    /// on its way can have several.
    pub fn each_value(&self, field: &FieldRef, principal: &Principal, each: &mut dyn FnMut(&str)) {
        match field {
            FieldRef::Standard(field) => match field.place {
                Place::Time => {
                    if let Some(text) = self.time_text() {
                        each(&text);
                    }
                }
                Place::Id => self.each_text(Key::EventId, each),
                Place::Column(column) => {
                    if let Some(text) = self.column(column) {
                        each(&text);
                    }
                }
                Place::Identity(part) => {
                    if let Some(text) = part(principal) {
                        each(text);
                    }
                }
                Place::IdentityLabel => each(&principal.label()),
            },
            FieldRef::Path(path) => self.each_at_path(path, each),
        }
    }

    /// The value of a column, derived where old versions of the format lack it.
    pub fn column(&self, column: Column) -> Option<Cow<'a, str>> {
        match column {
            Column::EventName => self.value(Key::EventName),
            Column::EventSource => self.value(Key::EventSource),
            Column::AwsRegion => self.value(Key::AwsRegion),
            Column::SourceIpAddress => self.value(Key::SourceIpAddress),
            Column::UserAgent => self.value(Key::UserAgent),
            Column::ErrorCode => self.value(Key::ErrorCode),
            Column::ErrorMessage => self.value(Key::ErrorMessage),
            Column::EventType => self.value(Key::EventType),
            // Before version 1.07 there is no eventCategory; data events say managementEvent: false.
            Column::EventCategory => self.value(Key::EventCategory).or_else(|| {
                let is_data = self.json(Key::ManagementEvent) == Some("false");
                Some(Cow::Borrowed(if is_data { "Data" } else { "Management" }))
            }),
            Column::EventVersion => self.value(Key::EventVersion),
            Column::ReadOnly => self.value(Key::ReadOnly),
            Column::RecipientAccountId => self.value(Key::RecipientAccountId),
            Column::VpcEndpointId => self.value(Key::VpcEndpointId),
        }
    }

    fn each_text(&self, key: Key, each: &mut dyn FnMut(&str)) {
        if let Some(text) = self.value(key) {
            each(&text);
        }
    }

    fn each_at_path(&self, path: &[String], each: &mut dyn FnMut(&str)) {
        let Some((first, rest)) = path.split_first() else { return };
        let json = match key_of(first.as_bytes(), 0) {
            Some(index) => self.json(KEYS[index].1),
            // A key that nobody asked for until now: read the whole record.
            None => {
                if let Ok(value) = serde_json::from_str::<Value>(self.text) {
                    each_leaf(&value, path, each);
                }
                return;
            }
        };
        if let Some(value) = json.and_then(|json| serde_json::from_str::<Value>(json).ok()) {
            each_leaf(&value, rest, each);
        }
    }
}

/// A JSON value as text; null is `None`.
fn json_text(json: &str) -> Option<Cow<'_, str>> {
    let Some(inner) = json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return (json != "null").then_some(Cow::Borrowed(json));
    };
    if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
        return Some(Cow::Borrowed(inner));
    }
    // A lone surrogate has no text of its own: then the escapes are shown as they stand.
    Some(serde_json::from_str::<String>(json).map_or(Cow::Borrowed(inner), Cow::Owned))
}

/// Walks down a path; an array on the way means any of its elements.
fn each_leaf(value: &Value, path: &[String], each: &mut dyn FnMut(&str)) {
    match (value, path.split_first()) {
        (Value::Array(items), _) => {
            for item in items {
                each_leaf(item, path, each);
            }
        }
        (Value::Object(members), Some((key, rest))) => {
            if let Some(member) = members.get(key) {
                each_leaf(member, rest, each);
            }
        }
        (Value::Null, _) | (_, Some(_)) => {}
        (Value::String(text), None) => each(text),
        (other, None) => each(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_record<T>(json: &str, f: impl FnOnce(&Record) -> T) -> T {
        let (end, spans) = scan(json.as_bytes(), 0).unwrap();
        f(&Record::new(&json[..end], spans))
    }

    fn check(json: &str, field: &str, expected: &[&str]) {
        with_record(json, |record| {
            let principal = Principal::from_json(record.json(Key::UserIdentity).unwrap_or("null"));
            let mut found = Vec::new();
            record.each_value(&FieldRef::parse(field), &principal, &mut |text| found.push(text.to_owned()));
            assert_eq!(found, expected, "{field} of {json}");
        });
    }

    #[test]
    fn values_of_fields() {
        let json = r#"{ "eventVersion" : "1.08", "userIdentity":{"type":"IAMUser","userName":"alice"},
            "eventName":"Put\u00e4","errorCode":null,"readOnly":false,"managementEvent":false,
            "requestParameters":{"tags":[{"k":"a"},{"k":"b"}],"n":5},"x-unknown":{"deep":["v"]},
            "awsRegion":"first","awsRegion":"last"} trailing"#;
        check(json, "eventName", &["Putä"]);
        check(json, "errorCode", &[]);
        check(json, "readOnly", &["false"]);
        check(json, "eventCategory", &["Data"]);
        check(json, "user", &["alice"]);
        check(json, "principal", &["alice"]);
        check(json, "requestParameters.tags.k", &["a", "b"]);
        check(json, "requestParameters.n", &["5"]);
        check(json, "requestParameters.missing.n", &[]);
        check(json, "x-unknown.deep", &["v"]);
        check(json, "awsRegion", &["last"]);
        check(json, "vpcEndpointId", &[]);
    }

    #[test]
    fn aggregated_events_have_an_id_and_a_time() {
        let json = r#"{"eventVersion":"1.0","eventId":"e-1","timeWindow":{"windowStart":"2024-05-06T07:00:00Z"}}"#;
        check(json, "eventID", &["e-1"]);
        check(json, "eventTime", &["2024-05-06T07:00:00Z"]);
        assert!(with_record(json, |record| record.is_event()));
    }

    #[test]
    fn the_table_of_keys_is_in_order() {
        for (index, (_, key)) in KEYS.iter().enumerate() {
            assert_eq!(*key as usize, index);
        }
    }
}
