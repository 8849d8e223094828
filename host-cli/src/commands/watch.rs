//! `trailglass plugin watch`.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::{Exit, plugin};
use crate::args::{Args, Command, PluginCommand, PluginWatchArgs};
use clap::Parser as _;

/// How long a change is not noticed at most.
const PAUSE: Duration = Duration::from_millis(200);

/// Folders whose content is made, not written.
const MADE: [&str; 5] = ["dist", "target", "node_modules", "__pycache__", "build"];

/// The state of every file of a source.
type Snapshot = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

pub(super) fn run(args: &PluginWatchArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let mut seen = Snapshot::new();
    loop {
        let now = snapshot(&args.project);
        if now.is_empty() {
            writeln!(err, "there is no source to watch: {}", args.project.display())?;
            return Ok(Exit::Error);
        }
        if now != seen {
            seen = now;
            once(args, out, err)?;
            out.flush()?;
            writeln!(err, "Waiting for a change; Ctrl-C ends.")?;
        }
        std::thread::sleep(PAUSE);
    }
}

/// Tests, which builds; and runs if there are logs.
fn once(args: &PluginWatchArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<()> {
    let project = args.project.as_os_str();
    let tested = ask(["test", "--project"].map(OsStr::new).into_iter().chain([project]), out, err)?;
    if tested == Exit::Error || args.logs.is_empty() {
        return Ok(());
    }
    let logs = args.logs.iter().map(|path| path.as_os_str());
    let words = ["run", "--project"].map(OsStr::new).into_iter().chain([project, OsStr::new("--")]);
    ask(words.chain(logs), out, err)?;
    Ok(())
}

/// Runs one of the other commands, as if it had been typed.
fn ask<'a>(words: impl Iterator<Item = &'a OsStr>, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let typed = ["trailglass", "plugin"].map(OsStr::new).into_iter().chain(words);
    match Args::try_parse_from(typed) {
        Ok(Args { command: Command::Plugin(command), .. }) if !matches!(command, PluginCommand::Watch(_)) => {
            plugin::run(&command, out, err)
        }
        Ok(_) => Ok(Exit::Error),
        Err(error) => {
            writeln!(err, "{error}")?;
            Ok(Exit::Error)
        }
    }
}

fn snapshot(folder: &Path) -> Snapshot {
    let mut found = Snapshot::new();
    let mut todo = vec![folder.to_owned()];
    while let Some(folder) = todo.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let is_hidden = name.to_string_lossy().starts_with('.');
            // Links are not followed: they can lead back.
            let Ok(about) = entry.metadata() else { continue };
            if is_hidden || MADE.iter().any(|made| name == *made) {
                continue;
            }
            match about.is_dir() {
                true => todo.push(entry.path()),
                false => drop(found.insert(entry.path(), (about.modified().ok(), about.len()))),
            }
        }
    }
    found
}
