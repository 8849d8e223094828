//! Long lists as bytes. They cross between threads as one copy, where a list of objects would be walked three times.

use analyzer_core::detect::{SelectedEvent, Selection};
use analyzer_core::event::{EventId, EventKey, Form, Location};
use analyzer_core::store::Claim;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
        struct AsBytes;
        impl serde::de::Visitor<'_> for AsBytes {
            type Value = Bytes;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(bytes.to_vec()))
            }
            fn visit_byte_buf<E: serde::de::Error>(self, bytes: Vec<u8>) -> Result<Bytes, E> {
                Ok(Bytes(bytes))
            }
        }
        deserializer.deserialize_byte_buf(AsBytes)
    }
}

const ID: usize = 16;
const KEY: usize = 8 + ID;
const CLAIM: usize = ID + 4;

impl Bytes {
    /// Keys of events, in their order.
    pub fn of_keys<'a>(keys: impl IntoIterator<Item = &'a EventKey>) -> Bytes {
        let mut bytes = Vec::new();
        for key in keys {
            bytes.extend_from_slice(&key.time_ms.to_le_bytes());
            bytes.extend_from_slice(&key.id.0.to_le_bytes());
        }
        Bytes(bytes)
    }

    /// The keys again.
    pub fn keys(&self) -> Vec<EventKey> {
        self.0
            .as_chunks::<KEY>()
            .0
            .iter()
            .map(|chunk| EventKey {
                time_ms: i64::from_le_bytes(part(chunk, 0)),
                id: EventId(u128::from_le_bytes(part(chunk, 8))),
            })
            .collect()
    }

    /// Which events a shard has.
    pub fn of_claims(claims: &[Claim]) -> Bytes {
        let mut bytes = Vec::with_capacity(claims.len() * CLAIM);
        for Claim { id, rank } in claims {
            bytes.extend_from_slice(&id.0.to_le_bytes());
            bytes.extend_from_slice(&rank.to_le_bytes());
        }
        Bytes(bytes)
    }

    /// The claims again.
    pub fn claims(&self) -> Vec<Claim> {
        self.0
            .as_chunks::<CLAIM>()
            .0
            .iter()
            .map(|chunk| Claim {
                id: EventId(u128::from_le_bytes(part(chunk, 0))),
                rank: u32::from_le_bytes(part(chunk, ID)),
            })
            .collect()
    }

    /// Texts, such as event ids.
    pub fn of_texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Bytes {
        let texts: Vec<&str> = texts.into_iter().collect();
        Bytes(serde_json::to_vec(&texts).unwrap_or_default())
    }

    /// The texts again.
    pub fn texts(&self) -> Result<Vec<String>, String> {
        serde_json::from_slice(&self.0).map_err(|error| format!("a message cannot be read: {error}"))
    }

    /// Whether a text is one of these.
    pub fn names(&self, text: &str) -> bool {
        let wanted = serde_json::to_string(text).unwrap_or_default();
        // Quotes inside of a text have a backslash before them, so this is where one begins.
        let is_there = |texts: &str| texts.starts_with(&format!("[{wanted}")) || texts.contains(&format!(",{wanted}"));
        std::str::from_utf8(&self.0).is_ok_and(is_there)
    }

    /// Values of a field, or none.
    pub fn of_values<'a>(values: impl IntoIterator<Item = Option<&'a str>>) -> Bytes {
        let values: Vec<Option<&str>> = values.into_iter().collect();
        Bytes(serde_json::to_vec(&values).unwrap_or_default())
    }

    /// The values again.
    pub fn values(&self) -> Result<Vec<Option<String>>, String> {
        serde_json::from_slice(&self.0).map_err(|error| format!("a message cannot be read: {error}"))
    }

    /// What a shard's detectors selected.
    pub fn of_selection(selection: &Selection) -> Bytes {
        let twins: Vec<Vec<SelectedTwin>> =
            selection.events.iter().map(|events| events.iter().map(SelectedTwin::from).collect()).collect();
        Bytes(serde_json::to_vec(&twins).unwrap_or_default())
    }

    /// The selection again.
    pub fn selection(&self) -> Result<Selection, String> {
        let twins: Vec<Vec<SelectedTwin>> =
            serde_json::from_slice(&self.0).map_err(|error| format!("a message cannot be read: {error}"))?;
        Ok(Selection { events: twins.into_iter().map(|e| e.into_iter().map(SelectedEvent::from).collect()).collect() })
    }
}

