//! How the page begins.

use crate::panels;
use crate::platform::page;
use crate::platform::workers::Message;
use crate::state::App;
use leptos::prelude::*;
use std::cell::Cell;

thread_local! {
    /// The page's state, for boot.js, which knows nothing of Leptos.
    static APP: Cell<Option<App>> = const { Cell::new(None) };
}

/// Whether this is a tab, and not one of its workers.
pub fn is_page() -> bool {
    page::is_here()
}

/// Draws the page in place of its static form.
pub fn mount() {
    let Some(place) = page::take_over("app") else { return };
    let handle = mount_to(place, || {
        let app = App::start();
        APP.set(Some(app));
        view! { <panels::Page app /> }
    });
    // The page lives as long as the tab.
    handle.forget();
}

/// The page is sealed: starts the workers with what boot.js loaded before.
pub fn open_session(kit: &Message) {
    if let Some(app) = APP.get() {
        app.open_session(kit);
    }
}
