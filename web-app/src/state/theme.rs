//! The colours of the page: the system's, or the user's choice.

use crate::kit::words::phrase;
use crate::platform::{page, storage};
use leptos::prelude::*;

/// What the user can choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// Black and white, light or dark as the system says.
    Contrast,
}

/// All of them, as the list shows them.
pub const THEMES: [Theme; 4] = [Theme::System, Theme::Light, Theme::Dark, Theme::Contrast];

const REMEMBERED_AS: &str = "trailglass-theme";

impl Theme {
    /// The name that style sheet and storage know.
    pub fn name(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::Contrast => "contrast",
        }
    }

    /// The name that people read, in English.
    pub fn label(self) -> &'static str {
        match self {
            Theme::System => phrase("System theme"),
            Theme::Light => phrase("Light"),
            Theme::Dark => phrase("Dark"),
            Theme::Contrast => phrase("High contrast"),
        }
    }

    /// The theme of a name.
    pub fn from_name(name: &str) -> Option<Theme> {
        THEMES.into_iter().find(|theme| theme.name() == name)
    }
}

/// The chosen theme, and a number that changes with every change of colours.
#[derive(Clone, Copy)]
pub struct ThemeState {
    /// The choice.
    pub chosen: RwSignal<Theme>,
    /// Goes up whenever colours change: whoever draws on a canvas draws again.
    pub changes: RwSignal<u32>,
}

impl ThemeState {
    /// The remembered theme, kept in step with the page and the system.
    pub fn start() -> ThemeState {
        let remembered = storage::recall(REMEMBERED_AS).and_then(|name| Theme::from_name(&name));
        let state =
            ThemeState { chosen: RwSignal::new(remembered.unwrap_or(Theme::System)), changes: RwSignal::new(0) };
        Effect::new(move |_| {
            let theme = state.chosen.get();
            page::set_theme((theme != Theme::System).then(|| theme.name()));
            state.changes.update(|n| *n += 1);
        });
        page::on_system_theme(move || state.changes.update(|n| *n += 1));
        state
    }

    /// Chooses a theme and remembers it.
    pub fn choose(&self, theme: Theme) {
        storage::remember(REMEMBERED_AS, theme.name());
        self.chosen.set(theme);
    }
}
