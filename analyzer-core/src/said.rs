//! What the core says to people, so that whoever shows it can say it in another language: an English text and the values
//! in it. Written out it is the English sentence.
//!
//! The texts stand in calls of [`said`], [`said_with`] and [`phrase`]: they are the keys of the page's dictionaries
//! (`web-app/words`).

use std::fmt;

/// A text with the values that go into its places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// English. `{}` is the place of a value, in their order.
    pub text: &'static str,
    /// A value for each place.
    pub values: Vec<Value>,
}

/// What stands in a place of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// The same in every language: a name, a number, a path. Untrusted text.
    Text(String),
    /// Texts that are said one behind the other; none say nothing.
    Said(Vec<Said>),
}

/// A text without places.
pub fn said(text: &'static str) -> Said {
    Said { text, values: Vec::new() }
}

/// A text with a value for each of its places.
pub fn said_with<const N: usize>(text: &'static str, values: [Value; N]) -> Said {
    Said { text, values: values.into() }
}

/// A text that stands in a table and is said elsewhere.
pub const fn phrase(text: &'static str) -> &'static str {
    text
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut values = self.values.iter();
        for (place, part) in self.text.split("{}").enumerate() {
            if let Some(value) = (place > 0).then(|| values.next()).flatten() {
                value.fmt(f)?;
            }
            f.write_str(part)?;
        }
        Ok(())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) => f.write_str(text),
            Value::Said(parts) => parts.iter().try_for_each(|part| part.fmt(f)),
        }
    }
}

/// A text that is the same in every language.
impl From<String> for Said {
    fn from(text: String) -> Said {
        said_with("{}", [text.into()])
    }
}

impl From<&'static str> for Said {
    fn from(text: &'static str) -> Said {
        said(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Value {
        Value::Text(number.to_string())
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Value {
        Value::Text(number.to_string())
    }
}

impl From<Said> for Value {
    fn from(said: Said) -> Value {
        Value::Said(vec![said])
    }
}

impl From<Option<Said>> for Value {
    fn from(said: Option<Said>) -> Value {
        Value::Said(said.into_iter().collect())
    }
}

impl From<Vec<Said>> for Value {
    fn from(parts: Vec<Said>) -> Value {
        Value::Said(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_out_it_is_english() {
        let check = |said: Said, expected: &str| assert_eq!(said.to_string(), expected);
        check(said("empty"), "empty");
        check(said_with("{} of {}", ["1".into(), 2_u64.into()]), "1 of 2");
        check(said_with("{}{}.", [said("a").into(), vec![said("b"), said("c")].into()]), "abc.");
        check(said_with("{}{}.", [None.into(), said_with("({})", ["x".into()]).into()]), "(x).");
        // What comes in is no text with places, and a value that lacks says nothing.
        check(said_with("{}, {}", ["{}".into(), "b".into()]), "{}, b");
        check(said("{} and"), " and");
        check(said_with("{\"Records\":[…]} {}", ["x".into()]), "{\"Records\":[…]} x");
        check(String::from("{} as it is").into(), "{} as it is");
    }
}
