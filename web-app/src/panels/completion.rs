//! The list of what can be put into the search box. The focus stays in the box: it names the choice that the keys are at.

use crate::kit::format::count;
use crate::kit::words::tr;
use crate::state::{App, Choice, Completing};
use leptos::prelude::*;

/// Id of the list.
pub const COMPLETIONS_ID: &str = "completions";

/// Id of the choice that the keys are at.
pub fn active_id(completing: Completing) -> Option<String> {
    completing.active.get().map(id_of)
}

fn id_of(number: usize) -> String {
    format!("completion-{number}")
}

/// What a key means to the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meant {
    /// Offer something.
    Open,
    /// Go so many choices down.
    Step(isize),
    /// Put this choice into the query.
    Accept(usize),
    /// Offer nothing more.
    Close,
}

/// What a key means while the list has so many choices and this one is active; `None` if it has its own meaning. Enter
/// runs the search unless the user went to a choice.
pub fn meant(key: &str, choices: usize, active: Option<usize>) -> Option<Meant> {
    match key {
        "ArrowDown" if choices == 0 => Some(Meant::Open),
        _ if choices == 0 => None,
        "ArrowDown" => Some(Meant::Step(1)),
        "ArrowUp" => Some(Meant::Step(-1)),
        "Enter" => active.map(Meant::Accept),
        "Tab" => Some(Meant::Accept(active.unwrap_or(0))),
        "Escape" => Some(Meant::Close),
        _ => None,
    }
}

/// The list.
#[component]
pub fn Completions(
    /// Gets the number of the choice that was clicked.
    #[prop(into)]
    on_choice: Callback<usize>,
) -> impl IntoView {
    let completing = App::of_page().completing;
    let choice = move |(number, choice): (usize, Choice)| {
        let is_active = move || completing.active.get() == Some(number);
        view! {
            <li
                id=id_of(number)
                class="completion"
                class:active=is_active
                role="option"
                aria-selected=move || if is_active() { "true" } else { "false" }
                // The focus stays where it is.
                on:mousedown=|event| event.prevent_default()
                on:click=move |_| on_choice.run(number)
            >
                <span class="completion-label" class:value={choice.count.is_some()}>{choice.label}</span>
                <span class="completion-doc">{tr(choice.doc)}</span>
                <span class="completion-count">{choice.count.map(count)}</span>
            </li>
        }
    };
    view! {
        <ul
            id=COMPLETIONS_ID
            class="completions"
            class:hidden=move || !completing.is_open()
            role="listbox"
            aria-label=tr("Completions")
        >
            {move || completing.choices.get().into_iter().enumerate().map(choice).collect_view()}
        </ul>
    }
}

/// The byte of a text in front of which so many UTF-16 units stand, as browsers count them.
pub fn byte_at(text: &str, units: usize) -> usize {
    let mut passed = 0;
    let behind = text.char_indices().find(|(_, letter)| {
        let is_behind = passed >= units;
        passed += letter.len_utf16();
        is_behind
    });
    behind.map_or(text.len(), |(byte, _)| byte)
}

/// How many UTF-16 units stand before a byte of a text.
pub fn units_before(text: &str, byte: usize) -> usize {
    text.get(..byte).unwrap_or(text).encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys() {
        let check = |key, choices, active, expected| assert_eq!(meant(key, choices, active), expected, "{key}");
        check("ArrowDown", 0, None, Some(Meant::Open));
        check("ArrowDown", 2, None, Some(Meant::Step(1)));
        check("ArrowUp", 2, None, Some(Meant::Step(-1)));
        check("ArrowUp", 0, None, None);
        check("Enter", 2, None, None);
        check("Enter", 2, Some(1), Some(Meant::Accept(1)));
        check("Tab", 2, None, Some(Meant::Accept(0)));
        check("Tab", 0, None, None);
        check("Escape", 2, None, Some(Meant::Close));
        check("Escape", 0, None, None);
        check("a", 2, Some(0), None);
    }

    #[test]
    fn places() {
        for (text, units, byte) in [("", 0, 0), ("abc", 2, 2), ("é東𝒳x", 1, 2), ("é東𝒳x", 2, 5), ("é東𝒳x", 4, 9)]
        {
            assert_eq!(byte_at(text, units), byte, "{text}");
            assert_eq!(units_before(text, byte), units, "{text}");
        }
        assert_eq!(byte_at("ab", 7), 2);
    }
}
