//! Detector plugins in wasmtime: bytes of a file in, findings out, within limits.
//! `README.md` in this folder says what belongs here.

mod bindings;
mod cache;
mod engines;
mod plugin;
mod store;
mod ticker;

pub use cache::{Cache, default_folder};
pub use plugin::{Answer, Host, Plugin};
