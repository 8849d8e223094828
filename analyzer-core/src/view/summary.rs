//! Who did what: one line for each principal.

use crate::field::Column;
use crate::store::{Rows, Store};
use std::collections::BTreeMap;

/// What one principal did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deeds {
    /// Calls.
    pub calls: u64,
    /// Calls with an error code.
    pub errors: u64,
    /// Time of the first call with one, in milliseconds since 1970.
    pub first_ms: Option<i64>,
    /// Time of the last.
    pub last_ms: Option<i64>,
    /// Calls for each eventSource.
    pub services: BTreeMap<String, u64>,
    /// Calls for each region.
    pub regions: BTreeMap<String, u64>,
    /// Calls for each source address.
    pub addresses: BTreeMap<String, u64>,
}

/// Who: the account, the kind of identity, and the label.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Who {
    /// Account of the identity; empty if the record does not say.
    pub account: String,
    /// Kind of identity; empty if the record does not say.
    pub kind: String,
    /// See [`crate::identity::Principal::label`].
    pub label: String,
}

/// All principals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// What each did.
    pub principals: BTreeMap<Who, Deeds>,
}

impl Summary {
    pub(crate) fn of(store: &Store, rows: &Rows) -> Summary {
        let mut by_number: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        rows.each(|row| by_number.entry(store.identity_number(row)).or_default().push(row));
        let mut summary = Summary::default();
        for (number, rows) in by_number {
            let principal = store.identities.get(number);
            let who = Who {
                account: principal.account.unwrap_or_default().to_owned(),
                kind: principal.kind.unwrap_or_default().to_owned(),
                label: store.identities.label(number).to_owned(),
            };
            summary.principals.entry(who).or_default().merge(&deeds(store, &rows));
        }
        summary
    }

    /// Adds another shard's.
    pub fn merge(&mut self, other: Summary) {
        for (who, deeds) in other.principals {
            self.principals.entry(who).or_default().merge(&deeds);
        }
    }
}

fn deeds(store: &Store, rows: &[u32]) -> Deeds {
    let counts = |column: Column| {
        let column = store.column(column);
        let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
        rows.iter().for_each(|&row| *counts.entry(column.code(row)).or_default() += 1);
        let named = |(code, n): (u32, u64)| column.value_of(code).map(|value| (value.to_owned(), n));
        counts.into_iter().filter_map(named).collect::<BTreeMap<String, u64>>()
    };
    Deeds {
        calls: rows.len() as u64,
        errors: counts(Column::ErrorCode).values().sum(),
        first_ms: rows.iter().filter_map(|&row| store.time(row)).min(),
        last_ms: rows.iter().filter_map(|&row| store.time(row)).max(),
        services: counts(Column::EventSource),
        regions: counts(Column::AwsRegion),
        addresses: counts(Column::SourceIpAddress),
    }
}

impl Deeds {
    fn merge(&mut self, other: &Deeds) {
        self.calls += other.calls;
        self.errors += other.errors;
        self.first_ms = [self.first_ms, other.first_ms].into_iter().flatten().min();
        self.last_ms = self.last_ms.max(other.last_ms);
        let pairs = [
            (&mut self.services, &other.services),
            (&mut self.regions, &other.regions),
            (&mut self.addresses, &other.addresses),
        ];
        for (mine, theirs) in pairs {
            for (value, n) in theirs {
                *mine.entry(value.clone()).or_default() += n;
            }
        }
    }
}
