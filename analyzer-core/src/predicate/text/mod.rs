//! Matchers of text.

mod glob;
mod needle;
mod network;
mod regex;

pub use glob::{Contains, Glob};
pub use needle::{Case, Needle};
pub use network::Network;
pub use regex::{MAX_PATTERN, MAX_PROGRAM, Regex};
