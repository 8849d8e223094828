//! What is broken: says so, and finds where reading goes on.

use super::{MAX_RECORD, Piece, Place, Sink, Splitter, Step};
use crate::ingest::json::{self, Brackets, Stop};
use crate::ingest::seek::{Next, Opening, Seek, Target, Trouble};
use crate::problem::{Fault, Reason, Rejection};
use crate::said::phrase;

impl Splitter {
    /// Behind what looked like the end of the record array stands another record, at `next`: damage looked like that
    /// end.
    pub(super) fn resume(&mut self, next: usize, sink: &mut Sink) -> Step {
        self.place = Place::Array;
        self.at = next;
        self.broken_envelope(sink);
        Step::Again
    }

    /// Says once that what stands at `at` fits nowhere.
    pub(super) fn broken_envelope(&mut self, sink: &mut Sink) {
        if !self.seen.broken_envelope {
            self.seen.broken_envelope = true;
            let at = self.offset();
            sink(Piece::Fault(Fault::BrokenEnvelope { at, what: phrase("expected a record or the end of the array") }));
        }
    }

    /// A scan that began at `at` did not reach the end of its value.
    pub(super) fn stopped(&mut self, b: &[u8], stop: Stop, sink: &mut Sink) -> Step {
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

    pub(super) fn start_trouble(&mut self, b: &[u8], reason: Option<Reason>) -> Step {
        // Where records were read of which nothing had to be learned, more of them are looked for.
        let are_records = |known: Opening| known.is_unknown() && self.seen.event;
        let opening = |known: Opening| match reason {
            Some(_) if !are_records(known) => known.or_of(b, self.at),
            _ => known,
        };
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
    pub(super) fn pass_over(&mut self, b: &[u8], sink: &mut Sink) -> Step {
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
    pub(super) fn is_end(&self, b: &[u8], offset: u64) -> Option<bool> {
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
