//! Finds the records in inflated bytes: in the array of a document, in a bare array, in objects one after another, in
//! the rows of a table, and in whatever carries records there (see `shape`).
//!
//! What is broken is named and passed over; reading goes on at the next thing that looks like a record. The bytes are
//! read where they are: only what straddles two pieces is copied, at most one record. However the bytes are cut, the
//! same is said of them.

mod damage;
mod rows;
mod seen;

use super::json::{self, Brackets};
use super::memo::Memo;
use super::record::{self, Record, Spans};
use super::seek::{Next, Opening, Seek, Target, Trouble};
use super::shape::carrier::{Carried, Miss, in_object};
use super::shape::csv::Table;
use super::shape::envelope::{self, Array, Envelope};
use crate::event::Form;
use crate::problem::{Fault, NotCloudTrail, Note, Reason, Rejection, Shape};
use rows::Lines;
use seen::{Seen, is_digest, is_signature};
use std::sync::Arc;

/// A record may be this long, in bytes. CloudTrail's own limit is 256 KB, CloudTrail Lake's 1 MB.
pub const MAX_RECORD: usize = 8 << 20;

/// What straddles two pieces is copied in steps of this many bytes, or of half of what is there if that is more. It is
/// not read again before it grew by half: then no byte is read often.
const CARRY_STEP: usize = 4 << 10;

/// What the splitter has to say, in the order of the source.
#[derive(Debug)]
pub enum Piece<'a> {
    /// A well-formed event.
    Event {
        /// The record.
        record: Record<'a>,
        /// Offset of the bytes that hold it.
        offset: u64,
        /// How many bytes hold it.
        length: u32,
        /// How they hold it.
        form: Form,
        /// What the source is, as far as this event tells.
        shape: Shape,
    },
    /// A record that could not be read.
    Rejected(Rejection),
    /// A digest or signature file.
    Digest {
        /// Its text.
        text: &'a str,
        /// Offset of its first byte.
        offset: u64,
    },
    /// A fault of the source itself.
    Fault(Fault),
    /// Something to know about it.
    Note(Note),
}

type Sink<'s> = dyn FnMut(Piece) + 's;

/// Where in the source the splitter is.
#[derive(Clone, Debug)]
enum Place {
    /// Between documents, or before the first.
    Document,
    /// Inside an array of records or of what carries them.
    Array,
    /// Behind that array, inside the objects that it is in.
    Tail {
        brackets: Brackets,
        /// Offset up to which the brackets were counted.
        counted: u64,
        /// Looks for a record: then it was not the end of the array.
        seek: Seek,
    },
    /// Among the rows of a table.
    Table(Arc<Table>),
    /// Not CloudTrail: the rest is not looked at.
    Ignored,
}

/// Whether a step could do something, or needs more bytes.
#[derive(PartialEq)]
enum Step {
    Again,
    Wait,
}

/// The state of splitting one source.
pub struct Splitter {
    place: Place,
    /// The array that was entered last.
    array: Array,
    /// How its elements start.
    element: Opening,
    /// How documents start.
    document: Opening,
    /// What stands before records in their lines.
    lines: Lines,
    /// The reader's memory, while this reads.
    memo: Memo,
    trouble: Option<Trouble>,
    /// The unfinished end of what was pushed.
    carry: Vec<u8>,
    /// The carry is read again when it is this long.
    due: usize,
    /// Offset in the inflated source of the first byte that is looked at.
    base: u64,
    /// Index of the first byte that is not dealt with, among those that are looked at.
    at: usize,
    /// No more bytes will come.
    ended: bool,
    seen: Seen,
}

impl Default for Splitter {
    fn default() -> Self {
        Splitter {
            place: Place::Document,
            array: Array::BARE,
            element: Opening::default(),
            document: Opening::default(),
            lines: Lines::Plain,
            memo: Memo::new(0),
            trouble: None,
            carry: Vec::new(),
            due: 0,
            base: 0,
            at: 0,
            ended: false,
            seen: Seen::default(),
        }
    }
}

impl Splitter {
    /// Reads inflated bytes and hands what they hold to `sink`. The memory is the reader's; it changes no answer.
    pub fn push(&mut self, bytes: &[u8], memo: &mut Memo, sink: &mut Sink) {
        std::mem::swap(&mut self.memo, memo);
        self.read(bytes, sink);
        std::mem::swap(&mut self.memo, memo);
    }

    fn read(&mut self, bytes: &[u8], sink: &mut Sink) {
        let mut rest = bytes;
        while !self.carry.is_empty() && !rest.is_empty() {
            let carried = self.carry.len();
            let taken = (self.due - carried).max(CARRY_STEP).min(rest.len());
            self.carry.extend_from_slice(&rest[..taken]);
            if self.carry.len() < self.due {
                return;
            }
            let mut window = std::mem::take(&mut self.carry);
            let used = self.run(&window, sink);
            if used >= carried {
                // What is left of the window stands in the piece, too.
                rest = &rest[used - carried..];
                window.clear();
            } else {
                rest = &rest[taken..];
                window.drain(..used);
            }
            self.carry_on(window);
        }
        if !rest.is_empty() {
            let used = self.run(rest, sink);
            let mut window = std::mem::take(&mut self.carry);
            window.extend_from_slice(&rest[used..]);
            self.carry_on(window);
        }
    }

