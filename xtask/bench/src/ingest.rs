//! From the bytes of a .json.gz to events in columns. Inflating is the floor: nobody can read a
//! trail in less, so the ratio says how much of the way is left.

use crate::clock::{Took, measure};
use analyzer_core::detect::builtins;
use analyzer_core::session::Session;
use flate2::bufread::GzDecoder;
use serde_json::json;
use std::io::Read;
use trail_generator::{Plan, Story, Trail, gzip};

/// What the edges read at once, in bytes.
const PIECE: usize = 256 * 1024;

/// What to measure.
#[derive(clap::Args)]
pub struct Options {
    /// Events of the generated trail
    #[arg(long, default_value_t = 200_000, value_parser = clap::value_parser!(u64).range(1..))]
    events: u64,
    /// What the trail is generated from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Measure so many times and report the quickest, which is the least disturbed
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// The trail as it lies on the disk.
struct File {
    path: String,
    packed: Vec<u8>,
}

/// Generates the trail in memory, measures, and returns what is to be printed.
pub fn run(options: &Options) -> Result<String, String> {
    let (files, json_bytes) = generate(options);
    eprintln!("bench: {} events in {} files, in memory", options.events, files.len());
    let mut inflate: Option<Took> = None;
    let mut ingest: Option<Took> = None;
    for round in 1..=options.rounds {
        let (inflated, took) = measure(|| inflate_all(&files));
        expect_same("inflated bytes", json_bytes, inflated?)?;
        inflate = Some(quickest(inflate, took));
        let (seen, took) = measure(|| ingest_all(&files));
        expect_same("events", options.events, seen)?;
        ingest = Some(quickest(ingest, took));
        eprintln!("bench: round {round} of {}", options.rounds);
    }
    let (Some(inflate), Some(ingest)) = (inflate, ingest) else {
        return Err("nothing was measured".to_owned());
    };
    let packed_bytes = files.iter().map(|file| file.packed.len() as u64).sum();
    let sizes = Sizes { files: files.len(), packed_bytes, json_bytes };
    Ok(if options.json { as_json(options, &sizes, inflate, ingest) } else { as_text(options, &sizes, inflate, ingest) })
}

fn generate(options: &Options) -> (Vec<File>, u64) {
    // Benign, since a story would add events of its own to a small trail.
    let trail = Trail::new(Plan::week(options.events, options.seed, Story::Benign));
    let mut json_bytes = 0;
    let files = (0..trail.len()).filter_map(|number| trail.file(number));
    let files = files.map(|file| {
        json_bytes += file.json.len() as u64;
        File { path: file.path, packed: gzip(&file.json) }
    });
    (files.collect(), json_bytes)
}

/// Inflates everything, with its checksum, into a buffer that is thrown away.
fn inflate_all(files: &[File]) -> Result<u64, String> {
    let mut buffer = vec![0; PIECE];
    let mut inflated = 0;
    for file in files {
        let mut decoder = GzDecoder::new(&file.packed[..]);
        loop {
            match decoder.read(&mut buffer) {
                Ok(0) => break,
                Ok(bytes) => inflated += bytes as u64,
                Err(error) => return Err(format!("cannot inflate what was just made: {error}")),
            }
        }
    }
    Ok(inflated)
}

/// Reads everything into one session, as an edge does; returns the records seen.
fn ingest_all(files: &[File]) -> u64 {
    let detectors = builtins().into_iter().map(|builtin| builtin.detector).collect();
    let mut session = Session::new(detectors, 1);
    for (ordinal, file) in (0..).zip(files) {
        let mut intake = session.open(ordinal, file.path.clone());
        for piece in file.packed.chunks(PIECE) {
            session.push(&mut intake, piece);
        }
        session.close(intake, None);
    }
    session.totals().seen
}

fn quickest(best: Option<Took>, took: Took) -> Took {
    best.filter(|best| best.cpu <= took.cpu).unwrap_or(took)
}

fn expect_same(what: &str, expected: u64, found: u64) -> Result<(), String> {
    if expected == found {
        Ok(())
    } else {
        Err(format!("the measurement is void: {found} {what} in place of {expected}"))
    }
}

struct Sizes {
    files: usize,
    packed_bytes: u64,
    json_bytes: u64,
}

fn as_text(options: &Options, sizes: &Sizes, inflate: Took, ingest: Took) -> String {
    let row = |name: &str, took: Took| {
        let (wall, cpu) = (took.wall.as_secs_f64(), took.cpu.as_secs_f64());
        let per_event = cpu * 1e9 / options.events as f64;
        let megabytes = sizes.json_bytes as f64 / 1e6 / wall;
        let events = options.events as f64 / wall;
        format!("{name:<13}  {wall:>8.3} s  {cpu:>8.3} s  {per_event:>8.0} ns  {megabytes:>7.0} MB/s  {events:>10.0}\n")
    };
    format!(
        "{} events, {} files, {:.1} MB compressed, {:.1} MB of JSON; one thread, best of {}\n\
         {:<13}  {:>10}  {:>10}  {:>11}  {:>12}  {:>10}\n{}{}ratio of processor time: {:.2}",
        options.events,
        sizes.files,
        sizes.packed_bytes as f64 / 1e6,
        sizes.json_bytes as f64 / 1e6,
        options.rounds,
        "",
        "wall",
        "processor",
        "per event",
        "JSON",
        "events/s",
        row("inflate alone", inflate),
        row("ingest", ingest),
        ratio(inflate, ingest),
    )
}

fn as_json(options: &Options, sizes: &Sizes, inflate: Took, ingest: Took) -> String {
    json!({
        "benchmark": "ingest",
        "events": options.events,
        "seed": options.seed,
        "rounds": options.rounds,
        "files": sizes.files,
        "gz_bytes": sizes.packed_bytes,
        "json_bytes": sizes.json_bytes,
        "inflate_wall_s": inflate.wall.as_secs_f64(),
        "inflate_cpu_s": inflate.cpu.as_secs_f64(),
        "ingest_wall_s": ingest.wall.as_secs_f64(),
        "ingest_cpu_s": ingest.cpu.as_secs_f64(),
        "ingest_events_per_s": options.events as f64 / ingest.wall.as_secs_f64(),
        "ingest_json_mb_per_s": sizes.json_bytes as f64 / 1e6 / ingest.wall.as_secs_f64(),
        "ratio": ratio(inflate, ingest),
    })
    .to_string()
}

fn ratio(inflate: Took, ingest: Took) -> f64 {
    ingest.cpu.as_secs_f64() / inflate.cpu.as_secs_f64()
}
