//! Texts with `*` for any run of characters.

use super::{Case, Needle};

/// A text with `*` for any run of characters, the empty one included: the whole value must fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    case: Case,
    /// What stands before, between and behind the stars.
    parts: Vec<Needle>,
}

impl Glob {
    /// Of what stands before, between and behind the stars.
    pub fn new<'t>(parts: impl IntoIterator<Item = &'t str>, case: Case) -> Glob {
        Glob { case, parts: parts.into_iter().map(|part| Needle::new(part, case)).collect() }
    }

    /// Whether case matters.
    pub fn case(&self) -> Case {
        self.case
    }

    /// What stands before, between and behind the stars.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(Needle::text)
    }

    /// Whether the whole value fits.
    pub fn matches(&self, value: &str) -> bool {
        let value = value.as_bytes();
        let Some((first, behind)) = self.parts.split_first() else { return false };
        let Some((last, middle)) = behind.split_last() else { return first.is(value) };
        if !first.begins(value) {
            return false;
        }
        let mut rest = &value[first.len()..];
        for part in middle {
            match part.find(rest) {
                Some(at) => rest = &rest[at + part.len()..],
                None => return false,
            }
        }
        last.ends(rest)
    }
}

/// Texts that must stand in another, one behind the other, with anything around them. Case is ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contains {
    parts: Vec<Needle>,
}

impl Contains {
    /// Empty parts mean nothing and are left out.
    pub fn new<'t>(parts: impl IntoIterator<Item = &'t str>) -> Contains {
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        Contains { parts: parts.map(|part| Needle::new(part, Case::Ignored)).collect() }
    }

    /// The texts, in order.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(Needle::text)
    }

    /// Whether these bytes, UTF-8, contain them.
    pub fn is_in(&self, bytes: &[u8]) -> bool {
        let mut rest = bytes;
        self.parts.iter().all(|part| match part.find(rest) {
            Some(at) => {
                rest = &rest[at + part.len()..];
                true
            }
            None => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_glob(pattern: &str, case: Case, matching: &[&str], other: &[&str]) {
        let glob = Glob::new(pattern.split('*'), case);
        for value in matching {
            assert!(glob.matches(value), "{pattern} should match {value:?}");
        }
        for value in other {
            assert!(!glob.matches(value), "{pattern} should not match {value:?}");
        }
    }

    #[test]
    fn globs() {
        check_glob("Get*", Case::Ignored, &["GetObject", "get", "GET*"], &["BudGet x", ""]);
        check_glob("*Object", Case::Ignored, &["GetObject", "object"], &["Objects"]);
        check_glob("a*b*c", Case::Ignored, &["abc", "aXbYc", "abbc"], &["ab", "ac", "abcd"]);
        check_glob("a*a", Case::Ignored, &["aa", "aba"], &["a"]);
        check_glob("*", Case::Ignored, &["", "x"], &[]);
        check_glob("*ä*", Case::Ignored, &["xäy"], &["xay", "xÄy"]);
        check_glob("Get*", Case::Kept, &["GetObject", "Get"], &["getObject", "GET"]);
        check_glob("*O*t", Case::Kept, &["GetObject"], &["Getobject"]);
    }

    fn check_contains(parts: &str, inside: &[&str], outside: &[&str]) {
        let contains = Contains::new(parts.split('*'));
        for text in inside {
            assert!(contains.is_in(text.as_bytes()), "{parts} is in {text:?}");
        }
        for text in outside {
            assert!(!contains.is_in(text.as_bytes()), "{parts} is not in {text:?}");
        }
    }

    #[test]
    fn contained() {
        check_contains("Object", &["GetObject", "xOBJECTx"], &["Objec", ""]);
        check_contains("a*b", &["xab", "a b", "bab"], &["ba", "a"]);
        check_contains("*a*", &["a"], &["b"]);
        check_contains("", &["", "x"], &[]);
        check_contains("aa*aa", &["aaaa"], &["aaa"]);
    }
}
