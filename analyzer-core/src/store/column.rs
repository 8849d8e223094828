//! A dictionary-coded column: each distinct value once, one code a row.

use super::codes::Codes;
pub use super::codes::MISSING;
use super::interner::Interner;
use super::rows::Rows;
use crate::bytes;

/// Values that are remembered, of each kind, at least and at most: powers of two. As many as the column has, so that a
/// column of few values does not push other things out of the processor's memory.
const FEWEST: usize = 16;
const MOST: usize = 4_096;

/// One column.
pub struct DictColumn {
    /// The distinct values.
    pub values: Interner,
    codes: Codes,
    /// Short values and their codes, each at the place that its bytes say.
    recent: Vec<(u128, u32)>,
    /// Codes of long values, each at the place that some of its bytes say.
    recent_long: Vec<u32>,
}

impl DictColumn {
    /// An empty column.
    pub fn new(seed: u64) -> DictColumn {
        DictColumn { values: Interner::new(seed), codes: Codes::default(), recent: Vec::new(), recent_long: Vec::new() }
    }

    /// Adds a row and returns its code. The value is UTF-8.
    pub fn push(&mut self, value: Option<&[u8]>) -> u32 {
        let code = match value {
            None => MISSING,
            Some(text) => self.code_of(text),
        };
        self.codes.push(code);
        code
    }

    fn code_of(&mut self, text: &[u8]) -> u32 {
        let Some(sample) = sample(text) else { return self.values.intern(text).0 + 1 };
        let known = self.recent_long.get(place_of(sample, self.recent_long.len()));
        match known.and_then(|code| code.checked_sub(1)) {
            Some(number) if bytes::equal(self.values.bytes(number), text) => number + 1,
            _ => self.remember_long(text, sample),
        }
    }

    #[inline(never)]
    fn remember_long(&mut self, text: &[u8], sample: u64) -> u32 {
        let code = self.values.intern(text).0 + 1;
        make_room(&mut self.recent_long, self.values.len(), MISSING);
        let place = place_of(sample, self.recent_long.len());
        if let Some(recent) = self.recent_long.get_mut(place) {
            *recent = code;
        }
        code
    }

    /// Adds a row with a value of at most sixteen bytes of UTF-8, none of them zero, that are given as a number, the
    /// first one lowest. Returns its code.
    #[inline(always)]
    pub fn push_word(&mut self, word: u128) -> u32 {
        let known = self.recent.get(place_of(fold(word), self.recent.len()));
        let code = match known {
            Some(&(known, code)) if known == word && code != MISSING => code,
            _ => self.remember(word),
        };
        self.codes.push(code);
        code
    }

    #[inline(never)]
    fn remember(&mut self, word: u128) -> u32 {
        let bytes = word.to_le_bytes();
        let length = 16 - word.leading_zeros() as usize / 8;
        let code = self.values.intern(bytes.get(..length).unwrap_or_default()).0 + 1;
        make_room(&mut self.recent, self.values.len(), (0, MISSING));
        let place = place_of(fold(word), self.recent.len());
        if let Some(recent) = self.recent.get_mut(place) {
            *recent = (word, code);
        }
        code
    }

    /// The code of a row; [`MISSING`] for a row that is not there.
    pub fn code(&self, row: u32) -> u32 {
        self.codes.get(row)
    }

    /// The value of a row.
    pub fn get(&self, row: u32) -> Option<&str> {
        self.value_of(self.code(row))
    }

    /// The value of a code.
    pub fn value_of(&self, code: u32) -> Option<&str> {
        code.checked_sub(1).map(|number| self.values.get(number))
    }

    /// See [`Codes::select`].
    pub(super) fn select(&self, first: u32, words: &mut [u64], holds: &[bool]) {
        self.codes.select(first, words, holds);
    }

