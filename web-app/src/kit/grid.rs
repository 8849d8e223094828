//! A virtual ARIA grid: as many elements as fit the view, over any number of rows.
//!
//! A slot is an element that shows whichever row falls to it (row number modulo the number of slots), so scrolling by a
//! row rewrites one slot and moves nothing else.

use super::columns::{Column, Headings, Place, places};
use super::scroll::Scroll;
use crate::platform::page;
use leptos::ev::WheelEvent;
use leptos::html;
use leptos::prelude::*;

/// Id of the grid, for those who move the focus to it. A page has one.
pub const GRID_ID: &str = "grid";
/// Height of the headings in CSS pixels: the same number as in the style sheet.
const HEAD_HEIGHT: f64 = 28.0;
/// Height of a row at first.
pub const ROW_HEIGHT: f64 = 28.0;
/// Rows drawn beyond each edge of the view, for scrolling faster than the page is told of it.
const MARGIN: u64 = 6;

/// What a cell shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Its text, which a cell may cut off.
    pub text: String,
    /// Its tooltip, if that is not its whole text.
    pub title: Option<String>,
    /// A class beside the column's, or "".
    pub class: &'static str,
}

/// In which direction the rows of a column follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The least first.
    Ascending,
    /// The greatest first.
    Descending,
}

