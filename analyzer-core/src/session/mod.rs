//! One shard: the façade that both edges use. Load bytes, ask questions.
//!
//! An edge opens a source, pushes its bytes in pieces of any size between which it can do other things, and closes it.
//! When all shards are done they exchange what they have ([`Session::claims`], [`Session::drop_duplicates`]), so that an
//! event that two shards have counts once; then the selections are complete.

use crate::detect::{Detector, Engine};
use crate::event::{EventRow, Form, Location};
use crate::field::Field;
use crate::ingest::memo::Memo;
use crate::ingest::record::{Around, Record};
use crate::ingest::shape::Digest;
use crate::ingest::{Kept, Reader, Restart};
use crate::predicate::Predicate;
use crate::problem::{Fault, SourceAccount, Totals};
use crate::store::{Added, Claim, Store};
use crate::view::page::{FieldKey, KeyQuestion, KeyRun, Samples};
use crate::view::row::TableRow;
use crate::view::summary::Summary;
use crate::view::timeline::{Buckets, SplitTimeline, Timeline};
use among::Beside;
use late::Late;
use matching::{Matching, field_key};
use std::cell::OnceCell;
use std::ops::Range;

mod among;
mod export;
mod late;
mod matching;
mod recheck;
mod reread;
mod sources;
mod survey;

pub use among::Among;
pub use export::ExportRow;
pub use late::LatePass;
pub use recheck::{Recheck, Sought};
pub use sources::OpenSource;
pub use survey::Survey;

/// One shard.
pub struct Session {
    memo: Memo,
    store: Store,
    engine: Engine,
    accounts: Vec<SourceAccount>,
    /// Rows in whose place another stands, as long as their sources are open.
    replaced: Vec<u32>,
    digests: Vec<Digest>,
    matching: Matching,
    /// What is looked at beside the query.
    subject: Matching,
    beside: Beside,
    late: Late,
}

/// A source that is being read.
pub struct Intake(Reader);

impl Intake {
    /// Events kept so far, in all members.
    pub fn kept(&self) -> u64 {
        self.0.kept()
    }
}

impl Session {
    /// An empty shard that selects for these detectors. The seed is for hashing only and changes no answer.
    pub fn new(detectors: Vec<Detector>, seed: u64) -> Session {
        Session {
            memo: Memo::new(seed),
            store: Store::new(seed),
            engine: Engine::new(detectors, seed),
            accounts: Vec::new(),
            replaced: Vec::new(),
            digests: Vec::new(),
            matching: Matching::new(),
            subject: Matching::new(),
            beside: Beside::default(),
            late: Late::none(),
        }
    }

    /// Starts to read a source. Its number must be unique over all shards; of two copies of an event, that of the
    /// lower number is kept.
    pub fn open(&self, ordinal: u32, name: String) -> Intake {
        Intake(Reader::new(ordinal, name))
    }

    /// Reads the next bytes of a source.
    pub fn push(&mut self, intake: &mut Intake, bytes: &[u8]) {
        let (memo, mut keeper) = self.keeper();
        intake.0.push(bytes, memo, &mut |record, location| keeper.keep(record, location));
        self.forget_answers();
    }

    /// Events came or went.
    fn forget_answers(&mut self) {
        self.matching.forget();
        self.subject.forget();
        self.beside.forget();
    }

    fn keeper(&mut self) -> (&mut Memo, Keeper<'_>) {
        let Session { memo, store, engine, late, replaced, matching, subject, .. } = self;
        (memo, Keeper { store, engines: [engine, &mut late.engine], replaced, searches: [matching, subject] })
    }

    /// The source is at its end, or `fault` says why it was left before. Returns its account, and behind it those of
    /// its members if it is an archive.
    pub fn close(&mut self, mut intake: Intake, fault: Option<Fault>) -> &[SourceAccount] {
        if let Some(fault) = fault {
            intake.0.fail(fault);
        }
        let (memo, mut keeper) = self.keeper();
        let (accounts, digests) = intake.0.finish(memo, &mut |record, location| keeper.keep(record, location));
        self.digests.extend(digests);
        self.forget_answers();
        let ordinal = accounts.first().map_or(0, |account| account.ordinal);
        let at = self.accounts.partition_point(|account| account.ordinal < ordinal);
        let end = at + accounts.len();
        self.accounts.splice(at..at, accounts);
        self.settle_replaced();
        &self.accounts[at..end]
    }

    /// The accounts of all closed sources, by ordinal, each followed by those of its members.
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

    /// The events of this shard, for [`Session::drop_duplicates`] of other shards.
    pub fn claims(&self) -> Vec<Claim> {
        self.store.claims()
    }

