//! What the value of a field must be.

use super::{Contains, Glob, JsonTest, Network, Regex};
use crate::event::parse_time;
use std::ops::{Bound, RangeBounds as _};

/// What a value must be.
#[derive(Clone, Debug, PartialEq)]
pub enum Matcher {
    /// There is a value.
    Exists,
    /// This text, without regard to ASCII case.
    Text(String),
    /// This text, with its case.
    Exact(String),
    /// A text with `*` for any run of characters.
    Glob(Glob),
    /// A text in which a regular expression is found.
    Regex(Regex),
    /// A text in which these texts stand. Made for the record's JSON ([`crate::field::FieldRef::Raw`]).
    Contains(Contains),
    /// A JSON value, of which also the type matters. Made for exact places ([`crate::field::FieldRef::Selector`]).
    Json(JsonTest),
    /// An address inside this network.
    Network(Network),
    /// A number, or a text that is one, in this range.
    NumberRange {
        /// Where the range begins.
        from: Bound<f64>,
        /// Where the range ends.
        to: Bound<f64>,
    },
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

impl Matcher {
    /// Whether this value matches.
    pub fn matches(&self, value: &str) -> bool {
        match self {
            Matcher::Exists => true,
            Matcher::Text(text) => value.eq_ignore_ascii_case(text),
            Matcher::Exact(text) => value == text,
            Matcher::Glob(glob) => glob.matches(value),
            Matcher::Regex(regex) => regex.matches(value),
            Matcher::Contains(contains) => contains.is_in(value.as_bytes()),
            Matcher::Json(test) => test.matches(value),
            Matcher::Network(network) => network.contains(value),
            Matcher::NumberRange { from, to } => number(value).is_some_and(|n| (*from, *to).contains(&n)),
            Matcher::VersionRange { from, to } => Version::parse(value).is_some_and(|v| (from..=to).contains(&&v)),
            Matcher::TimeRange { .. } => parse_time(value).is_some_and(|ms| self.matches_time(ms)),
        }
    }

    /// Whether this time matches. Text matchers match no time but in [`Matcher::matches`].
    pub fn matches_time(&self, ms: i64) -> bool {
        match *self {
            Matcher::Exists => true,
            Matcher::TimeRange { from_ms, to_ms } => (from_ms..=to_ms).contains(&ms),
            _ => false,
        }
    }
}

/// A decimal number as JSON and people write it; nothing for `NaN`, `inf` and the like.
pub(super) fn number(text: &str) -> Option<f64> {
    let is_of_number = |b: u8| b.is_ascii_digit() || b"+-.eE".contains(&b);
    if text.bytes().all(is_of_number) { text.parse().ok() } else { None }
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
    /// Before all others.
    pub(super) const FIRST: Version = Version { major: 0, minor: 0 };
    /// Behind all others.
    pub(super) const LAST: Version = Version { major: u32::MAX, minor: u32::MAX };

    /// Reads `major.minor`.
    pub fn parse(text: &str) -> Option<Version> {
        let (major, minor) = text.split_once('.')?;
        let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        Some(Version { major: number(major)?, minor: number(minor)? })
    }

    /// The one right before; nothing before the first.
    pub(super) fn before(self) -> Option<Version> {
        let Version { major, minor } = self;
        match minor.checked_sub(1) {
            Some(minor) => Some(Version { major, minor }),
            None => major.checked_sub(1).map(|major| Version { major, minor: u32::MAX }),
        }
    }

    /// The one right behind; nothing behind the last.
    pub(super) fn after(self) -> Option<Version> {
        let Version { major, minor } = self;
        match minor.checked_add(1) {
            Some(minor) => Some(Version { major, minor }),
            None => major.checked_add(1).map(|major| Version { major, minor: 0 }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(matcher: Matcher, matching: &[&str], other: &[&str]) {
        for value in matching {
            assert!(matcher.matches(value), "{matcher:?} should match {value:?}");
        }
        for value in other {
            assert!(!matcher.matches(value), "{matcher:?} should not match {value:?}");
        }
    }

    #[test]
    fn matchers() {
        check(Matcher::Exists, &["", "x"], &[]);
        check(Matcher::Text("ABc".to_owned()), &["abc", "ABC"], &["abcd", ""]);
        check(Matcher::Exact("Abc".to_owned()), &["Abc"], &["abc", "Abcd"]);
        let above = Matcher::NumberRange { from: Bound::Excluded(5.0), to: Bound::Unbounded };
        check(above, &["5.1", "6", "1e3", "007"], &["5", "-6", "", "x", "inf", "NaN", "infinity", "6 "]);
        let between = Matcher::NumberRange { from: Bound::Included(-1.0), to: Bound::Included(2.0) };
        check(between, &["-1", "2", "0", "2.0"], &["-1.5", "2.5"]);
        let times = Matcher::TimeRange { from_ms: 0, to_ms: 999 };
        check(times, &["1970-01-01T00:00:00Z"], &["1970-01-01T00:00:01Z", "0", ""]);
    }
}
