//! The texts of a Rust file: those that go through a dictionary, and those that look as if they should.

use crate::tree::Source;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::str::FromStr;

/// The functions whose texts are translated, and which of their arguments are.
const TRANSLATED: [(&str, &[usize]); 11] = [
    ("tr", &[0]),
    ("tr_with", &[0]),
    ("phrase", &[0]),
    // Of the core.
    ("said", &[0]),
    ("said_with", &[0]),
    ("broken", &[1]),
    ("skip_literal", &[3]),
    ("spell_literal", &[3]),
    ("counted", &[1, 2]),
    ("counted_with", &[1, 2]),
    // Of the table of commands.
    ("entry", &[2]),
];

/// Attributes and properties that nobody reads.
const UNREAD: [&str; 6] = ["class", "id", "d", "viewBox", "autocomplete", "role"];

/// A text and its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    pub text: String,
    pub line: usize,
}

/// What a file has.
#[derive(Debug, Default)]
pub struct Texts {
    /// The keys of dictionaries.
    pub said: Vec<Text>,
    /// Every other text that people might read.
    pub bare: Vec<Text>,
}

/// The texts of a file; not those of its tests.
pub fn texts(source: &Source) -> Texts {
    let tokens = TokenStream::from_str(&source.text).unwrap_or_else(|why| panic!("{}: {why}", source.path));
    let mut found = Texts::default();
    walk(&tokens.into_iter().collect::<Vec<_>>(), &mut found);
    found
}

fn walk(tokens: &[TokenTree], found: &mut Texts) {
    let mut at = 0;
    while at < tokens.len() {
        let after = &tokens[at + 1..];
        at += match &tokens[at] {
            TokenTree::Punct(mark) if mark.as_char() == '#' => attribute(after),
            TokenTree::Punct(mark) if mark.as_char() == '=' && is_unread(&tokens[..at]) && text(after).is_some() => 2,
            TokenTree::Ident(name) => match translated(&name.to_string(), &tokens[..at], after) {
                Some((call, places)) => {
                    arguments(call, places, found);
                    2
                }
                None => 1,
            },
            TokenTree::Group(group) => {
                walk(&group.stream().into_iter().collect::<Vec<_>>(), found);
                1
            }
            TokenTree::Literal(_) => {
                found.bare.extend(text(&tokens[at..]).filter(|it| is_read(&it.text)));
                1
            }
            TokenTree::Punct(_) => 1,
        };
    }
}

/// How many tokens an attribute has, given what follows its sign. One of tests takes what it is about with it.
fn attribute(after: &[TokenTree]) -> usize {
    let is_of_tests =
        matches!(after.first(), Some(TokenTree::Group(it)) if it.to_string().replace(' ', "") == "[cfg(test)]");
    let end = |token: &TokenTree| {
        matches!(token, TokenTree::Punct(mark) if mark.as_char() == ';')
            || matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
    };
    match (is_of_tests, after.iter().position(end), after.first()) {
        (true, Some(end), _) => end + 2,
        (_, _, Some(TokenTree::Group(_))) => 2,
        // That of a file has another sign.
        _ => 3,
    }
}

/// Whether what stands before a sign of equality names something that nobody reads.
fn is_unread(before: &[TokenTree]) -> bool {
    matches!(before.last(), Some(TokenTree::Ident(name)) if UNREAD.iter().any(|unread| name == unread))
}

/// The arguments of a call whose texts are translated, if this name begins one.
fn translated(name: &str, before: &[TokenTree], after: &[TokenTree]) -> Option<(Vec<TokenTree>, &'static [usize])> {
    let places = TRANSLATED.iter().find(|(known, _)| *known == name)?.1;
    let is_definition = matches!(before.last(), Some(TokenTree::Ident(word)) if word == "fn");
    match after.first() {
        Some(TokenTree::Group(call)) if call.delimiter() == Delimiter::Parenthesis && !is_definition => {
            Some((call.stream().into_iter().collect(), places))
        }
        _ => None,
    }
}

