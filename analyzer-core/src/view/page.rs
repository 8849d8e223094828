//! Rows of the table in time order, or in that of a field's values, over all shards.
//!
//! No shard knows where its events stand among the others'. So a page takes three short steps, none of which moves more
//! than a few thousand keys, however many events match:
//!
//! 1. once for each query, every shard tells each [`STRIDE`]-th of its matching keys ([`Samples`]);
//! 2. [`plan`] finds a key shortly before the page, and every shard tells its keys from there on ([`KeyRun`]);
//! 3. [`cut`] knows now which rows of which shard make the page, and [`assemble`] puts them into order.

use crate::event::EventKey;
use crate::order;
use std::ops::Range;

/// A shard tells one of this many keys.
pub const STRIDE: usize = 256;

/// The key of a row among rows that are in the order of a field's values: none comes first. Of equal values time decides.
pub type FieldKey = (Option<String>, EventKey);

/// Every [`STRIDE`]-th key of the matching rows of one shard, from the first on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Samples<K = EventKey> {
    /// How many rows match.
    pub count: u64,
    /// The keys.
    pub keys: Vec<K>,
}

impl<K> Default for Samples<K> {
    fn default() -> Self {
        Samples { count: 0, keys: Vec::new() }
    }
}

impl<K> Samples<K> {
    pub(crate) fn of(ordered: &[u32], key: impl Fn(u32) -> K) -> Samples<K> {
        let keys = ordered.iter().step_by(STRIDE).map(|&row| key(row)).collect();
        Samples { count: ordered.len() as u64, keys }
    }
}

/// What a shard is asked in the second step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyQuestion<K = EventKey> {
    /// Keys from this one on, itself included …
    pub from: K,
    /// … and not more than these.
    pub at_most: usize,
}

/// The keys of one shard from a key on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRun<K = EventKey> {
    /// How many matching rows of the shard stand before the first.
    pub before: u64,
    /// The keys in order.
    pub keys: Vec<K>,
}

impl<K> Default for KeyRun<K> {
    fn default() -> Self {
        KeyRun { before: 0, keys: Vec::new() }
    }
}

impl<K: Ord> KeyRun<K> {
    pub(crate) fn of(ordered: &[u32], question: &KeyQuestion<K>, key: impl Fn(u32) -> K) -> KeyRun<K> {
        let before = ordered.partition_point(|&row| key(row) < question.from);
        let keys = ordered[before..].iter().take(question.at_most).map(|&row| key(row)).collect();
        KeyRun { before: before as u64, keys }
    }
}

/// Second step: the question whose answers hold the page of `limit` rows from `offset` on. `None` if nothing matches
/// or the page is behind the last row.
pub fn plan<K: Ord + Clone>(shards: &[Samples<K>], offset: u64, limit: usize) -> Option<KeyQuestion<K>> {
    if offset >= shards.iter().map(|s| s.count).sum() {
        return None;
    }
    let mut keys: Vec<&K> = shards.iter().flat_map(|s| &s.keys).collect();
    // Each shard's are in order already, which the stable sort makes use of.
    order::sort(&mut keys);
    // A key stands behind at most STRIDE rows for each sample before it, so this many rows cannot pass the page.
    let most_before = |key: &K| -> u64 {
        let bound = |s: &Samples<K>| ((s.keys.partition_point(|k| k < key) * STRIDE) as u64).min(s.count);
        shards.iter().map(bound).sum()
    };
    let least_before = |key: &K| -> u64 {
        let bound = |s: &Samples<K>| s.keys.partition_point(|k| k < key).saturating_sub(1) as u64 * STRIDE as u64;
        shards.iter().map(bound).sum()
    };
    let index = keys.partition_point(|key| most_before(key) <= offset).saturating_sub(1);
    let from = K::clone(keys.get(index)?);
    let at_most = usize::try_from(offset - least_before(&from).min(offset)).unwrap_or(usize::MAX).saturating_add(limit);
    Some(KeyQuestion { from, at_most })
}

/// Which rows make a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// For each shard the range of its matching rows, counted in time order.
    pub ranges: Vec<Range<u64>>,
    /// For each row of the page the shard that has it.
    pub order: Vec<usize>,
}

/// Third step: finds the page of `limit` rows from `offset` on in the answers to [`plan`]'s question.
pub fn cut<K: Ord>(runs: &[KeyRun<K>], offset: u64, limit: usize) -> Cut {
    let mut next: Vec<usize> = vec![0; runs.len()];
    let mut skip = offset.saturating_sub(runs.iter().map(|r| r.before).sum());
    let mut found = Cut { ranges: runs.iter().map(|r| r.before..r.before).collect(), order: Vec::new() };
    while found.order.len() < limit {
        let heads = runs.iter().zip(&next).enumerate();
        // Of equal keys the lower shard comes first; equal keys are events without an id that are equal in every byte.
        let Some((_, shard)) = heads.filter_map(|(i, (run, &n))| run.keys.get(n).map(|k| (k, i))).min() else { break };
        next[shard] += 1;
        if skip > 0 {
            skip -= 1;
            found.ranges[shard] = found.ranges[shard].start + 1..found.ranges[shard].end + 1;
        } else {
            found.ranges[shard].end += 1;
            found.order.push(shard);
        }
    }
    found
}

/// Puts the rows that the shards returned for their ranges into one order, whatever a row is. A shard that returned too
/// few leaves gaps out.
pub fn assemble<T>(cut: &Cut, rows: Vec<Vec<T>>) -> Vec<T> {
    let mut rows: Vec<_> = rows.into_iter().map(Vec::into_iter).collect();
    cut.order.iter().filter_map(|&shard| rows.get_mut(shard)?.next()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::EventId;
    use proptest::prelude::*;

    fn page(shards: &[Vec<EventKey>], offset: u64, limit: usize) -> Vec<EventKey> {
        let samples: Vec<_> = shards
            .iter()
            .map(|keys| Samples { count: keys.len() as u64, keys: keys.iter().step_by(STRIDE).copied().collect() })
            .collect();
        let Some(question) = plan(&samples, offset, limit) else { return Vec::new() };
        let runs: Vec<_> = shards
            .iter()
            .map(|keys| {
                let before = keys.partition_point(|k| *k < question.from);
                let keys = keys[before..].iter().take(question.at_most).copied().collect();
                KeyRun { before: before as u64, keys }
            })
            .collect();
        assert!(question.at_most <= limit + (shards.len() + 1) * STRIDE, "asks for {}", question.at_most);
        let cut = cut(&runs, offset, limit);
        let mut parts: Vec<_> = cut
            .ranges
            .iter()
            .zip(shards)
            .map(|(range, keys)| keys[range.start as usize..range.end as usize].iter())
            .collect();
        cut.order.iter().map(|&shard| *parts[shard].next().unwrap()).collect()
    }

    proptest! {
        #[test]
        fn a_page_over_shards_is_the_page_of_all(
            times in prop::collection::vec((0i64..400, 0usize..3), 0..3_000),
            offset in 0u64..3_100,
            limit in 0usize..80,
        ) {
            let mut shards = vec![Vec::new(); 3];
            let mut all = Vec::new();
            for (n, (time_ms, shard)) in times.into_iter().enumerate() {
                let key = EventKey { time_ms, id: EventId((n as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15)) };
                shards[shard].push(key);
                all.push(key);
            }
            shards.iter_mut().for_each(|s| s.sort_unstable());
            all.sort_unstable();
            let expected: Vec<_> = all.into_iter().skip(offset as usize).take(limit).collect();
            prop_assert_eq!(page(&shards, offset, limit), expected);
        }
    }
}
