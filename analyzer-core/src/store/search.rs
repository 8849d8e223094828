//! Which rows does a predicate hold for? Each distinct value is tested once, then bits are combined, in blocks of rows
//! and only where something is left to decide. Rows that came since are looked at when they are asked for.
//!
//! Columns cannot decide a test of what only the record has: then the answer for a row is open, unless other tests
//! settle it.

use super::{Rows, Store};
use crate::field::{Column, FieldRef, Place};
use crate::identity::Principal;
use crate::order;
use crate::predicate::{Matcher, Predicate, Test};

/// Rows are looked at so many words of 64 at a time.
const WORDS: usize = 64;

/// A bit for each row of a block.
type Bits = [u64; WORDS];

/// What is known of the rows of a block: for which ones the predicate holds, and for which ones it is open.
#[derive(Clone, Copy)]
struct Block {
    yes: Bits,
    open: Bits,
}

/// A predicate, and the rows of one store for which it holds.
pub struct Search {
    predicate: Predicate,
    node: Node,
    yes: Rows,
    open: Rows,
    /// Rows that were looked at.
    seen: u32,
}

/// A predicate with what is known of the values of the store.
enum Node {
    Everything,
    Not(Box<Node>),
    All(Vec<Node>),
    Any(Vec<Node>),
    /// For each code of a column whether its value matches.
    Column {
        column: Column,
        matcher: Matcher,
        holds: Vec<bool>,
    },
    /// For each identity whether a part of it matches.
    Identity {
        part: Part,
        matcher: Matcher,
        holds: Vec<bool>,
    },
    Time(Matcher),
    /// These tests for one id each, and the rows that have these.
    Ids {
        tests: Vec<Matcher>,
        rows: Vec<u32>,
    },
    /// Any other test of an id.
    Id(Matcher),
    /// Only the record tells.
    Record,
}

#[derive(Clone, Copy)]
enum Part {
    Of(for<'a> fn(&Principal<'a>) -> Option<&'a str>),
    Label,
}

impl Search {
    /// Nothing looked at yet.
    pub fn new(predicate: Predicate) -> Search {
        Search { node: Node::of(&predicate), predicate, yes: Rows::none(0), open: Rows::none(0), seen: 0 }
    }

    /// The predicate.
    pub fn predicate(&self) -> &Predicate {
        &self.predicate
    }

    /// Whether it has a test that columns cannot answer.
    pub fn needs_records(&self) -> bool {
        self.node.needs_records()
    }

    /// The rows for which it holds, as far as is known, and those for which only their records can tell. Duplicates of
    /// other shards are among them.
    pub fn rows(&mut self, store: &Store) -> (&Rows, &Rows) {
        self.catch_up(store);
        (&self.yes, &self.open)
    }

    /// The record of an open row was asked.
    pub fn settle(&mut self, row: u32, holds: bool) {
        self.open.remove(row);
        if holds {
            self.yes.insert(row);
        }
    }

    /// The record of the newest row was asked, before columns were.
    pub fn settle_new(&mut self, store: &Store, row: u32, holds: bool) {
        if self.seen < row {
            self.catch_up_to(store, row);
        }
        self.yes.grow(row + 1);
        self.open.grow(row + 1);
        self.seen = row + 1;
        self.settle(row, holds);
    }

    fn catch_up(&mut self, store: &Store) {
        self.catch_up_to(store, store.len());
    }

    fn catch_up_to(&mut self, store: &Store, len: u32) {
        let seen = self.seen;
        if seen == len {
            return;
        }
        self.node.learn(store);
        self.yes.grow(len);
        self.open.grow(len);
        let mut first = seen / 64 * 64;
        while first < len {
            let block = self.node.evaluate(store, first);
            for (at, (yes, open)) in block.yes.into_iter().zip(block.open).enumerate() {
                let from = first + at as u32 * 64;
                // What was found out of rows that were looked at before stays.
                let new = u64::MAX.checked_shl(seen.saturating_sub(from)).unwrap_or(0);
                self.yes.set_word(from / 64, yes & new, new);
                self.open.set_word(from / 64, open & new, new);
            }
            first = first.saturating_add(64 * WORDS as u32);
        }
        self.seen = len;
    }
}

