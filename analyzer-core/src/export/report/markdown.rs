//! The report in Markdown (GitHub's). No text can become a mark, a link, or HTML.

use super::super::markdown::{cells, rule, text};
use super::{Block, Report, blocks};
use std::fmt::{self, Write};

/// The report in Markdown.
pub fn markdown(report: &Report) -> String {
    let mut out = String::new();
    for block in blocks(report) {
        // A text takes everything.
        let _ = write(&mut out, &block);
    }
    out
}

fn write(out: &mut String, block: &Block) -> fmt::Result {
    if !out.is_empty() {
        out.push('\n');
    }
    match block {
        Block::Heading(level, heading) => {
            out.push_str(&"#".repeat(usize::from(*level)));
            out.push(' ');
            text(out, heading.trim())?;
            out.push('\n');
        }
        Block::Finding(severity, title) => {
            write!(out, "### {} – ", severity.name().to_uppercase())?;
            text(out, title.trim())?;
            out.push('\n');
        }
        Block::Text(paragraph) => line(out, paragraph)?,
        Block::Facts(facts) => {
            cells(out, ["", ""])?;
            rule(out, 2)?;
            facts.iter().try_for_each(|(name, value)| cells(out, [name.as_str(), value.as_str()]))?;
        }
        Block::Table(head, rows) => {
            cells(out, head.iter().copied())?;
            rule(out, head.len())?;
            rows.iter().try_for_each(|row| cells(out, row.iter().map(String::as_str)))?;
        }
        Block::List(heading, items) => {
            writeln!(out, "{heading}:\n")?;
            for item in items {
                out.push_str("* ");
                line(out, item)?;
            }
        }
        Block::Note(note) => {
            for (number, part) in note.trim().lines().enumerate() {
                // Without an empty line between them, lines would be one paragraph.
                out.push_str(if number > 0 { ">\n> " } else { "> " });
                line(out, part)?;
            }
        }
    }
    Ok(())
}

/// A text at the start of a line, where more characters are marks: of lists, headings and code.
fn line(out: &mut String, content: &str) -> fmt::Result {
    let content = content.trim_start();
    let digits = content.len() - content.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = content.split_at(digits);
    out.push_str(number);
    let is_mark = if digits > 0 { rest.starts_with(['.', ')']) } else { rest.starts_with(['-', '+', '=']) };
    if is_mark {
        out.push('\\');
    }
    text(out, rest)?;
    out.write_char('\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_begins_with_a_mark() {
        let check = |content: &str, expected: &str| {
            let mut out = String::new();
            line(&mut out, content).unwrap();
            assert_eq!(out, format!("{expected}\n"), "{content:?}");
        };
        check("    code", "code");
        check("- a", "\\- a");
        check("+ a", "\\+ a");
        check("===", "\\===");
        check("# a", "\\# a");
        check("* a", "\\* a");
        check("12. a", "12\\. a");
        check("1) a", "1\\) a");
        check("12 a. b", "12 a. b");
        check("192.0.2.1", "192\\.0.2.1");
        check("a - b", "a - b");
        check("", "");
    }
}
