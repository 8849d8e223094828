//! Where does this JSON value end, and is it well-formed? Nothing is copied or built.
//!
//! The scanner is exact about structure (strings, escapes, literals, numbers, commas, colons) and lenient about one
//! thing: raw control characters inside strings pass, because an event is worth more than a pedantic refusal.

mod brackets;
pub mod path;
pub mod select;
pub(super) mod string;
mod text;

pub use brackets::Brackets;
pub use text::{text_of, unescape};

use crate::said::phrase;

/// Containers may nest this deep; CloudTrail's own records stay under 20.
pub const MAX_DEPTH: u32 = 128;

/// Why a scan ended before the value did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The bytes end first: more may follow.
    More,
    /// The byte at `at` does not fit.
    Broken {
        /// Index into the scanned bytes.
        at: usize,
        /// What was expected.
        what: &'static str,
    },
}

/// The index behind what was scanned.
pub type Scan = Result<usize, Stop>;

fn broken(at: usize, what: &'static str) -> Scan {
    Err(Stop::Broken { at, what })
}

/// The index of the first byte from `i` on that is no JSON white space.
#[inline(always)]
pub fn skip_space(b: &[u8], i: usize) -> usize {
    // Machines write none.
    if b.get(i).is_some_and(|&c| c > b' ') { i } else { skip_some_space(b, i) }
}

#[inline(never)]
fn skip_some_space(b: &[u8], mut i: usize) -> usize {
    while matches!(b.get(i), Some(b' ' | b'\n' | b'\r' | b'\t')) {
        i += 1;
    }
    i
}

/// The first byte from `i` on that is no white space, behind its index.
#[inline(always)]
pub fn next(b: &[u8], i: usize) -> Result<(usize, u8), Stop> {
    match b.get(i) {
        Some(&c) if c > b' ' => Ok((i, c)),
        _ => next_behind_space(b, i),
    }
}

#[inline(never)]
fn next_behind_space(b: &[u8], i: usize) -> Result<(usize, u8), Stop> {
    let i = skip_some_space(b, i);
    b.get(i).map(|&c| (i, c)).ok_or(Stop::More)
}

/// Scans a string whose opening quote is at `start`.
pub fn skip_string(b: &[u8], start: usize) -> Scan {
    Scanner::new(b).string(start)
}

/// Scans a string whose opening quote is at `start`; says also whether anything in it is escaped.
pub fn skip_text(b: &[u8], start: usize) -> Result<(usize, bool), Stop> {
    Scanner::new(b).text(start)
}

/// Scans `"key" :` at `i` and returns the index behind the colon.
pub fn skip_key(b: &[u8], i: usize) -> Scan {
    Scanner::new(b).key(i)
}

/// Scans the value that starts at or after `start` (white space before it is skipped).
pub fn skip_value(b: &[u8], start: usize) -> Scan {
    Scanner::new(b).value(start)
}

/// The scanner, and what it noticed.
pub struct Scanner<'b> {
    b: &'b [u8],
    /// A string that was scanned has bytes beyond ASCII. Outside of strings there are none in what is well-formed.
    pub beyond_ascii: bool,
}

