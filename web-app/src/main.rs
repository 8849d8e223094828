//! Mounts the page. `web-app/boot.js` calls [`open_session`] once the page is sealed.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

fn main() {
    web_app::mount();
}

/// Starts the workers and opens the drop zone: the last step of the boot order.
#[wasm_bindgen]
pub fn open_session(kit: &JsValue) {
    web_app::open_session(kit);
}
