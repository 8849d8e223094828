//! Finds the records in inflated bytes: of a trail file (`{"Records":[…]}`), a bare array, or objects one after another.
//!
//! What is broken is named and passed over; reading goes on at the next thing that looks like a record. The splitter
//! keeps only what it has not finished with: at most one record and one piece.

use super::json::{self, Brackets, Stop};
use super::keys::is_first_key;
use super::memo::Memo;
use super::record::{self, Record, Spans};
use crate::event::Form;
use crate::problem::{Fault, NotCloudTrail, Reason, Rejection};

/// A record may be this long, in bytes. CloudTrail's own limit is 256 KB, CloudTrail Lake's 1 MB.
pub const MAX_RECORD: usize = 8 << 20;

/// While passing over damage, this much of a piece's end is kept, so that the start of a record is found even when it
/// is cut in two.
const LOOK_BACK: usize = 256;

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
    },
    /// A record that could not be read.
    Rejected(Rejection),
    /// A fault of the source itself.
    Fault(Fault),
}

type Sink<'s> = dyn FnMut(Piece) + 's;

/// Where in the source the splitter is.
#[derive(Clone, Debug)]
enum Place {
    /// Between documents, or before the first.
    Document,
    /// Inside the array of records. `enveloped`: the array is a member of an object that has to be closed too.
    Array { enveloped: bool },
    /// Behind the array of records, inside its object.
    Tail(Brackets),
    /// Not CloudTrail: the rest is not looked at.
    Ignored,
}

/// Damage that is being passed over.
#[derive(Clone, Debug)]
struct Trouble {
    /// Offset of its first byte in the inflated source.
    start: u64,
    /// Why the record that starts there is rejected; `None` where no record started.
    reason: Option<Reason>,
    /// Counts brackets up to `counted`, as long as they can be trusted.
    brackets: Option<Brackets>,
    /// Offset up to which the brackets were counted.
    counted: u64,
    /// Offset behind the bracket that closes the damage.
    closed: Option<u64>,
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
    trouble: Option<Trouble>,
    window: Vec<u8>,
    /// Offset of the window's first byte in the inflated source.
    base: u64,
    /// Index of the first byte in the window that is not dealt with.
    at: usize,
    /// No more bytes will come.
    ended: bool,
    seen: Seen,
}

/// What was found so far, to say at the end what a source without events is.
#[derive(Default)]
struct Seen {
    text: bool,
    event: bool,
    /// A record that could not be read.
    damage: bool,
    /// Well-formed JSON that is no event.
    foreign: bool,
    record_array: bool,
    digest: bool,
    /// The source was already said to be something else.
    classified: bool,
    /// Broken JSON between records was reported; once is enough.
    broken_envelope: bool,
}

impl Default for Splitter {
    fn default() -> Self {
        Splitter {
            place: Place::Document,
            trouble: None,
            window: Vec::new(),
            base: 0,
            at: 0,
            ended: false,
            seen: Seen::default(),
        }
    }
}

impl Splitter {
    /// Reads inflated bytes and hands what they hold to `sink`.
    pub fn push(&mut self, bytes: &[u8], memo: &mut Memo, sink: &mut Sink) {
        if matches!(self.place, Place::Ignored) {
            return;
        }
        self.window.extend_from_slice(bytes);
        self.run(memo, sink);
        self.window.drain(..self.at);
        self.base += self.at as u64;
        self.at = 0;
    }

    /// No more bytes will come: what is unfinished is cut off.
    pub fn finish(&mut self, memo: &mut Memo, sink: &mut Sink) {
        self.ended = true;
        self.run(memo, sink);
        let fault = match self.place {
            Place::Ignored => None,
            Place::Array { .. } | Place::Tail(_) => Some(Fault::Unfinished),
            Place::Document if self.seen.event || self.seen.classified => None,
            Place::Document if self.seen.digest => Some(Fault::NotCloudTrail(NotCloudTrail::Digest)),
            Place::Document if self.seen.record_array && self.seen.damage => None,
            Place::Document if self.seen.record_array && !self.seen.foreign => {
                Some(Fault::NotCloudTrail(NotCloudTrail::NoRecords))
            }
            Place::Document if self.seen.text => Some(Fault::NotCloudTrail(NotCloudTrail::OtherJson)),
            Place::Document => Some(Fault::Empty),
        };
        if let Some(fault) = fault {
            sink(Piece::Fault(fault));
        }
    }

