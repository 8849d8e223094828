//! `cargo xtask test`: everything that must hold, in the order in which it is cheapest to fail.

use crate::build::languages::{self, Language};
use crate::process::{command, run, run_through};
use crate::report::{Failure, Outcome, seconds, while_doing};
use crate::setup::{Missing, Toolchain};
use crate::{build, setup, workspace};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// A part of the tests that can be run alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// Formatting, and clippy with warnings denied
    Lint,
    /// Unit tests, the command line, the plugin host, parity and the tidy rules
    Rust,
    /// The page in a real browser
    Browser,
}

/// Workspaces beside the root's own.
const GUESTS: [&str; 2] = ["plugins", "tests/hostile"];

/// Runs all parts, or one, with the plugins in these languages.
pub fn test(only: Option<Part>, languages: &[Language]) -> Outcome {
    let wanted = |part| only.is_none_or(|only| only == part);
    let mut steps = Steps::default();
    let result = (|| {
        if wanted(Part::Lint) {
            lint(&mut steps)?;
        }
        let toolchain = match wanted(Part::Rust) || wanted(Part::Browser) {
            true => Some(artefacts(&mut steps, languages)?),
            false => None,
        };
        if wanted(Part::Rust) {
            rust_tests(&mut steps, toolchain)?;
            language_tests(&mut steps, languages)?;
        }
        if wanted(Part::Browser) {
            browser_tests(&mut steps)?;
        }
        Ok(())
    })();
    steps.summarise();
    if !only.is_some_and(|only| only == Part::Lint) {
        let names: Vec<&str> = languages.iter().map(|language| language.name()).collect();
        eprintln!("  plugins in other languages than Rust: {}", names.join(", "));
        if languages.len() < languages::ALL.len() {
            eprintln!("hint: all of them with cargo xtask test --all-languages");
        }
    }
    result
}

fn lint(steps: &mut Steps) -> Outcome {
    steps.take("formatting", "cargo fmt --all (in plugins/, tests/fuzz/ and tests/hostile/ too)", || {
        let check = |folder: &Path| run(&mut cargo(folder, &["fmt", "--all", "--check"]));
        each_workspace(check)?;
        // Nothing else is asked of the fuzz targets here: libFuzzer is compiled where it is used.
        check(&workspace::root().join("tests/fuzz"))
    })?;
    steps.take("clippy", "mend what clippy says above", || {
        each_workspace(|folder| {
            let mut clippy = command("cargo");
            clippy.args(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]);
            run(clippy.current_dir(folder).env("CARGO_TARGET_DIR", workspace::target()))
        })
    })
}

/// Everything that a test loads or starts.
fn artefacts(steps: &mut Steps, languages: &[Language]) -> Outcome<Toolchain> {
    let toolchain = steps.take("set-up", "do by hand what failed above", setup::for_building)?;
    steps.take("site and plugins", "cargo xtask build", || build::web(toolchain))?;
    steps.take("test modules", "mend tests/hostile or tests/probe", || build::for_tests(toolchain))?;
    steps.take("plugins in languages", "cargo xtask build --languages", || languages::build(languages))?;
    steps.take("command line", "mend host-cli", || build::command_line(build::Profile::Dev))?;
    Ok(toolchain)
}

fn rust_tests(steps: &mut Steps, toolchain: Option<Toolchain>) -> Outcome {
    steps.take("cargo test", "cargo xtask test --only rust", || {
        let mut cargo = cargo(workspace::root(), &["test", "--workspace", "--no-fail-fast"]);
        if let Some(name) = toolchain.and_then(Toolchain::name) {
            // A test builds a plugin as a user does.
            cargo.env("TRAILGLASS_TOOLCHAIN", name);
        }
        run_through(cargo.envs(locations()))
    })?;
    steps.take("cargo test in plugins/", "cargo test --workspace, in plugins/", || {
        let mut cargo = cargo(&workspace::root().join("plugins"), &["test", "--workspace", "--no-fail-fast"]);
        run_through(cargo.env("CARGO_TARGET_DIR", workspace::target()))
    })
}

/// The cases of the plugins in other languages than Rust, natively.
fn language_tests(steps: &mut Steps, languages: &[Language]) -> Outcome {
    steps.take("cases in languages", "trailglass plugin test, with what failed above", || {
        for &language in languages {
            for plugin in language.plugins()? {
                let mut test = command(&build::Profile::Dev.binary().to_string_lossy());
                test.args(["plugin", "test", "--wasm"]).arg(&plugin.component);
                run(test.arg("--cases").arg(plugin.folder.join("cases")))?;
            }
        }
        Ok(())
    })
}

fn browser_tests(steps: &mut Steps) -> Outcome {
    let browser = steps.take("browser", "set TRAILGLASS_CHROMIUM to a Chromium", setup::for_browser_tests)?;
    steps.missing = setup::other_engines();
    steps.take("browser tests", "cargo xtask test --only browser", || {
        let mut node = command("node");
        node.args(["--test", "--test-reporter=spec"]).args(test_files(&workspace::e2e())?);
        run_through(node.current_dir(workspace::e2e()).envs(locations()).env("TRAILGLASS_CHROMIUM", &browser))
    })
}

/// Where the tests find what was built.
fn locations() -> [(&'static str, PathBuf); 2] {
    [("TRAILGLASS_CLI", build::Profile::Dev.binary()), ("TRAILGLASS_TARGET", workspace::target())]
}

fn test_files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .map_err(while_doing(folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    files.sort();
    if files.is_empty() {
        return Err(Failure::new("there is no browser test in tests/e2e"));
    }
    Ok(files)
}

fn each_workspace(mut work: impl FnMut(&Path) -> Outcome) -> Outcome {
    work(workspace::root())?;
    GUESTS.iter().try_for_each(|folder| work(&workspace::root().join(folder)))
}

fn cargo(folder: &Path, arguments: &[&str]) -> Command {
    let mut cargo = command("cargo");
    cargo.args(arguments).current_dir(folder);
    cargo
}

/// What was done so far and how long each step took, and what could not be.
#[derive(Default)]
struct Steps {
    taken: Vec<(&'static str, Duration, &'static str)>,
    /// Browsers that are not here.
    missing: Vec<Missing>,
}

impl Steps {
    /// Runs a step; when it fails, the hint says what to do unless the step itself knows better.
    fn take<T>(&mut self, name: &'static str, hint: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        eprintln!("\nxtask: ── {name} ──");
        let start = Instant::now();
        let result = work();
        let verdict = if result.is_ok() { "ok" } else { "failed" };
        self.taken.push((name, start.elapsed(), verdict));
        result.map_err(|failure| failure.or_hint(hint))
    }

    fn summarise(&self) {
        eprintln!("\nxtask: summary");
        for (name, duration, verdict) in &self.taken {
            eprintln!("  {verdict:<6} {name:<24} {:>12}", seconds(*duration));
        }
        let total = self.taken.iter().map(|(_, duration, _)| *duration).sum();
        eprintln!("  total {:<25} {:>12}", "", seconds(total));
        for Missing { name, hint } in &self.missing {
            eprintln!("  not tested: {name}, which is not on this machine\nhint: {hint}");
        }
    }
}
