//! How many events match, and over which time.

use crate::field::Column;
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
    /// Matching events with an error.
    pub errors: u64,
    /// Times of the first and the last matching event, in milliseconds since 1970.
    pub span_ms: Option<(i64, i64)>,
    /// Times of the first and the last of all events held.
    pub extent_ms: Option<(i64, i64)>,
}

impl Overview {
    /// Of the matching rows.
    pub(crate) fn of(store: &Store, rows: &Rows) -> Overview {
        let (mut untimed, mut first, mut last) = (0, i64::MAX, i64::MIN);
        rows.each(|row| match store.time(row) {
            Some(ms) => (first, last) = (first.min(ms), last.max(ms)),
            None => untimed += 1,
        });
        let code = store.column(Column::ErrorCode);
        let tally = (0..).zip(code.tally(rows));
        let errors = tally.filter(|&(number, _)| code.value_of(number).is_some()).map(|(_, n)| n).sum();
        let span_ms = (first <= last).then_some((first, last));
        let (events, matching) = (store.live().count(), rows.count());
        Overview { events, matching, untimed, errors, span_ms, extent_ms: store.extent() }
    }

    /// Adds another shard's.
    pub fn merge(&mut self, other: &Overview) {
        self.events += other.events;
        self.matching += other.matching;
        self.untimed += other.untimed;
        self.errors += other.errors;
        self.span_ms = joined(self.span_ms, other.span_ms);
        self.extent_ms = joined(self.extent_ms, other.extent_ms);
    }
}

fn joined(one: Option<(i64, i64)>, other: Option<(i64, i64)>) -> Option<(i64, i64)> {
    match (one, other) {
        (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
        _ => one.or(other),
    }
}