    fn run(&mut self, memo: &mut Memo, sink: &mut Sink) {
        loop {
            let step = if self.trouble.is_some() {
                self.pass_over(sink)
            } else {
                match &self.place {
                    Place::Document => self.document(memo, sink),
                    Place::Array { .. } => self.array(memo, sink),
                    Place::Tail(_) => self.tail(sink),
                    Place::Ignored => {
                        self.at = self.window.len();
                        Step::Wait
                    }
                }
            };
            if step == Step::Wait {
                return;
            }
        }
    }

    fn document(&mut self, memo: &mut Memo, sink: &mut Sink) -> Step {
        const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
        if self.base == 0 && self.at == 0 && self.window.starts_with(BYTE_ORDER_MARK) {
            self.at = BYTE_ORDER_MARK.len();
        }
        self.at = json::skip_space(&self.window, self.at);
        let Some(&first) = self.window.get(self.at) else { return Step::Wait };
        match first {
            b'{' => {
                self.seen.text = true;
                match envelope(&self.window, self.at) {
                    Ok(Envelope::Records(inside)) => self.enter_array(inside, true),
                    Ok(Envelope::RecordsNotArray) => self.ignore(NotCloudTrail::RecordsNotArray, sink),
                    Ok(Envelope::Other) => self.element(memo, sink),
                    Err(stop) => self.stopped(stop, sink),
                }
            }
            b'[' => {
                self.seen.text = true;
                self.enter_array(self.at + 1, false)
            }
            // The first bytes of a byte order mark that is cut in two.
            0xef if self.base == 0 && self.window.len() < BYTE_ORDER_MARK.len() && !self.ended => Step::Wait,
            _ if !self.seen.text => self.ignore(NotCloudTrail::NotJson, sink),
            _ => self.stray_line(sink),
        }
    }

    fn enter_array(&mut self, inside: usize, enveloped: bool) -> Step {
        self.seen.record_array = true;
        self.place = Place::Array { enveloped };
        self.at = inside;
        Step::Again
    }

    fn ignore(&mut self, what: NotCloudTrail, sink: &mut Sink) -> Step {
        self.seen.classified = true;
        self.place = Place::Ignored;
        sink(Piece::Fault(Fault::NotCloudTrail(what)));
        Step::Again
    }

    /// Text between documents: rejected up to the end of its line, or up to the next record of a damaged array.
    fn stray_line(&mut self, sink: &mut Sink) -> Step {
        let end = match memchr::memchr(b'\n', &self.window[self.at..]) {
            Some(length) => self.at + length,
            None if self.ended => self.window.len(),
            None if self.window.len() - self.at > MAX_RECORD => return self.start_trouble(Some(Reason::NotJson)),
            None => return Step::Wait,
        };
        match next_record(&self.window[..end], self.at, false) {
            Some(next) if self.seen.record_array => self.resume(next, sink),
            _ => self.reject(end, Reason::NotJson, sink),
        }
    }

    fn array(&mut self, memo: &mut Memo, sink: &mut Sink) -> Step {
        loop {
            self.at = json::skip_space(&self.window, self.at);
            if self.window.get(self.at) != Some(&b',') {
                break;
            }
            self.at += 1;
        }
        let Some(&first) = self.window.get(self.at) else { return Step::Wait };
        match first {
            b'{' => self.element(memo, sink),
            b']' => {
                let enveloped = matches!(self.place, Place::Array { enveloped: true });
                self.place = if enveloped { Place::Tail(Brackets::inside_one()) } else { Place::Document };
                self.at += 1;
                Step::Again
            }
            b'"' | b'[' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => match json::skip_value(&self.window, self.at) {
                Ok(end) => self.reject(end, Reason::NotAnObject, sink),
                Err(stop) => self.stopped(stop, sink),
            },
            _ => {
                self.broken_envelope(sink);
                self.start_trouble(None)
            }
        }
    }

    fn tail(&mut self, sink: &mut Sink) -> Step {
        let Place::Tail(brackets) = &mut self.place else { return Step::Wait };
        let next = next_record(&self.window, self.at, false);
        // The start of a record may be cut in two.
        let whole = if self.ended { self.window.len() } else { self.window.len().saturating_sub(LOOK_BACK) };
        let limit = next.unwrap_or(whole).max(self.at);
        match (brackets.feed(&self.window[self.at..limit]), next) {
            (Some(end), _) => {
                self.at += end;
                self.place = Place::Document;
                Step::Again
            }
            (None, Some(next)) => self.resume(next, sink),
            (None, None) => {
                self.at = limit;
                Step::Wait
            }
        }
    }

