//! Objects and texts that carry a record: which member holds it, and as what.

use crate::event::Form;
use crate::ingest::json::{self, Stop};
use crate::ingest::memo::Memo;
use crate::ingest::record::{self, Record, Spans};
use crate::problem::{Reason, Shape};
use crate::said::phrase;
use std::borrow::Cow;
use std::ops::Range;

/// A record may be wrapped this many times, each time in an object or a text.
const MAX_LEVEL: u32 = 5;

/// Members that may hold a record or a further carrier, and the shape that they tell. The first one that does counts.
/// A `message` alone tells no shape: CloudWatch Logs and Logstash have it.
const CARRIERS: [(&str, Option<Shape>); 11] = [
    ("CloudTrailEvent", Some(Shape::LookupEvents)),
    ("detail", Some(Shape::EventBridge)),
    ("_source", Some(Shape::Elastic)),
    ("event.original", Some(Shape::Elastic)),
    ("original", Some(Shape::Elastic)),
    ("result", Some(Shape::Splunk)),
    ("_raw", Some(Shape::Splunk)),
    ("event", Some(Shape::Splunk)),
    ("@message", Some(Shape::LogsInsights)),
    ("eventJson", Some(Shape::LakeQuery)),
    ("message", None),
];

/// Where a carrier's text starts like this, it is a test of the subscription by CloudWatch Logs.
const CONTROL_MESSAGE: &str = "CWL CONTROL MESSAGE";

/// A record that was found in what carries it.
pub struct Carried<'a> {
    /// The record.
    pub text: Cow<'a, str>,
    /// Where its values are.
    pub spans: Spans,
    /// What holds it, as bytes of the carrier.
    pub held: Range<usize>,
    /// How that holds it.
    pub form: Form,
    /// The shape that the carrier tells.
    pub shape: Option<Shape>,
}

/// Why no record was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Miss {
    /// There is none, or it cannot be read.
    Rejected(Reason),
    /// It is a control message of CloudWatch Logs.
    Control,
}

/// The record that a well-formed object carries.
pub fn in_object<'a>(object: &'a str, memo: &mut Memo) -> Result<Carried<'a>, Miss> {
    object_at(object, 0, memo)
}

/// The record that a text is, or carries.
pub fn in_text<'a>(text: Cow<'a, str>, memo: &mut Memo) -> Result<(Cow<'a, str>, Spans), Miss> {
    text_at(text, 0, memo)
}

/// Whether a text starts as a record does: the cheap question before it is unescaped.
fn may_be_record(text: &str) -> bool {
    text.trim_start().starts_with('{')
}

/// The same of a JSON string.
pub fn string_may_be_record(json: &str) -> bool {
    let mut rest = json.strip_prefix('"').unwrap_or_default();
    loop {
        let text = rest.trim_start();
        match [r"\n", r"\r", r"\t"].iter().find_map(|space| text.strip_prefix(space)) {
            Some(more) => rest = more,
            None => return text.starts_with('{'),
        }
    }
}

fn object_at<'a>(object: &'a str, level: u32, memo: &mut Memo) -> Result<Carried<'a>, Miss> {
    let mut found: [Option<Range<usize>>; CARRIERS.len()] = Default::default();
    for (key, value) in members(object) {
        if key == "class_uid" {
            return Err(Miss::Rejected(Reason::Ocsf));
        }
        if let Some(at) = CARRIERS.iter().position(|(carrier, _)| *carrier == key) {
            found[at] = Some(value);
        }
    }
    let mut miss = Miss::Rejected(Reason::NotAnEvent);
    for ((key, shape), held) in CARRIERS.iter().zip(found) {
        let Some(held) = held else { continue };
        match value_at(object, held, level, memo) {
            // What lies under `event` is Splunk's, but `original` below it tells more.
            Ok(carried) if *key == "event" => return Ok(Carried { shape: carried.shape.or(*shape), ..carried }),
            Ok(carried) => return Ok(Carried { shape: shape.or(carried.shape), ..carried }),
            Err(Miss::Rejected(Reason::NotAnEvent)) => {}
            Err(other) if miss == Miss::Rejected(Reason::NotAnEvent) => miss = other,
            Err(_) => {}
        }
    }
    Err(miss)
}

