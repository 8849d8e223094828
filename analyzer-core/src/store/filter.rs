//! Evaluates a predicate over the columns: each distinct value is tested once, then bits are combined.

use super::{Store, column::DictColumn};
use crate::field::{FieldRef, Place};
use crate::predicate::{Matcher, Predicate, Test};
use crate::store::Rows;

/// What columns cannot answer of the predicate: paths into the raw record, and free text.
pub fn unanswerable(predicate: &Predicate) -> Vec<String> {
    let mut found = Vec::new();
    collect_paths(predicate, &mut found);
    found
}

fn collect_paths(predicate: &Predicate, found: &mut Vec<String>) {
    match predicate {
        Predicate::Everything => {}
        Predicate::Test(test) if test.field == FieldRef::Raw => found.push(test.to_string()),
        Predicate::Test(Test { field, .. }) => found.extend(field.path().map(|path| path.join("."))),
        Predicate::Not(inner) => collect_paths(inner, found),
        Predicate::All(inner) | Predicate::Any(inner) => inner.iter().for_each(|p| collect_paths(p, found)),
    }
}

/// The rows for which the predicate holds, duplicates of other shards left out.
pub fn filter(store: &Store, predicate: &Predicate) -> Rows {
    let mut rows = evaluate(store, predicate);
    rows.and(&store.live());
    rows
}

fn evaluate(store: &Store, predicate: &Predicate) -> Rows {
    match predicate {
        Predicate::Everything => Rows::every(store.len()),
        Predicate::Test(test) => evaluate_test(store, test),
        Predicate::Not(inner) => {
            let mut rows = evaluate(store, inner);
            rows.not();
            rows
        }
        Predicate::All(inner) => {
            let mut rows = Rows::every(store.len());
            inner.iter().for_each(|p| rows.and(&evaluate(store, p)));
            rows
        }
        Predicate::Any(inner) => {
            let mut rows = Rows::none(store.len());
            inner.iter().for_each(|p| rows.or(&evaluate(store, p)));
            rows
        }
    }
}

fn evaluate_test(store: &Store, Test { field, matcher }: &Test) -> Rows {
    let FieldRef::Standard(field) = field else { return Rows::none(store.len()) };
    match field.place {
        Place::Time => Rows::from_fn(store.len(), |row| store.time(row).is_some_and(|ms| matcher.matches_time(ms))),
        Place::Id => match matcher {
            Matcher::Exists => Rows::every(store.len()),
            Matcher::Text(text) => {
                let mut rows = Rows::none(store.len());
                store.row_of_text(text).into_iter().for_each(|row| rows.insert(row));
                rows
            }
            _ => Rows::from_fn(store.len(), |row| matcher.matches(&store.event_id(row))),
        },
        Place::Column(column) => evaluate_column(store.column(column), store.len(), matcher),
        Place::Identity(part) => {
            evaluate_identities(store, |number| part(&store.identities.get(number)).is_some_and(|v| matcher.matches(v)))
        }
        Place::Record => Rows::none(store.len()),
        Place::IdentityLabel => evaluate_identities(store, |number| matcher.matches(store.identities.label(number))),
    }
}

fn evaluate_column(column: &DictColumn, len: u32, matcher: &Matcher) -> Rows {
    let mut holds = vec![false];
    holds.extend(column.values.iter().map(|value| matcher.matches(value)));
    let mut rows = Rows::none(len);
    let mut row = 0;
    column.each_code(|code| {
        if holds[code as usize] {
            rows.insert(row);
        }
        row += 1;
    });
    rows
}

fn evaluate_identities(store: &Store, holds: impl Fn(u32) -> bool) -> Rows {
    let holds: Vec<bool> = (0..store.identities.len() as u32).map(holds).collect();
    Rows::from_fn(store.len(), |row| holds[store.identity_number(row) as usize])
}
