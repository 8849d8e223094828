//! Marks in a row above a chart: each is a button at its place. One of them is in the order of Tab, and the arrows go from
//! one to the next.

use crate::platform::page;
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

/// A mark is so wide, in CSS pixels: the same number as in the style sheet.
pub const MARK_WIDTH: f64 = 24.0;

/// A mark.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Where it stands, as a fraction of the width.
    pub place: f64,
    /// What it looks like: a character, and a class for its colour.
    pub glyph: &'static str,
    /// The class.
    pub class: &'static str,
    /// What it says.
    pub label: String,
    /// Whether it is the chosen one.
    pub is_chosen: bool,
}

/// The row.
#[component]
pub fn Marks(
    /// Its id; those of the marks begin with it.
    id: &'static str,
    /// What it holds.
    label: &'static str,
    /// The marks, from the left.
    #[prop(into)]
    marks: Signal<Vec<Mark>>,
    /// Told how wide the row is, in CSS pixels.
    width: RwSignal<f64>,
    /// Called with the number of the mark that is chosen.
    on_choice: Callback<usize>,
) -> impl IntoView {
    let row = NodeRef::<html::Ul>::new();
    Effect::new(move |_| {
        if let Some(element) = row.get() {
            page::observe_size(&element, move |wide, _| {
                // The row may be gone before its last message is.
                width.try_set(wide);
            });
        }
    });
    let active = RwSignal::new(0);
    let count = move || marks.with(Vec::len);
    let current = move || active.get().min(count().saturating_sub(1));
    let press = move |event: KeyboardEvent| {
        let Some(next) = stepped(&event.key(), untrack(current), untrack(count)) else { return };
        event.prevent_default();
        // The page has meanings of its own for these keys.
        event.stop_propagation();
        active.set(next);
        page::focus(&id_of(id, next));
    };
    let mark = move |number: usize| {
        let part = Memo::new(move |_| marks.with(|marks| marks.get(number).cloned()));
        let told = move |tell: fn(&Mark) -> String| part.with(|mark| mark.as_ref().map(tell));
        view! {
            <li>
                <button
                    id=id_of(id, number)
                    class=move || format!("mark {}", part.with(|mark| mark.as_ref().map_or("", |mark| mark.class)))
                    style:left=move || told(|mark| format!("{:.3}%", mark.place * 100.0))
                    tabindex=move || if current() == number { "0" } else { "-1" }
                    title=move || told(|mark| mark.label.clone())
                    aria-label=move || told(|mark| mark.label.clone())
                    aria-pressed=move || {
                        if part.with(|mark| mark.as_ref().is_some_and(|mark| mark.is_chosen)) { "true" } else { "false" }
                    }
                    on:click=move |_| {
                        active.set(number);
                        on_choice.run(number);
                    }
                >
                    {move || told(|mark| mark.glyph.to_owned())}
                </button>
            </li>
        }
    };
    view! {
        <ul id=id class="marks" aria-label=label node_ref=row on:keydown=press>
            <For each=move || 0..count() key=|number| *number let:number>
                {mark(number)}
            </For>
        </ul>
    }
}

fn id_of(id: &str, number: usize) -> String {
    format!("{id}-{number}")
}

/// The mark that a key leads to.
fn stepped(key: &str, from: usize, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match key {
        "ArrowLeft" => Some(from.saturating_sub(1)),
        "ArrowRight" => Some((from + 1).min(last)),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys() {
        let check = |key, from, count, expected| assert_eq!(stepped(key, from, count), expected, "{key} {from}");
        check("ArrowRight", 0, 3, Some(1));
        check("ArrowRight", 2, 3, Some(2));
        check("ArrowLeft", 0, 3, Some(0));
        check("Home", 2, 3, Some(0));
        check("End", 0, 3, Some(2));
        check("End", 0, 0, None);
        check("ArrowDown", 0, 3, None);
    }
}
