//! The same questions to the app's own workers in one tab of Chromium, with real files: see `js/README.md`.
//!
//! The tab reads a tenth of one trail after another, and only that tenth is on the disk; at some of them it is asked.

use super::{TENTHS, THREADS, ask};
use crate::command::Talk;
use crate::files;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::process::Command;
use trail_generator::Trail;

/// How to measure.
#[derive(Serialize)]
struct How<'a> {
    workers: usize,
    query: &'a str,
    fields: &'a [&'a str],
    shown: usize,
    bars: u32,
    rounds: u32,
}

/// A part of the trail for the tab to read.
#[derive(Serialize)]
struct Part<'a> {
    paths: &'a [PathBuf],
    records: u64,
    /// Whether it is asked then; where memory ran out it always is.
    asks: bool,
}

/// What became of a part.
#[derive(Deserialize)]
struct Read {
    /// Seconds.
    load_s: f64,
    /// A worker had no memory to read on.
    ran_out: bool,
    /// If it was asked.
    answers: Option<Answers>,
}

/// What was measured with so many events.
#[derive(Clone, Debug, Deserialize)]
pub struct Answers {
    /// Events that the workers hold.
    pub held: u64,
    /// Bytes of memory of all workers, by their own account.
    pub bytes: u64,
    /// Milliseconds for filter, count, timeline and ten facets; the middle of all rounds.
    pub filter_ms: f64,
    /// The same without a query.
    pub everything_ms: f64,
    /// Events that match, in all workers.
    pub matching: u64,
}

/// What was measured at one size.
#[derive(Clone, Debug)]
pub struct TabSize {
    /// Records that the tab was given, to within a file; where memory ran out, events that it holds.
    pub events: u64,
    /// Seconds that reading has taken so far, in as many workers as natively there are threads.
    pub load_s: f64,
    pub answers: Answers,
}

/// What a browser took.
#[derive(Clone, Debug)]
pub struct Tab {
    /// In the order of their events. Where memory ran out, the last one is of what was read until then.
    pub sizes: Vec<TabSize>,
    /// A worker had no memory to read everything.
    pub ran_out: bool,
}

/// Measures in a browser. `cargo xtask bench` has built the site and names the browser.
pub fn measure(events: u64, seed: u64, rounds: u32) -> Result<Tab, String> {
    let (query, fields, shown, bars) = (ask::QUERY, &ask::FACETS, ask::SHOWN, ask::BARS);
    let how = How { workers: THREADS, query, fields, shown, bars, rounds };
    let how = serde_json::to_string(&how).map_err(|error| error.to_string())?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("js/query.mjs");
    let trail = files::plan(events, seed);
    let mut talk = Talk::start(Command::new("node").arg(script).arg(how))?;
    let mut tab = Tab { sizes: Vec::new(), ran_out: false };
    let mut load_s = 0.0;
    for (tenth, numbers) in (1..).zip(tenths(&trail)) {
        let read = read(&mut talk, &trail, &numbers, TENTHS.contains(&tenth))
            .map_err(|problem| format!("{problem}; is the site built? `--no-browser` measures without"))?;
        load_s += read.load_s;
        eprintln!("bench: in the browser, {tenth} of 10 parts read in {load_s:.1} s");
        if let Some(answers) = read.answers {
            let events = if read.ran_out { answers.held } else { events * tenth / 10 };
            tab.sizes.push(TabSize { events, load_s, answers });
        }
        if read.ran_out {
            tab.ran_out = true;
            break;
        }
    }
    talk.end()?;
    Ok(tab)
}

/// Has the tab read some files of the trail, which are there only meanwhile.
fn read(talk: &mut Talk, trail: &Trail, numbers: &[usize], asks: bool) -> Result<Read, String> {
    let records: Vec<u64> = trail.records().collect();
    let records = numbers.iter().filter_map(|&number| records.get(number)).sum();
    let folder = tempfile::tempdir().map_err(|error| format!("there is no room for temporary files: {error}"))?;
    let paths =
        files::make_in(folder.path(), trail, numbers).map_err(|error| format!("cannot write files: {error}"))?;
    talk.ask(&Part { paths: &paths, records, asks })
}

/// Deals the files of a trail into ten parts of the same number of records, to within a file. Each has files of every
/// account, region and hour: it is like the whole.
fn tenths(trail: &Trail) -> [Vec<usize>; 10] {
    let mut tenths: [(u64, Vec<usize>); 10] = Default::default();
    for (number, records) in trail.records().enumerate() {
        if let Some((total, numbers)) = tenths.iter_mut().min_by_key(|(total, _)| *total) {
            *total += records;
            numbers.push(number);
        }
    }
    tenths.map(|(_, numbers)| numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenths_are_of_one_size_and_together_the_whole() {
        let trail = files::plan(200_000, 1);
        let records: Vec<u64> = trail.records().collect();
        let tenths = tenths(&trail);
        for tenth in &tenths {
            let total: u64 = tenth.iter().map(|&number| records[number]).sum();
            assert!(total.abs_diff(20_000) <= trail_generator::LARGEST, "{total} records");
        }
        let mut all = tenths.concat();
        all.sort_unstable();
        assert_eq!(all, (0..trail.len()).collect::<Vec<_>>());
    }
}