    /// Behind what looked like the end of the record array stands another record, at `next`: damage looked like that
    /// end.
    fn resume(&mut self, next: usize, sink: &mut Sink) -> Step {
        self.place = Place::Array { enveloped: true };
        self.at = next;
        self.broken_envelope(sink);
        Step::Again
    }

    /// Says once that what stands at `at` fits nowhere.
    fn broken_envelope(&mut self, sink: &mut Sink) {
        if !self.seen.broken_envelope {
            self.seen.broken_envelope = true;
            let at = self.base + self.at as u64;
            sink(Piece::Fault(Fault::BrokenEnvelope { at, what: "expected a record or the end of the array" }));
        }
    }

    /// Reads the object at `at` as a record.
    fn element(&mut self, memo: &mut Memo, sink: &mut Sink) -> Step {
        let mut spans = Spans::default();
        let end = match record::scan(&self.window, self.at, memo, &mut spans) {
            Ok(end) => end,
            Err(stop) => return self.stopped(stop, sink),
        };
        let bytes = &self.window[self.at..end];
        if bytes.len() > MAX_RECORD {
            return self.reject(end, Reason::TooLong { limit: MAX_RECORD as u64 }, sink);
        }
        if !bytes.is_ascii()
            && let Err(error) = std::str::from_utf8(bytes)
        {
            return self.reject(end, Reason::NotUtf8 { at: error.valid_up_to() as u64 }, sink);
        }
        let record = Record::new(bytes, &spans);
        if record.is_event() {
            self.seen.event = true;
            let (offset, length) = (self.base + self.at as u64, bytes.len() as u32);
            sink(Piece::Event { record, offset, length, form: Form::Record });
            self.at = end;
        } else if is_digest(bytes) {
            self.seen.digest = true;
            self.at = end;
        } else {
            return self.reject(end, Reason::NotAnEvent, sink);
        }
        Step::Again
    }

    fn reject(&mut self, end: usize, reason: Reason, sink: &mut Sink) -> Step {
        match reason {
            Reason::NotAnEvent | Reason::NotAnObject => self.seen.foreign = true,
            _ => self.seen.damage = true,
        }
        let length = (end - self.at) as u64;
        sink(Piece::Rejected(Rejection { offset: self.base + self.at as u64, length, reason }));
        self.at = end;
        Step::Again
    }

    /// A scan that began at `at` did not reach the end of its value.
    fn stopped(&mut self, stop: Stop, sink: &mut Sink) -> Step {
        match stop {
            Stop::Broken { at, what } => {
                let at = (at - self.at) as u64;
                self.start_trouble(Some(Reason::Broken { at, what }))
            }
            Stop::More if self.ended => {
                // What is missing may be a quote or a bracket, and good records may follow: look for them.
                self.start_trouble(Some(Reason::CutOff));
                self.pass_over(sink)
            }
            Stop::More if self.window.len() - self.at > MAX_RECORD => {
                self.start_trouble(Some(Reason::TooLong { limit: MAX_RECORD as u64 }))
            }
            Stop::More => Step::Wait,
        }
    }

    fn start_trouble(&mut self, reason: Option<Reason>) -> Step {
        let start = self.base + self.at as u64;
        // Where no record started there is no bracket that could close it.
        let brackets = reason.map(|_| Brackets::default());
        self.trouble = Some(Trouble { start, reason, brackets, counted: start, closed: None });
        Step::Again
    }

