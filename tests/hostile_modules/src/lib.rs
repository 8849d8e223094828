//! Plugins that no compiler would make. `README.md` in this folder says what belongs here.

mod cases;
mod module;

pub use cases::{Case, cases};
