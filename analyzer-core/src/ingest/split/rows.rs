//! Everything but objects: texts that are records, rows of named values, tables, and what stands before records in
//! their lines.

use super::{MAX_RECORD, Piece, Place, Sink, Splitter, Step};
use crate::event::Form;
use crate::ingest::json;
use crate::ingest::record::{self, Key, Record, Spans};
use crate::ingest::seek::{Next, Opening, Seek, Target};
use crate::ingest::shape::carrier::{Miss, in_text, string_may_be_record};
use crate::ingest::shape::csv::{self, MAX_FIRST_ROW, RowEnd, Table};
use crate::ingest::shape::row::{JsonRow, Made, read_json};
use crate::problem::{NotCloudTrail, Reason, Shape};
use crate::said::phrase;
use std::ops::Range;
use std::sync::Arc;

/// Between a time at the start of a line and the record stands at most the name of a log stream (512 characters).
const MAX_STAMP: usize = 1 << 10;

/// What stands before records in their lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lines {
    /// Nothing.
    Plain,
    /// A time, as in exports of CloudWatch Logs.
    Stamped,
}

impl Lines {
    /// The shape of records in such lines.
    pub fn shape(self) -> Shape {
        match self {
            Lines::Plain => Shape::JsonLines,
            Lines::Stamped => Shape::CloudWatchLogs,
        }
    }

    /// At what reading can go on behind a damaged record.
    pub fn target(self, document: Opening) -> Target {
        match self {
            Lines::Plain => Target::Document(document),
            Lines::Stamped => Target::Line,
        }
    }

    /// Whether what follows a record can start with this byte, besides brackets.
    pub fn start_with(self, byte: u8) -> bool {
        self == Lines::Stamped && byte.is_ascii_digit()
    }
}

impl Splitter {
    /// A document that starts with no bracket.
    pub(super) fn text(&mut self, b: &[u8], sink: &mut Sink) -> Step {
        match (b.get(self.at), b.get(self.at + 1)) {
            (Some(b'"'), None) if !self.ended => return Step::Wait,
            (Some(b'"'), Some(b'{')) => {
                self.seen.text = true;
                return self.string(b, sink);
            }
            _ => {}
        }
        match stamped(b, self.at, self.ended) {
            Next::Found(record) => {
                self.lines = Lines::Stamped;
                self.at = record;
                return self.object(b, sink);
            }
            Next::Undecided(_) => return Step::Wait,
            Next::Nowhere => {}
        }
        if self.seen.text { self.stray_line(b, sink) } else { self.first_row(b, sink) }
    }

    /// A first line that is no JSON: the first row of a table, or the source is something else.
    fn first_row(&mut self, b: &[u8], sink: &mut Sink) -> Step {
        let head = &b[self.at..b.len().min(self.at + MAX_FIRST_ROW)];
        let end = match memchr::memchr(b'\n', head) {
            Some(length) => self.at + length,
            None if head.len() == MAX_FIRST_ROW => return self.ignore(NotCloudTrail::NotJson, sink),
            None if self.ended => b.len(),
            None => return Step::Wait,
        };
        let Some(table) = Table::of(&b[self.at..end]) else { return self.ignore(NotCloudTrail::NotJson, sink) };
        (self.seen.text, self.seen.record_array) = (true, true);
        self.place = Place::Table(Arc::new(table));
        self.at = end;
        Step::Again
    }

    /// Text between documents: rejected up to the end of its line, or up to the next record of a damaged array.
    fn stray_line(&mut self, b: &[u8], sink: &mut Sink) -> Step {
        let room = self.room(b);
        let end = match memchr::memchr(b'\n', &room[self.at..]) {
            Some(length) => self.at + length,
            None if b.len() - self.at > MAX_RECORD => return self.start_trouble(b, Some(Reason::NotJson)),
            None if self.ended => b.len(),
            None => return Step::Wait,
        };
        let next = match self.seen.record_array {
            true => Seek::new(self.offset(), 0).find(&b[..end], self.base, &Target::Element(Opening::default()), true),
            false => Next::Nowhere,
        };
        match next {
            Next::Found(next) => self.resume(next, sink),
            Next::Undecided(_) | Next::Nowhere => self.reject(end, Reason::NotJson, sink),
        }
    }

