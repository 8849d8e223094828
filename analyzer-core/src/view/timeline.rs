//! How many events in each stretch of time.

use crate::field::Field;
use crate::store::{Rows, Store};

/// Which stretches: `count` buckets of `bucket_ms`, the first starting at `start_ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Buckets {
    /// Start of the first bucket, in milliseconds since 1970; a multiple of `bucket_ms`.
    pub start_ms: i64,
    /// Width of a bucket in milliseconds.
    pub bucket_ms: i64,
    /// How many buckets.
    pub count: u32,
}

/// A timeline may have this many buckets.
pub const MAX_BUCKETS: u32 = 10_000;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Widths that people read easily.
const WIDTHS: [i64; 20] = [
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    30 * DAY,
    365 * DAY,
];

impl Buckets {
    /// Buckets over a span of time: the narrowest easy width that needs no more than `at_most` of them.
    pub fn over(span_ms: (i64, i64), at_most: u32) -> Buckets {
        let (first, last) = span_ms;
        let at_most = at_most.clamp(1, MAX_BUCKETS);
        let needed = |width: i64| last.div_euclid(width) - first.div_euclid(width) + 1;
        let mut width = WIDTHS.into_iter().find(|&w| needed(w) <= i64::from(at_most)).unwrap_or(365 * DAY);
        while needed(width) > i64::from(at_most) && width < i64::MAX / 2 {
            width *= 2;
        }
        let count = needed(width).clamp(1, i64::from(at_most)) as u32;
        Buckets { start_ms: first.div_euclid(width).saturating_mul(width), bucket_ms: width, count }
    }
}

/// Matching events in each bucket. Events before or behind the buckets are not counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// The buckets.
    pub buckets: Buckets,
    /// One count each.
    pub counts: Vec<u64>,
}

impl Timeline {
    pub(crate) fn of(store: &Store, rows: &Rows, buckets: Buckets) -> Timeline {
        let mut counts = vec![0; buckets.count.min(MAX_BUCKETS) as usize];
        each_bucket(store, rows, buckets, |_, bucket| {
            if let Some(count) = counts.get_mut(bucket) {
                *count += 1;
            }
        });
        Timeline { buckets, counts }
    }

    /// Adds another shard's answer to the same question.
    pub fn merge(&mut self, other: &Timeline) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(a, b)| *a += b);
    }
}

/// Matching events in each bucket, split by some values of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitTimeline {
    /// The buckets.
    pub buckets: Buckets,
    /// For each of the values one count a bucket.
    pub of_values: Vec<Vec<u64>>,
    /// The same for all other values.
    pub others: Vec<u64>,
    /// The same for events without the field.
    pub missing: Vec<u64>,
}

impl SplitTimeline {
    /// Times, ids and what only records hold split nothing: then all is missing.
    pub(crate) fn of(store: &Store, rows: &Rows, buckets: Buckets, field: &Field, values: &[String]) -> SplitTimeline {
        let bars = buckets.count.min(MAX_BUCKETS) as usize;
        // One row of bars for the missing ones, one for the others, one for each value.
        let mut counts = vec![0; bars * (values.len() + 2)];
        let parts = store.parts(field, values);
        each_bucket(store, rows, buckets, |row, bucket| {
            let part = parts.get(store.number(row, field) as usize).copied().unwrap_or(0) as usize;
            if bucket < bars
                && let Some(count) = counts.get_mut(part * bars + bucket)
            {
                *count += 1;
            }
        });
        let mut parts = counts.chunks(bars.max(1)).map(<[u64]>::to_vec);
        let mut next = || parts.next().unwrap_or_default();
        let (missing, others) = (next(), next());
        SplitTimeline { buckets, missing, others, of_values: values.iter().map(|_| next()).collect() }
    }

    /// Adds another shard's answer to the same question.
    pub fn merge(&mut self, other: &SplitTimeline) {
        let mine = self.of_values.iter_mut().chain([&mut self.others, &mut self.missing]);
        for (mine, theirs) in mine.zip(other.of_values.iter().chain([&other.others, &other.missing])) {
            mine.iter_mut().zip(theirs).for_each(|(a, b)| *a += b);
        }
    }
}

/// Calls `each` with every row that has a time and the number of its bucket, which may be beyond the last.
#[inline(always)]
fn each_bucket(store: &Store, rows: &Rows, buckets: Buckets, mut each: impl FnMut(u32, usize)) {
    let width = buckets.bucket_ms.max(1);
    // Events of one file are near in time: mostly the bucket is that of the one before.
    let (mut start, mut index) = (i64::MIN, usize::MAX);
    rows.each(|row| {
        let Some(ms) = store.time(row) else { return };
        if ms.checked_sub(start).is_none_or(|behind| !(0..width).contains(&behind)) {
            let number = ms.saturating_sub(buckets.start_ms).div_euclid(width);
            index = usize::try_from(number).unwrap_or(usize::MAX);
            start = number.saturating_mul(width).saturating_add(buckets.start_ms);
        }
        each(row, index);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{format_time, parse_time};

    fn check(first: &str, last: &str, at_most: u32, start: &str, bucket_ms: i64, count: u32) {
        let span = (parse_time(first).unwrap(), parse_time(last).unwrap());
        let buckets = Buckets::over(span, at_most);
        assert!(span.0 >= buckets.start_ms && span.1 < buckets.start_ms + buckets.bucket_ms * i64::from(buckets.count));
        assert_eq!(
            (format_time(buckets.start_ms).as_str(), buckets.bucket_ms, buckets.count),
            (start, bucket_ms, count)
        );
    }

    #[test]
    fn buckets() {
        check("2024-01-01T00:00:07Z", "2024-01-01T00:00:07Z", 100, "2024-01-01T00:00:07Z", SECOND, 1);
        check("2024-01-01T00:00:07Z", "2024-01-01T01:00:00Z", 100, "2024-01-01T00:00:00Z", MINUTE, 61);
        check("2024-01-01T00:00:07Z", "2024-01-31T01:00:00Z", 100, "2024-01-01T00:00:00Z", 12 * HOUR, 61);
        check("0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z", 10, "-64585728000000 ms", 1024 * 365 * DAY, 10);
    }
}
