//! Rows of the table, with the columns that somebody chose.

use crate::field::Field;
use crate::store::Store;

/// One event as the chosen fields have it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableRow {
    /// Milliseconds since 1970-01-01T00:00:00Z; `None` without a readable `eventTime`.
    pub time_ms: Option<i64>,
    /// The `eventID`, or the id made for it.
    pub event_id: String,
    /// The value of each field, in their order. Those that only the record has are missing.
    pub values: Vec<Option<String>>,
}

impl TableRow {
    pub(crate) fn of(store: &Store, row: u32, fields: &[&Field]) -> TableRow {
        let value = |field: &&Field| store.value(row, field).map(String::from);
        TableRow { time_ms: store.time(row), event_id: store.event_id(row), values: fields.iter().map(value).collect() }
    }
}
