//! The binary `trailglass`.

use crate::process::{command, run};
use crate::report::Outcome;
use crate::workspace;
use std::fmt;
use std::path::PathBuf;

/// How it is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// As users run it.
    Release,
    /// As the tests are compiled: the engine below it is then compiled once for both, and
    /// arithmetic is checked.
    Dev,
}

impl Profile {
    /// Where the binary of this profile is.
    pub fn binary(self) -> PathBuf {
        match self {
            Self::Release => workspace::release_binary("trailglass"),
            Self::Dev => workspace::dev_binary("trailglass"),
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Release => "release",
            Self::Dev => "dev",
        })
    }
}

/// Compiles it.
pub fn build(profile: Profile) -> Outcome {
    run(command("cargo")
        .args(["build", "--package", "host-cli", "--bins", "--profile", &profile.to_string()])
        .current_dir(workspace::root()))
}
