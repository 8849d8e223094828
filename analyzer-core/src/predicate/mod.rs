//! One predicate IR and what a test means. Front ends compile into it; here that is the search language ([`parse`]).
//!
//! A test is about one field. It is true if any value of the field matches; a field that is missing (or null) matches
//! nothing, so `NOT field:x` is true for it. ASCII case matters only to the matchers that say so.

mod complete;
mod explain;
mod json_test;
mod lexer;
mod matcher;
mod parse;
mod query_text;
mod spelling;
mod term;
mod text;
mod times;

pub use complete::{Candidate, Completion, Expected, complete};
pub use explain::{Explanation, Part, explain};
pub use json_test::JsonTest;
pub use matcher::{Likeness, Matcher, TimePart, Version};
pub use parse::{MAX_DEPTH, MAX_QUERY, MAX_REGEXES, Parsed, QueryProblem, Severity, parse};
pub use query_text::quote;
pub use text::{Case, Contains, Glob, MAX_PATTERN, MAX_PROGRAM, Needle, Network, Regex};

use crate::field::FieldRef;

/// Which events are meant. Its `Display` is a query that means the same, or where the language has no words for it, as for
/// some of Sigma's, a text for people.
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

/// One test of one field. Its `Display` is a query that means the same. A test that the search language has no words
/// for, as those of exact places in the record, is shown as a metric filter would have it; that is no query.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// The field.
    pub field: FieldRef,
    /// What its value must be.
    pub matcher: Matcher,
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

#[cfg(test)]
mod meaning_tests;
