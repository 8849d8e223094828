//! The shapes in which records come, told by content: what carries a record, and what a record is made of. See the
//! README of `ingest`.

pub(super) mod carrier;
pub(super) mod csv;
pub(super) mod envelope;
mod names;
pub(super) mod row;
#[cfg(test)]
pub(crate) mod samples;
mod structs;

use crate::event::Form;
use crate::ingest::json;
use crate::ingest::memo::Memo;
use carrier::in_text;
pub(super) use csv::MAX_FIRST_ROW;

/// A digest or signature file: it holds no events, and is kept so that logs can be verified with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// Ordinal of its source.
    pub source: u32,
    /// Which member of the source, if that is an archive: see [`crate::event::Location`].
    pub member: u32,
    /// Offset of its first byte in the text of the member.
    pub offset: u64,
    /// Its text: one JSON object.
    pub text: String,
}

/// The JSON of the record that was kept from `span`, the bytes at an event's [`crate::event::Location`]. For
/// [`Form::CsvRow`] the first bytes of the same text are needed: the whole first row, and [`csv::MAX_FIRST_ROW`] bytes
/// are always enough. `None` if the span holds no record: then it is not from the location of one.
pub fn restore(form: Form, span: &[u8], first_row: Option<&[u8]>) -> Option<String> {
    let text = std::str::from_utf8(span).ok()?;
    let mut memo = Memo::new(0);
    Some(match form {
        Form::Record => text.to_owned(),
        Form::JsonText => in_text(json::unescape(text), &mut memo).ok()?.0.into_owned(),
        Form::JsonRow => row::from_json(text)?.1.text,
        Form::CsvCell => in_text(csv::text_of(text), &mut memo).ok()?.0.into_owned(),
        Form::CsvRow => csv::Table::of(first_row?)?.make(text)?.text,
    })
}

#[cfg(test)]
mod tests;
