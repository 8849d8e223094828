//! Where things are: the one list of the folders that xtask reads and writes.

use std::path::{Path, PathBuf};

/// The project's folder.
pub fn root() -> &'static Path {
    // xtask/ is one level below the root, wherever the project was checked out when it was built.
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// Everything generated but the site.
pub fn target() -> PathBuf {
    root().join("target")
}

/// Where wasm32 modules are compiled: apart from the native ones, since another compiler may make
/// them and the two would discard each other's results.
pub fn wasm_target() -> PathBuf {
    target().join("wasm")
}

/// The browser tests and what they (and the optimiser) need from npm.
pub fn e2e() -> PathBuf {
    root().join("tests/e2e")
}

/// The static site.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// The site as trunk and the optimiser leave it.
pub fn raw_site() -> PathBuf {
    target().join("site")
}

/// The site as one file, in a folder of its own.
pub fn single_file() -> PathBuf {
    target().join("single-file")
}

/// The plugins, one component each.
pub fn plugins() -> PathBuf {
    target().join("plugins")
}

/// Plugins that are not written in Rust: one folder for each language.
pub fn languages() -> PathBuf {
    root().join("plugins/languages")
}

/// These plugins, one component each.
pub fn built_languages() -> PathBuf {
    target().join("languages")
}

/// The contract of plugins.
pub fn contract() -> PathBuf {
    root().join("plugins/contract/wit/since-v1.0")
}

/// Plugins that misbehave on purpose.
pub fn hostile() -> PathBuf {
    target().join("hostile")
}

/// The module that asks the core in wasm what the tests ask it natively.
pub fn probe() -> PathBuf {
    target().join("probe/probe.wasm")
}

/// The demo trail, as the page loads it.
pub fn demo() -> PathBuf {
    target().join("demo")
}

/// A program of ours, compiled for speed.
pub fn release_binary(name: &str) -> PathBuf {
    program("release", name)
}

/// A program of ours, compiled as the tests are.
pub fn dev_binary(name: &str) -> PathBuf {
    program("debug", name)
}

fn program(folder: &str, name: &str) -> PathBuf {
    target().join(folder).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
