//! Everything that a new machine lacks. Each step looks first and is skipped when its result is
//! there and valid, so that a second run costs a moment.

mod apt;
mod browser;
mod debian;
mod engines;
pub mod languages;
mod npm;
mod tools;
mod wasm;

use crate::report::Outcome;
use std::path::PathBuf;

pub use engines::Missing;
pub use wasm::{TARGET, Toolchain};

/// What it takes to build the site, the plugins and the command line.
pub fn for_building() -> Outcome<Toolchain> {
    let toolchain = wasm::target()?;
    tools::trunk()?;
    tools::wasm_bindgen()?;
    npm::packages()?;
    Ok(toolchain)
}

/// A Chromium for the browser tests.
pub fn for_browser_tests() -> Outcome<PathBuf> {
    browser::chromium()
}

/// Other browsers for the same tests, where this machine can have them; those that it goes without.
pub fn other_engines() -> Vec<Missing> {
    engines::others()
}

/// What it takes to fuzz.
pub fn for_fuzzing() -> Outcome {
    tools::cargo_fuzz()
}
