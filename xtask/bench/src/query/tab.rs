//! The same questions to the app's own workers in Chromium, with real files: see `js/README.md`.

use super::{THREADS, ask};
use crate::command;
use crate::files;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Serialize)]
struct Question<'a> {
    paths: &'a [PathBuf],
    records: u64,
    workers: usize,
    query: &'a str,
    fields: &'a [&'a str],
    shown: usize,
    bars: u32,
    rounds: u32,
}

/// What a browser took.
#[derive(Clone, Debug, Deserialize)]
pub struct Tab {
    /// Seconds until all files were read, in as many workers as natively there are threads.
    pub load_s: f64,
    /// Milliseconds for filter, count, timeline and ten facets; the middle of all rounds.
    pub filter_ms: f64,
    /// The same without a query.
    pub everything_ms: f64,
    /// Events that match, in all workers.
    pub matching: u64,
}

/// Measures in a browser. `cargo xtask bench` has built the site and names the browser.
pub fn measure(events: u64, seed: u64, rounds: u32) -> Result<Tab, String> {
    let folder = tempfile::tempdir().map_err(|error| format!("there is no room for temporary files: {error}"))?;
    let files = files::generate(events, seed);
    let paths = files::write(&files, folder.path()).map_err(|error| format!("cannot write files: {error}"))?;
    let records = files::counts(&files).records;
    drop(files);
    let question = Question {
        paths: &paths,
        records,
        workers: THREADS,
        query: ask::QUERY,
        fields: &ask::FACETS,
        shown: ask::SHOWN,
        bars: ask::BARS,
        rounds,
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("js/query.mjs");
    command::ask(Command::new("node").arg(script), &question)
        .map_err(|problem| format!("{problem}; is the site built? `--no-browser` measures without"))
}
