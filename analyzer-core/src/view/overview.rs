//! How many events match, and over which time.

use crate::store::{Rows, Store};

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
    /// Of the matching rows; `events` is how many rows there are at all.
    pub(crate) fn of(store: &Store, rows: &Rows, events: u64) -> Overview {
        let (mut untimed, mut first, mut last) = (0, i64::MAX, i64::MIN);
        rows.each(|row| match store.time(row) {
            Some(ms) => (first, last) = (first.min(ms), last.max(ms)),
            None => untimed += 1,
        });
        Overview { events, matching: rows.count(), untimed, span_ms: (first <= last).then_some((first, last)) }
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
