//! The top-level keys of a record, and recognising them quickly.

use super::memo::Memo;

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

/// Recognises the key at `b[at]`, with its quotes and colon, by those that records had there before. `last` is the key
/// before it, or [`KEYS`]`.len()` at the start of a record. Returns the key and the index behind the colon; `None` says
/// only that it has to be read.
#[inline(always)]
pub(super) fn foreseen(b: &[u8], at: usize, last: usize, memo: &mut Memo) -> Option<(usize, usize)> {
    let window: &[u8; 32] = b.get(at..)?.first_chunk()?;
    let expected = usize::from(memo.after[last]);
    if let Some(length) = PATTERNS[expected].length_at(window) {
        return Some((expected, at + length));
    }
    surprise(window, last, memo).map(|(key, length)| (key, at + length))
}

/// Another key than the last time: it is mostly one a little further on.
fn surprise(window: &[u8; 32], last: usize, memo: &mut Memo) -> Option<(usize, usize)> {
    let first = if last == KEYS.len() { 0 } else { last + 1 };
    let key = (first..(first + NEAR).min(KEYS.len())).find(|&key| PATTERNS[key].length_at(window).is_some())?;
    memo.after[last] = key as u8;
    PATTERNS[key].length_at(window).map(|length| (key, length))
}

/// A key as it stands in a record, `"key":`, to be compared in two steps of sixteen bytes.
struct Pattern {
    bytes: [u128; 2],
    mask: [u128; 2],
    length: usize,
}

const PATTERNS: [Pattern; KEYS.len()] = {
    let mut patterns = [const { Pattern { bytes: [0; 2], mask: [0; 2], length: 0 } }; KEYS.len()];
    let mut key = 0;
    while key < KEYS.len() {
        patterns[key] = pattern(KEYS[key].0.as_bytes());
        key += 1;
    }
    patterns
};

const fn pattern(key: &[u8]) -> Pattern {
    let length = key.len() + 3;
    let (mut bytes, mut mask) = ([0u128; 2], [0u128; 2]);
    let mut i = 0;
    while i < length {
        let byte = if i == 0 || i == length - 2 {
            b'"'
        } else if i == length - 1 {
            b':'
        } else {
            key[i - 1]
        };
        bytes[i / 16] |= (byte as u128) << (8 * (i % 16));
        mask[i / 16] |= 0xff << (8 * (i % 16));
        i += 1;
    }
    Pattern { bytes, mask, length }
}

impl Pattern {
    #[inline(always)]
    fn length_at(&self, window: &[u8; 32]) -> Option<usize> {
        let [low, high] = [0, 16].map(|from| {
            let mut half = [0; 16];
            half.copy_from_slice(&window[from..from + 16]);
            u128::from_le_bytes(half)
        });
        let holds = low & self.mask[0] == self.bytes[0] && high & self.mask[1] == self.bytes[1];
        holds.then_some(self.length)
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
        let padding = " ".repeat(32);
        let mut check = |text: &str, last: usize, expected: Option<(usize, usize)>| {
            assert_eq!(foreseen(format!("{text}{padding}").as_bytes(), 0, last, &mut memo), expected, "{text}");
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
        assert_eq!(key_of(b"eventId"), Some(at(Key::EventId)));
    }
}
