//! How the page tells what it tells: the zone of times, and whether they are dates. What is chosen is remembered, and the page
//! is drawn anew by it, from its state. What leaves the page does not follow.

use super::{App, Phase};
use crate::kit::time::{Clock, set_clock};
use crate::platform::{page, storage, zones};
use leptos::prelude::*;

const ZONE: &str = "trailglass-zone";
const TELLING: &str = "trailglass-times";

/// What scrolls on the page, for what is drawn anew to stand where it stood. The table keeps its own place.
const SCROLLED: &str = ".welcome, .main-column, .subject, .drawer-body, .findings, .findings-scroll, .own-rules";

/// Whose clocks tell the time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Zone {
    /// Nobody's: UTC.
    Utc,
    /// This computer's.
    Local,
    /// Those of a place, by the zone's name.
    Named(String),
}

impl Zone {
    /// What remembers it.
    fn name(&self) -> &str {
        match self {
            Zone::Utc => "utc",
            Zone::Local => "local",
            Zone::Named(name) => name,
        }
    }

    /// The zone that somebody called so; `None` if there is none.
    pub fn from_name(name: &str) -> Option<Zone> {
        match name.trim().to_ascii_lowercase().as_str() {
            "utc" => Some(Zone::Utc),
            "local" => Some(Zone::Local),
            _ => zones::named(name).map(Zone::Named),
        }
    }

    /// What it is called on the page.
    pub fn label(&self) -> String {
        match self {
            Zone::Utc => "UTC".to_owned(),
            Zone::Local => zones::local().unwrap_or_else(|| "UTC".to_owned()),
            Zone::Named(name) => name.clone(),
        }
    }
}

/// What is told of a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// Date and time of day.
    Dates,
    /// How long before the last event it was.
    BeforeLast,
}

impl Telling {
    fn name(self) -> &'static str {
        match self {
            Telling::Dates => "dates",
            Telling::BeforeLast => "before-last",
        }
    }

    fn from_name(name: &str) -> Option<Telling> {
        [Telling::Dates, Telling::BeforeLast].into_iter().find(|telling| telling.name() == name)
    }
}

/// What the user chose.
#[derive(Clone, Copy)]
pub struct Display {
    /// The zone of times.
    pub zone: RwSignal<Zone>,
    /// What is told of moments.
    pub telling: RwSignal<Telling>,
    /// Goes up when all of the page is to be drawn anew.
    pub changes: RwSignal<u32>,
    /// What UTC is switched to.
    other: StoredValue<Zone>,
    /// When the last event was, in milliseconds since 1970, since all files are read.
    last_ms: StoredValue<Option<i64>>,
}

impl Display {
    /// What is remembered; UTC and dates otherwise.
    pub fn start() -> Display {
        let zone = storage::recall(ZONE).and_then(|name| Zone::from_name(&name)).unwrap_or(Zone::Utc);
        let telling = storage::recall(TELLING).and_then(|name| Telling::from_name(&name)).unwrap_or(Telling::Dates);
        let other = if zone == Zone::Utc { Zone::Local } else { zone.clone() };
        let display = Display {
            zone: RwSignal::new(zone),
            telling: RwSignal::new(telling),
            changes: RwSignal::new(0),
            other: StoredValue::new(other),
            last_ms: StoredValue::new(None),
        };
        display.set_clock();
        display
    }

    fn set_clock(&self) {
        let zone = self.zone.with_untracked(Zone::label);
        let last_ms = match self.telling.get_untracked() {
            Telling::Dates => None,
            Telling::BeforeLast => self.last_ms.get_value(),
        };
        let is_utc = zone == "UTC" || !zones::follow(&zone);
        let clock = if is_utc { Clock::utc() } else { Clock { zone, offset: zones::offset_ms, last_ms: None } };
        set_clock(Clock { last_ms, ..clock });
    }
}

impl App {
    /// Draws all of the page anew, from its state. What has the focus gets it back.
    pub fn draw_anew(&self) {
        page::keep_place(SCROLLED);
        self.display.changes.update(|n| *n += 1);
    }

    /// Tells times in this zone.
    pub fn choose_zone(&self, zone: Zone) {
        if self.display.zone.with_untracked(|chosen| *chosen == zone) {
            return;
        }
        storage::remember(ZONE, zone.name());
        if zone != Zone::Utc {
            self.display.other.set_value(zone.clone());
        }
        self.display.zone.set(zone);
        self.display.set_clock();
        self.draw_anew();
    }

    /// From UTC to the zone that the user chose beside it, or this computer's, and back.
    pub(super) fn switch_zone(&self) {
        self.choose_zone(match self.display.zone.get_untracked() {
            Zone::Utc => self.display.other.get_value(),
            _ => Zone::Utc,
        });
    }

    /// Tells this of moments.
    pub fn choose_telling(&self, telling: Telling) {
        if self.display.telling.get_untracked() != telling {
            storage::remember(TELLING, telling.name());
            self.display.telling.set(telling);
            self.display.set_clock();
            self.draw_anew();
        }
    }

    /// Once all files are read it is known which event is the last. Until then moments have dates.
    pub(super) fn keep_last(&self) {
        let app = *self;
        let last = Memo::new(move |old: Option<&Option<i64>>| match app.phase.get() {
            Phase::Loaded => app.span.get().map(|(_, last)| last),
            _ => old.copied().flatten(),
        });
        Effect::new(move |_| {
            app.display.last_ms.set_value(last.get());
            let is_told = app.display.telling.get_untracked() == Telling::BeforeLast;
            if is_told && last.with_untracked(Option::is_some) {
                app.display.set_clock();
                app.draw_anew();
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_known_again() {
        for telling in [Telling::Dates, Telling::BeforeLast] {
            assert_eq!(Telling::from_name(telling.name()), Some(telling));
        }
        assert_eq!(Telling::from_name("x"), None);
        for zone in [Zone::Utc, Zone::Local] {
            assert_eq!(Zone::from_name(zone.name()), Some(zone));
        }
    }
}
