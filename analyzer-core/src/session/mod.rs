//! One shard: the façade that both edges use. Load bytes, ask questions.
//!
//! An edge opens a source, pushes its bytes in pieces of any size between which it can do other things, and closes it.
//! When all shards are done they exchange their ids ([`Session::ids`], [`Session::drop_duplicates`]), so that an event
//! that two shards have counts once; then the selections are complete.

use crate::detect::{Detector, Engine, Selection, Subject};
use crate::event::{EventId, EventRow, Location};
use crate::field::{Column, Field};
use crate::ingest::record::Record;
use crate::ingest::shape::Digest;
use crate::ingest::{Kept, Reader};
use crate::predicate::Predicate;
use crate::problem::{Fault, SourceAccount, Totals};
use crate::store::{Added, Store, filter};
use crate::view::facet::Facet;
use crate::view::overview::Overview;
use crate::view::page::{KeyQuestion, KeyRun, Samples};
use crate::view::summary::Summary;
use crate::view::timeline::{Buckets, Timeline};
use std::ops::Range;

/// One shard.
pub struct Session {
    store: Store,
    engine: Engine,
    accounts: Vec<SourceAccount>,
    digests: Vec<Digest>,
    /// All rows in time order; shorter than the store while events arrive.
    order: Vec<u32>,
    query: Predicate,
    /// The matching rows in time order, while they are true.
    matching: Option<Vec<u32>>,
}

/// A source that is being read.
pub struct Intake(Reader);

impl Intake {
    /// The account so far.
    pub fn account(&self) -> &SourceAccount {
        self.0.account()
    }
}

impl Session {
    /// An empty shard that selects for these detectors. The seed is for hashing only and changes no answer.
    pub fn new(detectors: Vec<Detector>, seed: u64) -> Session {
        Session {
            store: Store::new(seed),
            engine: Engine::new(detectors, seed),
            accounts: Vec::new(),
            digests: Vec::new(),
            order: Vec::new(),
            query: Predicate::Everything,
            matching: None,
        }
    }

    /// Starts to read a source. Its number must be unique over all shards; of two copies of an event, that of the
    /// lower number is kept.
    pub fn open(&self, ordinal: u32, name: String) -> Intake {
        Intake(Reader::new(ordinal, name))
    }

    /// Reads the next bytes of a source.
    pub fn push(&mut self, intake: &mut Intake, bytes: &[u8]) {
        let (store, engine) = (&mut self.store, &mut self.engine);
        intake.0.push(bytes, &mut |record, location| keep(store, engine, record, location));
        self.matching = None;
    }

    /// The source is at its end, or `fault` says why it was left before.
    pub fn close(&mut self, mut intake: Intake, fault: Option<Fault>) -> &SourceAccount {
        if let Some(fault) = fault {
            intake.0.fail(fault);
        }
        let (store, engine) = (&mut self.store, &mut self.engine);
        let (account, digests) = intake.0.finish(&mut |record, location| keep(store, engine, record, location));
        self.digests.extend(digests);
        self.matching = None;
        let at = self.accounts.partition_point(|a| a.ordinal < account.ordinal);
        self.accounts.insert(at, account);
        &self.accounts[at]
    }

    /// The accounts of all closed sources, by ordinal.
    pub fn accounts(&self) -> &[SourceAccount] {
        &self.accounts
    }

    /// The digest and signature files among the closed sources, in the order in which these were closed.
    pub fn digests(&self) -> &[Digest] {
        &self.digests
    }

    /// The accounts of all closed sources, added up.
    pub fn totals(&self) -> Totals {
        Totals::of(&self.accounts)
    }

    /// The ids of all events, each with the ordinal of its source, for [`Session::drop_duplicates`] of other shards.
    pub fn ids(&self) -> Vec<(EventId, u32)> {
        self.store.ids()
    }

