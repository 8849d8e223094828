//! The events of one shard, as columns. See the README of this folder.

pub mod column;
mod filter;
pub mod identities;
pub mod interner;
mod rows;
mod spans;

pub use filter::{filter, unanswerable};
pub use rows::Rows;

use crate::event::{EventId, EventKey, EventRow, Location, NO_TIME, parse_time};
use crate::field::{COLUMNS, Column, Field, Place};
use crate::identity::Principal;
use crate::ingest::record::{Key, Record};
use column::DictColumn;
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use identities::Identities;
use spans::Spans;
use std::borrow::Cow;

/// Every column, in the order of [`Column`].
const ALL_COLUMNS: [Column; COLUMNS] = [
    Column::EventName,
    Column::EventSource,
    Column::AwsRegion,
    Column::SourceIpAddress,
    Column::UserAgent,
    Column::ErrorCode,
    Column::ErrorMessage,
    Column::EventType,
    Column::EventCategory,
    Column::EventVersion,
    Column::ReadOnly,
    Column::RecipientAccountId,
    Column::VpcEndpointId,
];

/// The events of one shard.
pub struct Store {
    times: Vec<i64>,
    ids: Vec<EventId>,
    identity_numbers: Vec<u32>,
    spans: Spans,
    columns: [DictColumn; COLUMNS],
    /// Each distinct identity.
    pub identities: Identities,
    rows_by_id: HashMap<EventId, u32, FixedState>,
    /// The text of ids that are not in the canonical form.
    odd_ids: HashMap<EventId, String, FixedState>,
    /// Rows that another shard has too, and keeps.
    dead: Rows,
}

/// What the store made of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is this row now.
    Row(u32),
    /// An earlier row has its id.
    Duplicate,
}

impl Store {
    /// An empty store; the seed is for hashing only and changes no answer.
    pub fn new(seed: u64) -> Store {
        let hash = FixedState::with_seed(seed);
        Store {
            times: Vec::new(),
            ids: Vec::new(),
            identity_numbers: Vec::new(),
            spans: Spans::default(),
            columns: std::array::from_fn(|i| DictColumn::new(seed.wrapping_add(i as u64))),
            identities: Identities::new(seed),
            rows_by_id: HashMap::with_hasher(hash.clone()),
            odd_ids: HashMap::with_hasher(hash),
            dead: Rows::none(0),
        }
    }

    /// Adds an event. A record whose `eventID` is there already adds nothing; one without an id is always added.
    pub fn add(&mut self, record: &Record, location: Location) -> Added {
        let row = self.len();
        let id_text = record.value(Key::EventId).filter(|text| !text.is_empty());
        let id = match &id_text {
            Some(text) => EventId::from_text(text),
            None => EventId::from_bytes(record.text().as_bytes()),
        };
        if let Some(text) = id_text {
            match self.rows_by_id.entry(id) {
                hashbrown::hash_map::Entry::Occupied(_) => return Added::Duplicate,
                hashbrown::hash_map::Entry::Vacant(entry) => entry.insert(row),
            };
            if !EventId::is_canonical(&text) {
                self.odd_ids.insert(id, text.into_owned());
            }
        }
        let time = record.time_text().and_then(|text| parse_time(&text)).unwrap_or(NO_TIME);
        self.times.push(time);
        self.ids.push(id);
        self.identity_numbers.push(self.identities.of_json(record.json(Key::UserIdentity).unwrap_or("null")));
        self.spans.push(location);
        for (column, values) in ALL_COLUMNS.iter().zip(&mut self.columns) {
            values.push(record.column(*column).as_deref());
        }
        Added::Row(row)
    }

