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

#[test]
fn the_page_of_fields_is_that_of_the_table() {
    let page = std::fs::read_to_string(tree::root().join("docs/fields.md")).unwrap_or_default();
    let is_current = page.replace('\r', "") == analyzer_core::field::reference_page();
    let update = "run `cargo run --package analyzer-core --example fields > docs/fields.md`";
    assert!(is_current, "docs/fields.md is not what the table of fields says: {update}");
}

#[test]
fn the_examples_of_the_search_language_are_searches() {
    let page = std::fs::read_to_string(tree::root().join("docs/search.md")).unwrap();
    let examples = table_examples(&page);
    assert!(examples.len() > 20, "found only {examples:?}");
    let mut violations = Vec::new();
    for example in examples {
        let problems = analyzer_core::predicate::parse(&example, Some(0)).problems;
        violations.extend(problems.into_iter().map(|problem| format!("{example}: {}", problem.message)));
    }
    assert_none("an example in docs/search.md has a problem", &violations);
}

#[test]
fn the_examples_of_metric_filters_are_patterns() {
    let page = std::fs::read_to_string(tree::root().join("docs/metric-filters.md")).unwrap();
    let examples = table_examples(&page);
    let patterns = examples.iter().filter(|example| example.starts_with('{') || example.contains(' '));
    assert!(patterns.clone().count() > 10, "found only {examples:?}");
    let problem = |pattern: &String| {
        let problem = analyzer_core::detect::metric::parse(pattern).err()?;
        Some(format!("{pattern}: {}", problem.message))
    };
    assert_none(
        "an example in docs/metric-filters.md is no pattern",
        &patterns.filter_map(problem).collect::<Vec<_>>(),
    );
}

/// The first cell of each row that is all code and looks like a search.
fn table_examples(markdown: &str) -> Vec<String> {
    let cells = markdown.lines().filter(|line| line.starts_with('|')).flat_map(|line| line.split(" | ").take(2));
    let codes = cells.filter_map(|cell| cell.trim_start_matches(['|', ' ']).strip_prefix('`')?.strip_suffix('`'));
    codes.map(|code| code.replace("\\|", "|")).collect()
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
