//! From paths to findings. `README.md` in this folder says what belongs here.

pub mod ask;
mod in_parallel;
mod judge;
pub mod plugins;
pub mod rules;
pub mod shards;
pub mod walk;
pub mod wishes;

pub use judge::{Verdict, judge};
