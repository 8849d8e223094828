//! What each command does, and when there is something for it to do.

use super::marking::id_of_finding;
use super::reporting::Form;
use super::stretch::moved;
use super::theme::Theme;
use super::{App, Density, Phase, Side};
use crate::client::Evidence;
use crate::command::Command;
use crate::kit::grid::GRID_ID;
use crate::kit::words::tr_with;
use crate::panels::{
    EXPORT_ID, MARKS_ID, MATRIX_ID, PALETTE_ID, QUERIES_ID, SAVE_ID, SEARCH_ID, SPLIT_ID, SUBJECT_ID, offer_copies,
    offer_on_event,
};
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
            Command::CopyEvent => offer_copies(*self, None),
            Command::EventMenu => offer_on_event(*self, None),
            Command::ShowColumns => self.toggle(Side::Columns),
            Command::TurnDensity => self.table.set_density(match self.table.density.get_untracked() {
                Density::Comfortable => Density::Compact,
                Density::Compact => Density::Comfortable,
            }),
            Command::Export => page::open_dialog(EXPORT_ID),
            Command::Close => self.close_or_leave(),
            Command::NextFinding => self.step_finding(1),
            Command::PreviousFinding => self.step_finding(-1),
            Command::FocusFindings => self.focus_findings(),
            Command::Star => self.star_this(),
            Command::Mute => self.mute_this(),
            Command::ShowMatrix => page::open_dialog(MATRIX_ID),
            Command::ShowNotes => self.toggle(Side::Notes),
            Command::SaveNotes => self.save_notes(),
            Command::SaveReport => self.save_report(Form::Html),
            Command::SaveMarkdown => self.save_report(Form::Markdown),
            Command::ZoomIn => self.zoom_by_key(0.5),
            Command::ZoomOut => self.zoom_by_key(2.0),
            Command::WholeTime => self.set_range(None),
            Command::Earlier => self.look_at_time(|range, whole| Some(moved(range, whole, -1).unwrap_or(range))),
            Command::Later => self.look_at_time(|range, whole| Some(moved(range, whole, 1).unwrap_or(range))),
            Command::SplitTimeline => page::focus(SPLIT_ID),
            Command::FocusMarks => page::focus_within(MARKS_ID),
            Command::AboutIdentity => self.look_at_of_selected("principal", |row| Some(row.principal.clone())),
            Command::AboutAddress => self.look_at_of_selected("sourceIPAddress", |row| row.source_address.clone()),
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
            Command::ShowDisplay => self.toggle(Side::Display),
            Command::SwitchZone => self.switch_zone(),
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
            Command::NextFinding | Command::PreviousFinding | Command::FocusFindings | Command::ShowMatrix => {
                self.findings.with(|all| !all.is_empty())
            }
            Command::Star => self.this().is_some(),
            Command::Mute => self.this_finding().is_some(),
            Command::SaveNotes => self.marks.case.with(|case| !case.is_empty()),
            Command::SaveReport | Command::SaveMarkdown => self.has_marks(),
            Command::CopyEvent | Command::EventMenu => {
                self.grid.selected.get().is_some() || self.opened.with(Option::is_some)
            }
            Command::OpenEvent | Command::AboutIdentity | Command::AboutAddress => {
                self.grid.selected.get().is_some() && !self.subjects.is_open()
            }
            Command::BackToEvents => self.subjects.is_open(),
            Command::WholeTime => self.filter.with(|filter| filter.range.is_some()),
            Command::SplitTimeline => self.has_data() && !self.subjects.is_open(),
            Command::FocusMarks => self.findings.with(|all| !all.is_empty()) && !self.subjects.is_open(),
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
            | Command::ShowColumns
            | Command::TurnDensity
            | Command::Export
            | Command::ShowAccount => self.has_data(),
            _ => true,
        }
    }

    /// Opens the page of what the selected event says. The table need not show it.
    fn look_at_of_selected(&self, field: &'static str, value: impl FnOnce(&EventRow) -> Option<String> + 'static) {
        let (app, Some(session)) = (*self, self.session()) else { return };
        let selected = self.grid.selected.get_untracked().and_then(|number| untrack(|| self.row(number)));
        let Some(event_id) = selected.map(|row| row.event_id()) else { return };
        spawn_local(async move {
            let rows = session.client.rows_of(Evidence::Reported, vec![event_id]).await.unwrap_or_default();
            if let Some(subject) = rows.first().and_then(value).and_then(|value| Subject::named(field, &value)) {
                app.look_at(subject);
            }
        });
    }

    /// Shows the events of the finding that stands so many places further in the list.
    fn step_finding(&self, by: isize) {
        let chosen = self.filter.with_untracked(|filter| filter.finding.clone());
        let all = self.listed_findings();
        let place = all.iter().position(|id| Some(id) == chosen.as_ref());
        let next = place.map_or(0, |place| place.saturating_add_signed(by).min(all.len().saturating_sub(1)));
        if let Some(id) = all.get(next) {
            self.choose_finding(Some(id.clone()));
            page::reveal_soon(id_of_finding(id));
        }
    }

    /// Copies the address. It holds what the user looks for, and nothing that was read.
    fn copy_link(&self) {
        let (app, holds) = (*self, self.link().holds());
        spawn_local(async move {
            let said = match page::copy(&page::address()).await {
                Ok(()) => tr_with(
                    "The link is copied. It holds {}, and no event: who opens it needs the same files.",
                    &[&holds],
                ),
                Err(why) => tr_with("The browser did not copy the link: {}. It stands in the address bar.", &[&why]),
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
