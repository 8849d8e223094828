//! One predicate IR and what a test means. Front ends compile into it; here that is the search language ([`parse`]).
//!
//! A test is about one field. It is true if any value of the field matches; a field that is missing (or null) matches
//! nothing, so `NOT field:x` is true for it. Letters match without regard to ASCII case.

mod parse;
mod text;

pub use parse::{Parsed, QueryProblem, parse};
pub use text::{Glob, Network};

use crate::event::parse_time;
use crate::field::FieldRef;

/// Which events are meant.
#[derive(Clone, Debug, PartialEq)]
pub enum Predicate {
    /// All of them.
    Everything,
    /// Those for which one test holds.
    Test(Test),
    /// Those for which the inner one does not hold.
    Not(Box<Predicate>),
    /// Those for which every inner one holds.
    All(Vec<Predicate>),
    /// Those for which some inner one holds.
    Any(Vec<Predicate>),
}

/// One test of one field.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// The field.
    pub field: FieldRef,
    /// What its value must be.
    pub matcher: Matcher,
}

/// What a value must be.
#[derive(Clone, Debug, PartialEq)]
pub enum Matcher {
    /// There is a value.
    Exists,
    /// This text, without regard to ASCII case.
    Text(String),
    /// A text with `*` for any run of characters.
    Glob(Glob),
    /// An address inside this network.
    Network(Network),
    /// A time in this range of milliseconds since 1970, both ends included.
    TimeRange {
        /// First moment that matches.
        from_ms: i64,
        /// Last moment that matches.
        to_ms: i64,
    },
    /// A version in this range, both ends included.
    VersionRange {
        /// First version that matches.
        from: Version,
        /// Last version that matches.
        to: Version,
    },
}

/// A version of the record format. Its parts are numbers: 1.08 is 1 and 8, and comes before 1.10.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// What stands before the point.
    pub major: u32,
    /// What stands behind it.
    pub minor: u32,
}

impl Version {
    /// Reads `major.minor`.
    pub fn parse(text: &str) -> Option<Version> {
        let (major, minor) = text.split_once('.')?;
        let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        Some(Version { major: number(major)?, minor: number(minor)? })
    }
}

impl Matcher {
    /// Whether this value matches.
    pub fn matches(&self, value: &str) -> bool {
        match self {
            Matcher::Exists => true,
            Matcher::Text(text) => value.eq_ignore_ascii_case(text),
            Matcher::Glob(glob) => glob.matches(value),
            Matcher::Network(network) => network.contains(value),
            Matcher::VersionRange { from, to } => Version::parse(value).is_some_and(|v| (from..=to).contains(&&v)),
            Matcher::TimeRange { .. } => parse_time(value).is_some_and(|ms| self.matches_time(ms)),
        }
    }

    /// Whether this time matches. Text matchers match no time but in [`Matcher::matches`].
    pub fn matches_time(&self, ms: i64) -> bool {
        match *self {
            Matcher::Exists => true,
            Matcher::TimeRange { from_ms, to_ms } => (from_ms..=to_ms).contains(&ms),
            Matcher::Text(_) | Matcher::Glob(_) | Matcher::Network(_) | Matcher::VersionRange { .. } => false,
        }
    }
}

impl Predicate {
    /// Whether the predicate holds, as far as `test` knows: `None` where the tests that it cannot decide matter.
    pub fn decide(&self, test: &mut dyn FnMut(&Test) -> Option<bool>) -> Option<bool> {
        match self {
            Predicate::Everything => Some(true),
            Predicate::Test(t) => test(t),
            Predicate::Not(inner) => inner.decide(test).map(|holds| !holds),
            Predicate::All(inner) => decide_until(inner, false, test),
            Predicate::Any(inner) => decide_until(inner, true, test),
        }
    }
}

/// One inner predicate with the value `settles` decides; otherwise all must be known.
fn decide_until(inner: &[Predicate], settles: bool, test: &mut dyn FnMut(&Test) -> Option<bool>) -> Option<bool> {
    let mut known = true;
    for predicate in inner {
        match predicate.decide(test) {
            Some(holds) if holds == settles => return Some(settles),
            Some(_) => {}
            None => known = false,
        }
    }
    known.then_some(!settles)
}
