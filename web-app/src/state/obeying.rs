//! What each command does, and when there is something for it to do.

use super::stretch::moved;
use super::theme::Theme;
use super::{App, Phase, Side};
use crate::command::Command;
use crate::kit::grid::GRID_ID;
use crate::panels::{MARKS_ID, PALETTE_ID, QUERIES_ID, SAVE_ID, SEARCH_ID, SPLIT_ID, SUBJECT_ID};
use crate::platform::page;
use crate::protocol::Left;
use analyzer_core::event::EventRow;
use analyzer_core::view::subject::Subject;
use leptos::prelude::*;
use leptos::task::spawn_local;

impl App {
    /// Does what a command says, if there is something to do.
    pub fn run(&self, command: Command) {
        self.obeys(command);
    }

    /// Does what a command says; false if there is nothing to do, so that its key keeps its own meaning.
    pub fn obeys(&self, command: Command) -> bool {
        if !untrack(|| self.can(command)) {
            return false;
        }
        match command {
            Command::OpenPalette => page::open_dialog(PALETTE_ID),
            Command::FocusSearch => page::focus(SEARCH_ID),
            Command::FocusEvents => {
                self.go_back_to(0);
                page::focus_soon(GRID_ID);
            }
            Command::NextEvent => self.select(|| self.grid.step(1)),
            Command::PreviousEvent => self.select(|| self.grid.step(-1)),
            Command::NextPage => self.select(|| self.grid.step(self.grid.page())),
            Command::PreviousPage => self.select(|| self.grid.step(-self.grid.page())),
            Command::FirstEvent => self.select(|| self.grid.select(0)),
            Command::LastEvent => self.select(|| self.grid.select(u64::MAX)),
            Command::OpenEvent => {
                if let Some(row) = self.grid.selected.get_untracked() {
                    self.open_event(row);
                }
            }
            Command::Close => self.close_or_leave(),
            Command::NextFinding => self.step_finding(1),
            Command::PreviousFinding => self.step_finding(-1),
            Command::ZoomIn => self.zoom_by_key(0.5),
            Command::ZoomOut => self.zoom_by_key(2.0),
            Command::WholeTime => self.set_range(None),
            Command::Earlier => self.look_at_time(|range, whole| Some(moved(range, whole, -1).unwrap_or(range))),
            Command::Later => self.look_at_time(|range, whole| Some(moved(range, whole, 1).unwrap_or(range))),
            Command::SplitTimeline => page::focus(SPLIT_ID),
            Command::FocusMarks => page::focus_within(MARKS_ID),
            Command::AboutIdentity => self.look_at_of_selected("principal", |row| Some(row.principal)),
            Command::AboutAddress => self.look_at_of_selected("sourceIPAddress", |row| row.source_address),
            Command::BackToEvents => self.go_back_to(0),
            Command::ShowQueries => self.show_queries(QUERIES_ID),
            Command::SaveQuery => self.show_queries(SAVE_ID),
            Command::MoveValues => self.values.move_over(&self.side),
            Command::ClearFilter => self.clear_filter(),
            Command::CancelLoading => self.leave(Left::Cancelled),
            Command::CopyLink => self.copy_link(),
            Command::ShowValues => self.toggle_values(),
            Command::ShowAccount => self.toggle(Side::Account),
            Command::ShowPlugins => self.toggle(Side::Plugins),
            Command::ShowPrivacy => self.toggle(Side::Privacy),
            Command::ShowKeys => self.toggle(Side::Keys),
            Command::SystemTheme => self.theme.choose(Theme::System),
            Command::LightTheme => self.theme.choose(Theme::Light),
            Command::DarkTheme => self.theme.choose(Theme::Dark),
            Command::ContrastTheme => self.theme.choose(Theme::Contrast),
        }
        true
    }

    /// Whether a command has something to do now.
    pub fn can(&self, command: Command) -> bool {
        match command {
            Command::NextEvent
            | Command::PreviousEvent
            | Command::NextPage
            | Command::PreviousPage
            | Command::FirstEvent
            | Command::LastEvent => self.grid.rows() > 0 && !self.subjects.is_open(),
            Command::OpenEvent | Command::AboutIdentity | Command::AboutAddress => {
                self.grid.selected.get().is_some() && !self.subjects.is_open()
            }
            Command::BackToEvents => self.subjects.is_open(),
            Command::WholeTime => self.filter.with(|filter| filter.range.is_some()),
            Command::SplitTimeline => self.has_data() && !self.subjects.is_open(),
            Command::FocusMarks => self.findings.with(|all| !all.is_empty()) && !self.subjects.is_open(),
            Command::NextFinding | Command::PreviousFinding => self.findings.with(|all| !all.is_empty()),
            Command::ZoomIn => self.span.get().is_some(),
            Command::ZoomOut | Command::Earlier | Command::Later => {
                self.span.get().is_some() && self.filter.with(|filter| filter.range.is_some())
            }
            Command::ClearFilter => self.filter.with(|filter| !filter.is_empty()),
            Command::SaveQuery => self.has_data() && self.filter.with(|filter| !filter.query.trim().is_empty()),
            Command::CancelLoading => self.phase.get() == Phase::Loading,
            Command::FocusSearch
            | Command::FocusEvents
            | Command::CopyLink
            | Command::ShowQueries
            | Command::MoveValues
            | Command::ShowValues
            | Command::ShowAccount => self.has_data(),
            _ => true,
        }
    }

    /// Opens the page of what the selected event says.
    fn look_at_of_selected(&self, field: &str, value: impl FnOnce(EventRow) -> Option<String>) {
        let row = self.grid.selected.get_untracked().and_then(|number| untrack(|| self.row(number)));
        if let Some(subject) = row.and_then(value).and_then(|value| Subject::named(field, &value)) {
            self.look_at(subject);
        }
    }

    /// Shows the events of the finding that stands so many places further in the list.
    fn step_finding(&self, by: isize) {
        let chosen = self.filter.with_untracked(|filter| filter.finding.clone());
        let next = self.findings.with_untracked(|all| {
            let place = all.iter().position(|finding| Some(&finding.id) == chosen.as_ref());
            let next = match place {
                Some(place) => place.saturating_add_signed(by).min(all.len().saturating_sub(1)),
                None => 0,
            };
            all.get(next).cloned()
        });
        if let Some(finding) = next {
            self.choose_finding(Some(finding));
        }
    }

    /// Copies the address. It holds what the user looks for, and nothing that was read.
    fn copy_link(&self) {
        let (app, holds) = (*self, self.link().holds());
        spawn_local(async move {
            let said = match page::copy(&page::address()).await {
                Ok(()) => {
                    format!("The link is copied. It holds {holds}, and no event: who opens it needs the same files.")
                }
                Err(why) => format!("The browser did not copy the link: {why}. It stands in the address bar."),
            };
            app.complain(said);
        });
    }

    fn close_or_leave(&self) {
        if page::focus_kind() == page::Focus::Text {
            page::focus(if untrack(|| self.subjects.is_open()) { SUBJECT_ID } else { GRID_ID });
        } else if self.side.get_untracked() != Side::Findings {
            self.close_side();
        } else if untrack(|| self.subjects.is_open()) {
            self.go_back_to(0);
        } else {
            self.grid.selected.set(None);
        }
    }
}
