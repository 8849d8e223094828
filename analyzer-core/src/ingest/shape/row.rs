//! Rows of named values, and the records that are made of them.

use super::carrier::{self, Miss, elements, members};
use super::names::{Kind, Known, Name, resolve};
use super::structs::{Node, is_missing, node};
use crate::event::parse_time;
use crate::ingest::json::unescape;
use crate::ingest::memo::Memo;
use crate::ingest::record::Spans;
use crate::order;
use crate::problem::{Reason, Shape};
use std::borrow::Cow;
use std::ops::Range;

/// A row may have this many columns: far more than fields of a record.
pub const MAX_COLUMNS: usize = 1_000;

/// The fields that detections read and that a row may have no column for.
const READ_BY_DETECTIONS: [&str; 9] = [
    "eventID",
    "eventTime",
    "eventSource",
    "eventName",
    "sourceIPAddress",
    "userAgent",
    "userIdentity.type",
    "userIdentity.arn",
    "requestParameters",
];

/// Which of them have a column: one bit for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Columns(u16);

impl Columns {
    /// Those of these names.
    pub fn of<'n>(names: impl Iterator<Item = &'n Name>) -> Columns {
        let mut columns = Columns::default();
        for name in names.filter(|name| name.known != Known::No) {
            let path = name.path.join(".");
            let is_in = |whole: &str, part: &str| part.strip_prefix(whole).is_some_and(|rest| rest.starts_with('.'));
            for (at, field) in READ_BY_DETECTIONS.iter().enumerate() {
                if *field == path || is_in(&path, field) || is_in(field, &path) {
                    columns.0 |= 1 << at;
                }
            }
        }
        columns
    }

    /// Those of both.
    pub fn or(self, other: Columns) -> Columns {
        Columns(self.0 | other.0)
    }

    /// The fields without a column.
    pub fn lacking(self) -> Vec<&'static str> {
        (0..).zip(READ_BY_DETECTIONS).filter(|(at, _)| self.0 & 1 << at == 0).map(|(_, field)| field).collect()
    }
}

/// A record that was made of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Its JSON.
    pub text: String,
    /// Which columns the row has.
    pub columns: Columns,
    /// A spreadsheet rounded an account number of the row.
    pub rounded: bool,
}

/// What an array of named values holds.
pub enum JsonRow<'a> {
    /// One of its values is a record.
    Carried {
        /// The record.
        text: Cow<'a, str>,
        /// Where its values are.
        spans: Box<Spans>,
        /// The JSON string that holds it, as bytes of the row.
        held: Range<usize>,
    },
    /// A record can be made of them.
    Made(Made),
    /// None can.
    Rejected(Reason),
}

/// The name of a value, and where in its row that is.
type JsonCell = (Name, Range<usize>);

/// Reads a well-formed array as a row: `[{"field":"eventName","value":"x"},…]` of Logs Insights, or
/// `[{"eventName":"x"},…]` of CloudTrail Lake. `None` if it is none.
pub fn read_json<'a>(array: &'a str, memo: &mut Memo) -> Option<(Shape, JsonRow<'a>)> {
    let (shape, cells) = json_cells(array)?;
    let mut reason = Reason::NotAnEvent;
    for (name, value) in &cells {
        let json = &array[value.clone()];
        if name.known == Known::Carrier && carrier::string_may_be_record(json) {
            match carrier::in_text(unescape(json), memo) {
                Ok((text, spans)) => {
                    return Some((shape, JsonRow::Carried { text, spans: spans.into(), held: value.clone() }));
                }
                Err(Miss::Rejected(why)) => reason = why,
                Err(Miss::Control) => {}
            }
        }
    }
    Some((shape, make_json(array, &cells).map_or(JsonRow::Rejected(reason), JsonRow::Made)))
}

/// The record that is made of a row in JSON, as it is kept.
pub fn from_json(array: &str) -> Option<(Shape, Made)> {
    let (shape, cells) = json_cells(array)?;
    Some((shape, make_json(array, &cells)?))
}

fn make_json(array: &str, cells: &[JsonCell]) -> Option<Made> {
    let text_of = |value: &Range<usize>| unescape(&array[value.clone()]);
    let columns = Columns::of(cells.iter().map(|(name, _)| name));
    make(cells.iter().map(|(name, value)| (name, text_of(value))), columns)
}

