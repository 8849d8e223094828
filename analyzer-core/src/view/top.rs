//! The most frequent values of fields, over all shards.
//!
//! A field can have very many values, so a shard tells only those that come first in its own order. [`TopAsking`] leads
//! an edge through the steps that make the order of all of them:
//!
//! 1. every shard tells its first values ([`Top`]), and how often the next one comes that it does not tell;
//! 2. each counts the values that others told and it did not;
//! 3. they are added up. It is known whether a value that nobody told could come before the last one that is given:
//!    then the first step is taken again, with more.

use crate::field::{Field, Place};
use crate::identity::Principal;
use crate::order;
use crate::predicate::Glob;
use crate::store::{Rows, Store};
use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashSet};

/// The first values of one shard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Top {
    /// Values with their counts, most frequent first, then by text.
    pub values: Vec<(String, u64)>,
    /// How often the most frequent value comes that is not told; 0 if all are.
    pub next: u64,
    /// How many values there are, those that are not told included.
    pub distinct: u64,
    /// Matching events that have one of these.
    pub present: u64,
    /// Matching events without the field.
    pub missing: u64,
}

/// The first values of all shards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Values with their counts, most frequent first, then by text.
    pub values: Vec<(String, u64)>,
    /// No value that is not here comes before one that is.
    pub is_exact: bool,
    /// How many values there are in all; not known if a shard has some that it did not tell.
    pub distinct: Option<u64>,
    /// Matching events that have a value.
    pub present: u64,
    /// Matching events without the field.
    pub missing: u64,
}

impl Top {
    /// The `limit` first values that fit.
    pub(crate) fn of(store: &Store, rows: &Rows, field: &Field, fitting: Option<&Glob>, limit: usize) -> Top {
        let mut top = Top::default();
        let mut values = Vec::new();
        for (value, n) in counts(store, rows, field) {
            match value {
                None => top.missing += n,
                Some(value) if fitting.is_none_or(|glob| glob.matches(value)) => values.push((value, n)),
                Some(_) => {}
            }
        }
        top.distinct = values.len() as u64;
        top.present = values.iter().map(|(_, n)| n).sum();
        let by_count = |a: &(&str, u64), b: &(&str, u64)| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0));
        if values.len() > limit {
            top.next = values.select_nth_unstable_by(limit, by_count).1.1;
            values.truncate(limit);
        }
        order::sort_by(&mut values, by_count);
        top.values = values.into_iter().map(|(value, n)| (value.to_owned(), n)).collect();
        top
    }
}

/// How often each of these values comes, in their order.
pub(crate) fn count_values(store: &Store, rows: &Rows, field: &Field, values: &[String]) -> Vec<u64> {
    let mut found = vec![0; values.len()];
    if values.is_empty() {
        return found;
    }
    let wanted: HashMap<&str, usize, FixedState> = values.iter().map(String::as_str).zip(0..).collect();
    for (value, n) in counts(store, rows, field) {
        if let Some(&at) = value.and_then(|value| wanted.get(value)) {
            found[at] += n;
        }
    }
    found
}

/// Each value once, with its count, and how many rows have none; nothing for a field that columns do not have.
pub(super) fn counts<'s>(store: &'s Store, rows: &Rows, field: &Field) -> Vec<(Option<&'s str>, u64)> {
    match field.place {
        Place::Column(column) => {
            let column = store.column(column);
            let counts = (0..).zip(column.tally(rows)).filter(|&(_, n)| n > 0);
            counts.map(|(code, n)| (column.value_of(code), n)).collect()
        }
        Place::IdentityLabel => {
            let by_who = store.tally_whos(rows).into_iter();
            each_once(by_who.map(|(number, n)| (Some(store.identities.label(number)), n)))
        }
        Place::Identity(part) if Principal::is_of_key(part) => {
            let by_number = (0..).zip(store.tally_identities(rows)).filter(|&(_, n)| n > 0);
            each_once(by_number.map(|(number, n)| (part(&store.identities.get(number)), n)))
        }
        Place::Identity(part) => {
            let by_who = store.tally_whos(rows).into_iter();
            each_once(by_who.map(|(number, n)| (part(&store.identities.get(number)), n)))
        }
        Place::Time | Place::Id | Place::Record => Vec::new(),
    }
}

