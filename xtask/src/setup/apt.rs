//! Debian packages, as root or through sudo.

use crate::process::{ask, command, find_program, run};
use crate::report::{Failure, Outcome};
use std::process::Command;

/// Whether this machine installs packages with apt-get.
pub fn is_here() -> bool {
    find_program(&["apt-get"]).is_some()
}

/// Installs the packages that are missing, with a refresh of the lists when the first try fails.
pub fn install(packages: &[&str]) -> Outcome {
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let hint = format!("sudo apt-get update && sudo apt-get install --no-install-recommends {}", missing.join(" "));
    let install = || run(apt_get(&["install", "--yes", "--no-install-recommends"]).args(&missing));
    install()
        .or_else(|_| run(&mut apt_get(&["update"])).and_then(|()| install()))
        .map_err(|failure| Failure::new(failure.what).hint(hint))
}

/// The command as root: as it is, or through sudo for anyone else.
pub fn as_root(program: &str) -> Command {
    let root = ask(command("id").arg("-u")).is_some_and(|id| id == "0");
    if root {
        return command(program);
    }
    let mut sudo = command("sudo");
    sudo.arg(program);
    sudo
}

fn apt_get(arguments: &[&str]) -> Command {
    let mut apt_get = as_root("apt-get");
    // Another installer may hold the lock: wait for it rather than fail.
    apt_get.args(["--quiet=2", "-o", "DPkg::Lock::Timeout=600", "-o", "Dpkg::Use-Pty=0"]);
    apt_get.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    apt_get
}

fn is_installed(package: &str) -> bool {
    ask(command("dpkg-query").args(["--show", "--showformat=${db:Status-Status}", package]))
        .is_some_and(|status| status == "installed")
}
