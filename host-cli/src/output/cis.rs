//! What the filters of the CIS AWS Foundations Benchmark match, on stdout.

use std::io::{self, Write};

use analyzer_core::detect::SelectedEvent;
use analyzer_core::detect::cis::Control;
use analyzer_core::detect::metric::principals;
use analyzer_core::event::{NO_TIME, format_time};
use analyzer_core::problem::SourceAccount;
use analyzer_core::view::overview::Overview;
use serde_json::{Value, json};

use super::account::{account_json, totals_json};
use super::escape::{Escaped, escape_json};
use super::{counted, grouped};
use crate::args::Format;

/// How many principals of a control are named.
const NAMED: usize = 5;

/// What a control's filter matches.
pub struct Outcome<'a> {
    /// The control.
    pub control: &'a Control,
    /// The events in time order; nothing where events cannot tell.
    pub events: Option<Vec<SelectedEvent>>,
}

/// All that there is to say.
pub struct Report<'a> {
    /// All events that were looked at.
    pub overview: Overview,
    /// The controls of one version, in their order.
    pub outcomes: &'a [Outcome<'a>],
    /// All sources, by ordinal.
    pub accounts: &'a [&'a SourceAccount],
}

/// Prints what was found for each control.
///
/// # Errors
/// When nothing can be written.
pub fn print(out: &mut impl Write, report: &Report<'_>, format: Format) -> io::Result<()> {
    match format {
        Format::Human => people(out, report),
        Format::Jsonl => report
            .outcomes
            .iter()
            .try_for_each(|outcome| writeln!(out, "{}", escape_json(&outcome_json(outcome).to_string()))),
        Format::Json => {
            let (first, last) = report.overview.span_ms.unzip();
            let troubled = report.accounts.iter().filter(|account| !account.is_clean());
            let document = json!({
                "benchmark": benchmark(report.outcomes),
                "events": report.overview.events,
                "first": first.map(format_time),
                "last": last.map(format_time),
                "controls": report.outcomes.iter().map(outcome_json).collect::<Vec<_>>(),
                "totals": totals_json(report.accounts),
                "problems": troubled.map(|account| account_json(account)).collect::<Vec<_>>(),
            });
            writeln!(out, "{}", escape_json(&format!("{document:#}")))
        }
    }
}

/// `4 of 15 filters match events; 1 control cannot be told from events.`
pub fn tally(outcomes: &[Outcome<'_>]) -> String {
    let told: Vec<&Vec<SelectedEvent>> = outcomes.iter().filter_map(|outcome| outcome.events.as_ref()).collect();
    let matching = told.iter().filter(|events| !events.is_empty()).count();
    let filters = format!("{matching} of {} match events", counted(told.len() as u64, "filter", "filters"));
    match outcomes.len() - told.len() {
        0 => format!("{filters}."),
        untold => format!("{filters}; {} cannot be told from events.", counted(untold as u64, "control", "controls")),
    }
}

fn benchmark<'a>(outcomes: &[Outcome<'a>]) -> &'a str {
    outcomes.first().map_or("", |outcome| outcome.control.benchmark)
}

/// Times of the first and the last event that has one.
fn span(events: &[SelectedEvent]) -> Option<(String, String)> {
    let mut times = events.iter().map(|event| event.key.time_ms).filter(|&ms| ms != NO_TIME);
    let first = times.next()?;
    Some((format_time(first), format_time(times.next_back().unwrap_or(first))))
}

fn outcome_json(outcome: &Outcome<'_>) -> Value {
    let Control { benchmark, id, title, pattern, note } = outcome.control;
    let events = outcome.events.as_deref();
    let (first, last) = events.and_then(span).unzip();
    let who = principals(events.unwrap_or_default());
    let named = who.iter().take(NAMED).map(|(name, count)| json!({ "value": name, "count": count }));
    json!({
        "benchmark": benchmark,
        "control": id,
        "title": title,
        "pattern": pattern,
        "note": note,
        "told": events.is_some(),
        "count": events.map(<[SelectedEvent]>::len),
        "first": first,
        "last": last,
        "principals": named.collect::<Vec<_>>(),
        "morePrincipals": who.len().saturating_sub(NAMED),
    })
}

fn people(out: &mut impl Write, report: &Report<'_>) -> io::Result<()> {
    writeln!(out, "CIS AWS Foundations Benchmark {}", benchmark(report.outcomes))?;
    write!(out, "{}", counted(report.overview.events, "event", "events"))?;
    if let Some((first, last)) = report.overview.span_ms {
        write!(out, ", first {}, last {}", format_time(first), format_time(last))?;
    }
    writeln!(out, "\n")?;
    report.outcomes.iter().try_for_each(|outcome| control(out, outcome))
}

fn control(out: &mut impl Write, outcome: &Outcome<'_>) -> io::Result<()> {
    const BLANKS: &str = "      ";
    let Control { id, title, note, .. } = outcome.control;
    writeln!(out, "{id:<4}  {title}")?;
    let Some(events) = &outcome.events else { return writeln!(out, "{BLANKS}not told by events") };
    if events.is_empty() {
        return writeln!(out, "{BLANKS}no event in this period");
    }
    write!(out, "{BLANKS}{}", counted(events.len() as u64, "event", "events"))?;
    match span(events) {
        Some((first, last)) if first == last => writeln!(out, ", {first}")?,
        Some((first, last)) => writeln!(out, ", {first} – {last}")?,
        None => writeln!(out)?,
    }
    let who = principals(events);
    let named: Vec<String> =
        who.iter().take(NAMED).map(|(name, count)| format!("{} ({})", Escaped(name), grouped(*count))).collect();
    match who.len().saturating_sub(NAMED) {
        0 => writeln!(out, "{BLANKS}{}", named.join(", "))?,
        more => writeln!(out, "{BLANKS}{} and {} more", named.join(", "), grouped(more as u64))?,
    }
    note.iter().try_for_each(|note| writeln!(out, "{BLANKS}note: {note}"))
}
