//! The user's plugins: dropped like logs, each in a worker of its own, and run when the user says so.

use super::{App, Phase, Side};
use crate::client::PluginLink;
use crate::platform::files::{FileHandle, LogFile};
use crate::protocol::{Card, Choice, Finding, FromPlugin, Line, Profile, Setting, Step, ToPlugin, Together, Trouble};
use analyzer_core::detect::Severity;
use analyzer_core::field::FieldRef;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use leptos::task::spawn_local;
use plugin_host::{Cause, Limit, Limits, OptionSpec, PluginFault, Stage, settings, unfit};
use std::collections::BTreeMap;
use std::time::Duration;

/// A plugin whose findings have more bytes of text than this in all is stopped: the page has to hold them.
const MOST_FOUND: usize = 64 << 20;

/// How often a plugin that judges is drawn.
const PROGRESS_EVERY: Duration = Duration::from_millis(100);

/// How far a plugin is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is compiled and describes itself.
    Loading,
    /// It waits for the user's word.
    Ready,
    /// It cannot run.
    Refused,
    /// Its events are selected.
    Selecting,
    /// It judges: events that it has judged, and all.
    Running(u64, u64),
    /// It has judged so many events.
    Done(u64),
    /// It was stopped, by the user or at a limit.
    Stopped,
}

/// A plugin of the user.
#[derive(Clone, Debug)]
pub struct Plugin {
    /// Its number on this page.
    pub number: u32,
    /// The path of its file. Untrusted text.
    pub path: String,
    /// How far it is.
    pub standing: Standing,
    /// What it is, once it has said so.
    pub card: Option<Card>,
    /// What the user typed for its options, in their order.
    pub typed: Vec<String>,
    /// How many seconds a call may take, beside a millisecond for each event.
    pub seconds: u64,
    /// What it found.
    pub findings: Vec<Finding>,
    /// Bytes of text that they have.
    found_bytes: usize,
    /// What it logged.
    pub log: Vec<Line>,
    /// How many more lines it logged.
    pub log_dropped: u64,
    /// What went wrong.
    pub trouble: Option<Trouble>,
    /// Events came after it ran.
    pub is_stale: bool,
    /// The shards select events for it.
    is_installed: bool,
}

/// What belongs to a plugin's worker.
pub struct Held {
    file: FileHandle,
    link: Option<PluginLink>,
    /// The worker has said that the plugin is loaded.
    is_loaded: bool,
    /// Which worker of this plugin it is: what an ended one has said before may come late.
    generation: u32,
    timer: Option<TimeoutHandle>,
    /// What it did will be drawn soon.
    is_to_be_shown: bool,
    /// What it began last, in a call with so many events.
    at: (Step, u64),
}

/// What belongs to the workers, by the numbers of their plugins.
pub type Workers = BTreeMap<u32, Held>;

impl Plugin {
    fn new(number: u32, path: String) -> Plugin {
        Plugin {
            number,
            path,
            standing: Standing::Loading,
            card: None,
            typed: Vec::new(),
            seconds: Limits::default().time_ms / 1000,
            findings: Vec::new(),
            found_bytes: 0,
            log: Vec::new(),
            log_dropped: 0,
            trouble: None,
            is_stale: false,
            is_installed: false,
        }
    }

    /// Whether it works on something that can be cancelled.
    pub fn is_busy(&self) -> bool {
        matches!(self.standing, Standing::Loading | Standing::Selecting | Standing::Running(..))
    }

    /// The value that the user typed for an option, or what the option takes.
    ///
    /// # Errors
    /// What it takes.
    pub fn value(&self, place: usize) -> Result<Setting, String> {
        let choice = self.card.as_ref().and_then(|card| card.profile.options.get(place));
        let (choice, typed) = choice.zip(self.typed.get(place)).ok_or_else(|| "there is no such option".to_owned())?;
        settings::parse(&OptionSpec::from(choice.clone()), typed).map(Setting::from)
    }

    /// Forgets what came of running it.
    fn forget(&mut self) {
        self.findings.clear();
        self.log.clear();
        self.found_bytes = 0;
        (self.log_dropped, self.trouble, self.is_stale) = (0, None, false);
    }
}

fn bytes_of(finding: &Finding) -> usize {
    finding.why.len() + finding.title.len() + finding.event_ids.0.len()
}

/// A value of an option as a user would type it.
pub fn written(choice: &Choice) -> String {
    settings::written(&choice.default.clone().into())
}

