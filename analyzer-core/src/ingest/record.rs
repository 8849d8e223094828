//! One record: the spans of its top-level values, read without copying.

use super::json::{self, Scan, Scanner, Stop};
use super::keys::{Foreseen, foreseen};
pub use super::keys::{KEYS, Key, key_of};
use super::memo::{Known, Memo};
use crate::field::{Column, FieldRef, Place, Step};
use crate::identity::Principal;
use crate::predicate::{Matcher, Test};
use crate::said::phrase;
use std::borrow::Cow;
use std::str::Utf8Error;

/// One well-formed record. Values are spans of its bytes.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// UTF-8.
    bytes: &'a [u8],
    spans: &'a Spans,
}

/// Where the value of each key is in the record, and who is remembered to stand there.
#[derive(Clone, Debug)]
pub(super) struct Spans {
    values: [Span; KEYS.len()],
    identity: Option<Known>,
    /// Some of its texts are not of ASCII alone: whether they are UTF-8 is not known.
    beyond_ascii: bool,
}

impl Default for Spans {
    fn default() -> Self {
        Spans { values: [Span::default(); KEYS.len()], identity: None, beyond_ascii: false }
    }
}

impl Spans {
    /// Whether a record that was scanned is UTF-8. Mostly it is known to be.
    pub(super) fn check_utf8(&self, bytes: &[u8]) -> Result<(), Utf8Error> {
        if self.beyond_ascii { std::str::from_utf8(bytes).map(drop) } else { Ok(()) }
    }
}

/// Where a value starts and ends, a plain text without its quotes. The two highest bits of `end` say what it is; a
/// record is shorter than that.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    start: u32,
    end: u32,
}

/// Missing, or null.
const NOTHING: u32 = 0;
/// A string without escapes.
const TEXT: u32 = 1 << 30;
/// A string with escapes.
const ESCAPED: u32 = 2 << 30;
/// Any other value.
const JSON: u32 = 3 << 30;

impl Span {
    #[inline(always)]
    fn of_kind(kind: u32, start: usize, end: usize) -> Span {
        Span { start: start as u32, end: end as u32 | kind }
    }

    /// What stands between the quotes.
    #[inline(always)]
    fn of_text(start: usize, end: usize) -> Span {
        Span::of_kind(TEXT, start, end)
    }

    fn kind(self) -> u32 {
        self.end & JSON
    }

    fn of(self, bytes: &[u8]) -> &[u8] {
        bytes.get(self.start as usize..(self.end & !JSON) as usize).unwrap_or_default()
    }
}

/// Reads a record that was kept, as UTF-8, and hands it to `see`. Nothing if it is none: then it is not one that was kept.
pub fn read<T>(bytes: &[u8], memo: &mut Memo, see: impl FnOnce(&Record) -> T) -> Option<T> {
    let mut spans = Spans::default();
    let end = scan(bytes, 0, memo, &mut spans).ok()?;
    let bytes = bytes.get(..end)?;
    spans.check_utf8(bytes).ok()?;
    Some(see(&Record::new(bytes, &spans)))
}

/// Scans the record at `b[start]`, which must be `{`. Returns where it ends; its values, counted from `start`, go to
/// `spans`. Of a key that comes twice, the last value counts, as in most JSON readers.
pub(super) fn scan(b: &[u8], start: usize, memo: &mut Memo, spans: &mut Spans) -> Scan {
    let Some(b) = b.get(start..) else { return Err(Stop::More) };
    match scan_members(b, memo, spans) {
        Ok(end) => Ok(start + end),
        Err(Stop::More) => Err(Stop::More),
        Err(Stop::Broken { at, what }) => Err(Stop::Broken { at: start + at, what }),
    }
}

