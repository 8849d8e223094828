//! A Chromium for the browser tests: the one that is named or found, or Debian's.

use super::apt;
use crate::process::find_program;
use crate::report::{Failure, Outcome, found, step};
use std::env;
use std::path::{Path, PathBuf};

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const ON_MACOS: [&str; 2] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/// The browser's program.
pub fn chromium() -> Outcome<PathBuf> {
    if let Some(program) = installed()? {
        found("browser", program.display());
        return Ok(program);
    }
    let missing = || {
        Failure::new("no Chromium or Chrome was found for the browser tests")
            .hint("install Chromium or Chrome, or name its program in the variable TRAILGLASS_CHROMIUM")
    };
    if !apt::is_here() {
        return Err(missing());
    }
    step("apt-get install chromium", || apt::install(&["chromium"]))?;
    find_program(&NAMES).ok_or_else(missing)
}

fn installed() -> Outcome<Option<PathBuf>> {
    if let Some(named) = env::var_os("TRAILGLASS_CHROMIUM") {
        let named = PathBuf::from(named);
        return if named.is_file() {
            Ok(Some(named))
        } else {
            Err(Failure::new("the variable TRAILGLASS_CHROMIUM does not name a program")
                .hint(format!("unset it or correct it: {}", named.display())))
        };
    }
    let in_applications = || ON_MACOS.iter().map(PathBuf::from).find(|path| Path::is_file(path));
    Ok(find_program(&NAMES).or_else(in_applications))
}
