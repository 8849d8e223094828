//! What can stand where the cursor is.

use super::lexer::{Form, Lexeme, Lexer, Named, Op, Piece, Place, Token, Value, text_of};
use super::parse::MAX_QUERY;
use super::spelling;
use crate::field::{FIELDS, Field, FieldRef};
use crate::order;
use crate::said::phrase;
use std::ops::Range;

/// What can stand at a place of a query.
#[derive(Clone, Debug, PartialEq)]
pub struct Completion {
    /// The bytes of the query that a candidate takes the place of. The cursor is in it, or at one of its ends.
    pub span: Range<usize>,
    /// What is written there up to the cursor; of a value without quotes and escapes.
    pub prefix: String,
    /// What is expected.
    pub expected: Expected,
}

/// What is expected at a place of a query.
#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    /// A field; where one thing stands before it, these can be operators too. The best come first.
    Field(Vec<Candidate>),
    /// A value of this field. It goes into the query as [`super::quote`] writes it.
    Value {
        /// The field.
        field: FieldRef,
        /// Whether it begins with a quote.
        is_quoted: bool,
    },
    /// An operator.
    Operator(Vec<Candidate>),
    /// Whatever the user thinks of: a pattern, a range, a text.
    Anything,
}

/// Something that can be put into a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The field's name or the operator.
    pub text: &'static str,
    /// The other name by which it was found.
    pub alias: Option<&'static str>,
    /// One line.
    pub doc: &'static str,
}

const OPERATORS: [Candidate; 3] = [
    Candidate { text: "AND", alias: None, doc: phrase("Both must hold") },
    Candidate { text: "OR", alias: None, doc: phrase("One of both is enough") },
    Candidate { text: "AND NOT", alias: None, doc: phrase("The first must hold, and the second must not") },
];

/// Says what can stand at the cursor, a byte of the query. One inside of a letter counts as before it.
pub fn complete(query: &str, cursor: usize) -> Completion {
    let query = &query[..query.floor_char_boundary(MAX_QUERY)];
    let cursor = query.floor_char_boundary(cursor);
    let mut lexer = Lexer::new(query);
    // For each open parenthesis the field of the list in which it is.
    let mut open: Vec<Option<Named>> = Vec::new();
    let mut before: Option<Token> = None;
    loop {
        let list = open.last().and_then(Option::as_ref);
        let place = if list.is_some() { Place::List } else { Place::Query };
        let Lexeme { token, span } = lexer.next(place);
        let here = Here { query, cursor, list, follows_operand: before.as_ref().is_some_and(ends_operand) };
        if cursor < span.start || token == Token::End {
            return here.between(before.as_ref());
        }
        let is_sign = matches!(token, Token::Open | Token::Close);
        if cursor < span.end || cursor == span.end && !is_sign && !matches!(token, Token::List(_)) {
            return here.inside(&token, span);
        }
        match &token {
            Token::Open => open.push(list.cloned()),
            Token::List(named) => open.push(Some(named.clone())),
            Token::Close => drop(open.pop()),
            _ => {}
        }
        before = Some(token);
    }
}

/// Whether something stands before that an operator can follow.
fn ends_operand(token: &Token) -> bool {
    matches!(token, Token::Close | Token::Test(..) | Token::Value(_))
}

struct Here<'a> {
    query: &'a str,
    cursor: usize,
    /// The field of the list that the cursor is in.
    list: Option<&'a Named>,
    follows_operand: bool,
}