impl Node {
    fn of(predicate: &Predicate) -> Node {
        match predicate {
            Predicate::Everything => Node::Everything,
            Predicate::Test(test) => Node::of_test(test),
            Predicate::Not(inner) => Node::Not(Box::new(Node::of(inner))),
            Predicate::All(inner) => {
                let mut inner: Vec<Node> = inner.iter().map(Node::of).collect();
                // Rows that a cheap part rules out meet no other: files hold stretches of time, so a time rules out many.
                order::sort_by_key(&mut inner, Node::cost);
                Node::All(inner)
            }
            Predicate::Any(inner) => {
                // The evidence of a finding can be thousands of ids.
                let ids: Option<Vec<Matcher>> = inner.iter().map(id_of).collect();
                match ids {
                    Some(tests) => Node::Ids { tests, rows: Vec::new() },
                    None => Node::Any(inner.iter().map(Node::of).collect()),
                }
            }
        }
    }

    /// What it takes to look at a row, roughly.
    fn cost(&self) -> u32 {
        match self {
            Node::Everything | Node::Time(_) | Node::Ids { .. } => 0,
            Node::Column { .. } => 1,
            Node::Identity { .. } => 2,
            Node::Not(inner) => inner.cost(),
            Node::All(inner) | Node::Any(inner) => inner.iter().map(Node::cost).sum(),
            Node::Id(_) => 100,
            // Costs nothing here, but rules nothing out.
            Node::Record => 1_000,
        }
    }

    fn of_test(test: &Test) -> Node {
        let matcher = test.matcher.clone();
        let FieldRef::Standard(field) = &test.field else { return Node::Record };
        if matcher.needs_record() {
            return Node::Record;
        }
        match field.place {
            Place::Time => Node::Time(matcher),
            Place::Id => match text_of(&matcher) {
                Some(_) => Node::Ids { tests: vec![matcher], rows: Vec::new() },
                None => Node::Id(matcher),
            },
            Place::Column(column) => Node::Column { column, matcher, holds: vec![false] },
            Place::Identity(part) => Node::Identity { part: Part::Of(part), matcher, holds: Vec::new() },
            Place::IdentityLabel => Node::Identity { part: Part::Label, matcher, holds: Vec::new() },
            Place::Record => Node::Record,
        }
    }

    fn needs_records(&self) -> bool {
        match self {
            Node::Record => true,
            Node::Not(inner) => inner.needs_records(),
            Node::All(inner) | Node::Any(inner) => inner.iter().any(Node::needs_records),
            _ => false,
        }
    }

    /// Tests the values that came since.
    fn learn(&mut self, store: &Store) {
        match self {
            Node::Everything | Node::Time(_) | Node::Id(_) | Node::Record => {}
            Node::Not(inner) => inner.learn(store),
            Node::All(inner) | Node::Any(inner) => inner.iter_mut().for_each(|node| node.learn(store)),
            Node::Column { column, matcher, holds } => {
                let values = &store.column(*column).values;
                let known = holds.len() as u32 - 1;
                holds.extend((known..values.len() as u32).map(|number| matcher.matches(values.get(number))));
            }
            Node::Identity { part, matcher, holds } => {
                let all = &store.identities;
                let known = holds.len() as u32;
                holds.extend((known..all.len() as u32).map(|number| match part {
                    Part::Of(part) => part(&all.get(number)).is_some_and(|value| matcher.matches(value)),
                    Part::Label => matcher.matches(all.label(number)),
                }));
            }
            Node::Ids { tests, rows } => {
                let row = |test: &Matcher| {
                    let row = store.row_of_text(text_of(test)?)?;
                    test.matches(&store.event_id(row)).then_some(row)
                };
                *rows = tests.iter().filter_map(row).collect();
                rows.sort_unstable();
            }
        }
    }

