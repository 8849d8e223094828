//! The events of one shard, as columns. See the README of this folder.

mod codes;
pub mod column;
pub mod identities;
mod ids;
pub mod interner;
mod rows;
mod search;
mod spans;
mod times;

pub use rows::Rows;
pub use search::Search;

use crate::event::{Calendar, EventId, EventKey, EventRow, Location, NO_TIME};
use crate::field::{COLUMNS, Column, Field, Place};
use crate::identity::Principal;
use crate::ingest::record::{Key, Record, key_of_column};
use crate::order;
use codes::Codes;
use column::DictColumn;
use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashSet};
use identities::Identities;
use ids::Ids;
use spans::Spans;
use std::borrow::Cow;
use std::ops::Range;
use times::Times;

/// From so many rows on columns grow by a quarter rather than by their own size: room for rows that never come is dear
/// then, and copying is not.
const LARGE: u32 = if cfg!(test) { 1 << 10 } else { 1 << 20 };

/// The events of one shard.
pub struct Store {
    calendar: Calendar,
    /// When there are so many rows, columns make room for more.
    room: u32,
    times: Times,
    /// Times of the first and of the last event; the first is later than the last while no event has a time.
    extent: (i64, i64),
    ids: Ids,
    identity_numbers: Codes,
    spans: Spans,
    columns: [DictColumn; COLUMNS],
    /// Each distinct identity.
    pub identities: Identities,
    /// The text of ids that are not in the canonical form.
    odd_ids: HashMap<EventId, String, FixedState>,
    /// Ids of events in whose place a later record with an addendum stands.
    replaced: HashSet<EventId, FixedState>,
    /// Rows that another shard keeps, or that an addendum replaced.
    dead: Rows,
}

/// A shard has an event, and how good its claim is: of two shards the one with the lower rank keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// The event.
    pub id: EventId,
    /// 0 if an addendum stands in its place, else one more than the ordinal of its source.
    pub rank: u32,
}

/// What the store made of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is this row now.
    Row(u32),
    /// It is this row now, and stands in the place of that one.
    Replaced(u32, u32),
    /// An earlier row has its id.
    Duplicate,
}

impl Store {
    /// An empty store; the seed is for hashing only and changes no answer.
    pub fn new(seed: u64) -> Store {
        Store {
            calendar: Calendar::default(),
            room: LARGE,
            times: Times::default(),
            extent: (i64::MAX, i64::MIN),
            ids: Ids::new(seed),
            identity_numbers: Codes::default(),
            spans: Spans::default(),
            columns: std::array::from_fn(|i| DictColumn::new(seed.wrapping_add(i as u64))),
            identities: Identities::new(seed),
            odd_ids: HashMap::with_hasher(FixedState::with_seed(seed)),
            replaced: HashSet::with_hasher(FixedState::with_seed(seed)),
            dead: Rows::none(0),
        }
    }

    /// Adds an event. A record whose `eventID` is there already adds nothing; one without an id is always added. One whose
    /// addendum names another event stands in the place of that event, whichever comes first.
    pub fn add(&mut self, record: &Record, location: Location) -> Added {
        let row = self.len();
        if row >= self.room {
            self.make_room();
        }
        match record.value_bytes(Key::EventId).filter(|text| !text.is_empty()) {
            None => self.ids.push(EventId::from_bytes(record.bytes())),
            Some(text) => {
                let (id, canonical) = EventId::from_text(&text);
                if !self.replaced.is_empty() && self.replaced.contains(&id) || !self.ids.push_new(id) {
                    return Added::Duplicate;
                }
                if !canonical {
                    self.odd_ids.insert(id, String::from_utf8_lossy(&text).into_owned());
                }
            }
        }
        let time = record.time(|text| self.calendar.time_of(text)).unwrap_or(NO_TIME);
        self.times.push(time);
        if time != NO_TIME {
            self.extent = (self.extent.0.min(time), self.extent.1.max(time));
        }
        let identity = self.identities.of_record(record.known_identity(), || record.json_bytes(Key::UserIdentity));
        self.identity_numbers.push(identity);
        self.spans.push(location);
        self.add_columns(record);
        match record.json(Key::Addendum) {
            None => Added::Row(row),
            Some(addendum) => self.replace(row, addendum),
        }
    }

