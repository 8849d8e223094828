//! A place in a pattern.

use super::{MAX_REGEXES, wrong};
use crate::predicate::{Case, QueryProblem, Regex};
use crate::said::Said;
use std::ops::Range;

/// A pattern, how far it was read, and how many regular expressions it had so far.
pub(super) struct Cursor<'p> {
    text: &'p str,
    at: usize,
    regexes: usize,
}

impl<'p> Cursor<'p> {
    /// At the start.
    pub(super) fn new(text: &'p str) -> Cursor<'p> {
        Cursor { text, at: 0, regexes: 0 }
    }

    /// What was not read yet.
    pub(super) fn rest(&self) -> &'p str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The byte index of the next character.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The next character.
    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Reads this text if it stands here.
    pub(super) fn take(&mut self, text: &str) -> bool {
        let is_here = self.rest().starts_with(text);
        if is_here {
            self.at += text.len();
        }
        is_here
    }

    /// Reads characters as long as they are of these.
    pub(super) fn take_while(&mut self, is_it: impl Fn(char) -> bool) -> &'p str {
        let rest = self.rest();
        let length = rest.find(|c| !is_it(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    /// Reads up to behind this text: what stands in front of it. Nothing if it does not come.
    pub(super) fn take_until(&mut self, end: &str) -> Option<&'p str> {
        let (before, _) = self.rest().split_once(end)?;
        self.at += before.len() + end.len();
        Some(before)
    }

    /// Reads letters and digits: what they are, and where; where there are none, the next character's place.
    pub(super) fn word(&mut self) -> (&'p str, Range<usize>) {
        let start = self.at;
        let word = self.take_while(|c| c.is_ascii_alphanumeric());
        (word, if word.is_empty() { self.here() } else { self.since(start) })
    }

    /// Where the next character stands, for a message about it; an empty range at the end.
    pub(super) fn here(&self) -> Range<usize> {
        self.at..self.at + self.peek().map_or(0, char::len_utf8)
    }

    /// From there up to here.
    pub(super) fn since(&self, start: usize) -> Range<usize> {
        start..self.at
    }

    /// Says what is wrong with the next character.
    pub(super) fn wrong_here<T>(&self, message: impl Into<Said>) -> Result<T, QueryProblem> {
        wrong(self.here(), message)
    }

    /// Reads a text in double quotes: what it says.
    pub(super) fn quoted(&mut self) -> Result<String, QueryProblem> {
        let start = self.at;
        let inner = self.rest().strip_prefix('"').unwrap_or_default();
        match crate::field::name::read_quoted(inner) {
            (text, Some(length)) => {
                self.at += 1 + length;
                Ok(text)
            }
            (_, None) => wrong(start..self.text.len(), "this quote is not closed"),
        }
    }

    /// Reads a regular expression between percent signs.
    pub(super) fn regex(&mut self) -> Result<Regex, QueryProblem> {
        let start = self.at;
        let inner = self.rest().strip_prefix('%').unwrap_or_default();
        let Some(length) = inner.find('%') else {
            return wrong(start..self.text.len(), "this regular expression has no % at its end");
        };
        let pattern = &inner[..length];
        self.at += length + 2;
        self.regexes += 1;
        if self.regexes > MAX_REGEXES {
            return wrong(self.since(start), format!("a pattern has at most {MAX_REGEXES} regular expressions"));
        }
        if let Some((at, length, why)) = not_allowed(pattern) {
            return wrong(start + 1 + at..start + 1 + at + length, why);
        }
        if pattern.is_empty() {
            return wrong(self.since(start), "this regular expression is empty");
        }
        Regex::new(pattern, Case::Kept).or_else(|why| wrong(self.since(start), why))
    }
}

/// Characters of a regular expression beside letters and digits.
const SYMBOLS: &str = ":_#=@/;,-^$?[]{}|\\*+.";

/// The first thing in a regular expression that CloudWatch does not take: where, how long, and why.
fn not_allowed(pattern: &str) -> Option<(usize, usize, &'static str)> {
    let mut at = 0;
    while let Some(c) = pattern.get(at..).and_then(|rest| rest.chars().next()) {
        let behind = &pattern[at + c.len_utf8()..];
        at += match c {
            '(' | ')' => return Some((at, 1, "regular expressions of metric filters have no parentheses")),
            '\\' => match escaped_length(behind) {
                Some(length) => 1 + length,
                None => {
                    let length = 1 + behind.chars().next().map_or(0, char::len_utf8);
                    let why = "behind \\ stands one of d D s S w W, x with two hexadecimal digits, or an operator";
                    return Some((at, length, why));
                }
            },
            _ if c.is_ascii_alphanumeric() || SYMBOLS.contains(c) => 1,
            _ => {
                let why =
                    "a regular expression has letters, digits, : _ # = @ / ; , - and operators; this is none of them";
                return Some((at, c.len_utf8(), why));
            }
        };
    }
    None
}

/// The length of what may stand behind a backslash.
fn escaped_length(behind: &str) -> Option<usize> {
    match behind.as_bytes() {
        [b'd' | b'D' | b's' | b'S' | b'w' | b'W', ..] => Some(1),
        [b'x', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => Some(3),
        [escaped, ..] if *escaped != b'_' && SYMBOLS.as_bytes().contains(escaped) => Some(1),
        _ => None,
    }
}
