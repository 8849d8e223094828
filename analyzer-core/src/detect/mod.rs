//! The one detection pipeline: select → group → order → observe.
//!
//! A detector (built in, or a plugin) is described by data: what it selects, which fields it needs, what it groups by.
//! Shards select while they parse ([`Engine`]); their [`Selection`]s merge; [`groups`] puts all events of one key into
//! time order; whoever observes returns [`Hit`]s, and [`finding()`] turns a hit into the one type that everything shows.
//! So results depend neither on the order in which files came nor on the number of shards.

pub mod attack;
pub mod cases;
pub mod cis;
pub mod correlate;
mod engine;
mod finding;
mod group;
pub mod metric;
pub mod pack;
mod picked;
mod program;
mod rules;
pub mod sigma;
pub mod techniques;
pub mod tuning;

pub use engine::{Engine, SelectedEvent, Selection};
pub use finding::{EventRef, Finding, finding, sort};
pub use group::{Group, groups};
pub use picked::{Grouped, Picked};
pub use rules::{RuleSet, at_least};

use crate::field::FieldRef;
use crate::predicate::Predicate;
use std::fmt;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Informational,
    /// Unusual.
    Low,
    /// Should be looked at.
    #[default]
    Medium,
    /// Should be looked at today.
    High,
    /// Should be looked at now.
    Critical,
}

/// All severities, mildest first.
pub const SEVERITIES: [Severity; 5] =
    [Severity::Informational, Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

/// What is found below this severity is told only to those who ask for it: rules for calls that are made all day, which
/// say something only beside others.
pub const TOLD_FROM: Severity = Severity::Low;

impl Severity {
    /// The lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Informational => "informational",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }

    /// The severity of a lower-case name.
    pub fn from_name(name: &str) -> Option<Severity> {
        SEVERITIES.into_iter().find(|s| s.name() == name)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Which selected events a detector wants to see together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// Each event is a group of its own.
    Each,
    /// All events with the same values of these fields; a missing value is a value of its own.
    By(Vec<FieldRef>),
    /// All selected events are one group.
    All,
}

/// A detector, described by data.
#[derive(Clone, Debug, PartialEq)]
pub struct Detector {
    /// Unique and stable, lower-case with dashes: `console-login-without-mfa`.
    pub id: String,
    /// Its version.
    pub version: String,
    /// What happened, as a headline.
    pub title: String,
    /// What it looks for and why that matters.
    pub description: String,
    /// How bad a finding is unless it says otherwise.
    pub severity: Severity,
    /// ATT&CK tactic ids.
    pub tactics: Vec<String>,
    /// ATT&CK technique ids.
    pub techniques: Vec<String>,
    /// What else could explain a finding.
    pub false_positives: Vec<String>,
    /// Which events it wants, compiled from the search language.
    pub select: Predicate,
    /// The fields that it reads.
    pub fields: Vec<FieldRef>,
    /// Which of them it wants together.
    pub grouping: Grouping,
}

/// What an observer returns for one group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hit {
    /// Rows of the group that are the evidence: indices into [`Group::events`].
    pub rows: Vec<usize>,
    /// Why, in one sentence.
    pub why: String,
    /// A headline instead of the detector's.
    pub title: Option<String>,
    /// A severity instead of the detector's.
    pub severity: Option<Severity>,
}
