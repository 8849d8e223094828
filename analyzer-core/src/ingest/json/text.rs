//! What a JSON value says as text.

use std::borrow::Cow;

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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
}
