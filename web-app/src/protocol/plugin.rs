//! What the page and the worker of a plugin say to each other, and the twins of what plugins are described by.

use super::parcel::Parcel;
use super::twin::Finding;
use crate::platform::files::FileHandle;
use analyzer_core::detect::Severity;
use plugin_host::{Cause, Grouping, LogLevel, LogLine, Manifest, OptionSpec, OptionValue, PluginFault, Stage};
use serde::{Deserialize, Serialize};

/// From the page to a plugin's worker.
#[derive(Serialize, Deserialize)]
pub enum ToPlugin {
    /// Load this file: the first message.
    Load {
        /// What faults call it.
        name: String,
        /// What it may take, by the names of the table of limits; others are as they are by default.
        limits: Vec<(String, u64)>,
        /// What it is read through.
        #[serde(with = "serde_wasm_bindgen::preserve")]
        handle: FileHandle,
    },
    /// Judge what all shards selected for the plugin.
    Run {
        /// The options that are set.
        options: Vec<(String, Setting)>,
        /// The names of the fields that it groups by, as findings have them.
        by: Vec<String>,
        /// What each shard selected.
        selections: Vec<Parcel>,
    },
}

/// From a plugin's worker to the page.
#[derive(Serialize, Deserialize)]
pub enum FromPlugin {
    /// The worker is there and speaks this version.
    Ready(u32),
    /// The plugin begins something, in a call with so many events.
    At(Step, u64),
    /// It is loaded and has described itself.
    Loaded(Box<Card>),
    /// It cannot run.
    Refused(Trouble),
    /// It has judged a batch.
    Judged {
        /// Events that are judged by now.
        events: u64,
        /// All events that were selected.
        total: u64,
        /// What it found in the batch.
        findings: Vec<Finding>,
    },
    /// It logged a line: told at once, since it may never come back from the call.
    Logged(Line),
    /// It logged so many more lines since it was loaded or began to run.
    Dropped(u64),
    /// It has judged everything, or was stopped.
    Done(Option<Trouble>),
}

/// Twin of [`Stage`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Its file is read and compiled.
    Load,
    /// Its modules are instantiated.
    Start,
    /// It describes itself.
    Describe,
    /// It takes its options.
    Configure,
    /// It judges.
    Detect,
}

impl From<Stage> for Step {
    fn from(stage: Stage) -> Step {
        match stage {
            Stage::Load => Step::Load,
            Stage::Start => Step::Start,
            Stage::Describe => Step::Describe,
            Stage::Configure => Step::Configure,
            Stage::Detect => Step::Detect,
        }
    }
}

impl From<Step> for Stage {
    fn from(step: Step) -> Stage {
        match step {
            Step::Load => Stage::Load,
            Step::Start => Stage::Start,
            Step::Describe => Stage::Describe,
            Step::Configure => Stage::Configure,
            Step::Detect => Stage::Detect,
        }
    }
}

/// Why a plugin does not run, in words. Twin of [`PluginFault`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// What happened. Untrusted text.
    pub text: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// It passed a limit, which can be changed.
    pub is_limit: bool,
}

impl Trouble {
    /// Something with no more to say about it.
    pub fn plain(text: String) -> Trouble {
        Trouble { text, hint: None, is_limit: false }
    }
}

impl From<PluginFault> for Trouble {
    fn from(fault: PluginFault) -> Trouble {
        let is_limit = matches!(fault.cause, Cause::Limit { .. });
        Trouble { text: fault.to_string(), hint: fault.hint().map(str::to_owned), is_limit }
    }
}

/// Twin of [`LogLine`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// How much it matters, in a word.
    pub level: String,
    /// Untrusted text.
    pub message: String,
}

impl From<&LogLine> for Line {
    fn from(line: &LogLine) -> Line {
        let level = match line.level {
            LogLevel::Debug => "debug",
            LogLevel::Info => "info",
            LogLevel::Warning => "warning",
            LogLevel::Error => "error",
        };
        Line { level: level.to_owned(), message: line.message.clone() }
    }
}

/// What a plugin is. Its texts are its own, and untrusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// What it says of itself.
    pub profile: Profile,
    /// The SHA-256 of its file, in hexadecimal.
    pub digest: String,
    /// The size of its file in bytes.
    pub size: u64,
    /// The version of the contract that it was built for.
    pub contract: String,
    /// What it imports.
    pub imports: Vec<String>,
}

