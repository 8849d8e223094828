//! One run: generates once, measures everything in turns, checks every count.

use crate::browser::{self, Browser};
use crate::clock::{Took, measure};
use crate::duckdb::{self, DuckDb};
use crate::files::{self, Counts, File, expect};
use crate::memory;
use crate::report::{self, Beside, Native, Report};
use crate::{inflate, parse, threads};

/// The share of a processor that one thread has on a machine with little else to do.
const UNDISTURBED: f64 = 0.95;

/// What to measure.
#[derive(clap::Args)]
pub struct Options {
    /// Events of the generated trail
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    events: u64,
    /// What the trail is generated from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Measure so many times and report the quickest, which is the least disturbed
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
    /// Read only the first files in the browser, with so many events
    #[arg(long, value_name = "EVENTS", value_parser = clap::value_parser!(u64).range(1..))]
    browser_events: Option<u64>,
    /// Measure nothing in a browser
    #[arg(long, conflicts_with = "browser_events")]
    no_browser: bool,
    /// Load only so many files with DuckDB
    #[arg(long, value_name = "FILES", value_parser = clap::value_parser!(u64).range(1..))]
    duckdb_files: Option<u64>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Generates the trail in memory, measures, and returns what is to be printed.
pub fn ingest(options: &Options) -> Result<String, String> {
    let (files, generated) = measure(|| files::generate(options.events, options.seed));
    let seconds = generated.wall.as_secs_f64();
    eprintln!("bench: {} events in {} files, made in {seconds:.1} s", options.events, files.len());
    let counts = files::counts(&files);
    let mut rounds = Rounds::default();
    for round in 1..=options.rounds {
        eprintln!("bench: natively, round {round} of {}", options.rounds);
        rounds.take_one(&files, counts)?;
    }
    let (found, memory) = memory::of_session(&files);
    expect("the watched session", counts, found)?;
    let native = rounds.native().ok_or("nothing was measured")?;
    warn_if_disturbed(native.ingest);
    let report = Report {
        events: options.events,
        kept: counts.kept,
        seed: options.seed,
        rounds: options.rounds,
        files: files.len(),
        gz_bytes: files.iter().map(|file| file.packed.len() as u64).sum(),
        json_bytes: files.iter().map(|file| file.json_bytes).sum(),
        native,
        memory,
        browser: in_browser(options, &files)?,
        duckdb: with_duckdb(options, &files)?,
    };
    Ok(if options.json { report::as_json(&report) } else { report::as_table(&report) })
}

/// The best so far of everything that this program measures itself.
#[derive(Default)]
struct Rounds {
    inflate: Option<Took>,
    ingest: Option<Took>,
    parse: Option<Took>,
    serde: Option<Took>,
    two_threads: Option<Took>,
}

impl Rounds {
    /// Everything once, in turns, so that a disturbance does not hit one side of a ratio only.
    fn take_one(&mut self, files: &[File], counts: Counts) -> Result<(), String> {
        let json_bytes: u64 = files.iter().map(|file| file.json_bytes).sum();
        let (inflated, took) = measure(|| inflate::discard(files));
        let inflated = inflated?;
        if inflated != json_bytes {
            return Err(format!("the measurement is void: {inflated} bytes inflated in place of {json_bytes}"));
        }
        keep_least(&mut self.inflate, took);

        // Both sides of the threads' ratio go the same way, down to the last drop.
        let (found, took) = measure(|| threads::all(files, 1));
        expect("one thread", counts, found)?;
        keep_least(&mut self.ingest, took);
        let (found, took) = measure(|| threads::all(files, 2));
        expect("two threads", counts, found)?;
        keep_least(&mut self.two_threads, took);

        let (found, took) = parse::ours(files)?;
        expect("parsing", counts, found)?;
        keep_least(&mut self.parse, took);
        let (records, took) = parse::with_serde(files)?;
        expect("serde_json", counts, Counts { records, ..counts })?;
        keep_least(&mut self.serde, took);
        Ok(())
    }

    fn native(self) -> Option<Native> {
        Some(Native {
            inflate: self.inflate?,
            ingest: self.ingest?,
            parse: self.parse?,
            serde: self.serde?,
            two_threads: self.two_threads?,
        })
    }
}

fn keep_least(best: &mut Option<Took>, took: Took) {
    *best = Some(took.least(*best));
}

/// One thread that does not wait for anything has the processor all the time, unless others want it too.
fn warn_if_disturbed(one_thread: Took) {
    let share = one_thread.cpu.as_secs_f64() / one_thread.wall.as_secs_f64();
    if share < UNDISTURBED {
        eprintln!(
            "bench: other programs keep this machine busy (one thread had {:.0} % of a processor): \
             ratios of time that passed mean little",
            share * 100.0
        );
    }
}

fn in_browser(options: &Options, files: &[File]) -> Result<Option<Beside<Browser>>, String> {
    if options.no_browser {
        return Ok(None);
    }
    let files = files::first(files, options.browser_events.unwrap_or(u64::MAX));
    eprintln!("bench: in the browser, {} files", files.len());
    let measured = browser::measure(folder()?.path(), files, options.rounds)?;
    Ok(Some(Beside { events: files::counts(files).records, measured }))
}

fn with_duckdb(options: &Options, files: &[File]) -> Result<Option<Beside<DuckDb>>, String> {
    if !duckdb::is_here() {
        eprintln!("bench: python3 has no module duckdb, so it is not measured");
        return Ok(None);
    }
    let most = options.duckdb_files.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
    let files = &files[..files.len().min(most)];
    eprintln!("bench: with DuckDB, {} files", files.len());
    let measured = duckdb::measure(folder()?.path(), files)?;
    Ok(measured.map(|measured| Beside { events: files::counts(files).records, measured }))
}

/// A folder that is gone when this program is done with it.
fn folder() -> Result<tempfile::TempDir, String> {
    tempfile::tempdir().map_err(|error| format!("there is no room for temporary files: {error}"))
}
