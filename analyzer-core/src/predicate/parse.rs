//! The search language.
//!
//! ```text
//! query := or            or := and (OR and)*       and := not (AND? not)*
//! not   := NOT* prim     prim := "(" query ")" | field ":" value | field (">=" | ">" | "<=" | "<") bound
//! value := a word, or a text in double quotes with \" and \\; * stands for any run of characters (not in quotes);
//!          * alone means that the field exists; address/bits is a network
//! bound := a time, for a field that is one, or a version such as 1.08, for eventVersion
//! ```
//!
//! The parser never fails. What it cannot read is left out of the predicate and named in a problem with its place.

use super::{Glob, Matcher, Network, Predicate, Test, Version};
use crate::event::parse_time;
use crate::field::{Field, FieldRef, FieldType};
use std::ops::Range;

/// Parentheses and NOTs may nest this deep.
const MAX_DEPTH: u32 = 100;

/// A part of the query that means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryProblem {
    /// Byte range in the query.
    pub span: Range<usize>,
    /// What is wrong with it, in one sentence.
    pub message: String,
}

/// What a query means, and what is wrong with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The part that could be read.
    pub predicate: Predicate,
    /// The parts that could not, in order.
    pub problems: Vec<QueryProblem>,
}

/// Reads a query. An empty one means everything.
pub fn parse(query: &str) -> Parsed {
    let mut parser = Parser { query, at: 0, problems: Vec::new(), depth: 0 };
    let mut parts = Vec::new();
    loop {
        parts.extend(parser.or());
        match parser.peek() {
            Token::End => break,
            // Only a parenthesis without its other half ends an expression early.
            token => {
                parser.problem(token.span(parser.at), "this closes nothing".to_owned());
                parser.take();
            }
        }
    }
    Parsed { predicate: all(parts).unwrap_or(Predicate::Everything), problems: parser.problems }
}

struct Parser<'q> {
    query: &'q str,
    at: usize,
    problems: Vec<QueryProblem>,
    depth: u32,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Open,
    Close,
    And,
    Or,
    Not,
    /// Anything else: up to white space or a parenthesis outside of quotes.
    Term(Range<usize>),
    End,
}

impl Token {
    fn span(&self, at: usize) -> Range<usize> {
        match self {
            Token::Term(span) => span.clone(),
            Token::Open | Token::Close => at..at + 1,
            Token::Or => at..at + 2,
            Token::And | Token::Not => at..at + 3,
            Token::End => at..at,
        }
    }
}

fn all(mut parts: Vec<Predicate>) -> Option<Predicate> {
    if parts.len() > 1 { Some(Predicate::All(parts)) } else { parts.pop() }
}