impl<'b> Scanner<'b> {
    /// Of these bytes; all places are indices into them.
    pub fn new(b: &'b [u8]) -> Scanner<'b> {
        Scanner { b, beyond_ascii: false }
    }

    /// Scans a string whose opening quote is at `start`.
    #[inline(always)]
    pub fn string(&mut self, start: usize) -> Scan {
        match string::plain_end(self.b, start + 1) {
            Some(quote) => Ok(quote + 1),
            None => self.odd_string(start),
        }
    }

    /// Scans a string whose opening quote is at `start`; says also whether anything in it is escaped.
    #[inline(always)]
    pub fn text(&mut self, start: usize) -> Result<(usize, bool), Stop> {
        match string::plain_end(self.b, start + 1) {
            Some(quote) => Ok((quote + 1, false)),
            None => self.odd_text(start),
        }
    }

    /// The same, when the string goes on at `i` and nothing but plain ASCII came before.
    #[inline(always)]
    pub fn rest_of_text(&mut self, start: usize, i: usize) -> Result<(usize, bool), Stop> {
        match string::plain_end(self.b, i) {
            Some(quote) => Ok((quote + 1, false)),
            None => self.odd_text(start),
        }
    }

    #[inline(never)]
    fn odd_string(&mut self, start: usize) -> Scan {
        let end = string::end(self.b, start + 1)?;
        self.beyond_ascii |= !self.b[start..end].is_ascii();
        Ok(end)
    }

    #[inline(never)]
    fn odd_text(&mut self, start: usize) -> Result<(usize, bool), Stop> {
        let end = self.odd_string(start)?;
        Ok((end, memchr::memchr(b'\\', &self.b[start..end]).is_some()))
    }

    /// Scans `"key" :` at `i` and returns the index behind the colon.
    #[inline(always)]
    pub fn key(&mut self, i: usize) -> Scan {
        if self.b.get(i) == Some(&b'"')
            && let Some(quote) = string::plain_end(self.b, i + 1)
            && self.b.get(quote + 1) == Some(&b':')
        {
            return Ok(quote + 2);
        }
        self.odd_key(i)
    }

    #[inline(never)]
    fn odd_key(&mut self, i: usize) -> Scan {
        match self.b.get(i) {
            None => return Err(Stop::More),
            Some(b'"') => {}
            Some(_) => return broken(i, "expected a key in quotes"),
        }
        match next(self.b, self.string(i)?)? {
            (colon, b':') => Ok(colon + 1),
            (other, _) => broken(other, "expected a colon"),
        }
    }

    /// Scans `"key":"text"` at `i`, or what there is of it: returns the index behind the text, or behind the colon. Says
    /// whether it was the text.
    #[inline(always)]
    fn member(&mut self, i: usize) -> Result<(usize, bool), Stop> {
        // Mostly it stands all in here, and this is the only time that the end of the bytes is looked for.
        let Some(window) = self.b.get(i..).and_then(|rest| rest.first_chunk::<48>()) else {
            return Ok((self.key(i)?, false));
        };
        let Some(length) = chunk_at(window, 1).and_then(string::quote_in) else { return Ok((self.key(i)?, false)) };
        let [key, colon, quote] = [window[0], window[length + 2], window[length + 3]];
        if key != b'"' || colon != b':' {
            return Ok((self.key(i)?, false));
        }
        let value = i + length + 3;
        if quote != b'"' {
            return Ok((value, false));
        }
        match chunk_at(window, length + 4).and_then(string::quote_in) {
            Some(quote) => Ok((value + 2 + quote, true)),
            None => Ok((self.string(value)?, true)),
        }
    }

    /// Scans the value that starts at or after `start` (white space before it is skipped).
    pub fn value(&mut self, start: usize) -> Scan {
        let b = self.b;
        // One bit for each open container, the innermost lowest: 1 is an object.
        let mut kinds: u128 = 0;
        let mut depth = 0u32;
        let mut i = start;
        'value: loop {
            let (at, c) = next(b, i)?;
            match c {
                b'"' => i = self.string(at)?,
                b'{' | b'[' => {
                    if depth == MAX_DEPTH {
                        return broken(at, "nested deeper than 128 levels");
                    }
                    let is_object = c == b'{';
                    let (inner, c) = next(b, at + 1)?;
                    if c == if is_object { b'}' } else { b']' } {
                        i = inner + 1;
                    } else {
                        depth += 1;
                        kinds = kinds << 1 | u128::from(is_object);
                        let (at, is_whole) = if is_object { self.member(inner)? } else { (inner, false) };
                        i = at;
                        if !is_whole {
                            continue 'value;
                        }
                    }
                }
                _ => i = scalar(b, at, c)?,
            }
            // The value is complete: climb while containers close behind it.
            while depth > 0 {
                let (at, c) = next(b, i)?;
                let in_object = kinds & 1 == 1;
                if c == b',' {
                    let (at, is_whole) = if in_object { self.member(next(b, at + 1)?.0)? } else { (at + 1, false) };
                    i = at;
                    if is_whole {
                        continue;
                    }
                    continue 'value;
                }
                if c != if in_object { b'}' } else { b']' } {
                    return broken(at, unclosed(in_object));
                }
                i = at + 1;
                depth -= 1;
                kinds >>= 1;
            }
            return Ok(i);
        }
    }
}

/// Sixteen bytes of a window.
#[inline(always)]
fn chunk_at(window: &[u8; 48], at: usize) -> Option<&[u8; 16]> {
    window.get(at..)?.first_chunk()
}

#[cold]
fn unclosed(in_object: bool) -> &'static str {
    if in_object {
        phrase("expected a comma or the end of an object")
    } else {
        phrase("expected a comma or the end of an array")
    }
}

/// Scans `literal`, the first byte of which stands at `start`; `what` says so where it does not.
#[inline(always)]
pub fn skip_literal(b: &[u8], start: usize, literal: &'static [u8], what: &'static str) -> Scan {
    if b.get(start..).is_some_and(|rest| rest.starts_with(literal)) {
        return Ok(start + literal.len());
    }
    spell_literal(b, start, literal, what)
}

/// Says where a literal that is not whole breaks.
#[cold]
fn spell_literal(b: &[u8], start: usize, literal: &'static [u8], what: &'static str) -> Scan {
    for (k, &expected) in literal.iter().enumerate() {
        match b.get(start + k) {
            None => return Err(Stop::More),
            Some(&c) if c == expected => {}
            Some(_) => return broken(start + k, what),
        }
    }
    Ok(start + literal.len())
}

