//! ATT&CK's matrix of what was found: a list of techniques for each tactic, side by side where there is room. A choice lists
//! only findings of it.

use crate::command::Command;
use crate::kit::format::{count, counted, counted_with, visible};
use crate::kit::words::{tr, tr_with};
use crate::platform::page;
use crate::state::App;
use crate::state::findings::{Cell, Matrix, Tactic};
use analyzer_core::detect::sigma::TACTICS;
use analyzer_core::detect::techniques::{tactic_name, technique};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// Id of the dialog, for those who open it.
pub const MATRIX_ID: &str = "matrix";

/// The attribute that says where in the matrix an element is: its column and its row there, both from 0.
const PLACE: &str = "data-place";

/// The dialog; closed until it is asked for.
#[component]
pub fn MatrixDialog() -> impl IntoView {
    let app = App::of_page();
    let view = app.findings_view;
    let columns = move || {
        view.arranged.with(|it| {
            let tactics = it.matrix.tactics.iter().enumerate();
            tactics.map(|(number, tactic)| column(app, number, tactic)).collect_view()
        })
    };
    view! {
        <dialog
            id=MATRIX_ID
            class="matrix-dialog"
            aria-labelledby="matrix-title"
            on:mousedown=|event| page::close_if_target(&event, MATRIX_ID)
        >
            <div class="matrix-box" on:keydown=move |event| press(app, &event)>
                <header class="matrix-head">
                    <h2 id="matrix-title">"ATT&CK"</h2>
                    <p class="faint">{move || view.arranged.with(|it| told(&it.matrix))}</p>
                    <button
                        class="plain icon-button"
                        aria-label=tr("Close")
                        title=tr("Close (Esc)")
                        on:click=move |_| page::close_dialog(MATRIX_ID)
                    >
                        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                            <path d="M4 4l8 8M12 4l-8 8" />
                        </svg>
                    </button>
                </header>
                <div class="matrix-columns">{columns}</div>
            </div>
        </dialog>
    }
}

/// Tactics of which nothing was found, and findings that name none.
fn told(matrix: &Matrix) -> String {
    let is_there = |id: &str| matrix.tactics.iter().any(|tactic| tactic.id == id);
    let missing: Vec<String> =
        TACTICS.iter().filter(|(id, _)| !is_there(id)).filter_map(|(id, _)| tactic_name(id)).collect();
    let mut text = match (matrix.tactics.is_empty(), missing.as_slice()) {
        (true, _) => tr("Nothing was found that names a tactic.").to_owned(),
        (false, []) => tr("Every tactic was found.").to_owned(),
        (false, missing) => tr_with("Nothing of: {}.", &[&missing.join(", ").to_lowercase()]),
    };
    if matrix.without > 0 {
        text.push(' ');
        let without = matrix.without as u64;
        text.push_str(&counted_with(without, "{} finding names no tactic.", "{} findings name no tactic.", &[]));
    }
    text
}

