//! Plugins beside rules: loaded, tuned, and let judge what was selected for them.

use std::io::{self, Write};
use std::num::NonZeroUsize;

use analyzer_core::detect::tuning::Tuned;
use analyzer_core::detect::{Detector, Finding, Picked, Severity};
use analyzer_core::session::Session;
use plugin_host::PluginFault;

use crate::args::PluginArgs;
use crate::output::escape::Escaped;
use crate::output::report;
use crate::scan::plugins::{self, Plugins};
use crate::scan::rules::Ready;
use crate::scan::{self, shards};

/// The plugins of a run.
pub(super) struct Beside {
    plugins: Plugins,
    /// What tuning says of each.
    tuned: Vec<Tuned>,
    /// The level that was asked for, if one was.
    asked: Option<Severity>,
}

/// Loads the plugins that arguments name. None may have an id of these; what tuning says of them is no mistake any more.
pub(super) fn load(args: &PluginArgs, rules: &mut Ready, taken: &[Detector]) -> Beside {
    let taken: Vec<&str> = taken.iter().map(|detector| detector.id.as_str()).collect();
    let plugins = plugins::load(args, &taken);
    let tuned = plugins.detectors().map(|plugin| rules.tuning.of(&plugin.id, &plugin.title)).collect();
    rules
        .unknown
        .retain(|unknown| !plugins.detectors().any(|plugin| [&plugin.id, &plugin.title].contains(&&unknown.name)));
    Beside { plugins, tuned, asked: rules.asked }
}

impl Beside {
    /// All of them as detectors.
    pub(super) fn detectors(&self) -> impl Iterator<Item = &Detector> {
        self.plugins.detectors()
    }

    /// Those whose findings would be told.
    pub(super) fn told(&self) -> impl Iterator<Item = &Detector> {
        let is_told = |(plugin, tuned): &(&Detector, &Tuned)| {
            !tuned.is_ignored && is_asked(tuned.severity.unwrap_or(plugin.severity), self.asked)
        };
        self.detectors().zip(&self.tuned).filter(is_told).map(|(plugin, _)| plugin)
    }

    /// What was refused or stopped.
    pub(super) fn faults(&self) -> &[PluginFault] {
        &self.plugins.faults
    }

    /// Whether all that was asked for was loaded and came to its end.
    pub(super) fn are_fine(&self) -> bool {
        self.plugins.wrong.is_empty() && self.plugins.faults.is_empty()
    }

    /// Tells what could not be loaded.
    pub(super) fn tell(&self, err: &mut impl Write) -> io::Result<()> {
        for wrong in &self.plugins.wrong {
            report::line(err, format_args!("{}", Escaped(wrong)))?;
        }
        self.plugins.faults.iter().try_for_each(|fault| report::plugin_fault(err, fault))
    }

    /// What they find. They are the detectors of the sessions from this number on. What they logged, and what stopped them, is
    /// told.
    pub(super) fn judge(
        &mut self,
        sessions: &[Session],
        first: usize,
        threads: NonZeroUsize,
        err: &mut impl Write,
    ) -> io::Result<Vec<Finding>> {
        let Some((host, loaded)) = &self.plugins.ready else { return Ok(Vec::new()) };
        let picked = (first..).zip(&self.tuned).map(|(detector, tuned)| match tuned.is_ignored {
            true => Picked::default(),
            false => shards::picked(sessions, detector),
        });
        let verdicts = scan::judge(host, loaded, &picked.collect::<Vec<_>>(), threads);
        let mut found = Vec::new();
        for ((plugin, tuned), verdict) in loaded.iter().zip(&self.tuned).zip(verdicts) {
            report::plugin_log(err, &plugin.detector.id, &verdict.log, verdict.log_dropped)?;
            if let Some(fault) = &verdict.fault {
                report::plugin_fault(err, fault)?;
            }
            found.extend(told(verdict.findings, *tuned, self.asked));
            self.plugins.faults.extend(verdict.fault);
        }
        Ok(found)
    }
}

/// A plugin's findings as they are told: with the severity that tuning gives them, and no less severe than asked for.
fn told(findings: Vec<Finding>, tuned: Tuned, asked: Option<Severity>) -> impl Iterator<Item = Finding> {
    let levelled = findings.into_iter().map(move |mut finding| {
        finding.severity = tuned.severity.unwrap_or(finding.severity);
        finding
    });
    levelled.filter(move |finding| is_asked(finding.severity, asked))
}

/// Who runs a plugin wants to see all that it finds, unlike the rules that come along, unless a level was asked for.
fn is_asked(severity: Severity, asked: Option<Severity>) -> bool {
    asked.is_none_or(|least| severity >= least)
}
