//! Plugins judge what was selected for them: all their batches on all threads, and the answers in order.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use analyzer_core::detect::{Finding, Group, SelectedEvent, groups};
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

/// Lets plugins judge the events that were selected for each in all shards. A verdict does not depend on the number of
/// threads.
pub fn judge(
    host: &Host,
    plugins: &[Loaded],
    selected: Vec<Vec<SelectedEvent>>,
    threads: NonZeroUsize,
) -> Vec<Verdict> {
    let selected: Vec<Mutex<Vec<SelectedEvent>>> = selected.into_iter().map(Mutex::new).collect();
    let groups: Vec<Vec<Group>> = in_parallel(plugins.len(), threads, |number| {
        let events = selected.get(number).map(|events| std::mem::take(&mut *locked(events)));
        groups(&plugins[number].detector, events.unwrap_or_default())
    });
    let tasks: Vec<(usize, std::ops::Range<usize>)> = (0..plugins.len())
        .flat_map(|number| batch::split(&groups[number]).into_iter().map(move |range| (number, range)))
        .collect();
    // Batches are taken in order, so every batch before a plugin's first fault is judged, whatever the number of threads.
    let first_fault: Vec<AtomicUsize> = plugins.iter().map(|_| AtomicUsize::new(usize::MAX)).collect();
    let answers: Vec<Option<Result<Answer, PluginFault>>> = in_parallel(tasks.len(), threads, |task| {
        let (number, range) = &tasks[task];
        if task > first_fault[*number].load(Ordering::Relaxed) {
            return None;
        }
        let Loaded { plugin, detector } = &plugins[*number];
        let answer = host.detect(plugin, batch::batch(detector, &groups[*number][range.clone()]));
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
            Some(Ok(answer)) => verdict.add(&plugins[number], &groups[number][range], answer),
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

impl Verdict {
    fn add(&mut self, loaded: &Loaded, groups: &[Group], answer: Answer) {
        self.findings.extend(batch::findings(&loaded.detector, groups, answer.findings));
        self.log.extend(answer.log);
        self.log_dropped += answer.log_dropped;
        self.fuel = self.fuel.saturating_add(answer.fuel);
        self.memory_bytes = self.memory_bytes.max(answer.memory_bytes);
        self.calls += 1;
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
