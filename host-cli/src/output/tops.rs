//! The most frequent values of fields, on stdout.

use std::io::{self, Write};

use analyzer_core::event::format_time;
use analyzer_core::field::{Field, FieldRef};
use analyzer_core::session::{Among, Session};
use analyzer_core::view::overview::Overview;
use analyzer_core::view::tally::MOST_VALUES;
use analyzer_core::view::top::Merged;
use serde_json::{Map, Value, json};

use super::escape::{escape, escape_json};
use super::{counted, grouped, table};
use crate::args::Format;
use crate::scan::walk::FileEntry;
use crate::scan::{ask, shards};

/// A field with its values.
pub struct FieldTop {
    name: String,
    top: Merged,
    /// How many different ones there are; not known of too many that only records hold.
    distinct: Option<u64>,
}

/// Asks for the values of these fields. For those that only records hold, files are read again.
pub fn of(sessions: &mut [Session], files: &[FileEntry], fields: &[FieldRef], limit: usize) -> Vec<FieldTop> {
    let columns: Vec<&'static Field> = fields.iter().filter_map(column).collect();
    let others: Vec<FieldRef> = fields.iter().filter(|field| column(field).is_none()).cloned().collect();
    let of_columns = ask::tops(sessions, &Among::Matching, &columns, limit);
    let of_others = if others.is_empty() { Vec::new() } else { shards::tally(sessions, files, &others).firsts(limit) };
    let (mut of_columns, mut of_others) = (of_columns.into_iter(), of_others.into_iter());
    let whole = |field: &FieldRef| {
        let (top, distinct) = match column(field) {
            None => {
                let top = of_others.next()?;
                let distinct = top.distinct;
                (top, distinct)
            }
            Some(column) => {
                let top = of_columns.next()?;
                let distinct = top.distinct.unwrap_or_else(|| ask::distinct(sessions, column));
                (top, Some(distinct))
            }
        };
        Some(FieldTop { name: field.name(), top, distinct })
    };
    fields.iter().filter_map(whole).collect()
}

impl FieldTop {
    /// How many of these events were not looked at, because their files could not be read again.
    pub fn unread(&self, matching: u64) -> u64 {
        matching - (self.top.present + self.top.missing).min(matching)
    }
}

fn column(field: &FieldRef) -> Option<&'static Field> {
    match field {
        FieldRef::Standard(field) if field.is_counted() => Some(field),
        _ => None,
    }
}

/// Prints them, behind how many events there are and over which time.
///
/// # Errors
/// When nothing can be written.
pub fn print(out: &mut impl Write, overview: &Overview, tops: &[FieldTop], format: Format) -> io::Result<()> {
    let time = |ms: Option<i64>| ms.map(format_time);
    let (first, last) = overview.span_ms.unzip();
    if format == Format::Human {
        let events = counted(overview.matching, "event", "events");
        writeln!(out, "{events}, {}", counted(overview.errors, "error", "errors"))?;
        if let (Some(first), Some(last)) = (time(first), time(last)) {
            writeln!(out, "first {first}, last {last}")?;
        }
        return tops.iter().try_for_each(|top| people(out, top));
    }
    let fields: Map<String, Value> = tops.iter().map(|top| (top.name.clone(), to_json(top))).collect();
    let document = json!({ "matching": overview.matching, "errors": overview.errors, "first": time(first), "last": time(last), "fields": fields });
    let text = if format == Format::Json { format!("{document:#}") } else { document.to_string() };
    writeln!(out, "{}", escape_json(&text))
}

fn to_json(FieldTop { top, distinct, .. }: &FieldTop) -> Value {
    let value = |(value, count): &(String, u64)| json!({ "value": value, "count": count });
    json!({
        "distinct": distinct,
        "present": top.present,
        "missing": top.missing,
        "values": top.values.iter().map(value).collect::<Vec<_>>(),
    })
}

fn people(out: &mut impl Write, FieldTop { name, top, distinct }: &FieldTop) -> io::Result<()> {
    let missing = match top.missing {
        0 => String::new(),
        missing => format!(", {} without", counted(missing, "event", "events")),
    };
    let distinct = match distinct {
        Some(distinct) => counted(*distinct, "value", "values"),
        None => format!("more than {} values, the first ones counted", grouped(MOST_VALUES as u64)),
    };
    writeln!(out, "\n{}: {distinct}{missing}", escape(name))?;
    let rows: Vec<_> = top.values.iter().map(|(value, n)| [format!("  {}", grouped(*n)), escape(value)]).collect();
    table::lines(&rows, [true, false]).try_for_each(|line| writeln!(out, "{line}"))
}
