//! Finds the records in inflated bytes: in the array of a document, in a bare array, in objects one after another, in
//! the rows of a table, and in whatever carries records there (see `shape`).
//!
//! What is broken is named and passed over; reading goes on at the next thing that looks like a record. The bytes are
//! read where they are: only what straddles two pieces is copied, at most one record. However the bytes are cut, the
//! same is said of them.

mod rows;

use super::json::{self, Brackets, Stop};
use super::record::{self, Record};
use super::seek::{Next, Opening, Seek, Target, Trouble};
use super::shape::carrier::{Carried, Miss, in_object};
use super::shape::csv::Table;
use super::shape::envelope::{self, Array, Envelope};
use super::shape::row::Columns;
use crate::event::Form;
use crate::problem::{Fault, NotCloudTrail, Note, Reason, Rejection, Shape};
use rows::Lines;
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

/// What was found so far, to say at the end what a source is.
#[derive(Default)]
struct Seen {
    text: bool,
    event: bool,
    /// A record that could not be read.
    damage: bool,
    /// Well-formed JSON that is no event.
    foreign: bool,
    ocsf: bool,
    record_array: bool,
    digest: bool,
    signature: bool,
    /// The source was already said to be something else.
    classified: bool,
    /// Broken JSON between records was reported; once is enough.
    broken_envelope: bool,
    /// Messages by which CloudWatch Logs tests a subscription.
    control_messages: u64,
    /// The shape of the rows that records were made of, and their columns.
    rows: Option<(Shape, Columns)>,
    /// Rows in which a spreadsheet rounded an account number.
    rounded: u64,
}

