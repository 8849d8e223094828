//! What a selector is compared with: a number, a text in quotes, a word, a regular expression.

use super::cursor::Cursor;
use super::wrong;
use crate::predicate::{Case, Glob, Matcher, QueryProblem};

/// What a selector is compared with.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// A number.
    Number(f64),
    /// A text, perhaps with wildcards.
    Text(Matcher),
}

/// Reads the value that stands here.
pub(super) fn read(cursor: &mut Cursor) -> Result<Value, QueryProblem> {
    match cursor.peek() {
        Some('"') => Ok(Value::Text(starred(&cursor.quoted()?))),
        Some('%') => Ok(Value::Text(Matcher::Regex(cursor.regex()?))),
        _ => word(cursor),
    }
}

const UNQUOTED: &str = "a value with this character stands in double quotes";

/// A number, or a text that needs no quotes. Patterns in use have more in these than letters and digits.
fn word(cursor: &mut Cursor) -> Result<Value, QueryProblem> {
    let start = cursor.at();
    let word = cursor.take_while(|c| c.is_ascii_alphanumeric() || "-_.:*/@+".contains(c));
    if word.is_empty() {
        return cursor.wrong_here(match cursor.peek() {
            None | Some(')' | '}' | '&' | '|') => "a value has to stand here",
            Some('=') => "one = is enough",
            Some(_) => UNQUOTED,
        });
    }
    if cursor.peek().is_some_and(|c| !c.is_whitespace() && !")}&|".contains(c)) {
        return cursor.wrong_here(UNQUOTED);
    }
    match number(word) {
        Some(number) if number.is_finite() => Ok(Value::Number(number)),
        Some(_) => wrong(cursor.since(start), "this number is too large"),
        None => Ok(Value::Text(starred(word))),
    }
}

/// Digits with a sign, a decimal point and an exponent, as far as they are wanted.
fn number(word: &str) -> Option<f64> {
    let is_of_number = |b: u8| b.is_ascii_digit() || b"+-.eE".contains(&b);
    if word.bytes().all(is_of_number) { word.parse().ok() } else { None }
}

/// A text in which a star stands for any run of characters.
fn starred(text: &str) -> Matcher {
    if text.contains('*') {
        Matcher::Glob(Glob::new(text.split('*'), Case::Kept))
    } else {
        Matcher::Exact(text.to_owned())
    }
}