    /// Passes over damage up to where its brackets close or the next record starts, whichever comes first.
    fn pass_over(&mut self, sink: &mut Sink) -> Step {
        let Some(mut trouble) = self.trouble.take() else { return Step::Again };
        let in_document = matches!(self.place, Place::Document);
        // Not the damaged record itself, which may still be in the window.
        let from = self.at.max((trouble.start + 1).saturating_sub(self.base) as usize);
        let next = next_record(&self.window, from, in_document);
        self.count_brackets(&mut trouble);
        let closed = trouble.closed.and_then(|closed| self.is_end(closed, in_document));
        if closed == Some(false) {
            // A quote is missing, and what closed was inside a text. Only the start of a record can be trusted now.
            (trouble.closed, trouble.brackets) = (None, None);
        }
        let closed = trouble.closed.filter(|_| closed == Some(true)).map(|closed| (closed - self.base) as usize);
        let end = match (next, closed) {
            (Some(next), Some(closed)) => next.min(closed),
            (Some(end), None) | (None, Some(end)) => end,
            (None, None) if self.ended => self.window.len(),
            (None, None) => {
                let keep_from = trouble.closed.map_or(self.window.len(), |closed| (closed - self.base) as usize);
                self.at = self.at.max(keep_from.saturating_sub(LOOK_BACK));
                self.trouble = Some(trouble);
                return Step::Wait;
            }
        };
        if let Some(reason) = trouble.reason {
            self.seen.damage = true;
            // What separates it from the next record is no part of it.
            let from = trouble.start.saturating_sub(self.base) as usize;
            let separators = self.window[from..end].iter().rev().take_while(|b| b", \n\r\t".contains(b)).count();
            let length = self.base + (end - separators) as u64 - trouble.start;
            sink(Piece::Rejected(Rejection { offset: trouble.start, length, reason }));
        }
        self.at = end;
        Step::Again
    }
}

impl Splitter {
    fn count_brackets(&self, trouble: &mut Trouble) {
        if let (Some(brackets), None) = (&mut trouble.brackets, trouble.closed) {
            let uncounted = &self.window[(trouble.counted - self.base) as usize..];
            trouble.closed = brackets.feed(uncounted).map(|n| trouble.counted + n as u64);
            trouble.counted += uncounted.len() as u64;
        }
    }

    /// Whether a record can end at this offset: something that can follow a record does. `None` if nothing follows yet.
    fn is_end(&self, offset: u64, in_document: bool) -> Option<bool> {
        let next = json::skip_space(&self.window, (offset - self.base) as usize);
        match self.window.get(next) {
            None if self.ended => Some(true),
            None => None,
            Some(b'{' | b'[') => Some(in_document),
            Some(b',' | b']') => Some(!in_document),
            Some(_) => Some(false),
        }
    }
}

enum Envelope {
    /// The array of records starts behind its bracket, at this index.
    Records(usize),
    /// `Records` is something else.
    RecordsNotArray,
    /// No member is called `Records`: the object itself may be a record.
    Other,
}

/// Looks for the member `Records` of the object at `b[start]`.
fn envelope(b: &[u8], start: usize) -> Result<Envelope, Stop> {
    let mut i = json::skip_space(b, start + 1);
    if b.get(i) == Some(&b'}') {
        return Ok(Envelope::Other);
    }
    loop {
        let value = json::skip_space(b, json::skip_key(b, i)?);
        let key = &b[i + 1..json::skip_string(b, i)? - 1];
        match key {
            b"Records" => {
                return match b.get(value) {
                    None => Err(Stop::More),
                    Some(b'[') => Ok(Envelope::Records(value + 1)),
                    Some(_) => Ok(Envelope::RecordsNotArray),
                };
            }
            _ if is_first_key(key) => return Ok(Envelope::Other),
            _ => i = json::skip_space(b, json::skip_value(b, value)?),
        }
        match b.get(i) {
            None => return Err(Stop::More),
            Some(b',') => i = json::skip_space(b, i + 1),
            Some(_) => return Ok(Envelope::Other),
        }
    }
}

/// The index of the first `{` from `from` on that starts a record: it stands where an element or a line can start, and
/// its first key is one that records start with. Between documents a `{` at the start of a line is enough.
fn next_record(b: &[u8], from: usize, in_document: bool) -> Option<usize> {
    let mut i = from;
    while let Some(found) = b.get(i..).and_then(|rest| memchr::memchr(b'{', rest)) {
        let at = i + found;
        if in_document && at > 0 && b[at - 1] == b'\n' {
            return Some(at);
        }
        let before = b[..at].iter().rev().find(|c| !c.is_ascii_whitespace());
        if matches!(before, None | Some(b',' | b'[' | b'}')) {
            let key = json::skip_space(b, at + 1);
            if b.get(key) == Some(&b'"')
                && let Ok(end) = json::skip_string(b, key)
                && is_first_key(&b[key + 1..end - 1])
            {
                return Some(at);
            }
        }
        i = at + 1;
    }
    None
}

/// A digest lists log files and their hashes (CloudTrail user guide, "CloudTrail digest file structure").
fn is_digest(object: &[u8]) -> bool {
    let has = |key: &[u8]| memchr::memmem::find(object, key).is_some();
    has(b"\"digestStartTime\"") && has(b"\"logFiles\"")
}

#[cfg(test)]
#[path = "split_tests.rs"]
mod tests;
