//! A plugin's groups as batches, and its answers as the core's findings.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use analyzer_core::detect::{Finding, Group, Hit, SelectedEvent, finding, groups};
use trailglass_contract::MISSING;

use super::plugins::{Loaded, severity};
use crate::host::{Answer, Batch, Column, Host, LogLine, PluginFault, PluginFinding};

/// A batch is full at so many events; a group is never split.
const BATCH_EVENTS: usize = 10_000;

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
}

/// Lets a plugin judge the events that were selected for it in all shards.
pub fn judge(host: &Host, loaded: &Loaded, events: Vec<SelectedEvent>, threads: NonZeroUsize) -> Verdict {
    let groups = groups(&loaded.detector, events);
    let batches = split(&groups);
    let answers = answers(host, loaded, &groups, &batches, threads);
    let mut verdict = Verdict::default();
    for (range, answer) in batches.into_iter().zip(answers) {
        match answer {
            Ok(answer) => {
                let groups = &groups[range];
                verdict.findings.extend(findings(loaded, groups, answer.findings));
                verdict.log.extend(answer.log);
                verdict.log_dropped += answer.log_dropped;
            }
            Err(fault) => {
                verdict.log.extend(fault.log.iter().cloned());
                verdict.fault = Some(fault);
                break;
            }
        }
    }
    verdict
}

/// The answers to the batches, in their order, up to the first fault.
fn answers(
    host: &Host,
    loaded: &Loaded,
    groups: &[Group],
    batches: &[Range<usize>],
    threads: NonZeroUsize,
) -> Vec<Result<Answer, PluginFault>> {
    let next = AtomicUsize::new(0);
    // Batches are taken in order, so every batch before the first fault is judged, whatever the number of threads.
    let first_fault = AtomicUsize::new(usize::MAX);
    let done = Mutex::new(Vec::new());
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(range) = batches.get(number) else { break };
            if number > first_fault.load(Ordering::Relaxed) {
                break;
            }
            let answer = host.detect(&loaded.plugin, &batch(loaded, &groups[range.clone()]));
            if answer.is_err() {
                first_fault.fetch_min(number, Ordering::Relaxed);
            }
            done.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push((number, answer));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.get().min(batches.len()) {
            scope.spawn(work);
        }
        work();
    });
    let mut done = done.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    done.sort_by_key(|&(number, _)| number);
    done.into_iter().map(|(_, answer)| answer).collect()
}

/// Ranges of groups that make a batch each.
fn split(groups: &[Group]) -> Vec<Range<usize>> {
    let mut batches = Vec::new();
    let (mut start, mut events) = (0, 0);
    for (number, group) in groups.iter().enumerate() {
        events += group.events.len();
        if events >= BATCH_EVENTS {
            batches.push(start..number + 1);
            (start, events) = (number + 1, 0);
        }
    }
    if start < groups.len() {
        batches.push(start..groups.len());
    }
    batches
}

/// Row numbers count the events of the batch, group after group.
fn batch(loaded: &Loaded, groups: &[Group]) -> Batch {
    let events: Vec<&SelectedEvent> = groups.iter().flat_map(|group| &group.events).collect();
    let fields = loaded.detector.fields.len();
    let keys = groups.first().map_or(0, |group| group.key.len());
    Batch {
        rows: (0..count(events.len())).collect(),
        times: events.iter().map(|event| event.key.time_ms).collect(),
        columns: (0..fields).map(|field| column(events.iter().map(|event| event.values[field].as_deref()))).collect(),
        group_starts: starts(groups),
        group_keys: (0..keys).map(|key| column(groups.iter().map(|group| group.key[key].as_deref()))).collect(),
    }
}

fn starts(groups: &[Group]) -> Vec<u32> {
    let mut next = 0;
    let start = |group: &Group| {
        let start = next;
        next += group.events.len();
        count(start)
    };
    groups.iter().map(start).collect()
}

fn column<'a>(places: impl Iterator<Item = Option<&'a str>>) -> Column {
    let mut known: HashMap<&str, u32> = HashMap::new();
    let mut values: Vec<String> = Vec::new();
    let mut code = |value: &'a str| {
        *known.entry(value).or_insert_with(|| {
            values.push(value.to_owned());
            count(values.len() - 1)
        })
    };
    let codes = places.map(|value| value.map_or(MISSING, &mut code)).collect();
    Column { values, codes }
}

/// The host has checked that the rows of a finding are in the batch, and of one group.
fn findings(loaded: &Loaded, groups: &[Group], found: Vec<PluginFinding>) -> Vec<Finding> {
    let starts = starts(groups);
    let to_finding = |found: PluginFinding| {
        let first = found.rows.first()?;
        let number = starts.partition_point(|start| start <= first).checked_sub(1)?;
        let start = starts[number];
        let hit = Hit {
            rows: found.rows.iter().map(|&row| row.saturating_sub(start) as usize).collect(),
            why: found.why,
            title: found.title,
            severity: found.severity.map(severity),
        };
        finding(&loaded.detector, &groups[number], &hit)
    };
    found.into_iter().filter_map(to_finding).collect()
}

/// Events of a plugin are numbered with 32 bits; memory ends long before.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(events: usize) -> Group {
        let event = SelectedEvent {
            key: analyzer_core::event::EventKey { time_ms: 0, id: analyzer_core::event::EventId(0) },
            event_id: String::new(),
            location: analyzer_core::event::Location::default(),
            values: Vec::new(),
            group_key: Vec::new(),
        };
        Group { key: Vec::new(), events: vec![event; events] }
    }

    #[test]
    fn a_group_is_never_split_and_a_batch_is_full_at_ten_thousand() {
        let check = |sizes: &[usize], expected: &[(usize, usize)]| {
            let groups: Vec<Group> = sizes.iter().map(|&size| group(size)).collect();
            let found: Vec<_> = split(&groups).into_iter().map(|range| (range.start, range.end)).collect();
            assert_eq!(found, expected, "{sizes:?}");
        };
        check(&[], &[]);
        check(&[1], &[(0, 1)]);
        check(&[9_999, 1, 1], &[(0, 2), (2, 3)]);
        check(&[25_000, 1], &[(0, 1), (1, 2)]);
        check(&[5_000, 6_000], &[(0, 2)]);
    }

    #[test]
    fn columns_have_each_value_once() {
        let column = column([Some("b"), None, Some("a"), Some("b")].into_iter());
        assert_eq!(column.values, ["b", "a"]);
        assert_eq!(column.codes, [0, MISSING, 1, 0]);
    }
}
