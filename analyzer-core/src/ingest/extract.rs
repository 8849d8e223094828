//! Reads a source again to get back the raw bytes of one record.

use super::container::{Container, Part, Restart};
use crate::event::Location;

/// Collects one span of the text of a source, or of a member of it, that is pushed anew.
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
        }
    }

    /// Reads the next bytes of the source, as they are stored. Returns the record once it is complete; damage behind
    /// it does not matter.
    pub fn push(&mut self, bytes: &[u8]) -> Option<&[u8]> {
        self.with_container(|container, sink| container.push(bytes, sink));
        self.record()
    }

    /// The source is at its end. Returns the record if it is complete by now: very short texts are held back until
    /// it is known that they are nothing else.
    pub fn finish(&mut self) -> Option<&[u8]> {
        self.with_container(|container, sink| container.finish(sink));
        self.record()
    }

    fn record(&self) -> Option<&[u8]> {
        (self.found.len() == self.length).then_some(self.found.as_slice())
    }

    fn with_container(&mut self, go: impl FnOnce(&mut Container, &mut super::container::Sink)) {
        let (start, length) = (self.start, self.length);
        let (passed, found, member, current) = (&mut self.passed, &mut self.found, self.member, &mut self.current);
        go(&mut self.container, &mut |part| match part {
            Part::Start { member, .. } => *current = member,
            Part::Text(text) if *current == member => {
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
                    let mut found = None;
                    for piece in text[restart.at() as usize..].chunks(piece) {
                        found = found.or_else(|| extractor.push(piece).map(<[u8]>::to_vec));
                    }
                    let found = found.or_else(|| extractor.finish().map(<[u8]>::to_vec));
                    assert_eq!(found.unwrap(), text[offset as usize..offset as usize + 5], "{piece} {offset}");
                }
            }
        }
    }
}
