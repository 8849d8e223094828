//! What the user marked: stars, tags, notes and mutes of findings and events. They are about the logs, so no browser store
//! ever holds them: they live as long as the tab, or in a file that the user saves.

use super::language::told;
use super::{App, Phase};
use crate::kit::words::tr_with;
use crate::platform::download::{Kind, save};
use crate::platform::files::LogFile;
use crate::platform::page;
use crate::protocol::{CASE_ENDING, Case, EventMark, Finding, FindingMark, Mark};
use analyzer_core::event::EventRow;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A file of notes has at most so many bytes.
const MOST_BYTES: u64 = 16 << 20;

/// The marks. A copy is a handle on the same ones.
#[derive(Clone, Copy)]
pub struct Marks {
    /// All of them.
    pub case: RwSignal<Case>,
    /// Those that a file has.
    saved: RwSignal<Case>,
}

/// What a mark is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Marked {
    /// The finding with this id.
    Finding(String),
    /// The event with this id.
    Event(String),
}

impl Marks {
    /// None, and the browser asks before a tab with some that no file has is closed.
    pub fn start() -> Marks {
        let marks = Marks { case: RwSignal::new(Case::default()), saved: RwSignal::new(Case::default()) };
        window_event_listener(ev::beforeunload, move |event| {
            if untrack(|| marks.are_unsaved()) {
                event.prevent_default();
            }
        });
        marks
    }

    /// Whether no file has them all.
    pub fn are_unsaved(&self) -> bool {
        self.case.with(|case| self.saved.with(|saved| case != saved))
    }

    /// What was said of a finding or an event.
    pub fn of(&self, about: &Marked) -> Mark {
        self.case
            .with(|case| match about {
                Marked::Finding(id) => case.findings.get(id).map(|it| it.mark.clone()),
                Marked::Event(id) => case.events.get(id).map(|it| it.mark.clone()),
            })
            .unwrap_or_default()
    }

    /// Whether a finding or an event is starred.
    pub fn is_starred(&self, about: &Marked) -> bool {
        self.case
            .with(|case| match about {
                Marked::Finding(id) => case.findings.get(id).map(|it| it.mark.starred),
                Marked::Event(id) => case.events.get(id).map(|it| it.mark.starred),
            })
            .unwrap_or_default()
    }

    /// Stars an event, or takes its star away.
    pub fn star_event(&self, row: &EventRow) {
        self.change_event(row, |mark| mark.starred = !mark.starred);
    }

    /// Changes what is said of an event.
    pub fn change_event(&self, row: &EventRow, change: impl FnOnce(&mut Mark)) {
        self.case.update(|case| {
            let mut it = case.events.remove(&row.event_id).unwrap_or_else(|| EventMark::of(row));
            change(&mut it.mark);
            if !it.mark.is_empty() {
                case.events.insert(row.event_id.clone(), it);
            }
        });
    }

    /// Changes what is said of a finding that is there.
    pub fn change_finding(&self, finding: &Finding, change: impl FnOnce(&mut FindingMark)) {
        self.case.update(|case| {
            let mut it = case.findings.remove(&finding.id).unwrap_or_else(|| FindingMark::of(finding));
            change(&mut it);
            if !it.is_empty() {
                case.findings.insert(finding.id.clone(), it);
            }
        });
    }

    /// Changes the mark of something that has one, be it among the logs or not.
    pub fn change(&self, about: &Marked, change: impl FnOnce(&mut Mark)) {
        self.case.update(|case| match about {
            Marked::Event(id) => {
                if let Some(it) = case.events.get_mut(id) {
                    change(&mut it.mark);
                    if it.mark.is_empty() {
                        case.events.remove(id);
                    }
                }
            }
            Marked::Finding(id) => {
                if let Some(it) = case.findings.get_mut(id) {
                    change(&mut it.mark);
                    if it.is_empty() {
                        case.findings.remove(id);
                    }
                }
            }
        });
    }

