//! What a plugin costs: time, memory and fuel.

use std::ops::Range;
use std::time::{Duration, Instant};

use analyzer_core::detect::{Detector, Group, Grouping, SelectedEvent, groups};
use analyzer_core::event::{EventId, EventKey, Location};
use plugin_host::batch::{self, BATCH_EVENTS};
use plugin_host::{Limits, PluginFault};

use crate::host::Host;
use crate::scan::plugins::Loaded;

/// What was measured, each time the shortest of some.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// Reading the file, compiling it and asking it to describe itself.
    pub load_compiled: Duration,
    /// The same when it was compiled before; `None` without a folder for what is compiled.
    pub load_kept: Option<Duration>,
    /// A call without events: what an instance costs.
    pub empty_call: Duration,
    /// All events.
    pub round: Round,
}

/// What judging all events took: columns made, a call for each batch, findings checked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Round {
    /// The time.
    pub took: Duration,
    /// Events.
    pub events: usize,
    /// Findings.
    pub findings: usize,
    /// Units of fuel.
    pub fuel: u64,
    /// Bytes of memory in the call that had most.
    pub memory_bytes: u64,
}

impl Round {
    /// Nanoseconds for each event.
    #[must_use]
    pub fn ns_per_event(&self) -> f64 {
        self.took.as_nanos() as f64 / self.events.max(1) as f64
    }

    /// Units of fuel for each event.
    #[must_use]
    pub fn fuel_per_event(&self) -> f64 {
        self.fuel as f64 / self.events.max(1) as f64
    }
}

/// Measures on these events, the best of `rounds`.
///
/// # Errors
/// What stopped the plugin.
pub fn measure(
    hosts: Hosts<'_>,
    loaded: &Loaded,
    bytes: &[u8],
    events: Vec<SelectedEvent>,
    rounds: u32,
) -> Result<Measured, PluginFault> {
    let load = |host: &Host| timed(|| host.load(loaded.plugin.name(), bytes, Limits::default()).map(drop));
    let (load_compiled, ()) = load(hosts.compiling)?;
    let load_kept = match hosts.keeping {
        // The first call may compile.
        Some(host) => Some(load(host)?.0.min(load(host)?.0)),
        None => None,
    };
    let groups = groups(&loaded.detector, events);
    let once = || -> Result<(Duration, Round), PluginFault> {
        let (empty_call, _) = timed(|| judge(hosts.compiling, loaded, &[], 0..0))?;
        Ok((empty_call, judge_all(hosts.compiling, loaded, &groups)?))
    };
    let (mut empty_call, mut round) = once()?;
    for _ in 1..rounds {
        let next = once()?;
        empty_call = empty_call.min(next.0);
        round.took = round.took.min(next.1.took);
    }
    Ok(Measured { load_compiled, load_kept, empty_call, round })
}

/// Where to load from.
#[derive(Clone, Copy)]
pub struct Hosts<'a> {
    /// A host that keeps nothing.
    pub compiling: &'a Host,
    /// One that keeps what it compiled.
    pub keeping: Option<&'a Host>,
}

/// As many events as fill some batches, in groups of ten, with some values of each field that repeat and some that do not.
#[must_use]
pub fn generated(detector: &Detector, batches: usize) -> Vec<SelectedEvent> {
    let grouped = if let Grouping::By(fields) = &detector.grouping { fields.len() } else { 0 };
    let event = |number: usize| SelectedEvent {
        key: EventKey { time_ms: number as i64 * 1_000, id: EventId(number as u128) },
        event_id: number.to_string(),
        location: Location::default(),
        // The first field has 1,000 values, the next 101, then 11, and again.
        values: (0..detector.fields.len()).map(|field| Some(value(number, [1_000, 101, 11][field % 3]))).collect(),
        group_key: (0..grouped).map(|_| Some(format!("group {}", number / 10))).collect(),
    };
    (0..batches * BATCH_EVENTS).map(event).collect()
}

fn value(number: usize, distinct: usize) -> String {
    format!("arn:aws:iam::111122223333:user/value-{}", number % distinct)
}

fn judge_all(host: &Host, loaded: &Loaded, groups: &[Group]) -> Result<Round, PluginFault> {
    let mut sum = Round::default();
    for range in batch::split(groups) {
        let (took, round) = timed(|| judge(host, loaded, groups, range))?;
        sum.took += took;
        sum.events += round.events;
        sum.findings += round.findings;
        sum.fuel = sum.fuel.saturating_add(round.fuel);
        sum.memory_bytes = sum.memory_bytes.max(round.memory_bytes);
    }
    Ok(sum)
}

fn judge(host: &Host, loaded: &Loaded, groups: &[Group], range: Range<usize>) -> Result<Round, PluginFault> {
    let groups = &groups[range];
    let batch = batch::batch(&loaded.detector, groups);
    let events = batch.rows.len();
    let answer = host.detect(&loaded.plugin, batch)?;
    Ok(Round {
        took: Duration::ZERO,
        events,
        findings: batch::findings(&loaded.detector, groups, answer.findings).len(),
        fuel: answer.fuel,
        memory_bytes: answer.memory_bytes,
    })
}

fn timed<T>(work: impl FnOnce() -> Result<T, PluginFault>) -> Result<(Duration, T), PluginFault> {
    let start = Instant::now();
    let made = work()?;
    Ok((start.elapsed(), made))
}
