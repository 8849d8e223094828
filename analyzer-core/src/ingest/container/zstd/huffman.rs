//! Huffman codes of literals (RFC 8878, 4.2).

use super::Corrupt;
use super::bits::Backward;
use super::fse::Table;

/// The longest code, in bits.
const MAX_BITS: u32 = 11;

/// A decoding table: by the next bits, the byte and how many of the bits are its code.
#[derive(Default)]
pub struct Huffman {
    entries: Vec<(u8, u8)>,
    max_bits: u32,
}

impl Huffman {
    /// Reads the description of a tree. Returns the bytes behind it.
    pub fn read(bytes: &[u8]) -> Result<(Huffman, &[u8]), Corrupt> {
        let (&header, rest) = bytes.split_first().ok_or(Corrupt)?;
        let count = usize::from(header);
        let (weights, rest) = if header < 128 {
            let (packed, rest) = rest.split_at_checked(count).ok_or(Corrupt)?;
            (unpack_weights(packed)?, rest)
        } else {
            let count = count - 127;
            let (nibbles, rest) = rest.split_at_checked(count.div_ceil(2)).ok_or(Corrupt)?;
            let weights = nibbles.iter().flat_map(|byte| [byte >> 4, byte & 15]).take(count);
            (weights.collect(), rest)
        };
        Ok((Huffman::build(weights)?, rest))
    }

    /// A symbol of weight w has a code of `max_bits + 1 - w` bits; the last weight is what is missing.
    fn build(mut weights: Vec<u8>) -> Result<Huffman, Corrupt> {
        if weights.len() > 255 || weights.iter().any(|&weight| u32::from(weight) > MAX_BITS) {
            return Err(Corrupt);
        }
        let share = |weight: u8| if weight > 0 { 1u32 << (weight - 1) } else { 0 };
        let sum: u32 = weights.iter().map(|&weight| share(weight)).sum();
        let max_bits = sum.checked_ilog2().ok_or(Corrupt)? + 1;
        let missing = (1 << max_bits) - sum;
        if max_bits > MAX_BITS || !missing.is_power_of_two() {
            return Err(Corrupt);
        }
        weights.push(missing.ilog2() as u8 + 1);
        let mut entries = Vec::with_capacity(1 << max_bits);
        for weight in 1..=max_bits as u8 {
            for (symbol, _) in weights.iter().enumerate().filter(|&(_, &w)| w == weight) {
                let entry = (symbol as u8, max_bits as u8 + 1 - weight);
                entries.extend(std::iter::repeat_n(entry, share(weight) as usize));
            }
        }
        if entries.len() != 1 << max_bits {
            return Err(Corrupt);
        }
        Ok(Huffman { entries, max_bits })
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Decodes one stream of so many bytes.
    pub fn decode(&self, stream: &[u8], count: usize, out: &mut Vec<u8>) -> Result<(), Corrupt> {
        let mut bits = Backward::new(stream)?;
        out.reserve(count);
        for _ in 0..count {
            let (symbol, length) = self.entries.get(bits.peek(self.max_bits) as usize).copied().unwrap_or_default();
            bits.skip(u32::from(length));
            out.push(symbol);
        }
        if bits.is_at_end() { Ok(()) } else { Err(Corrupt) }
    }
}

/// The weights as two states write them in turn, until the bits are used up.
fn unpack_weights(packed: &[u8]) -> Result<Vec<u8>, Corrupt> {
    let (table, stream) = Table::read(packed, 6, 255)?;
    let mut bits = Backward::new(stream)?;
    let mut states = [table.start(&mut bits), table.start(&mut bits)];
    if bits.is_overdrawn() {
        return Err(Corrupt);
    }
    let mut weights = Vec::new();
    for turn in (0..2).cycle() {
        let entry = table.get(states[turn]);
        weights.push(entry.symbol);
        states[turn] = table.next(entry, &mut bits);
        if bits.is_overdrawn() {
            weights.push(table.get(states[1 - turn]).symbol);
            return Ok(weights);
        }
        if weights.len() > 255 {
            break;
        }
    }
    Err(Corrupt)
}
