//! Cases of a plugin: folders with logs, options and what must be found.
//!
//! A folder `cases` has a folder for each case. In it, `options.json` sets options (`{"failures": 3, "names": ["a", "b"]}`) and
//! `findings.json` is a list of what must be found; every other file is a log.

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use analyzer_core::detect::Finding;
use analyzer_core::predicate::Predicate;
use serde_json::{Value, json};

use super::purity;
use crate::host::Host;
use crate::output::progress::Bar;
use crate::scan::judge;
use crate::scan::plugins::Loaded;
use crate::scan::shards;
use crate::scan::walk::walk;
use crate::scan::wishes::{Wishes, Written};

/// The file with options.
pub const OPTIONS: &str = "options.json";
/// The file with what must be found.
pub const FINDINGS: &str = "findings.json";

/// How a case ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The folder's name.
    pub name: String,
    /// How many findings there were.
    pub findings: usize,
    /// What is wrong, a line each; nothing when the case holds.
    pub wrong: Vec<String>,
}

/// What to do with findings that are not those of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// They are wrong.
    Compare,
    /// They are right from now on: the file is written.
    Update,
}

/// The folders of cases in this one, by name.
///
/// # Errors
/// When it cannot be read.
pub fn folders(cases: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut folders: Vec<PathBuf> = fs::read_dir(cases)?.flatten().map(|entry| entry.path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    Ok(folders)
}

/// Runs one case.
pub fn run(host: &Host, loaded: &mut Loaded, folder: &Path, expected: Expected) -> Outcome {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut outcome = Outcome { name, findings: 0, wrong: Vec::new() };
    let found = match found(host, loaded, folder) {
        Ok((found, wrong)) => {
            outcome.wrong = wrong;
            found
        }
        Err(why) => {
            outcome.wrong.push(why);
            return outcome;
        }
    };
    outcome.findings = found.len();
    let told = match expected {
        Expected::Compare => compare(&folder.join(FINDINGS), &found).unwrap_or_else(|why| vec![why]),
        Expected::Update => update(&folder.join(FINDINGS), &found).err().into_iter().collect(),
    };
    outcome.wrong.extend(told);
    outcome
}

/// What a plugin finds in a case, in the order of findings, and what else is wrong with it.
fn found(host: &Host, loaded: &mut Loaded, folder: &Path) -> Result<(Vec<Value>, Vec<String>), String> {
    let wishes = Wishes { options: options(&folder.join(OPTIONS))?, ..Wishes::plain(folder) };
    let settings = wishes.settings(loaded.plugin.manifest()).map_err(|why| format!("{OPTIONS}: {why}"))?;
    loaded.plugin.set(&settings).map_err(|why| format!("{OPTIONS}: {why}"))?;
    let mut files = walk(&[folder.to_owned()]).files;
    files.retain(|file| !file.path.ends_with(OPTIONS) && !file.path.ends_with(FINDINGS));
    let one = NonZeroUsize::MIN;
    let detectors = [loaded.detector.clone()];
    let sessions = shards::ingest(&files, &detectors, &Predicate::Everything, one, &Bar::hidden(&files));
    let mut wrong = Vec::new();
    for account in shards::accounts(&sessions) {
        wrong.extend(account.faults.iter().map(|fault| format!("{fault}: {}", account.name)));
        wrong.extend(account.rejections.iter().map(|rejection| format!("rejected: {rejection}: {}", account.name)));
    }
    let picked = [shards::picked(&sessions, 0)];
    let verdict = judge(host, std::slice::from_ref(loaded), &picked, one).pop().unwrap_or_default();
    if let Some(fault) = &verdict.fault {
        return Err(fault.to_string());
    }
    wrong.extend(purity::wrong(host, loaded, &picked[0], &verdict.findings));
    let mut findings = verdict.findings;
    analyzer_core::detect::sort(&mut findings);
    Ok((findings.iter().map(shown).collect(), wrong))
}

fn options(path: &Path) -> Result<Vec<(String, Written)>, String> {
    let Ok(text) = fs::read_to_string(path) else { return Ok(Vec::new()) };
    let Ok(Value::Object(members)) = serde_json::from_str(&text) else {
        return Err(format!("{OPTIONS} is no JSON object"));
    };
    let word = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    };
    let written = |(name, value): (String, Value)| {
        let written = match &value {
            Value::Array(all) => all.iter().map(word).collect::<Option<Vec<String>>>().map(Written::List),
            value => word(value).map(Written::Text),
        };
        written
            .map(|written| (name.clone(), written))
            .ok_or_else(|| format!("{OPTIONS}: {name} has no value of an option"))
    };
    members.into_iter().map(written).collect()
}

/// What of a finding is compared: not its id, which changes with the plugin's.
fn shown(finding: &Finding) -> Value {
    let events: Vec<&str> = finding.events.iter().map(|event| event.event_id.as_str()).collect();
    json!({
        "severity": finding.severity.name(),
        "title": finding.title,
        "why": finding.why,
        "events": events,
    })
}

/// What is missing and what is there too much, a line each. The order says nothing.
fn compare(path: &Path, found: &[Value]) -> Result<Vec<String>, String> {
    let text = fs::read_to_string(path)
        .map_err(|error| format!("{FINDINGS} cannot be read: {error}; `trailglass plugin test --update` writes it"))?;
    let expected: Vec<Value> =
        serde_json::from_str(&text).map_err(|error| format!("{FINDINGS} is no list of findings: {error}"))?;
    let mut left: Vec<&Value> = expected.iter().collect();
    let mut wrong = Vec::new();
    for finding in found {
        match left.iter().position(|expected| *expected == finding) {
            Some(at) => drop(left.remove(at)),
            None => wrong.push(format!("found, not expected: {finding}")),
        }
    }
    wrong.extend(left.into_iter().map(|finding| format!("expected, not found: {finding}")));
    Ok(wrong)
}

fn update(path: &Path, found: &[Value]) -> Result<(), String> {
    let text = format!("{:#}\n", Value::from(found));
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    fs::write(path, text).map_err(|error| format!("{FINDINGS} cannot be written: {error}"))
}
