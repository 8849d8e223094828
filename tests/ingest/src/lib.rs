//! What must hold of the ingest, and of what else reads bytes of anybody, whatever bytes come. See the README of this folder.

// What does not hold is to fail, loudly.
#![allow(clippy::unwrap_used, clippy::expect_used)]

pub mod cut;
mod inflate;
mod metric;
pub mod oracle;
mod plugin;
pub mod reading;
mod record;
mod rules;
mod sniff;
mod split;

pub use inflate::inflate;
pub use metric::metric;
pub use plugin::plugin;
pub use record::{agree, record};
pub use rules::rules;
pub use sniff::sniff;
pub use split::split;

/// Panics when something does not hold for these bytes.
pub type Body = fn(&[u8]);

/// The bodies of the fuzz targets, by the names of these.
pub const BODIES: [(&str, Body); 7] = [
    ("sniff", sniff),
    ("inflate", inflate),
    ("split", split),
    ("record", record),
    ("metric", metric),
    ("rules", rules),
    ("plugin", plugin),
];
