//! Modules that a host loads: the plugins, the plugins that misbehave on purpose, and the probe
//! that asks the core in wasm what it answers natively.

use super::site;
use crate::fresh;
use crate::process::{ask, command, run};
use crate::report::{Failure, Outcome, while_doing};
use crate::setup::{TARGET, Toolchain};
use crate::workspace;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use wit_component::ComponentEncoder;

/// Every plugin of the workspace `plugins/` as a component in `target/plugins`.
pub fn plugins(toolchain: Toolchain) -> Outcome {
    components(toolchain, &workspace::root().join("plugins"), &workspace::plugins())
}

/// Every plugin of the workspace `tests/hostile/` as a component in `target/hostile`.
pub fn hostile(toolchain: Toolchain) -> Outcome {
    components(toolchain, &workspace::root().join("tests/hostile"), &workspace::hostile())
}

/// What `tests/hostile_modules` writes by hand, into a folder.
pub fn hostile_modules(folder: &Path) -> Outcome {
    fs::create_dir_all(folder).map_err(while_doing(folder.display()))?;
    let mut cargo = command("cargo");
    cargo.args(["run", "--quiet", "--package", "hostile-modules", "--"]).arg(folder);
    run(cargo.current_dir(workspace::root()))
}

/// The probe: a plain module in `target/probe`, compiled as the app is.
pub fn probe(toolchain: Toolchain) -> Outcome {
    run(toolchain
        .apply(&mut command("cargo"))
        .args(["build", "--profile", site::PROFILE, "--target", TARGET, "--package", "trailglass-probe"])
        .current_dir(workspace::root())
        .envs(site::compiler_settings()))?;
    let module = module_path(site::PROFILE, "trailglass-probe");
    let bytes = fs::read(&module).map_err(while_doing(module.display()))?;
    fresh::write(&workspace::probe(), &bytes)
}

/// Compiles a workspace's plugins and wraps each module as a component.
fn components(toolchain: Toolchain, sources: &Path, results: &Path) -> Outcome {
    let packages = plugin_packages(sources)?;
    let mut cargo = command("cargo");
    cargo.args(["build", "--release", "--target", TARGET]).current_dir(sources);
    cargo.args(packages.iter().flat_map(|package| ["--package", package]));
    run(toolchain.apply(&mut cargo).env("CARGO_TARGET_DIR", workspace::wasm_target()))?;
    for package in &packages {
        let module = module_path("release", package);
        let bytes = fs::read(&module).map_err(while_doing(module.display()))?;
        let component = ComponentEncoder::default()
            .module(&bytes)
            .and_then(|encoder| encoder.encode())
            .map_err(|error| Failure::new(format!("{package} does not make a component: {error:#}")))?;
        fresh::write(&results.join(format!("{package}.wasm")), &component)?;
    }
    remove_others(results, &packages)
}

/// The packages of a workspace that are compiled to a module of their own.
fn plugin_packages(sources: &Path) -> Outcome<Vec<String>> {
    let mut cargo = command("cargo");
    cargo.args(["metadata", "--format-version", "1", "--no-deps"]).current_dir(sources);
    let listing =
        ask(&mut cargo).ok_or_else(|| Failure::new(format!("`cargo metadata` fails in {}", sources.display())))?;
    let metadata: Value = serde_json::from_str(&listing).map_err(while_doing("cargo metadata"))?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let plugins = packages.filter(|package| is_plugin(package));
    Ok(plugins.filter_map(|package| Some(package["name"].as_str()?.to_owned())).collect())
}

fn is_plugin(package: &Value) -> bool {
    let targets = package["targets"].as_array().into_iter().flatten();
    targets.flat_map(|target| target["kind"].as_array()).flatten().any(|kind| kind == "cdylib")
}

/// A plugin that was removed or renamed must not live on as a stale file.
fn remove_others(results: &Path, packages: &[String]) -> Outcome {
    for entry in fs::read_dir(results).into_iter().flatten().flatten() {
        let path = entry.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if !packages.iter().any(|package| package == stem) {
            fs::remove_file(&path).map_err(while_doing(path.display()))?;
        }
    }
    Ok(())
}

fn module_path(profile: &str, package: &str) -> PathBuf {
    let file = format!("{}.wasm", package.replace('-', "_"));
    workspace::wasm_target().join(TARGET).join(profile).join(file)
}
