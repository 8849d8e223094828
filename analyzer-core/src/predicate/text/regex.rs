//! Regular expressions, by an engine whose time is linear in the text.

use super::{Case, Needle};
use crate::said::{Said, said_with};

/// A pattern has at most this many bytes.
pub const MAX_PATTERN: usize = 1_000;
/// The program that a pattern becomes has at most about this many bytes.
pub const MAX_PROGRAM: usize = 256 << 10;

/// A regular expression. It is found anywhere in a value unless `^` or `$` hold it.
#[derive(Clone, Debug)]
pub struct Regex {
    pattern: String,
    case: Case,
    /// A text that every match contains: where it is missing, the engine, which is slower, need not look.
    required: Needle,
    program: regex_lite::Regex,
}

/// The same pattern means the same.
impl PartialEq for Regex {
    fn eq(&self, other: &Regex) -> bool {
        self.pattern == other.pattern && self.case == other.case
    }
}

impl Regex {
    /// Compiles a pattern, or says in one sentence why not.
    pub fn new(pattern: &str, case: Case) -> Result<Regex, Said> {
        if pattern.len() > MAX_PATTERN {
            return Err(said_with("a regular expression has at most {} bytes", [MAX_PATTERN.into()]));
        }
        let program = regex_lite::RegexBuilder::new(pattern)
            .case_insensitive(case == Case::Ignored)
            .size_limit(MAX_PROGRAM)
            .build()
            .map_err(|error| match error.to_string() {
                why if why.contains("size limit") => {
                    said_with("this regular expression takes more than {} KiB", [(MAX_PROGRAM >> 10).into()])
                }
                why => said_with("not a regular expression: {}", [why.into()]),
            })?;
        let required = Needle::new(&required(pattern), case);
        Ok(Regex { pattern: pattern.to_owned(), case, required, program })
    }

    /// The pattern, without slashes around it.
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// Whether case matters.
    pub fn case(&self) -> Case {
        self.case
    }

    /// Whether it is found in the value.
    pub fn matches(&self, value: &str) -> bool {
        self.required.find(value.as_bytes()).is_some() && self.program.is_match(value)
    }
}

/// The longest text that every match surely contains: a run of plain characters that is in no group or class and is not
/// repeated. Empty if there is an alternative or a flag, which could change what the rest means.
fn required(pattern: &str) -> String {
    let (mut longest, mut run) = (String::new(), String::new());
    let mut depth = 0u32;
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        let literal = match c {
            '|' => return String::new(),
            '(' if chars.peek() == Some(&'?') => return String::new(),
            '(' => {
                depth += 1;
                None
            }
            ')' => {
                depth = depth.saturating_sub(1);
                None
            }
            '[' => {
                // A class may begin with `]` or have classes within: not worth knowing what follows.
                return before(longest, run, chars);
            }
            '\\' => match chars.next() {
                Some(escaped) if escaped.is_ascii_punctuation() && !"<>".contains(escaped) => Some(escaped),
                // A letter is a class or an assertion, and what follows in braces may belong to it.
                _ => return before(longest, run, chars),
            },
            '.' | '^' | '$' | '*' | '+' | '?' | '}' | ']' => None,
            '{' => {
                chars.by_ref().find(|&c| c == '}');
                None
            }
            plain => Some(plain),
        };
        let repeats = chars.peek().is_some_and(|&next| "*?{+".contains(next));
        match literal.filter(|_| depth == 0 && !repeats) {
            Some(literal) => run.push(literal),
            None => longest_of(&mut longest, &mut run),
        }
    }
    longest_of(&mut longest, &mut run);
    longest
}

/// What was required up to a part that is not read, with all that follows: nothing if there may be an alternative or a
/// flag in that.
fn before(mut longest: String, mut run: String, rest: impl Iterator<Item = char>) -> String {
    let rest: String = rest.collect();
    if rest.contains('|') || rest.contains("(?") {
        return String::new();
    }
    longest_of(&mut longest, &mut run);
    longest
}

/// Ends a run.
fn longest_of(longest: &mut String, run: &mut String) {
    if run.len() > longest.len() {
        std::mem::swap(longest, run);
    }
    run.clear();
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn required_texts() {
        for (pattern, expected) in [
            ("AKIA[A-Z0-9]{16}", "AKIA"),
            ("^Get.*Object$", "Object"),
            ("a|bcd", ""),
            ("(abc)?def", "def"),
            ("(abc|x)def", ""),
            ("abc[d]|efg", ""),
            (r"abc\d|efg", ""),
            (r"a\A|", ""),
            ("ab*c", "a"),
            ("abc{0}d", "ab"),
            (r"a\.b", "a.b"),
            (r"abc\d+defg", "abc"),
            ("(?i)abc", ""),
            ("x+yz", "yz"),
            ("", ""),
        ] {
            assert_eq!(required(pattern), expected, "{pattern}");
        }
    }

    fn check(pattern: &str, case: Case, matching: &[&str], other: &[&str]) {
        let regex = Regex::new(pattern, case).unwrap();
        for value in matching {
            assert!(regex.matches(value), "{pattern} should match {value:?}");
        }
        for value in other {
            assert!(!regex.matches(value), "{pattern} should not match {value:?}");
        }
    }

    #[test]
    fn patterns() {
        check("^get(Object|Item)$", Case::Ignored, &["GetObject", "getitem"], &["GetObjects"]);
        check("^get", Case::Kept, &["getX"], &["GetX"]);
        check("b.d", Case::Ignored, &["aBCDe", "bäd"], &["bd"]);
    }

    #[test]
    fn no_pattern_explodes() {
        // Time that grows with more than the length of the text would show as a test that never ends.
        let text = format!("{}!", "a".repeat(100_000));
        assert!(!Regex::new("(a+)+$", Case::Ignored).unwrap().matches(&text));
        assert!(!Regex::new("(a*)*b", Case::Ignored).unwrap().matches(&text));
        for pattern in ["a{1000}{1000}", "((a{100}){100}){100}", "(?:a{0,999}){999}"] {
            assert_eq!(
                Regex::new(pattern, Case::Ignored).unwrap_err().to_string(),
                "this regular expression takes more than 256 KiB",
                "{pattern}"
            );
        }
        assert!(Regex::new(&"(".repeat(900), Case::Ignored).is_err());
        assert!(Regex::new(&format!("{}a{}", "(".repeat(450), ")".repeat(450)), Case::Ignored).is_err());
        assert_eq!(
            Regex::new(&"a".repeat(1_001), Case::Ignored).unwrap_err().to_string(),
            "a regular expression has at most 1000 bytes"
        );
    }

    proptest! {
        #[test]
        fn what_is_required_is_in_every_match(pattern in r"[abAB.*+?{}(|)\[\]\\^$0-2d]{0,10}", text in "[abAB.d012]{0,10}") {
            for case in [Case::Ignored, Case::Kept] {
                if let Ok(regex) = Regex::new(&pattern, case) {
                    prop_assert_eq!(regex.matches(&text), regex.program.is_match(&text), "{:?}", regex);
                }
            }
        }
    }
}
