//! Raw deflate (RFC 1951), step by step, for gzip and zip.

use flate2::{Decompress, FlushDecompress, Status};

/// Inflated bytes come in pieces of at most this many bytes. Larger ones push the dictionaries of the store out of the
/// processor's cache; smaller ones make the inflater copy its window more often.
pub const PIECE: usize = 64 << 10;

/// How a step ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The stream goes on.
    Open,
    /// The stream is at its end.
    Ended,
    /// What comes next is no deflate data.
    Corrupt,
}

/// What a step did.
pub struct Step {
    /// Compressed bytes that it took.
    pub taken: usize,
    /// Inflated bytes that it made: [`Inflate::made`].
    pub made: usize,
    /// How it ended.
    pub end: End,
}

/// The state of inflating one stream after another.
pub struct Inflate {
    stream: Decompress,
    buffer: Vec<u8>,
}

impl Default for Inflate {
    fn default() -> Self {
        Inflate { stream: Decompress::new(false), buffer: Vec::new() }
    }
}

impl Inflate {
    /// A new stream starts.
    pub fn reset(&mut self) {
        self.stream.reset(false);
    }

    /// Inflates up to one piece. What was made before corrupt data is good.
    pub fn step(&mut self, bytes: &[u8]) -> Step {
        self.buffer.resize(PIECE, 0);
        let (in_before, out_before) = (self.stream.total_in(), self.stream.total_out());
        let status = self.stream.decompress(bytes, &mut self.buffer, FlushDecompress::None);
        let taken = (self.stream.total_in() - in_before) as usize;
        let made = (self.stream.total_out() - out_before) as usize;
        let end = match status {
            Ok(Status::StreamEnd) => End::Ended,
            Ok(Status::Ok | Status::BufError) if taken > 0 || made > 0 || bytes.is_empty() => End::Open,
            Ok(Status::Ok | Status::BufError) | Err(_) => End::Corrupt,
        };
        Step { taken, made, end }
    }

    /// The first bytes of the last piece.
    pub fn made(&self, made: usize) -> &[u8] {
        &self.buffer[..made]
    }
}
