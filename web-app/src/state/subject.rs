//! The page of somebody or something: which one is open, the way that led there, and what is known. All events are asked,
//! whatever the filter. Asked only while a page is open.

use super::App;
use crate::client::{Client, Course, Portrait};
use crate::platform::page;
use crate::protocol::{self, Checking, Finding};
use analyzer_core::view::subject::Subject;
use analyzer_core::view::timeline::Buckets;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// So many pages are remembered as the way to the one that is open.
pub const TRAIL: usize = 12;
/// The fields whose values are told, in the order in which they stand.
pub const TOLD: [&str; 11] = [
    "eventSource",
    "eventName",
    "errorCode",
    "awsRegion",
    "sourceIPAddress",
    "userAgent",
    "principal",
    "userIdentity.accessKeyId",
    "userIdentity.arn",
    "recipientAccountId",
    "userIdentity.sessionContext.sessionIssuer.arn",
];
/// So many values of a field are asked for.
const MOST: usize = 100;
/// At most so many bars.
const BARS: u32 = 160;
/// So many services have a timeline of their own.
const SERVICES: usize = 6;
/// Of more findings it is not asked whether they are about it.
const FINDINGS: usize = 2_000;

/// What is known of a subject.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// What its events are made of.
    pub portrait: Portrait,
    /// When they happened; nothing if none has a time.
    pub course: Option<Course>,
    /// The findings that have some of its events as evidence, and how many.
    pub findings: Vec<(Finding, u64)>,
}

/// The pages.
#[derive(Clone, Copy)]
pub struct Subjects {
    /// The one that is open is the last, behind those from which it was gone on to.
    pub trail: RwSignal<Vec<Subject>>,
    /// What is known of it; nothing while it is asked.
    pub known: RwSignal<Option<Known>>,
    /// How far the records are that have to be read again for it.
    pub checking: RwSignal<Checking>,
}

impl Subjects {
    /// These pages.
    pub fn start(trail: Vec<Subject>) -> Subjects {
        Subjects {
            trail: RwSignal::new(trail),
            known: RwSignal::new(None),
            checking: RwSignal::new(Checking::default()),
        }
    }

    /// Whether a page is open.
    pub fn is_open(&self) -> bool {
        self.trail.with(|trail| !trail.is_empty())
    }
}

impl App {
    /// Opens the page of somebody or something, from where the user is.
    pub fn look_at(&self, subject: Subject) {
        self.change_trail(|trail| {
            // One that was on the way already is gone back to.
            if let Some(place) = trail.iter().position(|passed| *passed == subject) {
                trail.truncate(place);
            }
            trail.push(subject);
            trail.drain(..trail.len().saturating_sub(TRAIL));
        });
    }

    /// Goes back to so many pages of the way; to the events with none.
    pub fn go_back_to(&self, pages: usize) {
        self.change_trail(|trail| trail.truncate(pages));
    }

    fn change_trail(&self, change: impl FnOnce(&mut Vec<Subject>)) {
        let mut trail = self.subjects.trail.get_untracked();
        change(&mut trail);
        if self.subjects.trail.with_untracked(|old| *old != trail) {
            self.subjects.trail.set(trail);
            self.note_address(page::push_fragment);
        }
    }

    /// Whenever another page is opened, the shards are told and asked; and again when other findings are there.
    pub(super) fn keep_knowing(&self) {
        let app = *self;
        let open = Memo::new(move |_| app.subjects.trail.with(|trail| trail.last().cloned()));
        Effect::new(move |before: Option<Option<Subject>>| {
            let subject = open.get();
            let is_ready = app.has_data();
            if let Some(session) = app.session().filter(|_| is_ready && before.flatten() != subject) {
                app.subjects.known.set(None);
                app.subjects.checking.set(Checking::default());
                let query = subject.as_ref().map(|subject| subject.query.clone()).unwrap_or_default();
                session.client.set_subject(protocol::Filter { query, ..protocol::Filter::default() });
                app.learn();
            }
            // As long as there is no data, the page that the address names is not looked for.
            subject.filter(|_| is_ready)
        });
        Effect::new(move |before: Option<()>| {
            app.findings.track();
            if before.is_some() {
                app.learn();
            }
        });
    }

    /// Events became known to be the subject's.
    pub(super) fn note_subject_seen(&self, checking: Checking) {
        let is_first = self.subjects.checking.with_untracked(|old| old.events == 0);
        self.subjects.checking.set(checking);
        if is_first || !checking.is_running {
            self.learn();
        }
    }

    fn learn(&self) {
        let (app, Some(session)) = (*self, self.session()) else { return };
        spawn_local(async move {
            app.ask_subject(&session.client).await;
        });
    }

    /// What was known stays until the new answers are there. `None` if something newer was asked meanwhile, or nobody
    /// looks.
    pub(super) async fn ask_subject(&self, client: &Client) -> Option<()> {
        let field = self.subjects.trail.with_untracked(|trail| trail.last().map(|subject| subject.field.clone()))?;
        let told: Vec<&'static str> = TOLD.into_iter().filter(|name| *name != field).collect();
        let portrait = client.subject_portrait(&told, MOST).await?;
        let course = match portrait.overview.span_ms {
            Some(span) => Some(client.subject_course(Buckets::over(span, BARS), SERVICES).await?),
            None => None,
        };
        let findings = self.findings.with_untracked(|all| all.iter().take(FINDINGS).cloned().collect::<Vec<_>>());
        let lists = findings.iter().map(|finding| finding.event_ids.clone()).collect();
        let counts = client.subject_among(lists).await?;
        let findings = findings.into_iter().zip(counts).filter(|(_, events)| *events > 0).collect();
        page::hold_focus();
        self.subjects.known.set(Some(Known { portrait, course, findings }));
        Some(())
    }
}
