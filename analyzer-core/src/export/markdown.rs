//! Markdown (GitHub's) whose texts and cells of tables show as the text that they are.

use super::escape::is_dangerous;
use std::fmt::{self, Write};

/// Writes a line of cells.
pub(super) fn cells<'c>(out: &mut impl Write, cells: impl IntoIterator<Item = &'c str>) -> fmt::Result {
    out.write_char('|')?;
    for text in cells {
        out.write_char(' ')?;
        self::text(out, text)?;
        out.write_str(" |")?;
    }
    out.write_char('\n')
}

/// The line below the head.
pub(super) fn rule(out: &mut impl Write, columns: usize) -> fmt::Result {
    writeln!(out, "|{}", "---|".repeat(columns))
}

/// Text in a line or cell: marks have backslashes, HTML is none, and what looks like an address of the web is no link.
pub(super) fn text(out: &mut impl Write, text: &str) -> fmt::Result {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let starts = |prefix: &str| rest.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' => write!(out, "\\{c}")?,
            '&' => out.write_str("&amp;")?,
            '<' => out.write_str("&lt;")?,
            '>' => out.write_str("&gt;")?,
            ':' if starts("://") => out.write_str("&#58;")?,
            '.' if is_behind_www(text, text.len() - rest.len()) => out.write_str("&#46;")?,
            '\r' if starts("\r\n") => {}
            '\n' | '\r' | '\t' => out.write_char(' ')?,
            c if is_dangerous(c) => write!(out, "\\\\u{{{:x}}}", u32::from(c))?,
            c => out.write_char(c)?,
        }
        rest = &rest[c.len_utf8()..];
    }
    Ok(())
}

fn is_behind_www(text: &str, at: usize) -> bool {
    at.checked_sub(3).and_then(|from| text.get(from..at)).is_some_and(|before| before.eq_ignore_ascii_case("www"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        let check = |text: &str, expected: &str| {
            let mut out = String::new();
            self::text(&mut out, text).unwrap();
            assert_eq!(out, expected, "{text:?}");
        };
        check("Admin/alice@example.com", "Admin/alice@example.com");
        check("a|b`c`*d*", "a\\|b\\`c\\`\\*d\\*");
        check("<img src=x onerror=y>&lt;", "&lt;img src=x onerror=y&gt;&amp;lt;");
        check("[a](javascript:b)", "\\[a\\](javascript:b)");
        check("https://a.example www.b.example WWW.c", "https&#58;//a.example www&#46;b.example WWW&#46;c");
        check("a\r\nb\nc\rd\te", "a b c d e");
        check("\\|", "\\\\\\|");
        check("\u{1b}[2Jü", "\\\\u{1b}\\[2Jü");
    }
}
