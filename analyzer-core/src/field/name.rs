//! Names of fields as text: segments between dots, those with odd characters in double quotes.

/// Whether a segment may have this character outside of quotes.
fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || "_-@$#".contains(c)
}

/// The segments of the name at the start of a text, and its length in bytes; nothing if no name stands there.
pub fn read(text: &str) -> Option<(Vec<String>, usize)> {
    let (mut segments, mut at) = (Vec::new(), 0);
    loop {
        let (segment, length) = read_segment(text.get(at..)?)?;
        segments.push(segment);
        at += length;
        if !text.get(at..)?.starts_with('.') {
            return Some((segments, at));
        }
        at += 1;
    }
}

fn read_segment(text: &str) -> Option<(String, usize)> {
    match text.strip_prefix('"') {
        Some(quoted) => match read_quoted(quoted) {
            (segment, Some(length)) => Some((segment, length + 1)),
            (_, None) => None,
        },
        None => {
            let length = text.find(|c| !is_plain(c)).unwrap_or(text.len());
            (length > 0).then(|| (text[..length].to_owned(), length))
        }
    }
}

/// What stands up to the closing quote, unescaped, and the length up to behind that quote, if there is one.
pub fn read_quoted(text: &str) -> (String, Option<usize>) {
    let mut inner = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (inner, Some(at + 1)),
            '\\' => inner.push(chars.next_if(|(_, next)| "\"\\".contains(*next)).map_or(c, |(_, next)| next)),
            _ => inner.push(c),
        }
    }
    (inner, None)
}

/// A text in double quotes, so that [`read_quoted`] reads it back.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The segments as [`read`] reads them.
pub fn write(segments: &[String]) -> String {
    let write = |segment: &String| {
        if !segment.is_empty() && segment.chars().all(is_plain) { segment.clone() } else { quoted(segment) }
    };
    segments.iter().map(write).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, segments: &[&str], rest: &str) {
        let (found, length) = read(text).unwrap_or_default();
        assert_eq!((found, &text[length..]), (segments.iter().map(|s| s.to_string()).collect(), rest), "{text}");
    }

    #[test]
    fn names() {
        check("a.b:c", &["a", "b"], ":c");
        check(r#"a."b.c \"d\\".e>1"#, &["a", r#"b.c "d\"#, "e"], ">1");
        check("@timestamp", &["@timestamp"], "");
        check("a..b", &[], "a..b");
        check("a.", &[], "a.");
        check("\"a", &[], "\"a");
        check(":a", &[], ":a");
    }

    proptest! {
        #[test]
        fn there_and_back(segments in prop::collection::vec(any::<String>(), 1..4)) {
            let text = write(&segments);
            prop_assert_eq!(read(&text), Some((segments, text.len())));
        }
    }
}
