//! The demo trail that the page offers, and the list by which the page finds its files.

use crate::fresh;
use crate::process::{command, run};
use crate::report::{Outcome, found, while_doing};
use crate::workspace;
use serde_json::json;
use std::fs;
use std::path::Path;

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
    if demo.join("manifest.json").is_file() && fs::read_to_string(&kept_key).is_ok_and(|kept| kept == key) {
        found("demo trail", "unchanged");
        return Ok(());
    }
    if demo.exists() {
        fs::remove_dir_all(&demo).map_err(while_doing(demo.display()))?;
    }
    run(command(&generator.to_string_lossy()).args(["--events", EVENTS, "--seed", SEED]).arg("--out").arg(&demo))?;
    let mut files = Vec::new();
    list(&demo, "", &mut files)?;
    files.sort();
    let manifest = json!({ "files": files }).to_string();
    fresh::write(&demo.join("manifest.json"), manifest.as_bytes())?;
    fresh::write(&kept_key, key.as_bytes())
}

/// The files below a folder, as paths with `/` relative to where it began.
fn list(folder: &Path, prefix: &str, files: &mut Vec<String>) -> Outcome {
    for entry in fs::read_dir(folder).map_err(while_doing(folder.display()))? {
        let entry = entry.map_err(while_doing(folder.display()))?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            list(&entry.path(), &format!("{path}/"), files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
