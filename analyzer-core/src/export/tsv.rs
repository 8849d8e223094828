//! Cells with tabs between them, as spreadsheets take them from the clipboard.

use super::csv::is_formula;
use super::escape::is_dangerous;
use std::fmt::{self, Write};

/// Writes a line of cells. An apostrophe stands before what a spreadsheet takes for a formula; tabs and line ends become
/// blanks, and characters that steer a terminal `\u{…}`.
///
/// # Errors
/// Those of the sink.
pub fn line<'c>(out: &mut impl Write, cells: impl IntoIterator<Item = &'c str>) -> fmt::Result {
    for (place, text) in cells.into_iter().enumerate() {
        if place > 0 {
            out.write_char('\t')?;
        }
        if is_formula(text) {
            out.write_char('\'')?;
        }
        for c in text.chars() {
            match c {
                '\t' | '\r' | '\n' => out.write_char(' ')?,
                c if is_dangerous(c) => write!(out, "\\u{{{:x}}}", u32::from(c))?,
                c => out.write_char(c)?,
            }
        }
    }
    out.write_char('\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells() {
        let mut out = String::new();
        line(&mut out, ["a b", "=1+1", "-", "x\ty\r\nz", "", "\u{202e}"]).unwrap();
        assert_eq!(out, "a b\t'=1+1\t'-\tx y  z\t\t\\u{202e}\n");
    }
}
