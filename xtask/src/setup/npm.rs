//! The packages of `tests/e2e/package.json`: the optimiser for wasm (binaryen's wasm-opt) and the
//! driver of the browser tests.

use crate::process::{command, find_program, run};
use crate::report::{Failure, Outcome, found, step, while_doing};
use crate::workspace;
use std::fs;

/// Installs what the lock file names, unless the same lock file was installed before.
pub fn packages() -> Outcome {
    let folder = workspace::e2e();
    let lock = folder.join("package-lock.json");
    let wanted = fs::read(&lock).map_err(while_doing(lock.display()))?;
    // npm rewrites its own record of what is installed; this copy is byte for byte what was asked.
    let installed = folder.join("node_modules/.installed-lock.json");
    if fs::read(&installed).is_ok_and(|there| there == wanted) {
        found("npm packages", "there already");
        return Ok(());
    }
    if find_program(&["npm"]).is_none() {
        return Err(Failure::new("npm is missing").hint("install Node.js 20 or newer, which brings npm"));
    }
    let mut npm = command("npm");
    // The packages' own install scripts would only download browsers.
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&folder);
    step("npm ci in tests/e2e", || run(&mut npm))?;
    fs::write(&installed, wanted).map_err(while_doing(installed.display()))
}
