//! Findings, events and records in forms that other programs read. Log content stays data in each of them. `README.md` in
//! this folder says what belongs here.

pub mod cells;
mod csv;
pub mod escape;
pub mod lookup;
mod markdown;
pub mod pieces;
pub mod records;
pub mod report;
pub mod table;
pub mod tsv;

use crate::detect::{EventRef, Finding};
use crate::event::{NO_TIME, format_time};
use serde_json::{Value, json};

/// A finding as one JSON object. `source_name` names the source, or the member of it, with this
/// ordinal and member number.
pub fn finding_json(finding: &Finding, source_name: &dyn Fn(u32, u32) -> String) -> Value {
    let event = |event: &EventRef| {
        json!({
            "eventID": event.event_id,
            "eventTime": time(event.time_ms),
            "source": source_name(event.location.source, event.location.member),
            "offset": event.location.offset,
            "length": event.location.length,
        })
    };
    let group: serde_json::Map<String, Value> =
        finding.group.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    json!({
        "id": finding.id,
        "detector": finding.detector,
        "detectorVersion": finding.detector_version,
        "title": finding.title,
        "severity": finding.severity.name(),
        "tactics": finding.tactics,
        "techniques": finding.techniques,
        "why": finding.why,
        "group": group,
        "first": time(finding.first_ms),
        "last": time(finding.last_ms),
        "count": finding.count,
        "falsePositives": finding.false_positives,
        "events": finding.events.iter().map(event).collect::<Vec<_>>(),
    })
}

fn time(ms: i64) -> Value {
    if ms == NO_TIME { Value::Null } else { Value::String(format_time(ms)) }
}
