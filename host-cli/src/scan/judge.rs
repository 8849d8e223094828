//! Plugins judge what was selected for them: all their batches on all threads, and the answers in order.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};

use analyzer_core::detect::{Finding, Grouped, Picked};
use plugin_host::{LogLine, PluginFault, batch};

use super::in_parallel::in_parallel;
use super::plugins::Loaded;
use crate::host::{Answer, Host};

/// What a plugin made of the events that were selected for it.
#[derive(Debug, Default)]
pub struct Verdict {
    /// What it found, in the batches before the one that stopped it.
    pub findings: Vec<Finding>,
    /// What it logged.
    pub log: Vec<LogLine>,
    /// How many log lines were dropped.
    pub log_dropped: u64,
    /// What stopped it.
    pub fault: Option<PluginFault>,
    /// Units of fuel that its calls took.
    pub fuel: u64,
    /// Bytes of its memories in the call that had most.
    pub memory_bytes: u64,
    /// Calls with a batch.
    pub calls: u64,
}

/// Lets plugins judge the events that were picked for each in all shards. A verdict does not depend on the number of threads.
pub fn judge(host: &Host, plugins: &[Loaded], picked: &[Picked], threads: NonZeroUsize) -> Vec<Verdict> {
    let count = plugins.len().min(picked.len());
    let grouped: Vec<Grouped> = in_parallel(count, threads, |number| picked[number].grouped(&plugins[number].detector));
    let tasks: Vec<(usize, std::ops::Range<usize>)> = (0..count)
        .flat_map(|number| batch::split(&grouped[number]).into_iter().map(move |range| (number, range)))
        .collect();
    // Batches are taken in order, so every batch before a plugin's first fault is judged, whatever the number of threads.
    let first_fault: Vec<AtomicUsize> = plugins.iter().map(|_| AtomicUsize::new(usize::MAX)).collect();
    let answers: Vec<Option<Result<Answer, PluginFault>>> = in_parallel(tasks.len(), threads, |task| {
        let (number, range) = &tasks[task];
        if task > first_fault[*number].load(Ordering::Relaxed) {
            return None;
        }
        let Loaded { plugin, detector } = &plugins[*number];
        let answer = host.detect(plugin, &batch::batch(detector, &picked[*number], &grouped[*number], range.clone()));
        if answer.is_err() {
            first_fault[*number].fetch_min(task, Ordering::Relaxed);
        }
        Some(answer)
    });
    let mut verdicts: Vec<Verdict> = plugins.iter().map(|_| Verdict::default()).collect();
    for ((number, range), answer) in tasks.into_iter().zip(answers) {
        let verdict = &mut verdicts[number];
        if verdict.fault.is_some() {
            continue;
        }
        match answer {
            Some(Ok(answer)) => {
                let found = answer.findings;
                let detector = &plugins[number].detector;
                verdict.findings.extend(batch::findings(detector, &picked[number], &grouped[number], range, found));
                verdict.log.extend(answer.log);
                verdict.log_dropped += answer.log_dropped;
                verdict.fuel = verdict.fuel.saturating_add(answer.fuel);
                verdict.memory_bytes = verdict.memory_bytes.max(answer.memory_bytes);
                verdict.calls += 1;
            }
            Some(Err(fault)) => {
                verdict.log.extend(fault.log.iter().cloned());
                verdict.fault = Some(fault);
            }
            // Behind a fault, which comes first here.
            None => {}
        }
    }
    verdicts
}
