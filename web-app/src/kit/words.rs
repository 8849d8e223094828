//! The page's words in the language of who reads it. English texts stand in the code and are the keys of a dictionary;
//! a text that a dictionary lacks is shown in English.

use serde_json::{Map, Value};
use std::cell::Cell;
use std::sync::OnceLock;

type Dictionary = Map<String, Value>;

/// A language, and how numbers are written in it.
pub struct Language {
    /// Its tag, as browsers know it: `de`.
    pub tag: &'static str,
    /// What it is called by those who speak it.
    pub name: &'static str,
    /// What stands between thousands.
    pub thousands: char,
    /// What stands before the decimals.
    pub decimal: char,
    /// A JSON object of English texts and what is said instead. It is read when it is needed first.
    words: &'static str,
    read: OnceLock<Dictionary>,
}

impl Language {
    /// A language with its dictionary: a JSON object of texts, or nothing for English.
    pub const fn new(tag: &'static str, name: &'static str, marks: (char, char), words: &'static str) -> Language {
        Language { tag, name, thousands: marks.0, decimal: marks.1, words, read: OnceLock::new() }
    }

    fn dictionary(&self) -> &Dictionary {
        self.read.get_or_init(|| match serde_json::from_str(self.words) {
            Ok(Value::Object(dictionary)) => dictionary,
            _ => Dictionary::new(),
        })
    }
}

/// The language of the code.
pub static ENGLISH: Language = Language::new("en", "English", (',', '.'), "");

thread_local! {
    static CHOSEN: Cell<&'static Language> = const { Cell::new(&ENGLISH) };
}

/// From now on, texts are in this language.
pub fn choose(language: &'static Language) {
    CHOSEN.set(language);
}

/// The language of all texts.
pub fn chosen() -> &'static Language {
    CHOSEN.get()
}

fn said(text: &str) -> Option<&'static str> {
    chosen().dictionary().get(text).and_then(Value::as_str)
}

/// An English text, in the language that was chosen.
pub fn tr(text: &'static str) -> &'static str {
    said(text).unwrap_or(text)
}

/// A word that came from elsewhere, which a dictionary may know.
pub fn tr_known(word: &str) -> String {
    said(word).unwrap_or(word).to_owned()
}

/// The same with values in its places: `{}` is the next one, `{0}` the first, wherever it stands.
pub fn tr_with(text: &'static str, values: &[&str]) -> String {
    filled(tr(text), values)
}

/// A text with places that came from elsewhere.
pub fn tr_known_with(text: &str, values: &[&str]) -> String {
    filled(said(text).unwrap_or(text), values)
}

fn filled(text: &str, values: &[&str]) -> String {
    let (mut rest, mut next) = (text, 0);
    let mut out = String::with_capacity(rest.len() + values.iter().map(|value| value.len()).sum::<usize>());
    while let Some((before, (place, after))) = rest.split_once('{').and_then(|(a, b)| Some((a, b.split_once('}')?))) {
        let number = place.parse::<usize>().unwrap_or(next);
        next = number.saturating_add(1);
        out.push_str(before);
        out.push_str(values.get(number).copied().unwrap_or_default());
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A text that stands in a table and is translated by [`tr`] where it is shown.
pub const fn phrase(text: &'static str) -> &'static str {
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    static TEST: Language = Language::new(
        "x",
        "Test",
        ('.', ','),
        r#"{"none": "keins", "{} of {}": "{} von {}", "{0} in {1}": "{1} hat {0}", "broken {0}": "kaputt {7} {"}"#,
    );
    static BROKEN: Language = Language::new("y", "Broken", ('.', ','), "{");

    #[test]
    fn what_a_dictionary_has_is_said_in_its_words() {
        choose(&TEST);
        assert_eq!((chosen().tag, tr("none")), ("x", "keins"));
        assert_eq!(tr("not in it"), "not in it");
        choose(&BROKEN);
        assert_eq!(tr("none"), "none");
        choose(&ENGLISH);
        assert_eq!(tr("none"), "none");
    }

    #[test]
    fn values_go_to_their_places() {
        let check = |language, text, values: &[&str], expected| {
            choose(language);
            assert_eq!(tr_with(text, values), expected, "{text}");
        };
        check(&ENGLISH, "{} of {}", &["1", "2"], "1 of 2");
        check(&TEST, "{} of {}", &["1", "2"], "1 von 2");
        check(&TEST, "{0} in {1}", &["1", "2"], "2 hat 1");
        check(&ENGLISH, "{0} and {0}", &["1"], "1 and 1");
        // What comes in is no text with places.
        check(&ENGLISH, "{}, {}", &["{}", "{0}"], "{}, {0}");
        check(&ENGLISH, "none", &["1"], "none");
        // A dictionary that is wrong breaks nothing.
        check(&TEST, "broken {0}", &["1"], "kaputt  {");
        choose(&ENGLISH);
    }
}
