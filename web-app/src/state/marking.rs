//! What the keys mark: the finding or the event that the user is at.

use super::{App, Marked, Side};
use crate::client::Evidence;
use crate::platform::page;
use crate::protocol::Finding;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The attribute by which elements of the page say which finding they are about.
pub const ABOUT_FINDING: &str = "data-finding";

/// The id of a finding's element in the list.
pub fn id_of_finding(id: &str) -> String {
    format!("finding-{id}")
}

/// What the user is at.
pub(super) enum This {
    /// That with this id.
    Event(String),
    Finding(Box<Finding>),
}

impl App {
    /// The finding that has the focus; or the event that is open or selected; or the finding that is open.
    pub(super) fn this(&self) -> Option<This> {
        if let Some(finding) = page::attribute_at_focus(ABOUT_FINDING).and_then(|id| self.finding(&id)) {
            return Some(This::Finding(Box::new(finding)));
        }
        self.this_event()
            .map(This::Event)
            .or_else(|| self.open_finding().map(|finding| This::Finding(Box::new(finding))))
    }

    /// The finding that has the focus, or is open.
    pub(super) fn this_finding(&self) -> Option<Finding> {
        let focused = page::attribute_at_focus(ABOUT_FINDING).and_then(|id| self.finding(&id));
        focused.or_else(|| self.open_finding())
    }

    fn open_finding(&self) -> Option<Finding> {
        self.findings_view.open.get().and_then(|id| self.finding(&id))
    }

    fn this_event(&self) -> Option<String> {
        if self.side.get() == Side::Detail {
            return self.opened.with(|opened| opened.as_ref().map(|opened| opened.row.event_id.clone()));
        }
        self.grid.selected.get().and_then(|number| self.row(number)).map(|row| row.event_id())
    }

    /// Stars an event, or takes its star away. The table need not show all that a mark holds of it.
    fn star_event(&self, event_id: String) {
        let (app, Some(session)) = (*self, self.session()) else { return };
        spawn_local(async move {
            let rows = session.client.rows_of(Evidence::Reported, vec![event_id]).await;
            rows.unwrap_or_default().iter().for_each(|row| app.marks.star_event(row));
        });
    }

    pub(super) fn star_this(&self) {
        match untrack(|| self.this()) {
            Some(This::Event(event_id)) => self.star_event(event_id),
            Some(This::Finding(finding)) => self.star_finding(&finding),
            None => {}
        }
    }

    /// Stars a finding, or takes its star away.
    pub fn star_finding(&self, finding: &Finding) {
        self.marks.change_finding(finding, |it| it.mark.starred = !it.mark.starred);
    }

    pub(super) fn mute_this(&self) {
        if let Some(finding) = untrack(|| self.this_finding()) {
            self.mute(&finding);
        }
    }

    /// Shows a finding no more, or again.
    pub fn mute(&self, finding: &Finding) {
        self.stand_aside(finding, || self.marks.change_finding(finding, |it| it.muted = !it.muted));
    }

    /// Shows nothing of a finding's detector any more, or all again.
    pub fn mute_detector(&self, finding: &Finding) {
        self.stand_aside(finding, || self.marks.mute_detector(finding));
    }

    /// If a finding leaves the list, its events give way to all, and the focus goes to what stands in its place.
    fn stand_aside(&self, finding: &Finding, act: impl FnOnce()) {
        let before = self.listed_findings();
        act();
        let after = self.listed_findings();
        if after.contains(&finding.id) || !before.contains(&finding.id) {
            return;
        }
        if self.chosen.with_untracked(|chosen| chosen.as_ref().is_some_and(|chosen| chosen.id == finding.id)) {
            self.choose_finding(None);
        }
        self.findings_view.open.update(|open| drop(open.take_if(|open| *open == finding.id)));
        let place = before.iter().position(|id| *id == finding.id).unwrap_or_default();
        let is_left = |id: &&String| after.contains(id);
        let next = before[place..].iter().find(is_left).or_else(|| before[..place].iter().rfind(is_left));
        if let Some(next) = next {
            page::focus_when_drawn(id_of_finding(next));
        }
    }

    pub(super) fn focus_findings(&self) {
        self.close_side();
        let open = self.findings_view.open.get_untracked();
        let listed = self.listed_findings();
        let at = open.filter(|open| listed.contains(open)).or_else(|| listed.first().cloned());
        if let Some(id) = at {
            page::focus_when_drawn(id_of_finding(&id));
        }
    }

    /// Whether something is starred, tagged or noted.
    pub(super) fn has_marks(&self) -> bool {
        self.marks
            .case
            .with(|case| !case.events.is_empty() || case.findings.values().any(|finding| !finding.mark.is_empty()))
    }

    /// Opens what a mark is about, if it is among the logs.
    pub fn show_marked(&self, about: &Marked) {
        match about {
            Marked::Finding(id) => {
                self.close_side();
                self.choose_finding(Some(id.clone()));
                page::focus_when_drawn(id_of_finding(id));
            }
            Marked::Event(id) => {
                let row = self.marks.case.with_untracked(|case| case.events.get(id).map(|mark| mark.row(id)));
                if let Some(row) = row {
                    self.open_row(row);
                }
            }
        }
    }
}
