//! Programs from crates.io that the site is built with, each at the one version that fits.

use crate::process::{ask, command, run};
use crate::report::{Outcome, found, step};
use std::env;

/// Bundles the page. Newer ones want a newer compiler.
const TRUNK: Tool = Tool { program: "trunk", package: "trunk", version: "0.21.14", lock: Lock::Keep };

/// Writes the glue between wasm and JavaScript. Must be the exact version of the library in
/// `Cargo.toml`. Its lock file names a release that cannot be downloaded any more, so the newest
/// compatible dependencies are used.
const WASM_BINDGEN: Tool =
    Tool { program: "wasm-bindgen", package: "wasm-bindgen-cli", version: "0.2.130", lock: Lock::Ignore };

/// Builds and starts fuzz targets.
const CARGO_FUZZ: Tool = Tool { program: "cargo-fuzz", package: "cargo-fuzz", version: "0.13.2", lock: Lock::Keep };

/// A program and where it comes from.
struct Tool {
    program: &'static str,
    package: &'static str,
    version: &'static str,
    lock: Lock,
}

/// Whether `cargo install` takes the versions of the package's own lock file.
enum Lock {
    Keep,
    Ignore,
}

/// Installs trunk, unless it is there at the right version.
pub fn trunk() -> Outcome {
    install(&TRUNK)
}

/// Installs wasm-bindgen's command, unless it is there at the right version.
pub fn wasm_bindgen() -> Outcome {
    install(&WASM_BINDGEN)
}

/// Installs cargo-fuzz, unless it is there at the right version.
pub fn cargo_fuzz() -> Outcome {
    install(&CARGO_FUZZ)
}

fn install(tool: &Tool) -> Outcome {
    let Tool { program, package, version, .. } = tool;
    if is_there(tool) {
        found(program, format!("{version} is there already"));
        return Ok(());
    }
    let mut cargo = command("cargo");
    cargo.args(["install", "--quiet", package, "--version", version]);
    if matches!(tool.lock, Lock::Keep) {
        cargo.arg("--locked");
    }
    // Away from the project, whose cargo settings are not meant for other people's programs.
    cargo.current_dir(env::temp_dir());
    // These run for seconds and compile for minutes: ask for little optimising.
    cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
    cargo.env("CARGO_PROFILE_RELEASE_LTO", "off");
    cargo.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    cargo.env("CARGO_PROFILE_RELEASE_DEBUG", "0");
    step(format!("cargo install {package} {version} (some minutes)"), || run(&mut cargo))
        .map_err(|failure| failure.hint(format!("cargo install {package} --version {version}")))
}

fn is_there(tool: &Tool) -> bool {
    ask(command(tool.program).arg("--version"))
        .is_some_and(|text| text.split_whitespace().any(|word| word == tool.version))
}
