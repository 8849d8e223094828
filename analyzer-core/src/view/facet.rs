//! How many events for each value of a field.

use super::top;
use crate::field::Field;
use crate::store::{Rows, Store};
use std::collections::BTreeMap;

/// Counts of every value of one field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facet {
    /// Canonical name of the field.
    pub field: String,
    /// Values with their counts, most frequent first, then by text.
    pub values: Vec<(String, u64)>,
    /// Matching events without the field.
    pub missing: u64,
}

impl Facet {
    pub(crate) fn of(store: &Store, rows: &Rows, field: &Field) -> Facet {
        let mut facet = Facet { field: field.name.to_owned(), ..Facet::default() };
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        let mut add = |value: Option<&str>, n: u64| match value {
            Some(value) => match counts.get_mut(value) {
                Some(count) => *count += n,
                None => {
                    counts.insert(value.to_owned(), n);
                }
            },
            None => facet.missing += n,
        };
        match top::counts(store, rows, field) {
            Some(counts) => counts.into_iter().for_each(|(value, n)| add(value, n)),
            None => rows.each(|row| add(store.value(row, field).as_deref(), 1)),
        }
        facet.values = counts.into_iter().collect();
        facet.sort();
        facet
    }

    /// Adds another shard's counts of the same field.
    pub fn merge(&mut self, other: Facet) {
        let mut counts: BTreeMap<String, u64> = std::mem::take(&mut self.values).into_iter().collect();
        for (value, n) in other.values {
            *counts.entry(value).or_default() += n;
        }
        self.values = counts.into_iter().collect();
        self.missing += other.missing;
        self.sort();
    }

    fn sort(&mut self) {
        self.values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    }
}
