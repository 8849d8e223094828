//! A set of rows: a bit for each.

use std::ops::Range;

/// A set of rows of one store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    words: Vec<u64>,
    len: u32,
}

impl Rows {
    /// Bytes of memory, by capacity.
    pub fn memory(&self) -> usize {
        self.words.capacity() * size_of::<u64>()
    }

    /// No row of `len`.
    pub fn none(len: u32) -> Rows {
        Rows { words: vec![0; (len as usize).div_ceil(64)], len }
    }

    /// Every row of `len`.
    pub fn every(len: u32) -> Rows {
        let mut rows = Rows { words: vec![u64::MAX; (len as usize).div_ceil(64)], len };
        rows.trim();
        rows
    }

    /// The rows whose turn `holds` says yes to; it is asked once for each row, in order.
    pub fn from_fn(len: u32, mut holds: impl FnMut(u32) -> bool) -> Rows {
        let mut rows = Rows::none(len);
        for row in 0..len {
            if holds(row) {
                rows.insert(row);
            }
        }
        rows
    }

    /// How many rows the store has, in the set or not.
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether the store has no rows.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds a row.
    pub fn insert(&mut self, row: u32) {
        if row < self.len {
            self.words[row as usize / 64] |= 1 << (row % 64);
        }
    }

    /// Takes a row out.
    pub fn remove(&mut self, row: u32) {
        if let Some(word) = self.words.get_mut(row as usize / 64) {
            *word &= !(1 << (row % 64));
        }
    }

    /// The rows in order, 64 a word, the first one lowest.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Sets those rows of a word that `mask` has to what `bits` has; rows that the store does not have are left out.
    pub(super) fn set_word(&mut self, word: u32, bits: u64, mask: u64) {
        if let Some(place) = self.words.get_mut(word as usize) {
            *place = *place & !mask | bits & mask;
        }
        if word as usize + 1 == self.words.len() {
            self.trim();
        }
    }

    /// Calls `each` with every row of the set, in order.
    #[inline(always)]
    pub fn each(&self, mut each: impl FnMut(u32)) {
        for (at, &word) in (0u32..).step_by(64).zip(&self.words) {
            let mut left = word;
            while left != 0 {
                each(at + left.trailing_zeros());
                left &= left - 1;
            }
        }
    }

    /// Whether the row is in the set.
    pub fn contains(&self, row: u32) -> bool {
        self.words.get(row as usize / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    /// How many rows are in the set.
    pub fn count(&self) -> u64 {
        self.words.iter().map(|w| u64::from(w.count_ones())).sum()
    }

    /// How many of these rows are in the set.
    pub fn count_in(&self, rows: Range<u32>) -> u64 {
        let (first, last) = (rows.start / 64, rows.end.div_ceil(64));
        let words = self.words.get(first as usize..(last as usize).min(self.words.len())).unwrap_or_default();
        let counts = (first..).zip(words).map(|(at, &word)| {
            let below = |row: u32| u64::MAX.checked_shl(row.saturating_sub(at * 64)).unwrap_or(0);
            (word & below(rows.start) & !below(rows.end)).count_ones()
        });
        counts.map(u64::from).sum()
    }

    /// The rows that are in both sets.
    pub fn and(&mut self, other: &Rows) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= b);
    }

    /// The rows that are in either set.
    pub fn or(&mut self, other: &Rows) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a |= b);
    }

    /// The rows that are not in the set.
    pub fn not(&mut self) {
        self.words.iter_mut().for_each(|w| *w = !*w);
        self.trim();
    }

    /// The store has grown: the new rows are not in the set.
    pub fn grow(&mut self, len: u32) {
        self.words.resize((len as usize).div_ceil(64), 0);
        self.len = len;
    }

    fn trim(&mut self) {
        let used = self.len % 64;
        if used != 0
            && let Some(last) = self.words.last_mut()
        {
            *last &= (1 << used) - 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sets_of_rows(len in 0u32..200, a: u64, b: u64) {
            let in_a = |row: u32| a >> (row % 64) & 1 == 1;
            let in_b = |row: u32| b >> (row % 61) & 1 == 1;
            let (rows_a, rows_b) = (Rows::from_fn(len, in_a), Rows::from_fn(len, in_b));
            let (mut and, mut or, mut not) = (rows_a.clone(), rows_a.clone(), rows_a.clone());
            and.and(&rows_b);
            or.or(&rows_b);
            not.not();
            for row in 0..len + 70 {
                let there = row < len;
                prop_assert_eq!(and.contains(row), there && in_a(row) && in_b(row));
                prop_assert_eq!(or.contains(row), there && (in_a(row) || in_b(row)));
                prop_assert_eq!(not.contains(row), there && !in_a(row));
            }
            let (from, to) = (b as u32 % 220, a as u32 % 220);
            prop_assert_eq!(rows_a.count_in(from..to), (from..to).filter(|&row| rows_a.contains(row)).count() as u64);
            let mut each = Vec::new();
            rows_a.each(|row| each.push(row));
            prop_assert_eq!(each, (0..len).filter(|&row| in_a(row)).collect::<Vec<_>>());
            let mut mixed = rows_a.clone();
            (0..len.div_ceil(64) + 1).for_each(|word| mixed.set_word(word, u64::MAX, b));
            mixed.remove(3);
            let expected = |row: u32| row != 3 && row < len && (in_a(row) || b >> (row % 64) & 1 == 1);
            prop_assert_eq!(mixed, Rows::from_fn(len, expected));
            prop_assert_eq!(rows_a.count() + not.count(), u64::from(len));
            prop_assert_eq!(Rows::every(len), Rows::from_fn(len, |_| true));
        }
    }
}
