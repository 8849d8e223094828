//! Reads a source again to get back one record.

use super::container::{Container, Part, Restart};
use super::shape::{MAX_FIRST_ROW, restore};
use crate::event::{Form, Location};

/// Collects the record at one place of a source, or of a member of it, that is pushed anew.
pub struct Extractor {
    container: Container,
    /// The wanted member.
    member: u32,
    /// The member whose text comes.
    current: u32,
    /// Bytes of the wanted member's text that passed so far.
    passed: u64,
    start: u64,
    length: usize,
    found: Vec<u8>,
    form: Form,
    /// The first bytes of the text, where a row needs them.
    head: Vec<u8>,
}

impl Extractor {
    /// For the record at this place, of a source that is pushed from its start.
    pub fn new(location: Location) -> Extractor {
        Extractor::resume(location, Restart::Start)
    }

    /// For the record at this place, of a source that is pushed from [`Restart::at`] on.
    pub fn resume(location: Location, restart: Restart) -> Extractor {
        Extractor {
            container: Container::resume(restart),
            member: location.member,
            current: 0,
            passed: if let Restart::Text(at) = restart { at } else { 0 },
            start: location.offset,
            length: location.length as usize,
            found: Vec::new(),
            form: location.form,
            head: Vec::new(),
        }
    }

    /// Reads the next bytes of the source, as they are stored. Says whether the record is complete; damage behind it does
    /// not matter.
    pub fn push(&mut self, bytes: &[u8]) -> bool {
        self.with_container(|container, sink| container.push(bytes, sink));
        self.is_complete()
    }

    /// The source is at its end. Says whether the record is complete by now: very short texts are held back until it is
    /// known that they are nothing else.
    pub fn finish(&mut self) -> bool {
        self.with_container(|container, sink| container.finish(sink));
        self.is_complete()
    }

    fn is_complete(&self) -> bool {
        self.found.len() == self.length
    }

    /// The JSON of the record, as it was kept: see [`restore`]. `None` if it is not complete, or the source has changed.
    pub fn record(&self) -> Option<String> {
        restore(self.form, &self.found, Some(&self.head)).filter(|_| self.is_complete())
    }

    fn with_container(&mut self, go: impl FnOnce(&mut Container, &mut super::container::Sink)) {
        let (start, length) = (self.start, self.length);
        let (passed, found, member, current) = (&mut self.passed, &mut self.found, self.member, &mut self.current);
        let head = &mut self.head;
        let head_length = if self.form == Form::CsvRow { MAX_FIRST_ROW } else { 0 };
        go(&mut self.container, &mut |part| match part {
            Part::Start { member, .. } => *current = member,
            Part::Text(text) if *current == member => {
                head.extend_from_slice(&text[..text.len().min(head_length - head.len())]);
                let skip = start.saturating_sub(*passed).min(text.len() as u64) as usize;
                let take = (length - found.len()).min(text.len() - skip);
                if *passed + skip as u64 >= start {
                    found.extend_from_slice(&text[skip..skip + take]);
                }
                *passed += text.len() as u64;
            }
            // A fault ends the text: then the record never completes.
            Part::Text(_) | Part::Wrapped(_) | Part::Fault(_) | Part::Stopped(_) | Part::End { .. } => {}
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_comes_back_however_the_source_is_cut() {
        let text = b"0123456789abcdef";
        for piece in 1..=text.len() {
            for offset in 0..10 {
                let location = Location { offset, length: 5, ..Location::default() };
                for restart in [Restart::Start, Restart::Text(offset), Restart::Text(offset / 2)] {
                    let mut extractor = Extractor::resume(location, restart);
                    let mut found = false;
                    for piece in text[restart.at() as usize..].chunks(piece) {
                        found |= extractor.push(piece);
                    }
                    assert!(found | extractor.finish());
                    let expected = &text[offset as usize..offset as usize + 5];
                    assert_eq!(extractor.record().unwrap().as_bytes(), expected, "{piece} {offset}");
                }
            }
        }
    }
}
