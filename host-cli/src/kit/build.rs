//! From source, or from a core module, to a component.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use wasmparser::{Parser, Payload};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

use super::languages;
use super::project::{Language, Project};

/// What Rust is compiled for: it needs nothing but the compiler.
const TARGET: &str = "wasm32-unknown-unknown";

/// Builds a project and writes its component to [`Project::component`].
///
/// # Errors
/// What failed, and what to do.
pub fn build(project: &Project) -> Result<PathBuf, String> {
    let result = project.component();
    let folder = result.parent().unwrap_or(&project.folder);
    fs::create_dir_all(folder).map_err(|error| format!("{error}: {}", folder.display()))?;
    match project.language {
        Language::Rust => write(&result, &component(&rust(project)?)?)?,
        Language::Js => languages::javascript(project, &result)?,
        Language::Python => languages::python(project, &result)?,
        Language::C => languages::c(project, &result)?,
    }
    Ok(result)
}

/// Makes a component of a core module; a component stays what it is. A module that does not carry the types of its world, as
/// those do that no generator of bindings has seen, gets those of the contract.
///
/// # Errors
/// Why the bytes do not make one.
pub fn component(bytes: &[u8]) -> Result<Vec<u8>, String> {
    // The version of a component is behind that of a module: its layer is 1.
    if bytes.get(..8).is_some_and(|head| head.starts_with(b"\0asm") && head[6] == 1) {
        return Ok(bytes.to_vec());
    }
    let encoded = typed(bytes).and_then(|module| {
        let mut encoder = ComponentEncoder::default();
        let encoded = encoder.validate(true).module(&module).and_then(|encoder| encoder.encode());
        encoded.map_err(|error| format!("{error:#}"))
    });
    encoded.map_err(|why| format!("the module does not make a component: {why}"))
}

/// The module with the types of its world.
fn typed(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut module = bytes.to_vec();
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(|error| error.to_string())? {
            Payload::CustomSection(section) if section.name().starts_with("component-type") => return Ok(module),
            _ => {}
        }
    }
    let text = |error| format!("{error:#}");
    let mut contract = Resolve::default();
    let package = contract.push_source("detector.wit", trailglass_contract::WIT).map_err(text)?;
    let world = contract.select_world(&[package], Some("plugin")).map_err(text)?;
    embed_component_metadata(&mut module, &contract, world, StringEncoding::UTF8, false).map_err(text)?;
    Ok(module)
}

/// Writes a file, unless it has these bytes.
///
/// # Errors
/// When it cannot be written.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    fs::write(path, bytes).map_err(|error| format!("{error}: {}", path.display()))
}

/// Compiles a crate and returns its module.
fn rust(project: &Project) -> Result<Vec<u8>, String> {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--release", "--target", TARGET, "--message-format", "json-render-diagnostics"]);
    cargo.current_dir(&project.folder).stdout(Stdio::piped());
    let hint = format!("if the target is not installed, `rustup target add {TARGET}`");
    let output = ran(cargo, &hint)?;
    let artefacts = output.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let whole = project.folder.canonicalize().unwrap_or_else(|_| project.folder.clone());
    let is_own = |message: &Value| {
        let manifest = message["manifest_path"].as_str().map(Path::new);
        message["reason"] == "compiler-artifact"
            && manifest.and_then(Path::parent).is_some_and(|folder| folder == whole)
    };
    let modules = artefacts.filter(is_own).flat_map(|message| {
        let files = message["filenames"].as_array().cloned().unwrap_or_default();
        files.into_iter().filter_map(|file| file.as_str().map(str::to_owned)).filter(|file| file.ends_with(".wasm"))
    });
    let Some(module) = modules.last() else {
        return Err("the crate makes no module: its Cargo.toml needs [lib] crate-type = [\"cdylib\"]".to_owned());
    };
    fs::read(&module).map_err(|error| format!("{error}: {module}"))
}

/// Runs a command, whose stderr the user sees, and returns its stdout.
///
/// # Errors
/// When it is not there, or fails; with a hint.
pub fn ran(mut command: Command, hint: &str) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    match output {
        Err(error) => Err(format!("{program} cannot be run: {error}\nhint: {hint}")),
        Ok(output) if output.status.success() => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        Ok(output) => Err(format!("{program} failed ({})\nhint: {hint}", output.status)),
    }
}