    /// Shows nothing of a detector, or all again.
    pub fn mute_detector(&self, finding: &Finding) {
        self.case.update(|case| {
            if case.muted_detectors.remove(&finding.detector).is_none() {
                case.muted_detectors.insert(finding.detector.clone(), finding.title.clone());
            }
        });
    }
}

/// Tags of what somebody typed: words between commas.
pub fn tags_in(typed: &str) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in typed.split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
        if tags.iter().all(|known| known != tag) {
            tags.push(tag.to_owned());
        }
    }
    tags
}

impl App {
    /// Whether files of notes can be told from logs by their names alone.
    fn is_notes(path: &str) -> bool {
        path.to_ascii_lowercase().ends_with(CASE_ENDING)
    }

    /// Takes the files of notes out of these.
    pub(super) fn take_notes(&self, files: Vec<LogFile>) -> Vec<LogFile> {
        let (notes, others): (Vec<LogFile>, Vec<LogFile>) =
            files.into_iter().partition(|file| App::is_notes(&file.path));
        if !notes.is_empty() {
            let app = *self;
            spawn_local(async move {
                for file in notes {
                    match read(&file).await {
                        Ok(case) => app.restore(case),
                        Err(why) => app.complain(tr_with("These notes cannot be read: {}: {}.", &[&file.path, &why])),
                    }
                }
            });
        }
        others
    }

    /// Adds marks of a file to those that are there.
    fn restore(&self, file: Case) {
        let before = self.marks.case.get_untracked();
        let mut whole = before.clone();
        whole.merge(file.clone());
        if self.phase.get_untracked() == Phase::Loaded {
            self.findings.with_untracked(|findings| whole.follow(findings));
        }
        // The file has all that there is now.
        if before.is_empty() || whole == file {
            self.marks.saved.set(whole.clone());
        }
        self.marks.case.set(whole);
    }

    /// Marks stay with findings that got more evidence.
    pub(super) fn keep_marks(&self) {
        let app = *self;
        Effect::new(move |_| {
            let is_whole = app.phase.get() == Phase::Loaded;
            app.findings.with(|findings| {
                let mut case = app.marks.case.get_untracked();
                if is_whole && case.follow(findings) {
                    app.marks.case.set(case);
                }
            });
        });
    }

    /// Saves all marks as one file.
    pub(super) fn save_notes(&self) {
        let case = self.marks.case.get_untracked();
        let name = format!("notes-{}{CASE_ENDING}", file_time(page::date_ms()));
        match save(&name, Kind::Json, &case.to_file()) {
            Ok(()) => self.marks.saved.set(case),
            Err(why) => self.complain(tr_with("The browser did not save the notes: {}", &[&why])),
        }
    }
}

async fn read(file: &LogFile) -> Result<Case, String> {
    if file.size > MOST_BYTES {
        return Err(tr_with("they have more than {} MiB", &[&(MOST_BYTES >> 20).to_string()]));
    }
    Case::from_file(&file.text().await?).map_err(|why| told(&why))
}

/// `20240131-235959`: a time (milliseconds since 1970, UTC) in the name of a file.
pub(super) fn file_time(ms: i64) -> String {
    let text = crate::kit::time::utc(ms);
    let digits: String = text.chars().take(19).filter(char::is_ascii_digit).collect();
    format!("{}-{}", digits.get(..8).unwrap_or_default(), digits.get(8..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files() {
        let check = |path: &str, expected| assert_eq!(App::is_notes(path), expected, "{path}");
        check("notes-1.trailglass.json", true);
        check("folder/A (1).TRAILGLASS.JSON", true);
        check("trailglass.json", false);
        check("notes.trailglass.json.gz", false);
        assert_eq!(file_time(1_709_251_199_500), "20240229-235959");
    }

    #[test]
    fn tags() {
        let check = |typed: &str, expected: &[&str]| assert_eq!(tags_in(typed), expected, "{typed}");
        check("", &[]);
        check(" , ,", &[]);
        check("to ask, night,to ask", &["to ask", "night"]);
    }
}
