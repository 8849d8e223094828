//! Patterns for JSON: `{ $.eventName = "ConsoleLogin" && $.errorCode NOT EXISTS }`.

use super::compile::{Op, Presence, comparison, presence};
use super::cursor::Cursor;
use super::value;
use super::{MAX_DEPTH, MAX_WILDCARDS, wrong};
use crate::field::Step;
use crate::field::selector::is_of_plain_key;
use crate::predicate::{Predicate, QueryProblem};

type Read<T> = Result<T, QueryProblem>;

/// Reads a pattern that begins with a brace.
pub(super) fn parse(pattern: &str) -> Read<Predicate> {
    let mut parser = Parser { cursor: Cursor::new(pattern), depth: 0, wildcards: 0 };
    parser.cursor.skip_blanks();
    parser.cursor.take("{");
    let predicate = parser.any()?;
    if !parser.cursor.take("}") {
        return parser.cursor.wrong_here(match parser.cursor.peek() {
            None => "the pattern has to end with }",
            Some(')') => "there is no ( for this )",
            Some(_) => "&&, || or } has to stand here",
        });
    }
    parser.cursor.skip_blanks();
    match parser.cursor.peek() {
        None => Ok(predicate),
        Some(_) => wrong(parser.cursor.at()..pattern.len(), "nothing may follow the closing }"),
    }
}

struct Parser<'p> {
    cursor: Cursor<'p>,
    /// Open parentheses.
    depth: usize,
    /// Wildcards in selectors so far.
    wildcards: usize,
}