impl App {
    /// Takes the plugins out of these files; the others are something else.
    pub(super) fn take_plugins(&self, files: Vec<LogFile>) -> Vec<LogFile> {
        let is_plugin = |file: &LogFile| file.path.to_ascii_lowercase().ends_with(".wasm");
        let (plugins, others): (Vec<LogFile>, Vec<LogFile>) = files.into_iter().partition(is_plugin);
        for file in plugins {
            self.add_plugin(file);
        }
        others
    }

    fn add_plugin(&self, file: LogFile) {
        let number = self.next_plugin.get_value();
        self.next_plugin.set_value(number + 1);
        self.plugins.update(|plugins| plugins.push(Plugin::new(number, file.path)));
        let held = Held {
            file: file.handle,
            link: None,
            is_loaded: false,
            generation: 0,
            timer: None,
            is_to_be_shown: false,
            at: (Step::Load, 0),
        };
        self.plugin_workers.update_value(|workers| {
            workers.insert(number, held);
        });
        self.side.set(Side::Plugins);
        self.load_plugin(number);
    }

    fn with_plugin<T>(&self, number: u32, act: impl FnOnce(&mut Plugin) -> T) -> Option<T> {
        self.plugins.try_update(|plugins| plugins.iter_mut().find(|plugin| plugin.number == number).map(act)).flatten()
    }

    /// The same, but nobody who looks at the plugins is told.
    fn with_plugin_unseen<T>(&self, number: u32, act: impl FnOnce(&mut Plugin) -> T) -> Option<T> {
        let found = |plugins: &mut Vec<Plugin>| plugins.iter_mut().find(|plugin| plugin.number == number).map(act);
        self.plugins.try_update_untracked(found).flatten()
    }

    /// Shows how far a plugin is, soon: drawing it for every batch would take longer than judging one.
    fn show_progress(&self, number: u32) {
        let app = *self;
        if self.with_worker(number, |held| std::mem::replace(&mut held.is_to_be_shown, true)) != Some(false) {
            return;
        }
        let show = move || {
            app.with_worker(number, |held| held.is_to_be_shown = false);
            app.plugins.notify();
        };
        set_timeout(show, PROGRESS_EVERY);
    }

    fn with_worker<T>(&self, number: u32, act: impl FnOnce(&mut Held) -> T) -> Option<T> {
        self.plugin_workers.try_update_value(|workers| workers.get_mut(&number).map(act)).flatten()
    }

    /// Starts a worker for it, which loads it.
    fn load_plugin(&self, number: u32) {
        let (app, Some(session)) = (*self, self.session()) else { return };
        let begun = self.with_worker(number, |held| {
            held.generation += 1;
            held.is_loaded = false;
            held.at = (Step::Load, 0);
            (held.generation, held.file.clone())
        });
        let path = self.with_plugin(number, |plugin| plugin.path.clone());
        let Some(((generation, handle), name)) = begun.zip(path) else { return };
        let hear = move |message| app.hear_plugin(number, generation, message);
        let started = PluginLink::start(&session.kit, hear)
            .and_then(|link| link.post(&ToPlugin::Load { name, handle }).map(|()| link));
        match started {
            Ok(link) => {
                self.with_worker(number, |held| held.link = Some(link));
                self.keep_time(number);
            }
            Err(why) => self.stop_plugin(number, Trouble { text: why, hint: None, log: Vec::new() }),
        }
    }

    fn hear_plugin(&self, number: u32, generation: u32, message: FromPlugin) {
        // From a worker that was ended.
        let is_current = self.with_worker(number, |held| held.generation == generation && held.link.is_some());
        if is_current != Some(true) {
            return;
        }
        match message {
            FromPlugin::Ready(_) => {}
            FromPlugin::At(step, events) => {
                self.with_worker(number, |held| held.at = (step, events));
                // What begins a call; its parts have no time of their own.
                if matches!(step, Step::Load | Step::Start) {
                    self.keep_time(number);
                }
            }
            FromPlugin::Loaded(card) => {
                self.with_worker(number, |held| {
                    held.is_loaded = true;
                    held.rest();
                });
                match plugin_host::detector(&card.profile.clone().into()) {
                    Ok(_) => self.introduce(number, *card),
                    Err(why) => self.refuse(number, &why),
                }
            }
            FromPlugin::Refused(trouble) => self.stop_plugin(number, trouble),
            FromPlugin::Judged { events, total, findings, log, log_dropped } => {
                let bytes = self.with_plugin_unseen(number, |plugin| {
                    plugin.standing = Standing::Running(events, total);
                    plugin.found_bytes += findings.iter().map(bytes_of).sum::<usize>();
                    plugin.findings.extend(findings);
                    plugin.log.extend(log);
                    plugin.log_dropped += log_dropped;
                    plugin.found_bytes
                });
                self.show_progress(number);
                if bytes > Some(MOST_FOUND) {
                    let text = format!("its findings take more than {} MiB", MOST_FOUND >> 20);
                    self.stop_plugin(number, Trouble { text, hint: None, log: Vec::new() });
                }
            }
            FromPlugin::Done(Some(trouble)) => self.stop_plugin(number, trouble),
            FromPlugin::Done(None) => {
                self.with_worker(number, |held| held.rest());
                self.with_plugin(number, |plugin| {
                    plugin.standing = match plugin.standing {
                        Standing::Running(events, _) => Standing::Done(events),
                        _ => Standing::Done(0),
                    };
                });
                self.show_findings();
            }
        }
    }

