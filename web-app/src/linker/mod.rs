//! Runs plugins with the browser's own engine. `README.md` in this folder says how.

pub mod abi;
pub mod plan;
pub mod plugin;