/// The names of a row in JSON, and where their values are.
fn json_cells(array: &str) -> Option<(Shape, Vec<JsonCell>)> {
    let mut shape = Shape::LakeQuery;
    let mut cells = Vec::new();
    for element in elements(array) {
        let object = &array[element.clone()];
        if !object.starts_with('{') || cells.len() >= MAX_COLUMNS {
            return None;
        }
        let within = |value: Range<usize>| element.start + value.start..element.start + value.end;
        let mut pairs = members(object);
        match (pairs.next(), pairs.next(), pairs.next()) {
            (Some(("field", name)), Some(("value", value)), None) => {
                shape = Shape::LogsInsights;
                cells.push((resolve(&unescape(&object[name])), within(value)));
            }
            // Logs Insights names a field without a value, too.
            (Some(("field", _)), None, None) => shape = Shape::LogsInsights,
            (Some((name, value)), None, None) => cells.push((resolve(name), within(value))),
            (None, None, None) => {}
            _ => return None,
        }
    }
    (!cells.is_empty()).then_some((shape, cells))
}

/// Makes the record of a row; `None` if all its values are missing, or if it is a line of a log that is no record: one
/// with a text in a column for whole records, and neither the name of an event nor its id.
pub fn make<'n, 't>(cells: impl Iterator<Item = (&'n Name, Cow<'t, str>)>, columns: Columns) -> Option<Made> {
    let mut rounded = false;
    let mut values: Vec<(&Name, Node)> = Vec::new();
    for (name, text) in cells {
        if is_missing(&text) {
            continue;
        }
        if name.kind == Kind::Account && is_rounded(text.trim()) {
            rounded = true;
            continue;
        }
        values.push((name, value(name.kind, &text)));
    }
    let has = |wanted: &str| values.iter().any(|(name, _)| matches!(name.path.as_slice(), [key] if key == wanted));
    let is_log_line = values.iter().any(|(name, _)| name.known == Known::Carrier);
    if values.is_empty() || is_log_line && !has("eventName") && !has("eventID") {
        return None;
    }
    order::sort_by_key(&mut values, |(name, _)| name.order);
    let mut record = Vec::new();
    for (name, value) in values {
        insert(&mut record, &name.path, value);
    }
    let mut text = String::new();
    Node::Object(record).write(&mut text);
    Some(Made { text, columns, rounded })
}

/// Puts a value where its path leads. What is there already stays: a column of the whole says more than one of a part.
fn insert(members: &mut Vec<(String, Node)>, path: &[String], value: Node) {
    let Some((key, rest)) = path.split_first() else { return };
    let known = members.iter().position(|(known, _)| known == key);
    match (known.and_then(|at| members.get_mut(at)), rest) {
        (None, []) => members.push((key.clone(), value)),
        (None, _) => {
            let mut inner = Vec::new();
            insert(&mut inner, rest, value);
            members.push((key.clone(), Node::Object(inner)));
        }
        (Some((_, Node::Object(inner))), [_, ..]) => insert(inner, rest, value),
        (Some(_), _) => {}
    }
}

fn value(kind: Kind, text: &str) -> Node {
    let plain = text.trim();
    match kind {
        Kind::Text => Node::Text(text.to_owned()),
        Kind::Bool if plain.eq_ignore_ascii_case("true") => Node::Json("true".to_owned()),
        Kind::Bool if plain.eq_ignore_ascii_case("false") => Node::Json("false".to_owned()),
        Kind::Bool => Node::Text(text.to_owned()),
        Kind::Time => Node::Text(time(plain).unwrap_or_else(|| text.to_owned())),
        // A spreadsheet drops the zeros before a number.
        Kind::Account if plain.bytes().all(|c| c.is_ascii_digit()) => Node::Text(format!("{plain:0>12}")),
        Kind::Account => Node::Text(text.to_owned()),
        Kind::Struct | Kind::Resources | Kind::Free => node(text, kind),
    }
}

/// Whether a spreadsheet wrote the number in powers of ten.
fn is_rounded(text: &str) -> bool {
    let power = text.split_once(['E', 'e']);
    power.is_some_and(|(digits, power)| {
        let is_number = |text: &str, more: char| text.chars().all(|c| c.is_ascii_digit() || c == more || c == ',');
        digits.starts_with(|c: char| c.is_ascii_digit()) && is_number(digits, '.') && is_number(power, '+')
    })
}

