//! Plugins in other languages than Rust: every folder of `plugins/languages/LANGUAGE/` with a detector in it, as a component in
//! `target/languages`. The commands are those that `plugins/languages/README.md` gives to authors.

use crate::process::{command, run};
use crate::report::{Failure, Outcome, found, step, while_doing};
use crate::{fresh, setup, workspace};
use std::fs;
use std::path::{Path, PathBuf};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// A language that plugins are written in, beside Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// By clang, without a C library.
    C,
    /// By componentize-qjs, with QuickJS in each plugin.
    JavaScript,
    /// By componentize-py, with CPython in each plugin.
    Python,
}

/// All of them.
pub const ALL: [Language; 3] = [Language::C, Language::JavaScript, Language::Python];

/// Those whose tools are installed and whose plugins are built and compiled in seconds: every run of the tests has them.
pub const QUICK: [Language; 2] = [Language::C, Language::JavaScript];

/// A detector's source and the component that is made of it.
#[derive(Debug)]
pub struct Plugin {
    /// Its folder, with `cases/` in it.
    pub folder: PathBuf,
    /// The built file.
    pub component: PathBuf,
}

impl Language {
    /// The folder below `plugins/languages`, which is also what a reader calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::C => "c",
            Self::JavaScript => "javascript",
            Self::Python => "python",
        }
    }

    fn detector(self) -> &'static str {
        match self {
            Self::C => "detector.c",
            Self::JavaScript => "detector.js",
            Self::Python => "detector.py",
        }
    }

    /// The detectors of this language, by name.
    pub fn plugins(self) -> Outcome<Vec<Plugin>> {
        let sources = workspace::languages().join(self.name());
        let mut folders: Vec<PathBuf> = files(&sources)?;
        folders.retain(|folder| folder.join(self.detector()).is_file());
        let plugin = |folder: PathBuf| {
            let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            Plugin { component: workspace::built_languages().join(format!("{name}.wasm")), folder }
        };
        Ok(folders.into_iter().map(plugin).collect())
    }
}

/// Installs what these languages need, and builds their plugins where something changed.
pub fn build(languages: &[Language]) -> Outcome {
    fs::create_dir_all(workspace::built_languages()).map_err(while_doing("target/languages"))?;
    for &language in languages {
        step(format!("plugins in {}", language.name()), || build_one(language))?;
    }
    Ok(())
}

fn build_one(language: Language) -> Outcome {
    let tool = match language {
        Language::C => setup::languages::c(),
        Language::JavaScript => setup::languages::javascript(),
        Language::Python => setup::languages::python(),
    }?;
    for Plugin { folder, component } in language.plugins()? {
        let key = inputs(language, &folder)?;
        let kept = component.with_extension("key");
        if component.is_file() && fs::read_to_string(&kept).is_ok_and(|there| there == key) {
            found(component.display(), "unchanged");
            continue;
        }
        match language {
            Language::C => c(&tool, &folder, &component),
            Language::JavaScript => javascript(&tool, &folder, &component),
            Language::Python => python(&tool, &folder, &component),
        }?;
        fresh::write(&kept, key.as_bytes())?;
    }
    Ok(())
}

/// A key of everything that a plugin is made of: its own files, those that its language shares, and the contract.
fn inputs(language: Language, folder: &Path) -> Outcome<String> {
    let shared = files(&workspace::languages().join(language.name()))?;
    let own = files(folder)?;
    let mut content = Vec::new();
    for path in shared.into_iter().chain(own).chain(files(&workspace::contract())?).filter(|path| path.is_file()) {
        content.extend(path.to_string_lossy().as_bytes());
        content.extend(fs::read(&path).map_err(while_doing(path.display()))?);
    }
    Ok(fresh::key(&content, language.name()))
}

fn javascript(tool: &Path, folder: &Path, component: &Path) -> Outcome {
    let mut node = command("node");
    node.arg(tool).args(["--sync", "--stub-wasi", "--wit"]).arg(workspace::contract());
    node.arg("--module-root").arg(workspace::languages().join("javascript"));
    node.arg("--js").arg(folder.join("detector.js")).arg("--output").arg(component);
    run(node.env("NO_COLOR", "1"))
}

fn python(tool: &Path, folder: &Path, component: &Path) -> Outcome {
    let mut componentize = command(&tool.to_string_lossy());
    componentize.arg("--quiet").arg("--wit-path").arg(workspace::contract()).args([
        "--world",
        "plugin",
        "componentize",
    ]);
    componentize.args(["--stub-wasi", "--python-path"]).arg(folder);
    componentize.arg("--python-path").arg(workspace::languages().join("python"));
    run(componentize.arg("--output").arg(component).arg("detector"))
}

fn c(tool: &Path, folder: &Path, component: &Path) -> Outcome {
    let library = workspace::languages().join("c");
    let module = component.with_extension("module");
    let mut clang = command(&tool.to_string_lossy());
    clang.args(["--target=wasm32", "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-nostdlib"]);
    clang.args(["-Wl,--no-entry", "-Wl,--strip-all", "-I"]).arg(&library);
    clang.arg(folder.join("detector.c")).arg(library.join("trailglass.c")).arg("-o").arg(&module);
    run(&mut clang)?;
    let bytes = fs::read(&module).map_err(while_doing(module.display()))?;
    let encoded = encode(bytes)
        .map_err(|error| Failure::new(format!("{} does not make a component: {error}", folder.display())))?;
    fresh::write(component, &encoded)
}

/// A module that keeps to the contract by its exports alone, as a component.
fn encode(mut module: Vec<u8>) -> Result<Vec<u8>, String> {
    let text = |error| format!("{error:#}");
    let mut contract = Resolve::default();
    let (package, _) = contract.push_dir(workspace::contract()).map_err(text)?;
    let world = contract.select_world(&[package], Some("plugin")).map_err(text)?;
    embed_component_metadata(&mut module, &contract, world, StringEncoding::UTF8, false).map_err(text)?;
    ComponentEncoder::default().module(&module).and_then(|encoder| encoder.validate(true).encode()).map_err(text)
}

/// What is directly in a folder, in a fixed order.
fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(while_doing(folder.display()))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    Ok(files)
}