impl Parser<'_> {
    fn problem(&mut self, span: Range<usize>, message: String) {
        self.problems.push(QueryProblem { span, message });
    }

    /// The next token; `at` moves to its start.
    fn peek(&mut self) -> Token {
        let rest = &self.query[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        let rest = &self.query[self.at..];
        match rest.chars().next() {
            None => Token::End,
            Some('(') => Token::Open,
            Some(')') => Token::Close,
            Some(_) => {
                let length = term_length(rest);
                match &rest[..length] {
                    "AND" => Token::And,
                    "OR" => Token::Or,
                    "NOT" => Token::Not,
                    _ => Token::Term(self.at..self.at + length),
                }
            }
        }
    }

    fn take(&mut self) -> Token {
        let token = self.peek();
        self.at = token.span(self.at).end;
        token
    }

    fn or(&mut self) -> Option<Predicate> {
        let mut parts: Vec<Predicate> = self.and().into_iter().collect();
        while self.peek() == Token::Or {
            self.operator(&mut parts, Self::and);
        }
        if parts.len() > 1 { Some(Predicate::Any(parts)) } else { parts.pop() }
    }

    fn and(&mut self) -> Option<Predicate> {
        let mut parts: Vec<Predicate> = self.not().into_iter().collect();
        loop {
            match self.peek() {
                Token::And => self.operator(&mut parts, Self::not),
                Token::Open | Token::Not | Token::Term(_) => parts.extend(self.not()),
                Token::Close | Token::Or | Token::End => return all(parts),
            }
        }
    }

    /// Takes AND or OR and what follows it, which must be something.
    fn operator(&mut self, parts: &mut Vec<Predicate>, operand: fn(&mut Self) -> Option<Predicate>) {
        self.peek();
        let start = self.at;
        let span = self.take().span(start);
        let problems = self.problems.len();
        match operand(self) {
            Some(part) if !parts.is_empty() => parts.push(part),
            Some(part) => {
                parts.push(part);
                self.problem(span, "nothing stands before this".to_owned());
            }
            None if self.problems.len() == problems => self.problem(span, "nothing stands behind this".to_owned()),
            None => {}
        }
    }

    fn not(&mut self) -> Option<Predicate> {
        let start = {
            self.peek();
            self.at
        };
        match self.peek() {
            Token::Not | Token::Open if self.depth == MAX_DEPTH => {
                self.problem(start..self.query.len(), format!("nested deeper than {MAX_DEPTH} levels"));
                self.at = self.query.len();
                None
            }
            Token::Not => {
                self.take();
                self.depth += 1;
                let problems = self.problems.len();
                let inner = self.not();
                self.depth -= 1;
                if inner.is_none() && self.problems.len() == problems {
                    self.problem(start..start + 3, "nothing stands behind this".to_owned());
                }
                inner.map(|inner| Predicate::Not(Box::new(inner)))
            }
            Token::Open => {
                self.take();
                self.depth += 1;
                let inner = self.or();
                self.depth -= 1;
                if self.peek() == Token::Close {
                    self.take();
                } else {
                    self.problem(start..start + 1, "this parenthesis is not closed".to_owned());
                }
                inner
            }
            Token::Term(span) => {
                self.take();
                match term(&self.query[span.clone()]) {
                    Ok(test) => Some(Predicate::Test(test)),
                    Err(message) => {
                        self.problem(span, message);
                        None
                    }
                }
            }
            Token::Close | Token::And | Token::Or | Token::End => None,
        }
    }
}

/// How far a term goes: to white space or a parenthesis that is not in quotes. A comparison may have a space behind
/// its operator and before it, as people write it.
fn term_length(text: &str) -> usize {
    let (mut quoted, mut escaped) = (false, false);
    let mut seen = "";
    for (i, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            ')' | '(' => return i,
            _ if c.is_whitespace() => {
                let next = text[i..].trim_start();
                let ends_in_operator = seen.ends_with(['<', '>', '=']);
                let operator_follows = next.starts_with(['<', '>']) && !seen.contains([':', '<', '>']);
                if !ends_in_operator && !operator_follows {
                    return i;
                }
                continue;
            }
            _ => {}
        }
        seen = &text[..i + c.len_utf8()];
    }
    text.len()
}

fn term(text: &str) -> Result<Test, String> {
    let Some(at) = text.find([':', '<', '>']) else {
        return Err(format!("a search is field:value, such as eventName:ConsoleLogin; no field is named in {text}"));
    };
    let (name, rest) = text.split_at(at);
    let name = name.trim();
    if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || "._-".contains(c)) {
        return Err(format!("not the name of a field: {name}"));
    }
    let field = FieldRef::parse(name);
    if let Some(text) = rest.strip_prefix(':') {
        return value(field, text);
    }
    let operator = if rest[1..].starts_with('=') { &rest[..2] } else { &rest[..1] };
    match &field {
        FieldRef::Standard(Field { kind: FieldType::Time, .. }) => {
            Ok(Test { matcher: comparison(operator, rest[operator.len()..].trim())?, field })
        }
        FieldRef::Standard(Field { kind: FieldType::Version, .. }) => {
            Ok(Test { matcher: version_comparison(operator, rest[operator.len()..].trim())?, field })
        }
        _ => Err(format!("only times and eventVersion can be compared with {operator}")),
    }
}

