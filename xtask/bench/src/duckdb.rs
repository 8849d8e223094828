//! DuckDB loading the same files into a table, where python3 has it. See `duckdb.py`.

use crate::command;
use crate::files::{self, Counts, File};
use serde::{Deserialize, Serialize};
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Names another interpreter than `python3`.
const INTERPRETER: &str = "TRAILGLASS_PYTHON";

#[derive(Serialize)]
struct Question<'a> {
    paths: &'a [PathBuf],
    /// Bytes of the largest file, inflated: DuckDB holds each one as a whole.
    largest: u64,
}

/// What it took.
#[derive(Clone, Debug, Deserialize)]
pub struct DuckDb {
    /// Rows of the table.
    pub rows: u64,
    /// Time of the processor in seconds.
    pub cpu_s: f64,
    /// Time that passed in seconds.
    pub wall_s: f64,
    /// DuckDB's version.
    pub version: String,
}

/// Whether it is installed.
pub fn is_here() -> bool {
    let mut python = python();
    python.args(["-c", "import duckdb"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    python.status().is_ok_and(|status| status.success())
}

/// Loads the files. Nothing where that fails, which is said on stderr: other versions may want other words.
pub fn measure(folder: &Path, files: &[File]) -> Result<Option<DuckDb>, String> {
    let paths = files::write(files, folder).map_err(|error| format!("cannot write files for DuckDB: {error}"))?;
    let largest = files.iter().map(|file| file.json_bytes).max().unwrap_or_default();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("duckdb.py");
    match command::ask::<DuckDb>(python().arg(script), &Question { paths: &paths, largest }) {
        Ok(found) => {
            // It keeps repeated deliveries, which is less work.
            let expected = files::counts(files);
            files::expect("DuckDB", expected, Counts { records: found.rows, ..expected })?;
            Ok(Some(found))
        }
        Err(problem) => {
            eprintln!("bench: DuckDB is not measured: {problem}");
            Ok(None)
        }
    }
}

fn python() -> Command {
    Command::new(env::var_os(INTERPRETER).unwrap_or_else(|| "python3".into()))
}