    /// Another shard has these events. Those to which it has the better claim are duplicates here: they leave the
    /// answers, the selections, and the account of their source.
    pub fn drop_duplicates(&mut self, others: &[Claim]) {
        let dropped = self.store.drop_duplicates(others);
        self.book_duplicates(&dropped);
    }

    /// Rows in whose place others came are duplicates in the accounts of their sources, once those are closed.
    fn settle_replaced(&mut self) {
        let replaced = std::mem::take(&mut self.replaced);
        let is_closed = |&row: &u32| self.account_of(self.store.location(row)).is_some();
        let (closed, open): (Vec<u32>, Vec<u32>) = replaced.into_iter().partition(is_closed);
        self.replaced = open;
        self.book_duplicates(&closed);
    }

    fn book_duplicates(&mut self, rows: &[u32]) {
        for &row in rows {
            if let Some(at) = self.account_of(self.store.location(row)) {
                let account = &mut self.accounts[at];
                account.kept -= 1;
                account.duplicate += 1;
                account.untimed -= u64::from(self.store.time(row).is_none());
            }
        }
        if !rows.is_empty() {
            let mut rows = rows.to_vec();
            rows.sort_unstable();
            self.engine.forget(&rows);
            self.late.forget(&rows);
            self.forget_answers();
        }
    }

    /// The detectors that were there from the start, in the order of the selection's first lists.
    pub fn detectors(&self) -> &[Detector] {
        self.engine.detectors()
    }

    /// How many events each detector selected.
    pub fn selected(&self) -> impl Iterator<Item = usize> {
        self.engine.counts().chain(self.late.engine.counts())
    }

    /// All answers from now on are about the events that match, as far as columns can tell: see
    /// [`Session::open_sources`].
    pub fn set_query(&mut self, query: Predicate) {
        self.matching.set_query(query);
    }

    /// Somebody or something is looked at beside the query: answers among [`Among::Subject`] are about the events for
    /// which this holds. As with a query, what columns cannot tell is open: see [`Session::open_sources_of`].
    pub fn set_subject(&mut self, predicate: Predicate) {
        self.subject.set_query(predicate);
    }

    /// How many match in each bucket.
    pub fn timeline(&mut self, buckets: Buckets) -> Timeline {
        Timeline::of(&self.store, self.matching.rows(&self.store), buckets)
    }

    /// How many match in each bucket, split by these values of a field.
    pub fn timeline_split(&mut self, buckets: Buckets, field: &Field, values: &[String]) -> SplitTimeline {
        SplitTimeline::of(&self.store, self.matching.rows(&self.store), buckets, field, values)
    }

    /// Times of the first and the last event, matching or not, in milliseconds since 1970.
    pub fn extent_ms(&self) -> Option<(i64, i64)> {
        self.store.extent()
    }

    /// Time of the newest event, matching or not, in milliseconds since 1970.
    pub fn newest_ms(&self) -> Option<i64> {
        let mut newest = None;
        self.store.live().each(|row| newest = newest.max(self.store.time(row)));
        newest
    }

    /// First step of a page in time order: see [`crate::view::page`].
    pub fn samples(&mut self) -> Samples {
        let store = &self.store;
        Samples::of(self.matching.listed(store), |row| store.key(row))
    }

    /// Second step of a page in time order.
    pub fn keys(&mut self, question: KeyQuestion) -> KeyRun {
        let store = &self.store;
        KeyRun::of(self.matching.listed(store), &question, |row| store.key(row))
    }

    /// Third step of a page: these of the matching rows, counted in time order.
    pub fn rows(&mut self, range: Range<u64>) -> Vec<EventRow> {
        let store = &self.store;
        event_rows(store, self.matching.listed(store), range)
    }

    /// First step of a page in the order of a field's values; times, ids and what only records hold are no such fields:
    /// then it is in time order, too.
    pub fn samples_by(&mut self, field: &'static Field) -> Samples<FieldKey> {
        let store = &self.store;
        Samples::of(self.matching.listed_by(store, field), |row| field_key(store, row, field))
    }

    /// Second step of a page in the order of a field's values.
    pub fn keys_by(&mut self, field: &'static Field, question: &KeyQuestion<FieldKey>) -> KeyRun<FieldKey> {
        let store = &self.store;
        KeyRun::of(self.matching.listed_by(store, field), question, |row| field_key(store, row, field))
    }

    /// Third step of a page with columns that somebody chose, in the order of a field's values, or of time.
    pub fn table_rows(&mut self, by: Option<&'static Field>, range: Range<u64>, fields: &[&Field]) -> Vec<TableRow> {
        let store = &self.store;
        let listed = match by {
            Some(field) => self.matching.listed_by(store, field),
            None => self.matching.listed(store),
        };
        these(listed, range).iter().map(|&row| TableRow::of(store, row, fields)).collect()
    }

