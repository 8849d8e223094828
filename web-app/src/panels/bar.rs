//! The bar at the top: name, search, more files, seal, theme, display.

use super::drop::Pickers;
use super::privacy::SealBadge;
use super::query::SearchBox;
use crate::command::Command;
use crate::kit::words::tr;
use crate::state::theme::{THEMES, Theme};
use crate::state::{App, Side};
use leptos::prelude::*;

/// The bar.
#[component]
pub fn Bar() -> impl IntoView {
    let app = App::of_page();
    let has_data = move || app.has_data();
    view! {
        <header class="bar">
            <h1 class="brand">
                <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                    <circle cx="8" cy="8" r="6.5" />
                    <path d="M3.5 9.5 6.5 7l3 2 3-3.5" />
                </svg>
                "Trailglass"
            </h1>
            <Show when=has_data fallback=|| view! { <span class="bar-space" /> }>
                <SearchBox />
                <div class="bar-files">
                    <Pickers id="add" for_files=tr("Add files…") for_folder=tr("Add a folder…") />
                </div>
            </Show>
            <SealBadge />
            <ThemeChoice />
            <button
                class="plain icon-button"
                id="show-display"
                aria-label=tr("Display")
                title=tr("Display: time zone and style (d)")
                aria-expanded=move || if app.side.get() == Side::Display { "true" } else { "false" }
                on:click=move |_| app.run(Command::ShowDisplay)
            >
                <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                    <circle cx="8" cy="8" r="6" />
                    <path d="M8 4.5V8l2.5 1.5" />
                </svg>
            </button>
            <button
                class="plain icon-button"
                aria-label=tr("Keys")
                title=tr("Keys (?)")
                on:click=move |_| app.toggle(Side::Keys)
            >
                "?"
            </button>
        </header>
    }
}

#[component]
fn ThemeChoice() -> impl IntoView {
    let theme = App::of_page().theme;
    view! {
        <select
            id="theme"
            aria-label=tr("Theme")
            on:change=move |event| {
                if let Some(chosen) = Theme::from_name(&event_target_value(&event)) {
                    theme.choose(chosen);
                }
            }
        >
            {THEMES
                .into_iter()
                .map(|t| {
                    view! {
                        <option value=t.name() selected=move || theme.chosen.get() == t>
                            {tr(t.label())}
                        </option>
                    }
                })
                .collect_view()}
        </select>
    }
}
