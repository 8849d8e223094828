//! A report of what somebody thought worth keeping: findings and events with their notes, and what was read.
//!
//! What a report says is decided once, as [`Block`]s; `markdown` and `html` only write them.

mod html;
mod markdown;

pub use html::html;
pub use markdown::markdown;

use crate::detect::Severity;
use crate::detect::techniques::{tactic_name, technique};
use crate::event::{EventRow, format_time};
use crate::problem::Totals;

/// What a report is made of. All texts but `made_by` are untrusted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The program and its version.
    pub made_by: String,
    /// When it is made, in milliseconds since 1970.
    pub made_ms: i64,
    /// What was read.
    pub read: Totals,
    /// Time of the first and of the last event that was read, in milliseconds since 1970.
    pub span_ms: Option<(i64, i64)>,
    /// Findings, in their order.
    pub findings: Vec<ReportedFinding>,
    /// Events, in their order.
    pub events: Vec<ReportedEvent>,
}

/// A finding with what was noted about it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReportedFinding {
    /// The headline.
    pub title: String,
    /// How bad it is.
    pub severity: Severity,
    /// Why the detector fired.
    pub why: String,
    /// Id and version of the detector, and where it comes from.
    pub detector: String,
    /// ATT&CK tactic ids.
    pub tactics: Vec<String>,
    /// ATT&CK technique ids.
    pub techniques: Vec<String>,
    /// What its events have in common: fields and values.
    pub group: Vec<(String, Option<String>)>,
    /// Time of the first event, in milliseconds since 1970.
    pub first_ms: Option<i64>,
    /// Time of the last event.
    pub last_ms: Option<i64>,
    /// How many events are evidence.
    pub count: u64,
    /// The first of them.
    pub evidence: Vec<EventRow>,
    /// What else could explain it.
    pub false_positives: Vec<String>,
    /// Its id.
    pub id: String,
    /// What was noted.
    pub noted: Noted,
    /// Its events are not among those that were read: all that is known of it is what was kept with the notes.
    pub is_elsewhere: bool,
}

/// An event with what was noted about it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReportedEvent {
    /// The event.
    pub row: EventRow,
    /// What was noted.
    pub noted: Noted,
}

/// What somebody wrote about a finding or an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Noted {
    /// Words to find it again.
    pub tags: Vec<String>,
    /// Text of any length, with line ends.
    pub note: String,
}

/// A part of the text.
enum Block {
    /// A heading of a level from 1 on.
    Heading(u8, String),
    /// The heading of a finding: what it is about, and how bad that is.
    Finding(Severity, String),
    /// A paragraph.
    Text(String),
    /// Names and values.
    Facts(Vec<(String, String)>),
    /// A table with a head.
    Table(&'static [&'static str], Vec<Vec<String>>),
    /// A list below its heading.
    List(&'static str, Vec<String>),
    /// What somebody wrote, line by line.
    Note(String),
}

const COLUMNS: &[&str] = &["Time", "Event", "Service", "Who", "From", "Region", "Error", "Event id"];

fn blocks(report: &Report) -> Vec<Block> {
    let mut blocks = vec![
        Block::Heading(1, "CloudTrail report".to_owned()),
        Block::Text(format!("Made {} by {}.", format_time(report.made_ms), report.made_by)),
        Block::Heading(2, "What was read".to_owned()),
        Block::Facts(read(report)),
    ];
    if !report.findings.is_empty() {
        blocks.push(Block::Heading(2, "Findings".to_owned()));
        report.findings.iter().for_each(|finding| add_finding(&mut blocks, finding));
    }
    if !report.events.is_empty() {
        blocks.push(Block::Heading(2, "Events".to_owned()));
        blocks.push(Block::Table(COLUMNS, report.events.iter().map(|event| cells(&event.row)).collect()));
        for event in report.events.iter().filter(|event| event.noted != Noted::default()) {
            let name = event.row.event_name.as_deref().unwrap_or("Event");
            blocks.push(Block::Heading(3, format!("{name}, {}", time(event.row.time_ms))));
            blocks.push(Block::Text(summary(&event.row)));
            add_noted(&mut blocks, &event.noted);
        }
    }
    blocks
}

