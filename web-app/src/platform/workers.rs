//! The page's end of the wire to one worker.

use super::files::{describe, forever};
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use web_sys::{ErrorEvent, MessageEvent, Worker};

/// A value that the browser carries between threads.
pub type Message = JsValue;

/// Bytes that the browser holds, outside of the memory of the page and of its workers.
pub type Buffer = Uint8Array;

/// A running worker.
#[derive(Clone)]
pub struct WorkerLink {
    worker: Worker,
}

/// Starts a worker and posts it the module that it instantiates. `receive` gets its messages, `failed` the message
/// of an error that nobody caught in it, after which it answers no more.
pub fn start(
    url: &str,
    module: &JsValue,
    mut receive: impl FnMut(Message) + 'static,
    mut failed: impl FnMut(String) + 'static,
) -> Result<WorkerLink, String> {
    let worker = Worker::new(url).map_err(|error| describe(&error))?;
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| receive(event.data()));
    worker.set_onmessage(Some(&forever(on_message)));
    let on_error = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| failed(event.message()));
    worker.set_onerror(Some(&forever(on_error)));
    worker.post_message(module).map_err(|error| describe(&error))?;
    Ok(WorkerLink { worker })
}

impl WorkerLink {
    /// Ends the worker at once, whatever it does. Messages that it has sent before may still come.
    pub fn end(&self) {
        self.worker.terminate();
    }

    /// Sends a message.
    pub fn post(&self, message: &Message) -> Result<(), String> {
        self.worker.post_message(message).map_err(|error| describe(&error))
    }
}
