//! The events, in the order of time or of a column.

use super::copying::{offer_copies, offer_on_event};
use crate::command::Command;
use crate::kit::columns::{Column, heading_width};
use crate::kit::format::{exact, time, time_heading, visible};
use crate::kit::grid::{Cell, Direction, Grid};
use crate::kit::words::{phrase, tr};
use crate::platform::page;
use crate::state::filter::TIME;
use crate::state::{App, Chosen, Phase, Shown, Side};
use leptos::prelude::*;

/// The headings of fields whose names say less than a word does, and the classes of their cells.
const LABELS: [(&str, &str, &str); 8] = [
    ("eventTime", phrase("Time"), ""),
    ("eventName", phrase("Event"), "cell-event"),
    ("eventSource", phrase("Service"), "soft"),
    ("principal", phrase("Who"), ""),
    ("sourceIPAddress", phrase("From"), ""),
    ("awsRegion", phrase("Region"), "soft"),
    ("errorCode", phrase("Error"), "bad"),
    ("userAgent", phrase("User agent"), "soft"),
];

fn column(chosen: &Chosen) -> Column {
    let name = chosen.field.name;
    let class = LABELS.into_iter().find(|(field, ..)| *field == name).map_or("", |(.., class)| class);
    let (label, width) = (label(name), f64::from(chosen.width));
    // The names of zones are longer than dates are. A width that the user gave stays.
    let width = if name == TIME && chosen.has_first_width() { width.max(heading_width(&label)) } else { width };
    Column {
        name,
        label,
        class,
        width,
        is_sorted_by: name == TIME || chosen.field.is_counted(),
        is_pinned: chosen.is_pinned,
    }
}

/// The heading of a field.
pub(super) fn label(name: &'static str) -> String {
    if name == TIME {
        return time_heading();
    }
    LABELS.into_iter().find(|(field, ..)| *field == name).map_or(name, |(_, label, _)| tr(label)).to_owned()
}

fn cell(row: &Shown, name: &'static str) -> Cell {
    if name == TIME {
        return match row.time_ms() {
            Some(ms) => Cell { text: time(ms), title: Some(exact(ms)), class: "" },
            None => Cell { text: tr("no time").to_owned(), title: None, class: "soft" },
        };
    }
    let text = row.value(name).map(|text| visible(text)).unwrap_or_default();
    Cell { text: if name == "eventSource" { short(&text) } else { text }, ..Cell::default() }
}

/// `s3.amazonaws.com` is `s3` here: the column says that it is a service.
fn short(source: &str) -> String {
    source.strip_suffix(".amazonaws.com").unwrap_or(source).to_owned()
}

/// The grid, and what can be done with all of it.
#[component]
pub fn EventsPanel() -> impl IntoView {
    let app = App::of_page();
    let none = move || match (app.matching.get(), app.phase.get()) {
        (0, Phase::Loading) => tr("Reading the first events…"),
        (0, _) if app.totals.with(|t| t.kept == 0) => tr("There are no events in these files."),
        (0, _) if app.checking.get().is_running => tr("No event matches so far."),
        (0, _) => tr("No event matches."),
        _ => "",
    };
    // Scrolling and the search change nothing here.
    let sorted = Memo::new(move |_| {
        let order = app.filter.with(|filter| filter.order);
        let direction = if order.is_reversed { Direction::Descending } else { Direction::Ascending };
        (order.by.unwrap_or(TIME), direction)
    });
    let columns = Memo::new(move |_| app.table.columns.with(|columns| columns.iter().map(column).collect::<Vec<_>>()));
    let ask_menu = move |(row, at): (Option<u64>, (f64, f64))| {
        if let Some(row) = row {
            app.select_event(row);
        }
        if untrack(|| app.can(Command::EventMenu)) {
            offer_on_event(app, row.map(|_| at));
        }
    };
    view! {
        <section class="events" aria-label=tr("Events")>
            <Tools />
            <Grid
                state=app.grid
                columns
                cell
                label=tr("Events")
                row=move |number| app.row(number)
                on_open=Callback::new(move |number| app.open_event(number))
                on_menu=Callback::new(ask_menu)
                sorted=sorted
                on_sort=Callback::new(move |name| app.sort_by(name))
                on_width=Callback::new(move |(name, width)| app.table.set_width(name, width))
            />
            <p class="events-none">{none}</p>
        </section>
    }
}

/// The buttons of the table.
#[component]
fn Tools() -> impl IntoView {
    let app = App::of_page();
    let is_open = move || if app.side.get() == Side::Columns { "true" } else { "false" };
    let has_events = move || app.matching.get() > 0;
    view! {
        <div class="events-tools" role="group" aria-label=tr("Table")>
            <button
                class="plain small"
                id="show-columns"
                title=tr("Choose, order and pin columns (t)")
                aria-expanded=is_open
                on:click=move |_| app.run(Command::ShowColumns)
            >
                {tr("Columns")}
            </button>
            <button
                class="plain small"
                id="copy-event"
                title=tr("Copy the selected event (y)")
                aria-haspopup="menu"
                disabled=move || !app.can(Command::CopyEvent)
                on:click=move |_| offer_copies(app, Some(page::corner_of("copy-event")))
            >
                {tr("Copy as")}
            </button>
            <button
                class="plain small"
                id="export-events"
                title=tr("Export the events that match (Shift E)")
                aria-haspopup="dialog"
                disabled=move || !has_events()
                on:click=move |_| app.run(Command::Export)
            >
                {tr("Export…")}
            </button>
        </div>
    }
}
