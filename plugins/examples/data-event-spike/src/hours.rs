//! Events by the hour, and what is usual for one.

use trailglass_plugin::time;

/// An hour that has events: which one, where they are among all of the group, and how many of them count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hour {
    /// The hour, counted from 1970.
    pub number: i64,
    /// Where its events begin.
    pub start: usize,
    /// Behind its last event.
    pub end: usize,
    /// How many of its events count.
    pub calls: usize,
}

/// The hours of the events that count, given by their places and times, in time order. Events without a time, which come
/// first, are of no hour.
pub fn split(events: impl Iterator<Item = (usize, Option<i64>)>) -> Vec<Hour> {
    let mut hours: Vec<Hour> = Vec::new();
    for (place, time) in events {
        let Some(number) = time.map(time::hour) else { continue };
        match hours.last_mut().filter(|hour| hour.number == number) {
            Some(hour) => (hour.end, hour.calls) = (place + 1, hour.calls + 1),
            None => hours.push(Hour { number, start: place, end: place + 1, calls: 1 }),
        }
    }
    hours
}

/// What was usual in the hours before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// How many hours it has, those without events included.
    pub hours: i64,
    /// Events of the median hour.
    pub median: usize,
    /// How far hours usually are from it; at least 1.
    pub spread: usize,
    /// Events of the busiest hour.
    pub busiest: usize,
}

impl Past {
    /// The past of hour `now`: as many hours as `length` says, from the hours with events before it.
    pub fn new(before: &[Hour], now: i64, length: i64) -> Self {
        let recent = before.iter().filter(|hour| hour.number >= now - length);
        let mut counts: Vec<usize> = recent.map(|hour| hour.calls).collect();
        counts.resize(usize::try_from(length).unwrap_or(0).max(counts.len()), 0);
        let median = median(&mut counts);
        let mut distances: Vec<usize> = counts.iter().map(|count| count.abs_diff(median)).collect();
        let spread = self::median(&mut distances).saturating_mul(3) / 2;
        Self {
            hours: length,
            median,
            spread: spread.max(median.isqrt()).max(1),
            busiest: counts.iter().copied().max().unwrap_or(0),
        }
    }
}

/// The middle one, or of two middle ones the larger; 0 of nothing.
fn median(values: &mut [usize]) -> usize {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use trailglass_plugin::time::HOUR_MS;

    #[test]
    fn hours_begin_on_the_hour() {
        let events = [(0, None), (1, Some(-1)), (2, Some(0)), (5, Some(HOUR_MS - 1)), (6, Some(3 * HOUR_MS))];
        let hour = |number, start, end, calls| Hour { number, start, end, calls };
        assert_eq!(split(events.into_iter()), [hour(-1, 1, 2, 1), hour(0, 2, 6, 2), hour(3, 6, 7, 1)]);
    }

    #[test]
    fn empty_hours_are_part_of_the_past() {
        fn check(counts: &[(i64, usize)], length: i64, expected: (usize, usize, usize)) {
            let hour = |&(number, count): &(i64, usize)| Hour { number, start: 0, end: 0, calls: count };
            let hours: Vec<Hour> = counts.iter().map(hour).collect();
            let past = Past::new(&hours, 10, length);
            assert_eq!((past.median, past.spread, past.busiest), expected, "{counts:?}");
        }
        check(&[], 5, (0, 1, 0));
        check(&[(9, 100)], 5, (0, 1, 100));
        check(&[(7, 100), (8, 120), (9, 110)], 3, (110, 15, 120));
        check(&[(7, 100), (8, 100), (9, 100)], 3, (100, 10, 100));
        // What is older is forgotten.
        check(&[(2, 900), (8, 10), (9, 10)], 2, (10, 3, 10));
    }
}
