//! The report as one HTML file that needs nothing else: no script, no address, and a policy that forbids both.

use super::super::escape::is_dangerous;
use super::{Block, Report, blocks};
use std::fmt::{self, Write};

/// The only style that the policy lets through: [`STYLE_DIGEST`] is its digest.
const STYLE: &str = include_str!("report.css");
const STYLE_DIGEST: &str = "sha256-W5Ubd0x/kuCI7pDcEWeH6/2DikScYC8UBSakK/K5VBk=";

/// The report as HTML.
pub fn html(report: &Report) -> String {
    let mut out = String::new();
    // A text takes everything.
    let _ = page(&mut out, report);
    out
}

fn page(out: &mut String, report: &Report) -> fmt::Result {
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{STYLE_DIGEST}'; \
         base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>CloudTrail report</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
    )?;
    blocks(report).iter().try_for_each(|block| write(out, block))?;
    out.write_str("</main>\n</body>\n</html>\n")
}

fn write(out: &mut String, block: &Block) -> fmt::Result {
    match block {
        Block::Heading(level, heading) => element(out, &format!("h{level}"), heading)?,
        Block::Finding(severity, title) => {
            let name = severity.name();
            write!(out, "<h3><span class=\"severity {name}\">{name}</span> ")?;
            text(out, title)?;
            out.write_str("</h3>")?;
        }
        Block::Text(paragraph) => element(out, "p", paragraph)?,
        Block::Facts(facts) => {
            out.write_str("<dl>\n")?;
            for (name, value) in facts {
                out.write_str("<div>")?;
                element(out, "dt", name)?;
                element(out, "dd", value)?;
                out.write_str("</div>\n")?;
            }
            out.write_str("</dl>")?;
        }
        Block::Table(head, rows) => {
            out.write_str("<div class=\"wide\"><table>\n<thead><tr>")?;
            head.iter().try_for_each(|name| write!(out, "<th scope=\"col\">{name}</th>"))?;
            out.write_str("</tr></thead>\n<tbody>\n")?;
            for row in rows {
                out.write_str("<tr>")?;
                row.iter().try_for_each(|cell| element(out, "td", cell))?;
                out.write_str("</tr>\n")?;
            }
            out.write_str("</tbody>\n</table></div>")?;
        }
        Block::List(heading, items) => {
            write!(out, "<p>{heading}:</p>\n<ul>\n")?;
            for item in items {
                element(out, "li", item)?;
                out.push('\n');
            }
            out.write_str("</ul>")?;
        }
        Block::Note(note) => {
            out.write_str("<blockquote>")?;
            note.trim().lines().try_for_each(|line| element(out, "p", line))?;
            out.write_str("</blockquote>")?;
        }
    }
    out.write_char('\n')
}

fn element(out: &mut String, name: &str, content: &str) -> fmt::Result {
    write!(out, "<{name}>")?;
    text(out, content)?;
    write!(out, "</{name}>")
}

/// Text in an element or in a quoted attribute. Characters that hide or turn text become `\u{…}`.
fn text(out: &mut String, content: &str) -> fmt::Result {
    for c in content.chars() {
        match c {
            '&' => out.write_str("&amp;")?,
            '<' => out.write_str("&lt;")?,
            '>' => out.write_str("&gt;")?,
            '"' => out.write_str("&quot;")?,
            '\'' => out.write_str("&#39;")?,
            '\t' | '\n' => out.write_char(' ')?,
            c if is_dangerous(c) => write!(out, "\\u{{{:x}}}", u32::from(c))?,
            c => out.write_char(c)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest as _, Sha256};

    fn base64(bytes: &[u8]) -> String {
        const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut out = String::new();
        for chunk in bytes.chunks(3) {
            let bits = chunk.iter().fold(0u32, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - chunk.len()));
            for place in 0..4 {
                let letter = LETTERS[(bits >> (18 - 6 * place)) as usize & 63];
                out.push(if place <= chunk.len() { char::from(letter) } else { '=' });
            }
        }
        out
    }

    #[test]
    fn the_policy_lets_the_style_through() {
        assert_eq!(STYLE_DIGEST, format!("sha256-{}", base64(&Sha256::digest(STYLE))));
    }

    #[test]
    fn no_text_is_markup() {
        let check = |content: &str, expected: &str| {
            let mut out = String::new();
            text(&mut out, content).unwrap();
            assert_eq!(out, expected, "{content:?}");
        };
        check("<script>a && b</script>", "&lt;script&gt;a &amp;&amp; b&lt;/script&gt;");
        check("\"'`=", "&quot;&#39;`=");
        check("a\u{202e}b\u{1b}[2J\nc", "a\\u{202e}b\\u{1b}[2J c");
        check("grün 東京", "grün 東京");
    }
}
