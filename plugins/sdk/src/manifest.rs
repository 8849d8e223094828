//! What a detector says about itself, as constants, and its form on the wire.

use crate::bindings::exports::trailglass::detector::detector as wire;
use crate::{Severity, Value};

/// What a detector is and what it wants to see. Bounds and meaning of every item are those of
/// the contract (`plugins/contract/wit`).
#[derive(Debug, Clone, Copy)]
pub struct Manifest {
    /// Lower-case words with dashes; the same from version to version.
    pub id: &'static str,
    /// The title of its findings, in sentence case.
    pub name: &'static str,
    /// The detector's version; usually `env!("CARGO_PKG_VERSION")`.
    pub version: &'static str,
    /// What it looks for and why that matters: one to three sentences.
    pub description: &'static str,
    /// The severity of a finding that names no other.
    pub severity: Severity,
    /// ATT&CK tactics by id: `TA0001`.
    pub tactics: &'static [&'static str],
    /// ATT&CK techniques by id: `T1078.004`.
    pub techniques: &'static [&'static str],
    /// Harmless things that can cause a finding.
    pub false_positives: &'static [&'static str],
    /// Addresses of pages to read.
    pub references: &'static [&'static str],
    /// What whoever runs the detector may set.
    pub options: &'static [OptionSpec],
    /// Which events it needs, in the search language. Empty selects every event.
    pub select: &'static str,
    /// The fields it reads, by name or dotted path into the record.
    pub fields: &'static [&'static str],
    /// Which of the selected events belong together.
    pub grouping: Grouping,
}

impl Manifest {
    /// A manifest with nothing in it, to fill the rest of a literal: `..Manifest::NOTHING`.
    pub const NOTHING: Self = Self {
        id: "",
        name: "",
        version: "",
        description: "",
        severity: Severity::Medium,
        tactics: &[],
        techniques: &[],
        false_positives: &[],
        references: &[],
        options: &[],
        select: "",
        fields: &[],
        grouping: Grouping::EachEvent,
    };

    pub(crate) fn to_wire(self) -> wire::Manifest {
        wire::Manifest {
            id: self.id.to_owned(),
            name: self.name.to_owned(),
            version: self.version.to_owned(),
            description: self.description.to_owned(),
            severity: self.severity,
            tactics: owned(self.tactics),
            techniques: owned(self.techniques),
            false_positives: owned(self.false_positives),
            references: owned(self.references),
            options: self.options.iter().map(|&spec| spec.to_wire()).collect(),
            select: self.select.to_owned(),
            fields: owned(self.fields),
            grouping: match self.grouping {
                Grouping::EachEvent => wire::Grouping::EachEvent,
                Grouping::By(fields) => wire::Grouping::ByFields(owned(fields)),
                Grouping::All => wire::Grouping::AllEvents,
            },
        }
    }
}

/// Which of the selected events form a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    /// Every event is a group of its own.
    EachEvent,
    /// Events with the same values in all of these fields; they must be among `fields`.
    By(&'static [&'static str]),
    /// All selected events form one group.
    All,
}

/// An option that whoever runs the detector may set.
#[derive(Debug, Clone, Copy)]
pub struct OptionSpec {
    /// Lower-case words with dashes: `max-minutes`.
    pub name: &'static str,
    /// One sentence: what it does, its unit and its bounds.
    pub description: &'static str,
    /// The value when nothing is set, which also fixes the type.
    pub default: OptionDefault,
}

impl OptionSpec {
    /// An option that is on or off.
    #[must_use]
    pub const fn flag(name: &'static str, default: bool, description: &'static str) -> Self {
        Self { name, description, default: OptionDefault::Flag(default) }
    }

    /// An option that is a whole number.
    #[must_use]
    pub const fn integer(name: &'static str, default: i64, description: &'static str) -> Self {
        Self { name, description, default: OptionDefault::Integer(default) }
    }

    /// An option that is a piece of text.
    #[must_use]
    pub const fn text(name: &'static str, default: &'static str, description: &'static str) -> Self {
        Self { name, description, default: OptionDefault::Text(default) }
    }

    /// An option that is several pieces of text.
    #[must_use]
    pub const fn texts(name: &'static str, default: &'static [&'static str], description: &'static str) -> Self {
        Self { name, description, default: OptionDefault::Texts(default) }
    }

    fn to_wire(self) -> wire::OptionSpec {
        wire::OptionSpec {
            name: self.name.to_owned(),
            description: self.description.to_owned(),
            default: self.default.value(),
        }
    }
}

/// The default of an option, and so its type.
#[derive(Debug, Clone, Copy)]
pub enum OptionDefault {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Integer(i64),
    /// A piece of text.
    Text(&'static str),
    /// Several pieces of text.
    Texts(&'static [&'static str]),
}

impl OptionDefault {
    pub(crate) fn value(self) -> Value {
        match self {
            Self::Flag(flag) => Value::Flag(flag),
            Self::Integer(number) => Value::Integer(number),
            Self::Text(text) => Value::Text(text.to_owned()),
            Self::Texts(texts) => Value::Texts(owned(texts)),
        }
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}
