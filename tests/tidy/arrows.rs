//! Which of our crates may depend on which.

use crate::{assert_none, tree};
use serde_json::Value;
use std::process::Command;

/// Each crate and those of ours that it may use. What is used by tests only is listed apart.
const ARROWS: [(&str, &[&str], &[&str]); 17] = [
    ("analyzer-core", &[], &["trail-generator"]),
    ("plugin-host", &["analyzer-core", "trailglass-contract"], &[]),
    ("host-cli", &["analyzer-core", "plugin-host", "trailglass-contract"], &["trail-generator"]),
    ("web-app", &["analyzer-core", "plugin-host", "trailglass-contract"], &[]),
    ("trail-generator", &[], &[]),
    ("trailglass-probe", &["analyzer-core"], &[]),
    ("ingest-proof", &["analyzer-core", "plugin-host", "web-app"], &["trail-generator"]),
    ("ingest-fuzz", &["ingest-proof"], &[]),
    ("sigma-proof", &["analyzer-core"], &["trail-generator"]),
    ("trailglass-testkit", &["host-cli"], &[]),
    ("hostile-modules", &["trailglass-contract"], &[]),
    ("xtask", &[], &[]),
    ("xtask-bench", &["analyzer-core", "trail-generator"], &[]),
    ("xtask-trail", &["trail-generator"], &[]),
    ("trailglass-contract", &[], &[]),
    ("trailglass-plugin", &["trailglass-contract"], &[]),
    ("a plugin", &["trailglass-plugin"], &[]),
];

/// The proof may use everything.
const EVERYTHING: &str = "trailglass-tests";

/// Libraries that would give the core a clock, chance, threads or a browser.
const NOT_BELOW_CORE: [&str; 6] = ["getrandom", "js-sys", "rand", "rayon", "wasm-bindgen", "web-sys"];

#[test]
fn our_crates_depend_on_each_other_as_drawn() {
    let mut violations = Vec::new();
    for workspace in ["", "plugins", "tests/fuzz", "tests/hostile"] {
        let packages = packages(workspace);
        let dependencies = packages.iter().flat_map(|package| {
            let all = package["dependencies"].as_array().into_iter().flatten();
            all.filter(|dependency| dependency["path"].is_string()).map(move |dependency| (package, dependency))
        });
        for (package, dependency) in dependencies {
            let (from, to) = (text(&package["name"]), text(&dependency["name"]));
            let for_tests = dependency["kind"] == "dev";
            if from != EVERYTHING && !may_use(workspace, from, to, for_tests) {
                violations.push(format!("{from} → {to}"));
            }
        }
    }
    assert_none("an arrow that the design does not have", &violations);
}

fn may_use(workspace: &str, from: &str, to: &str, for_tests: bool) -> bool {
    let listed = ARROWS.iter().find(|(name, ..)| *name == from);
    let in_plugins = !workspace.is_empty();
    let rule = listed.or_else(|| ARROWS.iter().find(|(name, ..)| in_plugins && *name == "a plugin"));
    rule.is_some_and(|(_, uses, tests_use)| uses.contains(&to) || for_tests && tests_use.contains(&to))
}

#[test]
fn every_crate_of_the_workspace_is_in_the_table() {
    let packages = packages("");
    let unknown = packages
        .iter()
        .map(|package| text(&package["name"]))
        .filter(|name| *name != EVERYTHING && !ARROWS.iter().any(|(known, ..)| known == name));
    let unknown: Vec<String> = unknown.map(str::to_owned).collect();
    assert_none("a new crate needs a row in tests/tidy/arrows.rs", &unknown);
}

#[test]
fn nothing_below_the_core_has_a_clock_or_a_browser() {
    let targets = ["x86_64-unknown-linux-gnu", "wasm32-unknown-unknown"];
    let mut violations = Vec::new();
    for target in targets {
        let tree = cargo(
            "",
            &["tree", "--package", "analyzer-core", "--edges", "normal", "--prefix", "none", "--target", target],
        );
        let names = tree.lines().filter_map(|line| line.split_whitespace().next());
        let found = names.filter(|name| NOT_BELOW_CORE.contains(name));
        violations.extend(found.map(|name| format!("{name}, for {target}")));
    }
    assert_none("a library that the core must not pull in", &violations);
}

fn packages(workspace: &str) -> Vec<Value> {
    let listing = cargo(workspace, &["metadata", "--no-deps", "--format-version", "1"]);
    let mut metadata: Value = serde_json::from_str(&listing).unwrap();
    match metadata["packages"].take() {
        Value::Array(packages) if !packages.is_empty() => packages,
        _ => panic!("cargo metadata names no package in {workspace}"),
    }
}

fn cargo(folder: &str, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(tree::root().join(folder)).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
