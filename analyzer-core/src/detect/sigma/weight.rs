//! What a rule costs: a small text can stand for very many tests.

use crate::predicate::{Matcher, Predicate};

/// What a rule becomes has at most so many tests: an identifier can be named many times.
pub const MAX_TESTS: usize = 50_000;
/// All rules together have at most so many, those that filters add counted for every rule.
pub const MAX_ALL_TESTS: usize = 300_000;
/// A rule has at most so many regular expressions; a text with `?` is one.
pub const MAX_REGEXES: usize = 500;
/// All rules together have at most so many.
pub const MAX_ALL_REGEXES: usize = 5_000;

/// How many tests a predicate has.
pub(super) fn tests(predicate: &Predicate) -> usize {
    match predicate {
        Predicate::Everything | Predicate::Test(_) => 1,
        Predicate::Not(inner) => tests(inner),
        Predicate::All(inner) | Predicate::Any(inner) => inner.iter().map(tests).sum(),
    }
}

/// How many of them are regular expressions.
pub(super) fn regexes(predicate: &Predicate) -> usize {
    match predicate {
        Predicate::Everything => 0,
        Predicate::Test(test) => usize::from(matches!(test.matcher, Matcher::Regex(_))),
        Predicate::Not(inner) => regexes(inner),
        Predicate::All(inner) | Predicate::Any(inner) => inner.iter().map(regexes).sum(),
    }
}

/// Sums of what predicates cost, and where they become too much.
#[derive(Default)]
pub(super) struct Sums {
    tests: usize,
    regexes: usize,
}

impl Sums {
    /// Adds a part of a rule. Says why if the rule becomes too much.
    pub fn add(&mut self, part: &Predicate) -> Result<(), String> {
        self.tests += tests(part);
        self.regexes += regexes(part);
        if self.tests > MAX_TESTS {
            return Err(format!("the rule has more than {MAX_TESTS} tests"));
        }
        if self.regexes > MAX_REGEXES {
            return Err(format!("the rule has more than {MAX_REGEXES} regular expressions; a text with ? is one"));
        }
        Ok(())
    }
}
