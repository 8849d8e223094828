//! The page and its shards: one module, which is downloaded, compiled and kept once. In a tab it mounts the page, and
//! `web-app/boot.js` calls [`open_session`] once that is sealed; in a worker it is a shard.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

fn main() {
    if web_app::is_page() {
        web_app::mount();
    } else {
        web_app::shard::start();
    }
}

/// Starts the workers and opens the drop zone: the last step of the boot order.
#[wasm_bindgen]
pub fn open_session(kit: &JsValue) {
    web_app::open_session(kit);
}
