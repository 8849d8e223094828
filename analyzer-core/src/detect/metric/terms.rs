//! Patterns of terms, which are looked for in the text of the event: `ERROR -EXIT ?A ?B "a phrase"`.

use super::cursor::Cursor;
use super::wrong;
use crate::field::FieldRef;
use crate::predicate::{Case, Glob, Matcher, Predicate, QueryProblem, Test};

/// Reads a pattern that is neither of JSON nor of words between blanks.
pub(super) fn parse(pattern: &str) -> Result<Predicate, QueryProblem> {
    let mut cursor = Cursor::new(pattern);
    let (mut all, mut any) = (Vec::new(), Vec::new());
    cursor.skip_blanks();
    while cursor.peek().is_some() {
        if cursor.take("-") {
            cursor.skip_blanks();
            all.push(Predicate::Not(Box::new(term(&mut cursor)?)));
        } else if cursor.take("?") {
            any.push(term(&mut cursor)?);
        } else {
            all.push(term(&mut cursor)?);
        }
        if cursor.peek().is_some_and(|c| !c.is_whitespace()) {
            return cursor
                .wrong_here("a term with this character stands in double quotes, and blanks stand between terms");
        }
        cursor.skip_blanks();
    }
    match any.len() {
        0 => {}
        1 => all.append(&mut any),
        _ => all.push(Predicate::Any(any)),
    }
    Ok(if all.len() == 1 { all.remove(0) } else { Predicate::All(all) })
}

/// A text that stands somewhere in the event, with its case, or a regular expression that is found there.
fn term(cursor: &mut Cursor) -> Result<Predicate, QueryProblem> {
    let start = cursor.at();
    let matcher = match cursor.peek() {
        Some('%') => Matcher::Regex(cursor.regex()?),
        Some('"') => {
            let text = cursor.quoted()?;
            if text.is_empty() {
                return wrong(cursor.since(start), "this term is empty");
            }
            somewhere(&text)
        }
        _ => match cursor.take_while(|c| c.is_ascii_alphanumeric() || c == '_') {
            "" if cursor.peek().is_none_or(char::is_whitespace) => {
                return cursor.wrong_here("a term has to stand here");
            }
            "" => {
                let why = "a term with this character stands in double quotes; a pattern for JSON stands in { }";
                return cursor.wrong_here(why);
            }
            word => somewhere(word),
        },
    };
    Ok(Predicate::Test(Test { field: FieldRef::Raw, matcher }))
}

fn somewhere(text: &str) -> Matcher {
    Matcher::Glob(Glob::new(["", text, ""], Case::Kept))
}
