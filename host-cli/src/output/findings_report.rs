//! What a report of a scan says: all findings with the first of their events.

use std::time::{SystemTime, UNIX_EPOCH};

use analyzer_core::detect::Finding;
use analyzer_core::event::NO_TIME;
use analyzer_core::export::report::{Noted, Report, ReportedFinding};
use analyzer_core::problem::Totals;
use analyzer_core::session::Session;

/// A report has so many events of a finding.
const EVIDENCE: usize = 20;

/// The report of these findings.
pub fn report(found: &[Finding], sessions: &[Session]) -> Report {
    let mut read = Totals::default();
    sessions.iter().for_each(|session| read.merge(&session.totals()));
    let spans = || sessions.iter().filter_map(Session::extent_ms);
    let (first, last) = (spans().map(|(first, _)| first).min(), spans().map(|(_, last)| last).max());
    let made = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Report {
        made_by: format!("Trailglass {}", env!("CARGO_PKG_VERSION")),
        made_ms: i64::try_from(made.as_millis()).unwrap_or(i64::MAX),
        read,
        span_ms: first.zip(last),
        findings: found.iter().map(|finding| reported(finding, sessions)).collect(),
        events: Vec::new(),
    }
}

fn reported(finding: &Finding, sessions: &[Session]) -> ReportedFinding {
    let first = finding.events.iter().take(EVIDENCE).map(|event| event.event_id.as_str());
    let evidence = first.filter_map(|id| sessions.iter().find_map(|session| session.rows_of([id]).pop())).collect();
    let timed = |ms: i64| (ms != NO_TIME).then_some(ms);
    let detector = [finding.detector.as_str(), " ", finding.detector_version.as_str()].concat();
    ReportedFinding {
        title: finding.title.clone(),
        severity: finding.severity,
        why: finding.why.clone(),
        detector: detector.trim_end().to_owned(),
        tactics: finding.tactics.clone(),
        techniques: finding.techniques.clone(),
        group: finding.group.clone(),
        first_ms: timed(finding.first_ms),
        last_ms: timed(finding.last_ms),
        count: finding.count,
        evidence,
        false_positives: finding.false_positives.clone(),
        id: finding.id.clone(),
        noted: Noted::default(),
        is_elsewhere: false,
    }
}
