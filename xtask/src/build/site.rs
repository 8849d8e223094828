//! The static site in `dist/`, and the same as one file: trunk compiles app and workers and bundles the page, the optimiser
//! makes the modules smaller, and `publish` makes of it what hosts serve.

use super::publish::{self, Part};
use super::{demo, optimise};
use crate::process::{command, run};
use crate::report::{Outcome, found, while_doing};
use crate::setup::Toolchain;
use crate::{fresh, workspace};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

/// Builds the site into `dist/`. `target/demo` must be there.
pub fn build(toolchain: Toolchain) -> Outcome {
    let site = publish::site(parts(toolchain)?)?;
    remove_others(&workspace::dist(), &site)?;
    write(&workspace::dist(), &site)
}

/// Builds the single file and its digest. `target/demo` must be there.
pub fn build_single_file(toolchain: Toolchain) -> Outcome {
    let file = publish::single_file(&parts(toolchain)?)?;
    found("single file", workspace::single_file().join(&file.path).display());
    let sums = publish::sums(std::slice::from_ref(&file));
    write(&workspace::single_file(), &[file, sums])
}

/// All that the site is made of, by the names that trunk gives it.
fn parts(toolchain: Toolchain) -> Outcome<Vec<Part>> {
    let folder = workspace::raw_site();
    let mut trunk = command("trunk");
    trunk
        .args([
            "build",
            "--release",
            "--cargo-profile",
            PROFILE,
            "--quiet",
            "--color",
            "never",
            "--skip-version-check",
            "--dist",
        ])
        .arg(&folder);
    trunk.current_dir(workspace::root()).envs(compiler_settings());
    // trunk reads this variable as an option of its own and refuses the usual value `1`.
    trunk.env_remove("NO_COLOR");
    // The compiler has said what is wrong; where in trunk it was noticed helps nobody.
    trunk.env_remove("RUST_BACKTRACE");
    run(toolchain.apply(&mut trunk))?;
    for module in ["web-app", "plugin"] {
        optimise::in_place(&folder.join(format!("{module}_bg.wasm")))?;
        // As wasm-bindgen wrote it: trunk's minifier chooses other names in each build, and this can be read.
        let glue = workspace::wasm_target().join(format!("wasm-bindgen/release/{module}.js"));
        fs::copy(&glue, folder.join(format!("{module}.js"))).map_err(while_doing(glue.display()))?;
    }
    let mut parts = Vec::new();
    read(&folder, "", &mut parts)?;
    read(&workspace::demo(), demo::PREFIX, &mut parts)?;
    Ok(parts)
}

/// The files below a folder; what their paths begin with is told.
fn read(folder: &Path, prefix: &str, parts: &mut Vec<Part>) -> Outcome {
    for entry in fs::read_dir(folder).map_err(while_doing(folder.display()))? {
        let entry = entry.map_err(while_doing(folder.display()))?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            read(&entry.path(), &format!("{path}/"), parts)?;
        } else {
            let bytes = fs::read(entry.path()).map_err(while_doing(entry.path().display()))?;
            parts.push(Part { path, bytes });
        }
    }
    Ok(())
}

fn write(folder: &Path, parts: &[Part]) -> Outcome {
    parts.iter().try_for_each(|part| fresh::write(&folder.join(&part.path), &part.bytes))
}

/// Leaves nothing of an earlier build.
fn remove_others(folder: &Path, parts: &[Part]) -> Outcome {
    let mut there = Vec::new();
    if folder.is_dir() {
        read(folder, "", &mut there)?;
    }
    for old in there.iter().filter(|old| !parts.iter().any(|part| part.path == old.path)) {
        let path = folder.join(&old.path);
        fs::remove_file(&path).map_err(while_doing(path.display()))?;
    }
    Ok(())
}

/// How cargo is to compile what holds the core: see the root's Cargo.toml.
pub const PROFILE: &str = "site";

/// How the modules that hold the core are compiled, beside [`PROFILE`]. Set for the one target only: the same flags
/// would break programs that run on this machine while it compiles.
pub fn compiler_settings() -> [(&'static str, OsString); 2] {
    // Leptos then erases the types of views, which would each be compiled anew: a tenth of the module.
    let mut flags = vec!["-Ctarget-feature=+simd128".to_owned(), "--cfg=erase_components".to_owned()];
    // The modules are given to other people, who have no use for the paths of this machine.
    flags.push(format!("--remap-path-prefix={}=.", workspace::root().display()));
    if let Some(home) = env::home_dir() {
        flags.push(format!("--remap-path-prefix={}=~", home.display()));
    }
    [
        ("CARGO_TARGET_DIR", workspace::wasm_target().into()),
        ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags.join(" ").into()),
    ]
}
