//! CSV (RFC 4180) that no program takes for more than text.

use super::escape::is_dangerous;
use std::fmt::{self, Write};

/// Writes a line of cells, with the CR LF that ends it.
pub(super) fn line<'c>(out: &mut impl Write, cells: impl IntoIterator<Item = &'c str>) -> fmt::Result {
    for (place, text) in cells.into_iter().enumerate() {
        if place > 0 {
            out.write_char(',')?;
        }
        cell(out, text)?;
    }
    out.write_str("\r\n")
}

/// A cell. An apostrophe stands before what a spreadsheet takes for a formula (OWASP, "CSV Injection"). Characters that
/// steer a terminal become `\u{…}`.
fn cell(out: &mut impl Write, text: &str) -> fmt::Result {
    // Programs that part cells at other characters must not see any outside of quotes.
    let is_quoted = text.contains([',', '"', ';', '|', '\t', '\r', '\n', ' ', '\'']) || is_formula(text);
    if is_quoted {
        out.write_char('"')?;
    }
    if is_formula(text) {
        out.write_char('\'')?;
    }
    for c in text.chars() {
        match c {
            '"' => out.write_str("\"\"")?,
            '\t' | '\r' | '\n' => out.write_char(c)?,
            c if is_dangerous(c) => write!(out, "\\u{{{:x}}}", u32::from(c))?,
            c => out.write_char(c)?,
        }
    }
    if is_quoted { out.write_char('"') } else { Ok(()) }
}

/// Whether a spreadsheet may take a text for a formula. Some take the wide forms of the signs for the signs, and some
/// overlook blanks before them.
pub(super) fn is_formula(text: &str) -> bool {
    let signs = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    text.trim_start_matches(' ').starts_with(signs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: &str) {
        let mut out = String::new();
        cell(&mut out, text).unwrap();
        assert_eq!(out, expected, "{text:?}");
    }

    #[test]
    fn cells() {
        check("ConsoleLogin", "ConsoleLogin");
        check("", "");
        check("a,b", "\"a,b\"");
        check("say \"a\"", "\"say \"\"a\"\"\"");
        check("a\r\nb", "\"a\r\nb\"");
        check("a;=1", "\"a;=1\"");
        for text in ["=1+1", "+1", "-1", "@a", "\ta", "\ra", "\na", "  =1", "＝1"] {
            check(text, &format!("\"'{text}\""));
        }
        check("\u{1b}[2J\u{202e}", "\\u{1b}[2J\\u{202e}");
    }

    /// Reads a line as RFC 4180 says.
    fn read(line: &str) -> Vec<String> {
        let (mut cells, mut is_quoted, mut cell) = (Vec::new(), false, String::new());
        let mut chars = line.strip_suffix("\r\n").unwrap().chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '"' if is_quoted && chars.next_if_eq(&'"').is_some() => cell.push('"'),
                '"' => is_quoted = !is_quoted,
                ',' if !is_quoted => cells.push(std::mem::take(&mut cell)),
                c => cell.push(c),
            }
        }
        assert!(!is_quoted);
        cells.push(cell);
        cells
    }

    proptest! {
        #[test]
        fn cells_come_back_and_none_is_a_formula(cells in prop::collection::vec("[-a=+@,\";\t\r\n ']{0,6}", 1..5)) {
            let mut out = String::new();
            line(&mut out, cells.iter().map(String::as_str)).unwrap();
            let found = read(&out);
            prop_assert!(found.iter().all(|cell| !is_formula(cell)));
            let expected = cells.iter().map(|cell| if is_formula(cell) { format!("'{cell}") } else { cell.clone() });
            prop_assert!(found.iter().cloned().eq(expected));
        }
    }
}
