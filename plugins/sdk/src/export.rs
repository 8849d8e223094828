//! What stands behind [`export!`](crate::export!): the exports of the contract in terms of a
//! [`Detector`].

use crate::bindings::exports::trailglass::detector::detector as wire;
use crate::rows::View;
use crate::{Detector, Level, Options, log};

/// Makes a detector the plugin that this crate builds. Once in a crate of type `cdylib`; nothing
/// when the crate is built natively, for its tests.
#[macro_export]
macro_rules! export {
    ($detector:ty) => {
        // The names of the exports are no names for a native linker.
        #[cfg(target_family = "wasm")]
        const _: () = {
            struct Plugin;

            ::std::thread_local! {
                static DETECTOR: ::std::cell::OnceCell<$detector> =
                    const { ::std::cell::OnceCell::new() };
            }

            impl $crate::bindings::exports::trailglass::detector::detector::Guest for Plugin {
                fn describe() -> $crate::export::Manifest {
                    $crate::export::describe::<$detector>()
                }

                fn configure(
                    settings: ::std::vec::Vec<$crate::export::OptionSetting>,
                ) -> ::std::result::Result<(), ::std::string::String> {
                    DETECTOR.with(|cell| $crate::export::configure(cell, settings))
                }

                fn detect(
                    batch: $crate::export::Batch,
                ) -> ::std::result::Result<::std::vec::Vec<$crate::export::Finding>, ::std::string::String> {
                    DETECTOR.with(|cell| $crate::export::detect(cell, batch))
                }
            }

    $crate::bindings::export_bindings!(Plugin with_types_in $crate::bindings);
        };
    };
}

pub use wire::{Batch, Finding, Manifest, OptionSetting};

/// The contract's `describe`.
#[must_use]
pub fn describe<D: Detector>() -> Manifest {
    report_panics();
    D::MANIFEST.to_wire()
}

/// The contract's `configure`: keeps the detector in `cell`.
///
/// # Errors
/// What the detector says, or that the host did not keep to the contract.
pub fn configure<D: Detector>(cell: &std::cell::OnceCell<D>, settings: Vec<OptionSetting>) -> Result<(), String> {
    report_panics();
    let mut options = Options::defaults(&D::MANIFEST);
    for OptionSetting { name, value } in settings {
        options = options.with(&name, value)?;
    }
    let detector = D::configure(&options)?;
    cell.set(detector).map_err(|_| "The host called configure twice on one instance.".to_owned())
}

/// The contract's `detect`: judges group after group.
///
/// # Errors
/// When the host did not keep to the contract.
pub fn detect<D: Detector>(cell: &std::cell::OnceCell<D>, batch: Batch) -> Result<Vec<Finding>, String> {
    // The instance ends with the call. To give the room of each text back would take longer than to judge the event.
    let batch = std::mem::ManuallyDrop::new(batch);
    let Some(detector) = cell.get() else {
        return Err("The host called detect without configure.".to_owned());
    };
    let view = View::new(&D::MANIFEST, &batch)?;
    let findings = view.groups().flat_map(|group| detector.observe(&group));
    Ok(findings.map(crate::Finding::into_wire).collect())
}

/// A panic only traps; this tells the author where it happened.
fn report_panics() {
    if cfg!(target_family = "wasm") {
        std::panic::set_hook(Box::new(|panic| log(Level::Error, &panic.to_string())));
    }
}