/// The name of the column in whose order rows stand, and its direction.
pub type Sorted = (&'static str, Direction);

/// Where a grid stands. Its owner reads which rows can be seen and answers for them.
#[derive(Clone, Copy)]
pub struct GridState {
    scroll: RwSignal<Scroll>,
    /// Width of the part that can be seen, in CSS pixels.
    width: RwSignal<f64>,
    /// Number of the selected row.
    pub selected: RwSignal<Option<u64>>,
}

impl GridState {
    /// A grid without rows.
    pub fn new() -> GridState {
        GridState {
            scroll: RwSignal::new(Scroll { row_height: ROW_HEIGHT, ..Scroll::default() }),
            width: RwSignal::new(0.0),
            selected: RwSignal::new(None),
        }
    }

    /// Tells how many rows there are; the view stays where it is if it can.
    pub fn set_rows(&self, rows: u64) {
        if self.scroll.with_untracked(|s| s.rows) != rows {
            self.scroll.update(|s| *s = Scroll { rows, ..*s }.clamped());
        }
    }

    /// Makes rows higher or lower, in CSS pixels; the first one that can be seen stays.
    pub fn set_row_height(&self, row_height: f64) {
        self.scroll.update(|s| *s = Scroll { row_height, top: s.top / s.row_height * row_height, ..*s }.clamped());
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.scroll.with(|s| s.rows)
    }

    /// First row worth having and how many, with a margin.
    pub fn window(&self) -> (u64, u64) {
        self.scroll.with(with_margin)
    }

    /// The same, if there were so many rows.
    pub fn window_of(&self, rows: u64) -> (u64, u64) {
        self.scroll.with_untracked(|s| with_margin(&Scroll { rows, ..*s }.clamped()))
    }

    /// Back to the first row, with nothing selected.
    pub fn rewind(&self) {
        self.selected.set(None);
        self.scroll.update(|s| s.top = 0.0);
    }

    /// Selects a row and scrolls until it can be seen.
    pub fn select(&self, row: u64) {
        let rows = self.scroll.with_untracked(|s| s.rows);
        if rows == 0 {
            return;
        }
        let row = row.min(rows - 1);
        self.selected.set(Some(row));
        self.scroll.update(|s| *s = s.showing(row));
    }

    /// Moves the selection down, or up by a negative number; without one, selects the first row that can be seen.
    pub fn step(&self, by: i64) {
        match self.selected.get_untracked() {
            Some(row) => self.select(row.saturating_add_signed(by)),
            None => self.select(self.scroll.with_untracked(|s| s.window().0)),
        }
    }

    /// How many rows a page is.
    pub fn page(&self) -> i64 {
        self.scroll.with_untracked(|s| s.page()) as i64
    }
}

impl Default for GridState {
    fn default() -> GridState {
        GridState::new()
    }
}

/// The grid. `row` answers with a row's content, or `None` while it is not there yet; it is called within a reactive
/// scope, so that rows fill in as they arrive.
#[component]
pub fn Grid<R, F>(
    /// Where it stands.
    state: GridState,
    /// Its columns, from the left.
    #[prop(into)]
    columns: Signal<Vec<Column>>,
    /// What a column of this name shows of a row.
    cell: fn(&R, &'static str) -> Cell,
    /// What it shows, for those who hear it.
    label: &'static str,
    /// The content of a row.
    row: F,
    /// Called when a row is clicked.
    on_open: Callback<u64>,
    /// Called when a menu is asked for: with the row under the pointer, if there is one, and the point.
    on_menu: Callback<(Option<u64>, (f64, f64))>,
    /// The order of the rows.
    #[prop(into)]
    sorted: Signal<Sorted>,
    /// Called with the name of a column whose heading is clicked.
    on_sort: Callback<&'static str>,
    /// Called with the name of a column and the width that the user gives it.
    on_width: Callback<(&'static str, f64)>,
) -> impl IntoView
where
    R: Clone + PartialEq + Send + Sync + 'static,
    F: Fn(u64) -> Option<R> + Clone + Send + Sync + 'static,
{
    let body = NodeRef::<html::Div>::new();
    follow(state, body);
    let on_scroll = move |_| scrolled(state, body);
    let on_wheel = move |event: WheelEvent| wheeled(state, &event);
    let slots = Memo::new(move |_| state.scroll.with(|s| (s.view / s.row_height).ceil() as u64 + 1 + 2 * MARGIN));
    let active = move || {
        let (selected, (first, count)) = (state.selected.get()?, state.window());
        (first..first + count).contains(&selected).then(|| slot_id(selected % slots.get()))
    };
    let places = Memo::new(move |_| columns.with(|columns| places(columns, state.width.get())));
    view! {
        <div
            class="grid"
            id=GRID_ID
            role="grid"
            tabindex="0"
            aria-label=label
            aria-rowcount=move || state.rows() + 1
            aria-colcount=move || columns.with(Vec::len)
            aria-activedescendant=active
            node_ref=body
            on:scroll=on_scroll
            on:wheel=on_wheel
            on:contextmenu=move |event| {
                event.prevent_default();
                on_menu.run((None, page::place_of(&event)));
            }
            style=("--row", move || format!("{}px", state.scroll.with(|s| s.row_height)))
        >
            <Headings places sorted on_sort on_width />
            <div
                class="grid-spacer"
                role="rowgroup"
                style:height=move || format!("{}px", state.scroll.with(|s| s.spacer()))
            >
                <For each=move || 0..slots.get() key=|number| *number let:number>
                    <GridRow state places cell row=row.clone() number slots on_open on_menu />
                </For>
            </div>
        </div>
    }
}

/// Keeps position, scrollbar and size of the grid's element in step.
fn follow(state: GridState, body: NodeRef<html::Div>) {
    Effect::new(move |_| {
        if let Some(element) = body.get() {
            page::observe_size(&element, move |width, height| {
                state.width.set(width);
                state.scroll.update(|s| *s = Scroll { view: (height - HEAD_HEIGHT).max(0.0), ..*s }.clamped());
            });
        }
    });
    // The scrollbar follows the position; where the user moved the scrollbar, it is there already.
    Effect::new(move |_| {
        let (bar, Some(element)) = (state.scroll.with(|s| s.bar()), body.get()) else { return };
        if (f64::from(element.scroll_top()) - bar).abs() > 1.0 {
            element.set_scroll_top(bar as i32);
        }
    });
}

fn scrolled(state: GridState, body: NodeRef<html::Div>) {
    let Some(element) = body.get_untracked() else { return };
    let bar = f64::from(element.scroll_top());
    // A pixel of the scrollbar of a long list is many rows: what only rounding moved stays where it is.
    if (state.scroll.with_untracked(|s| s.bar()) - bar).abs() > 1.0 || !is_scaled(state) {
        state.scroll.update(|s| *s = s.at_bar(bar));
    }
}

fn wheeled(state: GridState, event: &WheelEvent) {
    if is_scaled(state) && event.delta_y() != 0.0 {
        event.prevent_default();
        let unit = if event.delta_mode() == 0 { 1.0 } else { state.scroll.with_untracked(|s| s.row_height) };
        state.scroll.update(|s| *s = s.by(event.delta_y() * unit));
    }
}

fn with_margin(scroll: &Scroll) -> (u64, u64) {
    let (first, count) = scroll.window();
    let from = first.saturating_sub(MARGIN);
    (from, (first + count + MARGIN).min(scroll.rows) - from)
}

fn is_scaled(state: GridState) -> bool {
    state.scroll.with_untracked(|s| s.is_scaled())
}

fn slot_id(slot: u64) -> String {
    format!("grid-slot-{slot}")
}

#[component]
fn GridRow<R, F>(
    state: GridState,
    places: Memo<Vec<Place>>,
    cell: fn(&R, &'static str) -> Cell,
    row: F,
    number: u64,
    slots: Memo<u64>,
    on_open: Callback<u64>,
    on_menu: Callback<(Option<u64>, (f64, f64))>,
) -> impl IntoView
where
    R: Clone + PartialEq + Send + Sync + 'static,
    F: Fn(u64) -> Option<R> + Clone + Send + Sync + 'static,
{
    // The row that falls to this slot, if it can be seen.
    let shown = Memo::new(move |_| {
        let ((first, count), slots) = (state.window(), slots.get());
        let row = first + (number + slots - first % slots) % slots;
        (row < first + count).then_some(row)
    });
    let content = Memo::new(move |_| shown.get().and_then(&row));
    // One effect for the whole row: it rewrites what differs and keeps the elements.
    let cells = move || {
        let content = content.get();
        let cell = |(number, place): (usize, &Place)| {
            let Cell { text, title, class } =
                content.as_ref().map(|row| cell(row, place.column.name)).unwrap_or_default();
            let title = title.unwrap_or_else(|| text.clone());
            view! {
                <div
                    role="gridcell"
                    aria-colindex=number + 1
                    class=format!("cell {} {class} {}", place.column.class, place.class())
                    title=title
                    style:width=format!("{}px", place.column.width)
                    style:left=place.left()
                >
                    {text}
                </div>
            }
        };
        places.with(|places| places.iter().enumerate().map(cell).collect_view())
    };
    let transform = move || {
        let offset = shown.get().map_or(-100.0, |n| state.scroll.with(|s| s.offset_of(n)));
        format!("translateY({offset}px)")
    };
    let is_selected = move || shown.get().is_some() && shown.get() == state.selected.get();
    view! {
        <div
            class="grid-row"
            role="row"
            id=slot_id(number)
            class:hidden=move || shown.get().is_none()
            class:striped=move || shown.get().is_some_and(|n| n % 2 == 1)
            class:selected=is_selected
            aria-selected=move || if is_selected() { "true" } else { "false" }
            aria-rowindex=move || shown.get().map(|n| n + 2)
            style:transform=transform
            on:click=move |_| {
                if let Some(row) = shown.get_untracked() {
                    on_open.run(row);
                }
            }
            on:contextmenu=move |event| {
                event.prevent_default();
                event.stop_propagation();
                on_menu.run((shown.get_untracked(), page::place_of(&event)));
            }
        >
            {cells}
        </div>
    }
}
