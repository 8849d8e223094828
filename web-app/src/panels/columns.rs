//! The columns of the table: which, in which order, which of them stay at the left, how wide, and how close rows stand.

use super::add_field::AddField;
use super::events::label;
use crate::kit::drawer::Drawer;
use crate::kit::words::{tr, tr_with};
use crate::platform::page;
use crate::state::{App, Chosen, Density};
use analyzer_core::field::{FIELDS, Field};
use leptos::prelude::*;

/// What a click adds to a column's width, in CSS pixels.
const STEP: f64 = 24.0;

const ADD_ID: &str = "add-column";

/// The panel.
#[component]
pub fn ColumnsPanel() -> impl IntoView {
    let app = App::of_page();
    let table = app.table;
    let names = Memo::new(move |_| table.fields());
    view! {
        <Drawer title=tr("Columns") on_close=Callback::new(move |()| app.close_side())>
            <div id="columns">
                <div class="columns-head">
                    <div class="switch" role="group" aria-label=tr("Rows")>
                        <DensityButton density=Density::Comfortable label=tr("Comfortable rows") />
                        <DensityButton density=Density::Compact label=tr("Compact rows") />
                    </div>
                    <button class="small" id="reset-columns" on:click=move |_| table.reset()>
                        {tr("Reset")}
                    </button>
                </div>
                <ol class="columns-list" aria-label=tr("Columns, from the left")>
                    <For each=move || names.get() key=|name| *name let:name>
                        <ColumnLine name />
                    </For>
                </ol>
                <AddColumn />
                <p class="columns-note faint">
                    {tr("In the table, drag the right edge of a heading, or double-click it to fit. With the heading focused, Shift ← and → do the same. Columns are remembered in this browser; nothing of the logs is.")}
                </p>
            </div>
        </Drawer>
    }
}

#[component]
fn DensityButton(density: Density, label: &'static str) -> impl IntoView {
    let table = App::of_page().table;
    view! {
        <button
            class="small"
            aria-pressed=move || if table.density.get() == density { "true" } else { "false" }
            on:click=move |_| table.set_density(density)
        >
            {label}
        </button>
    }
}

/// One column.
#[component]
fn ColumnLine(name: &'static str) -> impl IntoView {
    let table = App::of_page().table;
    let chosen = Memo::new(move |_| {
        table.columns.with(|columns| columns.iter().find(|column| column.field.name == name).copied())
    });
    let is_pinned = move || chosen.with(|chosen| chosen.is_some_and(|chosen| chosen.is_pinned));
    let width = move || chosen.with(|chosen| chosen.map_or(0, |chosen| chosen.width));
    let can_go = move |by: isize| table.columns.with(|columns| can_go(columns, name, by));
    let heading = label(name);
    let field = (heading != name).then_some(name);
    // What is moved would lose the focus.
    let go = move |by: isize| {
        page::hold_focus();
        table.step(name, by);
    };
    let remove = move || {
        table.remove(name);
        page::focus(ADD_ID);
    };
    view! {
        <li class="column-line" data-column=name>
            <span class="column-names" title=analyzer_core::field::find(name).map(|field| tr(field.doc))>
                <span class="column-label">{heading.clone()}</span>
                <span class="faint column-field">{field}</span>
            </span>
            <span class="faint column-width">{move || format!("{} px", width())}</span>
            <LineButton text=tr_with("Make {} narrower", &[&heading]) path="M4 8h8" on_click=move || table.widen(name, -STEP) />
            <LineButton text=tr_with("Make {} wider", &[&heading]) path="M4 8h8M8 4v8" on_click=move || table.widen(name, STEP) />
            <button
                class="plain column-button"
                aria-label=tr_with("Pin {} at the left", &[&heading])
                title=tr("Stays at the left while the others scroll")
                aria-pressed=move || if is_pinned() { "true" } else { "false" }
                on:click=move |_| {
                    page::hold_focus();
                    table.turn_pin(name);
                }
            >
                <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                    <path d="M6 2.5h4l-.5 4 2 2.5h-7l2-2.5zM8 9v4.5" />
                </svg>
            </button>
            <LineButton text=tr_with("Move {} to the left", &[&heading]) path="M4 9.5 8 5.5l4 4" is_off=Signal::derive(move || !can_go(-1)) on_click=move || go(-1) />
            <LineButton text=tr_with("Move {} to the right", &[&heading]) path="M4 6.5l4 4 4-4" is_off=Signal::derive(move || !can_go(1)) on_click=move || go(1) />
            <LineButton text=tr_with("Remove {}", &[&heading]) path="M4 4l8 8M12 4l-8 8" is_off=Signal::derive(move || table.columns.with(Vec::len) < 2) on_click=move || remove() />
        </li>
    }
}

/// Columns move among those that stay at the left, or among those that do not.
fn can_go(columns: &[Chosen], name: &str, by: isize) -> bool {
    let place = columns.iter().position(|column| column.field.name == name);
    let other = place.and_then(|place| place.checked_add_signed(by)).and_then(|place| columns.get(place));
    place
        .and_then(|place| columns.get(place))
        .zip(other)
        .is_some_and(|(column, other)| column.is_pinned == other.is_pinned)
}

#[component]
fn LineButton<F: Fn() + 'static>(
    /// What it does.
    text: String,
    /// Its picture.
    path: &'static str,
    /// Whether there is nothing for it to do.
    #[prop(into, optional)]
    is_off: Signal<bool>,
    /// Does it.
    on_click: F,
) -> impl IntoView {
    view! {
        <button
            class="plain column-button"
            aria-label=text.clone()
            title=text
            // It keeps the focus, which one that is disabled would lose.
            aria-disabled=move || is_off.get().then_some("true")
            on:click=move |_| on_click()
        >
            <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                <path d=path />
            </svg>
        </button>
    }
}

/// Every other field that columns can show.
#[component]
fn AddColumn() -> impl IntoView {
    let table = App::of_page().table;
    let offered = move || {
        let shown = table.fields();
        let is_offered = |field: &&'static Field| field.is_at_hand() && !shown.contains(&field.name);
        FIELDS.iter().filter(is_offered).collect::<Vec<_>>()
    };
    view! {
        <AddField
            id=ADD_ID
            label=tr("Add a column")
            first=tr("Add a column…")
            offered=Signal::derive(offered)
            on_add=Callback::new(move |name: String| table.add(&name))
        />
    }
}
