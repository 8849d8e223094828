//! Hostile plugins end within their limits and are named, and the scan goes on with the others.
//!
//! The guests are in `tests/hostile`; files that are wrong before they run are made here.

// A test that cannot go on is to fail.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod binary;
mod files;
mod guests;
mod modules;

use std::path::PathBuf;

/// A built artefact under the target folder.
fn artefact(path: &str) -> PathBuf {
    let target = std::env::var_os("TRAILGLASS_TARGET")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target")), PathBuf::from);
    let path = target.join(path);
    assert!(path.exists(), "{} is missing; run cargo xtask test", path.display());
    path
}

fn hostile(name: &str) -> PathBuf {
    artefact(&format!("hostile/{name}.wasm"))
}
