//! Rows of the table, packed: a page of them crosses as a few copies, however many columns there are.

use super::packed::Bytes;
use analyzer_core::event::NO_TIME;
use analyzer_core::view::row::TableRow;
use serde::{Deserialize, Serialize};

/// Twin of a list of [`TableRow`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TableRows {
    times: Bytes,
    ids: Bytes,
    /// Row after row.
    values: Bytes,
}

impl From<&[TableRow]> for TableRows {
    fn from(rows: &[TableRow]) -> TableRows {
        let times = rows.iter().flat_map(|row| row.time_ms.unwrap_or(NO_TIME).to_le_bytes());
        TableRows {
            times: Bytes(times.collect()),
            ids: Bytes::of_texts(rows.iter().map(|row| row.event_id.as_str())),
            values: Bytes::of_values(rows.iter().flat_map(|row| row.values.iter().map(Option::as_deref))),
        }
    }
}

impl TableRows {
    /// The rows again. Each has so many values.
    ///
    /// # Errors
    /// Why they cannot be read.
    pub fn rows(&self, fields: usize) -> Result<Vec<TableRow>, String> {
        let (ids, mut values) = (self.ids.texts()?, self.values.values()?.into_iter());
        let times = self.times.0.as_chunks().0.iter().map(|time| i64::from_le_bytes(*time));
        let row = |(event_id, time)| TableRow {
            time_ms: (time != NO_TIME).then_some(time),
            event_id,
            values: values.by_ref().take(fields).collect(),
        };
        Ok(ids.into_iter().zip(times).map(row).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let row = |time_ms, id: &str, values: [Option<&str>; 2]| TableRow {
            time_ms,
            event_id: id.to_owned(),
            values: values.map(|value| value.map(str::to_owned)).to_vec(),
        };
        let rows = [row(None, "a\"", [None, Some("x")]), row(Some(-1), "東", [Some(""), None])];
        assert_eq!(TableRows::from(&rows[..]).rows(2).unwrap(), rows);
        assert_eq!(TableRows::from(&[][..]).rows(9).unwrap(), []);
        let broken = TableRows { ids: Bytes(b"[".to_vec()), ..TableRows::default() };
        assert!(broken.rows(1).is_err());
    }
}
