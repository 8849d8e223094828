//! What a JSON value must be, type and all.

use super::Matcher;
use crate::ingest::json::text_of;
use std::borrow::Cow;

/// What the JSON of a value must be.
#[derive(Clone, Debug, PartialEq)]
pub enum JsonTest {
    /// Anything: it is there.
    Present,
    /// `null`.
    Null,
    /// `true`, not a text that says so.
    True,
    /// `false`, not a text that says so.
    False,
    /// A text, number or boolean that matches: texts without quotes and escapes, the others as they stand.
    Is(Box<Matcher>),
    /// A text, number or boolean that does not match.
    IsNot(Box<Matcher>),
}

impl JsonTest {
    /// Whether the value with this JSON is what it must be.
    pub fn matches(&self, json: &str) -> bool {
        match self {
            JsonTest::Present => true,
            JsonTest::Null => json == "null",
            JsonTest::True => json == "true",
            JsonTest::False => json == "false",
            JsonTest::Is(matcher) => scalar(json).is_some_and(|text| matcher.matches(&text)),
            JsonTest::IsNot(matcher) => scalar(json).is_some_and(|text| !matcher.matches(&text)),
        }
    }
}

/// What a text, number or boolean says.
fn scalar(json: &str) -> Option<Cow<'_, str>> {
    if json.starts_with(['{', '[']) { None } else { text_of(json) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_matters() {
        let check = |test: &JsonTest, matching: &[&str], other: &[&str]| {
            matching.iter().for_each(|json| assert!(test.matches(json), "{test:?} should match {json}"));
            other.iter().for_each(|json| assert!(!test.matches(json), "{test:?} should not match {json}"));
        };
        check(&JsonTest::Present, &["null", "{}", "1"], &[]);
        check(&JsonTest::Null, &["null"], &[r#""null""#, "0"]);
        check(&JsonTest::True, &["true"], &["false", r#""true""#, "1"]);
        check(&JsonTest::False, &["false"], &["true", r#""false""#, "null"]);
        let text = || Box::new(Matcher::Exact("a\"b".to_owned()));
        check(&JsonTest::Is(text()), &[r#""a\"b""#, r#""\u0061\"b""#], &[r#""A\"b""#, "null", r#"["a\"b"]"#]);
        check(&JsonTest::IsNot(text()), &[r#""""#, "1", "true"], &[r#""a\"b""#, "null", "[]", "{}"]);
    }
}
