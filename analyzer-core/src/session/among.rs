//! What some events are made of: those that match, or others, whatever the query.

use super::Session;
use super::matching::Matching;
use crate::field::Field;
use crate::predicate::{Glob, Predicate};
use crate::store::{Rows, Search, Store};
use crate::view::distinct::Marks;
use crate::view::overview::Overview;
use crate::view::timeline::{Buckets, SplitTimeline, Timeline};
use crate::view::top::{Top, count_values};

/// Which events a question is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Among {
    /// Those that match the query.
    Matching,
    /// Those for which this holds as far as columns can tell.
    These(Predicate),
    /// Those of the subject: see [`Session::set_subject`].
    Subject,
    /// Those of the query for which this holds, too, as far as columns can tell.
    MatchingAnd(Predicate),
}

/// The rows of the last questions about others than the matching ones: several questions in a row are about the same.
#[derive(Default)]
pub(super) struct Beside(Vec<(Predicate, Rows)>);

/// So many predicates are remembered: what is looked at is compared with something.
const REMEMBERED: usize = 2;

impl Beside {
    pub fn forget(&mut self) {
        self.0.clear();
    }

    pub fn memory(&self) -> usize {
        self.0.iter().map(|(_, rows)| rows.memory()).sum()
    }

    /// The rows for which this holds as far as columns can tell, duplicates left out.
    fn rows(&mut self, store: &Store, predicate: &Predicate) -> &Rows {
        let at = self.0.iter().position(|(known, _)| known == predicate).unwrap_or_else(|| {
            let mut rows = store.live();
            rows.and(Search::new(predicate.clone()).rows(store).0);
            self.0.truncate(REMEMBERED - 1);
            self.0.insert(0, (predicate.clone(), rows));
            0
        });
        &self.0[at].1
    }
}

/// Answers a question about the rows that are meant.
fn about<T>(session: &mut Session, among: &Among, answer: impl FnOnce(&Store, &Rows) -> T) -> T {
    let Session { store, matching, subject, beside, .. } = session;
    match among {
        Among::Matching => answer(store, matching.rows(store)),
        Among::Subject => answer(store, subject.rows(store)),
        Among::These(predicate) => answer(store, beside.rows(store, predicate)),
        Among::MatchingAnd(predicate) => answer(store, &both(store, matching, beside, predicate)),
    }
}

fn both(store: &Store, matching: &mut Matching, beside: &mut Beside, predicate: &Predicate) -> Rows {
    let mut rows = beside.rows(store, predicate).clone();
    rows.and(matching.rows(store));
    rows
}

impl Session {
    /// How many match, and over which time.
    pub fn overview(&mut self) -> Overview {
        self.overview_of(&Among::Matching)
    }

    /// How many they are, and over which time.
    pub fn overview_of(&mut self, among: &Among) -> Overview {
        about(self, among, Overview::of)
    }

    /// How many of them are in each bucket.
    pub fn timeline_of(&mut self, among: &Among, buckets: Buckets) -> Timeline {
        about(self, among, |store, rows| Timeline::of(store, rows, buckets))
    }

    /// The same, split by these values of a field.
    pub fn timeline_split_of(
        &mut self,
        among: &Among,
        buckets: Buckets,
        field: &Field,
        values: &[String],
    ) -> SplitTimeline {
        about(self, among, |store, rows| SplitTimeline::of(store, rows, buckets, field, values))
    }

    /// How many of the events with these ids are among them.
    pub fn count_ids(&mut self, among: &Among, ids: &[String]) -> u64 {
        about(self, among, |store, rows| {
            let is_among = |id: &&String| store.row_of_text(id).is_some_and(|row| rows.contains(row));
            ids.iter().filter(is_among).count() as u64
        })
    }

    /// For each field the first of the values that fit; nothing for a field that is not counted
    /// ([`Field::is_counted`]). First step of [`crate::view::top`].
    pub fn tops(&mut self, among: &Among, fields: &[&Field], fitting: Option<&Glob>, limit: usize) -> Vec<Top> {
        about(self, among, |store, rows| {
            fields.iter().map(|field| Top::of(store, rows, field, fitting, limit)).collect()
        })
    }

    /// Its second step: how often each of these values comes, by field.
    pub fn count_values(&mut self, among: &Among, asked: &[(&Field, &[String])]) -> Vec<Vec<u64>> {
        about(self, among, |store, rows| {
            asked.iter().map(|(field, values)| count_values(store, rows, field, values)).collect()
        })
    }

    /// At most `limit` marks of the values of a field: see [`crate::view::distinct`].
    pub fn marks(&mut self, among: &Among, field: &Field, limit: usize) -> Marks {
        about(self, among, |store, rows| Marks::of(store, rows, field, limit))
    }
}
