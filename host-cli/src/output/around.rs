//! What happened around an event, on stdout.

use std::io::{self, Write};

use analyzer_core::field::{Field, portrait};
use analyzer_core::predicate::Predicate;
use analyzer_core::session::{Among, Session};
use analyzer_core::view::overview::Overview;
use analyzer_core::view::share::{Share, lift, unusual};
use analyzer_core::view::subject::Subject;
use serde_json::{Map, Value, json};

use super::escape::{escape, escape_json};
use super::{counted, grouped, table};
use crate::args::Format;
use crate::scan::ask;

/// Values of a field that are compared: what comes less often than so many others in a few minutes is not looked at.
const COMPARED: usize = 1_000;

/// What happened around an event.
pub struct Around {
    /// The query that finds it.
    pub query: String,
    /// How much.
    pub overview: Overview,
    /// Who and what the event is about, and how much of it is about them.
    pub linked: Vec<Linked>,
    /// What sets it apart.
    pub fields: Vec<Compared>,
}

/// Somebody or something that the event names.
pub struct Linked {
    /// Who or what.
    pub subject: Subject,
    /// How many of the events around it name them, too; not known if only records hold that.
    pub events: Option<u64>,
}

/// Values of a field that are more frequent in these events than in all, the most surprising first.
pub struct Compared {
    field: &'static Field,
    values: Vec<(String, Share, Option<f64>)>,
}

/// Compares these events with all.
pub fn compare(sessions: &mut [Session], among: &Among, overview: &Overview, limit: usize) -> Vec<Compared> {
    let fields = portrait();
    let tops = ask::tops(sessions, among, &fields, COMPARED);
    let names = |values: Vec<(String, u64)>| values.into_iter().unzip();
    let (values, counts): (Vec<Vec<String>>, Vec<Vec<u64>>) = tops.into_iter().map(|top| names(top.values)).unzip();
    let in_all = ask::count_values(sessions, &Among::These(Predicate::Everything), &fields, &values);
    let shares = counts.into_iter().zip(in_all).map(|(counts, others)| {
        counts.into_iter().zip(others).map(|(count, among_others)| Share { count, among_others }).collect::<Vec<_>>()
    });
    let (events, all) = (overview.matching, overview.events);
    let compared = fields.into_iter().zip(values).zip(shares).map(|((field, values), shares)| {
        let mut values = unusual(values.into_iter().zip(shares), events, all);
        values.truncate(limit);
        let values = values.into_iter().map(|(value, share)| (value, share, lift(share, events, all)));
        Compared { field, values: values.collect() }
    });
    compared.collect()
}

/// Prints it.
///
/// # Errors
/// When nothing can be written.
pub fn print(out: &mut impl Write, around: &Around, format: Format) -> io::Result<()> {
    if format != Format::Human {
        let document = to_json(around);
        let text = if format == Format::Json { format!("{document:#}") } else { document.to_string() };
        return writeln!(out, "{}", escape_json(&text));
    }
    let Around { query, overview, linked, fields } = around;
    let errors = counted(overview.errors, "error", "errors");
    writeln!(out, "{query}\n{}, {errors}", counted(overview.matching, "event", "events"))?;
    writeln!(out, "\nThe event names:")?;
    let link = |Linked { subject, events }: &Linked| {
        [
            events.map_or("–".to_owned(), grouped),
            subject.kind.to_owned(),
            escape(&subject.value),
            escape(&subject.query),
        ]
    };
    let rows: Vec<_> = linked.iter().map(link).collect();
    table::lines(&rows, [true, false, false, false]).try_for_each(|line| writeln!(out, "  {line}"))?;
    for Compared { field, values } in fields.iter().filter(|compared| !compared.values.is_empty()) {
        writeln!(out, "\n{}: more frequent than in all events", field.name)?;
        let row = |(value, share, lift): &(String, Share, Option<f64>)| {
            let times = match lift {
                Some(lift) if !share.is_only_here() => format!("×{lift:.1}"),
                _ => "only here".to_owned(),
            };
            [grouped(share.count), times, escape(value)]
        };
        let rows: Vec<_> = values.iter().map(row).collect();
        table::lines(&rows, [true, true, false]).try_for_each(|line| writeln!(out, "  {line}"))?;
    }
    Ok(())
}

fn to_json(Around { query, overview, linked, fields }: &Around) -> Value {
    let link = |Linked { subject, events }: &Linked| json!({ "kind": subject.kind, "value": subject.value, "query": subject.query, "events": events });
    let value = |(value, share, lift): &(String, Share, Option<f64>)| json!({ "value": value, "count": share.count, "inAll": share.among_others, "lift": lift });
    let fields: Map<String, Value> = fields
        .iter()
        .map(|compared| (compared.field.name.to_owned(), compared.values.iter().map(value).collect()))
        .collect();
    json!({
        "query": query,
        "events": overview.matching,
        "errors": overview.errors,
        "linked": linked.iter().map(link).collect::<Vec<_>>(),
        "fields": fields,
    })
}