/// Scans the record at the start of `b`.
fn scan_members(b: &[u8], memo: &mut Memo, spans: &mut Spans) -> Scan {
    let mut scanner = Scanner::new(b);
    let mut last = KEYS.len();
    let (mut i, first) = json::next(b, 1)?;
    if first == b'}' {
        return Ok(i + 1);
    }
    loop {
        let (key, from, text) = match foreseen(b, i, last, memo) {
            Some(Foreseen { key, length, text }) => (key, i + length, text),
            None => read_key(&mut scanner, b, i, last, memo).map(|(key, behind)| (key, behind, None))?,
        };
        let (span, to) = match text {
            Some(length) => (Span::of_text(from + 1, from + 1 + length), from + length + 2),
            None => value(&mut scanner, b, from, key, memo, spans)?,
        };
        if let Some(place) = spans.values.get_mut(key) {
            *place = span;
            last = key;
        }
        match json::next(b, to)? {
            (comma, b',') => i = json::skip_space(b, comma + 1),
            (brace, b'}') => {
                spans.beyond_ascii = scanner.beyond_ascii;
                return Ok(brace + 1);
            }
            (at, _) => return Err(Stop::Broken { at, what: phrase("expected a comma or the end of an object") }),
        }
    }
}

/// Scans the value of `key` that starts at or behind `from`. Returns what it is, and where it ends.
#[inline(always)]
fn value(
    scanner: &mut Scanner,
    b: &[u8],
    from: usize,
    key: usize,
    memo: &mut Memo,
    spans: &mut Spans,
) -> Result<(Span, usize), Stop> {
    let (from, first) = json::next(b, from)?;
    if first == b'"' {
        let (to, escaped) = scanner.text(from)?;
        let span = if escaped { Span::of_kind(ESCAPED, from, to) } else { Span::of_text(from + 1, to - 1) };
        return Ok((span, to));
    }
    let (kind, to) = match first {
        b'n' => (NOTHING, json::skip_literal(b, from, b"null", "expected null")?),
        b't' => (JSON, json::skip_literal(b, from, b"true", "expected true")?),
        b'f' => (JSON, json::skip_literal(b, from, b"false", "expected false")?),
        b'{' if key == Key::UserIdentity as usize => (JSON, skip_identity(scanner, b, from, memo, spans)?),
        _ => (JSON, scanner.value(from)?),
    };
    Ok((Span::of_kind(kind, from, to), to))
}

/// Reads the key at `b[at]`, whatever it is. Returns it, or the length of [`KEYS`] for another, and the index behind its
/// colon.
#[inline(never)]
fn read_key(scanner: &mut Scanner, b: &[u8], at: usize, last: usize, memo: &mut Memo) -> Result<(usize, usize), Stop> {
    let behind = scanner.key(at)?;
    let (end, escaped) = scanner.text(at)?;
    let key = if escaped {
        let text = std::str::from_utf8(&b[at..end]).ok().and_then(json::text_of);
        text.and_then(|text| key_of(text.as_bytes()))
    } else {
        key_of(&b[at + 1..end - 1])
    };
    if let Some(key) = key {
        memo.after[last] = key as u8;
    }
    Ok((key.unwrap_or(KEYS.len()), behind))
}

/// Scans the `userIdentity` at `b[from]`: one comparison, if it is remembered.
#[inline(always)]
fn skip_identity(scanner: &mut Scanner, b: &[u8], from: usize, memo: &mut Memo, spans: &mut Spans) -> Scan {
    spans.identity = memo.find(b, from);
    match spans.identity {
        Some(known) => Ok(from + known.length),
        None => skip_new_identity(scanner, b, from, memo, spans),
    }
}

#[inline(never)]
fn skip_new_identity(scanner: &mut Scanner, b: &[u8], from: usize, memo: &mut Memo, spans: &mut Spans) -> Scan {
    let mut own = Scanner::new(b);
    let end = own.value(from)?;
    if own.beyond_ascii {
        scanner.beyond_ascii = true;
    } else {
        spans.identity = memo.remember(&b[from..end]);
    }
    Ok(end)
}