    /// A JSON string whose text may be a record.
    pub(super) fn string(&mut self, b: &[u8], sink: &mut Sink) -> Step {
        let end = match json::skip_string(self.room(b), self.at) {
            Ok(end) => end,
            Err(stop) => return self.stopped(b, stop, sink),
        };
        let text = match std::str::from_utf8(&b[self.at..end]) {
            Ok(text) => text,
            Err(error) => return self.reject(end, Reason::NotUtf8 { at: error.valid_up_to() as u64 }, sink),
        };
        if !string_may_be_record(text) {
            return self.reject(end, Reason::NotAnObject, sink);
        }
        self.learn_element(b);
        match in_text(json::unescape(text), &mut self.memo) {
            Ok((text, spans)) => {
                self.keep(&text, spans, self.at..end, Form::JsonText, self.shape(), sink);
                self.at = end;
                Step::Again
            }
            Err(miss) => self.reject(end, reason_of(miss), sink),
        }
    }

    /// An element that is an array: a row of named values.
    pub(super) fn row(&mut self, b: &[u8], sink: &mut Sink) -> Step {
        let end = match json::skip_value(self.room(b), self.at) {
            Ok(end) => end,
            Err(stop) => return self.stopped(b, stop, sink),
        };
        self.learn_element(b);
        let row = match std::str::from_utf8(&b[self.at..end]) {
            Ok(text) => text,
            Err(error) => return self.reject(end, Reason::NotUtf8 { at: error.valid_up_to() as u64 }, sink),
        };
        match read_json(row, &mut self.memo) {
            None => self.reject(end, Reason::NotAnObject, sink),
            Some((shape, JsonRow::Carried { text, spans, held })) => {
                let held = self.at + held.start..self.at + held.end;
                self.keep(&text, *spans, held, Form::JsonText, shape, sink);
                self.at = end;
                Step::Again
            }
            Some((_, JsonRow::Rejected(reason))) => self.reject(end, reason, sink),
            Some((shape, JsonRow::Made(made))) => self.made(&made, self.at..end, Form::JsonRow, shape, sink),
        }
    }

    /// The next row of a table.
    pub(super) fn table(&mut self, b: &[u8], sink: &mut Sink) -> Step {
        let Place::Table(table) = &self.place else { return Step::Wait };
        let table = Arc::clone(table);
        while matches!(b.get(self.at), Some(b'\r' | b'\n')) {
            self.at += 1;
        }
        if self.at >= b.len() {
            return Step::Wait;
        }
        let room = self.room(b);
        let (end, next) = match csv::row_end(room, self.at, table.delimiter) {
            RowEnd::At { end, next } => (end, next),
            RowEnd::Broken { at, what } => {
                let at = (at - self.at) as u64;
                return self.start_trouble(b, Some(Reason::Broken { at, what }));
            }
            RowEnd::More { .. } if room.len() < b.len() => {
                return self.start_trouble(b, Some(Reason::TooLong { limit: MAX_RECORD as u64 }));
            }
            RowEnd::More { open: true } if self.ended => return self.start_trouble(b, Some(Reason::CutOff)),
            RowEnd::More { .. } if self.ended => (b.len() - usize::from(b.ends_with(b"\r")), b.len()),
            RowEnd::More { .. } => return Step::Wait,
        };
        let row = match std::str::from_utf8(&b[self.at..end]) {
            Ok(row) => row,
            Err(error) => return self.reject(end, Reason::NotUtf8 { at: error.valid_up_to() as u64 }, sink),
        };
        // Without a line break behind it, a row that lacks cells is more likely cut off than short.
        let ends_in_line_break = next > end && b.get(next - 1) == Some(&b'\n');
        let width = csv::cells(row, table.delimiter).take(table.width() + 1).count();
        if table.is_first_row(row) || row.bytes().all(|c| c == table.delimiter || c == b'"' || c.is_ascii_whitespace())
        {
            self.at = next;
            return Step::Again;
        }
        if !ends_in_line_break && width < table.width() {
            return self.reject(next, Reason::CutOff, sink);
        }
        if let Some(extra) =
            csv::cells(row, table.delimiter).skip(table.width()).find(|cell| !row[cell.clone()].is_empty())
        {
            let what = phrase("more cells than the first row has");
            return self.reject(end, Reason::Broken { at: extra.start as u64, what }, sink);
        }
        self.table_row(&table, row, sink);
        self.at = next;
        Step::Again
    }

