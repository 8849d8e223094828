//! Running other programs: their output goes to ours (stdout to stderr, since stdout is data), and
//! a failure names the command line so that the user can run it again by hand.

use crate::report::{Failure, Outcome};
use std::env;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A command whose PATH also holds cargo's own bin folder, where `cargo install` puts things.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.env("PATH", search_path());
    command
}

/// Runs to the end; what it prints goes to stderr.
pub fn run(command: &mut Command) -> Outcome {
    run_through(command.stdout(io::stderr()))
}

/// Runs to the end; what it prints on stdout goes to stdout.
pub fn run_through(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|error| not_started(command, &error))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("`{}` failed ({status})", line(command)))) }
}

/// What it prints on stdout, trimmed; nothing where it is missing or fails.
pub fn ask(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Whether it ends well; it prints nothing.
pub fn succeeds(command: &mut Command) -> bool {
    ask(command).is_some()
}

/// The first of these programs that is on the search path.
pub fn find_program(names: &[&str]) -> Option<PathBuf> {
    let path = search_path();
    let suffix = env::consts::EXE_SUFFIX;
    names
        .iter()
        .flat_map(|name| env::split_paths(&path).map(move |folder| folder.join(format!("{name}{suffix}"))))
        .find(|file| file.is_file())
}

/// The command as a line for a shell, near enough to be typed again.
pub fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn not_started(command: &Command, error: &io::Error) -> Failure {
    let program = command.get_program().to_string_lossy();
    Failure::new(format!("`{program}` could not be started: {error}"))
        .hint(format!("is {program} installed and on PATH?"))
}

fn search_path() -> OsString {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(cargo_bin());
    env::join_paths(folders).unwrap_or_else(|_| path.clone())
}

fn cargo_bin() -> Option<PathBuf> {
    let home = match env::var_os("CARGO_HOME") {
        Some(home) => PathBuf::from(home),
        None => Path::new(&env::var_os("HOME").or_else(|| env::var_os("USERPROFILE"))?).join(".cargo"),
    };
    Some(home.join("bin"))
}