fn read(report: &Report) -> Vec<(String, String)> {
    let Totals { sources, sources_with_problems, seen, kept, duplicate, rejected, .. } = report.read;
    let span = report.span_ms.map_or_else(
        || "no event has a time".to_owned(),
        |(first, last)| format!("{} – {}", format_time(first), format_time(last)),
    );
    let fact = |name: &str, value: String| (name.to_owned(), value);
    vec![
        fact("Files", format!("{sources}, {sources_with_problems} with problems")),
        fact("Records", format!("{seen} = {kept} events + {duplicate} duplicates + {rejected} rejected")),
        fact("Events", span),
    ]
}

fn add_finding(blocks: &mut Vec<Block>, finding: &ReportedFinding) {
    blocks.push(Block::Finding(finding.severity, finding.title.clone()));
    if finding.is_elsewhere {
        blocks.push(Block::Text("Its events are not among those that were read.".to_owned()));
    } else {
        blocks.push(Block::Text(finding.why.clone()));
    }
    add_noted(blocks, &finding.noted);
    let attack = |id: &String, name: Option<String>| name.map_or_else(|| id.clone(), |name| format!("{id} {name}"));
    let tactics = finding.tactics.iter().map(|id| attack(id, tactic_name(id)));
    let techniques = finding.techniques.iter().map(|id| attack(id, technique(id).map(|it| it.name.to_owned())));
    let attack: Vec<String> = tactics.chain(techniques).collect();
    let mut facts = vec![
        ("First event".to_owned(), time(finding.first_ms)),
        ("Last event".to_owned(), time(finding.last_ms)),
        ("Events".to_owned(), finding.count.to_string()),
    ];
    let group =
        finding.group.iter().map(|(name, value)| (name.clone(), value.clone().unwrap_or_else(|| "–".to_owned())));
    facts.extend(group);
    facts.push(("Detector".to_owned(), finding.detector.clone()));
    if !attack.is_empty() {
        facts.push(("ATT&CK".to_owned(), attack.join("; ")));
    }
    facts.push(("Finding id".to_owned(), finding.id.clone()));
    blocks.push(Block::Facts(facts));
    if !finding.evidence.is_empty() {
        blocks.push(Block::Table(COLUMNS, finding.evidence.iter().map(cells).collect()));
    }
    let shown = finding.evidence.len() as u64;
    if shown > 0 && shown < finding.count {
        blocks.push(Block::Text(format!("{shown} of {} events, the first ones.", finding.count)));
    }
    if !finding.false_positives.is_empty() {
        blocks.push(Block::List("What else could explain it", finding.false_positives.clone()));
    }
}

fn add_noted(blocks: &mut Vec<Block>, noted: &Noted) {
    if !noted.tags.is_empty() {
        blocks.push(Block::Facts(vec![("Tags".to_owned(), noted.tags.join(", "))]));
    }
    if !noted.note.trim().is_empty() {
        blocks.push(Block::Note(noted.note.clone()));
    }
}

/// `GetObject of s3.amazonaws.com by alice from 192.0.2.1: AccessDenied`.
fn summary(row: &EventRow) -> String {
    let mut text = row.event_name.clone().unwrap_or_else(|| "An event".to_owned());
    let principal = Some(&row.principal).filter(|who| !who.is_empty());
    for (word, part) in [
        (" of ", row.event_source.as_ref()),
        (" by ", principal),
        (" from ", row.source_address.as_ref()),
        (": ", row.error_code.as_ref()),
    ] {
        if let Some(part) = part {
            text.push_str(word);
            text.push_str(part);
        }
    }
    text
}

fn cells(row: &EventRow) -> Vec<String> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    vec![
        time(row.time_ms),
        text(&row.event_name),
        text(&row.event_source),
        row.principal.clone(),
        text(&row.source_address),
        text(&row.region),
        text(&row.error_code),
        row.event_id.clone(),
    ]
}

fn time(ms: Option<i64>) -> String {
    ms.map_or_else(|| "no time".to_owned(), format_time)
}

#[cfg(test)]
mod tests;
