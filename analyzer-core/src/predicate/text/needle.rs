//! A text that is looked for in others. It is prepared once, so that looking allocates nothing.

use memchr::{memchr_iter, memchr2_iter};

/// Whether ASCII letters of different case are the same. Other letters never are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// They are.
    Ignored,
    /// They are not.
    Kept,
}

/// A text to look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needle {
    text: String,
    case: Case,
    /// Lower-case bytes if case is ignored, else those of the text.
    bytes: Box<[u8]>,
    /// Which of the bytes is the rarest in records.
    rarest: usize,
}

/// What records are made of, the most frequent first. What is not here is rare.
const FREQUENT: &[u8] = b"\"eaosi:tnr,cm0d1l2-u.p345678/9gwvh{}fkby_ ASEIRPCT";

impl Needle {
    /// Prepares to look for this text.
    pub fn new(text: &str, case: Case) -> Needle {
        let bytes: Box<[u8]> = match case {
            Case::Ignored => text.to_ascii_lowercase().into_bytes().into(),
            Case::Kept => text.as_bytes().into(),
        };
        let rarity = |byte: &u8| FREQUENT.iter().position(|frequent| frequent == byte).unwrap_or(FREQUENT.len());
        let rarest = (0..bytes.len()).max_by_key(|&at| rarity(&bytes[at])).unwrap_or(0);
        Needle { text: text.to_owned(), case, bytes, rarest }
    }

    /// The text as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its length in bytes.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether it is empty. Then it is found everywhere.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Whether these bytes are the text.
    pub fn is(&self, bytes: &[u8]) -> bool {
        match self.case {
            Case::Ignored => bytes.eq_ignore_ascii_case(&self.bytes),
            Case::Kept => *bytes == *self.bytes,
        }
    }

    /// Whether `bytes` begin with the text.
    pub fn begins(&self, bytes: &[u8]) -> bool {
        bytes.get(..self.len()).is_some_and(|start| self.is(start))
    }

    /// Whether `bytes` end with the text.
    pub fn ends(&self, bytes: &[u8]) -> bool {
        bytes.len().checked_sub(self.len()).and_then(|at| bytes.get(at..)).is_some_and(|end| self.is(end))
    }

    /// Where the text begins first in `bytes`. Its rarest byte is looked for, and compared around.
    pub fn find(&self, bytes: &[u8]) -> Option<usize> {
        let Some(&rarest) = self.bytes.get(self.rarest) else { return Some(0) };
        let rest = bytes.get(self.rarest..)?;
        let fits = |&at: &usize| self.begins(&bytes[at..]);
        match self.case {
            Case::Ignored if rarest.is_ascii_alphabetic() => {
                memchr2_iter(rarest, rarest.to_ascii_uppercase(), rest).find(fits)
            }
            _ => memchr_iter(rarest, rest).find(fits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn found_where_anybody_finds_it(hay in "[abAB\"é-]{0,24}", text in "[abAB\"é]{0,4}") {
            let (low, low_text) = (hay.to_ascii_lowercase(), text.to_ascii_lowercase());
            for (needle, hay, text) in [
                (Needle::new(&text, Case::Kept), &hay, &text),
                (Needle::new(&text, Case::Ignored), &low, &low_text),
            ] {
                prop_assert_eq!(needle.find(hay.as_bytes()), hay.find(text.as_str()));
                prop_assert_eq!(needle.begins(hay.as_bytes()), hay.starts_with(text.as_str()));
                prop_assert_eq!(needle.ends(hay.as_bytes()), hay.ends_with(text.as_str()));
                prop_assert_eq!(needle.is(hay.as_bytes()), hay == text);
            }
            prop_assert_eq!(Needle::new(&text, Case::Ignored).find(hay.as_bytes()), low.find(&low_text));
        }
    }
}