impl Here<'_> {
    fn completion(&self, span: Range<usize>, prefix: &str, expected: Expected) -> Completion {
        Completion { span, prefix: prefix.to_owned(), expected }
    }

    fn anything(&self, span: Range<usize>) -> Completion {
        let prefix = self.query.get(span.start..self.cursor).unwrap_or_default();
        self.completion(span, prefix, Expected::Anything)
    }

    /// Between two tokens.
    fn between(&self, before: Option<&Token>) -> Completion {
        let span = self.cursor..self.cursor;
        match (before, self.list) {
            // `eventTime >= ` waits for its value even behind a blank.
            (Some(Token::Test(named, Value { form: Form::Missing, .. })), _) if named.op != Op::Has => {
                self.value_of(&named.field, span, "", false)
            }
            _ if self.follows_operand => self.completion(span, "", Expected::Operator(OPERATORS.to_vec())),
            (_, Some(named)) => self.value_of(&named.field, span, "", false),
            _ => self.completion(span, "", Expected::Field(fields(""))),
        }
    }

    /// In a token, or at its end.
    fn inside(&self, token: &Token, span: Range<usize>) -> Completion {
        match token {
            Token::And | Token::Or | Token::Not if self.cursor > span.start => self.word(span),
            Token::Test(named, value) => self.in_test(named, value),
            Token::List(named) if self.cursor <= named.name.end => self.name(named.name.clone()),
            Token::List(_) => self.anything(self.cursor..self.cursor),
            Token::Value(value) if self.cursor == span.start && span.end > span.start => self.before_value(value),
            Token::Value(value) => match (&value.form, self.list) {
                (_, Some(named)) => self.value(&named.field, value),
                (Form::Word(pieces), None) if matches!(pieces[..], [Piece::Bare(_)]) => self.word(span),
                _ => self.anything(span),
            },
            _ => self.between(None),
        }
    }

    /// Right before a value without a field.
    fn before_value(&self, value: &Value) -> Completion {
        match self.list {
            Some(named) => self.value(&named.field, value),
            None => self.name(self.cursor..self.cursor),
        }
    }

    /// A word that can become anything.
    fn word(&self, span: Range<usize>) -> Completion {
        let prefix = &self.query[span.start..self.cursor];
        if let Some(named) = self.list {
            return self.value_of(&named.field, span, prefix, false);
        }
        let begins = |text: &str| text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        let operators = OPERATORS.into_iter().filter(|operator| self.follows_operand && begins(operator.text));
        let candidates = operators.chain(fields(prefix)).collect();
        self.completion(span, prefix, Expected::Field(candidates))
    }

    fn name(&self, span: Range<usize>) -> Completion {
        let prefix = &self.query[span.start..self.cursor];
        self.completion(span, prefix, Expected::Field(fields(prefix)))
    }

    fn in_test(&self, named: &Named, value: &Value) -> Completion {
        if self.cursor <= named.name.end {
            return self.name(named.name.clone());
        }
        let sign = self.query.get(named.name.end..self.cursor).unwrap_or_default().trim();
        if self.cursor < value.span.start && Op::read(sign).is_none_or(|(op, _)| op != named.op) {
            return self.anything(self.cursor..self.cursor);
        }
        self.value(&named.field, value)
    }

    fn value(&self, field: &FieldRef, value: &Value) -> Completion {
        let written = self.query.get(value.span.start..self.cursor).unwrap_or_default();
        let prefix = match (&value.form, Lexer::new(written).word()) {
            (Form::Missing, _) => Some(String::new()),
            (Form::Word(_) | Form::OpenQuote(_), Form::Word(pieces) | Form::OpenQuote(pieces)) => text_of(&pieces),
            _ => None,
        };
        match prefix {
            Some(prefix) => {
                let span = self.cursor.min(value.span.start)..value.span.end;
                self.value_of(field, span, &prefix, written.starts_with('"'))
            }
            None => self.anything(value.span.clone()),
        }
    }

    fn value_of(&self, field: &FieldRef, span: Range<usize>, prefix: &str, is_quoted: bool) -> Completion {
        self.completion(span, prefix, Expected::Value { field: field.clone(), is_quoted })
    }
}

/// The fields of the table that can be meant by what is written of a name, the best first.
fn fields(prefix: &str) -> Vec<Candidate> {
    let prefix = prefix.to_ascii_lowercase();
    let mut found: Vec<(u8, Candidate)> = FIELDS.iter().filter_map(|field| candidate(field, &prefix)).collect();
    if found.is_empty() {
        // Nothing begins like this: a misspelt name.
        let known = spelling::suggestion(&prefix);
        found.extend(known.and_then(crate::field::find).map(|field| (0, plain(field))));
    }
    order::sort_by_key(&mut found, |(rank, _)| *rank);
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

fn plain(field: &Field) -> Candidate {
    Candidate { text: field.name, alias: None, doc: field.doc }
}

/// The field with a rank, lower is better, if it fits to what is written, in lower case.
fn candidate(field: &Field, prefix: &str) -> Option<(u8, Candidate)> {
    let name = field.name.to_ascii_lowercase();
    let alias = |fits: &dyn Fn(&str) -> bool| field.aliases.iter().copied().find(|a| fits(&a.to_ascii_lowercase()));
    let with = |alias| Candidate { alias: Some(alias), ..plain(field) };
    if name == prefix {
        return Some((0, plain(field)));
    }
    if let Some(alias) = alias(&|alias| alias == prefix) {
        return Some((0, with(alias)));
    }
    if name.starts_with(prefix) {
        return Some((1, plain(field)));
    }
    if let Some(alias) = alias(&|alias| alias.starts_with(prefix)) {
        return Some((2, with(alias)));
    }
    if name.split('.').any(|segment| segment.starts_with(prefix)) {
        return Some((3, plain(field)));
    }
    name.contains(prefix).then(|| (4, plain(field)))
}

#[cfg(test)]
#[path = "complete_tests.rs"]
mod tests;
