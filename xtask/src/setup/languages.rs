//! What makes components of plugins that are not written in Rust, at the versions that `plugins/languages` pins. npm's and
//! pip's packages go below `target/setup`; clang is a package of the system.

use super::apt;
use crate::process::{command, find_program, run};
use crate::report::{Failure, Outcome, found, step, while_doing};
use crate::{fresh, workspace};
use std::fs;
use std::path::{Path, PathBuf};

/// Installs componentize-qjs; returns the program, which is one for node.
pub fn javascript() -> Outcome<PathBuf> {
    let folder = workspace::target().join("setup/javascript");
    let program = folder.join("node_modules/componentize-qjs/bin/componentize-qjs");
    if find_program(&["npm"]).is_none() {
        return Err(Failure::new("npm is missing").hint("install Node.js 20 or newer, which brings npm"));
    }
    let lists = ["package.json", "package-lock.json"];
    once("componentize-qjs", &folder, &workspace::languages().join("javascript"), &lists, |folder| {
        // Not `npm ci`: it wants the lock file to name the program's builds for all systems, and some were never published.
        run(command("npm").args(["install", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder))
    })?;
    Ok(program)
}

/// Installs componentize-py into an environment of its own; returns the program.
pub fn python() -> Outcome<PathBuf> {
    let folder = workspace::target().join("setup/python");
    let python = ["python3", "python"].into_iter().find(|name| find_program(&[name]).is_some());
    let missing =
        || Failure::new("Python is missing").hint("install Python 3.10 or newer with its modules venv and pip");
    let python = python.ok_or_else(missing)?;
    let programs = folder.join("environment").join(if cfg!(windows) { "Scripts" } else { "bin" });
    once("componentize-py", &folder, &workspace::languages().join("python"), &["requirements.txt"], |folder| {
        run(command(python).args(["-m", "venv", "--clear"]).arg(folder.join("environment")))
            .map_err(|failure| failure.hint("sudo apt-get install python3-venv, or what brings venv to this system"))?;
        let pip = programs.join("python");
        let mut install = command(&pip.to_string_lossy());
        install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
        run(install.arg(folder.join("requirements.txt")))
    })?;
    Ok(programs.join("componentize-py"))
}

/// Finds clang and its linker for wasm, or installs Debian's.
pub fn c() -> Outcome<PathBuf> {
    let compiler = || find_program(&["clang"]).filter(|_| find_program(&["wasm-ld"]).is_some());
    if let Some(clang) = compiler() {
        found("clang and wasm-ld", "there already");
        return Ok(clang);
    }
    let missing = || Failure::new("clang or its linker wasm-ld is missing").hint("install clang and lld of LLVM");
    if !apt::is_here() {
        return Err(missing());
    }
    step("apt-get install clang lld", || apt::install(&["clang", "lld"]))?;
    compiler().ok_or_else(missing)
}

/// Installs what some lists name into a folder, unless that was done with the same lists.
fn once(name: &str, folder: &Path, sources: &Path, lists: &[&str], install: impl FnOnce(&Path) -> Outcome) -> Outcome {
    let mut wanted = Vec::new();
    for list in lists {
        let path = sources.join(list);
        let bytes = fs::read(&path).map_err(while_doing(path.display()))?;
        fresh::write(&folder.join(list), &bytes)?;
        wanted.extend(bytes);
    }
    let done = folder.join("installed.key");
    let key = fresh::key(&wanted, folder);
    if fs::read_to_string(&done).is_ok_and(|there| there == key) {
        found(name, "there already");
        return Ok(());
    }
    step(format!("install {name}"), || install(folder))?;
    fresh::write(&done, key.as_bytes())
}
