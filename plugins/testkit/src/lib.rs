//! Tries a plugin in a test, as `trailglass plugin test` does: the built `.wasm` file in the native host, with its limits.
//!
//! ```no_run
//! #[test]
//! fn cases() {
//!     trailglass_testkit::assert_cases("dist/my-detector.wasm", "cases");
//! }
//! ```
//!
//! It is for tests in Rust of plugins in any language. It holds the whole native host, so it belongs into a crate of tests and
//! never into a plugin.

use std::path::Path;

use host_cli::host::Host;
use host_cli::kit::cases;
use host_cli::scan::plugins::load_one;
use host_cli::scan::wishes::Wishes;

pub use host_cli::kit::cases::{Expected, Outcome};

/// Runs each case in a folder of cases, and returns how they ended, by name.
///
/// # Errors
/// Why the plugin cannot be loaded, or that the folder cannot be read.
pub fn cases(plugin: impl AsRef<Path>, folder: impl AsRef<Path>, expected: Expected) -> Result<Vec<Outcome>, String> {
    let host = Host::new(None).map_err(|error| error.to_string())?;
    let mut loaded = load_one(&host, &Wishes::plain(plugin.as_ref()), &|_| false).map_err(|fault| fault.to_string())?;
    let folder = folder.as_ref();
    let folders = cases::folders(folder).map_err(|error| format!("{error}: {}", folder.display()))?;
    Ok(folders.iter().map(|case| cases::run(&host, &mut loaded, case, expected)).collect())
}

/// Demands that there are cases and that all of them hold.
///
/// # Panics
/// With everything that is wrong.
pub fn assert_cases(plugin: impl AsRef<Path>, folder: impl AsRef<Path>) {
    let wrong: Vec<String> = match cases(plugin, folder, Expected::Compare) {
        Err(why) => vec![why],
        Ok(outcomes) if outcomes.is_empty() => vec!["there is no case".to_owned()],
        Ok(outcomes) => {
            let lines =
                |outcome: Outcome| outcome.wrong.into_iter().map(move |line| format!("{}: {line}", outcome.name));
            outcomes.into_iter().flat_map(lines).collect()
        }
    };
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