    /// How many rows there are, duplicates of other shards included.
    pub fn len(&self) -> u32 {
        self.times.len() as u32
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// The rows that count: all but those that another shard keeps.
    pub fn live(&self) -> Rows {
        let mut rows = self.dead.clone();
        rows.grow(self.len());
        rows.not();
        rows
    }

    /// The order of a row among all events.
    pub fn key(&self, row: u32) -> EventKey {
        EventKey { time_ms: self.times[row as usize], id: self.ids[row as usize] }
    }

    /// Milliseconds since 1970, if the record says.
    pub fn time(&self, row: u32) -> Option<i64> {
        let ms = self.times[row as usize];
        (ms != NO_TIME).then_some(ms)
    }

    /// The id as text: what the record says, or what was made for it.
    pub fn event_id(&self, row: u32) -> String {
        let id = self.ids[row as usize];
        self.odd_ids.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }

    /// Where the raw record is.
    pub fn location(&self, row: u32) -> Location {
        self.spans.get(row)
    }

    /// The number of the row's identity.
    pub fn identity_number(&self, row: u32) -> u32 {
        self.identity_numbers[row as usize]
    }

    /// The row's identity.
    pub fn principal(&self, row: u32) -> &Principal {
        self.identities.get(self.identity_number(row))
    }

    /// One column.
    pub fn column(&self, column: Column) -> &DictColumn {
        &self.columns[column as usize]
    }

    /// The row of an id as text, if this shard has it and it counts here.
    pub fn row_of_text(&self, text: &str) -> Option<u32> {
        let exact = EventId::from_text(text);
        let row_of = |id| self.rows_by_id.get(&id).copied();
        row_of(exact)
            .or_else(|| row_of(EventId::from_text(&text.to_ascii_lowercase())))
            // An id that was made for a record is in no map: such records are rare, and so is this question.
            .or_else(|| self.ids.iter().position(|&id| id == exact).map(|row| row as u32))
            .filter(|&row| !self.dead.contains(row))
    }

    /// The value of a standard field as text.
    pub fn value(&self, row: u32, field: &Field) -> Option<Cow<'_, str>> {
        match field.place {
            Place::Time => self.time(row).map(|ms| Cow::Owned(crate::event::format_time(ms))),
            Place::Id => Some(Cow::Owned(self.event_id(row))),
            Place::Column(column) => self.column(column).get(row).map(Cow::Borrowed),
            Place::Identity(part) => part(self.principal(row)).map(Cow::Borrowed),
            Place::IdentityLabel => Some(Cow::Borrowed(self.identities.label(self.identity_number(row)))),
        }
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
            account: text(Column::RecipientAccountId).or_else(|| self.principal(row).account.clone()),
        }
    }

    /// The ids of all rows that have one of their own, each with the source of its row: what another shard needs to
    /// find duplicates.
    pub fn ids(&self) -> Vec<(EventId, u32)> {
        let mut ids: Vec<_> = self.rows_by_id.iter().map(|(&id, &row)| (id, self.spans.get(row).source)).collect();
        ids.sort_unstable();
        ids
    }

    /// Another shard has these ids, each from the source with this number: the row from the later source is the
    /// duplicate. Returns the rows that became one, in order.
    pub fn drop_duplicates(&mut self, others: &[(EventId, u32)]) -> Vec<u32> {
        self.dead.grow(self.len());
        let mut dropped = Vec::new();
        for (id, source) in others {
            if let Some(&row) = self.rows_by_id.get(id)
                && *source < self.spans.get(row).source
                && !self.dead.contains(row)
            {
                self.dead.insert(row);
                dropped.push(row);
            }
        }
        dropped.sort_unstable();
        dropped
    }

    /// Bytes of memory that the events take, by capacity.
    pub fn memory(&self) -> usize {
        let per_row = size_of::<i64>() + size_of::<EventId>() + 4;
        self.times.capacity() * per_row
            + self.spans.memory()
            + self.columns.iter().map(DictColumn::memory).sum::<usize>()
            + self.identities.memory()
            + self.rows_by_id.allocation_size()
            + self.odd_ids.allocation_size()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_in_their_order() {
        for (i, column) in ALL_COLUMNS.iter().enumerate() {
            assert_eq!(*column as usize, i);
        }
    }
}