    /// How often these rows have each code: [`MISSING`] first.
    pub fn tally(&self, rows: &Rows) -> Vec<u64> {
        let mut counts = vec![0; self.values.len() + 1];
        self.codes.tally(rows, &mut counts);
        counts
    }

    /// See [`Codes::reserve`].
    pub(super) fn reserve(&mut self, rows: usize) {
        self.codes.reserve(rows);
    }

    /// Gives back memory that was reserved for more rows.
    pub fn shrink(&mut self) {
        (self.recent, self.recent_long) = (Vec::new(), Vec::new());
        self.codes.shrink();
        self.values.shrink();
    }

    /// Bytes of memory, by capacity.
    pub fn memory(&self) -> usize {
        let recent = self.recent.capacity() * size_of::<(u128, u32)>() + self.recent_long.capacity() * 4;
        self.codes.memory() + self.values.memory() + recent
    }
}

/// Makes room for what a column with so many values remembers. What it remembered until now is forgotten if it grows.
fn make_room<T: Clone>(recent: &mut Vec<T>, values: usize, nothing: T) {
    let wanted = (values * 2).next_power_of_two().clamp(FEWEST, MOST);
    if recent.len() < wanted {
        *recent = vec![nothing; wanted];
    }
}

/// Some of the bytes of a text: those that tell user agents apart stand at its ends and all over it. Nothing for short ones.
fn sample(text: &[u8]) -> Option<u64> {
    let word = |at: usize| text.get(at..)?.first_chunk().map(|word| u64::from_le_bytes(*word));
    let last = text.len().checked_sub(8)?;
    let (ends, inside) =
        (word(0)? ^ word(last)?.rotate_left(32), word(last / 4)? ^ word(last / 4 * 3)?.rotate_left(32));
    let middle = word(last / 2)?;
    Some(ends.wrapping_mul(MIX) ^ inside.rotate_left(17).wrapping_mul(MIX) ^ middle ^ text.len() as u64)
}

fn fold(word: u128) -> u64 {
    word as u64 ^ (word >> 64) as u64
}

const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

/// Some place among so many, which are none or a power of two.
#[inline(always)]
fn place_of(bits: u64, places: usize) -> usize {
    (bits.wrapping_mul(MIX) >> 40) as usize & places.wrapping_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_widens_without_losing_a_row() {
        let mut column = DictColumn::new(0);
        let n = 70_000u32;
        for row in 0..n {
            column.push((row % 7 != 0).then_some(row.to_string()).as_deref().map(str::as_bytes));
        }
        for row in [0, 1, 254, 255, 256, 257, 65_534, 65_535, 65_536, 69_999] {
            let expected = (row % 7 != 0).then(|| row.to_string());
            assert_eq!(column.get(row), expected.as_deref(), "{row}");
        }
        assert_eq!(column.get(n), None);
        let mut counts = vec![0; column.values.len() + 1];
        (0..n).for_each(|row| counts[column.code(row) as usize] += 1);
        assert_eq!(column.tally(&Rows::every(n)), counts);
    }

    #[test]
    fn a_value_that_comes_again_has_its_code() {
        let mut column = DictColumn::new(0);
        let codes = ["a", "a", "b", "a", "", "b", ""].map(|value| column.push(Some(value.as_bytes())));
        assert_eq!(codes, [1, 1, 2, 1, 3, 2, 3]);
        let long = ["a long value", "another long value", "a long value", "a long dalue"];
        assert_eq!(long.map(|value| column.push(Some(value.as_bytes()))), [4, 5, 4, 6]);
        let word = |text: &str| text.bytes().rev().fold(0u128, |word, b| word << 8 | u128::from(b));
        let codes =
            ["b", "a", "", "sixteen bytes ..", "a", "sixteen bytes .."].map(|text| column.push_word(word(text)));
        assert_eq!(codes, [2, 1, 3, 7, 1, 7]);
        assert_eq!(column.push(Some(b"sixteen bytes ..")), 7);
    }
}
