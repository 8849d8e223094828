//! Texts of Sigma with their wildcards, and what becomes of them: encodings, dashes, placeholders.

use super::modifiers::Encoding;
use crate::predicate::{Case, Glob, Likeness, Matcher, Regex};
use std::collections::BTreeMap;

/// Values by the name of their placeholder, without the percent signs.
pub type Placeholders = BTreeMap<String, Vec<String>>;

/// So many dashes a text can have that stand for others.
pub(super) const MOST_DASHES: usize = 4;
/// A hyphen, a slash, an en dash, an em dash and a horizontal bar.
const DASHES: [char; 5] = ['-', '/', '\u{2013}', '\u{2014}', '\u{2015}'];

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Letter(char),
    /// `?`: any one letter.
    One,
    /// `*`: any letters, or none.
    Any,
}

/// Reads wildcards. A backslash takes its meaning from a wildcard, or from a backslash; before anything else it is one.
pub(super) fn read(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        pieces.push(match letter {
            '*' => Piece::Any,
            '?' => Piece::One,
            '\\' => Piece::Letter(letters.next_if(|next| "*?\\".contains(*next)).unwrap_or('\\')),
            letter => Piece::Letter(letter),
        });
    }
    pieces
}

/// The matcher of a whole value.
pub(super) fn matcher(pieces: &[Piece], likeness: Option<Likeness>, case: Case) -> Result<Matcher, String> {
    let mut pieces = pieces.to_vec();
    if matches!(likeness, Some(Likeness::Contains | Likeness::Ends)) {
        pieces.insert(0, Piece::Any);
    }
    if matches!(likeness, Some(Likeness::Contains | Likeness::Begins)) {
        pieces.push(Piece::Any);
    }
    pieces.dedup_by(|a, b| *a == Piece::Any && *b == Piece::Any);
    if pieces == [Piece::Any] {
        return Ok(Matcher::Exists);
    }
    if pieces.contains(&Piece::One) {
        return Ok(Matcher::Regex(Regex::new(&as_regex(&pieces), case).map_err(|why| why.to_string())?));
    }
    let mut parts = vec![String::new()];
    for piece in pieces {
        match (piece, parts.last_mut()) {
            (Piece::Letter(letter), Some(part)) => part.push(letter),
            _ => parts.push(String::new()),
        }
    }
    Ok(match (&parts[..], case) {
        ([text], Case::Ignored) => Matcher::Text(text.clone()),
        ([text], Case::Kept) => Matcher::Exact(text.clone()),
        (parts, case) => Matcher::Glob(Glob::new(parts.iter().map(String::as_str), case)),
    })
}

fn as_regex(pieces: &[Piece]) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::One => ".".to_owned(),
        Piece::Any => ".*".to_owned(),
        Piece::Letter(letter) if letter.is_ascii_punctuation() => format!("\\{letter}"),
        Piece::Letter(letter) => letter.to_string(),
    };
    format!("(?s)^{}$", pieces.iter().map(piece).collect::<String>())
}

/// The same text with every kind of dash in the place of each that begins a word, in all combinations.
pub(super) fn with_dashes(pieces: &[Piece]) -> Result<Vec<Vec<Piece>>, String> {
    let is_dash = |at: usize| matches!(pieces[at], Piece::Letter(letter) if DASHES.contains(&letter));
    let is_word = |piece: Option<&Piece>| matches!(piece, Some(Piece::Letter(l)) if l.is_alphanumeric() || *l == '_');
    let begins = |at: usize| !is_word(at.checked_sub(1).and_then(|at| pieces.get(at))) && is_word(pieces.get(at + 1));
    let places: Vec<usize> = (0..pieces.len()).filter(|&at| is_dash(at) && begins(at)).collect();
    if places.len() > MOST_DASHES {
        return Err(format!("windash stands at more than {MOST_DASHES} dashes"));
    }
    let mut all = vec![pieces.to_vec()];
    for place in places {
        let each = |text: &Vec<Piece>| {
            DASHES.map(|dash| {
                let mut text = text.clone();
                text[place] = Piece::Letter(dash);
                text
            })
        };
        all = all.iter().flat_map(each).collect();
    }
    Ok(all)
}

