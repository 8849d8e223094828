//! One block: literals, and sequences that say how to put them together with what came before (RFC 8878, 3.1.1.3).

use super::bits::Backward;
use super::fse::Table;
use super::huffman::Huffman;
use super::{Corrupt, MAX_BLOCK};

/// What goes on from block to block of a frame.
#[derive(Default)]
pub struct Decoder {
    /// The window, and the block that was decoded last behind it.
    history: Vec<u8>,
    window: usize,
    huffman: Huffman,
    literals: Vec<u8>,
    /// For lengths of literals, for offsets and for lengths of matches.
    tables: [Table; 3],
    /// The last offsets, newest first.
    offsets: [usize; 3],
}

/// Lengths of literals: (lowest value, extra bits) for each code.
#[rustfmt::skip]
const LITERAL_LENGTHS: [(u32, u32); 36] = [
    (0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 0), (7, 0), (8, 0), (9, 0), (10, 0), (11, 0), (12, 0), (13, 0),
    (14, 0), (15, 0), (16, 1), (18, 1), (20, 1), (22, 1), (24, 2), (28, 2), (32, 3), (40, 3), (48, 4), (64, 6), (128, 7),
    (256, 8), (512, 9), (1024, 10), (2048, 11), (4096, 12), (8192, 13), (16384, 14), (32768, 15), (65536, 16),
];

/// Lengths of matches from code 32 on; below, the length is the code and 3.
#[rustfmt::skip]
const MATCH_LENGTHS: [(u32, u32); 21] = [
    (35, 1), (37, 1), (39, 1), (41, 1), (43, 2), (47, 2), (51, 3), (59, 3), (67, 4), (83, 4), (99, 5), (131, 7),
    (259, 8), (515, 9), (1027, 10), (2051, 11), (4099, 12), (8195, 13), (16387, 14), (32771, 15), (65539, 16),
];

/// A table that a block may use without describing it, and the limits of one that it describes.
struct Kind {
    default: &'static [i16],
    default_log: u32,
    max_log: u32,
    max_symbol: u8,
}

#[rustfmt::skip]
const KINDS: [Kind; 3] = [
    Kind {
        default: &[
            4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1,
        ],
        default_log: 6, max_log: 9, max_symbol: 35,
    },
    Kind {
        default: &[1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1],
        default_log: 5, max_log: 8, max_symbol: 31,
    },
    Kind {
        default: &[
            1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
            1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
        ],
        default_log: 6, max_log: 9, max_symbol: 52,
    },
];

impl Decoder {
    /// A frame with this window starts.
    pub fn reset(&mut self, window: usize) {
        self.history.clear();
        self.window = window;
        self.huffman = Huffman::default();
        self.tables = <[Table; 3]>::default();
        self.offsets = [1, 4, 8];
    }

    /// A block that is not compressed.
    pub fn raw(&mut self, bytes: &[u8]) -> Result<&[u8], Corrupt> {
        let start = self.make_room();
        self.history.extend_from_slice(bytes);
        Ok(&self.history[start..])
    }

    /// A block of one byte over and over.
    pub fn repeat(&mut self, byte: u8, count: usize) -> Result<&[u8], Corrupt> {
        let start = self.make_room();
        self.history.resize(start + count, byte);
        Ok(&self.history[start..])
    }

    /// A compressed block.
    pub fn compressed(&mut self, bytes: &[u8]) -> Result<&[u8], Corrupt> {
        let start = self.make_room();
        let rest = self.read_literals(bytes)?;
        self.run_sequences(rest, start)?;
        Ok(&self.history[start..])
    }

    /// Forgets what is out of reach, now and then. Returns where the next block starts.
    fn make_room(&mut self) -> usize {
        let slack = self.window.clamp(2 * MAX_BLOCK, 128 * MAX_BLOCK);
        if self.history.len() > self.window + slack {
            self.history.drain(..self.history.len() - self.window);
        }
        self.history.len()
    }

