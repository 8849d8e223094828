//! The button below a list that shows its rest, or hides it again.

use super::format::count;
use super::words::{tr, tr_with};
use leptos::prelude::*;

/// The button; nothing, while the list has no rest.
#[component]
pub fn More(
    /// Whether all of the list is shown.
    is_whole: RwSignal<bool>,
    /// How many lines the rest has.
    rest: Signal<usize>,
) -> impl IntoView {
    let text = move || match is_whole.get() {
        true => tr("Show fewer").to_owned(),
        false => tr_with("Show {} more", &[&count(rest.get() as u64)]),
    };
    view! {
        <Show when=move || { rest.get() > 0 }>
            <button class="plain small values-more" on:click=move |_| is_whole.update(|w| *w = !*w)>
                {text}
            </button>
        </Show>
    }
}