impl Parser<'_> {
    /// Parts with `||` between them. Blanks behind it are skipped.
    fn any(&mut self) -> Read<Predicate> {
        let mut parts = vec![self.all()?];
        while self.cursor.take("||") {
            parts.push(self.all()?);
        }
        Ok(one_or(parts, Predicate::Any))
    }

    /// Parts with `&&` between them.
    fn all(&mut self) -> Read<Predicate> {
        let mut parts = vec![self.part()?];
        while self.cursor.take("&&") {
            parts.push(self.part()?);
        }
        Ok(one_or(parts, Predicate::All))
    }

    /// A test, or more in parentheses.
    fn part(&mut self) -> Read<Predicate> {
        self.cursor.skip_blanks();
        let predicate = match self.cursor.peek() {
            Some('(') => self.group()?,
            Some('$') => self.test()?,
            Some('!') => return self.cursor.wrong_here("there is no sign for \"not\"; use != or NOT EXISTS"),
            Some(_) => return self.cursor.wrong_here("a selector, such as $.eventName, or ( has to stand here"),
            None => {
                return self.cursor.wrong_here("the pattern ends where a selector, such as $.eventName, should stand");
            }
        };
        self.cursor.skip_blanks();
        Ok(predicate)
    }

    fn group(&mut self) -> Read<Predicate> {
        let opening = self.cursor.here();
        if self.depth == MAX_DEPTH {
            return wrong(opening, format!("parentheses nest at most {MAX_DEPTH} deep"));
        }
        self.cursor.take("(");
        self.depth += 1;
        let inner = self.any()?;
        self.depth -= 1;
        match self.cursor.peek() {
            Some(')') => {
                self.cursor.take(")");
                Ok(inner)
            }
            None | Some('}') => wrong(opening, "this ( is not closed"),
            Some(_) => self.cursor.wrong_here("&&, || or ) has to stand here"),
        }
    }

    fn test(&mut self) -> Read<Predicate> {
        let selector = self.selector()?;
        self.cursor.skip_blanks();
        const OPS: [(&str, Op); 6] = [
            ("!=", Op::IsNot),
            ("<=", Op::AtMost),
            (">=", Op::AtLeast),
            ("<", Op::Below),
            (">", Op::Above),
            ("=", Op::Is),
        ];
        for (sign, op) in OPS {
            if self.cursor.take(sign) {
                self.cursor.skip_blanks();
                let start = self.cursor.at();
                let value = value::read(&mut self.cursor)?;
                return comparison(selector, op, value).or_else(|why| wrong(self.cursor.since(start), why));
            }
        }
        Ok(presence(selector, self.words()?))
    }

    /// `IS NULL`, `IS TRUE`, `IS FALSE` or `NOT EXISTS`.
    fn words(&mut self) -> Read<Presence> {
        let (first, span) = self.cursor.word();
        self.cursor.skip_blanks();
        match first {
            "IS" => {
                let (second, at) = self.cursor.word();
                match second {
                    "NULL" => Ok(Presence::Null),
                    "TRUE" => Ok(Presence::True),
                    "FALSE" => Ok(Presence::False),
                    "NOT" => wrong(at, "metric filters have no IS NOT"),
                    _ => wrong(at, "NULL, TRUE or FALSE has to follow IS"),
                }
            }
            "NOT" => match self.cursor.word() {
                ("EXISTS", _) => Ok(Presence::Missing),
                (_, at) => wrong(at, "EXISTS has to follow NOT"),
            },
            "EXISTS" => {
                wrong(span, "metric filters have no EXISTS, only NOT EXISTS; = * finds any text, number or boolean")
            }
            _ => wrong(span, "an operator has to stand here: = != < <= > >= IS, or NOT EXISTS"),
        }
    }

    /// A selector. At most one of its steps is a wildcard.
    fn selector(&mut self) -> Read<Vec<Step>> {
        let start = self.cursor.at();
        self.cursor.take("$");
        let (mut steps, mut wildcards) = (Vec::new(), 0);
        while let Some(step) = self.step()? {
            wildcards += usize::from(matches!(step, Step::AnyElement | Step::AnyMember));
            steps.push(step);
        }
        let span = self.cursor.since(start);
        if steps.is_empty() {
            return wrong(span, "a selector names something behind its $, such as $.eventName");
        }
        if wildcards > 1 {
            return wrong(span, "a selector has at most one wildcard");
        }
        self.wildcards += wildcards;
        if self.wildcards > MAX_WILDCARDS {
            return wrong(span, format!("the selectors of a pattern have at most {MAX_WILDCARDS} wildcards"));
        }
        Ok(steps)
    }

    fn step(&mut self) -> Read<Option<Step>> {
        let start = self.cursor.at();
        let step = if self.cursor.take(".*") {
            Step::AnyMember
        } else if self.cursor.take("[*]") {
            Step::AnyElement
        } else if self.cursor.take(".['") {
            let key = self.cursor.take_until("']");
            match key {
                Some("") => return wrong(self.cursor.since(start), "this name is empty"),
                Some(key) => Step::Key(key.to_owned()),
                None => return wrong(start..start + 3, "this name has no '] at its end"),
            }
        } else if self.cursor.take("['") {
            return wrong(start..start + 2, "a name in brackets has a dot in front: .['name']");
        } else if self.cursor.take(".") {
            match self.cursor.take_while(|c| u8::try_from(c).is_ok_and(is_of_plain_key)) {
                "" => {
                    let why = "a name of letters, digits, - and _ has to follow the dot, or one in brackets: .['name']";
                    return self.cursor.wrong_here(why);
                }
                key => Step::Key(key.to_owned()),
            }
        } else if self.cursor.take("[") {
            let digits = self.cursor.take_while(|c| c.is_ascii_digit());
            match digits.parse().ok().filter(|_| self.cursor.take("]")) {
                Some(index) => Step::Index(index),
                None => {
                    return wrong(
                        start..self.cursor.here().end,
                        "an element is [0], [1] and so on, and any of them [*]",
                    );
                }
            }
        } else {
            return Ok(None);
        };
        Ok(Some(step))
    }
}

fn one_or(mut parts: Vec<Predicate>, of: fn(Vec<Predicate>) -> Predicate) -> Predicate {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            of(parts)
        }
    }
}