    /// Decodes the literals. Returns the bytes behind them.
    fn read_literals<'b>(&mut self, bytes: &'b [u8]) -> Result<&'b [u8], Corrupt> {
        let &first = bytes.first().ok_or(Corrupt)?;
        let (kind, format) = (first & 3, first >> 2 & 3);
        let header = bytes.iter().take(5).rev().fold(0u64, |value, &byte| value << 8 | u64::from(byte));
        // Bytes of the header, where the sizes start in it, and the bits of each.
        let (length, shift, width) = match (kind, format) {
            (0 | 1, 0 | 2) => (1, 3, 5),
            (0 | 1, 1) => (2, 4, 12),
            (0 | 1, _) => (3, 4, 20),
            (_, 0 | 1) => (3, 4, 10),
            (_, 2) => (4, 4, 14),
            _ => (5, 4, 18),
        };
        let size = (header >> shift & ((1 << width) - 1)) as usize;
        let rest = bytes.get(length..).ok_or(Corrupt)?;
        if size > MAX_BLOCK {
            return Err(Corrupt);
        }
        self.literals.clear();
        match kind {
            0 => {
                let (raw, rest) = rest.split_at_checked(size).ok_or(Corrupt)?;
                self.literals.extend_from_slice(raw);
                return Ok(rest);
            }
            1 => {
                let (&byte, rest) = rest.split_first().ok_or(Corrupt)?;
                self.literals.resize(size, byte);
                return Ok(rest);
            }
            _ => {}
        }
        let packed = (header >> (shift + width) & ((1 << width) - 1)) as usize;
        let (mut packed, rest) = rest.split_at_checked(packed).ok_or(Corrupt)?;
        if kind == 2 {
            (self.huffman, packed) = Huffman::read(packed)?;
        }
        if self.huffman.is_empty() {
            return Err(Corrupt);
        }
        match format {
            0 => self.huffman.decode(packed, size, &mut self.literals)?,
            _ => self.read_four_streams(packed, size)?,
        }
        Ok(rest)
    }

    fn read_four_streams(&mut self, packed: &[u8], size: usize) -> Result<(), Corrupt> {
        let (jumps, mut streams) = packed.split_first_chunk::<6>().ok_or(Corrupt)?;
        let each = size.div_ceil(4);
        for jump in jumps.as_chunks::<2>().0 {
            let (stream, rest) = streams.split_at_checked(usize::from(u16::from_le_bytes(*jump))).ok_or(Corrupt)?;
            self.huffman.decode(stream, each, &mut self.literals)?;
            streams = rest;
        }
        let last = size.checked_sub(3 * each).ok_or(Corrupt)?;
        self.huffman.decode(streams, last, &mut self.literals)
    }

    /// Runs the sequences, which write the block behind `start`.
    fn run_sequences(&mut self, bytes: &[u8], start: usize) -> Result<(), Corrupt> {
        let (count, rest) = match *bytes {
            [first, ref rest @ ..] if first < 128 => (usize::from(first), rest),
            [first, second, ref rest @ ..] if first < 255 => {
                ((usize::from(first) - 128) << 8 | usize::from(second), rest)
            }
            [_, second, third, ref rest @ ..] => (usize::from(second) + (usize::from(third) << 8) + 0x7f00, rest),
            _ => return Err(Corrupt),
        };
        let mut literals = std::mem::take(&mut self.literals);
        let result = match count {
            0 if rest.is_empty() => Ok(0),
            0 => Err(Corrupt),
            _ => self.run(count, rest, &literals, start),
        };
        if let Ok(used) = result {
            self.history.extend_from_slice(&literals[used..]);
        }
        literals.clear();
        self.literals = literals;
        result?;
        if self.history.len() - start > MAX_BLOCK { Err(Corrupt) } else { Ok(()) }
    }

    /// Says how many literals were used.
    fn run(&mut self, count: usize, bytes: &[u8], literals: &[u8], start: usize) -> Result<usize, Corrupt> {
        let stream = self.read_tables(bytes)?;
        let mut bits = Backward::new(stream)?;
        let [literal_table, offset_table, match_table] = &self.tables;
        let mut states = [literal_table, offset_table, match_table].map(|table| table.start(&mut bits));
        let mut used = 0;
        for n in 1..=count {
            let [literal, offset, matched] =
                [literal_table.get(states[0]), offset_table.get(states[1]), match_table.get(states[2])];
            let code = u32::from(offset.symbol).min(31);
            let offset_value = (1usize << code) + bits.take(code) as usize;
            let (base, extra) = match usize::from(matched.symbol).checked_sub(32) {
                None => (u32::from(matched.symbol) + 3, 0),
                Some(code) => MATCH_LENGTHS.get(code).copied().ok_or(Corrupt)?,
            };
            let match_length = (base + bits.take(extra)) as usize;
            let (base, extra) = LITERAL_LENGTHS.get(usize::from(literal.symbol)).copied().ok_or(Corrupt)?;
            let literal_length = (base + bits.take(extra)) as usize;
            if n < count {
                states[0] = literal_table.next(literal, &mut bits);
                states[2] = match_table.next(matched, &mut bits);
                states[1] = offset_table.next(offset, &mut bits);
            }
            let made = self.history.len() - start;
            let end = used + literal_length;
            if bits.is_overdrawn() || end > literals.len() || made + literal_length + match_length > MAX_BLOCK {
                return Err(Corrupt);
            }
            self.history.extend_from_slice(&literals[used..end]);
            used = end;
            let offset = next_offset(&mut self.offsets, offset_value, literal_length);
            copy_back(&mut self.history, offset, match_length)?;
        }
        if bits.is_at_end() { Ok(used) } else { Err(Corrupt) }
    }

    /// Reads the tables of a block. Returns the bytes behind them.
    fn read_tables<'b>(&mut self, bytes: &'b [u8]) -> Result<&'b [u8], Corrupt> {
        let (&modes, mut rest) = bytes.split_first().ok_or(Corrupt)?;
        if modes & 3 != 0 {
            return Err(Corrupt);
        }
        for (n, (table, kind)) in self.tables.iter_mut().zip(&KINDS).enumerate() {
            match modes >> (6 - 2 * n) & 3 {
                0 => *table = Table::build(kind.default, kind.default_log)?,
                1 => {
                    let (&symbol, behind) = rest.split_first().ok_or(Corrupt)?;
                    if symbol > kind.max_symbol {
                        return Err(Corrupt);
                    }
                    *table = Table::of_one(symbol);
                    rest = behind;
                }
                2 => (*table, rest) = Table::read(rest, kind.max_log, kind.max_symbol)?,
                _ if table.is_empty() => return Err(Corrupt),
                _ => {}
            }
        }
        Ok(rest)
    }
}

/// The offset that a value stands for: the lowest three mean one of the last offsets. 0 is none.
fn next_offset(offsets: &mut [usize; 3], value: usize, literal_length: usize) -> usize {
    let [first, second, third] = *offsets;
    let shifted = if literal_length == 0 { value + 1 } else { value };
    match shifted {
        _ if value > 3 => *offsets = [value - 3, first, second],
        1 => {}
        2 => *offsets = [second, first, third],
        3 => *offsets = [third, first, second],
        _ => *offsets = [first.saturating_sub(1), first, second],
    }
    offsets[0]
}

/// Repeats what stands so many bytes before the end.
fn copy_back(history: &mut Vec<u8>, offset: usize, length: usize) -> Result<(), Corrupt> {
    let from = history.len().checked_sub(offset).filter(|_| offset > 0).ok_or(Corrupt)?;
    // A match can reach into itself: each round doubles what can be copied at once.
    let mut left = length;
    while left > 0 {
        let piece = left.min(history.len() - from);
        history.extend_from_within(from..from + piece);
        left -= piece;
    }
    Ok(())
}
