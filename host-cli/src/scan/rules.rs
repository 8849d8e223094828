//! The rules that run: those that come with Trailglass, and those of the user.

use std::fs;
use std::path::{Path, PathBuf};

use analyzer_core::detect::cases::{self, Cases};
use analyzer_core::detect::sigma::yaml::{self, MAX_FILE, Value, Wrong};
use analyzer_core::detect::sigma::{Loaded, Placeholders, Refused};
use analyzer_core::detect::tuning::Tuning;
use analyzer_core::detect::{RuleSet, Severity, at_least, pack};

use crate::args::RuleArgs;

/// What cases are told by.
const CASES: &str = ".cases.yml";

/// Rules that can run, and what could not be had.
#[derive(Debug, Default)]
pub struct Ready {
    /// The rules.
    pub set: RuleSet,
    /// Rules that were refused.
    pub refused: Vec<Refused>,
    /// Files of cases, by name.
    pub cases: Vec<(String, Result<Vec<Cases>, Wrong>)>,
    /// Files that could not be read, or do not say what they should, each in one sentence.
    pub faults: Vec<String>,
    /// What a file of tuning says, for detectors that are no rules.
    pub tuning: Tuning,
    /// What it names although there is no such rule, each with its place.
    pub unknown: Vec<Unknown>,
    /// The level that was asked for, if one was.
    pub asked: Option<Severity>,
}

/// A name in a file of tuning.
#[derive(Debug)]
pub struct Unknown {
    /// The name.
    pub name: String,
    /// `file:line`.
    pub place: String,
}

/// Reads all that was named. Rules below `least` are left out, unless another level was asked for.
pub fn ready(args: &RuleArgs, least: Severity) -> Ready {
    let mut ready = Ready::default();
    let placeholders =
        args.placeholders.as_deref().map(|path| placeholders(path, &mut ready.faults)).unwrap_or_default();
    let mut loaded = Loaded::default();
    if !args.no_bundled {
        ready.cases = pack::CASES.iter().map(|(name, text)| ((*name).to_owned(), cases::read(text))).collect();
    }
    for path in &args.rule_paths {
        for file in files(path, &mut ready.faults) {
            let Some(text) = text(&file, &mut ready.faults) else { continue };
            let name = file.display().to_string();
            if name.ends_with(CASES) {
                ready.cases.push((name, cases::read(&text)));
            } else {
                loaded.add(&name, &text, &placeholders);
            }
        }
    }
    if !args.no_bundled {
        pack::add_to(&mut loaded);
    }
    let Loaded { mut rules, refused, .. } = loaded.finish();
    ready.refused = refused;
    if let Some(path) = &args.tuning
        && let Some(text) = text(path, &mut ready.faults)
    {
        let file = path.display();
        match Tuning::read(&text) {
            Ok(tuning) => {
                let unknown = tuning.apply(&mut rules).into_iter();
                let unknown = unknown.map(|(name, line)| Unknown { name, place: format!("{file}:{line}") });
                ready.unknown.extend(unknown);
                ready.tuning = tuning;
            }
            Err(Wrong { line, why }) => ready.faults.push(format!("{file}:{line}: {why}")),
        }
    }
    ready.asked = args.min_level.as_deref().and_then(Severity::from_name);
    let least = ready.asked.unwrap_or(least);
    if least > Severity::Informational {
        rules = at_least(rules, least);
    }
    ready.set = RuleSet::new(rules);
    ready
}

/// The files of a path, in order: itself, or those in a folder and its folders that end as YAML does.
fn files(path: &Path, faults: &mut Vec<String>) -> Vec<PathBuf> {
    let is_yaml = |path: &Path| path.extension().is_some_and(|end| end == "yml" || end == "yaml");
    let mut files = Vec::new();
    match fs::metadata(path) {
        Ok(about) if about.is_dir() => match fs::read_dir(path) {
            Ok(entries) => {
                let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
                entries.sort();
                for entry in entries {
                    // Links are not followed: they can lead back.
                    let about = fs::symlink_metadata(&entry);
                    if about.as_ref().is_ok_and(|about| about.is_dir()) {
                        files.extend(self::files(&entry, faults));
                    } else if is_yaml(&entry) {
                        files.push(entry);
                    }
                }
            }
            Err(error) => faults.push(format!("the folder cannot be read: {error}: {}", path.display())),
        },
        Ok(_) => files.push(path.to_owned()),
        Err(error) => faults.push(format!("{error}: {}", path.display())),
    }
    files
}

fn text(path: &Path, faults: &mut Vec<String>) -> Option<String> {
    let read = || -> Result<String, String> {
        let about = fs::metadata(path).map_err(|error| error.to_string())?;
        if about.len() > MAX_FILE as u64 {
            return Err(format!("a file of rules has at most {} MiB", MAX_FILE >> 20));
        }
        fs::read_to_string(path).map_err(|error| error.to_string())
    };
    read().map_err(|why| faults.push(format!("{why}: {}", path.display()))).ok()
}

fn placeholders(path: &Path, faults: &mut Vec<String>) -> Placeholders {
    let Some(text) = text(path, faults) else { return Placeholders::new() };
    let (documents, wrong) = yaml::documents(&text);
    if let Some(Wrong { line, why }) = wrong {
        faults.push(format!("{}:{line}: {why}", path.display()));
    }
    let mut placeholders = Placeholders::new();
    for (name, values) in documents.iter().flat_map(|document| document.members()) {
        let texts: Option<Vec<String>> = values.elements().iter().map(|value| value.scalar()).collect();
        match (name.scalar(), texts) {
            (Some(name), Some(texts)) if values.value != Value::Null => {
                placeholders.insert(name.trim_matches('%').to_owned(), texts);
            }
            _ => faults.push(format!("{}:{}: a placeholder has a name and a list of texts", path.display(), name.line)),
        }
    }
    placeholders
}
