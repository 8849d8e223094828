//! Which field was meant by a name that the table does not have.

use crate::field::{FIELDS, FieldRef};
use crate::ingest::keys::KEYS;

/// More edits than this make another word.
const MAX_EDITS: usize = 2;

/// The name, if it is neither a field's nor that of a key that records have. A dotted path may lead anywhere.
pub(super) fn unknown(field: &FieldRef) -> Option<&str> {
    match field {
        FieldRef::Path(path) => match path.as_slice() {
            [name] if !name.contains('.') && !KEYS.iter().any(|(key, _)| key == name) => Some(name),
            _ => None,
        },
        FieldRef::Standard(_) | FieldRef::Selector(_) | FieldRef::Raw | FieldRef::Anywhere => None,
    }
}

/// The name of a field or of a record's key that is most like this unknown one, if one is like it.
pub(super) fn suggestion(name: &str) -> Option<&'static str> {
    // A short name is like too many.
    let allowed = MAX_EDITS.min(name.chars().count() / 3);
    let names = FIELDS.iter().flat_map(|field| field.aliases.iter().chain([&field.name]).copied());
    let names = names.chain(KEYS.iter().map(|(key, _)| *key));
    let near = names.map(|known| (edits(name, known), known)).filter(|(edits, _)| *edits <= allowed);
    near.min_by_key(|(edits, _)| *edits).map(|(_, known)| known)
}

/// How many letters must be added, taken away, changed or swapped with their neighbour, without regard to case, to make
/// one word of the other; no letter is edited twice (Damerau and Levenshtein's distance, restricted). Beyond
/// [`MAX_EDITS`] it is not counted.
fn edits(a: &str, b: &str) -> usize {
    let letters = |text: &str| text.chars().map(|c| c.to_ascii_lowercase()).collect::<Vec<_>>();
    let (a, b) = (letters(a), letters(b));
    if a.len().abs_diff(b.len()) > MAX_EDITS {
        return MAX_EDITS + 1;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &y) in b.iter().enumerate() {
            let mut least = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, expected) in [
            ("eventNam", "eventName", 1),
            ("evnetName", "EVENTNAME", 1),
            ("", "ab", 2),
            ("abc", "abc", 0),
            ("abcd", "badc", 2),
            ("kitten", "sitting", 3),
            ("a", "abcde", 3),
        ] {
            assert_eq!((edits(a, b), edits(b, a)), (expected, expected), "{a} {b}");
        }
    }

    #[test]
    fn suggestions() {
        for (name, expected) in [
            ("eventNam", Some("eventName")),
            ("evetnSource", Some("eventSource")),
            ("usr", Some("user")),
            ("regoin", Some("region")),
            ("arm", Some("arn")),
            ("eventName", None),
            ("requestParameters.x", None),
            ("tlsDetails", None),
            ("userIdentity", None),
            ("tlsdetails", Some("tlsDetails")),
            ("zz", None),
            ("something", None),
        ] {
            assert_eq!(unknown(&FieldRef::parse(name)).and_then(suggestion), expected, "{name}");
        }
    }
}
