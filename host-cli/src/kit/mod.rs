//! What authors of plugins use. `README.md` in this folder says what belongs here.

pub mod bench;
pub mod build;
pub mod cases;
mod languages;
pub mod project;
pub mod purity;
pub mod template;
