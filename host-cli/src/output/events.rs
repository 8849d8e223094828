//! Events on stdout.

use std::io::{self, Write};

use analyzer_core::event::{EventRow, format_time};
use analyzer_core::predicate::{Explanation, Part};
use analyzer_core::view::overview::Overview;
use serde_json::{Value, json};

use super::escape::{escape, escape_json};
use super::table;
use crate::args::Format;

const HEAD: [&str; 7] = ["Time (UTC)", "Event", "Service", "Principal", "Address", "Region", "Error"];

/// Prints rows as they come.
pub struct Printer {
    format: Format,
    query: String,
    overview: Overview,
    /// Rows of a document, which is written in the end.
    events: Vec<Value>,
    /// Whether the table has its head.
    has_head: bool,
}

impl Printer {
    /// Nothing printed yet.
    pub fn new(format: Format, query: String, overview: Overview) -> Printer {
        Printer { format, query, overview, events: Vec::new(), has_head: false }
    }

    /// Prints some rows. A table's columns are as wide as these rows need.
    ///
    /// # Errors
    /// When nothing can be written.
    pub fn rows(&mut self, out: &mut impl Write, rows: &[EventRow]) -> io::Result<()> {
        match self.format {
            Format::Human => {
                let head = (!self.has_head).then(|| HEAD.map(str::to_owned));
                self.has_head = true;
                let cells: Vec<_> = head.into_iter().chain(rows.iter().map(cells)).collect();
                table::lines(&cells, [false; 7]).try_for_each(|line| writeln!(out, "{line}"))
            }
            Format::Jsonl => {
                rows.iter().try_for_each(|row| writeln!(out, "{}", escape_json(&to_json(row).to_string())))
            }
            Format::Json => {
                self.events.extend(rows.iter().map(to_json));
                Ok(())
            }
        }
    }

    /// All rows were printed.
    ///
    /// # Errors
    /// When nothing can be written.
    pub fn end(self, out: &mut impl Write) -> io::Result<()> {
        if self.format != Format::Json {
            return Ok(());
        }
        let document = json!({ "query": self.query, "matching": self.overview.matching, "events": self.events });
        writeln!(out, "{}", escape_json(&format!("{document:#}")))
    }
}

/// Prints a record as it is in its log, on one line; an empty object for one that cannot be read again.
///
/// # Errors
/// When nothing can be written.
pub fn raw(out: &mut impl Write, record: Option<&str>) -> io::Result<()> {
    // Line ends between the parts of a record become blanks: inside of texts JSON has none.
    let line: String = record.unwrap_or("{}").chars().map(|c| if c == '\n' || c == '\r' { ' ' } else { c }).collect();
    writeln!(out, "{}", escape_json(&line))
}

/// Prints which tests decided about an event.
///
/// # Errors
/// When nothing can be written.
pub fn explain(out: &mut impl Write, explanation: &Explanation, format: Format) -> io::Result<()> {
    if format != Format::Human {
        let document = explanation_json(explanation);
        let text = if format == Format::Json { format!("{document:#}") } else { document.to_string() };
        return writeln!(out, "{}", escape_json(&text));
    }
    writeln!(out, "{}", if explanation.holds { "The event matches." } else { "The event does not match." })?;
    for test in explanation.tests() {
        let decided = if test.decided { "decides" } else { "" };
        let holds = if test.holds { "holds" } else { "does not hold" };
        let values = values_of(test);
        let found = if values.is_empty() { "no value".to_owned() } else { shortened(&values.join(", ")) };
        writeln!(out, "  {:<8} {:<14} {}  –  {}", decided, holds, escape(&test.text), escape(&found))?;
    }
    Ok(())
}

/// An explanation for machines.
pub fn explanation_json(explanation: &Explanation) -> Value {
    let test = |test: &&Explanation| json!({ "test": test.text, "holds": test.holds, "decided": test.decided, "values": values_of(test) });
    json!({ "matches": explanation.holds, "tests": explanation.tests().iter().map(test).collect::<Vec<_>>() })
}

fn values_of(test: &Explanation) -> Vec<String> {
    match &test.part {
        Part::Test { values } => values.clone(),
        _ => Vec::new(),
    }
}

/// Characters of a value that are shown.
const SHOWN: usize = 200;

fn shortened(text: &str) -> String {
    if text.chars().count() <= SHOWN { text.to_owned() } else { text.chars().take(SHOWN).chain(['…']).collect() }
}

fn cells(row: &EventRow) -> [String; 7] {
    let or_dash = |text: &Option<String>| text.as_deref().map_or("–".to_owned(), escape);
    [
        row.time_ms.map_or("–".to_owned(), format_time),
        or_dash(&row.event_name),
        or_dash(&row.event_source),
        escape(&row.principal),
        or_dash(&row.source_address),
        or_dash(&row.region),
        row.error_code.as_deref().map_or(String::new(), escape),
    ]
}

fn to_json(row: &EventRow) -> Value {
    json!({
        "eventTime": row.time_ms.map(format_time),
        "eventID": row.event_id,
        "eventName": row.event_name,
        "eventSource": row.event_source,
        "awsRegion": row.region,
        "principal": row.principal,
        "sourceIPAddress": row.source_address,
        "userAgent": row.user_agent,
        "errorCode": row.error_code,
        "account": row.account,
    })
}