    fn table_row(&mut self, table: &Table, row: &str, sink: &mut Sink) {
        let mut reason = Reason::NotAnEvent;
        for cell in table.carriers(row) {
            match in_text(csv::text_of(&row[cell.clone()]), &mut self.memo) {
                Ok((text, spans)) => {
                    let held = self.at + cell.start..self.at + cell.end;
                    return self.keep(&text, spans, held, Form::CsvCell, table.shape, sink);
                }
                Err(miss) if reason == Reason::NotAnEvent => reason = reason_of(miss),
                Err(_) => {}
            }
        }
        let end = self.at + row.len();
        match table.make(row) {
            Some(made) => self.made(&made, self.at..end, Form::CsvRow, table.shape, sink),
            None => self.reject(end, reason, sink),
        };
    }

    /// Keeps a record that was made of a row, if it says what happened, or when.
    fn made(&mut self, made: &Made, held: Range<usize>, form: Form, shape: Shape, sink: &mut Sink) -> Step {
        let mut spans = Spans::default();
        match record::scan(made.text.as_bytes(), 0, &mut self.memo, &mut spans) {
            Ok(_) => {}
            // A cell may nest too deep.
            Err(json::Stop::Broken { what, .. }) => return self.reject(held.end, Reason::Broken { at: 0, what }, sink),
            Err(json::Stop::More) => return self.reject(held.end, Reason::CutOff, sink),
        }
        let record = Record::new(made.text.as_bytes(), &spans);
        if [Key::EventName, Key::EventId, Key::EventTime].iter().all(|key| record.json(*key).is_none()) {
            return self.reject(held.end, Reason::NotAnEvent, sink);
        }
        let (_, columns) = self.seen.rows.unwrap_or((shape, made.columns));
        self.seen.rows = Some((shape, columns.or(made.columns)));
        self.seen.rounded += u64::from(made.rounded);
        let end = held.end;
        self.keep(&made.text, spans, held, form, shape, sink);
        self.at = end;
        Step::Again
    }

    /// Hands on a record and says what holds it.
    fn keep(&mut self, text: &str, spans: Spans, held: Range<usize>, form: Form, shape: Shape, sink: &mut Sink) {
        self.seen.event = true;
        let (offset, length) = (self.base + held.start as u64, held.len() as u32);
        sink(Piece::Event { record: Record::new(text.as_bytes(), &spans), offset, length, form, shape });
    }
}

fn reason_of(miss: Miss) -> Reason {
    match miss {
        Miss::Rejected(reason) => reason,
        Miss::Control => Reason::NotAnEvent,
    }
}

/// Whether a line starts with a time, and a record follows in it: where that starts.
fn stamped(b: &[u8], start: usize, ended: bool) -> Next {
    const TIME: &[u8] = b"0000-00-00T00:00";
    let room = &b[start..b.len().min(start + MAX_STAMP)];
    let fits = |(c, like): (&u8, &u8)| {
        if *like == b'0' { c.is_ascii_digit() } else { c == like || *like == b'T' && *c == b' ' }
    };
    if !room.iter().zip(TIME).all(fits) {
        return Next::Nowhere;
    }
    match memchr::memchr2(b'{', b'\n', room) {
        Some(found) if room.get(found) == Some(&b'{') && found > TIME.len() => Next::Found(start + found),
        None if !ended && room.len() < MAX_STAMP => Next::Undecided(start),
        _ => Next::Nowhere,
    }
}