/// The forms of an encoded text. A wildcard cannot be encoded.
pub(super) fn encoded(pieces: &[Piece], encodings: &[Encoding]) -> Result<Vec<Vec<Piece>>, String> {
    let letter = |piece: &Piece| if let Piece::Letter(letter) = piece { Some(*letter) } else { None };
    let text: Option<String> = pieces.iter().map(letter).collect();
    let text = text.ok_or("a wildcard cannot be encoded")?;
    let mut forms = vec![text.clone().into_bytes()];
    for (number, encoding) in encodings.iter().enumerate() {
        let is_text = number == 0;
        forms = match encoding {
            Encoding::Base64 => forms.iter().map(|bytes| base64(bytes).into_bytes()).collect(),
            Encoding::Base64Offset => forms.iter().flat_map(|bytes| offsets(bytes)).map(String::into_bytes).collect(),
            _ if !is_text => return Err("UTF-16 is an encoding of texts, and must stand before others".to_owned()),
            Encoding::Utf16Le => vec![text.encode_utf16().flat_map(u16::to_le_bytes).collect()],
            Encoding::Utf16Be => vec![text.encode_utf16().flat_map(u16::to_be_bytes).collect()],
            Encoding::Utf16 => {
                vec![[0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()]
            }
        };
    }
    // Bytes that are no text (UTF-16 that is not encoded further) are looked for as the letters of these numbers.
    let as_pieces = |bytes: Vec<u8>| match String::from_utf8(bytes) {
        Ok(text) => text.chars().map(Piece::Letter).collect(),
        Err(error) => error.into_bytes().into_iter().map(|byte| Piece::Letter(byte.into())).collect(),
    };
    Ok(forms.into_iter().map(as_pieces).collect())
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 with its padding (RFC 4648).
fn base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let number = (0..3).fold(0u32, |n, at| n << 8 | u32::from(chunk.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let letter = ALPHABET[(number >> (18 - 6 * at)) as usize & 63] as char;
            text.push(if at <= chunk.len() { letter } else { '=' });
        }
    }
    text
}

/// The letters that stand for these bytes wherever they stand in an encoded text, for each of three places.
fn offsets(bytes: &[u8]) -> Vec<String> {
    let shifted = |shift: usize| {
        let text = base64(&[&[0; 2][..shift], bytes].concat());
        let text = text.trim_end_matches('=');
        // Letters at the ends hold bits of the neighbours.
        let start = [0, 2, 3][shift];
        let end = text.len() - usize::from(!(shift + bytes.len()).is_multiple_of(3));
        text.get(start..end.max(start)).unwrap_or_default().to_owned()
    };
    (0..3).map(shifted).collect()
}

/// The texts that stand for one with `%placeholders%`; a percent sign behind a backslash is one.
pub(super) fn expanded(text: &str, placeholders: &Placeholders) -> Result<Vec<String>, String> {
    let mut all = vec![String::new()];
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '\\' && letters.peek() == Some(&'%') {
            letters.next();
            all.iter_mut().for_each(|text| text.push('%'));
        } else if letter == '%' {
            let name: String = letters.by_ref().take_while(|letter| *letter != '%').collect();
            let values =
                placeholders.get(&name).ok_or_else(|| format!("no values are given for the placeholder %{name}%"))?;
            if all.len().saturating_mul(values.len()) > MOST_EXPANDED {
                return Err(format!("placeholders stand for more than {MOST_EXPANDED} values"));
            }
            all = all.iter().flat_map(|text| values.iter().map(move |value| format!("{text}{value}"))).collect();
            if all.iter().map(String::len).sum::<usize>() > MOST_EXPANDED_BYTES {
                return Err(format!("placeholders stand for more than {} MiB of text", MOST_EXPANDED_BYTES >> 20));
            }
        } else {
            all.iter_mut().for_each(|text| text.push(letter));
        }
    }
    Ok(all)
}