    #[cold]
    fn make_room(&mut self) {
        let rows = self.len();
        let more = (rows / 4) as usize;
        self.times.reserve(more);
        self.ids.reserve(more);
        self.identity_numbers.reserve(more);
        self.spans.reserve(more);
        self.columns.iter_mut().for_each(|column| column.reserve(more));
        self.room = rows.saturating_add(rows / 4).max(LARGE);
    }

    /// One by one rather than in a loop: then the compiler knows where each key is.
    #[inline(always)]
    fn add_columns(&mut self, record: &Record) {
        self.add_column(record, Column::EventName);
        self.add_column(record, Column::EventSource);
        self.add_column(record, Column::AwsRegion);
        self.add_column(record, Column::SourceIpAddress);
        self.add_column(record, Column::UserAgent);
        self.add_column(record, Column::ErrorCode);
        self.add_column(record, Column::ErrorMessage);
        self.add_column(record, Column::EventType);
        self.add_column(record, Column::EventCategory);
        self.add_column(record, Column::EventVersion);
        self.add_column(record, Column::ReadOnly);
        self.add_column(record, Column::RecipientAccountId);
        self.add_column(record, Column::VpcEndpointId);
    }

    #[inline(always)]
    fn add_column(&mut self, record: &Record, column: Column) {
        let values = &mut self.columns[column as usize];
        match record.word(key_of_column(column)) {
            Some(word) => values.push_word(word),
            None => values.push(record.column(column).as_deref()),
        };
    }

    /// The new row has an addendum (CloudTrail user guide, "CloudTrail record contents": `originalEventID`).
    fn replace(&mut self, row: u32, addendum: &str) -> Added {
        let addendum: serde_json::Value = serde_json::from_str(addendum).unwrap_or_default();
        let original = addendum["originalEventID"].as_str().filter(|text| !text.is_empty());
        let Some((original, _)) = original.map(|text| EventId::from_text(text.as_bytes())) else {
            return Added::Row(row);
        };
        if original == self.ids.get(row) || !self.replaced.insert(original) {
            return Added::Row(row);
        }
        match self.ids.row(original).filter(|&old| !self.dead.contains(old)) {
            None => Added::Row(row),
            Some(old) => {
                self.dead.grow(self.len());
                self.dead.insert(old);
                Added::Replaced(row, old)
            }
        }
    }

    /// How many rows there are, duplicates of other shards included.
    pub fn len(&self) -> u32 {
        self.ids.len() as u32
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.ids.len() == 0
    }

    /// The rows that count: all but those that another shard keeps or an addendum replaced.
    pub fn live(&self) -> Rows {
        let mut rows = self.dead.clone();
        rows.grow(self.len());
        rows.not();
        rows
    }

    /// Whether a row counts.
    pub fn is_live(&self, row: u32) -> bool {
        !self.dead.contains(row)
    }

    /// Rows that stand behind one another and come from one source, with its ordinal.
    pub fn runs(&self) -> impl Iterator<Item = (u32, Range<u32>)> {
        self.spans.runs()
    }

    /// Adds to the count of each identity how many of these rows have it.
    pub fn tally_identities(&self, rows: &Rows) -> Vec<u64> {
        let mut counts = vec![0; self.identities.len()];
        self.identity_numbers.tally(rows, &mut counts);
        counts
    }

    /// How many of these rows each who has (an identity, whatever its access key and MFA), with the number of one of its
    /// identities.
    pub fn tally_whos(&self, rows: &Rows) -> Vec<(u32, u64)> {
        self.identities.by_who(&self.tally_identities(rows))
    }

    /// The order of a row among all events.
    pub fn key(&self, row: u32) -> EventKey {
        EventKey { time_ms: self.times.get(row), id: self.ids.get(row) }
    }

