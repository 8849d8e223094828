//! Preferences that outlive the tab. Never anything that was read from a log.

use web_sys::Storage;

/// A browser may refuse storage (private windows, policies): preferences then last as long as the tab.
fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// The preference kept under this name.
pub fn recall(name: &str) -> Option<String> {
    storage()?.get_item(name).ok()?
}

/// Keeps a preference.
pub fn remember(name: &str, value: &str) {
    if let Some(storage) = storage() {
        // A full storage is no reason to disturb anyone over a colour.
        let _ = storage.set_item(name, value);
    }
}
