//! The other browsers of the tests: Firefox, and WebKit as WebKitGTK has it. A machine that cannot have one goes without, and
//! the tests say so: they find the programs themselves (`tests/e2e/lib`).

use super::apt;
use crate::process::find_program;
use crate::report::{found, step};
use std::env;
use std::path::{Path, PathBuf};

/// A browser that is not here.
pub struct Missing {
    /// Its name.
    pub name: &'static str,
    /// What to do about it.
    pub hint: &'static str,
}

struct Engine {
    name: &'static str,
    packages: &'static [&'static str],
    find: fn() -> Option<PathBuf>,
    hint: &'static str,
}

const ALL: [Engine; 2] = [
    Engine {
        name: "Firefox",
        packages: &["firefox-esr"],
        find: firefox,
        hint: "install Firefox, or name its program in the variable TRAILGLASS_FIREFOX",
    },
    Engine {
        name: "WebKit",
        packages: &["webkit2gtk-driver", "xvfb"],
        find: webkit,
        hint: "on Linux install WebKitGTK with its MiniBrowser and WebKitWebDriver, and Xvfb; other systems have no WebKitGTK",
    },
];

/// Installs them where apt-get can; which of them the tests have to go without.
pub fn others() -> Vec<Missing> {
    ALL.iter().filter(|engine| !is_there(engine)).map(|Engine { name, hint, .. }| Missing { name, hint }).collect()
}

fn is_there(engine: &Engine) -> bool {
    let Engine { name, packages, find, hint } = engine;
    if find().is_none() && apt::is_here() {
        let names = packages.join(" ");
        // Why it failed has been said; what follows does not need it.
        let _ = step(format!("apt-get install {names}"), || apt::install(packages));
    }
    match find() {
        Some(program) => found(name, program.display()),
        None => found(name, format!("not here, its tests are left out; {hint}")),
    }
    find().is_some()
}

fn firefox() -> Option<PathBuf> {
    let on_macos = "/Applications/Firefox.app/Contents/MacOS/firefox";
    named("TRAILGLASS_FIREFOX")
        .or_else(|| find_program(&["firefox-esr", "firefox"]))
        .or_else(|| Some(PathBuf::from(on_macos)).filter(|path| path.is_file()))
}

/// Its driver: the package of that needs the browser itself.
fn webkit() -> Option<PathBuf> {
    find_program(&["Xvfb"]).and_then(|_| find_program(&["WebKitWebDriver"]))
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from).filter(|path| Path::is_file(path))
}