    fn carry_on(&mut self, carry: Vec<u8>) {
        self.due = carry.len() + carry.len() / 2;
        self.carry = carry;
    }

    /// No more bytes will come: what is unfinished is cut off.
    pub fn finish(&mut self, memo: &mut Memo, sink: &mut Sink) {
        self.ended = true;
        let window = std::mem::take(&mut self.carry);
        std::mem::swap(&mut self.memo, memo);
        self.run(&window, sink);
        std::mem::swap(&mut self.memo, memo);
        for note in self.seen.notes() {
            sink(Piece::Note(note));
        }
        let fault = match self.place {
            Place::Ignored => None,
            Place::Array | Place::Tail { .. } => Some(Fault::Unfinished),
            Place::Document | Place::Table(_) => self.seen.nothing(),
        };
        if let Some(fault) = fault {
            sink(Piece::Fault(fault));
        }
    }

    /// Reads what it can of these bytes, and returns how many are dealt with.
    fn run(&mut self, b: &[u8], sink: &mut Sink) -> usize {
        loop {
            let step = if self.trouble.is_some() {
                self.pass_over(b, sink)
            } else {
                match &self.place {
                    Place::Document => self.document(b, sink),
                    Place::Array => self.array(b, sink),
                    Place::Tail { .. } => self.tail(b, sink),
                    Place::Table(_) => self.table(b, sink),
                    Place::Ignored => {
                        self.at = b.len();
                        Step::Wait
                    }
                }
            };
            if step == Step::Wait {
                let used = std::mem::take(&mut self.at);
                self.base += used as u64;
                return used;
            }
        }
    }

