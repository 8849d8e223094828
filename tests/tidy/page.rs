//! The page is what its first policy promises: nothing inline, nothing from another origin.

use crate::{assert_none, tree};
use std::fs;

#[test]
fn the_page_has_nothing_inline_and_nothing_third_party() {
    let html = fs::read_to_string(tree::root().join("index.html")).unwrap();
    assert_none("index.html", &violations(&html));
}

#[test]
fn the_built_page_has_nothing_inline_and_nothing_third_party() {
    let path = tree::root().join("dist/index.html");
    let html = fs::read_to_string(path).expect("dist/index.html is missing; run cargo xtask test");
    let is_policy = |tag: &Tag| tag.attributes.contains(&("http-equiv".to_owned(), "Content-Security-Policy"));
    assert!(tags(&html).iter().any(is_policy), "the built page has no policy");
    assert!(html.contains("<script"), "the built page starts nothing");
    assert_none("dist/index.html", &violations(&html));
}

struct Tag<'a> {
    name: String,
    attributes: Vec<(String, &'a str)>,
    /// What follows the tag, up to the next one.
    content: &'a str,
}

fn violations(html: &str) -> Vec<String> {
    let mut violations = Vec::new();
    for tag in tags(html) {
        let name = &tag.name;
        let has = |wanted: &str| tag.attributes.iter().any(|(attribute, _)| attribute == wanted);
        if name == "style" || name == "base" {
            violations.push(format!("<{name}>"));
        }
        if name == "script" && (!has("src") || !tag.content.trim().is_empty()) {
            violations.push(format!("<script> with a body: {}", tag.content.trim()));
        }
        for (attribute, value) in &tag.attributes {
            let handler = attribute.starts_with("on");
            let leads_away = ["http:", "https:", "ws:", "wss:", "//", "javascript:"]
                .iter()
                .any(|start| value.trim_start().to_ascii_lowercase().starts_with(start));
            if attribute == "style" || handler || leads_away {
                violations.push(format!("<{name} {attribute}=\"{value}\">"));
            }
        }
    }
    violations
}

/// The opening tags of a page, whose attributes are quoted or, where the page is minified, are not.
fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let end = rest.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        let (attributes, after) = attributes(&rest[end..]);
        let content = after.split('<').next().unwrap_or_default();
        tags.push(Tag { name, attributes, content });
        rest = after;
    }
    tags
}

/// The attributes up to the tag's end, and what follows it.
fn attributes(mut rest: &str) -> (Vec<(String, &str)>, &str) {
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if rest.is_empty() || rest.starts_with('>') {
            return (attributes, rest.strip_prefix('>').unwrap_or(rest));
        }
        let end = rest.find(|c: char| c.is_whitespace() || "=>/".contains(c)).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end.max(1));
        let (value, after) = value(after);
        attributes.push((name.to_ascii_lowercase(), value));
        rest = after;
    }
}

fn value(rest: &str) -> (&str, &str) {
    let Some(quoted) = rest.trim_start().strip_prefix('=') else { return ("", rest) };
    let quoted = quoted.trim_start();
    match quoted.chars().next() {
        Some(quote @ ('"' | '\'')) => quoted[1..].split_once(quote).unwrap_or((&quoted[1..], "")),
        _ => quoted.split_at(quoted.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(quoted.len())),
    }
}

#[test]
fn inline_and_foreign_parts_are_found() {
    fn check(html: &str, expected: usize) {
        assert_eq!(violations(html).len(), expected, "{html}: {:?}", violations(html));
    }
    check("<!-- <script>x</script> --><p class=\"a\">text</p>", 0);
    check("<script type=\"module\" src=\"boot.js\"></script>", 0);
    check("<link rel=\"icon\" href=\"data:image/svg+xml,%3Csvg xmlns='http://x'\" />", 0);
    check("<script>x</script>", 1);
    check("<script src=\"a.js\">x</script>", 1);
    check("<p style='color: red'>a</p>", 1);
    check("<body ONLOAD = x>", 1);
    check("<img src=//evil.example/a.png>", 1);
    check("<link rel=stylesheet href=\" HTTPS://cdn.example/a.css\">", 1);
    check("<style>p {}</style>", 1);
}
