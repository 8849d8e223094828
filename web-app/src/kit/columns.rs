//! The columns of a grid: their headings, where they stand, and how wide they are.

use super::grid::{Direction, GRID_ID, Sorted};
use super::words::tr_with;
use crate::platform::page;
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;

/// The narrowest and the widest that a column gets, in CSS pixels.
pub const WIDTHS: (f64, f64) = (48.0, 1_200.0);
/// What a key adds to a column's width.
const STEP: f64 = 16.0;
/// Room beside the text of a cell, and beside that of a heading, which has a mark for its order.
const ROOM: f64 = 20.0;
const HEADING_ROOM: f64 = 34.0;
/// The width of a letter of a heading, rather too much, and what a heading gets at most without being asked for it.
const LETTER: f64 = 8.0;
const WIDEST_HEADING: f64 = 240.0;
/// Columns that stay at the left take this part of the view at most; if they need more, none stays.
const MOST_PINNED: f64 = 0.6;

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The name by which its owner knows it.
    pub name: &'static str,
    /// Its heading.
    pub label: String,
    /// The class of its cells, or "".
    pub class: &'static str,
    /// In CSS pixels.
    pub width: f64,
    /// Whether rows can be put into its order.
    pub is_sorted_by: bool,
    /// Whether it stays at the left. Those that do come first.
    pub is_pinned: bool,
}

/// A column with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The column.
    pub column: Column,
    /// Its distance from the left edge of the view, where it stays.
    stays_at: Option<f64>,
}

impl Place {
    /// The class of cells that stay.
    pub fn class(&self) -> &'static str {
        if self.stays_at.is_some() { "pinned" } else { "" }
    }

    /// Where they stay, for the style sheet.
    pub fn left(&self) -> Option<String> {
        self.stays_at.map(|left| format!("{left}px"))
    }
}

/// About the width that a heading needs, in CSS pixels.
pub fn heading_width(label: &str) -> f64 {
    (label.chars().count() as f64 * LETTER + HEADING_ROOM).min(WIDEST_HEADING).ceil()
}

/// The places of columns in a view that is so wide.
pub fn places(columns: &[Column], view: f64) -> Vec<Place> {
    let pinned: f64 = columns.iter().filter(|column| column.is_pinned).map(|column| column.width).sum();
    let mut left = 0.0;
    let place = |column: &Column| {
        let stays_at = (column.is_pinned && pinned <= view * MOST_PINNED).then_some(left);
        left += column.width;
        Place { column: column.clone(), stays_at }
    };
    columns.iter().map(place).collect()
}

/// The row of headings.
#[component]
pub fn Headings(
    /// The columns.
    places: Memo<Vec<Place>>,
    /// The order of the rows.
    sorted: Signal<Sorted>,
    /// Called with the name of a column whose heading is clicked.
    on_sort: Callback<&'static str>,
    /// Called with the name of a column and the width that the user gives it.
    on_width: Callback<(&'static str, f64)>,
) -> impl IntoView {
    // Elements stay while widths change, since a drag must not lose its own.
    let names =
        Memo::new(move |_| places.with(|places| places.iter().map(|place| place.column.name).collect::<Vec<_>>()));
    let heading = move |(number, name): (usize, &'static str)| {
        view! { <Heading number name places sorted on_sort on_width /> }
    };
    view! {
        <div class="grid-head" role="row" aria-rowindex="1">
            {move || names.get().into_iter().enumerate().map(heading).collect_view()}
        </div>
    }
}

/// One heading. One that can be sorted by is a button.
#[component]
fn Heading(
    number: usize,
    name: &'static str,
    places: Memo<Vec<Place>>,
    sorted: Signal<Sorted>,
    on_sort: Callback<&'static str>,
    on_width: Callback<(&'static str, f64)>,
) -> impl IntoView {
    let Some(Place { column, .. }) = places.with_untracked(|places| places.get(number).cloned()) else {
        return ().into_any();
    };
    let at =
        move || places.with(|places| places.get(number).map(|place| (place.column.width, place.class(), place.left())));
    let width = move || at().map_or(column.width, |(width, ..)| width);
    let give = move |width: f64| on_width.run((name, width.clamp(WIDTHS.0, WIDTHS.1)));
    let press = move |event: KeyboardEvent| {
        let by = match event.key().as_str() {
            "ArrowLeft" if event.shift_key() => -STEP,
            "ArrowRight" if event.shift_key() => STEP,
            _ => return,
        };
        give(untrack(width) + by);
        event.prevent_default();
        event.stop_propagation();
    };
    let direction = move || match sorted.get() {
        _ if !column.is_sorted_by => None,
        (by, _) if by != name => Some("none"),
        (_, Direction::Ascending) => Some("ascending"),
        (_, Direction::Descending) => Some("descending"),
    };
    let title = match column.is_sorted_by {
        true => view! {
            <button
                class="plain grid-sort"
                title=tr_with("{}: sort by this column (Shift ← → changes its width)", &[&column.label])
                on:click=move |_| on_sort.run(name)
                on:keydown=press
            >
                <span class="grid-sort-label">{column.label.clone()}</span>
            </button>
        }
        .into_any(),
        false => view! { <span class="grid-title">{column.label}</span> }.into_any(),
    };
    view! {
        <div
            role="columnheader"
            aria-colindex=number + 1
            class=move || format!("cell {}", at().map_or("", |(_, class, _)| class))
            aria-sort=direction
            style:width=move || format!("{}px", width())
            style:left=move || at().and_then(|(.., left)| left)
        >
            {title}
            <Edge width=Signal::derive(width) on_width=Callback::new(give) number />
        </div>
    }
    .into_any()
}

/// The right edge of a heading, to be dragged. Keys have the heading itself.
#[component]
fn Edge(width: Signal<f64>, on_width: Callback<f64>, number: usize) -> impl IntoView {
    // Where a drag began, and how wide the column was.
    let drag = RwSignal::new(None::<(f64, f64)>);
    let start = move |event: PointerEvent| {
        event.prevent_default();
        page::hold_pointer(&event);
        drag.set(Some((f64::from(event.client_x()), width.get_untracked())));
    };
    let go = move |event: PointerEvent| {
        if let Some((from, width)) = drag.get_untracked() {
            on_width.run(width + f64::from(event.client_x()) - from);
        }
    };
    let fit = move |_| {
        let widest = |selector: &str, room: f64| page::widest_text(&format!("#{GRID_ID} {selector}")) + room;
        let cells = widest(&format!("[role=gridcell][aria-colindex='{}']", number + 1), ROOM);
        let heading = widest(&format!("[role=columnheader][aria-colindex='{}']", number + 1), HEADING_ROOM);
        on_width.run(cells.max(heading).ceil());
    };
    view! {
        <span
            class="grid-edge"
            aria-hidden="true"
            on:pointerdown=start
            on:pointermove=go
            on:pointerup=move |_| drag.set(None)
            on:pointercancel=move |_| drag.set(None)
            on:dblclick=fit
        />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pinned_columns_stay_side_by_side_if_there_is_room() {
        let column = |width, is_pinned| Column {
            name: "",
            label: String::new(),
            class: "",
            width,
            is_sorted_by: false,
            is_pinned,
        };
        let columns = [column(100.0, true), column(50.0, true), column(80.0, false)];
        let lefts = |view| places(&columns, view).iter().map(|place| place.stays_at).collect::<Vec<_>>();
        assert_eq!(lefts(1_000.0), [Some(0.0), Some(100.0), None]);
        assert_eq!(lefts(240.0), [None; 3]);
    }
}
