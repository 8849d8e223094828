//! Cuts a query into what it is made of. Nothing is an error here: what is odd is handed on as [`Form::Broken`].

use crate::field::{FieldRef, name};
use crate::said::phrase;
use std::ops::Range;

/// How a field and a value are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    /// `:`
    Has,
    /// `=`
    Is,
    /// `!=`
    IsNot,
    /// `>=`
    AtLeast,
    /// `>`
    Above,
    /// `<=`
    AtMost,
    /// `<`
    Below,
}

/// The operators, longer ones before those that they begin with.
const OPS: [(&str, Op); 8] = [
    (":", Op::Has),
    (">=", Op::AtLeast),
    (">", Op::Above),
    ("<=", Op::AtMost),
    ("<", Op::Below),
    ("!=", Op::IsNot),
    ("==", Op::Is),
    ("=", Op::Is),
];

impl Op {
    /// The operator at the start of a text, and its length.
    pub(super) fn read(text: &str) -> Option<(Op, usize)> {
        OPS.iter().find(|(sign, _)| text.starts_with(sign)).map(|(sign, op)| (*op, sign.len()))
    }

    /// As it is written.
    pub(super) fn sign(self) -> &'static str {
        match self {
            Op::Has => ":",
            Op::Is => "=",
            Op::IsNot => "!=",
            Op::AtLeast => ">=",
            Op::Above => ">",
            Op::AtMost => "<=",
            Op::Below => "<",
        }
    }
}

/// A field and the operator behind it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Named {
    pub(super) field: FieldRef,
    /// Where its name stands.
    pub(super) name: Range<usize>,
    pub(super) op: Op,
}

/// A value as it was written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Value {
    pub(super) span: Range<usize>,
    pub(super) form: Form,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Form {
    /// There is none.
    Missing,
    /// A word, of pieces in quotes and not.
    Word(Vec<Piece>),
    /// As a word, but its last quote is not closed.
    OpenQuote(Vec<Piece>),
    /// Between slashes.
    Regex(String),
    /// `[from TO to]`; an empty text for `*`.
    Interval(String, String),
    /// Something else, and what is wrong with it.
    Broken(&'static str),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    /// Outside of quotes, unescaped.
    Bare(String),
    /// In quotes, unescaped.
    Quoted(String),
    /// `*`
    Star,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Open,
    Close,
    And,
    Or,
    Not,
    /// `field:(`
    List(Named),
    /// `field:value`
    Test(Named, Value),
    /// A value without a field.
    Value(Value),
    End,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lexeme {
    pub(super) token: Token,
    pub(super) span: Range<usize>,
}

/// Whether names of fields can stand here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// They can.
    Query,
    /// No: every word is a value of the field before the parenthesis.
    List,
}

pub(super) struct Lexer<'q> {
    query: &'q str,
    at: usize,
}