impl<'a> Record<'a> {
    pub(super) fn new(bytes: &'a [u8], spans: &'a Spans) -> Record<'a> {
        Record { bytes, spans }
    }

    /// The whole record.
    pub fn text(&self) -> &'a str {
        std::str::from_utf8(self.bytes).unwrap_or_default()
    }

    /// The whole record, as UTF-8.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The JSON of a top-level value; nothing for null.
    pub fn json(&self, key: Key) -> Option<&'a str> {
        std::str::from_utf8(self.json_bytes(key)?).ok()
    }

    /// The same as UTF-8 bytes, which is quicker.
    pub fn json_bytes(&self, key: Key) -> Option<&'a [u8]> {
        let mut span = self.spans.values[key as usize];
        match span.kind() {
            NOTHING => return None,
            TEXT => (span.start, span.end) = (span.start - 1, span.end + 1),
            _ => {}
        }
        Some(span.of(self.bytes))
    }

    /// A top-level value as text: strings unescaped, everything else as its JSON; null and missing are `None`.
    pub fn value(&self, key: Key) -> Option<Cow<'a, str>> {
        json::text_of(self.json(key)?)
    }

    /// The same as UTF-8 bytes, which is quicker.
    #[inline(always)]
    pub fn value_bytes(&self, key: Key) -> Option<Cow<'a, [u8]>> {
        let span = self.spans.values[key as usize];
        match span.kind() {
            NOTHING => None,
            ESCAPED => self.unescaped(key),
            _ => Some(Cow::Borrowed(span.of(self.bytes))),
        }
    }

    /// A value of at most sixteen bytes as a number: its bytes, the first one lowest, and zeros. Nothing for longer ones,
    /// for those with escapes or a zero at the end, and for one that stands too near to the end of the record.
    #[inline(always)]
    pub fn word(&self, key: Key) -> Option<u128> {
        let span = self.spans.values[key as usize];
        let length = (span.end & !JSON).wrapping_sub(span.start) as usize;
        let (mask, true) = (*FIRST_BYTES.get(length)?, span.kind() & TEXT != 0) else { return None };
        let chunk: &[u8; 16] = self.bytes.get(span.start as usize..)?.first_chunk()?;
        // Zero bytes at its end would be lost.
        let last = chunk[length.wrapping_sub(1) % 16];
        (length == 0 || last != 0).then_some(u128::from_le_bytes(*chunk) & mask)
    }

    #[inline(never)]
    fn unescaped(&self, key: Key) -> Option<Cow<'a, [u8]>> {
        self.value(key).map(|text| Cow::Owned(text.into_owned().into_bytes()))
    }

    /// The remembered `userIdentity` that this record has.
    pub fn known_identity(&self) -> Option<Known> {
        // Of a key that comes twice the last value counts, and that may be no object.
        let is_object = self.spans.values[Key::UserIdentity as usize].of(self.bytes).first() == Some(&b'{');
        self.spans.identity.filter(|_| is_object)
    }

    /// Whether the object has the fields that make an event.
    pub fn is_event(&self) -> bool {
        let has = |key: Key| self.spans.values[key as usize].kind() != NOTHING;
        has(Key::EventVersion) || has(Key::EventTime) && has(Key::EventName)
    }

    /// When it happened: what `read` makes of `eventTime`; of an aggregated event the start of its window; and of one
    /// whose `eventTime` Logstash took away the `@timestamp` that it put in its place.
    #[inline(always)]
    pub fn time(&self, read: impl FnOnce(&[u8]) -> Option<i64>) -> Option<i64> {
        match self.value_bytes(Key::EventTime) {
            Some(text) => read(&text),
            None => self.other_time().and_then(|text| read(text.as_bytes())),
        }
    }

    #[inline(never)]
    fn other_time(&self) -> Option<String> {
        let Some(window) = self.json(Key::TimeWindow) else { return self.value(Key::Timestamp).map(Cow::into_owned) };
        let mut start = None;
        json::path::each_at(window, &["windowStart"], &mut |text| start = Some(text.to_owned()));
        start
    }

    /// Calls `each` with every value that the field has here. A standard field has one at most, a path with arrays
    /// on its way can have several.
    pub fn each_value(&self, asked: &FieldRef, around: &Around<'_, 'a>, each: &mut dyn FnMut(&str)) {
        match asked {
            FieldRef::Standard(field) => match field.place {
                Place::Time => match self.value(Key::EventTime) {
                    Some(text) => each(&text),
                    None => {
                        if let Some(text) = self.other_time() {
                            each(&text);
                        }
                    }
                },
                Place::Id => each(&(around.event_id)()),
                Place::Column(column) => {
                    if let Some(text) = self.column(column) {
                        each(&String::from_utf8_lossy(&text));
                    }
                }
                Place::Identity(part) => {
                    if let Some(text) = part(&(around.principal)()) {
                        each(text);
                    }
                }
                Place::IdentityLabel => each(&(around.principal)().label()),
                Place::Record => asked.path().iter().for_each(|path| self.each_at_path(path, each)),
            },
            FieldRef::Path(path) => self.each_at_path(path, each),
            FieldRef::Selector(steps) => self.each_selected(steps, each),
            FieldRef::Raw => each(self.text()),
            FieldRef::Anywhere => json::path::each_anywhere(self.text(), each),
        }
    }

    /// Whether a test holds here.
    pub fn holds(&self, test: &Test, around: &Around<'_, 'a>) -> bool {
        let mut holds = false;
        match &test.matcher {
            Matcher::Present => {
                let path: Vec<String> = match &test.field {
                    FieldRef::Standard(field) => field.name.split('.').map(str::to_owned).collect(),
                    FieldRef::Path(path) => path.clone(),
                    FieldRef::Selector(_) => {
                        self.each_value(&test.field, around, &mut |_| holds = true);
                        return holds;
                    }
                    FieldRef::Raw | FieldRef::Anywhere => return true,
                };
                return json::path::is_there(self.text(), &path);
            }
            Matcher::Like { field, how, case } => {
                let mut others = Vec::new();
                self.each_value(field, around, &mut |value| others.push(value.to_owned()));
                self.each_value(&test.field, around, &mut |value| {
                    holds |= others.iter().any(|other| how.holds(value, other, *case));
                });
            }
            matcher => self.each_value(&test.field, around, &mut |value| holds |= matcher.matches(value)),
        }
        holds
    }

    /// The value of a column as UTF-8 bytes, derived where old versions of the format lack it.
    #[inline(always)]
    pub fn column(&self, column: Column) -> Option<Cow<'a, [u8]>> {
        match column {
            Column::EventCategory => self.category(),
            _ => self.value_bytes(key_of_column(column)),
        }
    }

    /// Before version 1.07 there is no eventCategory; data events say managementEvent: false.
    fn category(&self) -> Option<Cow<'a, [u8]>> {
        self.value_bytes(Key::EventCategory).or_else(|| {
            let is_data = self.json(Key::ManagementEvent) == Some("false");
            Some(Cow::Borrowed(if is_data { b"Data" } else { b"Management" }))
        })
    }

    fn each_at_path(&self, path: &[String], each: &mut dyn FnMut(&str)) {
        let Some((first, rest)) = path.split_first() else { return };
        match key_of(first.as_bytes()) {
            Some(index) => {
                if let Some(json) = self.json(KEYS[index].1) {
                    json::path::each_at(json, rest, each);
                }
            }
            // A key that nobody asked for until now: read the whole record.
            None => json::path::each_at(self.text(), path, each),
        }
    }

    /// Exact steps mean what is written: two keys of the id are two, and null is a value.
    fn each_selected(&self, steps: &[Step], each: &mut dyn FnMut(&str)) {
        let known = steps.split_first().and_then(|(first, rest)| match first {
            Step::Key(key) => Some((KEYS[key_of(key.as_bytes())?].1, rest)),
            _ => None,
        });
        match known.filter(|&(key, _)| key != Key::EventId) {
            Some((key, rest)) => {
                let span = self.spans.values[key as usize];
                let null = (span.kind() == NOTHING && span.end > span.start).then_some("null");
                if let Some(json) = self.json(key).or(null) {
                    json::select::each_selected(json, rest, each);
                }
            }
            None => json::select::each_selected(self.text(), steps, each),
        }
    }
}

