//! Rows of events in the forms that people and programs read.

use super::cells::Cell;
use super::{csv, escape, markdown};
use crate::field::FieldRef;
use serde_json::{Map, Value};
use std::fmt::{self, Write};

/// The form of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableForm {
    /// CSV, with a head.
    Csv,
    /// A JSON object on each line.
    Jsonl,
    /// A table of GitHub's Markdown.
    Markdown,
    /// CSV as Timesketch imports it: it needs `message`, `datetime` and `timestamp_desc`. Facts: Timesketch user guide,
    /// "Create timeline from JSON/JSONL/CSV file".
    Timesketch,
}

/// What a message of Timesketch is made of, and its time.
const MESSAGE: [&str; 6] = ["eventTime", "eventName", "eventSource", "principal", "sourceIPAddress", "errorCode"];

/// What Timesketch is told about the time of each row.
const TIME_IS: &str = "Event Logged";

/// Values of one cell stand so apart, where a cell is one text.
const BETWEEN: &str = "; ";

/// A table that is being written.
#[derive(Clone, Debug)]
pub struct Table {
    form: TableForm,
    fields: Vec<FieldRef>,
    /// How many fields stand before those that were chosen.
    own: usize,
}

impl Table {
    /// A table of these fields.
    pub fn new(form: TableForm, chosen: &[FieldRef]) -> Table {
        let own = if form == TableForm::Timesketch { &MESSAGE[..] } else { &[] };
        let fields = own.iter().map(|name| FieldRef::parse(name)).chain(chosen.iter().cloned());
        Table { form, fields: fields.collect(), own: own.len() }
    }

    /// The fields of whose values a row has cells, in their order.
    pub fn fields(&self) -> &[FieldRef] {
        &self.fields
    }

    /// Writes what stands before the first row.
    ///
    /// # Errors
    /// Those of the sink.
    pub fn head(&self, out: &mut impl Write) -> fmt::Result {
        let chosen: Vec<String> = self.fields.iter().skip(self.own).map(FieldRef::name).collect();
        match self.form {
            TableForm::Csv => csv::line(out, chosen.iter().map(String::as_str)),
            TableForm::Jsonl => Ok(()),
            TableForm::Markdown => {
                markdown::cells(out, chosen.iter().map(String::as_str))?;
                markdown::rule(out, chosen.len())
            }
            TableForm::Timesketch => {
                // A dot would make an object of the field, beside others that are texts.
                let chosen: Vec<String> = chosen.iter().map(|name| name.replace('.', "_")).collect();
                let needed = ["message", "datetime", "timestamp_desc"];
                csv::line(out, needed.into_iter().chain(chosen.iter().map(String::as_str)))
            }
        }
    }

    /// Writes a row. Says whether it could: Timesketch takes no event without a time.
    ///
    /// # Errors
    /// Those of the sink.
    pub fn row(&self, out: &mut impl Write, cells: &[Cell]) -> Result<bool, fmt::Error> {
        let (own, chosen) = cells.split_at(self.own.min(cells.len()));
        if self.form == TableForm::Jsonl {
            let members = self.fields.iter().zip(chosen).map(|(field, cell)| (field.name(), json(cell)));
            escape::json_line(out, &Value::Object(members.collect::<Map<_, _>>()).to_string())?;
            return out.write_char('\n').map(|()| true);
        }
        let texts: Vec<String> = chosen.iter().map(|cell| cell.join(BETWEEN)).collect();
        let texts = texts.iter().map(String::as_str);
        match self.form {
            TableForm::Timesketch => {
                let Some(time) = own.first().and_then(|cell| cell.first()) else { return Ok(false) };
                let message = message(own);
                csv::line(out, [message.as_str(), time, TIME_IS].into_iter().chain(texts))?;
            }
            TableForm::Markdown => markdown::cells(out, texts)?,
            TableForm::Csv | TableForm::Jsonl => csv::line(out, texts)?,
        }
        Ok(true)
    }
}

/// `DeleteTrail of cloudtrail.amazonaws.com by alice from 192.0.2.1: AccessDenied`.
fn message(own: &[Cell]) -> String {
    let words = [(1, ""), (2, " of "), (3, " by "), (4, " from "), (5, ": ")];
    let parts = words.into_iter().filter_map(|(place, word)| Some([word, own.get(place)?.first()?].concat()));
    parts.collect::<String>().trim_start().to_owned()
}

fn json(cell: &Cell) -> Value {
    match cell.as_slice() {
        [] => Value::Null,
        [one] => Value::String(one.clone()),
        all => Value::from(all),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(form: TableForm, expected: &str) {
        let fields = ["eventName", "resources.ARN", "userIdentity.userName"].map(FieldRef::parse);
        let table = Table::new(form, &fields);
        let mut out = String::new();
        table.head(&mut out).unwrap();
        let event = ["2024-05-06T10:00:00Z", "Get", "s3.amazonaws.com", "alice", "192.0.2.1", "Denied"];
        let event: Vec<Cell> = event.map(|text| vec![text.to_owned()]).to_vec();
        let own = if form == TableForm::Timesketch { event } else { Vec::new() };
        let chosen = [vec!["=Get".to_owned()], vec!["a".to_owned(), "b|\u{1b}".to_owned()], Vec::new()];
        let mut cells: Vec<Cell> = own.into_iter().chain(chosen).collect();
        assert!(table.row(&mut out, &cells).unwrap());
        if form == TableForm::Timesketch {
            cells[0].clear();
            assert!(!table.row(&mut out, &cells).unwrap());
        }
        assert_eq!(out, expected);
    }

    #[test]
    fn forms() {
        check(TableForm::Csv, "eventName,resources.ARN,userIdentity.userName\r\n\"'=Get\",\"a; b|\\u{1b}\",\r\n");
        check(
            TableForm::Jsonl,
            "{\"eventName\":\"=Get\",\"resources.ARN\":[\"a\",\"b|\\u001b\"],\"userIdentity.userName\":null}\n",
        );
        check(
            TableForm::Markdown,
            "| eventName | resources.ARN | userIdentity.userName |\n|---|---|---|\n| =Get | a; b\\|\\\\u{1b} |  |\n",
        );
        check(
            TableForm::Timesketch,
            "message,datetime,timestamp_desc,eventName,resources_ARN,userIdentity_userName\r\n\
             \"Get of s3.amazonaws.com by alice from 192.0.2.1: Denied\",2024-05-06T10:00:00Z,\"Event Logged\",\"'=Get\",\
             \"a; b|\\u{1b}\",\r\n",
        );
    }
}
