//! Reads a source again, once, to get back the records at many places of it.

use super::container::{Container, Part};
use super::shape::{MAX_FIRST_ROW, restore};
use crate::event::{Form, Location};
use crate::order;

/// Collects the records at some places of a source that is pushed anew from its start.
pub struct Sift {
    container: Container,
    text: Text,
}

/// The text of the member that comes, and what is wanted of it and of those behind it.
struct Text {
    wanted: Vec<Wanted>,
    /// How many of these are done with.
    next: usize,
    member: u32,
    /// Bytes of the member's text that passed.
    passed: u64,
    /// What came already of the next record that is wanted.
    kept: Vec<u8>,
    /// The first bytes of the text, as many as rows need.
    head: Vec<u8>,
    head_length: usize,
}

/// A record that is wanted, and the number by which the asker knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Where it is. The source is the one that is pushed.
    pub location: Location,
    /// The asker's number.
    pub row: u32,
}

/// Gets the number of each record that was found, and its JSON as UTF-8: as it was kept, see [`restore`].
pub type Found<'f> = dyn FnMut(u32, &[u8]) + 'f;

impl Sift {
    /// For these records of one source, which do not overlap.
    pub fn new(mut wanted: Vec<Wanted>) -> Sift {
        order::sort_by_key(&mut wanted, |wanted| (wanted.location.member, wanted.location.offset));
        let has_rows = wanted.iter().any(|wanted| wanted.location.form == Form::CsvRow);
        let head_length = if has_rows { MAX_FIRST_ROW } else { 0 };
        let text = Text { wanted, next: 0, member: 0, passed: 0, kept: Vec::new(), head: Vec::new(), head_length };
        Sift { container: Container::default(), text }
    }

    /// Reads the next bytes of the source, as they are stored. Says whether more are needed; damage behind the last
    /// record does not matter.
    pub fn push(&mut self, bytes: &[u8], found: &mut Found) -> bool {
        let Sift { container, text } = self;
        container.push(bytes, &mut |part| text.take(part, found));
        text.next < text.wanted.len()
    }

    /// The source is at its end: very short texts are held back until it is known that they are nothing else.
    pub fn finish(mut self, found: &mut Found) {
        let Sift { container, text } = &mut self;
        container.finish(&mut |part| text.take(part, found));
    }
}

impl Text {
    fn take(&mut self, part: Part, found: &mut Found) {
        match part {
            Part::Start { member, .. } => self.start(member),
            Part::Text(bytes) => self.push(bytes, found),
            Part::Wrapped(_) | Part::Fault(_) | Part::Stopped(_) | Part::End { .. } => {}
        }
    }

    fn start(&mut self, member: u32) {
        (self.member, self.passed) = (member, 0);
        self.kept.clear();
        self.head.clear();
        // What was not found in the members before will not come any more: the source has changed.
        while self.wanted.get(self.next).is_some_and(|wanted| wanted.location.member < member) {
            self.next += 1;
        }
    }

    fn push(&mut self, bytes: &[u8], found: &mut Found) {
        let start = self.passed;
        self.passed += bytes.len() as u64;
        let missing = self.head_length - self.head.len();
        self.head.extend_from_slice(&bytes[..bytes.len().min(missing)]);
        while let Some(wanted) = self.wanted.get(self.next).filter(|wanted| wanted.location.member == self.member) {
            let Location { offset, length, form, .. } = wanted.location;
            let end = offset.saturating_add(u64::from(length));
            if end > self.passed {
                self.keep(bytes, start, offset);
                return;
            }
            let (row, behind) = (wanted.row, end.saturating_sub(start) as usize);
            if offset >= start {
                self.hand(row, form, &bytes[(offset - start) as usize..behind], found);
            } else if self.kept.len() as u64 == start - offset {
                let mut kept = std::mem::take(&mut self.kept);
                kept.extend_from_slice(&bytes[..behind]);
                self.hand(row, form, &kept, found);
                self.kept = kept;
            }
            self.kept.clear();
            self.next += 1;
        }
    }

    /// Keeps what there is of the record at `offset`, in `bytes` that start at `start`.
    fn keep(&mut self, bytes: &[u8], start: u64, offset: u64) {
        let from = offset.saturating_sub(start).min(bytes.len() as u64) as usize;
        self.kept.extend_from_slice(&bytes[from..]);
    }

    fn hand(&self, row: u32, form: Form, span: &[u8], found: &mut Found) {
        match form {
            Form::Record => found(row, span),
            _ => {
                if let Some(record) = restore(form, span, Some(&self.head)) {
                    found(row, record.as_bytes());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sift(text: &[u8], spans: &[(u64, u32)], piece: usize) -> Vec<(u32, Vec<u8>)> {
        let wanted = (0..).zip(spans).map(|(row, &(offset, length))| Wanted {
            location: Location { offset, length, ..Location::default() },
            row,
        });
        let (mut sift, mut found) = (Sift::new(wanted.collect()), Vec::new());
        let mut take = |row: u32, bytes: &[u8]| found.push((row, bytes.to_vec()));
        for piece in text.chunks(piece) {
            if !sift.push(piece, &mut take) {
                break;
            }
        }
        sift.finish(&mut take);
        found.sort_unstable();
        found
    }

    proptest! {
        #[test]
        fn spans_come_back_however_the_source_is_cut(
            text in prop::collection::vec(b'a'..=b'z', 1..120),
            gaps in prop::collection::vec((0u64..9, 1u32..20), 0..12),
            piece in 1usize..130,
        ) {
            let mut at = 0;
            let mut spans: Vec<_> = gaps.into_iter().map(|(gap, length)| {
                at += gap + u64::from(length);
                (at - u64::from(length), length)
            }).collect();
            spans.reverse();
            let expected: Vec<_> = (0..).zip(&spans).filter_map(|(row, &(offset, length))| {
                Some((row, text.get(offset as usize..offset as usize + length as usize)?.to_vec()))
            }).collect();
            prop_assert_eq!(sift(&text, &spans, piece), expected);
        }
    }
}
