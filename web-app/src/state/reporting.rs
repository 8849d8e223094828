//! A report of what the user marked: put together from marks, findings and events, written by the core, saved by the browser.

use super::findings::severity_of;
use super::marks::file_time;
use super::{App, Session};
use crate::client::Evidence;
use crate::kit::words::tr_with;
use crate::platform::download::{Kind, save};
use crate::platform::page;
use crate::protocol::{EventMark, Finding, FindingMark, Mark, RuleCard};
use analyzer_core::detect::Severity;
use analyzer_core::event::EventRow;
use analyzer_core::export::report::{Noted, Report, ReportedEvent, ReportedFinding, html, markdown};
use analyzer_core::order;
use analyzer_core::problem::Totals;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A report has so many events of a finding.
const EVIDENCE: usize = 20;

/// What a report is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Markdown,
    Html,
}

/// Where a detector comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The plugin of the user with this name, in this file.
    Plugin(String, String),
    /// A rule.
    Rule(RuleCard),
    /// Nothing is known of it.
    Unknown,
}

impl App {
    /// Where a finding's detector comes from, and what it says of itself.
    pub async fn origin(&self, detector: &str) -> Origin {
        let plugin = self.plugins.with_untracked(|plugins| {
            let mut cards = plugins.iter().filter_map(|plugin| Some((plugin.card.as_ref()?, &plugin.path)));
            let (card, path) = cards.find(|(card, _)| card.profile.id == detector)?;
            Some(Origin::Plugin(card.profile.name.clone(), path.clone()))
        });
        if let Some(plugin) = plugin {
            return plugin;
        }
        let Some(session) = self.session() else { return Origin::Unknown };
        match session.client.rule(detector).await.flatten() {
            Some(card) => Origin::Rule(card),
            None => Origin::Unknown,
        }
    }

    /// The first of a finding's events, as rows; nothing if something newer was asked.
    pub async fn evidence(&self, finding: &Finding, most: usize) -> Option<Vec<EventRow>> {
        let session = self.session()?;
        session.client.rows_of(Evidence::Shown, first_ids(finding, most)).await
    }

    /// Puts a report of all marks together, and lets the browser save it.
    pub(super) fn save_report(&self, form: Form) {
        let (app, Some(session)) = (*self, self.session()) else { return };
        spawn_local(async move {
            let report = app.report(&session).await;
            let (kind, ending, text) = match form {
                Form::Markdown => (Kind::Markdown, "md", markdown(&report)),
                Form::Html => (Kind::Html, "html", html(&report)),
            };
            let name = format!("report-{}.{ending}", file_time(report.made_ms));
            if let Err(why) = save(&name, kind, &text) {
                app.complain(tr_with("The browser did not save the report: {}", &[&why]));
            }
        });
    }

    async fn report(&self, session: &Session) -> Report {
        let case = self.marks.case.get_untracked();
        let marked: Vec<(&String, &FindingMark)> =
            case.findings.iter().filter(|(_, mark)| !mark.mark.is_empty()).collect();
        // In the order of the findings; behind them those that are not here.
        let known: Vec<String> =
            self.findings.with_untracked(|all| all.iter().map(|finding| finding.id.clone()).collect());
        let place = |id: &String| known.iter().position(|known| known == id).unwrap_or(usize::MAX);
        let mut marked: Vec<_> = marked.into_iter().map(|(id, mark)| (place(id), id, mark)).collect();
        order::sort_by_key(&mut marked, |&(place, ..)| place);
        let mut findings = Vec::with_capacity(marked.len());
        for (_, id, mark) in marked {
            findings.push(match self.finding(id) {
                Some(finding) => self.reported(session, &finding, &mark.mark).await,
                None => elsewhere(id, mark),
            });
        }
        let mut events: Vec<(&String, &EventMark)> = case.events.iter().collect();
        order::sort_by_key(&mut events, |(_, mark)| mark.time_ms);
        let events = events.into_iter().map(|(id, mark)| ReportedEvent { row: mark.row(id), noted: noted(&mark.mark) });
        let t = self.totals.get_untracked();
        Report {
            made_by: format!("Trailglass {}", env!("CARGO_PKG_VERSION")),
            made_ms: page::date_ms(),
            read: Totals {
                sources: t.sources,
                sources_with_problems: t.sources_with_problems,
                bytes_read: t.bytes_read,
                bytes_inflated: t.bytes_inflated,
                seen: t.seen,
                kept: t.kept,
                duplicate: t.duplicate,
                rejected: t.rejected,
            },
            span_ms: self.span.get_untracked(),
            findings,
            events: events.collect(),
        }
    }

    async fn reported(&self, session: &Session, finding: &Finding, mark: &Mark) -> ReportedFinding {
        let evidence = session.client.rows_of(Evidence::Reported, first_ids(finding, EVIDENCE)).await;
        let origin = match self.origin(&finding.detector).await {
            Origin::Plugin(_, path) => format!("plugin {path}"),
            Origin::Rule(RuleCard { place: Some(place), .. }) => format!("own rule {place}"),
            Origin::Rule(_) => "bundled rule".to_owned(),
            Origin::Unknown => "unknown origin".to_owned(),
        };
        let version = [" ", finding.version.as_str()].concat();
        ReportedFinding {
            title: finding.title.clone(),
            severity: severity_of(finding),
            why: finding.why.clone(),
            detector: format!("{}{}, {origin}", finding.detector, version.trim_end()),
            tactics: finding.tactics.clone(),
            techniques: finding.techniques.clone(),
            group: finding.group.clone(),
            first_ms: finding.first_ms,
            last_ms: finding.last_ms,
            count: finding.count,
            evidence: evidence.unwrap_or_default(),
            false_positives: finding.false_positives.clone(),
            id: finding.id.clone(),
            noted: noted(mark),
            is_elsewhere: false,
        }
    }
}

/// A finding of which only its mark is here.
fn elsewhere(id: &str, mark: &FindingMark) -> ReportedFinding {
    ReportedFinding {
        title: mark.title.clone(),
        severity: Severity::from_name(&mark.severity).unwrap_or_default(),
        detector: mark.detector.clone(),
        group: mark.group.clone(),
        first_ms: mark.first_ms,
        last_ms: mark.last_ms,
        count: mark.count,
        id: id.to_owned(),
        noted: noted(&mark.mark),
        is_elsewhere: true,
        ..ReportedFinding::default()
    }
}

fn noted(mark: &Mark) -> Noted {
    Noted { tags: mark.tags.clone(), note: mark.note.clone() }
}

fn first_ids(finding: &Finding, most: usize) -> Vec<String> {
    let mut ids = finding.event_ids.texts().unwrap_or_default();
    ids.truncate(most);
    ids
}
