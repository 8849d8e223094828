//! The wasm32 target: of the default toolchain where rustup has or gets it, else of Debian's.

use super::debian;
use crate::process::{command, run, succeeds};
use crate::report::{Failure, Outcome, found, step};
use crate::workspace;
use std::env;
use std::fs;
use std::process::Command;

/// The one target of everything that runs in a tab or in a plugin host.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Set to `debian` to use Debian's toolchain even where rustup has the target.
const CHOICE: &str = "TRAILGLASS_WASM_TOOLCHAIN";

/// A toolchain that can compile for [`TARGET`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toolchain {
    /// What `cargo` means in the project's folder.
    Default,
    /// Debian's packages, linked into rustup under [`debian::NAME`].
    Debian,
}

impl Toolchain {
    /// What rustup calls it, where that has to be said.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Default => None,
            Self::Debian => Some(debian::NAME),
        }
    }

    /// Makes a command (cargo, rustc, trunk) use this toolchain.
    pub fn apply(self, command: &mut Command) -> &mut Command {
        match self.name() {
            None => command,
            Some(name) => command.env("RUSTUP_TOOLCHAIN", name),
        }
    }
}

/// Finds or installs a toolchain with the target.
pub fn target() -> Outcome<Toolchain> {
    let forced = env::var(CHOICE).is_ok_and(|choice| choice == "debian");
    if !forced {
        if works(Toolchain::Default) {
            found("wasm32 target", "there already, in the default toolchain");
            return Ok(Toolchain::Default);
        }
        if !works(Toolchain::Debian) && add_by_rustup().is_ok() && works(Toolchain::Default) {
            return Ok(Toolchain::Default);
        }
    }
    if works(Toolchain::Debian) {
        found("wasm32 target", "there already, in the toolchain `debian`");
        return Ok(Toolchain::Debian);
    }
    if !debian::is_possible() {
        return Err(Failure::new(format!("no toolchain can compile for {TARGET}")).hint(format!(
            "run `rustup target add {TARGET}` where the network allows it (the fallback with \
             distribution packages works on Debian only)"
        )));
    }
    debian::install()?;
    if works(Toolchain::Debian) {
        Ok(Toolchain::Debian)
    } else {
        Err(Failure::new("the toolchain `debian` was installed but cannot compile for wasm32")
            .hint(format!("try `rustc +debian --target {TARGET} --crate-type cdylib` on an empty file")))
    }
}

fn add_by_rustup() -> Outcome {
    step(format!("rustup target add {TARGET}"), || run(command("rustup").args(["target", "add", TARGET])))
}

/// Whether it compiles and links a library: a listed target may still lack its linker, or its
/// standard library may have been built by another version of the compiler.
fn works(toolchain: Toolchain) -> bool {
    if toolchain == Toolchain::Debian && !debian::is_linked() {
        return false;
    }
    let folder = workspace::target().join("setup");
    let source = folder.join("empty.rs");
    if fs::create_dir_all(&folder).and_then(|()| fs::write(&source, "")).is_err() {
        return false;
    }
    succeeds(
        toolchain
            .apply(&mut command("rustc"))
            .args(["--edition=2024", "--crate-type=cdylib", "--target", TARGET, "-o"])
            .arg(folder.join("empty.wasm"))
            .arg(&source),
    )
}
