//! Tables in CSV (RFC 4180): where rows and cells end, and what the first row says.

use super::names::{Known, Name, plain, resolve};
use super::row::{Columns, MAX_COLUMNS, Made, make};
use crate::problem::Shape;
use crate::said::phrase;
use memchr::{memchr, memchr3};
use std::borrow::Cow;
use std::ops::Range;

/// The first row may be this long, in bytes.
pub const MAX_FIRST_ROW: usize = 64 << 10;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Where a row ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowEnd {
    /// The row ends before its line break; the next one starts behind that.
    At {
        /// Index behind its last byte.
        end: usize,
        /// Index of the next row.
        next: usize,
    },
    /// The bytes end first. If nothing follows them, the row may end there.
    More {
        /// They end inside a quoted cell.
        open: bool,
    },
    /// The byte at `at` does not fit.
    Broken {
        /// Index of the byte.
        at: usize,
        /// What was expected.
        what: &'static str,
    },
}

/// Finds the end of the row that starts at `b[start]`. A quote is only taken for one at the start of a cell, so that
/// what a stray quote spoils shows soon, and no byte is looked at from many starts.
pub fn row_end(b: &[u8], start: usize, delimiter: u8) -> RowEnd {
    let mut i = start;
    loop {
        if b.get(i) == Some(&b'"') {
            i += 1;
            loop {
                let Some(found) = b.get(i..).and_then(|rest| memchr(b'"', rest)) else {
                    return RowEnd::More { open: true };
                };
                i += found + 1;
                if b.get(i) != Some(&b'"') {
                    break;
                }
                i += 1;
            }
        } else {
            let Some(found) = b.get(i..).and_then(|rest| memchr3(delimiter, b'\n', b'"', rest)) else {
                return RowEnd::More { open: false };
            };
            i += found;
            if b.get(i) == Some(&b'\n') && i > start && b.get(i - 1) == Some(&b'\r') {
                i -= 1;
            }
        }
        match (b.get(i), b.get(i + 1)) {
            (None, _) | (Some(b'\r'), None) => return RowEnd::More { open: false },
            (Some(b'\n'), _) => return RowEnd::At { end: i, next: i + 1 },
            (Some(b'\r'), Some(b'\n')) => return RowEnd::At { end: i, next: i + 2 },
            (Some(byte), _) if *byte == delimiter => i += 1,
            (Some(b'"'), _) => {
                return RowEnd::Broken { at: i, what: phrase("a quote inside of a cell without quotes") };
            }
            (Some(_), _) => {
                return RowEnd::Broken { at: i, what: phrase("expected the end of a cell behind its quote") };
            }
        }
    }
}

/// The cells of one row without its line break, quotes included.
pub fn cells(row: &str, delimiter: u8) -> impl Iterator<Item = Range<usize>> {
    let b = row.as_bytes();
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let start = next?;
        let mut i = start;
        if b.get(i) == Some(&b'"') {
            i += 1;
            while let Some(found) = b.get(i..).and_then(|rest| memchr(b'"', rest)) {
                i += found + 1;
                if b.get(i) != Some(&b'"') {
                    break;
                }
                i += 1;
            }
        }
        let end = b.get(i..).and_then(|rest| memchr(delimiter, rest)).map(|found| i + found);
        next = end.map(|end| end + 1);
        Some(start..end.unwrap_or(b.len()))
    })
}

/// The text of a cell.
pub fn text_of(cell: &str) -> Cow<'_, str> {
    match cell.strip_prefix('"').map(|rest| rest.strip_suffix('"').unwrap_or(rest)) {
        None => Cow::Borrowed(cell),
        Some(inner) if inner.contains("\"\"") => Cow::Owned(inner.replace("\"\"", "\"")),
        Some(inner) => Cow::Borrowed(inner),
    }
}

/// A table of events, as its first row says.
#[derive(Clone, Debug)]
pub struct Table {
    /// What stands between cells.
    pub delimiter: u8,
    /// Its shape.
    pub shape: Shape,
    /// The first row, which may come again where files were joined.
    first_row: String,
    names: Vec<Name>,
    /// What records of its rows may have.
    columns: Columns,
}