impl<'q> Lexer<'q> {
    pub(super) fn new(query: &'q str) -> Lexer<'q> {
        Lexer { query, at: 0 }
    }

    fn rest(&self) -> &'q str {
        self.query.get(self.at..).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// The next token.
    pub(super) fn next(&mut self, place: Place) -> Lexeme {
        self.skip_blanks();
        let start = self.at;
        let token = match self.rest().chars().next() {
            None => Token::End,
            Some('(') => self.take(1, Token::Open),
            Some(')') => self.take(1, Token::Close),
            Some(_) => match self.keyword() {
                Some((length, token)) => self.take(length, token),
                None => match self.named().filter(|_| place == Place::Query) {
                    Some((named, end)) => self.behind(named, end),
                    None => Token::Value(self.value(place)),
                },
            },
        };
        Lexeme { token, span: start..self.at }
    }

    fn take(&mut self, length: usize, token: Token) -> Token {
        self.at += length;
        token
    }

    fn keyword(&self) -> Option<(usize, Token)> {
        let rest = self.rest();
        let word = &rest[..bare_length(rest)];
        let is = |keyword: &str| word.eq_ignore_ascii_case(keyword);
        let token = if is("and") {
            Token::And
        } else if is("or") {
            Token::Or
        } else if is("not") {
            Token::Not
        } else {
            return None;
        };
        Some((word.len(), token))
    }

    /// A field and an operator, and where that ends. Blanks may stand before an operator that is no colon.
    fn named(&self) -> Option<(Named, usize)> {
        let rest = self.rest();
        let (segments, length) = name::read(rest)?;
        let behind = rest.get(length..)?;
        let blanks = behind.len() - behind.trim_start().len();
        let (op, sign) = Op::read(behind.trim_start()).filter(|(op, _)| blanks == 0 || *op != Op::Has)?;
        let field = FieldRef::of_segments(segments);
        Some((Named { field, name: self.at..self.at + length, op }, self.at + length + blanks + sign))
    }

    /// What stands behind a field and its operator. Blanks may stand behind an operator that is no colon.
    fn behind(&mut self, named: Named, end: usize) -> Token {
        self.at = end;
        if named.op != Op::Has {
            self.skip_blanks();
            if self.keyword().is_some() || self.rest().is_empty() {
                self.at = end;
                return Token::Test(named, Value { span: end..end, form: Form::Missing });
            }
        }
        if self.rest().starts_with('(') {
            return self.take(1, Token::List(named));
        }
        let value = self.value(Place::List);
        Token::Test(named, value)
    }

    /// A value. In the place of a query it has no field, so it cannot begin with an operator.
    fn value(&mut self, place: Place) -> Value {
        let start = self.at;
        let form = match self.rest().chars().next() {
            None | Some(')') => Form::Missing,
            Some(c) if c.is_whitespace() => Form::Missing,
            Some('[') => self.interval(),
            Some('/') => self.regex(),
            _ if place == Place::Query && Op::read(self.rest()).is_some() => {
                self.word();
                Form::Broken(phrase("no field is named in front of this"))
            }
            _ => self.word(),
        };
        Value { span: start..self.at, form }
    }

    /// From a slash to the next one that is not escaped, if nothing follows that one at once; else a word.
    fn regex(&mut self) -> Form {
        let mut pattern = String::new();
        let mut chars = self.rest().char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '/' => {
                    let ends = |c: char| c.is_whitespace() || "()".contains(c);
                    if pattern.is_empty() || !self.rest()[at + 1..].chars().next().is_none_or(ends) {
                        break;
                    }
                    self.at += at + 1;
                    return Form::Regex(pattern);
                }
                '\\' => match chars.next() {
                    Some((_, '/')) => pattern.push('/'),
                    Some((_, escaped)) => pattern.extend([c, escaped]),
                    None => break,
                },
                _ => pattern.push(c),
            }
        }
        self.word()
    }

    fn interval(&mut self) -> Form {
        const WRONG: &str = phrase("a range is [from TO to]; put a text that begins with [ in quotes");
        let start = self.at;
        self.at += 1;
        self.skip_blanks();
        let mut ends = Vec::new();
        while !self.rest().starts_with(']') {
            let before = self.at;
            let word = self.word_until(&[']']);
            if self.at == before || ends.len() == 3 {
                // No end in sight: what is wrong goes to the next blank.
                self.at = start;
                self.word();
                return Form::Broken(WRONG);
            }
            ends.push(word);
            self.skip_blanks();
        }
        self.at += 1;
        match ends.as_slice() {
            [from, Form::Word(to), end] if matches!(&to[..], [Piece::Bare(to)] if to.eq_ignore_ascii_case("to")) => {
                match (bound(from), bound(end)) {
                    (Some(from), Some(end)) => Form::Interval(from, end),
                    _ => Form::Broken(WRONG),
                }
            }
            _ => Form::Broken(WRONG),
        }
    }

    /// Up to a blank or a parenthesis outside of quotes.
    pub(super) fn word(&mut self) -> Form {
        self.word_until(&[])
    }

    /// Or up to one of `stops`.
    fn word_until(&mut self, stops: &[char]) -> Form {
        let mut pieces = Vec::new();
        let mut bare = String::new();
        while let Some(c) = self.rest().chars().next() {
            match c {
                '"' => {
                    end_bare(&mut pieces, &mut bare);
                    let behind = &self.rest()[1..];
                    let (text, length) = name::read_quoted(behind);
                    pieces.push(Piece::Quoted(text));
                    let Some(length) = length else {
                        self.at = self.query.len();
                        return Form::OpenQuote(pieces);
                    };
                    self.at += 1 + length;
                    continue;
                }
                '*' => {
                    end_bare(&mut pieces, &mut bare);
                    pieces.push(Piece::Star);
                }
                '\\' => match self.rest()[1..].chars().next().filter(|&c| is_escapable(c)) {
                    Some(escaped) => {
                        bare.push(escaped);
                        self.at += escaped.len_utf8();
                    }
                    None => bare.push(c),
                },
                _ if c.is_whitespace() || "()".contains(c) || stops.contains(&c) => break,
                _ => bare.push(c),
            }
            self.at += c.len_utf8();
        }
        end_bare(&mut pieces, &mut bare);
        Form::Word(pieces)
    }
}

/// Outside of quotes a backslash takes the meaning from these; before anything else it stands for itself.
fn is_escapable(c: char) -> bool {
    c.is_ascii_punctuation() || c.is_whitespace()
}

fn end_bare(pieces: &mut Vec<Piece>, bare: &mut String) {
    if !bare.is_empty() {
        pieces.push(Piece::Bare(std::mem::take(bare)));
    }
}

/// An end of a range; the empty text for an open one.
fn bound(form: &Form) -> Option<String> {
    match form {
        Form::Word(pieces) if *pieces == [Piece::Star] => Some(String::new()),
        Form::Word(pieces) => text_of(pieces).filter(|text| !text.is_empty()),
        _ => None,
    }
}

/// The text of a word without stars.
pub(super) fn text_of(pieces: &[Piece]) -> Option<String> {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Bare(part) | Piece::Quoted(part) => text.push_str(part),
            Piece::Star => return None,
        }
    }
    Some(text)
}

/// How far a word without quotes and escapes goes.
fn bare_length(text: &str) -> usize {
    text.find(|c: char| c.is_whitespace() || "()".contains(c)).unwrap_or(text.len())
}
