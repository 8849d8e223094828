//! The app's own workers in Chromium, and a worker written by hand in JavaScript. See `js/README.md` for what runs
//! there and how it is measured.

use crate::command;
use crate::files::{self, Counts, File};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Serialize)]
struct Question<'a> {
    paths: &'a [PathBuf],
    records: u64,
    kept: u64,
    rounds: u32,
}

/// The least of all rounds, in seconds. A run that counts other events ends without an answer.
#[derive(Clone, Debug, Deserialize)]
pub struct Browser {
    /// One of the app's workers without its page, from the message that names the files to the last one closed.
    pub worker_wall_s: f64,
    /// What the worker's thread took of the processor meanwhile; where the system does not tell (it does on Linux),
    /// nothing.
    pub worker_cpu_s: Option<f64>,
    /// The worker written by hand.
    pub js_wall_s: f64,
    /// Its thread's time of the processor.
    pub js_cpu_s: Option<f64>,
    /// The page with one worker, from the choice of the files to the sum that it shows.
    pub page_one_worker_wall_s: f64,
    /// The page with two workers.
    pub page_two_workers_wall_s: f64,
}

/// Measures in a browser. `cargo xtask bench` has built the site and names the browser.
pub fn measure(folder: &Path, files: &[File], rounds: u32) -> Result<Browser, String> {
    let paths = files::write(files, folder).map_err(|error| format!("cannot write files for the browser: {error}"))?;
    let Counts { records, kept } = files::counts(files);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("js/measure.mjs");
    command::ask(Command::new("node").arg(script), &Question { paths: &paths, records, kept, rounds })
        .map_err(|problem| format!("{problem}; is the site built? `--no-browser` measures without"))
}
