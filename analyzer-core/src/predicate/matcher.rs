//! What the value of a field must be.

use super::{Case, Contains, Glob, JsonTest, Needle, Network, Regex};
use crate::event::parse_time;
use crate::field::FieldRef;
use std::ops::{Bound, RangeBounds as _};
use time::OffsetDateTime;

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
    /// A moment of which this part, in UTC, is a number in this range.
    TimePart {
        /// The part.
        part: TimePart,
        /// Where the range begins.
        from: Bound<f64>,
        /// Where the range ends.
        to: Bound<f64>,
    },
    /// The field is there, be it null. Only a record can tell.
    Present,
    /// A text that stands in this relation to a value of another field. Only a record can tell.
    Like {
        /// The other field.
        field: Box<FieldRef>,
        /// The relation.
        how: Likeness,
        /// Whether case matters.
        case: Case,
    },
    /// A version in this range, both ends included.
    VersionRange {
        /// First version that matches.
        from: Version,
        /// Last version that matches.
        to: Version,
    },
}

/// A part of a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimePart {
    /// 0 to 59.
    Minute,
    /// 0 to 23.
    Hour,
    /// Of the month, from 1.
    Day,
    /// Of the year, as ISO 8601 counts, from 1.
    Week,
    /// From 1.
    Month,
    /// As in dates.
    Year,
}

impl TimePart {
    /// The part of a moment in milliseconds since 1970.
    pub fn of(self, ms: i64) -> Option<u32> {
        let time = OffsetDateTime::from_unix_timestamp_nanos(i128::from(ms) * 1_000_000).ok()?;
        Some(match self {
            TimePart::Minute => time.minute().into(),
            TimePart::Hour => time.hour().into(),
            TimePart::Day => time.day().into(),
            TimePart::Week => time.iso_week().into(),
            TimePart::Month => u8::from(time.month()).into(),
            TimePart::Year => u32::try_from(time.year()).ok()?,
        })
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            TimePart::Minute => "minute",
            TimePart::Hour => "hour",
            TimePart::Day => "day",
            TimePart::Week => "week",
            TimePart::Month => "month",
            TimePart::Year => "year",
        }
    }
}

/// How a text stands to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// It is the same.
    Same,
    /// It contains the other.
    Contains,
    /// It begins with the other.
    Begins,
    /// It ends with the other.
    Ends,
}

impl Likeness {
    /// Whether a text stands so to another.
    pub fn holds(self, text: &str, other: &str, case: Case) -> bool {
        let (other, text) = (Needle::new(other, case), text.as_bytes());
        match self {
            Likeness::Same => other.is(text),
            Likeness::Contains => other.find(text).is_some(),
            Likeness::Begins => other.begins(text),
            Likeness::Ends => other.ends(text),
        }
    }
}

impl Matcher {
    /// Whether only a record can tell, whatever the field.
    pub fn needs_record(&self) -> bool {
        matches!(self, Matcher::Present | Matcher::Like { .. })
    }

    /// Whether this value matches.
    pub fn matches(&self, value: &str) -> bool {
        match self {
            Matcher::Exists | Matcher::Present => true,
            Matcher::Like { .. } => false,
            Matcher::TimePart { .. } => parse_time(value).is_some_and(|ms| self.matches_time(ms)),
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
            Matcher::TimePart { part, from, to } => part.of(ms).is_some_and(|n| (from, to).contains(&f64::from(n))),
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
