//! The language of the page: the browser's at first, then the user's choice.

use super::App;
use crate::kit::words::{self, ENGLISH, Language};
use crate::platform::{page, storage};
use crate::protocol::{Said, Value};
use leptos::prelude::*;

/// Every language but English, as the list shows them.
static OTHERS: [Language; 1] = [Language::new("de", "Deutsch", ('.', ','), include_str!("../../words/de.json"))];

const REMEMBERED_AS: &str = "trailglass-language";

/// All languages.
pub fn languages() -> impl Iterator<Item = &'static Language> {
    std::iter::once(&ENGLISH).chain(&OTHERS)
}

/// The language of a tag; `de-AT` is `de`.
fn of_tag(tag: &str) -> Option<&'static Language> {
    let first = tag.split('-').next().unwrap_or_default();
    languages().find(|language| language.tag.eq_ignore_ascii_case(first))
}

/// The chosen language.
#[derive(Clone, Copy)]
pub struct LanguageState {
    /// The choice.
    pub chosen: RwSignal<&'static str>,
}

impl LanguageState {
    /// The remembered language, or the browser's, or English.
    pub fn start() -> LanguageState {
        let remembered = storage::recall(REMEMBERED_AS).and_then(|tag| of_tag(&tag));
        let language = remembered.or_else(|| of_tag(&page::language())).unwrap_or(&ENGLISH);
        speak(language);
        LanguageState { chosen: RwSignal::new(language.tag) }
    }
}

impl App {
    /// Speaks this language from now on. What was told before and still stands somewhere stays as it is.
    pub fn choose_language(&self, tag: &str) {
        if let Some(language) = of_tag(tag) {
            storage::remember(REMEMBERED_AS, language.tag);
            speak(language);
            self.language.chosen.set(language.tag);
            self.draw_anew();
        }
    }
}

/// What the core says, in the language of the page. Untrusted text.
pub fn told(said: &Said) -> String {
    let values: Vec<String> = said.values.iter().map(value).collect();
    words::tr_known_with(&said.text, &values.iter().map(String::as_str).collect::<Vec<_>>())
}

fn value(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Said(parts) => parts.iter().map(told).collect(),
    }
}

fn speak(language: &'static Language) {
    words::choose(language);
    page::set_language(language.tag);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags() {
        let check = |tag: &str, expected: Option<&str>| {
            assert_eq!(of_tag(tag).map(|language| language.tag), expected, "{tag}");
        };
        check("de", Some("de"));
        check("de-AT", Some("de"));
        check("DE", Some("de"));
        check("en-GB", Some("en"));
        check("den", None);
        check("", None);
    }

    #[test]
    fn what_the_core_says_is_told() {
        use analyzer_core::said::{said, said_with};
        let at = |what| said_with("broken JSON {} bytes into the record: {}", [7_u64.into(), said(what).into()]);
        let check = |tag: &str, what: &'static str, expected: &str| {
            words::choose(of_tag(tag).unwrap());
            assert_eq!(told(&at(what).into()), expected);
        };
        check("en", "expected a value", "broken JSON 7 bytes into the record: expected a value");
        check("de", "expected a value", "kaputtes JSON 7 Bytes nach Beginn des Datensatzes: hier fehlt ein Wert");
        check("de", "not known", "kaputtes JSON 7 Bytes nach Beginn des Datensatzes: not known");
        // What the logs say is no text with places.
        let name = said_with("The user {}", ["{} A user".into()]);
        assert_eq!(told(&name.into()), "Der Benutzer {} A user");
        words::choose(&ENGLISH);
    }

    #[test]
    fn every_dictionary_can_be_read() {
        for language in &OTHERS {
            words::choose(language);
            assert_ne!(words::tr("What was read"), "What was read", "{}", language.tag);
        }
        words::choose(&ENGLISH);
    }
}
