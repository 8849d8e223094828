//! What every host of plugins does alike: it reads, checks, limits, batches and judges. `README.md` in `src` says what belongs
//! here.

pub mod answer;
pub mod batch;
mod fault;
mod inspect;
mod limits;
mod manifest;
mod nesting;
mod numbers;
pub mod settings;
mod terms;

pub use fault::{Cause, Limit, PluginFault, Stage};
pub use inspect::{Inspected, first_line, inspect, unfit};
pub use limits::{LimitName, Limits, TABLE, read_limit};
pub use manifest::{
    BYTES as MANIFEST_BYTES, check as check_manifest, described, detector, id_is_taken, query_is_wrong,
};
pub use nesting::check_nesting;
pub use numbers::{counted, grouped};
pub use terms::{
    Batch, Column, Grouping, LogLevel, LogLine, Manifest, OptionSetting, OptionSpec, OptionValue, PluginFinding,
};
