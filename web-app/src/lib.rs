//! The face of Trailglass: one page, sealed, whose workers read CloudTrail logs.
//!
//! # The way of a file
//!
//! `platform::files` takes it out of a drop; `state` hands it to the `client`, which gives it to a worker; the worker's
//! `shard` reads it into a session of the core and says how far it is; the `panels` ask through `state` and `client`, the
//! shards answer, and the core's own functions merge what they say. The wire between them is `protocol`.
//!
//! # Constraints
//!
//! - Only `platform` touches the browser, and nothing at all can reach the network: `boot.js` takes it away before the
//!   first file, and the shipped modules import nothing that loads or sends.
//! - The interface thread never works longer than 50 ms: it merges small answers and draws.
//! - No style attributes in markup and no injected styles: the policy forbids both. Classes and `style:name=value` only.

pub mod client;
pub mod command;
pub mod kit;
pub mod linker;
pub mod panels;
pub mod platform;
pub mod plugin;
pub mod protocol;
pub mod shard;
pub mod state;

use leptos::prelude::*;
use platform::page;
use platform::workers::Message;
use state::App;
use std::cell::Cell;

thread_local! {
    /// The page's state, for boot.js, which knows nothing of Leptos.
    static APP: Cell<Option<App>> = const { Cell::new(None) };
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
