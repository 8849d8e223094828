//! Plugins that are not written in Rust: which tool makes a component of each, and with which words. The tools belong to the
//! author's machine; nothing is installed here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::build::{component, ran, write};
use super::project::Project;

/// Where a project keeps the contract.
const WIT: &str = "wit/since-v1.0";

/// Makes a component of `detector.js`.
///
/// # Errors
/// What failed, and what to do.
pub fn javascript(project: &Project, result: &Path) -> Result<(), String> {
    let tool = Path::new("node_modules/componentize-qjs/bin/componentize-qjs");
    if !project.folder.join(tool).is_file() {
        return Err("componentize-qjs is not installed\nhint: `npm install` in the plugin's folder".to_owned());
    }
    let mut node = Command::new("node");
    node.arg(tool).args(["--sync", "--stub-wasi", "--wit", WIT, "--js", "detector.js", "--output"]);
    node.arg(absolute(result)?).current_dir(&project.folder).env("NO_COLOR", "1");
    ran(node, "what it says is above; it needs Node.js 20 or newer").map(drop)
}

/// Makes a component of `detector.py`, with the tool in the project's own environment or else on the path.
///
/// # Errors
/// What failed, and what to do.
pub fn python(project: &Project, result: &Path) -> Result<(), String> {
    let name = format!("componentize-py{}", std::env::consts::EXE_SUFFIX);
    let own = absolute(&project.folder)?.join(".venv").join(if cfg!(windows) { "Scripts" } else { "bin" }).join(&name);
    let tool = if own.is_file() { own } else { PathBuf::from(name) };
    let mut componentize = Command::new(tool);
    componentize.args(["--quiet", "--wit-path", WIT, "--world", "plugin", "componentize", "--stub-wasi", "--output"]);
    componentize.arg(absolute(result)?).arg("detector").current_dir(&project.folder);
    ran(componentize, "`python3 -m venv .venv && .venv/bin/pip install --requirement requirements.txt`").map(drop)
}

/// Makes a component of `detector.c`.
///
/// # Errors
/// What failed, and what to do.
pub fn c(project: &Project, result: &Path) -> Result<(), String> {
    let module = result.with_extension("module");
    let mut clang = Command::new("clang");
    clang.args(["--target=wasm32", "-std=c11", "-O2", "-Wall", "-Wextra", "-nostdlib"]);
    clang.args(["-Wl,--no-entry", "-Wl,--strip-all", "detector.c", "trailglass.c", "-o"]).arg(absolute(&module)?);
    clang.current_dir(&project.folder);
    ran(clang, "it needs clang and wasm-ld: `apt-get install clang lld`, or LLVM's own packages")?;
    let bytes = fs::read(&module).map_err(|error| format!("{error}: {}", module.display()))?;
    fs::remove_file(&module).map_err(|error| format!("{error}: {}", module.display()))?;
    write(result, &component(&bytes)?)
}

/// The tools run in the project's folder.
fn absolute(path: &Path) -> Result<PathBuf, String> {
    std::path::absolute(path).map_err(|error| format!("{error}: {}", path.display()))
}
