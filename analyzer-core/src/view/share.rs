//! What sets some events apart: the values that are more frequent among them than among others.

use crate::order;

/// Counts of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Among the events that are looked at.
    pub count: u64,
    /// Among those that they are compared with.
    pub among_others: u64,
}

impl Share {
    /// Whether all events that have the value are among those that are looked at. While events come, answers that belong
    /// together can be of different moments.
    pub fn is_only_here(self) -> bool {
        self.count >= self.among_others
    }
}

/// The values that are more frequent among so many events than the others make expect: the most surprising first, then
/// by text.
pub fn unusual(values: impl IntoIterator<Item = (String, Share)>, events: u64, others: u64) -> Vec<(String, Share)> {
    let scored = values.into_iter().map(|value| (surprise(value.1, events, others), value));
    let mut unusual: Vec<_> = scored.filter(|(score, _)| *score > 0.0).collect();
    order::sort_by(&mut unusual, |a, b| b.0.total_cmp(&a.0).then_with(|| a.1.0.cmp(&b.1.0)));
    unusual.into_iter().map(|(_, value)| value).collect()
}

/// How many times as frequent a value is as in the events of comparison, where there are so many events in all. Nothing
/// if it does not come there.
pub fn lift(share: Share, events: u64, others: u64) -> Option<f64> {
    let expected = share.among_others as f64 * events as f64 / others as f64;
    (expected > 0.0).then(|| share.count as f64 / expected)
}

/// How much more of these events there are than the others make expect, as a chi-square statistic counts it: rare values
/// that come a few times and frequent values that come a little more often both find their place. 0 for a value that is
/// not more frequent than expected.
pub fn surprise(share: Share, events: u64, others: u64) -> f64 {
    let expected = share.among_others as f64 * events as f64 / others as f64;
    let more = share.count as f64 - expected;
    // A value that never comes among the others is taken to come there once.
    let once = events as f64 / others as f64;
    if more > 0.0 { more * more / expected.max(once) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unusual() {
        let share = |count, among_others| Share { count, among_others };
        let check = |a, b| assert!(surprise(a, 100, 10_000) > surprise(b, 100, 10_000), "{a:?} {b:?}");
        check(share(5, 5), share(50, 5_000));
        check(share(90, 5_000), share(50, 5_000));
        check(share(5, 5), share(2, 2));
        check(share(5, 0), share(5, 50));
        assert_eq!(surprise(share(10, 1_000), 100, 10_000), 0.0);
        assert_eq!(lift(share(10, 100), 100, 10_000), Some(10.0));
        assert_eq!(lift(share(10, 0), 100, 10_000), None);
    }
}
