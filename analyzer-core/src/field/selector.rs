//! Exact places in a record's JSON, step by step. Unlike a dotted path, which looks into every array on its way, each
//! step says what it means.

use std::fmt::{self, Display, Formatter};

/// One step from a value of a record into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The value of this key of an object.
    Key(String),
    /// The element of an array with this number, from 0.
    Index(usize),
    /// Each element of an array.
    AnyElement,
    /// The value of each key of an object.
    AnyMember,
}

/// As metric filters write it, behind the `$` that stands for the record.
impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Step::Key(key) if is_plain(key) => write!(f, ".{key}"),
            Step::Key(key) => write!(f, ".['{key}']"),
            Step::Index(index) => write!(f, "[{index}]"),
            Step::AnyElement => f.write_str("[*]"),
            Step::AnyMember => f.write_str(".*"),
        }
    }
}

/// The steps as a metric filter writes them: `$.requestParameters.items[0].name`.
pub fn write(steps: &[Step]) -> String {
    steps.iter().fold("$".to_owned(), |text, step| text + &step.to_string())
}

/// Whether a metric filter may have this key without brackets.
pub fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(is_of_plain_key)
}

/// Whether this byte may stand in a key without brackets.
pub fn is_of_plain_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}
