//! A set of rows: a bit for each.

/// A set of rows of one store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    words: Vec<u64>,
    len: u32,
}

impl Rows {
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

    /// Whether the row is in the set.
    pub fn contains(&self, row: u32) -> bool {
        self.words.get(row as usize / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    /// How many rows are in the set.
    pub fn count(&self) -> u64 {
        self.words.iter().map(|w| u64::from(w.count_ones())).sum()
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
            prop_assert_eq!(rows_a.count() + not.count(), u64::from(len));
            prop_assert_eq!(Rows::every(len), Rows::from_fn(len, |_| true));
        }
    }
}