/// Scans a number. One that touches the end of the bytes may go on: that is [`Stop::More`].
fn skip_number(b: &[u8], start: usize) -> Scan {
    let digits = |mut i: usize| -> Scan {
        let from = i;
        while b.get(i).is_some_and(u8::is_ascii_digit) {
            i += 1;
        }
        match b.get(i) {
            None => Err(Stop::More),
            Some(_) if i == from => broken(i, "expected a digit"),
            Some(_) => Ok(i),
        }
    };
    let mut i = start;
    if b[i] == b'-' {
        i += 1;
    }
    i = match b.get(i) {
        Some(b'0') if b.get(i + 1).is_some_and(u8::is_ascii_digit) => return broken(i, "a number starts with 0"),
        _ => digits(i)?,
    };
    if b.get(i) == Some(&b'.') {
        i = digits(i + 1)?;
    }
    if matches!(b.get(i), Some(b'e' | b'E')) {
        i += 1;
        if matches!(b.get(i), Some(b'+' | b'-')) {
            i += 1;
        }
        i = digits(i)?;
    }
    Ok(i)
}

/// Scans a number or a literal that starts with `first`, at `i`.
fn scalar(b: &[u8], i: usize, first: u8) -> Scan {
    match first {
        b't' => skip_literal(b, i, b"true", "expected true"),
        b'f' => skip_literal(b, i, b"false", "expected false"),
        b'n' => skip_literal(b, i, b"null", "expected null"),
        b'-' | b'0'..=b'9' => skip_number(b, i),
        _ => broken(i, "expected a value"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(json: &str, expected: Scan) {
        assert_eq!(skip_value(json.as_bytes(), 0), expected, "{json}");
    }

    #[test]
    fn values() {
        for json in [
            r#""a""#,
            r#"  {"a":[1,-2.5e+3,{"b":null}],"c":true}"#,
            r#"{ }"#,
            r#"[ ]"#,
            r#""\u00e4\"\\""#,
            r#"[[],{}]"#,
        ] {
            check(json, Ok(json.len()));
        }
        check("1 ", Ok(1));
        check("0 ", Ok(1));
        check("1", Err(Stop::More));
        check(r#"{"a""#, Err(Stop::More));
        check(r#"{"a":"#, Err(Stop::More));
        check(r#"["\u00"#, Err(Stop::More));
        check("", Err(Stop::More));
        check("[1,]", broken(3, "expected a value"));
        check("01 ", broken(0, "a number starts with 0"));
        check(r#"{"a" 1}"#, broken(5, "expected a colon"));
        check(r#"{a:1}"#, broken(1, "expected a key in quotes"));
        check(r#"{"a":1,}"#, broken(7, "expected a key in quotes"));
        check(r#"{"a":tru}"#, broken(8, "expected true"));
        check(r#"[1}"#, broken(2, "expected a comma or the end of an array"));
        check(r#""\x""#, broken(2, "unknown escape in a string"));
        check(&"[".repeat(129), broken(128, "nested deeper than 128 levels"));
    }

    /// Any JSON value, as text.
    fn any_json() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            Just("null".to_owned()),
            Just("true".to_owned()),
            any::<f64>().prop_filter("finite", |f| f.is_finite()).prop_map(|f| serde_json::json!(f).to_string()),
            any::<String>().prop_map(|s| serde_json::json!(s).to_string()),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(|v| format!("[{}]", v.join(" ,"))),
                prop::collection::vec((any::<String>(), inner), 0..5).prop_map(|v| {
                    let members: Vec<_> = v.iter().map(|(k, v)| format!("{} :{v}", serde_json::json!(k))).collect();
                    format!("{{ {}}}", members.join(", "))
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn well_formed_json_ends_at_its_end(json in any_json()) {
            let padded = format!("{json} ");
            prop_assert_eq!(skip_value(padded.as_bytes(), 0), Ok(json.len()));
        }

        #[test]
        fn one_changed_byte_agrees_with_serde(json in any_json(), at in any::<prop::sample::Index>(), byte in 0x20u8..0x7f) {
            let mut bytes = json.into_bytes();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            bytes.push(b' ');
            let ours = skip_value(&bytes, 0).is_ok_and(|end| skip_space(&bytes, end) == bytes.len());
            // Numbers beyond f64 and lone surrogates are well-formed text that serde_json refuses to hold.
            let theirs = serde_json::from_slice::<&serde_json::value::RawValue>(&bytes);
            if let Ok(text) = std::str::from_utf8(&bytes) {
                prop_assert_eq!(ours, theirs.is_ok(), "{}", text);
            }
        }
    }
}
