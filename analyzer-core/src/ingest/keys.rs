//! The top-level keys of a record, and recognising them quickly.

use super::json::string::quote_in;
use super::memo::Memo;
use crate::bytes;

/// The top-level keys of a record (CloudTrail user guide, "CloudTrail record contents", up to version 1.11, and the
/// Insights and aggregated events).
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
    ApiVersion,
    ManagementEvent,
    RecipientAccountId,
    SharedEventId,
    VpcEndpointId,
    VpcEndpointAccountId,
    ServiceEventDetails,
    EventCategory,
    TlsDetails,
    SessionCredentialFromConsole,
    EdgeDeviceDetails,
    Addendum,
    Annotation,
    EventContext,
    InsightDetails,
    AccountId,
    TimeWindow,
    Summary,
    Timestamp,
}

/// Every key with its text, roughly in the order in which CloudTrail writes them. The index of a key is its
/// discriminant.
pub const KEYS: [(&str, Key); 37] = [
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
    ("apiVersion", Key::ApiVersion),
    ("managementEvent", Key::ManagementEvent),
    ("recipientAccountId", Key::RecipientAccountId),
    ("sharedEventID", Key::SharedEventId),
    ("vpcEndpointId", Key::VpcEndpointId),
    ("vpcEndpointAccountId", Key::VpcEndpointAccountId),
    ("serviceEventDetails", Key::ServiceEventDetails),
    ("eventCategory", Key::EventCategory),
    ("tlsDetails", Key::TlsDetails),
    ("sessionCredentialFromConsole", Key::SessionCredentialFromConsole),
    ("edgeDeviceDetails", Key::EdgeDeviceDetails),
    ("addendum", Key::Addendum),
    ("annotation", Key::Annotation),
    ("eventContext", Key::EventContext),
    ("insightDetails", Key::InsightDetails),
    ("accountId", Key::AccountId),
    ("timeWindow", Key::TimeWindow),
    ("summary", Key::Summary),
    ("@timestamp", Key::Timestamp),
];

/// Aggregated events spell it so (user guide, "CloudTrail aggregated events").
const EVENT_ID_OF_AGGREGATED: &[u8] = b"eventId";

/// How far behind the last key the next one is looked for before all are asked.
const NEAR: usize = 5;

/// The key with this text, without quotes and escapes.
pub fn key_of(text: &[u8]) -> Option<usize> {
    if text == EVENT_ID_OF_AGGREGATED {
        return Some(Key::EventId as usize);
    }
    KEYS.iter().position(|(name, _)| name.as_bytes() == text)
}

/// Whether this is a key of records and of nothing else: an object with it is one, whatever else it holds.
pub(super) fn is_key(key: &[u8]) -> bool {
    key_of(key)
        .is_some_and(|key| !matches!(KEYS[key].1, Key::Annotation | Key::AccountId | Key::Summary | Key::Timestamp))
}

/// Whether records start with this key: CloudTrail writes `eventVersion` first, tools that sort keys one of the others.
/// Used to tell a record from an envelope, and to find the next one behind damage.
pub(super) fn is_first_key(key: &[u8]) -> bool {
    matches!(
        key,
        b"eventVersion" | b"awsRegion" | b"additionalEventData" | b"apiVersion" | b"addendum" | b"userIdentity"
    )
}

/// A key that was recognised, and the value behind it if that is a short text.
#[derive(Debug, PartialEq)]
pub(super) struct Foreseen {
    pub key: usize,
    /// Of the key, with its quotes and colon.
    pub length: usize,
    /// The length of a text of plain ASCII that follows at once, without its quotes: less than sixteen.
    pub text: Option<usize>,
}

/// As many bytes as hold the longest key and the first sixteen of the text behind it.
type Window = [u8; 48];

/// Recognises the key at `b[at]`, with its quotes and colon, by those that records had there before. `last` is the key
/// before it, or [`KEYS`]`.len()` at the start of a record. `None` says only that the key has to be read.
#[inline(always)]
pub(super) fn foreseen(b: &[u8], at: usize, last: usize, memo: &mut Memo) -> Option<Foreseen> {
    let window: &Window = b.get(at..)?.first_chunk()?;
    let expected = usize::from(*memo.after.get(last)?);
    let (key, length) = match PATTERNS.get(expected)?.length_at(window) {
        Some(length) => (expected, length),
        None => surprise(window, last, memo)?,
    };
    let behind: &[u8; 17] = window.get(length..)?.first_chunk()?;
    let (quote, text) = behind.split_first()?;
    let text = if *quote == b'"' { text.first_chunk().and_then(quote_in) } else { None };
    Some(Foreseen { key, length, text })
}

