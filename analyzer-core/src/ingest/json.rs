//! Where does this JSON value end, and is it well-formed? Nothing is copied or built.
//!
//! The scanner is exact about structure (strings, escapes, literals, numbers, commas, colons) and lenient about one
//! thing: raw control characters inside strings pass, because an event is worth more than a pedantic refusal.

use super::bytes;
use std::borrow::Cow;

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

/// Scans a string whose opening quote is at `start`.
#[inline(always)]
pub fn skip_string(b: &[u8], start: usize) -> Scan {
    match plain_end(b, start + 1) {
        Some(quote) => Ok(quote + 1),
        None => skip_escaped(b, start + 1),
    }
}

/// Scans a string whose opening quote is at `start`; says also whether anything in it is escaped.
#[inline(always)]
pub fn skip_text(b: &[u8], start: usize) -> Result<(usize, bool), Stop> {
    match plain_end(b, start + 1) {
        Some(quote) => Ok((quote + 1, false)),
        None => skip_escaped(b, start + 1).map(|end| (end, has_escape(b, start, end))),
    }
}

/// The index of the closing quote, if the string has no escapes and does not end near the end of the bytes.
#[inline(always)]
fn plain_end(b: &[u8], mut i: usize) -> Option<usize> {
    loop {
        let chunk: &[u8; 16] = b.get(i..)?.first_chunk()?;
        let found = bytes::quotes_and_escapes(chunk);
        if found != 0 {
            let at = found.trailing_zeros() as usize % 16;
            return (chunk[at] == b'"').then_some(i + at);
        }
        i += 16;
    }
}

/// Scans the rest of a string, from `i` on, whatever is in it.
#[inline(never)]
fn skip_escaped(b: &[u8], mut i: usize) -> Scan {
    loop {
        let Some(rest) = b.get(i..) else { return Err(Stop::More) };
        let Some(found) = memchr::memchr2(b'"', b'\\', rest) else { return Err(Stop::More) };
        i += found;
        if b[i] == b'"' {
            return Ok(i + 1);
        }
        i = skip_escape(b, i)?;
    }
}

#[inline(never)]
fn has_escape(b: &[u8], start: usize, end: usize) -> bool {
    b.get(start..end).is_some_and(|string| memchr::memchr(b'\\', string).is_some())
}

/// What a JSON value says as text: strings without their quotes and escapes, null nothing, everything else as it
/// stands. A lone surrogate has no text of its own: then the escapes are shown as they stand.
pub fn text_of(json: &str) -> Option<Cow<'_, str>> {
    let Some(inner) = json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return (json != "null").then_some(Cow::Borrowed(json));
    };
    let Unescaped { text, is_whole } = unescaped(inner);
    Some(if is_whole { text } else { Cow::Borrowed(inner) })
}

/// The text of a well-formed JSON string. A surrogate without its other half becomes U+FFFD.
pub fn unescape(json: &str) -> Cow<'_, str> {
    unescaped(json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(json)).text
}

struct Unescaped<'a> {
    text: Cow<'a, str>,
    /// Nothing had to be replaced.
    is_whole: bool,
}

/// The text of what stands between the quotes of a JSON string, raw control characters included.
fn unescaped(inner: &str) -> Unescaped<'_> {
    if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
        return Unescaped { text: Cow::Borrowed(inner), is_whole: true };
    }
    let (mut text, mut is_whole) = (String::with_capacity(inner.len()), true);
    let mut rest = inner;
    while let Some((plain, escape)) = rest.split_once('\\') {
        text.push_str(plain);
        let Some(kind) = escape.chars().next() else { break };
        rest = &escape[kind.len_utf8()..];
        match kind {
            'n' => text.push('\n'),
            't' => text.push('\t'),
            'r' => text.push('\r'),
            'b' => text.push('\u{8}'),
            'f' => text.push('\u{c}'),
            'u' => {
                let (character, length) = unicode(rest);
                is_whole &= character.is_some();
                text.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
                rest = rest.get(length..).unwrap_or_default();
            }
            other => text.push(other),
        }
    }
    text.push_str(rest);
    Unescaped { text: Cow::Owned(text), is_whole }
}

/// The character behind a `\u`, if it is one, and the length of its digits: with those of the second half, if it has one.
fn unicode(rest: &str) -> (Option<char>, usize) {
    let unit = |from: usize| rest.get(from..from + 4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let second = rest.get(4..6).filter(|mark| *mark == "\\u").and_then(|_| unit(6));
    match (unit(0), second) {
        (Some(high @ 0xd800..0xdc00), Some(low @ 0xdc00..0xe000)) => {
            (char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00)), 10)
        }
        (first, _) => (first.and_then(char::from_u32), 4),
    }
}

