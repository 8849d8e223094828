//! The static site in `dist/`: trunk compiles app and worker and bundles the page; the optimiser
//! and the demo trail follow.

use super::optimise;
use crate::process::{command, run};
use crate::report::{Outcome, while_doing};
use crate::setup::Toolchain;
use crate::workspace;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

/// Builds the site. `target/demo` must be there.
pub fn build(toolchain: Toolchain) -> Outcome {
    let mut trunk = command("trunk");
    trunk.args(["build", "--release", "--quiet", "--color", "never", "--skip-version-check"]);
    trunk.current_dir(workspace::root()).envs(compiler_settings());
    // trunk reads this variable as an option of its own and refuses the usual value `1`.
    trunk.env_remove("NO_COLOR");
    // The compiler has said what is wrong; where in trunk it was noticed helps nobody.
    trunk.env_remove("RUST_BACKTRACE");
    run(toolchain.apply(&mut trunk))?;
    // The worker of a plugin has no work of its own: it may be as small as it gets.
    for (module, level) in [("web-app_bg.wasm", "-O2"), ("worker_bg.wasm", "-O2"), ("plugin_bg.wasm", "-Oz")] {
        optimise::in_place(&workspace::dist().join(module), level)?;
    }
    copy_folder(&workspace::demo(), &workspace::dist().join("demo"))
}

/// How the modules that hold the core are compiled. Set for the one target only: the same flags
/// would break programs that run on this machine while it compiles.
pub fn compiler_settings() -> [(&'static str, OsString); 3] {
    let mut flags = vec!["-Ctarget-feature=+simd128".to_owned()];
    // The modules are given to other people, who have no use for the paths of this machine.
    flags.push(format!("--remap-path-prefix={}=.", workspace::root().display()));
    if let Some(home) = env::home_dir() {
        flags.push(format!("--remap-path-prefix={}=~", home.display()));
    }
    [
        ("CARGO_TARGET_DIR", workspace::wasm_target().into()),
        ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags.join(" ").into()),
        ("CARGO_PROFILE_RELEASE_LTO", "thin".into()),
    ]
}

fn copy_folder(from: &Path, to: &Path) -> Outcome {
    fs::create_dir_all(to).map_err(while_doing(to.display()))?;
    for entry in fs::read_dir(from).map_err(while_doing(from.display()))? {
        let entry = entry.map_err(while_doing(from.display()))?;
        let (source, copy) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy_folder(&source, &copy)?;
        } else {
            fs::copy(&source, &copy).map_err(while_doing(copy.display()))?;
        }
    }
    Ok(())
}