    /// Its query cannot be read.
    fn refuse(&self, number: u32, why: &str) {
        let Some(plugin) = self.with_plugin(number, |plugin| plugin.path.clone()) else { return };
        let reason = format!("its select is no valid query: {why}");
        let cause = unfit(reason, "the query has to be mended in the plugin's manifest");
        self.stop_plugin(number, PluginFault { plugin, stage: Stage::Load, cause, log: Vec::new() }.into());
    }

    /// A plugin has said what it is. It takes the place of one with the same id.
    fn introduce(&self, number: u32, card: Card) {
        let same = |plugin: &Plugin| {
            plugin.number != number && plugin.card.as_ref().is_some_and(|known| known.profile.id == card.profile.id)
        };
        let old: Vec<u32> = self.plugins.with_untracked(|plugins| {
            plugins.iter().filter(|plugin| same(plugin)).map(|plugin| plugin.number).collect()
        });
        old.into_iter().for_each(|old| self.remove_plugin(old));
        let waits = self.with_plugin(number, |plugin| {
            if plugin.card.is_none() {
                plugin.typed = card.profile.options.iter().map(written).collect();
            }
            plugin.card = Some(card);
            let waits = plugin.standing == Standing::Selecting;
            if !waits {
                plugin.standing = Standing::Ready;
            }
            waits
        });
        if waits == Some(true) {
            self.run_waiting_plugins();
        }
    }

    /// The user's word: it may judge the events that are there.
    pub fn run_plugin(&self, number: u32) {
        let was_installed = self.with_plugin(number, |plugin| {
            plugin.forget();
            plugin.standing = Standing::Selecting;
            std::mem::replace(&mut plugin.is_installed, true)
        });
        self.show_findings();
        // One that was stopped has no worker any more.
        if self.with_worker(number, |held| held.link.is_none()) == Some(true) {
            self.load_plugin(number);
        }
        match was_installed {
            Some(false) => self.push_rules(),
            _ => self.run_waiting_plugins(),
        }
    }

    /// Lets plugins judge whose events are selected.
    pub(super) fn run_waiting_plugins(&self) {
        let (app, Some(session)) = (*self, self.session()) else { return };
        if session.client.is_selecting() || session.client.is_reading() || self.phase.get_untracked() == Phase::Loading
        {
            return;
        }
        let installed: Vec<Plugin> =
            self.plugins.with_untracked(|all| all.iter().filter(|plugin| plugin.is_installed).cloned().collect());
        for (place, plugin) in installed.into_iter().enumerate() {
            if plugin.standing != Standing::Selecting || plugin.card.is_none() {
                continue;
            }
            // One that was stopped is loaded again first.
            let link = self.with_worker(plugin.number, |held| held.link.clone().filter(|_| held.is_loaded)).flatten();
            let Some(link) = link else { continue };
            let (options, by) = (plugin.options(), plugin.group_names());
            self.with_plugin(plugin.number, |plugin| plugin.standing = Standing::Running(0, 0));
            let session = session.clone();
            spawn_local(async move {
                let Some(selections) = session.client.selected_for(place as u32).await else { return };
                app.with_worker(plugin.number, |held| held.at = (Step::Start, 0));
                app.keep_time(plugin.number);
                if let Err(text) = link.post(&ToPlugin::Run { options, by, selections }) {
                    app.stop_plugin(plugin.number, Trouble { text, hint: None, log: Vec::new() });
                }
            });
        }
    }

    /// What the shards have to select events for.
    pub(super) fn installed_plugins(&self) -> Vec<Profile> {
        self.plugins.with_untracked(|plugins| {
            let installed = plugins.iter().filter(|plugin| plugin.is_installed);
            installed.filter_map(|plugin| plugin.card.as_ref()).map(|card| card.profile.clone()).collect()
        })
    }

    /// Events came or went since plugins ran.
    pub(super) fn note_new_events(&self) {
        let ran = |plugin: &&mut Plugin| matches!(plugin.standing, Standing::Done(_) | Standing::Running(..));
        self.plugins.update(|plugins| plugins.iter_mut().filter(ran).for_each(|plugin| plugin.is_stale = true));
    }

