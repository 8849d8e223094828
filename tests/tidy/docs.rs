//! A reader finds a README where there is much to read, and links lead somewhere.

use crate::{assert_none, tree};
use std::collections::BTreeMap;

/// A folder is of size from this many files or lines on.
const FILES: usize = 5;
const LINES: usize = 500;

#[test]
fn every_source_folder_of_size_has_a_readme() {
    let sources = tree::sources();
    let mut folders: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for source in sources.iter().filter(|source| source.has_extension(&["rs", "js", "mjs", "css", "wit"])) {
        let (files, lines) = folders.entry(source.folder()).or_default();
        *files += 1;
        *lines += source.text.lines().count();
    }
    let has_readme =
        |folder: &str| sources.iter().any(|source| source.folder() == folder && source.path.ends_with("README.md"));
    let violations: Vec<String> = folders
        .into_iter()
        .filter(|(_, (files, lines))| *files >= FILES || *lines >= LINES)
        // A crate's README stands beside its src/.
        .filter(|(folder, _)| !has_readme(folder) && !folder.strip_suffix("/src").is_some_and(has_readme))
        .map(|(folder, (files, lines))| format!("{folder}: {files} files, {lines} lines"))
        .collect();
    assert_none("a source folder of size has a README.md: what belongs here, what does not", &violations);
}

#[test]
fn links_in_documents_lead_somewhere() {
    let mut violations = Vec::new();
    for source in tree::sources().iter().filter(|source| source.has_extension(&["md"])) {
        let folder = tree::root().join(source.folder());
        for (line, link) in links(&source.text) {
            let is_elsewhere = link.contains("://") || link.starts_with("mailto:");
            let path = link.split('#').next().unwrap_or_default();
            if !is_elsewhere && !path.is_empty() && !folder.join(path).exists() {
                violations.push(format!("{}:{line}: {link}", source.path));
            }
        }
    }
    assert_none("a link to a file that is not there", &violations);
}

/// The targets of `[text](target)` outside code, with their lines from 1.
fn links(markdown: &str) -> Vec<(usize, &str)> {
    let (mut found, mut in_code) = (Vec::new(), false);
    for (number, line) in markdown.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        // Every second piece between backticks is code.
        let pieces = line.split('`').step_by(2).filter(|_| !in_code);
        for piece in pieces {
            let targets = piece.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
            found.extend(targets.map(|target| (number + 1, target)));
        }
    }
    found
}

#[test]
fn links_are_found_outside_code() {
    assert_eq!(links("a [b](c.md#d) `[x](y)`\n```\n[e](f)\n```\n![g](h.png \"t\")"), [(1, "c.md#d"), (5, "h.png")]);
}
