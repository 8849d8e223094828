//! Plugins at work: events are selected for one, it judges them, and what it found stands among the findings.

use super::{App, Standing};
use crate::protocol::{Finding, Profile, Step, ToPlugin, Trouble};
use crate::state::Phase;
use analyzer_core::detect::Severity;
use analyzer_core::order;
use leptos::prelude::*;
use leptos::task::spawn_local;

impl App {
    /// The user's word: it may judge the events that are there.
    pub fn run_plugin(&self, number: u32) {
        let begun = self.with_plugin(number, |plugin| {
            plugin.forget();
            plugin.standing = Standing::Selecting;
            (std::mem::replace(&mut plugin.is_installed, true), plugin.limits_of_worker())
        });
        let Some((was_installed, limits)) = begun else { return };
        self.show_findings();
        // One that was stopped has no worker any more, and one with other limits is loaded with these.
        if self.with_worker(number, |held| held.link.is_some() && held.limits == limits) != Some(true) {
            self.load_plugin(number);
        }
        if was_installed {
            self.run_waiting_plugins();
        } else {
            self.push_rules();
        }
    }

    /// Lets plugins judge whose events are selected.
    pub(in crate::state) fn run_waiting_plugins(&self) {
        let Some(session) = self.session() else { return };
        if session.client.is_selecting() || session.client.is_reading() || self.phase.get_untracked() == Phase::Loading
        {
            return;
        }
        // Each with its place among those whose events are selected.
        let waiting: Vec<(u32, u32)> = self.plugins.with_untracked(|all| {
            let installed = (0..).zip(all.iter().filter(|plugin| plugin.is_installed));
            let waits = installed.filter(|(_, it)| it.standing == Standing::Selecting && it.card.is_some());
            waits.map(|(place, plugin)| (place, plugin.number)).collect()
        });
        waiting.into_iter().for_each(|(place, number)| self.let_judge(place, number));
    }

    fn let_judge(&self, place: u32, number: u32) {
        let (app, Some(session)) = (*self, self.session()) else { return };
        // One that is being loaded is let judge when it is.
        let link = self.with_worker(number, |held| held.link.clone().filter(|_| held.is_loaded)).flatten();
        let Some(link) = link else { return };
        let begun = self.with_plugin(number, |plugin| {
            plugin.standing = Standing::Running(0, 0);
            (plugin.options(), plugin.group_names())
        });
        let Some((options, by)) = begun else { return };
        spawn_local(async move {
            let Some(selections) = session.client.selected_for(place).await else { return };
            app.with_worker(number, |held| held.at = (Step::Start, 0));
            app.keep_time(number);
            if let Err(text) = link.post(&ToPlugin::Run { options, by, selections }) {
                app.stop_plugin(number, Trouble::plain(text));
            }
        });
    }

    /// What the shards have to select events for.
    pub(in crate::state) fn installed_plugins(&self) -> Vec<Profile> {
        self.plugins.with_untracked(|plugins| {
            let installed = plugins.iter().filter(|plugin| plugin.is_installed);
            installed.filter_map(|plugin| plugin.card.as_ref()).map(|card| card.profile.clone()).collect()
        })
    }

    /// Events came or went since plugins ran.
    pub(in crate::state) fn note_new_events(&self) {
        let ran = |plugin: &&mut super::Plugin| matches!(plugin.standing, Standing::Done(_) | Standing::Running(..));
        self.plugins.update(|plugins| plugins.iter_mut().filter(ran).for_each(|plugin| plugin.is_stale = true));
    }

    /// What rules and plugins found, as one list.
    pub(in crate::state) fn show_findings(&self) {
        let mut findings = self.rule_findings.get_value();
        self.plugins.with_untracked(|plugins| {
            plugins.iter().for_each(|plugin| findings.extend(plugin.findings.iter().cloned()));
        });
        let rank = |finding: &Finding| std::cmp::Reverse(Severity::from_name(&finding.severity));
        order::sort_by(&mut findings, |a, b| {
            rank(a).cmp(&rank(b)).then(a.first_ms.cmp(&b.first_ms)).then_with(|| a.id.cmp(&b.id))
        });
        self.findings.set(findings);
    }
}
