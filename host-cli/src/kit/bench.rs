//! What a plugin costs: time, memory and fuel.

use std::ops::Range;
use std::time::{Duration, Instant};

use analyzer_core::detect::{Detector, Grouped, Grouping, Picked};
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
    picked: &Picked,
    rounds: u32,
) -> Result<Measured, PluginFault> {
    let load = |host: &Host| timed(|| host.load(loaded.plugin.name(), bytes, Limits::default()).map(drop));
    let (load_compiled, ()) = load(hosts.compiling)?;
    let load_kept = match hosts.keeping {
        // The first call may compile.
        Some(host) => Some(load(host)?.0.min(load(host)?.0)),
        None => None,
    };
    let grouped = picked.grouped(&loaded.detector);
    let once = || -> Result<(Duration, Round), PluginFault> {
        let (empty_call, _) = timed(|| judge(hosts.compiling, loaded, picked, &grouped, 0..0))?;
        Ok((empty_call, judge_all(hosts.compiling, loaded, picked, &grouped)?))
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

/// As many events as fill some batches, in groups of a hundred, with some values of each field that repeat and some that do not.
#[must_use]
pub fn generated(detector: &Detector, batches: usize) -> Picked {
    let (fields, events) = (detector.fields.len(), batches * BATCH_EVENTS);
    let grouped = if let Grouping::By(fields) = &detector.grouping { fields.len() } else { 0 };
    let mut texts: Vec<String> =
        (0..DISTINCT[0]).map(|n| format!("arn:aws:iam::111122223333:user/value-{n}")).collect();
    let keys = texts.len();
    texts.extend((0..events.div_ceil(GROUP)).map(|n| format!("group {n}")));
    let codes = |event: usize| {
        let value = move |field: usize| event % DISTINCT[field % DISTINCT.len()] + 1;
        let key = keys + event / GROUP + 1;
        (0..fields).map(value).chain(std::iter::repeat_n(key, grouped)).map(|code| code as u32)
    };
    Picked {
        keys: (0..events).map(|n| EventKey { time_ms: n as i64 * 1_000, id: EventId(n as u128) }).collect(),
        ids: (0..events).map(|n| n.to_string()).collect(),
        locations: vec![Location::default(); events],
        texts,
        width: fields + grouped,
        codes: (0..events).flat_map(codes).collect(),
    }
}

/// How many values the first field has, the next, the one after that; and again.
const DISTINCT: [usize; 3] = [1_000, 101, 11];
/// Events of a group.
const GROUP: usize = 100;

fn judge_all(host: &Host, loaded: &Loaded, picked: &Picked, grouped: &Grouped) -> Result<Round, PluginFault> {
    let mut sum = Round::default();
    for range in batch::split(grouped) {
        let (took, round) = timed(|| judge(host, loaded, picked, grouped, range))?;
        sum.took += took;
        sum.events += round.events;
        sum.findings += round.findings;
        sum.fuel = sum.fuel.saturating_add(round.fuel);
        sum.memory_bytes = sum.memory_bytes.max(round.memory_bytes);
    }
    Ok(sum)
}

fn judge(
    host: &Host,
    loaded: &Loaded,
    picked: &Picked,
    grouped: &Grouped,
    groups: Range<usize>,
) -> Result<Round, PluginFault> {
    let batch = batch::batch(&loaded.detector, picked, grouped, groups.clone());
    let events = batch.rows.len();
    let answer = host.detect(&loaded.plugin, &batch)?;
    Ok(Round {
        took: Duration::ZERO,
        events,
        findings: batch::findings(&loaded.detector, picked, grouped, groups, answer.findings).len(),
        fuel: answer.fuel,
        memory_bytes: answer.memory_bytes,
    })
}

fn timed<T>(work: impl FnOnce() -> Result<T, PluginFault>) -> Result<(Duration, T), PluginFault> {
    let start = Instant::now();
    let made = work()?;
    Ok((start.elapsed(), made))
}
