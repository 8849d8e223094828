//! The shipped modules have no way to name a network: what a module can do is what it imports, and
//! what its glue hands it.

use crate::{assert_none, tree};
use std::fs;
use std::path::{Path, PathBuf};
use wasmparser::{Parser, Payload};

/// What opens a connection or leaves the page, as browsers name it.
const NETWORK: [&str; 9] = [
    "fetch",
    "XMLHttpRequest",
    "WebSocket",
    "WebTransport",
    "EventSource",
    "sendBeacon",
    "RTCPeerConnection",
    "importScripts",
    "serviceWorker",
];

/// Methods and setters that lead the page elsewhere, as wasm-bindgen names imports.
const NAVIGATION: [&str; 8] =
    ["set_location", "set_href", "assign", "replace", "open", "submit", "set_src", "set_action"];

#[test]
fn the_shipped_modules_import_no_network() {
    let mut violations = Vec::new();
    for module in shipped("wasm") {
        let bytes = fs::read(&module).unwrap();
        let imports = imports(&bytes);
        assert!(!imports.is_empty(), "{} imports nothing at all", module.display());
        let forbidden = imports.iter().filter(|name| is_forbidden(name));
        violations.extend(forbidden.map(|name| format!("{}: {name}", module.display())));
    }
    assert_none("a shipped module imports what reaches a network", &violations);
}

#[test]
fn the_glue_names_no_network() {
    let mut violations = Vec::new();
    for script in shipped("js") {
        // The first loader of the boot order, and what passes on its requests.
        if ["boot.js", "sw.js"].contains(&plain_name(&script).as_str()) {
            continue;
        }
        let text = fs::read_to_string(&script).unwrap();
        for name in NETWORK.iter().filter(|name| names_beside_the_loader(&text, name)) {
            violations.push(format!("{}: {name}", script.display()));
        }
    }
    assert_none("a shipped script names what reaches a network", &violations);
}

/// Whether a script names it elsewhere than in the glue's own loader, which fetches the module where it is given a URL:
/// boot.js never gives it one, and after the seal it could not.
fn names_beside_the_loader(script: &str, name: &str) -> bool {
    let said = script.replace("failed to fetch Wasm: ${", "").replace(" fetching '${", "");
    let named: Vec<usize> = said.match_indices(name).map(|(at, _)| at).collect();
    let is_loader = |at: &usize| name == "fetch" && fetches_its_own_argument(&said, *at);
    named.iter().filter(|at| is_loader(at)).count() > 1 || named.iter().any(|at| !is_loader(at))
}

/// `module = fetch(module)`, whatever a minifier calls the module.
fn fetches_its_own_argument(script: &str, at: usize) -> bool {
    let (before, after) = script.split_at(at);
    let argument = after.strip_prefix("fetch(").and_then(|rest| rest.split_once(')')).map(|(argument, _)| argument);
    let assigned = before.trim_end().strip_suffix('=').map(str::trim_end);
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let assigned = assigned.map(|text| &text[text.trim_end_matches(is_name).len()..]);
    assigned.is_some() && assigned == argument
}

#[test]
fn the_loader_is_told_from_what_else_reaches_a_network() {
    fn check(script: &str, expected: bool) {
        assert_eq!(names_beside_the_loader(script, "fetch"), expected, "{script}");
    }
    check("if (b) { module_or_path = fetch(module_or_path); }", false);
    check("if(b){a=fetch(a)}", false);
    check("throw new K(`failed to fetch Wasm: ${a.status} fetching '${a.url}'`)", false);
    check("a=fetch(b)", true);
    check("fetch(a)", true);
    check("a=fetch(a);a=fetch(a)", true);
    check("self.fetch", true);
    check("const x = { fetch }", true);
}

fn shipped(extension: &str) -> Vec<PathBuf> {
    let folder = tree::root().join("dist");
    let entries = fs::read_dir(folder).expect("dist/ is missing; run cargo xtask test");
    let files = entries.flatten().map(|entry| entry.path());
    let files: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|found| found == extension)).collect();
    assert!(files.len() >= 2, "dist/ holds less than the app and its worker; run cargo xtask test");
    files
}

/// A file's name without the hash that the build put before its extension.
fn plain_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let parts: Vec<&str> = name.split('.').collect();
    let is_hash = |part: &str| part.len() == 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let kept = parts.iter().enumerate().filter(|(at, part)| *at == 0 || *at + 1 == parts.len() || !is_hash(part));
    kept.map(|(_, part)| *part).collect::<Vec<_>>().join(".")
}

#[test]
fn names_are_known_without_their_hashes() {
    fn check(name: &str, expected: &str) {
        assert_eq!(plain_name(Path::new(name)), expected);
    }
    check("dist/boot.0123abcd.js", "boot.js");
    check("dist/sw.js", "sw.js");
    check("dist/plugin_bg.0123abcd.wasm", "plugin_bg.wasm");
}

fn imports(module: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::ImportSection(section) = payload.unwrap() {
            names.extend(section.into_imports().map(|import| import.unwrap().name.to_owned()));
        }
    }
    names
}

/// An import is named `__wbg_method_0123456789abcdef`.
fn is_forbidden(import: &str) -> bool {
    let plain = import.strip_prefix("__wbg_").unwrap_or(import);
    let method = plain.rsplit_once('_').map_or(plain, |(method, _)| method);
    let network = NETWORK.iter().any(|name| plain.to_ascii_lowercase().contains(&name.to_ascii_lowercase()));
    network || NAVIGATION.contains(&method)
}

#[test]
fn network_and_navigation_are_told_from_the_rest() {
    fn check(import: &str, expected: bool) {
        assert_eq!(is_forbidden(import), expected, "{import}");
    }
    check("__wbg_fetch_3a4c0f1b2c3d4e5f", true);
    check("__wbg_new_WebSocket_3a4c0f1b2c3d4e5f", true);
    check("__wbg_sendBeacon_3a4c0f1b2c3d4e5f", true);
    check("__wbg_set_href_3a4c0f1b2c3d4e5f", true);
    check("__wbg_assign_3a4c0f1b2c3d4e5f", true);
    check("__wbg_replaceState_3a4c0f1b2c3d4e5f", false);
    check("__wbg_postMessage_3a4c0f1b2c3d4e5f", false);
    check("__wbindgen_throw", false);
}