/// The bits of the first bytes of a number, by how many these are.
const FIRST_BYTES: [u128; 17] = {
    let mut masks = [0; 17];
    let mut length = 1;
    while length < 17 {
        masks[length] = u128::MAX >> (128 - 8 * length);
        length += 1;
    }
    masks
};

/// The key whose value a column holds.
#[inline(always)]
pub fn key_of_column(column: Column) -> Key {
    match column {
        Column::EventName => Key::EventName,
        Column::EventSource => Key::EventSource,
        Column::AwsRegion => Key::AwsRegion,
        Column::SourceIpAddress => Key::SourceIpAddress,
        Column::UserAgent => Key::UserAgent,
        Column::ErrorCode => Key::ErrorCode,
        Column::ErrorMessage => Key::ErrorMessage,
        Column::EventType => Key::EventType,
        Column::EventCategory => Key::EventCategory,
        Column::EventVersion => Key::EventVersion,
        Column::ReadOnly => Key::ReadOnly,
        Column::RecipientAccountId => Key::RecipientAccountId,
        Column::VpcEndpointId => Key::VpcEndpointId,
    }
}

/// What there is to know of an event beside its record.
pub struct Around<'f, 'a> {
    /// Gives its identity. A function, because few ask.
    pub principal: &'f dyn Fn() -> Principal<'a>,
    /// Gives its id as the event has it everywhere, made up or not.
    pub event_id: &'f dyn Fn() -> String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Parts;