fn each_once<'s>(values: impl Iterator<Item = (Option<&'s str>, u64)>) -> Vec<(Option<&'s str>, u64)> {
    let mut counts: HashMap<Option<&str>, u64, FixedState> = HashMap::default();
    for (value, n) in values {
        *counts.entry(value).or_default() += n;
    }
    counts.into_iter().collect()
}

/// Leads an edge through the steps. It asks all shards for the first [`TopAsking::told`] values of each field, hands
/// their answers to [`TopAsking::missing`], has the shards count what that names, and asks again if
/// [`TopAsking::merge`] has no answer.
pub struct TopAsking {
    limit: usize,
    most: usize,
    /// How many values of a field each shard is to tell.
    pub told: usize,
}

/// By field, what some values are, or how often they come.
type ByField<T> = Vec<Vec<T>>;

impl TopAsking {
    /// For the `limit` first values of some fields. No shard is made to tell more than `most`: beyond that, answers need
    /// not be exact, which only matters where very many values come about equally often.
    pub fn new(limit: usize, most: usize) -> TopAsking {
        let limit = limit.max(1);
        TopAsking { limit, most, told: limit.saturating_mul(2) }
    }

    /// Second step, from the answers of the first, by shard and field: for each shard the values that others told and
    /// it did not.
    pub fn missing(tops: &[Vec<Top>]) -> Vec<ByField<String>> {
        let mut asked = vec![Vec::new(); tops.len()];
        for field in 0..tops.first().map_or(0, Vec::len) {
            let of_field: Vec<&Top> = tops.iter().filter_map(|tops| tops.get(field)).collect();
            asked.iter_mut().zip(missing(&of_field)).for_each(|(asked, values)| asked.push(values));
        }
        asked
    }

    /// Third step: the first values of each field, or nothing if the first two have to be taken again.
    pub fn merge(
        &mut self,
        tops: &[Vec<Top>],
        asked: &[ByField<String>],
        counted: &[ByField<u64>],
    ) -> Option<Vec<Merged>> {
        let of_field = |field: usize| {
            let tops: Vec<&Top> = tops.iter().filter_map(|tops| tops.get(field)).collect();
            let asked = asked.iter().map(|asked| asked.get(field).map_or(&[][..], Vec::as_slice));
            let counted = counted.iter().map(|counted| counted.get(field).map_or(&[][..], Vec::as_slice));
            merge(&tops, asked.zip(counted), self.limit)
        };
        let merged: Vec<Merged> = (0..tops.first().map_or(0, Vec::len)).map(of_field).collect();
        if self.told < self.most && merged.iter().any(|merged| !merged.is_exact) {
            self.told = self.told.saturating_mul(4).min(self.most);
            return None;
        }
        Some(merged)
    }
}

type Told<'t> = HashSet<&'t str, FixedState>;

fn missing<'t>(shards: &[&'t Top]) -> Vec<Vec<String>> {
    let told = |top: &&'t Top| -> Told<'t> { top.values.iter().map(|(value, _)| value.as_str()).collect() };
    let by_shard: Vec<Told> = shards.iter().map(told).collect();
    let mut all: Vec<&str> = by_shard.iter().flatten().copied().collect();
    order::sort(&mut all);
    all.dedup();
    let left = |(top, told): (&&Top, &Told)| -> Vec<String> {
        // One that told all has none of the others.
        let all = if top.next == 0 { &[][..] } else { &all[..] };
        all.iter().filter(|value| !told.contains(**value)).map(|&value| value.to_owned()).collect()
    };
    shards.iter().zip(&by_shard).map(left).collect()
}

