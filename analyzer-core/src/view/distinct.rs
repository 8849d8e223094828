//! How many distinct values a field has, over all shards.
//!
//! Each value has a mark, a number that every shard makes of it in the same way. The lowest marks of all values say how
//! densely values lie among all numbers, and so how many there are; if no shard has more than it tells, they are all of
//! them. (Bar-Yossef and others: Counting distinct elements in a data stream, 2002, algorithm 1.)

use super::top::counts;
use crate::field::Field;
use crate::store::{Rows, Store};
use twox_hash::XxHash64;

/// The lowest marks of a shard's values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// In order.
    pub lowest: Vec<u64>,
    /// Every value's mark is here.
    pub is_whole: bool,
}

/// How many values there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Distinct {
    /// So many.
    pub count: u64,
    /// They were counted; otherwise this is an estimate, the better the more marks were asked for: it is off by about one
    /// in the square root of their number.
    pub is_exact: bool,
}

impl Marks {
    /// At most `limit` marks of the values of a field.
    pub(crate) fn of(store: &Store, rows: &Rows, field: &Field, limit: usize) -> Marks {
        let values = counts(store, rows, field);
        let mark = |value: &str| XxHash64::oneshot(0, value.as_bytes());
        let mut lowest: Vec<u64> = values.iter().filter_map(|&(value, _)| value.map(mark)).collect();
        let is_whole = lowest.len() <= limit;
        if !is_whole {
            lowest.select_nth_unstable(limit);
            lowest.truncate(limit);
        }
        lowest.sort_unstable();
        Marks { lowest, is_whole }
    }
}

/// How many values all shards have.
pub fn distinct(shards: &[Marks]) -> Distinct {
    // Beyond the last mark of a shard that did not tell all, others are not known.
    let known = shards.iter().filter(|marks| !marks.is_whole).filter_map(|marks| marks.lowest.last()).min();
    let mut all: Vec<u64> = shards.iter().flat_map(|marks| marks.lowest.iter().copied()).collect();
    all.retain(|mark| known.is_none_or(|known| mark <= known));
    all.sort_unstable();
    all.dedup();
    let Some(&known) = known else { return Distinct { count: all.len() as u64, is_exact: true } };
    // So many marks lie in this part of all numbers.
    let part = known as f64 / u64::MAX as f64;
    let count = (all.len().saturating_sub(1)) as f64 / part;
    Distinct { count: count.round() as u64, is_exact: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(values: std::ops::Range<u64>, limit: usize) -> Marks {
        let mut lowest: Vec<u64> = values.map(|n| XxHash64::oneshot(0, &n.to_le_bytes())).collect();
        lowest.sort_unstable();
        let is_whole = lowest.len() <= limit;
        lowest.truncate(limit);
        Marks { lowest, is_whole }
    }

    #[test]
    fn shards_share_values() {
        let check = |a, b, limit, expected: u64| {
            let found = distinct(&[marks(a, limit), marks(b, limit)]);
            let error = found.count.abs_diff(expected) as f64 / (expected as f64).max(1.0);
            // Four standard deviations.
            let allowed = if found.is_exact { 0.0 } else { 4.0 / (limit as f64).sqrt() };
            assert!(error <= allowed, "{found:?} for {expected}");
            found.is_exact
        };
        assert!(check(0..0, 0..0, 10, 0));
        assert!(check(0..50, 40..90, 100, 90));
        assert!(!check(0..50_000, 40_000..90_000, 1_024, 90_000));
        assert!(!check(0..50_000, 3..9, 1_024, 50_000));
        assert!(!check(0..200_000, 0..200_000, 4_096, 200_000));
    }
}
