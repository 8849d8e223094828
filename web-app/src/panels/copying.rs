//! What of an event can be copied.

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

/// Offers to copy the event that is shown in full, or that is selected: at this point of the window, or at the selected row.
pub fn offer_copies(app: App, at: Option<(f64, f64)>) {
    let item = |(label, form)| MenuItem { label: tr(label), run: Callback::new(move |()| app.copy_event(form)) };
    let at = at.unwrap_or_else(|| page::corner_of(&selected_id()));
    app.menu.open(tr("Copy the event").to_owned(), FORMS.into_iter().map(item).collect(), at);
}

/// The element of the selected row; the grid, if that cannot be seen.
fn selected_id() -> String {
    page::active_descendant(GRID_ID).unwrap_or_else(|| GRID_ID.to_owned())
}
