//! A titled part of a panel that can be closed.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// The part. Whether it is open is its owner's, so that it stays so when the part is drawn anew.
#[component]
pub fn Section(
    /// Its heading.
    title: &'static str,
    /// Its id.
    id: &'static str,
    /// Whether its content shows.
    is_open: RwSignal<bool>,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    let toggle = move |event: MouseEvent| {
        // The browser would open it, too.
        event.prevent_default();
        is_open.update(|open| *open = !*open);
    };
    view! {
        <details class="section" id=id prop:open=is_open>
            <summary on:click=toggle>{title}</summary>
            {children()}
        </details>
    }
}
