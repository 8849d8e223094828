//! Widgets without a domain.

pub mod columns;
pub mod drawer;
pub mod format;
pub mod grid;
pub mod histogram;
pub mod menu;
pub mod scroll;
pub mod section;
pub mod ticks;
pub mod tree;
