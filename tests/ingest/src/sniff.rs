//! What a source is wrapped in is told by its content, however it is cut into pieces.

use crate::cut;
use analyzer_core::ingest::container::{Container, Part};

/// What a container said, in its order. Text that comes in several pieces is one.
#[derive(Debug, PartialEq)]
enum Said {
    /// The length of a text, and its checksum.
    Text(u64, u32),
    /// Anything else.
    Part(String),
}

/// The same parts come out of a container, whatever the pieces.
pub fn sniff(data: &[u8]) {
    let [whole, others @ ..] = cut::ways(data);
    let expected = unwrap(&whole);
    for pieces in others {
        assert_eq!(unwrap(&pieces), expected, "{} pieces of {} bytes", pieces.len(), data.len());
    }
}

fn unwrap(pieces: &[&[u8]]) -> Vec<Said> {
    let mut said = Vec::new();
    let mut text = (0, crc32fast::Hasher::new());
    let mut sink = |part: Part| match part {
        Part::Text(bytes) => {
            text.0 += bytes.len() as u64;
            text.1.update(bytes);
        }
        part => {
            let (length, sum) = std::mem::take(&mut text);
            said.extend([Said::Text(length, sum.finalize()), Said::Part(format!("{part:?}"))]);
        }
    };
    let mut container = Container::default();
    pieces.iter().for_each(|piece| container.push(piece, &mut sink));
    container.finish(&mut sink);
    said.push(Said::Text(text.0, text.1.finalize()));
    said
}
