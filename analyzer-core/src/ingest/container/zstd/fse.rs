//! Tables of finite state entropy (RFC 8878, 4.1).

use super::Corrupt;
use super::bits::{Backward, Forward};

/// What a state stands for, and how the next one is found.
#[derive(Clone, Copy, Debug, Default)]
pub struct Entry {
    pub symbol: u8,
    /// Bits that are read for the next state, and what they are added to.
    bits: u8,
    base: u16,
}

/// A decoding table of a power of two of states.
#[derive(Clone, Debug, Default)]
pub struct Table {
    entries: Vec<Entry>,
    log: u32,
}

impl Table {
    /// A table of one state.
    pub fn of_one(symbol: u8) -> Table {
        Table { entries: vec![Entry { symbol, bits: 0, base: 0 }], log: 0 }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Reads the description of a table. Returns the bytes behind it.
    pub fn read(bytes: &[u8], max_log: u32, max_symbol: u8) -> Result<(Table, &[u8]), Corrupt> {
        let mut bits = Forward::new(bytes);
        let log = bits.take(4)? + 5;
        if log > max_log {
            return Err(Corrupt);
        }
        let mut left = 1i32 << log;
        let mut counts: Vec<i16> = Vec::new();
        while left > 0 {
            if counts.len() > usize::from(max_symbol) {
                return Err(Corrupt);
            }
            // A value in 0..=left + 1; the lower ones take a bit less.
            let range = left as u32 + 1;
            let width = range.ilog2() + 1;
            let spare = (1 << width) - 1 - range;
            let low = bits.peek(width - 1);
            let value = if low < spare {
                bits.take(width - 1)?
            } else {
                let value = bits.take(width)?;
                if value >= 1 << (width - 1) { value - spare } else { value }
            };
            let count = value as i32 - 1;
            left -= count.abs();
            counts.push(count as i16);
            if count == 0 {
                loop {
                    let zeros = bits.take(2)?;
                    counts.extend((0..zeros).map(|_| 0));
                    if zeros < 3 {
                        break;
                    }
                    if counts.len() > 256 {
                        return Err(Corrupt);
                    }
                }
            }
        }
        if left < 0 || counts.len() > usize::from(max_symbol) + 1 {
            return Err(Corrupt);
        }
        Ok((Table::build(&counts, log)?, bits.rest()))
    }

    /// A table in which each symbol has so many states; −1 stands for less than one.
    pub fn build(counts: &[i16], log: u32) -> Result<Table, Corrupt> {
        let size = 1usize << log;
        let mut entries = vec![Entry::default(); size];
        let mut high = size;
        for (symbol, _) in counts.iter().enumerate().filter(|&(_, &count)| count == -1) {
            high = high.checked_sub(1).ok_or(Corrupt)?;
            entries[high].symbol = symbol as u8;
        }
        let (step, mask) = ((size >> 1) + (size >> 3) + 3, size - 1);
        let mut at = 0;
        for (symbol, &count) in counts.iter().enumerate() {
            for _ in 0..count.max(0) {
                entries[at].symbol = symbol as u8;
                at = (at + step) & mask;
                // The step visits every place, so this ends as long as one is free below.
                while at >= high && high > 0 {
                    at = (at + step) & mask;
                }
            }
        }
        if at != 0 {
            return Err(Corrupt);
        }
        let mut next: Vec<u32> = counts.iter().map(|&count| u32::from(count.unsigned_abs())).collect();
        for entry in &mut entries {
            let next = next.get_mut(usize::from(entry.symbol)).filter(|next| **next > 0).ok_or(Corrupt)?;
            let bits = log.checked_sub(next.ilog2()).ok_or(Corrupt)?;
            entry.bits = bits as u8;
            entry.base = ((*next << bits) - size as u32) as u16;
            *next += 1;
        }
        Ok(Table { entries, log })
    }

    /// The first state.
    pub fn start(&self, bits: &mut Backward) -> usize {
        bits.take(self.log) as usize
    }

    /// What a state stands for.
    #[inline]
    pub fn get(&self, state: usize) -> Entry {
        self.entries.get(state).copied().unwrap_or_default()
    }

    /// The state after this one.
    #[inline]
    pub fn next(&self, entry: Entry, bits: &mut Backward) -> usize {
        usize::from(entry.base) + bits.take(u32::from(entry.bits)) as usize
    }
}