    /// Milliseconds since 1970, if the record says.
    pub fn time(&self, row: u32) -> Option<i64> {
        let ms = self.times.get(row);
        (ms != NO_TIME).then_some(ms)
    }

    /// Times of the first and the last event, in milliseconds since 1970; `None` while no event has a time.
    pub fn extent(&self) -> Option<(i64, i64)> {
        (self.extent.0 <= self.extent.1).then_some(self.extent)
    }

    /// The id as text: what the record says, or what was made for it.
    pub fn event_id(&self, row: u32) -> String {
        let id = self.ids.get(row);
        self.odd_ids.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }

    /// Where the raw record is.
    pub fn location(&self, row: u32) -> Location {
        self.spans.get(row)
    }

    /// The number of the row's identity.
    pub fn identity_number(&self, row: u32) -> u32 {
        self.identity_numbers.get(row)
    }

    /// The row's identity.
    pub fn principal(&self, row: u32) -> Principal<'_> {
        self.identities.get(self.identity_number(row))
    }

    /// One column.
    pub fn column(&self, column: Column) -> &DictColumn {
        &self.columns[column as usize]
    }

    /// The row of an id as text, if this shard has it and it counts here.
    pub fn row_of_text(&self, text: &str) -> Option<u32> {
        let (exact, _) = EventId::from_text(text.as_bytes());
        let (lower, _) = EventId::from_text(text.to_ascii_lowercase().as_bytes());
        self.ids
            .row(exact)
            .or_else(|| self.ids.row(lower))
            .or_else(|| self.ids.hidden_row(exact))
            .filter(|&row| !self.dead.contains(row))
    }

    /// The value of a standard field as text; nothing for one that only the record has.
    pub fn value(&self, row: u32, field: &Field) -> Option<Cow<'_, str>> {
        match field.place {
            Place::Time => self.time(row).map(|ms| Cow::Owned(crate::event::format_time(ms))),
            Place::Id => Some(Cow::Owned(self.event_id(row))),
            Place::Column(column) => self.column(column).get(row).map(Cow::Borrowed),
            Place::Identity(part) => part(&self.principal(row)).map(Cow::Borrowed),
            Place::IdentityLabel => Some(Cow::Borrowed(self.identities.label(self.identity_number(row)))),
            Place::Record => None,
        }
    }

    /// The number that stands for a row's value of a field in [`Store::ranks`].
    pub fn number(&self, row: u32, field: &Field) -> u32 {
        match field.place {
            Place::Column(column) => self.column(column).code(row),
            Place::Identity(_) | Place::IdentityLabel => self.identity_number(row),
            Place::Time | Place::Id | Place::Record => 0,
        }
    }

    /// For each number of a field its value.
    fn values(&self, field: &Field) -> Vec<Option<&str>> {
        match field.place {
            Place::Column(column) => {
                let column = self.column(column);
                (0..=column.values.len() as u32).map(|code| column.value_of(code)).collect()
            }
            Place::Identity(part) => {
                (0..self.identities.len() as u32).map(|number| part(&self.identities.get(number))).collect()
            }
            Place::IdentityLabel => {
                (0..self.identities.len() as u32).map(|number| Some(self.identities.label(number))).collect()
            }
            Place::Time | Place::Id | Place::Record => vec![None],
        }
    }

    /// For each number of a field 0 if it is no value, 1 if it is none of these values, else two more than its place
    /// among them.
    pub fn parts(&self, field: &Field, values: &[String]) -> Vec<u32> {
        let wanted: HashMap<&str, u32, FixedState> = values.iter().map(String::as_str).zip(2..).collect();
        let part = |value: Option<&str>| value.map_or(0, |value| wanted.get(value).copied().unwrap_or(1));
        self.values(field).into_iter().map(part).collect()
    }

    /// The rank of each number among the values of a field, which are ordered by their bytes: 0 is no value, and equal
    /// values have equal ranks.
    pub fn ranks(&self, field: &Field) -> Vec<u32> {
        let values = self.values(field);
        let mut numbers: Vec<u32> = (0..values.len() as u32).collect();
        order::sort_by_key(&mut numbers, |&number| values[number as usize]);
        let (mut ranks, mut rank, mut last) = (vec![0; values.len()], 0, None);
        for number in numbers {
            let value = values[number as usize];
            rank += u32::from(value != last);
            last = value;
            ranks[number as usize] = rank;
        }
        ranks
    }

    /// The row as a row of a table.
    pub fn event_row(&self, row: u32) -> EventRow {
        let text = |column| self.column(column).get(row).map(str::to_owned);
        EventRow {
            time_ms: self.time(row),
            event_id: self.event_id(row),
            event_name: text(Column::EventName),
            event_source: text(Column::EventSource),
            region: text(Column::AwsRegion),
            principal: self.identities.label(self.identity_number(row)).to_owned(),
            source_address: text(Column::SourceIpAddress),
            user_agent: text(Column::UserAgent),
            error_code: text(Column::ErrorCode),
            account: text(Column::RecipientAccountId).or_else(|| self.principal(row).account.map(str::to_owned)),
        }
    }

    /// What another shard needs to find duplicates.
    pub fn claims(&self) -> Vec<Claim> {
        let own = self.ids.entered().map(|(id, row)| Claim { id, rank: self.spans.source(row) + 1 });
        let mut replaced: Vec<_> = self.replaced.iter().map(|&id| Claim { id, rank: 0 }).collect();
        replaced.sort_unstable();
        replaced.into_iter().chain(own).collect()
    }

    /// Another shard has these events. Returns the rows that became duplicates, in order.
    pub fn drop_duplicates(&mut self, others: &[Claim]) -> Vec<u32> {
        self.dead.grow(self.len());
        let mut dropped = Vec::new();
        for &Claim { id, rank } in others {
            if let Some(row) = self.ids.row(id)
                && rank < self.spans.source(row) + 1
                && !self.dead.contains(row)
            {
                self.dead.insert(row);
                dropped.push(row);
            }
        }
        dropped.sort_unstable();
        dropped
    }

    /// Gives back memory that was reserved for more events. Worth it when a load is at its end.
    pub fn shrink(&mut self) {
        self.times.shrink();
        self.ids.shrink();
        self.identity_numbers.shrink();
        self.spans.shrink();
        self.columns.iter_mut().for_each(DictColumn::shrink);
        self.identities.shrink();
        self.room = self.len().max(LARGE);
    }

    /// Bytes of memory that the events take, by capacity.
    pub fn memory(&self) -> usize {
        self.times.memory()
            + self.ids.memory()
            + self.identity_numbers.memory()
            + self.spans.memory()
            + self.columns.iter().map(DictColumn::memory).sum::<usize>()
            + self.identities.memory()
            + self.odd_ids.allocation_size()
            + self.replaced.allocation_size()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::memo::Memo;
    use crate::ingest::record;

    fn add(store: &mut Store, n: u32) {
        let json = format!(
            r#"{{"eventTime":"2024-05-06T00:00:{:02}Z","userIdentity":{{"userName":"u{}"}},"eventID":"00000000-0000-4000-8000-{n:012}"}}"#,
            n % 60,
            n % 5
        );
        record::read(json.as_bytes(), &mut Memo::new(0), |record| store.add(record, Location::default()));
    }

    fn columns(store: &Store) -> usize {
        store.times.memory() + store.identity_numbers.memory() + store.spans.memory()
    }

    #[test]
    fn many_rows_make_room_for_a_quarter_more() {
        let mut store = Store::new(1);
        (0..3 * LARGE).for_each(|n| add(&mut store, n));
        assert_eq!(store.len(), 3 * LARGE);
        store.shrink();
        let settled = columns(&store);
        for n in 3 * LARGE..5 * LARGE {
            add(&mut store, n);
            let needed = settled * store.len() as usize / (3 * LARGE as usize);
            assert!(columns(&store) <= needed * 5 / 4 + 64, "{} rows: {} bytes for {needed}", n + 1, columns(&store));
        }
    }
}