fn merge<'a>(shards: &[&'a Top], others: impl Iterator<Item = (&'a [String], &'a [u64])>, limit: usize) -> Merged {
    let mut counts: HashMap<&str, u64, FixedState> = HashMap::default();
    let told = shards.iter().flat_map(|top| top.values.iter().map(|(value, n)| (value.as_str(), *n)));
    let other = others.flat_map(|(values, counts)| values.iter().map(String::as_str).zip(counts.iter().copied()));
    for (value, n) in told.chain(other) {
        *counts.entry(value).or_default() += n;
    }
    let mut values: Vec<(&str, u64)> = counts.into_iter().collect();
    order::sort_by(&mut values, |a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let all = values.len();
    values.truncate(limit);
    // A value that nobody told comes in no shard more often than the next one there.
    let unseen: u64 = shards.iter().map(|top| top.next).sum();
    let is_exact = unseen == 0 || values.len() == limit && values.last().is_some_and(|(_, n)| *n > unseen);
    Merged {
        values: values.into_iter().map(|(value, n)| (value.to_owned(), n)).collect(),
        is_exact,
        distinct: (unseen == 0).then_some(all as u64),
        present: shards.iter().map(|top| top.present).sum(),
        missing: shards.iter().map(|top| top.missing).sum(),
    }
}

#[cfg(test)]
mod tests {
    use crate::field::find;
    use crate::predicate::{Case, Glob};
    use crate::session::{Among, Session};
    use crate::view::distinct::{Distinct, distinct};
    use crate::view::top::TopAsking;
    use proptest::prelude::*;

    fn session(ordinal: u32, events: &[(u8, u8)]) -> Session {
        let record = |n: usize, (who, name): (u8, u8)| {
            format!(
                r#"{{"eventVersion":"1.08","eventName":"N{name}","userIdentity":{{"type":"IAMUser","userName":"u{who}","accessKeyId":"K{}"}},"eventID":"{ordinal} {n}"}}"#,
                who % 3
            )
        };
        let records: Vec<_> = events.iter().enumerate().map(|(n, &event)| record(n, event)).collect();
        let mut session = Session::new(Vec::new(), 1);
        let mut intake = session.open(ordinal, String::new());
        session.push(&mut intake, format!("[{}]", records.join(",")).as_bytes());
        session.close(intake, None);
        session
    }

    proptest! {
        #[test]
        fn shards_tell_what_one_tells(events in prop::collection::vec((0u8..9, 0u8..20), 0..120), cut in any::<prop::sample::Index>(), limit in 1usize..6) {
            let (first, second) = events.split_at(cut.index(events.len() + 1));
            let mut shards = [session(0, first), session(1, second)];
            let mut one = session(0, &events);
            for name in ["eventName", "principal", "userIdentity.userName", "userIdentity.accessKeyId", "errorCode"] {
                let field = find(name).unwrap();
                let fitting = (limit % 2 == 0).then(|| Glob::new(["", "1", ""], Case::Ignored));
                let whole = one.tops(&Among::Matching, &[field], fitting.as_ref(), limit).remove(0);
                let mut asking = TopAsking::new(limit, usize::MAX);
                let merged = loop {
                    let tops: Vec<Vec<_>> = shards
                        .iter_mut()
                        .map(|s| s.tops(&Among::Matching, &[field], fitting.as_ref(), asking.told))
                        .collect();
                    let asked = TopAsking::missing(&tops);
                    let count = |(s, values): (&mut Session, &Vec<Vec<String>>)| s.count_values(&Among::Matching, &[(field, &values[0])]);
                    let counted: Vec<_> = shards.iter_mut().zip(&asked).map(count).collect();
                    if let Some(mut merged) = asking.merge(&tops, &asked, &counted) {
                        break merged.remove(0);
                    }
                };
                prop_assert_eq!((&merged.values, merged.present, merged.missing), (&whole.values, whole.present, whole.missing), "{}", name);
                prop_assert!(merged.distinct.is_none_or(|distinct| distinct == whole.distinct));
                if fitting.is_none() {
                    let marks: Vec<_> = shards.iter_mut().map(|s| s.marks(&Among::Matching, field, 4_096)).collect();
                    prop_assert_eq!(distinct(&marks), Distinct { count: whole.distinct, is_exact: true });
                }
            }
        }
    }
}