    fn with_record<T>(json: &str, f: impl FnOnce(&Record) -> T) -> T {
        let (mut memo, mut spans) = (Memo::new(0), Spans::default());
        let end = scan(json.as_bytes(), 0, &mut memo, &mut spans).unwrap();
        f(&Record::new(&json.as_bytes()[..end], &spans))
    }

    fn check(json: &str, field: &str, expected: &[&str]) {
        with_record(json, |record| {
            let parts = Parts::read(record.json(Key::UserIdentity).unwrap_or("null"));
            let mut found = Vec::new();
            let around = Around {
                principal: &|| parts.principal(),
                event_id: &|| record.value(Key::EventId).unwrap_or_default().into_owned(),
            };
            record.each_value(&FieldRef::parse(field), &around, &mut |text| found.push(text.to_owned()));
            assert_eq!(found, expected, "{field} of {json}");
        });
    }

    #[test]
    fn words() {
        let record = "{\"eventName\":\"ab\",\"eventSource\":\"\",\"awsRegion\":\"a\0\",\"userAgent\":\"0123456789abcdef\",\
            \"errorCode\":\"0123456789abcdefg\",\"readOnly\":true,\"eventType\":\"\\n\",\"eventID\":\"near the end\"}";
        with_record(record, |record| {
            let words = [
                Key::EventName,
                Key::EventSource,
                Key::AwsRegion,
                Key::UserAgent,
                Key::ErrorCode,
                Key::ReadOnly,
                Key::EventType,
                Key::EventId,
                Key::Summary,
            ]
            .map(|key| record.word(key));
            let whole = u128::from_le_bytes(*b"0123456789abcdef");
            let yes = u128::from(u32::from_le_bytes(*b"true"));
            assert_eq!(words, [Some(0x6261), Some(0), None, Some(whole), None, Some(yes), None, None, None]);
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
        check(json, "requestParameters", &[r#"{"tags":[{"k":"a"},{"k":"b"}],"n":5}"#]);
        check(json, "managementEvent", &["false"]);
    }

    #[test]
    fn aggregated_events_have_an_id_and_a_time() {
        let json = r#"{"eventVersion":"1.0","eventId":"e-1","timeWindow":{"windowStart":"2024-05-06T07:00:00Z"}}"#;
        check(json, "eventID", &["e-1"]);
        check(json, "eventTime", &["2024-05-06T07:00:00Z"]);
        assert!(with_record(json, |record| record.is_event()));
        check(
            r#"{"eventVersion":"1.05","@timestamp":"2020-09-14T00:44:23.000Z"}"#,
            "eventTime",
            &["2020-09-14T00:44:23.000Z"],
        );
    }

    #[test]
    fn the_table_of_keys_is_in_order() {
        for (index, (_, key)) in KEYS.iter().enumerate() {
            assert_eq!(*key as usize, index);
        }
    }
}
