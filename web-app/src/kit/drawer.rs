//! A panel at the side, with a title and a way out.

use super::words::tr;
use leptos::prelude::*;

/// The drawer. It does not take the focus, so that the keys go on moving through what stands beside it.
#[component]
pub fn Drawer(
    /// Its heading.
    #[prop(into)]
    title: Signal<String>,
    /// Called when the user closes it.
    on_close: Callback<()>,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    view! {
        <aside class="drawer" aria-label=move || title.get()>
            <header class="drawer-head">
                <h2 class="drawer-title">{move || title.get()}</h2>
                <button class="plain icon-button" aria-label=tr("Close") title=tr("Close (Esc)") on:click=move |_| on_close.run(())>
                    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                        <path d="M4 4l8 8M12 4l-8 8" />
                    </svg>
                </button>
            </header>
            // In the order of Tab, for those who scroll by keys.
            <div class="drawer-body" tabindex="0" role="group" aria-label=move || title.get()>
                {children()}
            </div>
        </aside>
    }
}
