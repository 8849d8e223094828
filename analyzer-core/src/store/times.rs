//! When: one time a row. CloudTrail writes whole seconds, which take half the room of milliseconds.

use crate::event::NO_TIME;
use crate::predicate::Matcher;

/// Stands for [`NO_TIME`] among seconds.
const NONE: u32 = u32::MAX;

/// The times of all rows, in milliseconds since 1970-01-01T00:00:00Z or [`NO_TIME`].
pub(super) enum Times {
    /// All are whole seconds within 68 years of the first: seconds since `base`, which is in seconds since 1970.
    Seconds { base: Option<i64>, values: Vec<u32> },
    /// Some are not.
    Millis(Vec<i64>),
}

impl Default for Times {
    fn default() -> Self {
        Times::Seconds { base: None, values: Vec::new() }
    }
}

impl Times {
    /// Adds a row.
    pub fn push(&mut self, time_ms: i64) {
        match self {
            Times::Seconds { base, values } => {
                let short = if time_ms == NO_TIME {
                    Some(NONE)
                } else {
                    let base = *base.get_or_insert(time_ms.div_euclid(1_000) - (1 << 31));
                    let seconds = (time_ms % 1_000 == 0).then(|| time_ms / 1_000 - base);
                    seconds.and_then(|seconds| u32::try_from(seconds).ok()).filter(|&seconds| seconds != NONE)
                };
                match short {
                    Some(seconds) => values.push(seconds),
                    None => {
                        let mut millis: Vec<i64> = values.iter().map(|&value| to_millis(*base, value)).collect();
                        millis.push(time_ms);
                        *self = Times::Millis(millis);
                    }
                }
            }
            Times::Millis(values) => values.push(time_ms),
        }
    }

    /// The time of a row; [`NO_TIME`] for a row that is not there.
    pub fn get(&self, row: u32) -> i64 {
        match self {
            Times::Seconds { base, values } => values.get(row as usize).map_or(NO_TIME, |&v| to_millis(*base, v)),
            Times::Millis(values) => values.get(row as usize).copied().unwrap_or(NO_TIME),
        }
    }

    /// Sets the bits of the rows from `first` on whose time matches; 64 rows a word, the first one lowest.
    pub fn select(&self, first: u32, words: &mut [u64], matcher: &Matcher) {
        match *matcher {
            Matcher::TimeRange { from_ms, to_ms } => {
                self.select_if(first, words, |ms| ms != NO_TIME && from_ms <= ms && ms <= to_ms);
            }
            Matcher::Exists => self.select_if(first, words, |ms| ms != NO_TIME),
            Matcher::TimePart { .. } => self.select_if(first, words, |ms| ms != NO_TIME && matcher.matches_time(ms)),
            _ => {}
        }
    }

    #[inline(always)]
    fn select_if(&self, first: u32, words: &mut [u64], is_in: impl Fn(i64) -> bool) {
        match self {
            Times::Seconds { base, values } => {
                let values = values.get(first as usize..).unwrap_or_default();
                select_in(values, words, |&value| is_in(to_millis(*base, value)));
            }
            Times::Millis(values) => {
                select_in(values.get(first as usize..).unwrap_or_default(), words, |&ms| is_in(ms));
            }
        }
    }

    /// Makes room for so many more rows, and no more.
    pub fn reserve(&mut self, rows: usize) {
        match self {
            Times::Seconds { values, .. } => values.reserve_exact(rows),
            Times::Millis(values) => values.reserve_exact(rows),
        }
    }

    /// Gives back memory that was reserved for more rows.
    pub fn shrink(&mut self) {
        match self {
            Times::Seconds { values, .. } => values.shrink_to_fit(),
            Times::Millis(values) => values.shrink_to_fit(),
        }
    }

    /// Bytes of memory, by capacity.
    pub fn memory(&self) -> usize {
        match self {
            Times::Seconds { values, .. } => values.capacity() * 4,
            Times::Millis(values) => values.capacity() * 8,
        }
    }
}

fn select_in<T>(values: &[T], words: &mut [u64], is_in: impl Fn(&T) -> bool) {
    for (values, word) in values.chunks(64).zip(words) {
        *word |= values.iter().rev().fold(0, |bits, value| bits << 1 | u64::from(is_in(value)));
    }
}

fn to_millis(base: Option<i64>, seconds: u32) -> i64 {
    match base {
        Some(base) if seconds != NONE => (base + i64::from(seconds)) * 1_000,
        _ => NO_TIME,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn times_come_back(times in prop::collection::vec(prop_oneof![
            5 => (0i64..4_000_000_000).prop_map(|s| s * 1_000),
            1 => Just(NO_TIME),
            1 => any::<i64>(),
        ], 0..60)) {
            let mut column = Times::default();
            times.iter().for_each(|&time| column.push(time));
            column.shrink();
            let found: Vec<_> = (0..times.len() as u32).map(|row| column.get(row)).collect();
            prop_assert_eq!(&found, &times);
            let range = Matcher::TimeRange { from_ms: -5_000, to_ms: 1_700_000_000_000 };
            for matcher in [range, Matcher::Exists, Matcher::Text("x".to_owned())] {
                let mut words = [0u64; 2];
                column.select(0, &mut words, &matcher);
                let found: Vec<_> = (0..times.len()).map(|row| words[row / 64] >> (row % 64) & 1 == 1).collect();
                let expected: Vec<_> = times.iter().map(|&ms| ms != NO_TIME && matcher.matches_time(ms)).collect();
                prop_assert_eq!(found, expected);
            }
        }
    }

    #[test]
    fn whole_seconds_take_four_bytes() {
        let mut times = Times::default();
        (0..1_000).for_each(|n| times.push(1_700_000_000_000 + n * 1_000));
        times.push(NO_TIME);
        times.shrink();
        assert_eq!(times.memory(), 4_004);
    }
}