/// A time as query engines and consoles write it, in RFC 3339: `2023-07-10 11:42:36.000 UTC`,
/// `2023-07-10, 11:42:36 AM`, seconds or milliseconds since 1970. UTC, unless it says otherwise.
fn time(text: &str) -> Option<String> {
    if parse_time(text).is_some() && text.as_bytes().get(10) == Some(&b'T') {
        return Some(text.to_owned());
    }
    if text.len() >= 9 && text.bytes().all(|c| c.is_ascii_digit() || c == b'.') {
        let number: f64 = text.parse().ok()?;
        let ms = if number >= 1e11 { number } else { number * 1_000.0 };
        return (ms < 1e14).then(|| crate::event::format_time(ms as i64));
    }
    let (date, rest) = text.split_at_checked(10)?;
    let rest = rest.trim_start_matches([' ', ',', 'T']);
    let clock_length = rest.find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.')).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at_checked(clock_length)?;
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let mut parts = clock.splitn(3, ':').map(str::parse::<u32>);
    let (mut hour, minute, second) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next().unwrap_or(Ok(0)).ok()?);
    let mut zone = zone.trim();
    for (half, noon) in [("AM", 0), ("PM", 12)] {
        if let Some(rest) = zone.strip_prefix(half) {
            hour = hour % 12 + noon;
            zone = rest.trim();
        }
    }
    let zone = if matches!(zone, "" | "UTC" | "GMT") { "Z" } else { zone };
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    let time = format!("{date}T{hour:02}:{minute:02}:{second:02}{point}{fraction}{zone}");
    parse_time(&time).map(|_| time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cells: &[(&str, &str)], expected: &str) {
        let names: Vec<Name> = cells.iter().map(|(name, _)| resolve(name)).collect();
        let values = names.iter().zip(cells).map(|(name, (_, text))| (name, Cow::Borrowed(*text)));
        let made = make(values, Columns::default()).map(|made| made.text);
        assert_eq!(made.unwrap_or_default(), expected, "{cells:?}");
    }

    #[test]
    fn records() {
        check(
            &[("Event name", "A"), ("User name", "bob"), ("Read-only", "TRUE"), ("useridentity.type", "Root")],
            r#"{"userIdentity":{"type":"Root","userName":"bob"},"eventName":"A","readOnly":true}"#,
        );
        check(
            &[("useridentity", "{type=Root}"), ("useridentity.arn", "a")],
            r#"{"userIdentity":{"type":"Root","arn":"a"}}"#,
        );
        check(&[("useridentity", r#"{"type":"Root"}"#), ("arn", "a")], r#"{"userIdentity":{"type":"Root"}}"#);
        check(&[("resources.0.ARN", "a"), ("resources.1.ARN", "b")], r#"{"resources":[{"ARN":"a"},{"ARN":"b"}]}"#);
        check(&[("recipientAccountId", "12345678901"), ("x", "1")], r#"{"recipientAccountId":"012345678901","x":"1"}"#);
        check(&[("recipientAccountId", "5.28758E+11"), ("eventName", "A")], r#"{"eventName":"A"}"#);
        check(&[("eventName", "null"), ("errorCode", "-"), ("userAgent", " ")], "");
        check(&[("requestparameters", r#"{"a": [1]}"#)], r#"{"requestParameters":{"a": [1]}}"#);
    }

    #[test]
    fn times() {
        for (text, expected) in [
            ("2023-07-10T11:42:36Z", Some("2023-07-10T11:42:36Z")),
            ("2023-07-10 11:42:36.000", Some("2023-07-10T11:42:36Z")),
            ("2023-07-10 11:42:36.120 UTC", Some("2023-07-10T11:42:36.12Z")),
            ("2023-07-10, 01:42:36 PM", Some("2023-07-10T13:42:36Z")),
            ("2023-07-10 12:00 AM", Some("2023-07-10T00:00:00Z")),
            ("2023-07-10 11:42:36+02:00", Some("2023-07-10T11:42:36+02:00")),
            ("1688989356", Some("2023-07-10T11:42:36Z")),
            ("1688989356000", Some("2023-07-10T11:42:36Z")),
            ("10/07/2023 11:42", None),
            ("2023-07-10", None),
            ("", None),
        ] {
            assert_eq!(time(text).as_deref(), expected, "{text}");
        }
    }
}
