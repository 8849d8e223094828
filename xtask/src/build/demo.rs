//! The demo trail that the page offers.

use crate::fresh;
use crate::process::{command, run};
use crate::report::{Outcome, found, while_doing};
use crate::workspace;
use std::fs;

/// What the paths of its files begin with, by which boot.js knows them.
pub const PREFIX: &str = "demo/";

/// Enough to make the timeline and the facets worth looking at; about 2 MB to download.
const EVENTS: &str = "20000";
const SEED: &str = "7";

/// Generates the trail into `target/demo`, unless the generator that made it is still the same.
pub fn generate() -> Outcome {
    let demo = workspace::demo();
    run(command("cargo").args(["build", "--release", "--package", "xtask-trail"]).current_dir(workspace::root()))?;
    let generator = workspace::release_binary("xtask-trail");
    let program = fs::read(&generator).map_err(while_doing(generator.display()))?;
    let key = fresh::key(&program, (EVENTS, SEED));
    let kept_key = workspace::target().join("demo.key");
    if demo.is_dir() && fs::read_to_string(&kept_key).is_ok_and(|kept| kept == key) {
        found("demo trail", "unchanged");
        return Ok(());
    }
    if demo.exists() {
        fs::remove_dir_all(&demo).map_err(while_doing(demo.display()))?;
    }
    run(command(&generator.to_string_lossy()).args(["--events", EVENTS, "--seed", SEED]).arg("--out").arg(&demo))?;
    fresh::write(&kept_key, key.as_bytes())
}