fn arguments(call: Vec<TokenTree>, places: &[usize], found: &mut Texts) {
    let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ',');
    for (place, argument) in call.split(is_comma).enumerate() {
        match text(argument) {
            Some(key) if places.contains(&place) => found.said.push(key),
            _ => walk(argument, found),
        }
    }
}

/// The text that these tokens begin with.
fn text(tokens: &[TokenTree]) -> Option<Text> {
    let Some(TokenTree::Literal(literal)) = tokens.first() else { return None };
    match syn::Lit::new(literal.clone()) {
        syn::Lit::Str(text) => Some(Text { text: text.value(), line: literal.span().start().line }),
        _ => None,
    }
}

/// Whether people would read it: some words, or one that begins as a sentence does. Names of fields, classes, keys and the
/// words of the search language are none of that.
fn is_read(text: &str) -> bool {
    let without_places: String = text
        .split('{')
        .enumerate()
        .map(|(i, part)| if i == 0 { part } else { part.split_once('}').map_or("", |(_, rest)| rest) })
        .collect();
    let is_word = |word: &&str| {
        let word = word.trim_start_matches(['(', '“']).trim_end_matches(|c: char| ",.:;…?!)”".contains(c));
        word.len() > 1
            && word.chars().skip(1).all(|c| c.is_lowercase() || "’'".contains(c))
            && word.starts_with(char::is_alphabetic)
    };
    let words: Vec<&str> = without_places.split_whitespace().filter(is_word).collect();
    let is_capitalised = |word: &str| {
        let mut letters = word.trim_end_matches(['…', '.']).chars();
        letters.next().is_some_and(char::is_uppercase) && letters.all(|c| c.is_lowercase())
    };
    words.len() > 1 || words.first().is_some_and(|word| without_places.trim() == *word && is_capitalised(word))
}

#[test]
fn texts_are_told_apart() {
    fn check(code: &str, said: &[&str], bare: &[&str]) {
        let found = texts(&Source { path: code.to_owned(), text: code.to_owned() });
        let plain = |texts: Vec<Text>| texts.into_iter().map(|it| it.text).collect::<Vec<_>>();
        assert_eq!(
            (plain(found.said), plain(found.bare)),
            (said.iter().map(|&it| it.to_owned()).collect(), bare.iter().map(|&it| it.to_owned()).collect(),),
            "{code}"
        );
    }
    check("fn f() { tr(\"Close\"); }", &["Close"], &[]);
    check("let x = tr_with(\"{} of {}\", &[tr(\"a\"), \"not this\"]);", &["{} of {}", "a"], &["not this"]);
    check(
        "counted(n, \"event\", \"events\"); entry(C, \"No label here\", \"label\", &[\"j\"])",
        &["event", "events", "label"],
        &["No label here"],
    );
    check("view! { <p class=\"plain small\" title=\"Take away\">\"Cancel\"</p> }", &[], &["Take away", "Cancel"]);
    check("tr(\"one \\\n   line\"); tr(\"a \\\"b\\\"\")", &["one line", "a \"b\""], &[]);
    check("#![doc = \"Some words\"] #[doc = \"Some words\"] /// Some words\nfn tr(x: &str) {} // tr(\"x\")", &[], &[]);
    check(
        "#[cfg(test)] mod tests { const A: &str = \"Some words\"; } const B: &str = \"More words\";",
        &[],
        &["More words"],
    );
    check(
        "f(\"eventName\", \"ArrowDown\", \"severity {}\", \"NOT {field}:*\", \"({q}) AND {t}\", \"{a} and {b}\", \".one, .another\", \"a:(CreateUser OR CreateKey)\", \"Copy…\")",
        &[],
        &["Copy…"],
    );
}

#[test]
fn lines_are_told() {
    let source = Source { path: String::new(), text: "\n\ntr(\n\"x\")".to_owned() };
    assert_eq!(texts(&source).said, [Text { text: "x".to_owned(), line: 4 }]);
}
