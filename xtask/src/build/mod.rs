//! Everything that is made from sources: the site, the plugins, the command line. Each part is
//! done by the tool that knows what changed (cargo, trunk) or compares its input's content.

mod command_line;
mod demo;
mod guests;
pub mod languages;
mod optimise;
pub mod publish;
mod site;

use crate::report::{Outcome, step};
use crate::setup::Toolchain;
use crate::workspace;

pub use command_line::Profile;
pub use guests::hostile_modules;

/// Whatever runs in a tab or in a plugin host: the site in `dist/`, the plugins in
/// `target/plugins`.
pub fn web(toolchain: Toolchain) -> Outcome {
    plugins(toolchain)?;
    site(toolchain)
}

/// The plugins in Rust alone.
pub fn plugins(toolchain: Toolchain) -> Outcome {
    step("plugins", || guests::plugins(toolchain))
}

/// The site alone.
pub fn site(toolchain: Toolchain) -> Outcome {
    step("demo trail", demo::generate)?;
    step("site", || site::build(toolchain))
}

/// The site as one file that opens from a disk.
pub fn single_file(toolchain: Toolchain) -> Outcome {
    step("demo trail", demo::generate)?;
    step("single file", || site::build_single_file(toolchain))
}

/// The binary `trailglass`.
pub fn command_line(profile: Profile) -> Outcome {
    step(format!("command line ({profile})"), || command_line::build(profile))
}

/// What only tests load: the site as one file, hostile plugins and the probe of the core.
pub fn for_tests(toolchain: Toolchain) -> Outcome {
    step("single file", || site::build_single_file(toolchain))?;
    step("hostile plugins", || guests::hostile(toolchain))?;
    step("hostile modules", || hostile_modules(&workspace::target().join("hostile-modules")))?;
    step("parity probe", || guests::probe(toolchain))
}
