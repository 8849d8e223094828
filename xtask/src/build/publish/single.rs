//! The site as one file that opens from a disk: styles and boot.js inline, everything else as data that boot.js unpacks. Its
//! policy allows these texts by their hashes, and no connection at all.

use super::{BOOT, PAGE, Part, SERVICE_WORKER, digest, find, html, policy};
use crate::report::{Failure, Outcome, while_doing};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

/// The file's name.
const FILE: &str = "trailglass.html";

/// Makes the file of what trunk and the optimiser left.
pub fn single_file(parts: &[Part]) -> Outcome<Part> {
    let page = find(parts, PAGE)?.text()?;
    let boot = find(parts, BOOT)?.text()?;
    let mut styles = Vec::new();
    let with_styles = html::map_tags(page, &["link"], |tag| {
        let path = html::attribute(tag, "href")?.trim_start_matches("./");
        let style = find(parts, path).ok()?.text().ok()?;
        styles.push(style);
        Some(format!("<style>{style}</style>"))
    });
    if styles.iter().any(|style| style.contains("</style")) || boot.contains("</script") {
        return Err(Failure::new("a style or boot.js would end its own element"));
    }
    let old = policy(page)?;
    let new = inline_policy(old, boot, &styles);
    let (before, after) = with_styles.split_once("<script").ok_or_else(|| Failure::new("the page has no script"))?;
    let (_, after) = after.split_once('>').ok_or_else(|| Failure::new("the page's script does not end"))?;
    let mut out = before.replacen(old, &new, 1);
    for part in inside(parts) {
        let packed = digest::base64(&gzip(&part.bytes)?);
        out += &format!("<script type=application/octet-stream data-part=\"{}\">{packed}</script>", part.path);
    }
    out += &format!("<script type=module>{boot}{after}");
    Ok(Part::new(FILE, out))
}

/// The parts that boot.js loads, in a fixed order.
fn inside(parts: &[Part]) -> Vec<&Part> {
    let is_in_page = |path: &str| [PAGE, BOOT, SERVICE_WORKER].contains(&path) || path.ends_with(".css");
    let mut inside: Vec<&Part> = parts.iter().filter(|part| !is_in_page(&part.path)).collect();
    inside.sort_by(|a, b| a.path.cmp(&b.path));
    inside
}

/// The page's policy for a page without a server. A blob: script is the page's own module, which it has in memory; the seal
/// takes that away too.
fn inline_policy(policy: &str, boot: &str, styles: &[&str]) -> String {
    let styles: Vec<String> = styles.iter().map(|style| digest::source(style)).collect();
    let directives = policy.split("; ").filter_map(|directive| match directive.split(' ').next()? {
        "connect-src" => None,
        "script-src" => Some(format!("script-src {} blob: 'wasm-unsafe-eval'", digest::source(boot))),
        "style-src" => Some(format!("style-src {}", styles.join(" "))),
        "worker-src" => Some("worker-src blob:".to_owned()),
        _ => Some(directive.to_owned()),
    });
    directives.collect::<Vec<_>>().join("; ")
}

/// Without a time in it, so that the same bytes give the same bytes.
fn gzip(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).map_err(while_doing("gzip"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{RAW, parts};
    use super::*;

    #[test]
    fn everything_is_inside_and_no_connection_is_allowed() {
        let file = single_file(&parts()).unwrap();
        let page = file.text().unwrap();
        let boot = digest::source("boot()");
        let style = digest::source("p{}");
        assert_eq!(
            html::policy(page),
            Some(
                format!("default-src 'none'; script-src {boot} blob: 'wasm-unsafe-eval'; style-src {style}; worker-src blob:")
                    .as_str()
            )
        );
        for expected in
            ["<style>p{}</style>", "<script type=module>boot()</script>", "data-part=\"demo/x/a.json.gz\">H4sI"]
        {
            assert!(page.contains(expected), "{expected} is not in {page}");
        }
        for unexpected in ["href=", "src=", "sw.js"] {
            assert!(!page.contains(unexpected), "{unexpected} is in {page}");
        }
    }

    #[test]
    fn a_text_that_would_end_its_element_is_refused() {
        let check = |path: &str, text: &str| {
            let mut parts = parts();
            parts.iter_mut().find(|part| part.path == path).unwrap().bytes = text.into();
            assert_eq!(single_file(&parts).unwrap_err().what, "a style or boot.js would end its own element");
        };
        check("boot.js", "x = '</script>'");
        check("a.css", "</style>");
        assert!(RAW.contains("a.css"));
    }
}
