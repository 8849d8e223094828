//! Files come in, are read, and are settled: duplicates between shards dropped, detections run.

use super::{App, Phase, Session};
use crate::client::{Client, News};
use crate::kit::words::{tr, tr_with};
use crate::platform::boot::BootKit;
use crate::platform::files::{Dropped, LogFile, Pasted};
use crate::platform::page;
use crate::platform::pump::breathe;
use crate::platform::workers::Message;
use crate::protocol::{Account, Left, Totals};
use analyzer_core::said::{Said, said, said_with};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::rc::Rc;

/// More workers than this gain little and cost memory.
const MOST_WORKERS: usize = 4;
/// Where the browser does not say how many processors there are.
const USUAL_WORKERS: usize = 2;

/// What the account of a file says that was left before a byte of it was read.
fn unread(why: Left) -> Said {
    match why {
        Left::Cancelled => said("cancelled before its start"),
        Left::NoMemory => said("not read: memory ran out"),
    }
}

/// Whether a text is rules in YAML: what Sigma demands of each begins a line.
fn is_rules(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("detection:") || line.starts_with("correlation:"))
}

/// What came of files that were too many for the memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RanOut {
    /// Events that are there.
    pub events: u64,
    /// Files that were read to their end.
    pub files: u64,
    /// Files that were not.
    pub left: u64,
}

/// How far reading is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read.
    pub bytes_read: u64,
    /// Bytes of all files.
    pub bytes_total: u64,
    /// Files read to their end, or left.
    pub files_done: u64,
    /// All files.
    pub files_total: u64,
    /// Events so far.
    pub events: u64,
}

impl App {
    /// The page is sealed: starts the workers. The drop zone opens when all of them are there.
    pub fn open_session(&self, kit: &Message) {
        let app = *self;
        let shards = page::processors().unwrap_or(USUAL_WORKERS).min(MOST_WORKERS);
        let started = BootKit::read(kit).and_then(|kit| {
            let client = Client::start(&kit, shards, move |news| app.hear(news))?;
            Ok(Session { client, kit })
        });
        match started {
            Ok(session) => self.session.set_value(Some(Rc::new(session))),
            Err(why) => self.complain(tr_with("The workers could not be started: {}", &[&why])),
        }
    }

    fn hear(&self, news: News) {
        match news {
            News::Ready => {
                self.push_filter();
                self.ask_for_rules();
                self.phase.set(Phase::Empty);
            }
            News::Progress { bytes, events, closed } => self.advance(bytes, events, closed),
            News::AllRead => self.settle(),
            News::Checking(checking) => self.note_checking(checking),
            News::SubjectSeen(seen) => self.note_subject_seen(seen),
            News::RulesSeen(seen) => self.note_rules_seen(seen),
            News::NoMemory => self.leave(Left::NoMemory),
            News::Failed(why) => self.complain(why),
        }
    }

    /// How many files the demo trail has and their bytes, if there is one.
    pub fn demo_size(&self) -> Option<(u64, u64)> {
        let session = self.session()?;
        let demo = &session.kit.demo;
        (!demo.is_empty()).then(|| (demo.len() as u64, demo.iter().map(|file| file.size).sum()))
    }

    /// Reads the demo trail.
    pub fn add_demo(&self) {
        if let Some(session) = self.session() {
            self.add_files(session.kit.demo.clone());
        }
    }

    /// Walks what was dropped or picked and reads each file as soon as it is found.
    pub fn add_dropped(&self, dropped: Dropped) {
        let app = *self;
        spawn_local(async move {
            app.walking.update(|n| *n += 1);
            let cancelled = app.cancelled.get_untracked();
            let mut found_none = true;
            let found = |files: Vec<LogFile>| {
                found_none &= files.is_empty();
                if app.cancelled.get_untracked() == cancelled {
                    app.add_files(files);
                } else {
                    app.note_left(files);
                }
            };
            let lost = |path, why: String| app.note(path, said_with("could not be opened: {}", [why.into()]), false);
            dropped.walk(found, lost).await;
            app.walking.update(|n| *n -= 1);
            if found_none {
                app.complain(tr("There are no files in what was dropped.").to_owned());
            } else {
                // What was found first may be read by now.
                app.settle();
            }
        });
    }

    /// Reads what was pasted: files as if they were dropped, a text as a file.
    pub fn add_pasted(&self, pasted: Pasted) {
        let text = match pasted {
            Pasted::Files(dropped) => return self.add_dropped(dropped),
            Pasted::Text(text) => text,
        };
        let number = self.pastes.get_value() + 1;
        self.pastes.set_value(number);
        match LogFile::of_text(format!("pasted-{number}.{}", if is_rules(&text) { "yml" } else { "json" }), &text) {
            Ok(file) => self.add_files(vec![file]),
            Err(why) => self.complain(tr_with("What was pasted cannot be read: {}", &[&why])),
        }
    }

    /// Reads these files.
    pub fn add_files(&self, files: Vec<LogFile>) {
        let files = self.take_plugins(self.take_rules(self.take_notes(files)));
        let Some(session) = self.session().filter(|_| !files.is_empty()) else { return };
        let is_first = self.phase.get_untracked() != Phase::Loading;
        if is_first {
            // The line starts anew for what comes now.
            self.progress.update(|p| *p = Progress { events: p.events, ..Progress::default() });
            self.left.set(Left::Cancelled);
        }
        self.progress.update(|p| {
            p.files_total += files.len() as u64;
            p.bytes_total += files.iter().map(|file| file.size).sum::<u64>();
        });
        self.notice.set(None);
        self.phase.set(Phase::Loading);
        if is_first { self.read_soon(files) } else { session.client.read(files) }
    }

