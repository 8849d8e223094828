//! CloudWatch Logs metric filters: their patterns compile to predicates, and a filter is a detector that counts.
//!
//! The language and what a pattern means where AWS is silent: `docs/metric-filters.md`. Facts: CloudWatch Logs user
//! guide, "Filter pattern syntax"; API reference, "MetricFilter".

mod compile;
mod cursor;
mod json;
mod observe;
mod terms;
mod value;

pub use observe::{Filter, filter, principals};

use crate::predicate::{Predicate, QueryProblem, Severity};
use crate::said::Said;
use std::ops::Range;

/// A pattern has at most this many characters.
pub const MAX_PATTERN: usize = 1_024;
/// A pattern has at most this many regular expressions.
pub const MAX_REGEXES: usize = 2;
/// The selectors of a pattern have at most this many wildcards together, and each selector one.
pub const MAX_WILDCARDS: usize = 3;
/// Parentheses nest at most this deep. AWS gives no limit; patterns in use need three.
pub const MAX_DEPTH: usize = 64;

/// What a metric filter's pattern means.
///
/// # Errors
/// The first thing that is wrong with it, and where.
pub fn parse(pattern: &str) -> Result<Predicate, QueryProblem> {
    if let Some((end, _)) = pattern.char_indices().nth(MAX_PATTERN) {
        return wrong(end..pattern.len(), format!("a pattern has at most {MAX_PATTERN} characters"));
    }
    let start = pattern.len() - pattern.trim_start().len();
    match pattern.as_bytes().get(start) {
        None => Ok(Predicate::Everything),
        Some(b'{') => json::parse(pattern),
        Some(b'[') => {
            let why = "a pattern in brackets is for lines of words between blanks; CloudTrail events are JSON, whose \
                       patterns stand in { }";
            wrong(start..start + 1, why)
        }
        Some(_) => terms::parse(pattern),
    }
}

/// What is wrong with a pattern, and where.
fn wrong<T>(span: Range<usize>, message: impl Into<Said>) -> Result<T, QueryProblem> {
    Err(QueryProblem { severity: Severity::Wrong, span, message: message.into() })
}

#[cfg(test)]
mod difference_tests;
#[cfg(test)]
mod tests;
