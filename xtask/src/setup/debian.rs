//! The wasm32 target where rustup cannot download it: Debian ships the same compiler with the
//! source of its standard library, which is built here once and linked into rustup under a name
//! of its own.

use super::apt;
use super::wasm::TARGET;
use crate::process::{ask, command, find_program, run};
use crate::report::{Failure, Outcome, found, step, while_doing};
use crate::workspace;
use std::fs;
use std::path::{Path, PathBuf};

/// The toolchain's name in rustup.
pub const NAME: &str = "debian";

const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];
const LINKER: &str = "/usr/bin/lld-22";
const RUSTLIB: &str = "/usr/lib/rustlib";

/// Whether this machine is one that the fallback is made for.
pub fn is_possible() -> bool {
    apt::is_here() && find_program(&["rustup"]).is_some()
}

/// Whether rustup knows the toolchain.
pub fn is_linked() -> bool {
    ask(command("rustup").args(["toolchain", "list"]))
        .is_some_and(|list| list.lines().any(|line| line.split_whitespace().next() == Some(NAME)))
}

/// Installs the packages, builds the standard library and links the toolchain.
pub fn install() -> Outcome {
    found("wasm32 target", "not to be had from rustup; using Debian's compiler and library source");
    step(format!("apt-get install {}", PACKAGES.join(" ")), || apt::install(&PACKAGES))?;
    let libraries = step("build the standard library for wasm32", build_std)?;
    step(format!("install it as the toolchain `{NAME}`"), || link(&libraries))
}

/// Builds std for the target as a dependency of an empty crate; returns its libraries.
fn build_std() -> Outcome<Vec<PathBuf>> {
    let folder = workspace::target().join("setup/std");
    let name = "empty_crate";
    // What an older compiler left behind would be copied with the rest.
    fs::remove_dir_all(&folder).or_else(ignore_missing).map_err(while_doing(folder.display()))?;
    fs::create_dir_all(folder.join("src")).map_err(while_doing(folder.display()))?;
    // The empty [workspace] keeps cargo from looking for ours above it.
    let manifest = format!("[package]\nname = \"{name}\"\nedition = \"2021\"\n[workspace]\n");
    fs::write(folder.join("Cargo.toml"), manifest).map_err(while_doing("write an empty crate"))?;
    fs::write(folder.join("src/lib.rs"), "").map_err(while_doing("write an empty crate"))?;
    run(command("/usr/bin/cargo")
        .args(["build", "--release", "-Z", "build-std=std,panic_abort", "--target", TARGET])
        .current_dir(&folder)
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", folder.join("target"))
        // Without the bitcode, a later build with LTO fails.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes"))?;
    let built = folder.join("target").join(TARGET).join("release/deps");
    let own = format!("lib{name}-");
    let libraries: Vec<PathBuf> = fs::read_dir(&built)
        .map_err(while_doing(built.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "rlib"))
        .filter(|path| !file_name(path).starts_with(&own))
        .collect();
    if libraries.iter().any(|path| file_name(path).starts_with("libstd-")) {
        Ok(libraries)
    } else {
        Err(Failure::new("the build of the standard library left no libstd"))
    }
}

fn link(libraries: &[PathBuf]) -> Outcome {
    let host = host_triple()?;
    let library = Path::new(RUSTLIB).join(TARGET).join("lib");
    let bin = Path::new(RUSTLIB).join(host).join("bin");
    run(apt::as_root("mkdir").arg("-p").arg(&library).arg(&bin))?;
    // Two versions of std side by side are an error in every later build.
    for old in fs::read_dir(&library).map_err(while_doing(library.display()))?.flatten() {
        run(apt::as_root("rm").arg(old.path()))?;
    }
    run(apt::as_root("cp").args(libraries).arg(&library))?;
    run(apt::as_root("ln").args(["-sfn", LINKER]).arg(bin.join("rust-lld")))?;
    run(command("rustup").args(["toolchain", "link", NAME, "/usr"]))?;
    // cargo does not notice that a standard library changed.
    let stale = workspace::wasm_target();
    fs::remove_dir_all(&stale).or_else(ignore_missing).map_err(while_doing(stale.display()))
}

fn host_triple() -> Outcome<String> {
    ask(command("/usr/bin/rustc").arg("-vV"))
        .and_then(|text| text.lines().find_map(|line| Some(line.strip_prefix("host: ")?.to_owned())))
        .ok_or_else(|| Failure::new("/usr/bin/rustc does not tell its host"))
}

fn file_name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

fn ignore_missing(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}
