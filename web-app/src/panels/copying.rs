//! What can be done with an event, and what of it can be copied.

use crate::command::{Command, Entry, entry_of};
use crate::kit::grid::GRID_ID;
use crate::kit::menu::MenuItem;
use crate::kit::words::{phrase, tr};
use crate::platform::page;
use crate::state::{App, CopyAs};
use leptos::prelude::*;

const FORMS: [(&str, CopyAs); 5] = [
    (phrase("Copy the row"), CopyAs::Row),
    (phrase("Copy the record as JSON"), CopyAs::Record),
    (phrase("Copy the row as Markdown"), CopyAs::Markdown),
    (phrase("Copy the AWS CLI call that finds it"), CopyAs::Lookup),
    (phrase("Copy the query that finds it"), CopyAs::Query),
];

/// What else can be done with an event.
const COMMANDS: [Command; 4] = [Command::OpenEvent, Command::Star, Command::AboutIdentity, Command::AboutAddress];

/// Offers to copy the event that is shown in full, or that is selected: at this point of the window, or at the selected row.
pub fn offer_copies(app: App, at: Option<(f64, f64)>) {
    offer(app, tr("Copy the event"), copies(app), at);
}

/// Offers all that can be done with the same event.
pub fn offer_on_event(app: App, at: Option<(f64, f64)>) {
    let entries = COMMANDS.into_iter().filter(|&command| untrack(|| app.can(command))).filter_map(entry_of);
    let item = |entry: &'static Entry| MenuItem {
        label: tr(entry.label),
        key: entry.shown_keys().first().copied().unwrap_or_default(),
        run: Callback::new(move |()| app.run(entry.command)),
    };
    let items = entries.map(item).chain(copies(app)).collect();
    offer(app, tr("Menu of the event"), items, at);
}

fn offer(app: App, label: &str, items: Vec<MenuItem>, at: Option<(f64, f64)>) {
    let at = at.unwrap_or_else(|| page::corner_of(&selected_id()));
    app.menu.open(label.to_owned(), items, at);
}

fn copies(app: App) -> Vec<MenuItem> {
    let item =
        |(label, form)| MenuItem { label: tr(label), key: "", run: Callback::new(move |()| app.copy_event(form)) };
    FORMS.into_iter().map(item).collect()
}

/// The element of the selected row; the grid, if that cannot be seen.
fn selected_id() -> String {
    page::active_descendant(GRID_ID).unwrap_or_else(|| GRID_ID.to_owned())
}
