//! What is printed. stdout is data; everything else goes to stderr, problems first and hints last.

pub mod account;
pub mod around;
pub mod bars;
pub mod cis;
pub mod escape;
pub mod events;
pub mod findings;
pub mod findings_report;
pub mod plugin;
pub mod progress;
pub mod report;
pub mod rules;
pub mod summary;
pub mod table;
pub mod tops;

pub use plugin_host::{counted, grouped};