/// Twin of [`Manifest`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Its identity.
    pub id: String,
    /// The title of its findings.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it looks for.
    pub description: String,
    /// The severity of its findings, by name.
    pub severity: String,
    /// ATT&CK tactics.
    pub tactics: Vec<String>,
    /// ATT&CK techniques.
    pub techniques: Vec<String>,
    /// Harmless causes.
    pub false_positives: Vec<String>,
    /// Pages to read.
    pub references: Vec<String>,
    /// What can be set.
    pub options: Vec<Choice>,
    /// Which events it needs.
    pub select: String,
    /// The fields that it reads.
    pub fields: Vec<String>,
    /// Which events belong together.
    pub grouping: Together,
}

/// Twin of [`Grouping`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Together {
    /// Each event alone.
    #[default]
    Each,
    /// Those with the same values.
    By(Vec<String>),
    /// All.
    All,
}

/// Twin of [`OptionSpec`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Its name.
    pub name: String,
    /// What it does.
    pub description: String,
    /// Its value when nothing is set.
    pub default: Setting,
}

/// Twin of [`OptionValue`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Setting {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Integer(i64),
    /// A text.
    Text(String),
    /// Several texts.
    Texts(Vec<String>),
}

impl From<OptionValue> for Setting {
    fn from(value: OptionValue) -> Setting {
        match value {
            OptionValue::Flag(flag) => Setting::Flag(flag),
            OptionValue::Integer(number) => Setting::Integer(number),
            OptionValue::Text(text) => Setting::Text(text),
            OptionValue::Texts(texts) => Setting::Texts(texts),
        }
    }
}

impl From<Setting> for OptionValue {
    fn from(setting: Setting) -> OptionValue {
        match setting {
            Setting::Flag(flag) => OptionValue::Flag(flag),
            Setting::Integer(number) => OptionValue::Integer(number),
            Setting::Text(text) => OptionValue::Text(text),
            Setting::Texts(texts) => OptionValue::Texts(texts),
        }
    }
}

impl From<OptionSpec> for Choice {
    fn from(spec: OptionSpec) -> Choice {
        Choice { name: spec.name, description: spec.description, default: spec.default.into() }
    }
}

impl From<Choice> for OptionSpec {
    fn from(choice: Choice) -> OptionSpec {
        OptionSpec { name: choice.name, description: choice.description, default: choice.default.into() }
    }
}

impl From<Manifest> for Profile {
    fn from(m: Manifest) -> Profile {
        Profile {
            id: m.id,
            name: m.name,
            version: m.version,
            description: m.description,
            severity: m.severity.name().to_owned(),
            tactics: m.tactics,
            techniques: m.techniques,
            false_positives: m.false_positives,
            references: m.references,
            options: m.options.into_iter().map(Choice::from).collect(),
            select: m.select,
            fields: m.fields,
            grouping: match m.grouping {
                Grouping::EachEvent => Together::Each,
                Grouping::ByFields(fields) => Together::By(fields),
                Grouping::AllEvents => Together::All,
            },
        }
    }
}

impl From<Profile> for Manifest {
    fn from(p: Profile) -> Manifest {
        Manifest {
            id: p.id,
            name: p.name,
            version: p.version,
            description: p.description,
            severity: Severity::from_name(&p.severity).unwrap_or(Severity::Informational),
            tactics: p.tactics,
            techniques: p.techniques,
            false_positives: p.false_positives,
            references: p.references,
            options: p.options.into_iter().map(OptionSpec::from).collect(),
            select: p.select,
            fields: p.fields,
            grouping: match p.grouping {
                Together::Each => Grouping::EachEvent,
                Together::By(fields) => Grouping::ByFields(fields),
                Together::All => Grouping::AllEvents,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_is_the_same_on_the_other_side() {
        let option = |name: &str, default| OptionSpec { name: name.to_owned(), description: "d".to_owned(), default };
        for grouping in [Grouping::EachEvent, Grouping::ByFields(vec!["a".to_owned()]), Grouping::AllEvents] {
            let manifest = Manifest {
                id: "a-b".to_owned(),
                name: "N".to_owned(),
                version: "1".to_owned(),
                description: "D".to_owned(),
                severity: Severity::High,
                tactics: vec!["TA0001".to_owned()],
                techniques: vec!["T1".to_owned()],
                false_positives: vec!["f".to_owned()],
                references: vec!["r".to_owned()],
                options: vec![
                    option("flag", OptionValue::Flag(true)),
                    option("integer", OptionValue::Integer(i64::MIN)),
                    option("text", OptionValue::Text("t".to_owned())),
                    option("texts", OptionValue::Texts(vec!["u".to_owned()])),
                ],
                select: "eventName:a".to_owned(),
                fields: vec!["a".to_owned()],
                grouping,
            };
            assert_eq!(Manifest::from(Profile::from(manifest.clone())), manifest);
        }
    }
}