    /// Ends a plugin's worker, if it is at work; the user may run it again.
    pub fn cancel_plugin(&self, number: u32) {
        self.stop_plugin(number, Trouble { text: "Cancelled.".to_owned(), hint: None, log: Vec::new() });
    }

    /// Takes a plugin away, with all that it found.
    pub fn remove_plugin(&self, number: u32) {
        self.with_worker(number, Held::end);
        self.plugin_workers.update_value(|workers| {
            workers.remove(&number);
        });
        let was_installed = self.with_plugin(number, |plugin| plugin.is_installed);
        self.plugins.update(|plugins| plugins.retain(|plugin| plugin.number != number));
        self.show_findings();
        if was_installed == Some(true) {
            self.push_rules();
        }
    }

    /// What the user typed for an option.
    pub fn set_option(&self, number: u32, place: usize, typed: String) {
        self.with_plugin(number, |plugin| {
            if let Some(known) = plugin.typed.get_mut(place) {
                *known = typed;
            }
        });
    }

    /// How many seconds a call may take; one that is under way has them from now on.
    pub fn set_seconds(&self, number: u32, seconds: u64) {
        self.with_plugin(number, |plugin| plugin.seconds = seconds);
        if self.with_worker(number, |held| held.timer.is_some()) == Some(true) {
            self.keep_time(number);
        }
    }

    fn stop_plugin(&self, number: u32, trouble: Trouble) {
        self.with_worker(number, Held::end);
        self.with_plugin(number, |plugin| {
            plugin.standing = if plugin.card.is_none() { Standing::Refused } else { Standing::Stopped };
            plugin.log.extend(trouble.log.iter().cloned());
            plugin.trouble = Some(trouble);
        });
        self.show_findings();
    }

    /// Ends the worker unless it gets to what comes next in time.
    fn keep_time(&self, number: u32) {
        let app = *self;
        let events = self.with_worker(number, |held| held.at.1).unwrap_or_default();
        let Some(seconds) = self.with_plugin(number, |plugin| plugin.seconds) else { return };
        let limits = Limits { time_ms: seconds.saturating_mul(1000), ..Limits::default() };
        let allowed = limits.time_ms_for(usize::try_from(events).unwrap_or(usize::MAX));
        let timer = set_timeout_with_handle(move || app.out_of_time(number, allowed), Duration::from_millis(allowed));
        self.with_worker(number, |held| {
            held.rest();
            held.timer = timer.ok();
        });
    }

    fn out_of_time(&self, number: u32, allowed: u64) {
        let step = self.with_worker(number, |held| held.at.0);
        let path = self.with_plugin(number, |plugin| plugin.path.clone());
        let Some((step, plugin)) = step.zip(path) else { return };
        let cause = Cause::Limit { limit: Limit::Time, allowed };
        let fault = PluginFault { plugin, stage: Stage::from(step), cause, log: Vec::new() };
        self.stop_plugin(number, fault.into());
    }

    /// What rules and plugins found, as one list.
    pub(super) fn show_findings(&self) {
        let mut findings = self.rule_findings.get_value();
        self.plugins.with_untracked(|plugins| {
            plugins.iter().for_each(|plugin| findings.extend(plugin.findings.iter().cloned()));
        });
        let rank = |finding: &Finding| std::cmp::Reverse(Severity::from_name(&finding.severity));
        findings.sort_by(|a, b| rank(a).cmp(&rank(b)).then(a.first_ms.cmp(&b.first_ms)).then_with(|| a.id.cmp(&b.id)));
        self.findings.set(findings);
    }
}

impl Plugin {
    /// The names of the fields that it groups by, as the table of fields has them.
    fn group_names(&self) -> Vec<String> {
        match self.card.as_ref().map(|card| &card.profile.grouping) {
            Some(Together::By(fields)) => fields.iter().map(|name| FieldRef::parse(name).name()).collect(),
            _ => Vec::new(),
        }
    }

    /// The options that are set; those that cannot be read are as they were.
    fn options(&self) -> Vec<(String, Setting)> {
        let choices = self.card.iter().flat_map(|card| &card.profile.options).enumerate();
        choices.filter_map(|(place, choice)| Some((choice.name.clone(), self.value(place).ok()?))).collect()
    }
}

impl Held {
    /// It waits for the page: its time is not counted.
    fn rest(&mut self) {
        if let Some(timer) = self.timer.take() {
            timer.clear();
        }
    }

    fn end(&mut self) {
        self.rest();
        if let Some(link) = self.link.take() {
            link.end();
        }
    }
}
