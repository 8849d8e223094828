//! Why a plugin was not loaded, or stopped.

use std::fmt;

use crate::numbers::grouped;
use crate::terms::LogLine;

/// A plugin that was refused or stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginFault {
    /// The plugin, as the user named it.
    pub plugin: String,
    /// What it was doing.
    pub stage: Stage,
    /// What went wrong.
    pub cause: Cause,
    /// What the plugin had logged by then: where it panicked, say.
    pub log: Vec<LogLine>,
}

/// What a plugin was doing when it was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Nothing yet: the host was reading and compiling its file.
    Load,
    /// Its modules were being instantiated.
    Start,
    /// The export `describe`.
    Describe,
    /// The export `configure`.
    Configure,
    /// The export `detect`.
    Detect,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// It is no plugin that this host can run.
    Unfit {
        /// What is wrong with the file.
        reason: String,
        /// What to do about it.
        hint: &'static str,
    },
    /// It took more than it may.
    Limit {
        /// Of what.
        limit: Limit,
        /// How much it may take, in the limit's unit.
        allowed: u64,
    },
    /// It trapped: the engine's description.
    Trap(String),
    /// It answered with an error of its own: its sentence. Untrusted text.
    Refused(String),
    /// Its answer does not keep to the contract: how.
    BadAnswer(String),
}

/// Something that [`Limits`](super::Limits) bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Bytes of the file.
    FileBytes,
    /// Units of fuel.
    Fuel,
    /// Milliseconds.
    Time,
    /// Bytes of memory.
    Memory,
    /// Elements of tables.
    Tables,
    /// Core instances, memories or tables.
    Instances,
    /// Bytes of an answer.
    Answer,
    /// Findings.
    Findings,
    /// Bytes of text in a finding.
    FindingText,
}

impl PluginFault {
    /// What to do about it, if there is something to say.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self.cause {
            Cause::Unfit { hint, .. } => Some(hint),
            _ => None,
        }
    }
}

impl Limit {
    /// What the limit bounds, in words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::FileBytes => "bytes of a plugin file",
            Self::Fuel => "units of fuel",
            Self::Time => "milliseconds",
            Self::Memory => "bytes of memory",
            Self::Tables => "table elements",
            Self::Instances => "instances, memories or tables",
            Self::Answer => "bytes of an answer",
            Self::Findings => "findings",
            Self::FindingText => "bytes of text in a finding",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Load => "while it was loaded",
            Self::Start => "while it started",
            Self::Describe => "in describe",
            Self::Configure => "in configure",
            Self::Detect => "in detect",
        })
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unfit { reason, .. } => f.write_str(reason),
            Self::Limit { limit, allowed } => {
                write!(f, "it passed its limit of {} {}", grouped(*allowed), limit.name())
            }
            Self::Trap(what) => write!(f, "it trapped: {what}"),
            Self::Refused(why) => write!(f, "it reported an error: {why}"),
            Self::BadAnswer(what) => write!(f, "its answer breaks the contract: {what}"),
        }
    }
}

/// What went wrong comes first and the plugin's name last, as it may hold a path.
impl fmt::Display for PluginFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = if self.stage == Stage::Load { "refused" } else { "stopped" };
        write!(f, "plugin {verb} {}: {} ({})", self.stage, self.cause, self.plugin)
    }
}

impl std::error::Error for PluginFault {}
