//! Twin of what the core says to people, which the page says in its language.

use analyzer_core::said;
use serde::{Deserialize, Serialize};

/// Twin of [`said::Said`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// English, with `{}` for each value: a key of dictionaries.
    pub text: String,
    /// What goes there.
    pub values: Vec<Value>,
}

/// Twin of [`said::Value`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// The same in every language. Untrusted text.
    Text(String),
    /// Said one behind the other.
    Said(Vec<Said>),
}

impl From<said::Said> for Said {
    fn from(s: said::Said) -> Said {
        Said { text: s.text.to_owned(), values: s.values.into_iter().map(Into::into).collect() }
    }
}

impl From<said::Value> for Value {
    fn from(v: said::Value) -> Value {
        match v {
            said::Value::Text(text) => Value::Text(text),
            said::Value::Said(parts) => Value::Said(parts.into_iter().map(Into::into).collect()),
        }
    }
}
