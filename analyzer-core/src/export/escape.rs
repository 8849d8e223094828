//! Characters that do something where text is shown: they move cursors, hide, or turn the direction of text.

use std::fmt::{self, Write};

/// Control characters, line and paragraph separators, invisible marks, and whatever turns the direction of text.
pub fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Writes JSON text with these characters as JSON escapes: the value stays the same. Outside of strings valid JSON has
/// none but line ends and tabs, which become blanks, so that it is one line.
///
/// # Errors
/// Those of the sink.
pub fn json_line(out: &mut impl Write, json: &str) -> fmt::Result {
    for c in json.chars() {
        match c {
            '\n' | '\r' | '\t' => out.write_char(' ')?,
            c if is_dangerous(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}")?;
                }
            }
            c => out.write_char(c)?,
        }
    }
    Ok(())
}
