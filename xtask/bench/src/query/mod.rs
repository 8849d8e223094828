//! `bench query`: how long an answer takes once the events are there, at 1, 2, 5 and 10 million of them, on two threads
//! with a shard each, and in one tab of a browser with two workers.

mod ask;
mod load;
mod report;
mod tab;
mod text;

use crate::clock::measure;
use crate::report::Beside;
use report::{Native, Report, Size};
use std::time::{Duration, Instant};
use tab::Tab;

/// Shards, each on a thread of its own.
const THREADS: usize = 2;

/// Parts of the largest number of events at which everything is measured, so that it shows how cost grows.
const TENTHS: [u64; 4] = [1, 2, 5, 10];

/// What to measure.
#[derive(clap::Args)]
pub struct Options {
    /// Events at most; everything is measured at a tenth, a fifth and half of them, too
    #[arg(long, default_value_t = 10_000_000, value_parser = clap::value_parser!(u64).range(10..))]
    events: u64,
    /// What the trail is generated from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Measure so many times and report the middle one
    #[arg(long, default_value_t = 9, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
    /// Ask one tab of the browser about so many events at most; as many as natively, unless this says otherwise
    #[arg(long, value_name = "EVENTS", value_parser = clap::value_parser!(u64).range(10..))]
    browser_events: Option<u64>,
    /// Measure nothing in a browser
    #[arg(long, conflicts_with = "browser_events")]
    no_browser: bool,
    /// Measure in the browser alone
    #[arg(long, conflicts_with = "no_browser")]
    browser_only: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Generates trails, asks, and returns what is to be printed.
pub fn query(options: &Options) -> Result<String, String> {
    let native = if options.browser_only { None } else { Some(native(options)?) };
    let tab = if options.no_browser { None } else { Some(in_browser(options)?) };
    let report = Report { seed: options.seed, rounds: options.rounds, bandwidth_gb_s: bandwidth(), native, tab };
    Ok(if options.json { report::as_json(&report) } else { report::as_table(&report) })
}

fn native(options: &Options) -> Result<Native, String> {
    let mut sizes = Vec::new();
    for events in TENTHS.map(|tenths| options.events * tenths / 10) {
        let (mut shards, took) = measure(|| load::shards(events, options.seed));
        eprintln!("bench: {events} events in {THREADS} shards, made and read in {:.1} s", took.wall.as_secs_f64());
        let bytes: usize = shards.iter().map(analyzer_core::session::Session::memory).sum();
        let dashboard = ask::dashboard(&mut shards, options.rounds)?;
        let pages = ask::pages(&mut shards, options.rounds)?;
        let whole = shards.iter().map(analyzer_core::session::Session::memory).sum();
        sizes.push(Size { events, bytes, bytes_after_pages: whole, dashboard, pages });
    }
    eprintln!("bench: free text");
    Ok(Native { sizes, text: text::measure(options.seed, options.rounds.min(3))? })
}

fn in_browser(options: &Options) -> Result<Beside<Tab>, String> {
    let events = options.browser_events.unwrap_or(options.events);
    eprintln!("bench: in the browser, {events} events");
    let measured = tab::measure(events, options.seed, options.rounds)?;
    if let (true, Some(last)) = (measured.ran_out, measured.sizes.last()) {
        eprintln!("bench: a worker had no memory to read on: the tab holds {} events", last.answers.held);
    }
    Ok(Beside { events, measured })
}

/// The middle of several measurements.
fn middle(mut all: Vec<Duration>) -> Duration {
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or_default()
}

/// How fast all threads together read memory, in gigabytes a second: no question over all rows can be answered faster.
fn bandwidth() -> f64 {
    const WORDS: usize = 64 << 20;
    let words = vec![1u64; WORDS];
    let parts: Vec<&[u64]> = words.chunks(WORDS / THREADS).collect();
    let rounds = (0..5).map(|_| {
        let start = Instant::now();
        let sum: u64 = std::thread::scope(|scope| {
            let handles: Vec<_> = parts.iter().map(|part| scope.spawn(|| part.iter().sum::<u64>())).collect();
            handles.into_iter().map(|handle| handle.join().unwrap_or_default()).sum()
        });
        (start.elapsed(), std::hint::black_box(sum))
    });
    let best = rounds.map(|(took, _)| took).min().unwrap_or_default();
    (WORDS * size_of::<u64>()) as f64 / best.as_secs_f64() / 1e9
}