    /// Another shard has these events. Those that it has from an earlier source are duplicates here: they leave the
    /// answers, the selections, and the account of their source.
    pub fn drop_duplicates(&mut self, others: &[(EventId, u32)]) {
        let dropped = self.store.drop_duplicates(others);
        for &row in &dropped {
            let source = self.store.location(row).source;
            if let Ok(at) = self.accounts.binary_search_by_key(&source, |a| a.ordinal) {
                let account = &mut self.accounts[at];
                account.kept -= 1;
                account.duplicate += 1;
                account.untimed -= u64::from(self.store.time(row).is_none());
            }
        }
        if !dropped.is_empty() {
            let mut keys: Vec<_> = dropped.iter().map(|&row| self.store.key(row)).collect();
            keys.sort_unstable();
            self.engine.forget(|event| keys.binary_search(&event.key).is_ok());
            self.matching = None;
        }
    }

    /// The detectors, in the order of the selection's lists.
    pub fn detectors(&self) -> &[Detector] {
        self.engine.detectors()
    }

    /// What the detectors selected.
    pub fn selection(&self) -> &Selection {
        self.engine.selection()
    }

    /// All answers from now on are about the events that match.
    pub fn set_query(&mut self, query: Predicate) {
        if self.query != query {
            self.query = query;
            self.matching = None;
        }
    }

    /// How many match, and over which time.
    pub fn overview(&mut self) -> Overview {
        let events = self.store.live().count();
        let (store, matching) = self.matching();
        Overview::of(store, matching, events)
    }

    /// How many match in each bucket.
    pub fn timeline(&mut self, buckets: Buckets) -> Timeline {
        let (store, matching) = self.matching();
        Timeline::of(store, matching, buckets)
    }

    /// How many match for each value of a field.
    pub fn facet(&mut self, field: &Field) -> Facet {
        let (store, matching) = self.matching();
        Facet::of(store, matching, field)
    }

    /// First step of a page: see [`crate::view::page`].
    pub fn samples(&mut self) -> Samples {
        let (store, matching) = self.matching();
        Samples::of(store, matching)
    }

    /// Second step of a page.
    pub fn keys(&mut self, question: KeyQuestion) -> KeyRun {
        let (store, matching) = self.matching();
        KeyRun::of(store, matching, question)
    }

    /// Third step of a page: these of the matching rows, counted in time order.
    pub fn rows(&mut self, range: Range<u64>) -> Vec<EventRow> {
        let (store, matching) = self.matching();
        let clamp = |n: u64| usize::try_from(n).unwrap_or(usize::MAX).min(matching.len());
        let (start, end) = (clamp(range.start), clamp(range.end));
        matching[start..end.max(start)].iter().map(|&row| store.event_row(row)).collect()
    }

    /// Who did what.
    pub fn summary(&mut self) -> Summary {
        let (store, matching) = self.matching();
        Summary::of(store, matching)
    }

    /// Where the record of this event is, if this shard has it.
    pub fn locate(&self, event_id: &str) -> Option<Location> {
        self.store.row_of_text(event_id).map(|row| self.store.location(row))
    }

    /// Bytes of memory that the events take.
    pub fn memory(&self) -> usize {
        self.store.memory() + self.order.capacity() * size_of::<u32>()
    }

    /// The matching rows in time order.
    fn matching(&mut self) -> (&Store, &[u32]) {
        let store = &self.store;
        let matching = self.matching.get_or_insert_with(|| {
            let sorted = self.order.len() as u32;
            if sorted < store.len() {
                self.order.extend(sorted..store.len());
                // Stable, because it is quick where long runs are in order already. Rows come by source and offset
                // within a shard, so equal keys keep that order.
                self.order.sort_by_key(|&row| store.key(row));
            }
            let rows = filter(store, &self.query);
            self.order.iter().copied().filter(|&row| rows.contains(row)).collect()
        });
        (store, matching)
    }
}

/// One record becomes a row, and meets the detectors while it is at hand.
fn keep(store: &mut Store, engine: &mut Engine, record: &Record, location: Location) -> Kept {
    match store.add(record, location) {
        Added::Duplicate => Kept::Duplicate,
        Added::Row(row) => {
            engine.select(&Subject {
                record,
                principal: store.principal(row),
                key: store.key(row),
                event_id: &|| store.event_id(row),
                location,
                names: (store.column(Column::EventSource).code(row), store.column(Column::EventName).code(row)),
            });
            if store.time(row).is_none() { Kept::KeptWithoutTime } else { Kept::Kept }
        }
    }
}

#[cfg(test)]
mod tests;
