//! The events, in the order of time or of a column.

use crate::kit::format::{time, visible};
use crate::kit::grid::{Cell, Column, Direction, Grid};
use crate::state::filter::TIME;
use crate::state::{App, Phase};
use analyzer_core::event::EventRow;
use leptos::prelude::*;

fn plain(text: Option<&String>) -> Cell {
    Cell { text: text.map(|t| visible(t)).unwrap_or_default(), class: "" }
}

fn soft(text: Option<&String>) -> Cell {
    Cell { class: "soft", ..plain(text) }
}

static COLUMNS: [Column<EventRow>; 8] = [
    Column {
        label: "Time (UTC)",
        class: "col-time",
        sort: Some(TIME),
        cell: |row| match row.time_ms {
            Some(ms) => Cell { text: time(ms), class: "" },
            None => Cell { text: "no time".to_owned(), class: "soft" },
        },
    },
    Column { label: "Event", class: "col-event", sort: Some("eventName"), cell: |row| plain(row.event_name.as_ref()) },
    Column {
        label: "Service",
        class: "col-service",
        sort: Some("eventSource"),
        cell: |row| soft(row.event_source.as_deref().map(short).as_ref()),
    },
    Column { label: "Who", class: "col-principal", sort: Some("principal"), cell: |row| plain(Some(&row.principal)) },
    Column {
        label: "From",
        class: "col-address",
        sort: Some("sourceIPAddress"),
        cell: |row| plain(row.source_address.as_ref()),
    },
    Column { label: "Region", class: "col-region", sort: Some("awsRegion"), cell: |row| soft(row.region.as_ref()) },
    Column {
        label: "Error",
        class: "col-outcome",
        sort: Some("errorCode"),
        cell: |row| Cell { class: "bad", ..plain(row.error_code.as_ref()) },
    },
    Column {
        label: "User agent",
        class: "col-agent",
        sort: Some("userAgent"),
        cell: |row| soft(row.user_agent.as_ref()),
    },
];

/// `s3.amazonaws.com` is `s3` here: the column says that it is a service.
fn short(source: &str) -> String {
    source.strip_suffix(".amazonaws.com").unwrap_or(source).to_owned()
}

/// The grid.
#[component]
pub fn EventsPanel() -> impl IntoView {
    let app = App::of_page();
    let none = move || match (app.matching.get(), app.phase.get()) {
        (0, Phase::Loading) => "Reading the first events…",
        (0, _) if app.totals.with(|t| t.kept == 0) => "There are no events in these files.",
        (0, _) if app.checking.get().is_running => "No event matches so far.",
        (0, _) => "No event matches.",
        _ => "",
    };
    // Scrolling and the search change nothing here.
    let sorted = Memo::new(move |_| {
        let order = app.filter.with(|filter| filter.order);
        let direction = if order.is_reversed { Direction::Descending } else { Direction::Ascending };
        (order.by.unwrap_or(TIME), direction)
    });
    view! {
        <section class="events" aria-label="Events">
            <Grid
                state=app.grid
                columns=&COLUMNS
                label="Events"
                row=move |number| app.row(number)
                on_open=Callback::new(move |number| app.open_event(number))
                sorted=sorted
                on_sort=Callback::new(move |name| app.sort_by(name))
            />
            <p class="events-none">{none}</p>
        </section>
    }
}
