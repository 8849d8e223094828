//! Making modules smaller with binaryen's wasm-opt. It takes longer than a second build may take,
//! so results are kept by the content that they were made from.

use crate::fresh;
use crate::process::{command, run};
use crate::report::{Outcome, found, step, while_doing};
use crate::workspace;
use std::fs;
use std::path::{Path, PathBuf};

/// What wasm-opt is asked for: size, for the speed is in the code; and the features that the compiler uses for this target.
const OPTIONS: [&str; 9] = [
    "-Oz",
    "--strip-debug",
    "--strip-producers",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-simd",
];

/// Replaces a module by its optimised form.
pub fn in_place(module: &Path) -> Outcome {
    let name = module.file_stem().and_then(|stem| stem.to_str()).unwrap_or("module");
    let bytes = fs::read(module).map_err(while_doing(module.display()))?;
    let kept = cache().join(format!("{name}-{}.wasm", fresh::key(&bytes, OPTIONS)));
    if kept.is_file() {
        found(format!("wasm-opt {name}"), "unchanged");
    } else {
        step(format!("wasm-opt {name}"), || optimise(module, &kept, name))?;
    }
    fs::copy(&kept, module).map_err(while_doing(module.display()))?;
    Ok(())
}

fn optimise(module: &Path, kept: &Path, name: &str) -> Outcome {
    fs::create_dir_all(cache()).map_err(while_doing(cache().display()))?;
    // Under another name until it is complete: an interrupted run must not leave half a module.
    let unfinished = kept.with_extension("part");
    run(command("node")
        .arg(workspace::e2e().join("node_modules/binaryen/bin/wasm-opt"))
        .args(OPTIONS)
        .arg(module)
        .arg("-o")
        .arg(&unfinished))?;
    remove_older(name)?;
    fs::rename(&unfinished, kept).map_err(while_doing(kept.display()))
}

fn remove_older(name: &str) -> Outcome {
    let prefix = format!("{name}-");
    for entry in fs::read_dir(cache()).map_err(while_doing(cache().display()))?.flatten() {
        let file = entry.file_name();
        let file = file.to_string_lossy();
        if file.starts_with(&prefix) && file.ends_with(".wasm") {
            fs::remove_file(entry.path()).map_err(while_doing(entry.path().display()))?;
        }
    }
    Ok(())
}

/// Where results are kept.
pub fn cache() -> PathBuf {
    workspace::target().join("wasm-opt")
}
