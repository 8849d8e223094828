//! The user's plugins: dropped like logs, each in a worker of its own, and run when the user says so.

mod limits;
mod running;
mod worker;

pub use limits::{Kept, kept_limits};
pub use worker::Workers;

use super::{App, Side};
use crate::kit::words::tr;
use crate::platform::files::LogFile;
use crate::protocol::{Card, Choice, Finding, Line, Setting, Together, Trouble};
use analyzer_core::field::FieldRef;
use leptos::prelude::*;
use plugin_host::{Cause, OptionSpec, PluginFault, Stage, id_is_taken, settings};
use worker::Held;

/// A plugin whose findings have more bytes of text than this in all is stopped: the page has to hold them.
const MOST_FOUND: usize = 64 << 20;

/// How far a plugin is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is compiled and describes itself.
    Loading,
    /// It waits for the user's word.
    Ready,
    /// It cannot run: it is no plugin, or a rule has its id.
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
    /// What the user typed for each of [`kept_limits`].
    pub typed_limits: Vec<String>,
    /// What it found.
    pub findings: Vec<Finding>,
    /// Bytes of text that they have.
    found_bytes: usize,
    /// What it logged in the last run, or while it was loaded if that failed.
    pub log: Vec<Line>,
    /// How many more lines it logged, as far as is known.
    pub log_dropped: u64,
    /// What went wrong.
    pub trouble: Option<Trouble>,
    /// Events came after it ran.
    pub is_stale: bool,
    /// The shards select events for it.
    is_installed: bool,
}

impl Plugin {
    fn new(number: u32, path: String) -> Plugin {
        Plugin {
            number,
            path,
            standing: Standing::Loading,
            card: None,
            typed: Vec::new(),
            typed_limits: limits::usual(),
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

    /// Whether it was too large, or took too much to say what it is: with other limits it may be loaded.
    pub fn may_load_again(&self) -> bool {
        self.standing == Standing::Refused && self.trouble.as_ref().is_some_and(|trouble| trouble.is_limit)
    }

    /// The value that the user typed for an option, or what the option takes.
    ///
    /// # Errors
    /// What it takes.
    pub fn value(&self, place: usize) -> Result<Setting, String> {
        let choice = self.card.as_ref().and_then(|card| card.profile.options.get(place));
        let (choice, typed) =
            choice.zip(self.typed.get(place)).ok_or_else(|| tr("there is no such option").to_owned())?;
        settings::parse(&OptionSpec::from(choice.clone()), typed).map(Setting::from)
    }

    /// Forgets what came of running it.
    fn forget(&mut self) {
        self.findings.clear();
        self.log.clear();
        self.found_bytes = 0;
        (self.log_dropped, self.trouble, self.is_stale) = (0, None, false);
    }

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
        self.plugin_workers.update_value(|workers| {
            workers.insert(number, Held::new(file.handle));
        });
        self.side.set(Side::Plugins);
        self.load_plugin(number);
    }

    /// Looks at a plugin; what looks is told when plugins change.
    pub fn of_plugin<T>(&self, number: u32, look: impl FnOnce(&Plugin) -> T) -> Option<T> {
        self.plugins.with(|plugins| plugins.iter().find(|plugin| plugin.number == number).map(look))
    }

    fn with_plugin<T>(&self, number: u32, act: impl FnOnce(&mut Plugin) -> T) -> Option<T> {
        self.plugins.try_update(|plugins| plugins.iter_mut().find(|plugin| plugin.number == number).map(act)).flatten()
    }

    /// The same, but nobody who looks at the plugins is told.
    fn with_plugin_unseen<T>(&self, number: u32, act: impl FnOnce(&mut Plugin) -> T) -> Option<T> {
        let found = |plugins: &mut Vec<Plugin>| plugins.iter_mut().find(|plugin| plugin.number == number).map(act);
        self.plugins.try_update_untracked(found).flatten()
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
            // As on the command line: only where it fails does anybody want to know what it said of itself.
            (plugin.log, plugin.log_dropped) = (Vec::new(), 0);
            let waits = plugin.standing == Standing::Selecting;
            if !waits {
                plugin.standing = Standing::Ready;
            }
            waits
        });
        self.refuse_taken_ids();
        if waits == Some(true) {
            self.run_waiting_plugins();
        }
    }

    /// Rules or plugins came or went: no plugin may have the id of a rule, whichever of them came first.
    pub(super) fn refuse_taken_ids(&self) {
        let is_taken = |id: &String| self.rules.with_untracked(|rules| rules.ids.contains(id));
        let known: Vec<(u32, String, Standing)> = self.plugins.with_untracked(|plugins| {
            let known =
                |plugin: &Plugin| Some((plugin.number, plugin.card.as_ref()?.profile.id.clone(), plugin.standing));
            plugins.iter().filter_map(known).collect()
        });
        for (number, id, standing) in known {
            match (is_taken(&id), standing) {
                (true, Standing::Refused) => {}
                (true, _) => self.refuse_plugin(number, id_is_taken(&id)),
                (false, Standing::Refused) => {
                    self.with_plugin(number, |plugin| (plugin.standing, plugin.trouble) = (Standing::Ready, None));
                }
                (false, _) => {}
            }
        }
    }

    /// It must not run, whatever it did before.
    fn refuse_plugin(&self, number: u32, cause: Cause) {
        self.with_worker(number, Held::end);
        let was_installed = self.with_plugin(number, |plugin| {
            let fault = PluginFault { plugin: plugin.path.clone(), stage: Stage::Load, cause, log: Vec::new() };
            plugin.forget();
            plugin.standing = Standing::Refused;
            plugin.trouble = Some(fault.into());
            std::mem::take(&mut plugin.is_installed)
        });
        self.show_findings();
        if was_installed == Some(true) {
            self.push_rules();
        }
    }

    /// Loads one again that could not be loaded: with other limits it may be.
    pub fn load_again(&self, number: u32) {
        self.with_plugin(number, |plugin| {
            plugin.forget();
            plugin.standing = Standing::Loading;
        });
        self.load_plugin(number);
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
}
