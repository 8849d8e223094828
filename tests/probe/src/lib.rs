#![doc = include_str!("../README.md")]

mod dump;
#[cfg(target_arch = "wasm32")]
mod exports;
mod input;

pub use dump::dump;
pub use input::{File, Input};
