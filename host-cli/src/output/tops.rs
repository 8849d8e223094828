//! The most frequent values of fields, on stdout.

use std::io::{self, Write};

use analyzer_core::event::format_time;
use analyzer_core::field::Field;
use analyzer_core::session::{Among, Session};
use analyzer_core::view::overview::Overview;
use analyzer_core::view::top::Merged;
use serde_json::{Map, Value, json};

use super::escape::{escape, escape_json};
use super::{counted, grouped, table};
use crate::args::Format;
use crate::scan::ask;

/// A field with its values.
pub struct FieldTop {
    field: &'static Field,
    top: Merged,
    distinct: u64,
}

/// Asks for the values of these columns.
pub fn of(sessions: &mut [Session], fields: &[&'static Field], limit: usize) -> Vec<FieldTop> {
    let tops = ask::tops(sessions, &Among::Matching, fields, limit);
    let whole = |(field, top): (&&'static Field, Merged)| {
        let distinct = top.distinct.unwrap_or_else(|| ask::distinct(sessions, field));
        FieldTop { field, top, distinct }
    };
    fields.iter().zip(tops).map(whole).collect()
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
    let fields: Map<String, Value> = tops.iter().map(|top| (top.field.name.to_owned(), to_json(top))).collect();
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

fn people(out: &mut impl Write, FieldTop { field, top, distinct }: &FieldTop) -> io::Result<()> {
    let missing = match top.missing {
        0 => String::new(),
        missing => format!(", {} without", counted(missing, "event", "events")),
    };
    writeln!(out, "\n{}: {}{missing}", field.name, counted(*distinct, "value", "values"))?;
    let rows: Vec<_> = top.values.iter().map(|(value, n)| [format!("  {}", grouped(*n)), escape(value)]).collect();
    table::lines(&rows, [true, false]).try_for_each(|line| writeln!(out, "{line}"))
}
