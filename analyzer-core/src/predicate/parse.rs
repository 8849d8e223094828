//! The search language. Its grammar and what each term means is in `docs/search.md`.
//!
//! The parser never fails. What it cannot read is left out of the predicate and named in a problem with its place.

use super::lexer::{Lexeme, Lexer, Named, Op, Place, Token};
use super::{Predicate, spelling, term};
use crate::order;
use crate::said::{Said, said, said_with};
use std::ops::Range;

/// Parentheses and NOTs may nest this deep.
pub const MAX_DEPTH: usize = 100;
/// A query has at most this many regular expressions: each takes up to [`super::MAX_PROGRAM`] bytes.
pub const MAX_REGEXES: usize = 32;
/// Bytes of a query that are read.
pub const MAX_QUERY: usize = 64 << 10;

/// What a problem does to the predicate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// This part was left out of it.
    Wrong,
    /// This part is in it, but probably not what was meant.
    Hint,
}

/// A part of the query that means nothing, or probably not what was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryProblem {
    /// How bad it is.
    pub severity: Severity,
    /// Byte range in the query.
    pub span: Range<usize>,
    /// What is wrong with it, in one sentence.
    pub message: Said,
}

/// What a query means, and what is wrong with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The part that could be read.
    pub predicate: Predicate,
    /// What is wrong with the query, by place.
    pub problems: Vec<QueryProblem>,
    /// Whether the query is counted from now, so that it means something else when newer events come.
    pub uses_now: bool,
}

impl Parsed {
    /// The first part that was left out of the predicate.
    pub fn first_wrong(&self) -> Option<&QueryProblem> {
        self.problems.iter().find(|problem| problem.severity == Severity::Wrong)
    }
}

/// Reads a query. An empty one means everything. `now_ms` is the time of the newest event in milliseconds since 1970, if
/// there are events: times such as `now-1h` are counted from it.
pub fn parse(query: &str, now_ms: Option<i64>) -> Parsed {
    let mut notes = Notes { now_ms, uses_now: false, regexes: 0, problems: Vec::new() };
    let end = query.floor_char_boundary(MAX_QUERY);
    if end < query.len() {
        notes.wrong(end..query.len(), said_with("only the first {} bytes of a query are read", [MAX_QUERY.into()]));
    }
    let mut parser = Parser { lexer: Lexer::new(&query[..end]), end, peeked: None, lists: Vec::new(), depth: 0, notes };
    let mut parts = Vec::new();
    loop {
        parts.extend(parser.or());
        // Only a parenthesis without its other half ends an expression early.
        let Lexeme { token, span } = parser.take();
        if token == Token::End {
            break;
        }
        parser.notes.wrong(span, said("this closes nothing"));
    }
    let Notes { mut problems, uses_now, .. } = parser.notes;
    order::sort_by_key(&mut problems, |problem| problem.span.start);
    Parsed { predicate: all(parts).unwrap_or(Predicate::Everything), problems, uses_now }
}

/// What is known and noted while a query is read.
pub(super) struct Notes {
    pub(super) now_ms: Option<i64>,
    pub(super) uses_now: bool,
    /// How many regular expressions there are so far.
    pub(super) regexes: usize,
    problems: Vec<QueryProblem>,
}

impl Notes {
    pub(super) fn hint(&mut self, span: Range<usize>, message: Said) {
        self.problems.push(QueryProblem { severity: Severity::Hint, span, message });
    }

    fn wrong(&mut self, span: Range<usize>, message: Said) {
        self.problems.push(QueryProblem { severity: Severity::Wrong, span, message });
    }
}

struct Parser<'q> {
    lexer: Lexer<'q>,
    /// Length of the part of the query that is read.
    end: usize,
    peeked: Option<Lexeme>,
    /// The fields of the lists that are open: within `field:(…)` a word is a value.
    lists: Vec<Named>,
    depth: usize,
    notes: Notes,
}

fn all(mut parts: Vec<Predicate>) -> Option<Predicate> {
    if parts.len() > 1 { Some(Predicate::All(parts)) } else { parts.pop() }
}

