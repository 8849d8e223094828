//! Detector plugins in wasmtime: bytes of a file in, findings out, within limits.
//! `README.md` in this folder says what belongs here.

mod answer;
mod bindings;
mod fault;
mod inspect;
mod limits;
mod manifest;
mod plugin;
mod store;
mod ticker;

pub use bindings::exports::trailglass::detector::detector::{
    Batch, Column, Finding as PluginFinding, Grouping, Manifest, OptionSetting, OptionSpec, OptionValue, Severity,
};
pub use fault::{Cause, Limit, PluginFault, Stage};
pub use limits::Limits;
pub use plugin::{Answer, Host, Plugin};
pub use store::{LogLevel, LogLine};
