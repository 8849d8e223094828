//! The language of the page: the browser's at first, then the user's choice.

use super::App;
use crate::kit::words::{self, ENGLISH, Language};
use crate::platform::{page, storage};
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
    fn every_dictionary_can_be_read() {
        for language in &OTHERS {
            words::choose(language);
            assert_ne!(words::tr("What was read"), "What was read", "{}", language.tag);
        }
        words::choose(&ENGLISH);
    }
}