    /// The row of this event, if this shard has it.
    pub fn table_row_of(&self, event_id: &str, fields: &[&Field]) -> Option<TableRow> {
        self.store.row_of_text(event_id).map(|row| TableRow::of(&self.store, row, fields))
    }

    /// An event of this shard as a row.
    pub fn row_of(&self, event_id: &str) -> Option<EventRow> {
        self.store.row_of_text(event_id).map(|row| self.store.event_row(row))
    }

    /// Who did what.
    pub fn summary(&mut self) -> Summary {
        Summary::of(&self.store, self.matching.rows(&self.store))
    }

    /// Where the record of this event is, if this shard has it.
    pub fn locate(&self, event_id: &str) -> Option<Location> {
        self.store.row_of_text(event_id).map(|row| self.store.location(row))
    }

    /// Those of these events that this shard has, as rows of a table.
    pub fn rows_of<'i>(&self, event_ids: impl IntoIterator<Item = &'i str>) -> Vec<EventRow> {
        let rows = event_ids.into_iter().filter_map(|id| self.store.row_of_text(id));
        rows.map(|row| self.store.event_row(row)).collect()
    }

    /// When this event happened, in milliseconds since 1970, if this shard has it and it has a time.
    pub fn time_of(&self, event_id: &str) -> Option<i64> {
        self.store.row_of_text(event_id).and_then(|row| self.store.time(row))
    }

    /// Gives back memory that was reserved for reading more. Worth it when a load is at its end; more can follow.
    pub fn settle(&mut self) {
        self.memo.forget();
        self.store.shrink();
    }

    /// From where the source has to be read for the record at this place: nearer than its start if the source is plain
    /// text, or an archive that nothing is around. For [`crate::ingest::Extractor::resume`].
    pub fn restart(&self, location: Location) -> Restart {
        let Some(account) = self.account_of(location).map(|at| &self.accounts[at]) else { return Restart::Start };
        let is_plain = account.member == 0 && account.wrapping.is_empty();
        // A row of a table means something only with the table's first row.
        if is_plain && location.form != Form::CsvRow { Restart::Text(location.offset) } else { account.restart }
    }

    /// The name of the source or member that holds this place, once it is closed. Untrusted text.
    pub fn name(&self, location: Location) -> Option<&str> {
        self.account_of(location).map(|at| self.accounts[at].name.as_str())
    }

    /// The account of the source or member that holds this place, once it is closed.
    fn account_of(&self, location: Location) -> Option<usize> {
        let wanted = (location.source, location.member);
        self.accounts.binary_search_by_key(&wanted, |account| (account.ordinal, account.member)).ok()
    }

    /// Bytes of memory that the detectors' events take, and what is known of values.
    pub fn detection_memory(&self) -> usize {
        self.engine.memory() + self.late.engine.memory()
    }

    /// Bytes of memory that the events take.
    pub fn memory(&self) -> usize {
        self.store.memory() + self.memo.memory() + self.matching.memory() + self.subject.memory() + self.beside.memory()
    }
}

/// These of the listed rows, as rows of a table.
fn event_rows(store: &Store, listed: &[u32], range: Range<u64>) -> Vec<EventRow> {
    these(listed, range).iter().map(|&row| store.event_row(row)).collect()
}

/// These of the listed rows, as far as there are so many.
fn these(listed: &[u32], range: Range<u64>) -> &[u32] {
    let clamp = |n: u64| usize::try_from(n).unwrap_or(usize::MAX).min(listed.len());
    let (start, end) = (clamp(range.start), clamp(range.end));
    &listed[start..end.max(start)]
}

/// What a record meets while it is at hand.
struct Keeper<'s> {
    store: &'s mut Store,
    engines: [&'s mut Engine; 2],
    replaced: &'s mut Vec<u32>,
    searches: [&'s mut Matching; 2],
}

impl Keeper<'_> {
    /// The record becomes a row, meets the detectors, and the query if columns cannot answer it.
    fn keep(&mut self, record: &Record, location: Location) -> Kept {
        let row = match self.store.add(record, location) {
            Added::Duplicate => return Kept::Duplicate,
            Added::Row(row) => row,
            Added::Replaced(row, old) => {
                self.replaced.push(old);
                row
            }
        };
        let store = &*self.store;
        let principal = OnceCell::new();
        let around = Around {
            principal: &|| *principal.get_or_init(|| store.principal(row)),
            event_id: &|| store.event_id(row),
        };
        self.engines.iter_mut().for_each(|engine| engine.select(store, row, record, &around));
        self.searches.iter_mut().for_each(|search| search.meet(store, row, record));
        if store.time(row).is_none() { Kept::KeptWithoutTime } else { Kept::Kept }
    }
}

#[cfg(test)]
mod tests;
