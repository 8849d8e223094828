//! What the rules that come with us find: nothing grave in a benign trail, something in the events of each technique.

use crate::ingest;
use analyzer_core::detect::{Finding, RuleSet, Severity, TOLD_FROM};
use analyzer_core::session::Session;
use std::fs;
use std::path::{Path, PathBuf};

/// Findings of a session whose detectors are those of `set`, in no particular order.
pub fn findings(session: &Session, set: &RuleSet) -> Vec<Finding> {
    set.findings(session.selection().events)
}

/// How many of them are of high or critical severity.
pub fn grave(findings: &[Finding]) -> usize {
    findings.iter().filter(|finding| finding.severity >= Severity::High).count()
}

/// Techniques: a file of events each.
pub struct Techniques {
    /// Those in whose events a rule that is told by default finds something.
    pub found: usize,
    /// All.
    pub total: usize,
}

/// Looks for techniques in the JSON files of a folder. Those that are not found are named on stderr.
pub fn techniques(folder: &Path, set: &RuleSet) -> Result<Techniques, String> {
    let wrong = |path: &Path, error: std::io::Error| format!("{error}: {}", path.display());
    let entries = fs::read_dir(folder).map_err(|error| wrong(folder, error))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "json"));
    paths.sort();
    let mut found = 0;
    for path in &paths {
        let bytes = fs::read(path).map_err(|error| wrong(path, error))?;
        let mut session = Session::new(set.detectors().to_vec(), 1);
        ingest::bytes(&mut session, 0, &path.display().to_string(), &bytes);
        match findings(&session, set).iter().any(|finding| finding.severity >= TOLD_FROM) {
            true => found += 1,
            false => eprintln!("bench: nothing was found in {}", path.display()),
        }
    }
    Ok(Techniques { found, total: paths.len() })
}