/// Another key than the last time: it is mostly one a little further on.
fn surprise(window: &Window, last: usize, memo: &mut Memo) -> Option<(usize, usize)> {
    let first = if last == KEYS.len() { 0 } else { last + 1 };
    let near = (first..(first + NEAR).min(KEYS.len())).zip(PATTERNS.get(first..)?);
    let (key, length) = near.filter_map(|(key, pattern)| Some((key, pattern.length_at(window)?))).next()?;
    *memo.after.get_mut(last)? = key as u8;
    Some((key, length))
}

/// A key as it stands in a record, `"key":`, to be compared in two steps of sixteen bytes.
struct Pattern {
    bytes: [[u8; 16]; 2],
    mask: [[u8; 16]; 2],
    length: usize,
}

const NO_PATTERN: Pattern = Pattern { bytes: [[0; 16]; 2], mask: [[0; 16]; 2], length: 0 };

static PATTERNS: [Pattern; KEYS.len()] = {
    let mut patterns = [NO_PATTERN; KEYS.len()];
    let mut key = 0;
    while key < KEYS.len() {
        patterns[key] = pattern(KEYS[key].0.as_bytes());
        key += 1;
    }
    patterns
};

const fn pattern(key: &[u8]) -> Pattern {
    let length = key.len() + 3;
    let mut pattern = Pattern { length, ..NO_PATTERN };
    let mut i = 0;
    while i < length {
        let byte = if i == 0 || i == length - 2 {
            b'"'
        } else if i == length - 1 {
            b':'
        } else {
            key[i - 1]
        };
        pattern.bytes[i / 16][i % 16] = byte;
        pattern.mask[i / 16][i % 16] = 0xff;
        i += 1;
    }
    pattern
}

impl Pattern {
    #[inline(always)]
    fn length_at(&self, window: &Window) -> Option<usize> {
        bytes::same_where(window.first_chunk()?, &self.mask, &self.bytes).then_some(self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_keys_is_in_order() {
        for (index, (name, key)) in KEYS.iter().enumerate() {
            assert_eq!(*key as usize, index);
            assert!(name.len() + 3 <= 32, "{name} is too long for its pattern");
        }
    }

    #[test]
    fn a_key_is_foreseen_only_where_it_stands() {
        let mut memo = Memo::new(0);
        let padding = " ".repeat(48);
        let mut check = |text: &str, last: usize, expected: Option<(usize, usize)>| {
            let found = foreseen(format!("{text}{padding}").as_bytes(), 0, last, &mut memo);
            assert_eq!(found.map(|found| (found.key, found.length)), expected, "{text}");
        };
        let at = |key: Key| key as usize;
        check(r#""eventVersion":"#, KEYS.len(), Some((0, 15)));
        check(r#""eventTime":"#, at(Key::UserIdentity), Some((2, 12)));
        // It learns.
        check(r#""requestParameters":"#, at(Key::UserAgent), Some((10, 20)));
        check(r#""sessionCredentialFromConsole":"#, at(Key::TlsDetails), Some((27, 31)));
        check(r#""eventTimes":"#, at(Key::UserIdentity), None);
        check(r#""eventTime" :"#, at(Key::UserIdentity), None);
        check(r#""eventVersion":"#, at(Key::TlsDetails), None);
        assert_eq!(foreseen(br#""eventVersion":"1""#, 0, KEYS.len(), &mut memo), None, "too near to the end");
        let mut check = |value: &str, expected: Option<usize>| {
            let text = format!(r#""eventTime":{value}{padding}"#);
            let found = foreseen(text.as_bytes(), 0, at(Key::UserIdentity), &mut memo).unwrap();
            assert_eq!(found.text, expected, "{value}");
        };
        check(r#""""#, Some(0));
        check(r#""123456789012345""#, Some(15));
        check(r#""1234567890123456""#, None);
        check(r#" "1""#, None);
        check(r#""\"""#, None);
        check(r#""ä""#, None);
        check("1", None);
        assert_eq!(key_of(b"eventId"), Some(at(Key::EventId)));
    }
}