fn skip_escape(b: &[u8], at: usize) -> Scan {
    match b.get(at + 1) {
        None => Err(Stop::More),
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
        Some(b'u') => {
            for i in at + 2..at + 6 {
                match b.get(i) {
                    None => return Err(Stop::More),
                    Some(c) if c.is_ascii_hexdigit() => {}
                    Some(_) => return broken(i, "expected four hexadecimal digits"),
                }
            }
            Ok(at + 6)
        }
        Some(_) => broken(at + 1, "unknown escape in a string"),
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

/// Scans `"key" :` at `i` and returns the index behind the colon.
#[inline(always)]
pub fn skip_key(b: &[u8], i: usize) -> Scan {
    if b.get(i) == Some(&b'"')
        && let Some(quote) = plain_end(b, i + 1)
        && b.get(quote + 1) == Some(&b':')
    {
        return Ok(quote + 2);
    }
    skip_odd_key(b, i)
}

#[inline(never)]
fn skip_odd_key(b: &[u8], i: usize) -> Scan {
    match b.get(i) {
        None => return Err(Stop::More),
        Some(b'"') => {}
        Some(_) => return broken(i, "expected a key in quotes"),
    }
    let i = skip_space(b, skip_string(b, i)?);
    match b.get(i) {
        None => Err(Stop::More),
        Some(b':') => Ok(i + 1),
        Some(_) => broken(i, "expected a colon"),
    }
}

/// Scans the value that starts at or after `start` (white space before it is skipped).
pub fn skip_value(b: &[u8], start: usize) -> Scan {
    // One bit for each open container, the innermost lowest: 1 is an object.
    let mut kinds: u128 = 0;
    let mut depth = 0u32;
    let mut i = start;
    'value: loop {
        i = skip_space(b, i);
        let Some(&c) = b.get(i) else { return Err(Stop::More) };
        match c {
            b'"' => i = skip_string(b, i)?,
            b'{' | b'[' => {
                if depth == MAX_DEPTH {
                    return broken(i, "nested deeper than 128 levels");
                }
                let is_object = c == b'{';
                let inner = skip_space(b, i + 1);
                match b.get(inner) {
                    None => return Err(Stop::More),
                    Some(&close) if close == if is_object { b'}' } else { b']' } => i = inner + 1,
                    Some(_) => {
                        depth += 1;
                        kinds = kinds << 1 | u128::from(is_object);
                        i = if is_object { skip_key(b, inner)? } else { inner };
                        continue 'value;
                    }
                }
            }
            _ => i = skip_scalar(b, i, c)?,
        }
        // The value is complete: climb while containers close behind it.
        loop {
            if depth == 0 {
                return Ok(i);
            }
            i = skip_space(b, i);
            let Some(&c) = b.get(i) else { return Err(Stop::More) };
            let in_object = kinds & 1 == 1;
            if c == b',' {
                i = if in_object { skip_key(b, skip_space(b, i + 1))? } else { i + 1 };
                continue 'value;
            }
            if c != if in_object { b'}' } else { b']' } {
                return broken(
                    i,
                    if in_object {
                        "expected a comma or the end of an object"
                    } else {
                        "expected a comma or the end of an array"
                    },
                );
            }
            i += 1;
            depth -= 1;
            kinds >>= 1;
        }
    }
}

/// Scans a number or a literal that starts with `first`, at `i`.
fn skip_scalar(b: &[u8], i: usize, first: u8) -> Scan {
    match first {
        b't' => skip_literal(b, i, b"true", "expected true"),
        b'f' => skip_literal(b, i, b"false", "expected false"),
        b'n' => skip_literal(b, i, b"null", "expected null"),
        b'-' | b'0'..=b'9' => skip_number(b, i),
        _ => broken(i, "expected a value"),
    }
}

/// Finds the end of a container by brackets and strings alone, however broken the rest of it is, and across pieces.
#[derive(Clone, Debug, Default)]
pub struct Brackets {
    depth: u64,
    in_string: bool,
    escaped: bool,
}

impl Brackets {
    /// For a container whose opening bracket was read already.
    pub fn inside_one() -> Brackets {
        Brackets { depth: 1, ..Brackets::default() }
    }

    /// Reads on. Returns the index behind the bracket that closes the container, once it comes.
    pub fn feed(&mut self, b: &[u8]) -> Option<usize> {
        let mut i = 0;
        while i < b.len() {
            if self.in_string {
                if self.escaped {
                    self.escaped = false;
                    i += 1;
                    continue;
                }
                match memchr::memchr2(b'"', b'\\', &b[i..]) {
                    None => return None,
                    Some(found) => {
                        i += found;
                        if b[i] == b'"' {
                            self.in_string = false;
                        } else {
                            self.escaped = true;
                        }
                        i += 1;
                    }
                }
                continue;
            }
            match b[i] {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(i + 1);
                    }
                }
                _ => {}
            }
            i += 1;
        }
        None
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

    proptest! {
        #[test]
        fn texts_come_back(text: String) {
            let json = serde_json::json!(text).to_string();
            prop_assert_eq!(unescape(&json), text.as_str());
            prop_assert_eq!(text_of(&json).unwrap(), text);
        }
    }

    #[test]
    fn odd_escapes() {
        assert_eq!(unescape(r#""\ud83d\ude00\/\u00e4""#), "😀/ä");
        assert_eq!(unescape(r#""\ud83d!\ude00""#), "\u{fffd}!\u{fffd}");
    }

    #[test]
    fn texts() {
        for (json, text) in [
            (r#""a""#, Some("a")),
            (r#""\u00e4\n""#, Some("ä\n")),
            (r#""\ud800x""#, Some(r"\ud800x")),
            ("\"a\tb\"", Some("a\tb")),
            ("\"a\t\\u00e4\\n\"", Some("a\tä\n")),
            ("\"a\t\\ud800\"", Some("a\t\\ud800")),
            ("null", None),
            ("1.0", Some("1.0")),
            ("{}", Some("{}")),
        ] {
            assert_eq!(text_of(json).as_deref(), text, "{json}");
        }
    }

    #[test]
    fn brackets_end_where_the_value_does_however_it_is_cut() {
        let json = br#"{"a":"}\"{","b":[{}, tru]} tail"#;
        for cut in 0..json.len() {
            let mut brackets = Brackets::default();
            let end = match brackets.feed(&json[..cut]) {
                Some(end) => end,
                None => cut + brackets.feed(&json[cut..]).unwrap(),
            };
            assert_eq!(end, json.len() - 5);
        }
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
