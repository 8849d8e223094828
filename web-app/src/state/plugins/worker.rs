//! The workers of plugins: each is started, heard, given its time, and ended.

use super::{App, MOST_FOUND, Standing, bytes_of};
use crate::client::PluginLink;
use crate::kit::words::{tr, tr_with};
use crate::platform::files::FileHandle;
use crate::protocol::{FromPlugin, Step, ToPlugin, Trouble};
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use plugin_host::{Cause, Limit, PluginFault, Stage, query_is_wrong};
use std::collections::BTreeMap;
use std::time::Duration;

/// How often a plugin that judges is drawn.
const PROGRESS_EVERY: Duration = Duration::from_millis(100);

/// What belongs to a plugin's worker.
pub struct Held {
    file: FileHandle,
    pub(super) link: Option<PluginLink>,
    /// The worker has said that the plugin is loaded.
    pub(super) is_loaded: bool,
    /// The limits that it was given.
    pub(super) limits: Vec<(String, u64)>,
    /// Which worker of this plugin it is: what an ended one has said before may come late.
    generation: u32,
    timer: Option<TimeoutHandle>,
    /// What it did will be drawn soon.
    is_to_be_shown: bool,
    /// What it began last, in a call with so many events.
    pub(super) at: (Step, u64),
}

/// What belongs to the workers, by the numbers of their plugins.
pub type Workers = BTreeMap<u32, Held>;

impl Held {
    /// Of a plugin whose worker is still to be started.
    pub(super) fn new(file: FileHandle) -> Held {
        Held {
            file,
            link: None,
            is_loaded: false,
            limits: Vec::new(),
            generation: 0,
            timer: None,
            is_to_be_shown: false,
            at: (Step::Load, 0),
        }
    }

    /// Whether a call is under way.
    pub(super) fn is_timed(&self) -> bool {
        self.timer.is_some()
    }

    /// It waits for the page: its time is not counted.
    fn rest(&mut self) {
        if let Some(timer) = self.timer.take() {
            timer.clear();
        }
    }

    pub(super) fn end(&mut self) {
        self.rest();
        if let Some(link) = self.link.take() {
            link.end();
        }
    }
}

impl App {
    pub(super) fn with_worker<T>(&self, number: u32, act: impl FnOnce(&mut Held) -> T) -> Option<T> {
        self.plugin_workers.try_update_value(|workers| workers.get_mut(&number).map(act)).flatten()
    }

    /// Starts a worker for it, in the place of the one that it has, which loads it.
    pub(super) fn load_plugin(&self, number: u32) {
        let (app, Some(session)) = (*self, self.session()) else { return };
        let of_plugin = self.with_plugin_unseen(number, |plugin| (plugin.path.clone(), plugin.limits_of_worker()));
        let Some((name, limits)) = of_plugin else { return };
        let begun = self.with_worker(number, |held| {
            held.end();
            held.generation += 1;
            held.is_loaded = false;
            held.limits.clone_from(&limits);
            held.at = (Step::Load, 0);
            (held.generation, held.file.clone())
        });
        let Some((generation, handle)) = begun else { return };
        let hear = move |message| app.hear_plugin(number, generation, message);
        let started = PluginLink::start(&session.kit, hear)
            .and_then(|link| link.post(&ToPlugin::Load { name, limits, handle }).map(|()| link));
        match started {
            Ok(link) => {
                self.with_worker(number, |held| held.link = Some(link));
                self.keep_time(number);
            }
            Err(why) => self.stop_plugin(number, Trouble::plain(why)),
        }
    }

    fn hear_plugin(&self, number: u32, generation: u32, message: FromPlugin) {
        let ours = self.with_worker(number, |held| (held.generation == generation).then_some(held.link.is_some()));
        // Another worker was started since.
        let Some(is_at_work) = ours.flatten() else { return };
        match message {
            // What it said before it was ended may come behind that.
            FromPlugin::Logged(line) => {
                self.with_plugin_unseen(number, |plugin| plugin.log.push(line));
                self.show_progress(number);
            }
            FromPlugin::Dropped(lines) => {
                self.with_plugin_unseen(number, |plugin| plugin.log_dropped = lines);
                self.show_progress(number);
            }
            _ if !is_at_work => {}
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
                    Err(why) => self.refuse_plugin(number, query_is_wrong(&why)),
                }
            }
            FromPlugin::Refused(trouble) => self.stop_plugin(number, trouble),
            FromPlugin::Judged { events, total, findings } => {
                let bytes = self.with_plugin_unseen(number, |plugin| {
                    plugin.standing = Standing::Running(events, total);
                    plugin.found_bytes += findings.iter().map(bytes_of).sum::<usize>();
                    plugin.findings.extend(findings);
                    plugin.found_bytes
                });
                self.show_progress(number);
                if bytes > Some(MOST_FOUND) {
                    let text = tr_with("its findings take more than {} MiB", &[&(MOST_FOUND >> 20).to_string()]);
                    self.stop_plugin(number, Trouble::plain(text));
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

    /// Ends a plugin's worker, if it is at work; the user may run it again.
    pub fn cancel_plugin(&self, number: u32) {
        self.stop_plugin(number, Trouble::plain(tr("Cancelled.").to_owned()));
    }

    pub(super) fn stop_plugin(&self, number: u32, trouble: Trouble) {
        self.with_worker(number, Held::end);
        self.with_plugin(number, |plugin| {
            plugin.standing = if plugin.card.is_none() { Standing::Refused } else { Standing::Stopped };
            plugin.trouble = Some(trouble);
        });
        self.show_findings();
    }

    /// Ends the worker unless it gets to what comes next in time.
    pub(super) fn keep_time(&self, number: u32) {
        let app = *self;
        let events = self.with_worker(number, |held| held.at.1).unwrap_or_default();
        let Some(allowed) = self.with_plugin_unseen(number, |plugin| plugin.time_of_call(events)) else { return };
        let timer = set_timeout_with_handle(move || app.out_of_time(number, allowed), allowed);
        self.with_worker(number, |held| {
            held.rest();
            held.timer = timer.ok();
        });
    }

    fn out_of_time(&self, number: u32, allowed: Duration) {
        let step = self.with_worker(number, |held| held.at.0);
        let path = self.with_plugin_unseen(number, |plugin| plugin.path.clone());
        let Some((step, plugin)) = step.zip(path) else { return };
        let cause = Cause::Limit { limit: Limit::Time, allowed: allowed.as_millis() as u64 };
        let fault = PluginFault { plugin, stage: Stage::from(step), cause, log: Vec::new() };
        self.stop_plugin(number, fault.into());
    }
}
