//! The most frequent values of a field, over all shards.
//!
//! A field can have very many values, so a shard tells only those that come first in its own order. Three short steps
//! make the order of all of them:
//!
//! 1. every shard tells its first values ([`Top`]), and how often the next one comes that it does not tell;
//! 2. [`missing`] names for each shard the values that others told and it did not, and it counts these;
//! 3. [`merge`] adds them up. It knows whether a value that nobody told could come before the last one that it gives:
//!    then the first step is taken again, with more.

use crate::field::{Field, Place};
use crate::identity::Principal;
use crate::predicate::Glob;
use crate::store::{Rows, Store};
use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashSet};
use twox_hash::XxHash64;

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
    /// Matching events that have a value.
    pub present: u64,
    /// Matching events without the field.
    pub missing: u64,
}

impl Top {
    /// The `limit` first values that fit. Nothing for a field that columns do not have.
    pub(crate) fn of(store: &Store, rows: &Rows, field: &Field, fitting: Option<&Glob>, limit: usize) -> Option<Top> {
        let mut top = Top::default();
        let mut values = Vec::new();
        for (value, n) in counts(store, rows, field)? {
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
        values.sort_unstable_by(by_count);
        top.values = values.into_iter().map(|(value, n)| (value.to_owned(), n)).collect();
        Some(top)
    }
}

/// How often each of these values comes, in their order.
pub(crate) fn count_values(store: &Store, rows: &Rows, field: &Field, values: &[String]) -> Vec<u64> {
    let wanted: HashMap<&str, usize, FixedState> = values.iter().map(String::as_str).zip(0..).collect();
    let mut found = vec![0; values.len()];
    for (value, n) in counts(store, rows, field).unwrap_or_default() {
        if let Some(&at) = value.and_then(|value| wanted.get(value)) {
            found[at] += n;
        }
    }
    found
}

/// A number for each distinct value, the same in every shard: the distinct ones of all shards are the distinct values.
/// In order.
pub(crate) fn marks(store: &Store, rows: &Rows, field: &Field) -> Vec<u64> {
    let mark = |value: &str| XxHash64::oneshot(0, value.as_bytes());
    let values = counts(store, rows, field).unwrap_or_default();
    let mut marks: Vec<u64> = values.iter().filter_map(|&(value, _)| value.map(mark)).collect();
    marks.sort_unstable();
    marks
}

/// How many distinct values all shards have.
pub fn distinct(marks: &[Vec<u64>]) -> u64 {
    let all: HashSet<u64, FixedState> = marks.iter().flatten().copied().collect();
    all.len() as u64
}

/// Each value once, with its count; nothing for a field that columns do not have.
pub(super) fn counts<'s>(store: &'s Store, rows: &Rows, field: &Field) -> Option<Vec<(Option<&'s str>, u64)>> {
    Some(match field.place {
        Place::Column(column) => {
            let column = store.column(column);
            let counts = (0..).zip(column.tally(rows)).filter(|&(_, n)| n > 0);
            counts.map(|(code, n)| (column.value_of(code), n)).collect()
        }
        Place::IdentityLabel => {
            let by_who = store.tally_whos(rows).into_iter();
            each_once(by_who.map(|(number, n)| (Some(store.identities.label(number)), n)))
        }
        Place::Identity(part) if is_of_key(part) => {
            let by_number = (0..).zip(store.tally_identities(rows)).filter(|&(_, n)| n > 0);
            each_once(by_number.map(|(number, n)| (part(&store.identities.get(number)), n)))
        }
        Place::Identity(part) => {
            let by_who = store.tally_whos(rows).into_iter();
            each_once(by_who.map(|(number, n)| (part(&store.identities.get(number)), n)))
        }
        Place::Time | Place::Id | Place::Record => return None,
    })
}

/// Whether the part is one that differs between the sessions of somebody.
fn is_of_key(part: for<'a> fn(&Principal<'a>) -> Option<&'a str>) -> bool {
    part(&Principal { access_key_id: Some("x"), mfa: Some("x"), ..Principal::default() }).is_some()
}

fn each_once<'s>(values: impl Iterator<Item = (Option<&'s str>, u64)>) -> Vec<(Option<&'s str>, u64)> {
    let mut counts: HashMap<Option<&str>, u64, FixedState> = HashMap::default();
    for (value, n) in values {
        *counts.entry(value).or_default() += n;
    }
    counts.into_iter().collect()
}

/// Second step: for each shard the values that others told and it did not.
pub fn missing(shards: &[Top]) -> Vec<Vec<String>> {
    let told =
        |top: &Top| -> HashSet<String, FixedState> { top.values.iter().map(|(value, _)| value.clone()).collect() };
    let by_shard: Vec<_> = shards.iter().map(told).collect();
    let mut all: Vec<&String> = by_shard.iter().flatten().collect();
    all.sort_unstable();
    all.dedup();
    let left = |(top, told): (&Top, &HashSet<String, FixedState>)| -> Vec<String> {
        // One that told all has none of the others.
        let all = if top.next == 0 { &[][..] } else { &all[..] };
        all.iter().filter(|value| !told.contains(**value)).map(|&value| value.clone()).collect()
    };
    shards.iter().zip(&by_shard).map(left).collect()
}

/// Third step: the `limit` first values of all shards. `asked` and `counted` are the questions and answers of the second.
pub fn merge(shards: &[Top], asked: &[Vec<String>], counted: &[Vec<u64>], limit: usize) -> Merged {
    let mut counts: HashMap<&str, u64, FixedState> = HashMap::default();
    let told = shards.iter().flat_map(|top| top.values.iter().map(|(value, n)| (value.as_str(), *n)));
    let other = asked
        .iter()
        .zip(counted)
        .flat_map(|(values, counts)| values.iter().map(String::as_str).zip(counts.iter().copied()));
    for (value, n) in told.chain(other) {
        *counts.entry(value).or_default() += n;
    }
    let mut values: Vec<(String, u64)> = counts.into_iter().map(|(value, n)| (value.to_owned(), n)).collect();
    values.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    values.truncate(limit);
    // A value that nobody told comes in no shard more often than the next one there.
    let unseen: u64 = shards.iter().map(|top| top.next).sum();
    let is_exact = unseen == 0 || values.len() == limit && values.last().is_some_and(|(_, n)| *n > unseen);
    Merged {
        values,
        is_exact,
        present: shards.iter().map(|top| top.present).sum(),
        missing: shards.iter().map(|top| top.missing).sum(),
    }
}

#[cfg(test)]
mod tests {
    use crate::field::find;
    use crate::predicate::{Case, Glob};
    use crate::session::Session;
    use crate::view::top;
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
                let whole = one.top(field, fitting.as_ref(), limit).unwrap();
                let mut told = limit;
                let merged = loop {
                    let tops: Vec<_> = shards.iter_mut().map(|s| s.top(field, fitting.as_ref(), told).unwrap()).collect();
                    let asked = top::missing(&tops);
                    let counted: Vec<_> = shards.iter_mut().zip(&asked).map(|(s, values)| s.count_values(field, values)).collect();
                    let merged = top::merge(&tops, &asked, &counted, limit);
                    if merged.is_exact {
                        break merged;
                    }
                    told *= 2;
                };
                prop_assert_eq!((&merged.values, merged.present, merged.missing), (&whole.values, whole.present, whole.missing), "{}", name);
                let marks: Vec<_> = shards.iter_mut().map(|s| s.marks(field)).collect();
                if fitting.is_none() {
                    prop_assert_eq!(top::distinct(&marks), whole.distinct);
                }
            }
        }
    }
}