/// The record in the value of a carrier's member, at `held` in the carrier.
fn value_at<'a>(object: &'a str, held: Range<usize>, level: u32, memo: &mut Memo) -> Result<Carried<'a>, Miss> {
    let json = &object[held.clone()];
    if level >= MAX_LEVEL {
        return Err(Miss::Rejected(Reason::NotAnEvent));
    }
    if json.starts_with('{') {
        let mut spans = Spans::default();
        record::scan(json.as_bytes(), 0, memo, &mut spans).map_err(rejected)?;
        if Record::new(json.as_bytes(), &spans).is_event() {
            return Ok(Carried { text: Cow::Borrowed(json), spans, held, form: Form::Record, shape: None });
        }
        let inner = object_at(json, level + 1, memo)?;
        return Ok(Carried { held: held.start + inner.held.start..held.start + inner.held.end, ..inner });
    }
    if json.strip_prefix('"').is_some_and(|text| text.starts_with(CONTROL_MESSAGE)) {
        return Err(Miss::Control);
    }
    if !string_may_be_record(json) {
        return Err(Miss::Rejected(Reason::NotAnEvent));
    }
    let (text, spans) = text_at(json::unescape(json), level + 1, memo)?;
    Ok(Carried { text, spans, held, form: Form::JsonText, shape: None })
}

fn text_at<'a>(text: Cow<'a, str>, level: u32, memo: &mut Memo) -> Result<(Cow<'a, str>, Spans), Miss> {
    if !may_be_record(&text) {
        return Err(Miss::Rejected(Reason::NotAnEvent));
    }
    let start = text.find('{').unwrap_or_default();
    let mut spans = Spans::default();
    let end = record::scan(text.as_bytes(), start, memo, &mut spans).map_err(rejected)?;
    if let Some(more) = text[end..].find(|c: char| !c.is_whitespace()) {
        let at = (end - start + more) as u64;
        return Err(Miss::Rejected(Reason::Broken { at, what: phrase("expected the end of the text") }));
    }
    if Record::new(&text.as_bytes()[start..end], &spans).is_event() {
        return Ok((part(text, start..end), spans));
    }
    let inner = object_at(&text[start..end], level + 1, memo)?;
    Ok((Cow::Owned(inner.text.into_owned()), inner.spans))
}

fn part(text: Cow<'_, str>, range: Range<usize>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[range]),
        Cow::Owned(text) if range.len() == text.len() => Cow::Owned(text),
        Cow::Owned(text) => Cow::Owned(text[range].to_owned()),
    }
}

fn rejected(stop: Stop) -> Miss {
    Miss::Rejected(match stop {
        Stop::More => Reason::CutOff,
        Stop::Broken { at, what } => Reason::Broken { at: at as u64, what },
    })
}

/// The members of a well-formed object: keys as they stand, and where the values are.
pub fn members(object: &str) -> impl Iterator<Item = (&str, Range<usize>)> {
    let b = object.as_bytes();
    let mut at = json::skip_space(b, 1);
    std::iter::from_fn(move || {
        let key_end = json::skip_string(b, at).ok().filter(|_| b.get(at) == Some(&b'"'))?;
        let key = object.get(at + 1..key_end - 1)?;
        let value = json::skip_space(b, json::skip_key(b, at).ok()?);
        let end = json::skip_value(b, value).ok()?;
        at = json::skip_space(b, end);
        if b.get(at) == Some(&b',') {
            at = json::skip_space(b, at + 1);
        }
        Some((key, value..end))
    })
}

/// The elements of a well-formed array.
pub fn elements(array: &str) -> impl Iterator<Item = Range<usize>> {
    let b = array.as_bytes();
    let mut at = json::skip_space(b, 1);
    std::iter::from_fn(move || {
        if matches!(b.get(at), None | Some(b']')) {
            return None;
        }
        let start = at;
        // A number that ends the text has no end of its own: then the array is not well-formed.
        let end = json::skip_value(b, start).ok()?;
        at = json::skip_space(b, end);
        if b.get(at) == Some(&b',') {
            at = json::skip_space(b, at + 1);
        }
        Some(start..end)
    })
}