    /// The bytes in which the record at `at` has to end.
    fn room<'b>(&self, b: &'b [u8]) -> &'b [u8] {
        &b[..b.len().min(self.at.saturating_add(MAX_RECORD))]
    }

    /// The offset of `at` in the inflated source.
    fn offset(&self) -> u64 {
        self.base + self.at as u64
    }

    fn document(&mut self, b: &[u8], sink: &mut Sink) -> Step {
        const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
        if self.offset() == 0 && b.starts_with(BYTE_ORDER_MARK) {
            self.at = BYTE_ORDER_MARK.len();
        }
        self.at = json::skip_space(b, self.at);
        let Some(&first) = b.get(self.at) else { return Step::Wait };
        match first {
            b'{' => self.object(b, sink),
            b'[' => {
                self.seen.text = true;
                self.enter_array(self.at + 1, Array::BARE)
            }
            // The first bytes of a byte order mark that is cut in two.
            0xef if self.base == 0 && b.len() < BYTE_ORDER_MARK.len() && !self.ended => Step::Wait,
            _ => self.text(b, sink),
        }
    }

    /// A document that is an object.
    fn object(&mut self, b: &[u8], sink: &mut Sink) -> Step {
        self.seen.text = true;
        match envelope::open(self.room(b), self.at) {
            Ok(Envelope::Array(inside, array)) => {
                if self.document.is_unknown() {
                    self.document = Opening::learn(b, self.at);
                }
                self.enter_array(inside, array)
            }
            Ok(Envelope::RecordsNotArray) if !self.seen.event => self.ignore(NotCloudTrail::RecordsNotArray, sink),
            Ok(Envelope::RecordsNotArray | Envelope::Other) => self.element(b, sink),
            Err(stop) => self.stopped(b, stop, sink),
        }
    }

    fn enter_array(&mut self, inside: usize, array: Array) -> Step {
        self.seen.record_array = true;
        self.place = Place::Array;
        if self.array != array {
            self.element = Opening::default();
        }
        self.array = array;
        self.at = inside;
        Step::Again
    }

    fn ignore(&mut self, what: NotCloudTrail, sink: &mut Sink) -> Step {
        self.seen.classified = true;
        self.place = Place::Ignored;
        sink(Piece::Fault(Fault::NotCloudTrail(what)));
        Step::Again
    }

    fn array(&mut self, b: &[u8], sink: &mut Sink) -> Step {
        loop {
            self.at = json::skip_space(b, self.at);
            if b.get(self.at) != Some(&b',') {
                break;
            }
            self.at += 1;
        }
        let Some(&first) = b.get(self.at) else { return Step::Wait };
        match first {
            b'{' => self.element(b, sink),
            b']' => {
                self.at += 1;
                self.place = match self.array.depth {
                    0 => Place::Document,
                    depth => Place::Tail {
                        brackets: inside(depth),
                        counted: self.offset(),
                        seek: Seek::new(self.offset(), b']'),
                    },
                };
                Step::Again
            }
            b'[' => self.row(b, sink),
            b'"' => self.string(b, sink),
            b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => match json::skip_value(self.room(b), self.at) {
                Ok(end) => self.reject(end, Reason::NotAnObject, sink),
                Err(stop) => self.stopped(b, stop, sink),
            },
            _ => {
                self.broken_envelope(sink);
                self.start_trouble(b, None)
            }
        }
    }

    fn tail(&mut self, b: &[u8], sink: &mut Sink) -> Step {
        let (base, at) = (self.base, self.at);
        let Place::Tail { brackets, counted, seek } = &mut self.place else { return Step::Wait };
        let from = (*counted - base) as usize;
        let closed = brackets.feed(&b[from..]).map(|length| from + length);
        let limit = closed.unwrap_or(b.len());
        *counted = base + limit as u64;
        let target = Target::Element(Opening::default());
        match (seek.find(&b[..limit], base, &target, self.ended || closed.is_some()), closed) {
            (Next::Found(next), _) => self.resume(next, sink),
            (_, Some(closed)) => {
                self.at = closed;
                self.place = Place::Document;
                Step::Again
            }
            (Next::Undecided(next), None) => {
                self.at = next.max(at);
                Step::Wait
            }
            (Next::Nowhere, None) => {
                self.at = limit;
                Step::Wait
            }
        }
    }

    /// Reads the object at `at` as a record, or as what carries one.
    fn element(&mut self, b: &[u8], sink: &mut Sink) -> Step {
        let mut spans = Spans::default();
        let end = match record::scan(self.room(b), self.at, &mut self.memo, &mut spans) {
            Ok(end) => end,
            Err(stop) => return self.stopped(b, stop, sink),
        };
        let bytes = &b[self.at..end];
        if let Err(error) = spans.check_utf8(bytes) {
            return self.reject(end, Reason::NotUtf8 { at: error.valid_up_to() as u64 }, sink);
        }
        let record = Record::new(bytes, &spans);
        if !record.is_event() {
            return self.carrier(b, end, record.text(), sink);
        }
        let (offset, length, shape) = (self.offset(), bytes.len() as u32, self.shape());
        self.seen.event = true;
        sink(Piece::Event { record, offset, length, form: Form::Record, shape });
        self.at = end;
        Step::Again
    }

    /// The object at `at`, of this text, which is no record.
    #[inline(never)]
    fn carrier(&mut self, b: &[u8], end: usize, text: &str, sink: &mut Sink) -> Step {
        self.learn_element(b);
        match in_object(text, &mut self.memo) {
            Ok(Carried { text, spans, held, form, shape }) => {
                let context = self.shape();
                let is_told = !matches!(context, Shape::TrailFile | Shape::RecordArray | Shape::JsonLines);
                let shape = shape.unwrap_or(if is_told { context } else { Shape::Logstash });
                self.seen.event = true;
                let (offset, length) = (self.offset() + held.start as u64, held.len() as u32);
                sink(Piece::Event { record: Record::new(text.as_bytes(), &spans), offset, length, form, shape });
            }
            Err(Miss::Control) => self.seen.control_messages += 1,
            Err(Miss::Rejected(Reason::NotAnEvent)) if is_digest(text) || is_signature(text) => {
                self.seen.signature |= is_signature(text);
                self.seen.digest = true;
                sink(Piece::Digest { text, offset: self.offset() });
            }
            Err(Miss::Rejected(reason)) => return self.reject(end, reason, sink),
        }
        self.at = end;
        Step::Again
    }

    /// The shape of records that nothing carries.
    fn shape(&self) -> Shape {
        match self.place {
            Place::Array => self.array.shape,
            _ => self.lines.shape(),
        }
    }

    fn learn_element(&mut self, b: &[u8]) {
        let known = if matches!(self.place, Place::Document) { &mut self.document } else { &mut self.element };
        if known.is_unknown() {
            *known = Opening::learn(b, self.at);
        }
    }

    fn reject(&mut self, end: usize, reason: Reason, sink: &mut Sink) -> Step {
        match reason {
            Reason::NotAnEvent | Reason::NotAnObject => self.seen.foreign = true,
            Reason::Ocsf => (self.seen.foreign, self.seen.ocsf) = (true, true),
            _ => self.seen.damage = true,
        }
        let length = (end - self.at) as u64;
        sink(Piece::Rejected(Rejection { offset: self.offset(), length, reason }));
        self.at = end;
        Step::Again
    }
}

/// Counts brackets inside of that many objects.
fn inside(depth: u64) -> Brackets {
    let mut brackets = Brackets::default();
    for _ in 0..depth {
        brackets.feed(b"{");
    }
    brackets
}

#[cfg(test)]
#[path = "split_tests.rs"]
mod tests;
