//! Untrusted text on a terminal. Log content can hold sequences that move the cursor, rewrite what was printed or turn
//! the direction of text; each such character is shown as `\u{…}` instead.

use std::fmt::{self, Write as _};

use analyzer_core::export::escape::is_dangerous;

/// Text that is shown with its dangerous characters escaped.
pub struct Escaped<'a>(pub &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            if is_dangerous(c) { write!(f, "\\u{{{:x}}}", u32::from(c))? } else { f.write_char(c)? }
        }
        Ok(())
    }
}

/// The same as a string, for columns whose width counts.
pub fn escape(text: &str) -> String {
    Escaped(text).to_string()
}

/// JSON text with the same characters as JSON escapes. Outside of strings valid JSON has none but line ends.
pub fn escape_json(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\n' => text.push(c),
            c if is_dangerous(c) => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    let _ = write!(text, "\\u{unit:04x}");
                }
            }
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dangerous_characters_are_shown() {
        let check = |text: &str, expected: &str| assert_eq!(escape(text), expected);
        check("plain text, ünïcode, 日本 🦀", "plain text, ünïcode, 日本 🦀");
        check("\u{1b}[31mred\u{7}", "\\u{1b}[31mred\\u{7}");
        check("a\nb\r\tc\u{0}", "a\\u{a}b\\u{d}\\u{9}c\\u{0}");
        check("\u{9b}2J\u{7f}", "\\u{9b}2J\\u{7f}");
        check("user\u{202e}nimda\u{2066}x\u{200f}", "user\\u{202e}nimda\\u{2066}x\\u{200f}");
        check("\u{2028}\u{feff}\u{e0041}", "\\u{2028}\\u{feff}\\u{e0041}");
    }

    #[test]
    fn json_stays_the_same_value() {
        let value = serde_json::json!({ "a\u{202e}": "\u{9b}\u{7f}\u{e0041}x\n" });
        let escaped = escape_json(&serde_json::to_string_pretty(&value).unwrap());
        assert!(!escaped.chars().any(|c| is_dangerous(c) && c != '\n'), "{escaped}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&escaped).unwrap(), value);
    }
}
