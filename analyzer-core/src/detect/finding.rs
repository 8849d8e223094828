//! The one type of a finding: everything that shows or exports findings reads it.

use super::{Detector, Group, Hit, Severity};
use crate::event::Location;
use crate::order;
use sha2::{Digest as _, Sha256};

/// What a detector found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Stable: 32 hexadecimal digits of a hash of the detector and its evidence. The same logs give the same id.
    pub id: String,
    /// Id of the detector.
    pub detector: String,
    /// Version of the detector.
    pub detector_version: String,
    /// What happened, as a headline.
    pub title: String,
    /// How bad it is.
    pub severity: Severity,
    /// ATT&CK tactic ids, such as TA0001.
    pub tactics: Vec<String>,
    /// ATT&CK technique ids, such as T1078.004.
    pub techniques: Vec<String>,
    /// Why the detector fired, in one sentence. May hold text from the logs.
    pub why: String,
    /// The values that the events have in common: name of the field and value, in the detector's order.
    pub group: Vec<(String, Option<String>)>,
    /// Time of the first event, in milliseconds since 1970, or [`crate::event::NO_TIME`].
    pub first_ms: i64,
    /// Time of the last event.
    pub last_ms: i64,
    /// How many events are evidence: the length of `events`.
    pub count: u64,
    /// The evidence in time order.
    pub events: Vec<EventRef>,
    /// What else could explain it.
    pub false_positives: Vec<String>,
}

/// A reference to one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRef {
    /// The `eventID`, or the id made for it.
    pub event_id: String,
    /// Milliseconds since 1970, or [`crate::event::NO_TIME`].
    pub time_ms: i64,
    /// Where its raw record is.
    pub location: Location,
}

/// Makes the finding of a hit. Rows that the group does not have are ignored; a hit without any is no finding.
pub fn finding(detector: &Detector, group: &Group, hit: &Hit) -> Option<Finding> {
    let mut rows: Vec<usize> = hit.rows.iter().copied().filter(|&row| row < group.events.len()).collect();
    rows.sort_unstable();
    rows.dedup();
    let events: Vec<EventRef> = rows
        .iter()
        .map(|&row| {
            let event = &group.events[row];
            EventRef { event_id: event.event_id.clone(), time_ms: event.key.time_ms, location: event.location }
        })
        .collect();
    let (first, last) = (events.first()?, events.last()?);
    Some(Finding {
        id: finding_id(detector, group, hit, &events),
        detector: detector.id.clone(),
        detector_version: detector.version.clone(),
        title: hit.title.clone().unwrap_or_else(|| detector.title.clone()),
        severity: hit.severity.unwrap_or(detector.severity),
        tactics: detector.tactics.clone(),
        techniques: detector.techniques.clone(),
        why: hit.why.clone(),
        group: group.named_key(detector),
        first_ms: first.time_ms,
        last_ms: last.time_ms,
        count: events.len() as u64,
        events,
        false_positives: detector.false_positives.clone(),
    })
}

/// Worst first, then by time, then by id: the order in which findings are shown and exported.
pub fn sort(findings: &mut [Finding]) {
    order::sort_by(findings, |a, b| {
        b.severity.cmp(&a.severity).then(a.first_ms.cmp(&b.first_ms)).then_with(|| a.id.cmp(&b.id))
    });
}

fn finding_id(detector: &Detector, group: &Group, hit: &Hit, events: &[EventRef]) -> String {
    let mut hash = Sha256::new();
    // Every part is preceded by its length, so that no two different findings write the same bytes.
    let mut part = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    part(detector.id.as_bytes());
    part(hit.title.as_deref().unwrap_or("").as_bytes());
    for value in &group.key {
        part(&[u8::from(value.is_some())]);
        part(value.as_deref().unwrap_or("").as_bytes());
    }
    for event in events {
        part(event.event_id.as_bytes());
    }
    hash.finalize()[..16].iter().map(|b| format!("{b:02x}")).collect()
}
