//! A virtual ARIA grid: as many elements as fit the view, over any number of rows.
//!
//! A slot is an element that shows whichever row falls to it (row number modulo the number of slots), so scrolling by a
//! row rewrites one slot and moves nothing else.

use super::scroll::Scroll;
use crate::platform::page;
use leptos::ev::WheelEvent;
use leptos::html;
use leptos::prelude::*;

/// Id of the grid, for those who move the focus to it. A page has one.
pub const GRID_ID: &str = "grid";
/// Height of a row in CSS pixels: the same number as in the style sheet.
pub const ROW_HEIGHT: f64 = 28.0;
/// Rows drawn beyond each edge of the view, for scrolling faster than the page is told of it.
const MARGIN: u64 = 6;

/// What a cell shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Its text; the full text is its tooltip too, since a cell may cut it off.
    pub text: String,
    /// A class beside the column's, or "".
    pub class: &'static str,
}

/// One column of a grid over rows of type `R`.
pub struct Column<R: 'static> {
    /// Its heading.
    pub label: &'static str,
    /// The class that gives it width and font.
    pub class: &'static str,
    /// The name by which rows are put into its order, if they can be.
    pub sort: Option<&'static str>,
    /// What it shows of a row.
    pub cell: fn(&R) -> Cell,
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
    /// Number of the selected row.
    pub selected: RwSignal<Option<u64>>,
}

impl GridState {
    /// A grid without rows.
    pub fn new() -> GridState {
        GridState {
            scroll: RwSignal::new(Scroll { row_height: ROW_HEIGHT, ..Scroll::default() }),
            selected: RwSignal::new(None),
        }
    }

    /// Tells how many rows there are; the view stays where it is if it can.
    pub fn set_rows(&self, rows: u64) {
        if self.scroll.with_untracked(|s| s.rows) != rows {
            self.scroll.update(|s| *s = Scroll { rows, ..*s }.clamped());
        }
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
    columns: &'static [Column<R>],
    /// What it shows, for those who hear it.
    label: &'static str,
    /// The content of a row.
    row: F,
    /// Called when a row is clicked.
    on_open: Callback<u64>,
    /// The order of the rows.
    #[prop(into)]
    sorted: Signal<Sorted>,
    /// Called with the name of a column whose heading is clicked.
    on_sort: Callback<&'static str>,
) -> impl IntoView
where
    R: Clone + PartialEq + Send + Sync + 'static,
    F: Fn(u64) -> Option<R> + Clone + Send + Sync + 'static,
{
    let body = NodeRef::<html::Div>::new();
    follow(state, body);
    let on_scroll = move |_| scrolled(state, body);
    let on_wheel = move |event: WheelEvent| wheeled(state, &event);
    let slots = Memo::new(move |_| (state.scroll.with(|s| s.view) / ROW_HEIGHT).ceil() as u64 + 1 + 2 * MARGIN);
    let active = move || {
        let (selected, (first, count)) = (state.selected.get()?, state.window());
        (first..first + count).contains(&selected).then(|| slot_id(selected % slots.get()))
    };
    view! {
        <div
            class="grid"
            id=GRID_ID
            role="grid"
            tabindex="0"
            aria-label=label
            aria-rowcount=move || state.rows() + 1
            aria-colcount=columns.len()
            aria-activedescendant=active
            node_ref=body
            on:scroll=on_scroll
            on:wheel=on_wheel
        >
            <div class="grid-head" role="row" aria-rowindex="1">
                {columns
                    .iter()
                    .map(|c| view! { <Heading label=c.label class=c.class sort=c.sort sorted on_sort /> })
                    .collect_view()}
            </div>
            <div
                class="grid-spacer"
                role="rowgroup"
                style:height=move || format!("{}px", state.scroll.with(|s| s.spacer()))
            >
                <For each=move || 0..slots.get() key=|number| *number let:number>
                    <GridRow state columns row=row.clone() number slots on_open />
                </For>
            </div>
        </div>
    }
}

/// The heading of a column. One that can be sorted by is a button.
#[component]
fn Heading(
    label: &'static str,
    class: &'static str,
    sort: Option<&'static str>,
    sorted: Signal<Sorted>,
    on_sort: Callback<&'static str>,
) -> impl IntoView {
    let Some(name) = sort else {
        return view! { <div role="columnheader" class=format!("cell {class}")>{label}</div> }.into_any();
    };
    let direction = move || match sorted.get() {
        (by, _) if by != name => "none",
        (_, Direction::Ascending) => "ascending",
        (_, Direction::Descending) => "descending",
    };
    view! {
        <div role="columnheader" class=format!("cell {class}") aria-sort=direction>
            <button class="plain grid-sort" title="Sort by this column" on:click=move |_| on_sort.run(name)>
                {label}
            </button>
        </div>
    }
    .into_any()
}

/// Keeps position, scrollbar and size of the grid's element in step.
fn follow(state: GridState, body: NodeRef<html::Div>) {
    Effect::new(move |_| {
        if let Some(element) = body.get() {
            page::observe_size(&element, move |_, height| {
                state.scroll.update(|s| *s = Scroll { view: (height - ROW_HEIGHT).max(0.0), ..*s }.clamped());
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
        let unit = if event.delta_mode() == 0 { 1.0 } else { ROW_HEIGHT };
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
    columns: &'static [Column<R>],
    row: F,
    number: u64,
    slots: Memo<u64>,
    on_open: Callback<u64>,
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
        let cell = |column: &Column<R>| {
            let Cell { text, class } = content.as_ref().map(column.cell).unwrap_or_default();
            let title = text.clone();
            view! {
                <div role="gridcell" class=format!("cell {} {class}", column.class) title=title>
                    {text}
                </div>
            }
        };
        columns.iter().map(cell).collect_view()
    };
    let transform = move || {
        let offset = shown.get().map_or(-ROW_HEIGHT, |n| state.scroll.with(|s| s.offset_of(n)));
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
        >
            {cells}
        </div>
    }
}