    /// Looks at the block of rows from `first` on.
    fn evaluate(&self, store: &Store, first: u32) -> Block {
        let mut yes = [0; WORDS];
        match self {
            Node::Everything => yes = [u64::MAX; WORDS],
            Node::Record => return Block { yes, open: [u64::MAX; WORDS] },
            Node::Not(inner) => {
                let Block { yes, open } = inner.evaluate(store, first);
                return Block { yes: std::array::from_fn(|at| !(yes[at] | open[at])), open };
            }
            Node::All(inner) => {
                let mut all = Block { yes: [u64::MAX; WORDS], open: [0; WORDS] };
                for node in inner {
                    if all.yes.iter().zip(&all.open).all(|(yes, open)| yes | open == 0) {
                        break;
                    }
                    let Block { yes, open } = node.evaluate(store, first);
                    for at in 0..WORDS {
                        let possible = (all.yes[at] | all.open[at]) & (yes[at] | open[at]);
                        all.yes[at] &= yes[at];
                        all.open[at] = possible & !all.yes[at];
                    }
                }
                return all;
            }
            Node::Any(inner) => {
                let mut any = Block { yes, open: [0; WORDS] };
                for node in inner {
                    if any.yes.iter().all(|&yes| yes == u64::MAX) {
                        break;
                    }
                    let Block { yes, open } = node.evaluate(store, first);
                    for at in 0..WORDS {
                        any.yes[at] |= yes[at];
                        any.open[at] = (any.open[at] | open[at]) & !any.yes[at];
                    }
                }
                return any;
            }
            Node::Column { column, holds, .. } => store.column(*column).select(first, &mut yes, holds),
            Node::Identity { holds, .. } => store.identity_numbers.select(first, &mut yes, holds),
            Node::Time(matcher) => store.times.select(first, &mut yes, matcher),
            Node::Ids { rows, .. } => {
                let from = rows.partition_point(|&row| row < first);
                for row in rows[from..].iter().map(|row| row - first).take_while(|&row| row < 64 * WORDS as u32) {
                    yes[row as usize / 64] |= 1 << (row % 64);
                }
            }
            Node::Id(matcher) => {
                let end = store.len().min(first.saturating_add(64 * WORDS as u32));
                for row in (first..end).filter(|&row| matcher.matches(&store.event_id(row))) {
                    yes[(row - first) as usize / 64] |= 1 << (row % 64);
                }
            }
        }
        Block { yes, open: [0; WORDS] }
    }
}

/// The matcher, if this is a test for one id.
fn id_of(predicate: &Predicate) -> Option<Matcher> {
    match predicate {
        Predicate::Test(Test { field: FieldRef::Standard(field), matcher }) if matches!(field.place, Place::Id) => {
            text_of(matcher).map(|_| matcher.clone())
        }
        _ => None,
    }
}