fn comparison(operator: &str, text: &str) -> Result<Matcher, String> {
    let (from, to) = moment(text.trim_matches('"'))
        .ok_or_else(|| format!("not a time; write 2024-01-31 or 2024-01-31T12:00:00Z instead of {text}"))?;
    let (from_ms, to_ms) = match operator {
        ">=" => (from, i64::MAX),
        ">" => (to + 1, i64::MAX),
        "<=" => (i64::MIN + 1, to),
        _ => (i64::MIN + 1, from - 1),
    };
    Ok(Matcher::TimeRange { from_ms, to_ms })
}

fn version_comparison(operator: &str, text: &str) -> Result<Matcher, String> {
    const FIRST: Version = Version { major: 0, minor: 0 };
    const LAST: Version = Version { major: u32::MAX, minor: u32::MAX };
    let version =
        Version::parse(text.trim_matches('"')).ok_or_else(|| format!("not a version such as 1.08: {text}"))?;
    let before = Version {
        minor: version.minor.wrapping_sub(1),
        major: version.major.wrapping_sub(u32::from(version.minor == 0)),
    };
    let after = Version { minor: version.minor.saturating_add(1), ..version };
    let (from, to) = match operator {
        ">=" => (version, LAST),
        ">" => (after, LAST),
        "<=" => (FIRST, version),
        _ if version == FIRST => (LAST, FIRST),
        _ => (FIRST, before),
    };
    Ok(Matcher::VersionRange { from, to })
}

/// The first and the last millisecond of a day, a minute or a moment.
fn moment(text: &str) -> Option<(i64, i64)> {
    const MINUTE: i64 = 60_000;
    const DAY: i64 = 24 * 60 * MINUTE;
    match text.len() {
        10 => parse_time(&format!("{text}T00:00:00Z")).map(|ms| (ms, ms + DAY - 1)),
        16 => parse_time(&format!("{text}:00Z")).map(|ms| (ms, ms + MINUTE - 1)),
        // Whole seconds are how CloudTrail tells time: the second is meant, not its first millisecond.
        _ => parse_time(text).map(|ms| (ms, if ms % 1_000 == 0 { ms + 999 } else { ms })),
    }
}

fn value(field: FieldRef, text: &str) -> Result<Test, String> {
    let quoted = text.strip_prefix('"');
    let matcher = match quoted {
        Some(rest) => {
            let Some(inner) = rest.strip_suffix('"') else {
                return Err("this quote is not closed".to_owned());
            };
            Matcher::Text(inner.replace("\\\"", "\"").replace("\\\\", "\\"))
        }
        None if text.is_empty() => return Err(format!("no value; {}:* finds events that have one", field.name())),
        None if text.bytes().all(|b| b == b'*') => Matcher::Exists,
        None if text.contains('*') => Matcher::Glob(Glob::new(text)),
        None => match Network::parse(text) {
            Some(network) => Matcher::Network(network),
            None => Matcher::Text(text.to_owned()),
        },
    };
    let is_time = matches!(field, FieldRef::Standard(Field { kind: FieldType::Time, .. }));
    if is_time && matcher != Matcher::Exists {
        let text = text.trim_matches('"');
        let Some((from_ms, to_ms)) = moment(text) else {
            return Err(format!("not a time; write 2024-01-31 or 2024-01-31T12:00:00Z instead of {text}"));
        };
        return Ok(Test { field, matcher: Matcher::TimeRange { from_ms, to_ms } });
    }
    let is_version = matches!(field, FieldRef::Standard(Field { kind: FieldType::Version, .. }));
    if let (true, Matcher::Text(text)) = (is_version, &matcher)
        && let Some(version) = Version::parse(text)
    {
        return Ok(Test { field, matcher: Matcher::VersionRange { from: version, to: version } });
    }
    Ok(Test { field, matcher })
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
