//! A Rust file seen without its comments and literals, so that a rule about code is not set off by
//! what is written about code.

/// The same text with comments and the insides of literals blanked; line breaks stay.
pub fn code_only(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let end = skipped_until(bytes, at);
        if end == at {
            out.push(bytes[at]);
            at += 1;
        } else {
            let blank = |byte: &u8| if *byte == b'\n' { b'\n' } else { b' ' };
            out.extend(bytes[at..end].iter().map(blank));
            at = end;
        }
    }
    String::from_utf8(out).unwrap()
}

/// The end of the comment or literal that starts here; `at` itself where none does.
fn skipped_until(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    if rest.starts_with(b"//") {
        return at + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    }
    if rest.starts_with(b"/*") {
        return block_comment_end(bytes, at);
    }
    let in_word = at > 0 && is_word(bytes[at - 1]);
    match rest[0] {
        b'"' => quoted_end(bytes, at + 1, b'"'),
        b'\'' if !in_word || bytes[at - 1] == b'b' => char_end(bytes, at),
        b'r' if !in_word || bytes[at - 1] == b'b' || bytes[at - 1] == b'c' => raw_string_end(bytes, at),
        byte if !byte.is_ascii() => at + 1,
        _ => at,
    }
}

fn block_comment_end(bytes: &[u8], at: usize) -> usize {
    let (mut depth, mut end) = (0, at);
    while end < bytes.len() {
        if bytes[end..].starts_with(b"/*") {
            depth += 1;
            end += 2;
        } else if bytes[end..].starts_with(b"*/") {
            depth -= 1;
            end += 2;
            if depth == 0 {
                return end;
            }
        } else {
            end += 1;
        }
    }
    end
}

fn quoted_end(bytes: &[u8], mut at: usize, quote: u8) -> usize {
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// A character literal ends with a quote soon; a lifetime does not.
fn char_end(bytes: &[u8], at: usize) -> usize {
    let Some(&first) = bytes.get(at + 1) else { return at };
    if first == b'\\' {
        return quoted_end(bytes, at + 1, b'\'');
    }
    let length = match first {
        0..=0x7f => 1,
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    };
    if bytes.get(at + 1 + length) == Some(&b'\'') { at + length + 2 } else { at }
}

fn raw_string_end(bytes: &[u8], at: usize) -> usize {
    let hashes = bytes[at + 1..].iter().take_while(|byte| **byte == b'#').count();
    let open = at + 1 + hashes;
    if bytes.get(open) != Some(&b'"') {
        return at;
    }
    let mut close = vec![b'"'];
    close.resize(1 + hashes, b'#');
    let found = bytes[open + 1..].windows(close.len()).position(|window| window == close);
    found.map_or(bytes.len(), |found| open + 1 + found + close.len())
}

/// Whether a byte can be a part of an identifier.
pub fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The lines (from 1) on which this identifier stands as a whole word.
pub fn lines_with_word(code: &str, word: &str) -> Vec<usize> {
    offsets_of_word(code, word).map(|at| line_of(code, at)).collect()
}

/// Where this identifier stands as a whole word.
pub fn offsets_of_word<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let bytes = code.as_bytes();
    code.match_indices(word).map(|(at, _)| at).filter(move |&at| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        let after = bytes.get(at + word.len());
        !before.is_some_and(|byte| is_word(*byte)) && !after.is_some_and(|byte| is_word(*byte))
    })
}

/// The line of an offset, from 1.
pub fn line_of(code: &str, at: usize) -> usize {
    code[..at].matches('\n').count() + 1
}

/// What is named right under a path's first part, with its line: `std::fs::read` and
/// `std::{fs, io}` both name `fs` under `std`.
pub fn named_under(code: &str, first: &str) -> Vec<(usize, String)> {
    let mut names = Vec::new();
    for at in offsets_of_word(code, first) {
        let rest = code[at + first.len()..].trim_start();
        let Some(rest) = rest.strip_prefix("::") else { continue };
        let line = line_of(code, at);
        match rest.trim_start().strip_prefix('{') {
            Some(group) => names.extend(group_heads(group).into_iter().map(|name| (line, name))),
            None => names.push((line, leading_word(rest))),
        }
    }
    names
}

/// The first word of each member of a `{…}` group, given what follows the opening brace.
fn group_heads(group: &str) -> Vec<String> {
    let (mut depth, mut heads, mut member) = (0, Vec::new(), String::new());
    for character in group.chars() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => heads.push(std::mem::take(&mut member)),
            _ if depth == 0 => member.push(character),
            _ => {}
        }
    }
    heads.push(member);
    heads.iter().map(|member| leading_word(member)).filter(|head| !head.is_empty()).collect()
}

fn leading_word(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn comments_and_literals_are_blanked() {
    fn check(text: &str, expected: &str) {
        assert_eq!(code_only(text), expected, "{text}");
    }
    check("a // fn\nb", "a      \nb");
    check("a /* x /* y */ z */ b", "a                   b");
    check(r#"f("un\"safe", g)"#, "f(          , g)");
    check(r##"f(r#"a"b"#, g)"##, "f(        , g)");
    check("br\"\\\" x", "b     x");
    check("'{' '\\'' 'a 'ab x", "         'a 'ab x");
    check("for_r\"{\"", "for_r   ");
    check("é x", "   x");
}

#[test]
fn paths_are_found_in_groups_too() {
    fn check(code: &str, expected: &[&str]) {
        let names: Vec<String> = named_under(code, "std").into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, expected, "{code}");
    }
    check("use std::fs::File;", &["fs"]);
    check("use std::{io::{self, fs2}, fs, time :: Instant};", &["io", "fs", "time"]);
    check("std :: net :: x; not_std::fs", &["net"]);
    check("std", &[]);
}
