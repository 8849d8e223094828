//! The worker's end of the wire.

use super::files::forever;
use super::workers::Message;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Calls `receive` with every message of the page.
pub fn listen(mut receive: impl FnMut(Message) + 'static) {
    let callback = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| receive(event.data()));
    scope().set_onmessage(Some(&forever(callback)));
}

/// Sends a message to the page.
pub fn post(message: &Message) -> Result<(), String> {
    scope().post_message(message).map_err(|error| super::files::describe(&error))
}

/// Lets the messages that wait be handled before the caller goes on.
pub async fn breathe() {
    // A resolved promise would run before the next message. Reading an empty blob takes a turn of the event loop,
    // and unlike a timer it is not slowed down in a hidden tab.
    if let Ok(empty) = web_sys::Blob::new() {
        let _ = wasm_bindgen_futures::JsFuture::from(empty.array_buffer()).await;
    }
}

/// Milliseconds since the worker was started.
pub fn now_ms() -> f64 {
    scope().performance().map_or(0.0, |p| p.now())
}

/// A number that nobody can foresee, for the seed of the hash tables.
pub fn seed() -> u64 {
    let half = || u64::from((js_sys::Math::random() * f64::from(u32::MAX)) as u32);
    half() << 32 | half()
}

/// Runs a task that waits for the browser in between.
pub fn spawn(task: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(task);
}

/// Makes an error known to the page, whose handler for this worker's errors gets it.
pub fn throw(why: &str) {
    wasm_bindgen::throw_str(why);
}
