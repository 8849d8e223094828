//! Which sources have to be read again for some rows, and for which records in them.

use crate::ingest::sift::{Sift, Wanted};
use crate::store::{Rows, Store};
use std::collections::BTreeMap;

/// A source that has to be read again for some of its events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenSource {
    /// Its number.
    pub ordinal: u32,
    /// How many such events.
    pub events: u64,
}

/// The sources that hold these rows, by ordinal. The set may be from before the last rows came.
pub(super) fn of_rows(store: &Store, wanted: &Rows) -> Vec<OpenSource> {
    let mut sources = BTreeMap::new();
    for (ordinal, rows) in store.runs().filter(|(_, rows)| rows.start < wanted.len()) {
        *sources.entry(ordinal).or_default() += wanted.count_in(rows.start..rows.end.min(wanted.len()));
    }
    let sources = sources.into_iter().filter(|&(_, events)| events > 0);
    sources.map(|(ordinal, events)| OpenSource { ordinal, events }).collect()
}

/// Looks for the records of those rows of a source that are wanted.
pub(super) fn sift(store: &Store, ordinal: u32, mut is_wanted: impl FnMut(u32) -> bool) -> Sift {
    let rows = store.runs().filter(|&(source, _)| source == ordinal).flat_map(|(_, rows)| rows);
    let wanted = rows.filter(|&row| is_wanted(row)).map(|row| Wanted { location: store.location(row), row });
    Sift::new(wanted.collect())
}