impl Table {
    /// Reads the first row of `text`. `None` if no table of events starts with it.
    pub fn of(text: &[u8]) -> Option<Table> {
        let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text).trim_ascii_start();
        let line = text.get(..memchr(b'\n', text).unwrap_or(text.len()))?.trim_ascii_end();
        let row = std::str::from_utf8(line).ok().filter(|row| row.len() <= MAX_FIRST_ROW)?;
        [b',', b';', b'\t'].into_iter().find_map(|delimiter| Table::with(row, delimiter))
    }

    fn with(row: &str, delimiter: u8) -> Option<Table> {
        let texts: Vec<String> =
            cells(row, delimiter).take(MAX_COLUMNS).map(|cell| text_of(&row[cell]).trim().to_owned()).collect();
        let names: Vec<Name> = texts.iter().map(|text| resolve(text)).collect();
        let plain: Vec<String> = texts.iter().map(|text| plain(text)).collect();
        let has = |wanted: &str| plain.iter().any(|text| text == wanted);
        let is_event = ["eventid", "eventname", "eventtime", "eventsource"].iter().any(|name| has(name));
        let known = names.iter().filter(|name| name.known != Known::No).count();
        // One word alone may be the first line of any text; with others beside it, it is a column.
        let is_carried = ["@message", "raw", "cloudtrailevent", "eventjson", "eventoriginal", "sourceeventoriginal"];
        let is_carried = is_carried.iter().any(|name| has(name)) || has("message") && has("@timestamp");
        let is_table = is_carried || is_event && known * 2 >= names.len();
        if !is_table {
            return None;
        }
        let shape = if has("@timestamp") || has("@message") {
            Shape::LogsInsights
        } else if has("raw") {
            Shape::Splunk
        } else if has("cloudtrailevent") {
            Shape::LookupEvents
        } else if has("eventoriginal") || has("sourceeventoriginal") {
            Shape::Elastic
        } else if texts.iter().any(|text| text.contains(' ')) {
            if known == names.len() { Shape::ConsoleCsv } else { Shape::Table }
        } else if texts.iter().any(|text| text.chars().any(char::is_uppercase)) {
            Shape::LakeQuery
        } else {
            Shape::AthenaQuery
        };
        let columns = Columns::of(names.iter());
        Some(Table { delimiter, shape, first_row: row.to_owned(), names, columns })
    }

    /// Whether this is the first row once more.
    pub fn is_first_row(&self, row: &str) -> bool {
        row.trim_ascii_end() == self.first_row
    }

    /// How many columns it has.
    pub fn width(&self) -> usize {
        self.names.len()
    }

    /// The cells of a row that may hold a whole record.
    pub fn carriers<'t>(&'t self, row: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
        let cells = cells(row, self.delimiter).zip(&self.names);
        cells.filter(|(_, name)| name.known == Known::Carrier).map(|(cell, _)| cell)
    }

    /// The record that is made of a row; `None` if all its cells are empty.
    pub fn make(&self, row: &str) -> Option<Made> {
        let cells = cells(row, self.delimiter).zip(&self.names);
        make(cells.map(|(cell, name)| (name, text_of(&row[cell]))), self.columns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&[&str]]) {
        let mut at = 0;
        let mut rows = Vec::new();
        while at < text.len() {
            let (end, next) = match row_end(text.as_bytes(), at, b',') {
                RowEnd::At { end, next } => (end, next),
                RowEnd::More { open: false } => (text.len(), text.len()),
                other => panic!("{other:?}: {text}"),
            };
            let row = &text[at..end];
            rows.push(cells(row, b',').map(|cell| text_of(&row[cell]).into_owned()).collect::<Vec<_>>());
            at = next;
        }
        assert_eq!(rows, expected, "{text}");
    }

    #[test]
    fn rows_and_cells() {
        check("a,b\r\nc,\n", &[&["a", "b"], &["c", ""]]);
        check("\"a\r\n,\"\"x\"\"\",b\n", &[&["a\r\n,\"x\"", "b"]]);
        check("\"\",\"\"", &[&["", ""]]);
        check("a", &[&["a"]]);
    }

    #[test]
    fn first_rows() {
        let shape = |text: &str| Table::of(text.as_bytes()).map(|table| (table.shape, table.width()));
        assert_eq!(shape("User name;Event time;Event name\r\n"), Some((Shape::ConsoleCsv, 3)));
        assert_eq!(shape("\u{feff}\"eventtime\",\"eventname\"\n1,2"), Some((Shape::AthenaQuery, 2)));
        assert_eq!(shape("eventID\tuserIdentity"), Some((Shape::LakeQuery, 2)));
        assert_eq!(shape("@timestamp,@message"), Some((Shape::LogsInsights, 2)));
        assert_eq!(shape("Event ID,Event name,Alert"), Some((Shape::Table, 3)));
        assert_eq!(shape("_time,_raw"), Some((Shape::Splunk, 2)));
        assert_eq!(shape("id,name,email"), None);
        assert_eq!(shape("These are notes, and an eventName."), None);
        assert_eq!(shape("message"), None);
    }
}
