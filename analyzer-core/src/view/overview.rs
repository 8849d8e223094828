//! How many events match, and over which time.

use crate::store::Store;

/// The frame of all other answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// Events held.
    pub events: u64,
    /// Events that match the query.
    pub matching: u64,
    /// Matching events without a readable time.
    pub untimed: u64,
    /// Times of the first and the last matching event, in milliseconds since 1970.
    pub span_ms: Option<(i64, i64)>,
}

impl Overview {
    /// Of matching rows in time order; `events` is how many rows there are at all.
    pub(crate) fn of(store: &Store, ordered: &[u32], events: u64) -> Overview {
        let untimed = ordered.partition_point(|&row| store.time(row).is_none());
        let timed = &ordered[untimed..];
        let span_ms = match (timed.first(), timed.last()) {
            (Some(&first), Some(&last)) => store.time(first).zip(store.time(last)),
            _ => None,
        };
        Overview { events, matching: ordered.len() as u64, untimed: untimed as u64, span_ms }
    }

    /// Adds another shard's.
    pub fn merge(&mut self, other: &Overview) {
        self.events += other.events;
        self.matching += other.matching;
        self.untimed += other.untimed;
        self.span_ms = match (self.span_ms, other.span_ms) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (mine, theirs) => mine.or(theirs),
        };
    }
}
