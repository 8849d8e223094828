//! The contract's types as plain data: `plugins/contract/wit` documents every one of them.

use analyzer_core::detect::Severity;

/// Which selected events meet in one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grouping {
    /// Every event is a group of its own.
    EachEvent,
    /// Events with the same values of these fields.
    ByFields(Vec<String>),
    /// All selected events.
    AllEvents,
}

/// A value of an option; its case is the option's type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OptionValue {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Integer(i64),
    /// A piece of text.
    Text(String),
    /// Several pieces of text.
    Texts(Vec<String>),
}

/// An option that a plugin has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionSpec {
    /// Its name.
    pub name: String,
    /// One sentence about it.
    pub description: String,
    /// Its value when nothing is set, and its type.
    pub default: OptionValue,
}

/// The value of one option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionSetting {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: OptionValue,
}

/// What a plugin is and what it wants to see. Untrusted text, but for what `check_manifest` demands of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Its identity, from version to version.
    pub id: String,
    /// The title of its findings.
    pub name: String,
    /// Its own version.
    pub version: String,
    /// What it looks for and why that matters.
    pub description: String,
    /// Of its findings, unless one says otherwise.
    pub severity: Severity,
    /// ATT&CK tactics by id.
    pub tactics: Vec<String>,
    /// ATT&CK techniques by id.
    pub techniques: Vec<String>,
    /// Harmless causes of findings.
    pub false_positives: Vec<String>,
    /// Pages to read.
    pub references: Vec<String>,
    /// What can be set.
    pub options: Vec<OptionSpec>,
    /// Which events it needs, in the search language.
    pub select: String,
    /// The fields it reads.
    pub fields: Vec<String>,
    /// Which events belong together.
    pub grouping: Grouping,
}

/// The values of one field: distinct values, and a code for each place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Column<'a> {
    /// The distinct values. They stay where the host keeps them: a copy of each would take longer than the codes.
    pub values: Vec<&'a str>,
    /// For each place an index into `values`, or [`MISSING`](trailglass_contract::MISSING).
    pub codes: Vec<u32>,
}

/// Some whole groups of selected events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch<'a> {
    /// The host's number of each event, ascending.
    pub rows: Vec<u32>,
    /// eventTime in milliseconds since 1970, or [`NO_TIME`](trailglass_contract::NO_TIME).
    pub times: Vec<i64>,
    /// One column for each field of the manifest.
    pub columns: Vec<Column<'a>>,
    /// The place of the first event of each group.
    pub group_starts: Vec<u32>,
    /// One column for each field of the grouping, with a code for each group.
    pub group_keys: Vec<Column<'a>>,
}

/// What a plugin found. Untrusted until `answer::check` has seen it; its texts stay so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginFinding {
    /// The events, as numbers from [`Batch::rows`].
    pub rows: Vec<u32>,
    /// Why it fired.
    pub why: String,
    /// A title instead of the manifest's name.
    pub title: Option<String>,
    /// A severity instead of the manifest's.
    pub severity: Option<Severity>,
}

/// How much a log line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// Of use to the plugin's author only.
    Debug,
    /// Worth knowing.
    Info,
    /// Something looks wrong.
    Warning,
    /// Findings may be missing.
    Error,
}

/// A line that a plugin logged. Untrusted text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// How much it matters.
    pub level: LogLevel,
    /// The line, cut to its limit.
    pub message: String,
}
