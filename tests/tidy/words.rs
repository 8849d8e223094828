//! Names that may not appear in a room.

use crate::rust_source::{code_only, lines_with_word, named_under};
use crate::tree::Source;
use crate::{assert_none, tree};

/// What the core must not use, and why.
const NOT_IN_CORE: [&str; 6] = ["fs", "net", "thread", "env", "process", "os"];

/// Files that may allow unsafe code, each with the reason.
const UNSAFE_FILES: [(&str, &str); 3] = [
    (
        "host-cli/src/host/cache.rs",
        "compiled plugins become native code again; the folder is private and their hash is checked",
    ),
    ("plugins/sdk/src/bindings.rs", "the code that wit-bindgen generates for the canonical ABI"),
    ("tests/probe/src/exports.rs", "names that a host can call; no pointer crosses"),
];

#[test]
fn the_core_touches_nothing_outside_itself() {
    let mut violations = Vec::new();
    for source in tree::rust_sources().iter().filter(|source| source.is_in("analyzer-core/src")) {
        let code = code_only(&source.text);
        for (line, name) in named_under(&code, "std") {
            if NOT_IN_CORE.contains(&name.as_str()) {
                violations.push(format!("{}:{line}: std::{name}", source.path));
            }
        }
        for word in ["SystemTime", "Instant", "rand", "getrandom", "wasm_bindgen", "js_sys", "web_sys"] {
            violations.extend(found(source, &code, word));
        }
    }
    assert_none("analyzer-core has no files, network, clock, threads, chance or JavaScript", &violations);
}

#[test]
fn only_the_platform_layer_touches_the_browser() {
    let mut violations = Vec::new();
    let allowed = ["web-app/src/platform", "web-app/src/bin"];
    for source in tree::rust_sources() {
        if allowed.iter().any(|folder| source.is_in(folder)) {
            continue;
        }
        let code = code_only(&source.text);
        for word in ["web_sys", "js_sys"] {
            violations.extend(found(&source, &code, word));
        }
    }
    assert_none("web_sys and js_sys belong in web-app/src/platform", &violations);
}

#[test]
fn widgets_know_nothing_of_the_domain() {
    let mut violations = Vec::new();
    for source in tree::rust_sources().iter().filter(|source| source.is_in("web-app/src/kit")) {
        let code = code_only(&source.text);
        for word in ["panels", "analyzer_core"] {
            violations.extend(found(source, &code, word));
        }
        for (line, name) in named_under(&code, "crate") {
            if ["client", "command", "protocol", "state"].contains(&name.as_str()) {
                violations.push(format!("{}:{line}: crate::{name}", source.path));
            }
        }
    }
    assert_none("web-app/src/kit is free of the domain", &violations);
}

#[test]
fn unsafe_code_is_denied() {
    let mut violations = Vec::new();
    for source in tree::rust_sources() {
        let excepted = UNSAFE_FILES.iter().any(|(path, _)| *path == source.path);
        let code = code_only(&source.text);
        if !excepted {
            violations.extend(found(&source, &code, "unsafe"));
            violations.extend(found(&source, &code, "unsafe_code"));
        }
    }
    assert_none("unsafe code needs an entry with its reason in tests/tidy/words.rs", &violations);
}

#[test]
fn every_crate_takes_the_shared_lints() {
    let sources = tree::sources();
    let manifests = sources.iter().filter(|source| source.path.ends_with("Cargo.toml"));
    let mut violations = Vec::new();
    for manifest in manifests {
        let shares = manifest.text.contains("[lints]\nworkspace = true");
        if manifest.text.contains("[package]") && !shares {
            violations.push(format!("{}: no `[lints]` with `workspace = true`", manifest.path));
        }
        if manifest.text.contains("[workspace.lints.rust]") && !manifest.text.contains("unsafe_code = \"deny\"") {
            violations.push(format!("{}: unsafe code is not denied", manifest.path));
        }
    }
    assert_none("lints are shared", &violations);
}

#[test]
fn nothing_names_the_machine_that_it_was_made_on() {
    // In two parts, so that this file does not set off its own rule.
    let paths = [("/wo", "rk/"), ("/ro", "ot/"), ("/ho", "me/")].map(|(a, b)| format!("{a}{b}"));
    let hosts = [("registry.npm", "js.org"), ("index.cra", "tes.io"), ("arti", "factory")];
    let hosts = hosts.map(|(a, b)| format!("{a}{b}"));
    let mut violations = Vec::new();
    for source in tree::sources() {
        for (number, line) in source.text.lines().enumerate() {
            for word in paths.iter().chain(&hosts).filter(|word| names(line, word)) {
                violations.push(format!("{}:{}: {word}", source.path, number + 1));
            }
        }
    }
    assert_none("no path of a machine and no registry's host", &violations);
}

/// Whether a line names a path or host, and not one that merely ends like it (`a/home/`).
fn names(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || "_-.$}".contains(c))
    })
}

fn found(source: &Source, code: &str, word: &str) -> Vec<String> {
    let lines = lines_with_word(code, word).into_iter();
    lines.map(|line| format!("{}:{line}: {word}", source.path)).collect()
}