fn column(app: App, number: usize, tactic: &Tactic) -> AnyView {
    let Tactic { id, cell, techniques } = tactic;
    let name = tactic_name(id).unwrap_or_else(|| (*id).to_owned());
    let cells = techniques.iter().enumerate().map(|(row, (id, cell))| {
        let name = technique(id).map_or_else(|| visible(id), |it| short(it.name).to_owned());
        view! { <li>{button(app, (number, row + 1), id.clone(), name, *cell)}</li> }
    });
    let label = name.clone();
    view! {
        <section class="matrix-column" aria-label=label>
            <h3>{button(app, (number, 0), (*id).to_owned(), name, *cell)}</h3>
            <ul>{cells.collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// `Cloud Accounts` of `Valid Accounts: Cloud Accounts`: the id says the rest.
fn short(name: &str) -> &str {
    name.split_once(": ").map_or(name, |(_, part)| part)
}

fn button(app: App, (column, row): (usize, usize), id: String, name: String, cell: Cell) -> impl IntoView {
    let worst = cell.worst.name();
    let told = tr_with("{}, {} at worst", &[&counted(cell.count as u64, "finding", "findings"), tr(worst)]);
    let shown = visible(&id);
    let kept = StoredValue::new(id);
    let is_wanted =
        move || app.findings_view.wanted.with(|wanted| kept.with_value(|id| wanted.attack.as_ref() == Some(id)));
    view! {
        <button
            class=format!("matrix-cell {worst}")
            id=id_of(column, row)
            data-place=format!("{column}-{row}")
            aria-pressed=move || if is_wanted() { "true" } else { "false" }
            title=told
            on:click=move |_| {
                kept.with_value(|id| app.findings_view.toggle_attack(id));
                page::close_dialog(MATRIX_ID);
                app.run(Command::FocusFindings);
            }
        >
            <span class="matrix-name">{name}</span>
            " "
            <span class="matrix-id">{shown}</span>
            " "
            <span class="matrix-count">{count(cell.count as u64)}</span>
        </button>
    }
}

fn id_of(column: usize, row: usize) -> String {
    format!("matrix-{column}-{row}")
}

/// Arrows go from cell to cell, and the key that opened the matrix closes it.
fn press(app: App, event: &KeyboardEvent) {
    if event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    if event.key() == "T" {
        page::close_dialog(MATRIX_ID);
        event.prevent_default();
        // The page would open it again.
        event.stop_propagation();
        return;
    }
    if event.shift_key() {
        return;
    }
    let place = page::attribute_at_focus(PLACE).and_then(|place| {
        let (column, row) = place.split_once('-')?;
        Some((column.parse().ok()?, row.parse().ok()?))
    });
    let heights: Vec<usize> = app
        .findings_view
        .arranged
        .with_untracked(|it| it.matrix.tactics.iter().map(|tactic| tactic.techniques.len() + 1).collect());
    if let Some((column, row)) = next_place(&event.key(), place, &heights) {
        page::focus(&id_of(column, row));
        event.prevent_default();
    }
}

/// Where a key leads from a place (column and row) among columns of these heights; `None` for keys that lead nowhere.
fn next_place(key: &str, place: Option<(usize, usize)>, heights: &[usize]) -> Option<(usize, usize)> {
    let (by_column, by_row) = match key {
        "ArrowLeft" => (-1, 0),
        "ArrowRight" => (1, 0),
        "ArrowUp" => (0, -1),
        "ArrowDown" => (0, 1),
        "Home" => (isize::MIN, 0),
        "End" => (isize::MAX, 0),
        _ => return None,
    };
    let last = heights.len().checked_sub(1)?;
    let Some((column, row)) = place else { return Some((0, 0)) };
    let column = column.saturating_add_signed(by_column).min(last);
    let bottom = heights.get(column)?.saturating_sub(1);
    Some((column, row.saturating_add_signed(by_row).min(bottom)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use analyzer_core::detect::Severity;

    #[test]
    fn arrows_stay_in_the_matrix() {
        let check = |key, place, expected| assert_eq!(next_place(key, place, &[3, 1, 2]), expected, "{key} {place:?}");
        check("ArrowDown", None, Some((0, 0)));
        check("ArrowDown", Some((0, 1)), Some((0, 2)));
        check("ArrowDown", Some((0, 2)), Some((0, 2)));
        check("ArrowUp", Some((0, 0)), Some((0, 0)));
        check("ArrowRight", Some((0, 2)), Some((1, 0)));
        check("ArrowRight", Some((2, 1)), Some((2, 1)));
        check("ArrowLeft", Some((0, 1)), Some((0, 1)));
        check("End", Some((0, 1)), Some((2, 1)));
        check("Home", Some((2, 1)), Some((0, 1)));
        check("a", Some((0, 0)), None);
        assert_eq!(next_place("ArrowDown", None, &[]), None);
    }

    #[test]
    fn says_what_was_not_found() {
        let cell = Cell { count: 1, worst: Severity::Low };
        let of = |ids: &[&'static str], without| {
            told(&Matrix {
                tactics: ids.iter().map(|&id| Tactic { id, cell, techniques: Vec::new() }).collect(),
                without,
            })
        };
        assert_eq!(of(&[], 0), "Nothing was found that names a tactic.");
        assert_eq!(of(&[], 1), "Nothing was found that names a tactic. 1 finding names no tactic.");
        let all: Vec<&str> = TACTICS.iter().map(|(id, _)| *id).collect();
        assert_eq!(of(&all, 2), "Every tactic was found. 2 findings name no tactic.");
        assert_eq!(of(&all[2..], 0), "Nothing of: reconnaissance, resource development.");
        assert_eq!(short("Valid Accounts: Cloud Accounts"), "Cloud Accounts");
        assert_eq!(short("Brute Force"), "Brute Force");
    }
}
