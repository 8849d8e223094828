//! Widgets without a domain.

pub mod bars;
pub mod columns;
pub mod drawer;
pub mod format;
pub mod grid;
pub mod histogram;
pub mod marks;
pub mod menu;
pub mod more;
pub mod scroll;
pub mod section;
pub mod ticks;
pub mod time;
pub mod tree;
pub mod words;
