//! Everything that is made from sources: the site, the plugins, the command line. Each part is
//! done by the tool that knows what changed (cargo, trunk) or compares its input's content.

mod command_line;
mod demo;
mod guests;
pub mod languages;
mod optimise;
pub mod publish;
mod site;

use crate::report::{Failure, Outcome, found, step, while_doing};
use crate::setup::Toolchain;
use crate::workspace;
use std::fs;

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

/// The site, twice, with nothing kept between: whether the same sources give the same bytes.
pub fn site_twice(toolchain: Toolchain) -> Outcome {
    site(toolchain)?;
    let sums = || fs::read_to_string(workspace::dist().join("SHA256SUMS")).map_err(while_doing("dist/SHA256SUMS"));
    let first = sums()?;
    for made in [workspace::wasm_target(), workspace::raw_site(), optimise::cache(), workspace::demo()] {
        fs::remove_dir_all(&made).map_err(while_doing(made.display()))?;
    }
    site(toolchain)?;
    let second = sums()?;
    let differing: Vec<&str> = second.lines().filter(|line| !first.lines().any(|before| before == *line)).collect();
    if first == second {
        found("two builds", format!("the same {} files", second.lines().count()));
        return Ok(());
    }
    Err(Failure::new(format!("two builds differ in\n{}", differing.join("\n"))))
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
