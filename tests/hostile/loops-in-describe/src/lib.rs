//! Never comes back from describe. The SDK makes that impossible, so this one goes past it.
#![cfg(target_family = "wasm")]

use trailglass_plugin::bindings;
use trailglass_plugin::export::{Batch, Finding, Manifest, OptionSetting};

struct Hostile;

impl bindings::exports::trailglass::detector::detector::Guest for Hostile {
    fn describe() -> Manifest {
        loop {
            std::hint::black_box(());
        }
    }

    fn configure(_: Vec<OptionSetting>) -> Result<(), String> {
        Ok(())
    }

    fn detect(_: Batch) -> Result<Vec<Finding>, String> {
        Ok(Vec::new())
    }
}

bindings::export_bindings!(Hostile with_types_in bindings);