impl Default for Splitter {
    fn default() -> Self {
        Splitter {
            place: Place::Document,
            array: Array::BARE,
            element: Opening::default(),
            document: Opening::default(),
            lines: Lines::Plain,
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
    /// Reads inflated bytes and hands what they hold to `sink`.
    pub fn push(&mut self, bytes: &[u8], sink: &mut Sink) {
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
    pub fn finish(&mut self, sink: &mut Sink) {
        self.ended = true;
        let window = std::mem::take(&mut self.carry);
        self.run(&window, sink);
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

    /// Behind what looked like the end of the record array stands another record, at `next`: damage looked like that
    /// end.
    fn resume(&mut self, next: usize, sink: &mut Sink) -> Step {
        self.place = Place::Array;
        self.at = next;
        self.broken_envelope(sink);
        Step::Again
    }

    /// Says once that what stands at `at` fits nowhere.
    fn broken_envelope(&mut self, sink: &mut Sink) {
        if !self.seen.broken_envelope {
            self.seen.broken_envelope = true;
            let at = self.offset();
            sink(Piece::Fault(Fault::BrokenEnvelope { at, what: "expected a record or the end of the array" }));
        }
    }

    /// Reads the object at `at` as a record, or as what carries one.
    fn element(&mut self, b: &[u8], sink: &mut Sink) -> Step {
        let (end, spans) = match record::scan(self.room(b), self.at) {
            Ok(found) => found,
            Err(stop) => return self.stopped(b, stop, sink),
        };
        let text = match std::str::from_utf8(&b[self.at..end]) {
            Ok(text) => text,
            Err(error) => return self.reject(end, Reason::NotUtf8 { at: error.valid_up_to() as u64 }, sink),
        };
        let record = Record::new(text, spans);
        if record.is_event() {
            self.seen.event = true;
            let (offset, length, shape) = (self.offset(), text.len() as u32, self.shape());
            sink(Piece::Event { record, offset, length, form: Form::Record, shape });
            self.at = end;
            return Step::Again;
        }
        self.learn_element(b);
        match in_object(text) {
            Ok(Carried { text, spans, held, form, shape }) => {
                let context = self.shape();
                let is_told = !matches!(context, Shape::TrailFile | Shape::RecordArray | Shape::JsonLines);
                let shape = shape.unwrap_or(if is_told { context } else { Shape::Logstash });
                self.seen.event = true;
                let (offset, length) = (self.offset() + held.start as u64, held.len() as u32);
                sink(Piece::Event { record: Record::new(&text, spans), offset, length, form, shape });
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

    /// A scan that began at `at` did not reach the end of its value.
    fn stopped(&mut self, b: &[u8], stop: Stop, sink: &mut Sink) -> Step {
        match stop {
            Stop::Broken { at, what } => {
                let at = (at - self.at) as u64;
                self.start_trouble(b, Some(Reason::Broken { at, what }))
            }
            Stop::More if b.len() - self.at > MAX_RECORD => {
                self.start_trouble(b, Some(Reason::TooLong { limit: MAX_RECORD as u64 }))
            }
            Stop::More if self.ended => {
                // What is missing may be a quote or a bracket, and good records may follow: look for them.
                self.start_trouble(b, Some(Reason::CutOff));
                self.pass_over(b, sink)
            }
            Stop::More => Step::Wait,
        }
    }

    fn start_trouble(&mut self, b: &[u8], reason: Option<Reason>) -> Step {
        let opening = |known: Opening| if reason.is_some() { known.or_of(b, self.at) } else { known };
        let target = match self.place {
            Place::Table(_) => Target::Line,
            Place::Document => self.lines.target(opening(self.document)),
            _ => Target::Element(opening(self.element)),
        };
        let start = self.offset();
        let first = b.get(self.at).copied().unwrap_or(0);
        // Where no record started, or brackets are no structure, there is none that could close it.
        let has_brackets = reason.is_some() && !matches!(self.place, Place::Table(_)) && first != b'"';
        self.trouble = Some(Trouble {
            start,
            reason,
            target,
            seek: Seek::new(start + 1, first),
            brackets: has_brackets.then(Brackets::default),
            counted: start,
            closed: None,
            solid_end: start,
        });
        Step::Again
    }

    /// Passes over damage up to where its brackets close or the next record starts, whichever comes first.
    fn pass_over(&mut self, b: &[u8], sink: &mut Sink) -> Step {
        let Some(mut trouble) = self.trouble.take() else { return Step::Again };
        let next = trouble.seek.find(b, self.base, &trouble.target, self.ended);
        trouble.count_brackets(b, self.base);
        let verdict = trouble.closed.and_then(|closed| self.is_end(b, closed));
        if verdict == Some(false) {
            // A quote is missing, and what closed was inside a text. Only the start of a record can be trusted now.
            (trouble.closed, trouble.brackets) = (None, None);
        }
        let index = |offset: u64| (offset - self.base) as usize;
        let closed = trouble.closed.filter(|_| verdict == Some(true)).map(index);
        let end = match (next, closed) {
            (Next::Found(next), Some(closed)) => next.min(closed),
            (Next::Found(end), None) | (Next::Nowhere, Some(end)) => end,
            (Next::Undecided(next), Some(closed)) if closed <= next => closed,
            (Next::Nowhere | Next::Undecided(_), None) if self.ended => b.len(),
            (Next::Nowhere | Next::Undecided(_), _) => {
                let pending = trouble.closed.map_or(b.len(), index);
                let keep_from = if let Next::Undecided(next) = next { next.min(pending) } else { pending };
                trouble.pass(b, keep_from, self.base);
                self.at = self.at.max(keep_from);
                self.trouble = Some(trouble);
                return Step::Wait;
            }
        };
        if let Some(reason) = trouble.reason {
            self.seen.damage = true;
            trouble.pass(b, end, self.base);
            let length = trouble.solid_end - trouble.start;
            sink(Piece::Rejected(Rejection { offset: trouble.start, length, reason }));
        }
        self.at = end;
        Step::Again
    }

    /// Whether a record can end at this offset: something that can follow a record does. `None` if nothing follows yet.
    fn is_end(&self, b: &[u8], offset: u64) -> Option<bool> {
        let in_document = matches!(self.place, Place::Document);
        let next = json::skip_space(b, (offset - self.base) as usize);
        match b.get(next) {
            None if self.ended => Some(true),
            None => None,
            Some(b'{' | b'[') => Some(in_document),
            Some(b',' | b']') => Some(!in_document),
            Some(byte) => Some(in_document && self.lines.start_with(*byte)),
        }
    }
}

impl Seen {
    /// Why there are no events, if there are none.
    fn nothing(&self) -> Option<Fault> {
        Some(match self {
            _ if self.event || self.classified => return None,
            Seen { signature: true, .. } => Fault::NotCloudTrail(NotCloudTrail::LakeSignature),
            Seen { digest: true, .. } => Fault::NotCloudTrail(NotCloudTrail::Digest),
            Seen { record_array: true, damage: true, .. } => return None,
            Seen { record_array: true, foreign: false, .. } => Fault::NotCloudTrail(NotCloudTrail::NoRecords),
            Seen { ocsf: true, .. } => Fault::NotCloudTrail(NotCloudTrail::Ocsf),
            Seen { text: true, .. } => Fault::NotCloudTrail(NotCloudTrail::OtherJson),
            _ => Fault::Empty,
        })
    }

    fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        if self.control_messages > 0 {
            notes.push(Note::ControlMessages { count: self.control_messages });
        }
        if let Some((shape, columns)) = self.rows
            && !columns.lacking().is_empty()
        {
            notes.push(Note::Lacks { shape, fields: columns.lacking() });
        }
        if self.rounded > 0 {
            notes.push(Note::RoundedAccounts { count: self.rounded });
        }
        notes
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

/// A digest lists log files and their hashes (CloudTrail user guide, "CloudTrail digest file structure").
fn is_digest(object: &str) -> bool {
    let has = |key: &str| memchr::memmem::find(object.as_bytes(), key.as_bytes()).is_some();
    has("\"digestStartTime\"") && has("\"logFiles\"")
}

/// The signature file of CloudTrail Lake results lists result files and their hashes (user guide, "Validate saved query
/// results").
fn is_signature(object: &str) -> bool {
    let has = |key: &str| memchr::memmem::find(object.as_bytes(), key.as_bytes()).is_some();
    has("\"hashSignature\"") && has("\"fileHashValue\"")
}

#[cfg(test)]
#[path = "split_tests.rs"]
mod tests;