/// `N` bytes of a chunk from `at` on. The callers' chunks are long enough; missing bytes would be zeros.
fn part<const N: usize>(chunk: &[u8], at: usize) -> [u8; N] {
    let mut out = [0; N];
    for (to, from) in out.iter_mut().zip(chunk.iter().skip(at)) {
        *to = *from;
    }
    out
}

#[derive(Serialize, Deserialize)]
struct SelectedTwin {
    time_ms: i64,
    id: u128,
    event_id: String,
    source: u32,
    member: u32,
    offset: u64,
    length: u32,
    form: u8,
    values: Vec<Option<String>>,
    group_key: Vec<Option<String>>,
}

impl From<&SelectedEvent> for SelectedTwin {
    fn from(event: &SelectedEvent) -> SelectedTwin {
        SelectedTwin {
            time_ms: event.key.time_ms,
            id: event.key.id.0,
            event_id: event.event_id.clone(),
            source: event.location.source,
            member: event.location.member,
            offset: event.location.offset,
            length: event.location.length,
            form: event.location.form as u8,
            values: event.values.clone(),
            group_key: event.group_key.clone(),
        }
    }
}

impl From<SelectedTwin> for SelectedEvent {
    fn from(twin: SelectedTwin) -> SelectedEvent {
        let SelectedTwin { source, member, offset, length, form, .. } = twin;
        SelectedEvent {
            key: EventKey { time_ms: twin.time_ms, id: EventId(twin.id) },
            event_id: twin.event_id,
            location: Location { source, member, offset, length, form: form_of(form) },
            values: twin.values,
            group_key: twin.group_key,
        }
    }
}

/// The form of this number; shards and page are of one build, so there is no other.
pub(super) fn form_of(number: u8) -> Form {
    let forms = [Form::Record, Form::JsonText, Form::JsonRow, Form::CsvCell, Form::CsvRow];
    forms.into_iter().find(|&form| form as u8 == number).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use analyzer_core::event::NO_TIME;

    #[test]
    fn there_and_back() {
        let keys = [EventKey { time_ms: NO_TIME, id: EventId(u128::MAX) }, EventKey { time_ms: 1, id: EventId(2) }];
        assert_eq!(Bytes::of_keys(&keys).keys(), keys);
        let claims = [Claim { id: EventId(1 << 100), rank: 7 }, Claim { id: EventId(0), rank: u32::MAX }];
        assert_eq!(Bytes::of_claims(&claims).claims(), claims);
        assert_eq!(Bytes::of_texts(["a\"", "東"]).texts().unwrap(), ["a\"", "東"]);
        let texts = Bytes::of_texts(["a\"b", "東"]);
        assert!(texts.names("a\"b") && texts.names("東") && !texts.names("b") && !texts.names("a") && !texts.names(""));
        let event = SelectedEvent {
            key: keys[0],
            event_id: "e".to_owned(),
            location: Location { source: 1, member: 2, offset: u64::MAX, length: 3, form: Form::CsvRow },
            values: vec![None, Some("v".to_owned())],
            group_key: vec![Some(String::new())],
        };
        let selection = Selection { events: vec![vec![], vec![event]] };
        assert_eq!(Bytes::of_selection(&selection).selection().unwrap(), selection);
    }

    #[test]
    fn nonsense_is_an_error_or_nothing() {
        assert!(Bytes(b"{".to_vec()).selection().is_err());
        assert!(Bytes(b"[".to_vec()).texts().is_err());
        assert_eq!(Bytes(vec![1; KEY - 1]).keys(), []);
    }
}
