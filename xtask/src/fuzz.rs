//! `cargo xtask fuzz`: the targets of tests/fuzz, one after the other.

use crate::process::{command, run, succeeds};
use crate::report::{Outcome, step, while_doing};
use crate::{build, setup, workspace};
use std::fs;

/// What is fuzzed: see tests/ingest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Target {
    /// What a source is wrapped in
    Sniff,
    /// What comes out of its wrappings
    Inflate,
    /// The records in its text
    Split,
    /// One record, read by us and by serde_json
    Record,
    /// The pattern of a metric filter
    Metric,
    /// A file of Sigma rules, of cases or of tuning
    Rules,
    /// The header of a plugin, and the plan that the tab makes of it
    Plugin,
}

impl Target {
    fn name(self) -> &'static str {
        match self {
            Target::Sniff => "sniff",
            Target::Inflate => "inflate",
            Target::Split => "split",
            Target::Record => "record",
            Target::Metric => "metric",
            Target::Rules => "rules",
            Target::Plugin => "plugin",
        }
    }
}

/// Fuzzes one target or all, each for so many seconds. Fails when an input breaks a target, and keeps that input.
pub fn fuzz(only: Option<Target>, seconds: u32) -> Outcome {
    setup::for_fuzzing()?;
    let all =
        [Target::Sniff, Target::Inflate, Target::Split, Target::Record, Target::Metric, Target::Rules, Target::Plugin];
    all.into_iter().filter(|target| only.is_none_or(|only| only == *target)).try_for_each(|target| one(target, seconds))
}

fn one(target: Target, seconds: u32) -> Outcome {
    let name = target.name();
    // What is found goes to target/; the corpus of the repository is only read.
    let generated = workspace::target().join("fuzz");
    let (found, broken) = (generated.join("corpus").join(name), generated.join("broken").join(name));
    for folder in [&found, &broken] {
        fs::create_dir_all(folder).map_err(while_doing(folder.display()))?;
    }
    if target == Target::Plugin {
        // A component has too many parts to come about by chance.
        build::hostile_modules(&found)?;
    }
    let folder = workspace::root().join("tests/fuzz");
    let mut cargo = command("cargo");
    if succeeds(command("cargo").args(["+nightly", "--version"])) {
        cargo.arg("+nightly");
    } else {
        // The instrumentation is a flag of nightly compilers.
        cargo.env("RUSTC_BOOTSTRAP", "1");
    }
    // There is no unsafe code of ours for a sanitizer to watch, and not every machine has one.
    cargo.args(["fuzz", "run", "--sanitizer", "none", "--fuzz-dir"]).arg(&folder).arg("--target-dir").arg(&generated);
    cargo.arg(name).arg(&found).arg(folder.join("corpus").join(name)).arg("--");
    cargo.args(["-max_len=4096", "-timeout=60"]).arg(format!("-max_total_time={seconds}"));
    cargo.arg(format!("-artifact_prefix={}/", broken.display()));
    step(format!("fuzzing {name} for {seconds} s"), || run(cargo.current_dir(workspace::root()))).map_err(|failure| {
        failure.hint(format!(
            "if an input broke it, it is in {}: mend what it shows, then move it to the corpus",
            broken.display()
        ))
    })
}