/// The text, if only one text can match.
fn text_of(matcher: &Matcher) -> Option<&str> {
    match matcher {
        Matcher::Text(text) | Matcher::Exact(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Location, format_time};
    use crate::ingest::memo::Memo;
    use crate::ingest::record;
    use crate::predicate::{Case, TimePart};
    use proptest::prelude::*;
    use std::ops::Bound;

    fn add(store: &mut Store, n: u32) {
        let (name, error) =
            (["Get", "Put", "List"][n as usize % 3], if n.is_multiple_of(7) { r#""errorCode":"Denied","# } else { "" });
        let json = format!(
            r#"{{"eventVersion":"1.08","eventName":"{name}","eventTime":"{}",{error}"userIdentity":{{"type":"IAMUser","userName":"u{}"}},"eventID":"id{n}"}}"#,
            format_time(i64::from(n) * 60_000),
            n % 5,
        );
        record::read(json.as_bytes(), &mut Memo::new(0), |record| store.add(record, Location::default()));
    }

    fn test(field: &str, matcher: Matcher) -> Predicate {
        Predicate::Test(Test { field: FieldRef::parse(field), matcher })
    }

    fn any_predicate() -> impl Strategy<Value = Predicate> {
        let leaf = prop_oneof![
            Just(Predicate::Everything),
            "Get|Put|Gone".prop_map(|name| test("eventName", Matcher::Text(name))),
            Just(test("errorCode", Matcher::Exists)),
            Just(test("errorCode", Matcher::Present)),
            (0u32..24).prop_map(|hour| test(
                "eventTime",
                Matcher::TimePart {
                    part: TimePart::Hour,
                    from: Bound::Included(1.0),
                    to: Bound::Excluded(f64::from(hour)),
                }
            )),
            "u[0-5]".prop_map(|name| test("user", Matcher::Text(name))),
            "u[0-5]".prop_map(|name| test("principal", Matcher::Text(name))),
            (0i64..200, 0i64..200)
                .prop_map(|(a, b)| test("eventTime", Matcher::TimeRange { from_ms: a * 60_000, to_ms: b * 60_000 })),
            prop::collection::vec(0u32..250, 0..3).prop_map(|ids| {
                Predicate::Any(ids.into_iter().map(|n| test("eventID", Matcher::Text(format!("ID{n}")))).collect())
            }),
            Just(test("eventID", Matcher::Glob(crate::predicate::Glob::new(["id1", ""], Case::Ignored)))),
            Just(test("eventID", Matcher::Exact("ID7".to_owned()))),
            Just(test("eventID", Matcher::Exact("id7".to_owned()))),
            Just(test("requestParameters.x", Matcher::Exists)),
        ];
        leaf.prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                inner.clone().prop_map(|p| Predicate::Not(Box::new(p))),
                prop::collection::vec(inner.clone(), 0..3).prop_map(Predicate::All),
                prop::collection::vec(inner, 0..3).prop_map(Predicate::Any),
            ]
        })
    }

    /// One test of one row, by way of its text.
    fn naive(store: &Store, row: u32, Test { field, matcher }: &Test) -> Option<bool> {
        let FieldRef::Standard(field) = field else { return None };
        if matcher.needs_record() {
            return None;
        }
        Some(match field.place {
            Place::Time => store.time(row).is_some_and(|ms| matcher.matches_time(ms)),
            _ => store.value(row, field).is_some_and(|value| matcher.matches(&value)),
        })
    }

    proptest! {
        #[test]
        fn rows_are_those_for_which_every_test_says_so(predicate in any_predicate(), steps in prop::collection::vec(0u32..90, 0..4)) {
            let (mut store, mut search) = (Store::new(1), Search::new(predicate.clone()));
            for step in steps {
                (0..step).for_each(|_| { let n = store.len(); add(&mut store, n) });
                let (yes, open) = search.rows(&store);
                for row in 0..store.len() + 70 {
                    let decided = if row < store.len() { predicate.decide(&mut |test| naive(&store, row, test)) } else { Some(false) };
                    prop_assert_eq!((yes.contains(row), open.contains(row)), (decided == Some(true), decided.is_none()), "{} {:?}", row, predicate);
                }
            }
        }
    }

    #[test]
    fn what_records_said_stays_when_rows_come() {
        let (mut store, mut search) = (Store::new(1), Search::new(test("requestParameters.x", Matcher::Exists)));
        (0..70).for_each(|n| add(&mut store, n));
        assert_eq!(search.rows(&store).1.count(), 70);
        search.settle(69, true);
        search.settle(68, false);
        (70..140).for_each(|n| add(&mut store, n));
        search.settle_new(&store, 139, true);
        let (yes, open) = search.rows(&store);
        assert_eq!((yes.count(), yes.contains(69), yes.contains(139), open.count()), (2, true, true, 137));
        assert!(!open.contains(68) && !yes.contains(68));
    }
}