/// A value can stand for so many.
pub(super) const MOST_EXPANDED: usize = 10_000;
/// They have so many bytes together.
pub(super) const MOST_EXPANDED_BYTES: usize = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, likeness: Option<Likeness>, matching: &[&str], other: &[&str]) {
        let matcher = matcher(&read(text), likeness, Case::Ignored).unwrap();
        for value in matching {
            assert!(matcher.matches(value), "{text} {matcher:?} should match {value}");
        }
        for value in other {
            assert!(!matcher.matches(value), "{text} {matcher:?} should not match {value}");
        }
    }

    #[test]
    fn wildcards() {
        check("abc", None, &["ABC"], &["abcd", ""]);
        check("a*c", None, &["ac", "abbC"], &["acd"]);
        check("a?c", None, &["abc", "a\nc"], &["ac", "abbc"]);
        check(r"a\*c", None, &["a*c"], &["abc"]);
        check(r"a\\*", None, &[r"a\", r"a\b"], &["ab"]);
        check(r"a\\\*", None, &[r"a\*"], &[r"a\b"]);
        check(r"C:\x\y", None, &[r"c:\x\y"], &[]);
        check(r"a\\\\b", None, &[r"a\\b"], &[r"a\b"]);
        check("b.c", Some(Likeness::Contains), &["ab.cd", "b.c"], &["abxcd"]);
        check("a?", Some(Likeness::Begins), &["abc"], &["a", "bab"]);
        check("b", Some(Likeness::Ends), &["ab"], &["ba"]);
        check("*", None, &["", "x"], &[]);
        check("", None, &[""], &["x"]);
    }

    fn texts(pieces: Vec<Vec<Piece>>) -> Vec<String> {
        let letter = |piece: &Piece| if let Piece::Letter(letter) = piece { *letter } else { '*' };
        pieces.iter().map(|pieces| pieces.iter().map(letter).collect()).collect()
    }

    #[test]
    fn encodings() {
        let check = |text: &str, encodings: &[Encoding], expected: &[&str]| {
            assert_eq!(texts(encoded(&read(text), encodings).unwrap()), expected, "{text}");
        };
        check("http://", &[Encoding::Base64], &["aHR0cDovLw=="]);
        check("http://", &[Encoding::Base64Offset], &["aHR0cDovL", "h0dHA6Ly", "odHRwOi8v"]);
        check("ab", &[Encoding::Utf16Le], &["a\0b\0"]);
        check("a", &[Encoding::Utf16Be, Encoding::Base64], &["AGE="]);
        check("a", &[Encoding::Utf16, Encoding::Base64], &["//5hAA=="]);
        assert!(encoded(&read("a*"), &[Encoding::Base64]).is_err());
        // Wherever a text stands, one of its three forms is in what it is encoded to.
        for before in ["", "x", "xy", "xyz"] {
            for text in ["foo", "fo", "f", "longer text"] {
                let whole = base64(format!("{before}{text} behind").as_bytes());
                assert!(offsets(text.as_bytes()).iter().any(|form| whole.contains(form.as_str())), "{text} {before}");
            }
        }
    }

    #[test]
    fn dashes_and_placeholders() {
        assert_eq!(texts(with_dashes(&read("-a b-c")).unwrap()), ["-a b-c", "/a b-c", "–a b-c", "—a b-c", "―a b-c"]);
        assert_eq!(with_dashes(&read("-a /b")).unwrap().len(), 25);
        assert!(with_dashes(&read("-a -b -c -d -e")).is_err());
        let placeholders = Placeholders::from([("x".to_owned(), vec!["1".to_owned(), "2".to_owned()])]);
        assert_eq!(expanded(r"a%x%\%", &placeholders).unwrap(), ["a1%", "a2%"]);
        assert!(expanded("%y%", &placeholders).unwrap_err().contains("%y%"));
    }
}
