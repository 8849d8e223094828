//! Widgets without a domain.

pub mod bars;
pub mod drawer;
pub mod format;
pub mod grid;
pub mod histogram;
pub mod marks;
pub mod scroll;
pub mod section;
pub mod ticks;
pub mod tree;