impl Parser<'_> {
    fn peek(&mut self) -> &Lexeme {
        let place = if self.lists.is_empty() { Place::Query } else { Place::List };
        self.peeked.get_or_insert_with(|| self.lexer.next(place))
    }

    fn take(&mut self) -> Lexeme {
        self.peek();
        let end = self.end..self.end;
        self.peeked.take().unwrap_or(Lexeme { token: Token::End, span: end })
    }

    fn or(&mut self) -> Option<Predicate> {
        let mut parts: Vec<Predicate> = self.and().into_iter().collect();
        while self.peek().token == Token::Or {
            self.operator(&mut parts, Self::and);
        }
        if parts.len() > 1 { Some(Predicate::Any(parts)) } else { parts.pop() }
    }

    fn and(&mut self) -> Option<Predicate> {
        let mut parts: Vec<Predicate> = self.not().into_iter().collect();
        loop {
            let Lexeme { token, span } = self.peek().clone();
            match token {
                Token::And => self.operator(&mut parts, Self::not),
                Token::Close | Token::Or | Token::End => return all(parts),
                Token::Value(_) if !self.lists.is_empty() && !parts.is_empty() => {
                    self.notes.hint(span, said("both must hold; write OR in front of this if one is enough"));
                    parts.extend(self.not());
                }
                _ => parts.extend(self.not()),
            }
        }
    }

    /// Takes AND or OR and what follows it, which must be something.
    fn operator(&mut self, parts: &mut Vec<Predicate>, operand: fn(&mut Self) -> Option<Predicate>) {
        let span = self.take().span;
        let problems = self.notes.problems.len();
        match operand(self) {
            Some(part) if !parts.is_empty() => parts.push(part),
            Some(part) => {
                parts.push(part);
                self.notes.wrong(span, said("nothing stands before this"));
            }
            None if self.notes.problems.len() == problems => self.nothing_behind(span),
            None => {}
        }
    }

    fn nothing_behind(&mut self, span: Range<usize>) {
        self.notes.wrong(span, said("nothing stands behind this"));
    }

    fn not(&mut self) -> Option<Predicate> {
        if matches!(self.peek().token, Token::Close | Token::And | Token::Or | Token::End) {
            return None;
        }
        let Lexeme { token, span } = self.take();
        let nests = matches!(token, Token::Not | Token::Open | Token::List(_));
        if nests && self.depth == MAX_DEPTH {
            self.notes.wrong(span.start..self.end, said_with("nested deeper than {} levels", [MAX_DEPTH.into()]));
            self.peeked = Some(Lexeme { token: Token::End, span: self.end..self.end });
            return None;
        }
        match token {
            Token::Not => self.negated(span),
            Token::Open => self.group(span),
            Token::List(named) => self.list(named, span),
            Token::Test(named, value) => {
                self.check_spelling(&named);
                let test = term::test(&named, &value, &mut self.notes);
                self.noted(test, span)
            }
            Token::Value(value) => {
                let test = match self.lists.last() {
                    Some(named) => term::test(named, &value, &mut self.notes),
                    None => term::free_text(&value, &mut self.notes),
                };
                self.noted(test, span)
            }
            Token::Close | Token::And | Token::Or | Token::End => None,
        }
    }

    fn noted(&mut self, test: Result<Predicate, Said>, span: Range<usize>) -> Option<Predicate> {
        test.map_err(|message| self.notes.wrong(span, message)).ok()
    }

    fn negated(&mut self, span: Range<usize>) -> Option<Predicate> {
        self.depth += 1;
        let problems = self.notes.problems.len();
        let inner = self.not();
        self.depth -= 1;
        if inner.is_none() && self.notes.problems.len() == problems {
            self.nothing_behind(span);
        }
        inner.map(|inner| Predicate::Not(Box::new(inner)))
    }

    /// What stands in parentheses, of which the first is taken.
    fn group(&mut self, open: Range<usize>) -> Option<Predicate> {
        self.depth += 1;
        let inner = self.or();
        self.depth -= 1;
        if self.peek().token == Token::Close {
            self.take();
        } else {
            self.notes.wrong(open, said("this parenthesis is not closed"));
        }
        inner
    }

    fn list(&mut self, named: Named, span: Range<usize>) -> Option<Predicate> {
        self.check_spelling(&named);
        // None of them is what `!=` means in front of a list.
        let is_negated = named.op == Op::IsNot;
        let op = if is_negated { Op::Is } else { named.op };
        let problems = self.notes.problems.len();
        let outer = std::mem::replace(&mut self.lists, vec![Named { op, ..named }]);
        let inner = self.group(span.end - 1..span.end);
        self.lists = outer;
        if inner.is_none() && self.notes.problems.len() == problems {
            self.notes.wrong(span, said("no value stands in this list"));
        }
        if is_negated { inner.map(|inner| Predicate::Not(Box::new(inner))) } else { inner }
    }

    fn check_spelling(&mut self, named: &Named) {
        let Some(name) = spelling::unknown(&named.field) else { return };
        let message = match spelling::suggestion(name) {
            Some(suggestion) => said_with("no field {}; did you mean {}?", [name.into(), suggestion.into()]),
            None => said_with("no field {}; read as a key of the record", [name.into()]),
        };
        self.notes.hint(named.name.clone(), message);
    }
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
