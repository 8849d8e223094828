//! Reads a source again to get back the raw bytes of one record.

use super::Container;
use crate::event::Location;

/// Collects one span of the inflated bytes of a source that is pushed from its start.
pub struct Extractor {
    container: Container,
    /// Inflated bytes passed so far.
    passed: u64,
    start: u64,
    length: usize,
    found: Vec<u8>,
}

impl Extractor {
    /// For the record at this place.
    pub fn new(location: Location) -> Extractor {
        Extractor {
            container: Container::new(),
            passed: 0,
            start: location.offset,
            length: location.length as usize,
            found: Vec::new(),
        }
    }

    /// Reads the next bytes of the source, as they are stored. Returns the record once it is complete; damage behind
    /// it does not matter.
    pub fn push(&mut self, bytes: &[u8]) -> Option<&[u8]> {
        let (start, length) = (self.start, self.length);
        let (passed, found) = (&mut self.passed, &mut self.found);
        // A fault ends the bytes: then the record never completes, and the caller is at the end of its source.
        let _ = self.container.push(bytes, &mut |inflated| {
            let skip = start.saturating_sub(*passed).min(inflated.len() as u64) as usize;
            let take = (length - found.len()).min(inflated.len() - skip);
            if *passed + skip as u64 >= start {
                found.extend_from_slice(&inflated[skip..skip + take]);
            }
            *passed += inflated.len() as u64;
        });
        (self.found.len() == self.length).then_some(self.found.as_slice())
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
                let mut extractor = Extractor::new(Location { offset, length: 5, ..Location::default() });
                let found = text.chunks(piece).find_map(|c| extractor.push(c).map(<[u8]>::to_vec));
                assert_eq!(found.unwrap(), text[offset as usize..offset as usize + 5], "{piece} {offset}");
            }
        }
    }
}
