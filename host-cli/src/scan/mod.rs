//! From paths to findings. `README.md` in this folder says what belongs here.

pub mod ask;
mod batch;
pub mod plugins;
pub mod rules;
pub mod shards;
pub mod walk;

pub use batch::judge;
