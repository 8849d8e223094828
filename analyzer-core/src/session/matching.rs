//! The query, and the rows that match it: as a set, and in time order once somebody wants to see them.

use super::recheck::holds_for;
use crate::event::EventKey;
use crate::field::{Field, Place};
use crate::ingest::record::Record;
use crate::predicate::Predicate;
use crate::store::{Rows, Search, Store};
use crate::view::page::FieldKey;
use std::borrow::Cow;

/// The query and its rows.
pub(super) struct Matching {
    search: Search,
    /// Another one for each query.
    pub generation: u64,
    rows: Option<Rows>,
    /// All rows in time order; shorter than the store while events arrive.
    order: Vec<u32>,
    /// The matching rows in time order.
    listed: Option<Vec<u32>>,
    /// The matching rows in the order of this field's values.
    listed_by: Option<(&'static Field, Vec<u32>)>,
}

impl Matching {
    pub fn new() -> Matching {
        let search = Search::new(Predicate::Everything);
        Matching { search, generation: 0, rows: None, order: Vec::new(), listed: None, listed_by: None }
    }

    pub fn query(&self) -> &Predicate {
        self.search.predicate()
    }

    pub fn set_query(&mut self, query: Predicate) {
        if *self.query() != query {
            self.search = Search::new(query);
            self.generation += 1;
            self.forget();
        }
    }

    /// The record of a new row is at hand: it need not be read again to know whether it matches.
    pub fn meet(&mut self, store: &Store, row: u32, record: &Record) {
        if self.search.needs_records() {
            let holds = holds_for(store, row, self.search.predicate(), record);
            self.search.settle_new(store, row, holds);
        }
    }

    /// Rows came or went, or are known to match.
    pub fn forget(&mut self) {
        (self.rows, self.listed, self.listed_by) = (None, None, None);
    }

    /// The record of a row says whether it matches.
    pub fn settle(&mut self, row: u32, holds: bool) {
        self.search.settle(row, holds);
        if holds {
            self.forget();
        }
    }

    /// The matching rows, duplicates left out.
    pub fn rows(&mut self, store: &Store) -> &Rows {
        let search = &mut self.search;
        self.rows.get_or_insert_with(|| {
            let mut rows = store.live();
            rows.and(search.rows(store).0);
            rows
        })
    }

    /// The rows for which only their records can tell whether they match, duplicates left out.
    pub fn open(&mut self, store: &Store) -> Rows {
        let mut rows = store.live();
        rows.and(self.search.rows(store).1);
        rows
    }

    /// Whether only the record of this row can tell whether it matches.
    pub fn is_open(&mut self, store: &Store, row: u32) -> bool {
        self.search.rows(store).1.contains(row) && store.is_live(row)
    }

    /// The matching rows in time order.
    pub fn listed(&mut self, store: &Store) -> &[u32] {
        if self.listed.is_none() {
            put_in_order(store, &mut self.order);
            let order = std::mem::take(&mut self.order);
            let rows = self.rows(store);
            self.listed = Some(order.iter().copied().filter(|&row| rows.contains(row)).collect());
            self.order = order;
        }
        self.listed.as_deref().unwrap_or_default()
    }

    /// The matching rows in the order of [`field_key`].
    pub fn listed_by(&mut self, store: &Store, field: &'static Field) -> &[u32] {
        if self.listed_by.as_ref().is_none_or(|(by, _)| *by != field) {
            let rows = by_rank(&store.ranks(field), self.listed(store), |row| store.number(row, field));
            self.listed_by = Some((field, rows));
        }
        self.listed_by.as_ref().map_or(&[], |(_, rows)| rows)
    }

    /// Bytes of memory, by capacity.
    pub fn memory(&self) -> usize {
        let listed = self.listed.as_ref().map_or(0, Vec::capacity);
        let listed_by = self.listed_by.as_ref().map_or(0, |(_, rows)| rows.capacity());
        (self.order.capacity() + listed + listed_by) * size_of::<u32>()
    }
}

/// The key of a row in the order of a field's values.
pub(super) fn field_key(store: &Store, row: u32, field: &Field) -> FieldKey {
    let value = if matches!(field.place, Place::Time | Place::Id) { None } else { store.value(row, field) };
    (value.map(Cow::into_owned), store.key(row))
}

/// Rows that are in time order, by the rank of their number; of equal ranks in time order.
fn by_rank(ranks: &[u32], listed: &[u32], number: impl Fn(u32) -> u32) -> Vec<u32> {
    let rank = |row: u32| ranks.get(number(row) as usize).copied().unwrap_or(0) as usize;
    let mut starts = vec![0u32; ranks.len() + 2];
    for &row in listed {
        starts[rank(row) + 1] += 1;
    }
    let mut sum = 0;
    starts.iter_mut().for_each(|start| (sum, *start) = (sum + *start, sum + *start));
    let mut sorted = vec![0; listed.len()];
    for &row in listed {
        let place = &mut starts[rank(row)];
        sorted[*place as usize] = row;
        *place += 1;
    }
    sorted
}

/// Puts the rows that are not in the order yet into their places. Few come at a time, and few old ones stand between
/// two of them: so it is the new ones that cost, and the old ones are only moved.
fn put_in_order(store: &Store, order: &mut Vec<u32>) {
    let mut old = order.len();
    let mut new: Vec<u32> = (old as u32..store.len()).collect();
    // Stable, because it is quick where long runs are in order already. Rows come by source and offset within a shard,
    // so equal keys keep that order.
    new.sort_by_key(|&row| store.key(row));
    order.resize(old + new.len(), 0);
    let mut free = order.len();
    for row in new.into_iter().rev() {
        let stays = not_behind(store, &order[..old], store.key(row));
        free -= old - stays;
        order.copy_within(stays..old, free);
        old = stays;
        free -= 1;
        order[free] = row;
    }
}

/// How many of these ordered rows stand before a new one with this key. Looked for from the end on, in growing steps.
fn not_behind(store: &Store, ordered: &[u32], key: EventKey) -> usize {
    let is_before = |row: &u32| store.key(*row) <= key;
    let (mut from, mut end, mut step) = (ordered.len(), ordered.len(), 1);
    while from > 0 && !is_before(&ordered[from - 1]) {
        end = from - 1;
        from = end.saturating_sub(step);
        step *= 2;
    }
    from + ordered[from..end].partition_point(is_before)
}