    /// Has files read once the page shows that it reads: workers would take the processors from it.
    fn read_soon(&self, files: Vec<LogFile>) {
        let (app, cancelled) = (*self, self.cancelled.get_untracked());
        self.walking.update(|n| *n += 1);
        spawn_local(async move {
            breathe().await;
            app.walking.update(|n| *n -= 1);
            match app.session().filter(|_| app.cancelled.get_untracked() == cancelled) {
                Some(session) => session.client.read(files),
                None => {
                    app.note_left(files);
                    app.settle();
                }
            }
        });
    }

    /// Names files that came when reading was already left.
    fn note_left(&self, files: Vec<LogFile>) {
        files.into_iter().for_each(|file| self.note_unread(file.path, self.left.get_untracked()));
    }

    /// Reads no further. What was read stays; every file that was left is named.
    pub fn leave(&self, why: Left) {
        let Some(session) = self.session() else { return };
        self.cancelled.update(|n| *n += 1);
        self.left.set(why);
        session.client.leave(why).into_iter().for_each(|path| self.note_unread(path, why));
    }

    fn note_unread(&self, path: String, why: Left) {
        self.note(path, unread(why), why == Left::NoMemory);
    }

    fn note(&self, path: String, fault: Said, lacked_memory: bool) {
        let account =
            Account { ordinal: None, name: path, faults: vec![fault.into()], lacked_memory, ..Account::default() };
        self.progress.update(|p| p.files_done += 1);
        self.add_accounts(vec![account]);
    }

    fn advance(&self, bytes: u64, events: u64, closed: Vec<Account>) {
        self.progress.update(|p| {
            p.bytes_read += bytes;
            // The files of an archive come with it.
            p.files_done += closed.iter().filter(|account| account.member == 0).count() as u64;
            p.events = events;
        });
        self.add_accounts(closed);
        self.refresh_if_idle();
    }

    fn add_accounts(&self, closed: Vec<Account>) {
        if closed.is_empty() {
            return;
        }
        self.totals.update(|totals| closed.iter().for_each(|account| totals.add(account)));
        self.accounts.update(|accounts| accounts.extend(closed));
    }

    /// Once everything is read, what the shards hold together is made whole.
    fn settle(&self) {
        let (app, Some(session)) = (*self, self.session()) else { return };
        let more_to_come = move |client: &Client| client.is_reading() || app.walking.get_untracked() > 0;
        if more_to_come(&session.client) {
            return;
        }
        spawn_local(async move {
            let client = &session.client;
            let settled = async {
                client.drop_duplicates().await?;
                Some((client.findings().await?, client.accounts().await?))
            };
            let Some((findings, accounts)) = settled.await else { return };
            // The end of files that came meanwhile settles everything again.
            if more_to_come(client) {
                return;
            }
            app.replace_accounts(accounts);
            app.rule_findings.set_value(findings);
            app.note_new_events();
            app.show_findings();
            // What is on the screen is whole before the page says that everything is read.
            app.refreshed().await;
            if more_to_come(client) {
                return;
            }
            app.phase.set(Phase::Loaded);
            app.run_waiting_plugins();
            if app.left.get_untracked() == Left::NoMemory {
                app.ran_out.set(Some(app.what_is_left()));
            }
        });
    }

    fn what_is_left(&self) -> RanOut {
        let (mut files, mut left) = (0, 0);
        self.accounts.with_untracked(|accounts| {
            // The files of an archive come with it.
            for account in accounts.iter().filter(|account| account.member == 0) {
                let kind = if account.lacked_memory { &mut left } else { &mut files };
                *kind += 1;
            }
        });
        RanOut { events: self.totals.with_untracked(|totals| totals.kept), files, left }
    }

    /// Asks the shards how much memory their events take.
    pub fn measure_memory(&self) {
        let (app, Some(session)) = (*self, self.session()) else { return };
        spawn_local(async move {
            if let Some(memory) = session.client.memory().await {
                app.memory.set(memory);
            }
        });
    }

    /// Dropping duplicates changed what the shards count. Files that no shard saw keep their accounts.
    fn replace_accounts(&self, mut accounts: Vec<Account>) {
        self.accounts.with_untracked(|old| accounts.extend(old.iter().filter(|a| a.ordinal.is_none()).cloned()));
        let mut totals = Totals::default();
        accounts.iter().for_each(|account| totals.add(account));
        self.totals.set(totals);
        self.accounts.set(accounts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_known_by_what_every_rule_has() {
        for (text, expected) in [
            ("title: t\ndetection:\n  a:\n    eventName: x\n", true),
            ("title: t\r\ncorrelation:\r\n  type: event_count", true),
            ("---\ntitle: t", false),
            (r#"{"Records": [{"detection:": 1}]}"#, false),
            ("  detection: within something else", false),
            ("", false),
        ] {
            assert_eq!(is_rules(text), expected, "{text:?}");
        }
    }
}
