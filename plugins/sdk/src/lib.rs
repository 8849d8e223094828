//! Write a detector for Trailglass.
//!
//! A detector says as data which events it wants to see ([`Manifest`]), and judges one group of
//! them at a time ([`Detector::observe`]). The host selects, groups and orders; the same built
//! `.wasm` file runs in a browser tab and in the native host.
//!
//! ```
//! use trailglass_plugin::words::{capital, who};
//! use trailglass_plugin::{Detector, Finding, Group, Grouping, Manifest, Options, Severity};
//!
//! trailglass_plugin::rows! {
//!     /// A call to StopLogging.
//!     struct Call {
//!         arn: "userIdentity.arn",
//!         trail: "requestParameters.name",
//!     }
//! }
//!
//! struct TrailStopped;
//!
//! impl Detector for TrailStopped {
//!     const MANIFEST: Manifest = Manifest {
//!         id: "trail-stopped",
//!         name: "A trail was stopped",
//!         version: env!("CARGO_PKG_VERSION"),
//!         description: "Someone switched off the log that would show what they do next.",
//!         severity: Severity::High,
//!         tactics: &["TA0005"],
//!         techniques: &["T1562.008"],
//!         select: "eventName:StopLogging AND NOT errorCode:*",
//!         fields: Call::FIELDS,
//!         grouping: Grouping::EachEvent,
//!         ..Manifest::NOTHING
//!     };
//!
//!     fn configure(_: &Options) -> Result<Self, String> {
//!         Ok(Self)
//!     }
//!
//!     fn observe(&self, group: &Group<'_>) -> Vec<Finding> {
//!         let call = Call::from(group.first());
//!         let (who, trail) = (capital(&who(call.arn)), call.trail.unwrap_or("unknown"));
//!         vec![Finding::new([call], format!("{who} stopped the trail {trail}."))]
//!     }
//! }
//!
//! trailglass_plugin::export!(TrailStopped);
//! # fn main() {}
//! ```
//!
//! [`rows!`] declares the fields that a detector reads, [`Options`] gives it what was set, [`time`] and [`words`] help to write
//! what it found, and [`trial::Trial`] runs it natively, in an ordinary unit test.

#[doc(hidden)]
pub mod bindings;
#[doc(hidden)]
pub mod export;
mod finding;
mod manifest;
mod options;
mod rows;
pub mod time;
pub mod trial;
mod typed;
pub mod words;

pub use bindings::exports::trailglass::detector::detector::Severity;
pub use bindings::trailglass::detector::host::{Level, log};
pub use finding::Finding;
pub use manifest::{Grouping, Manifest, OptionDefault, OptionSpec};
pub use options::{Options, Value};
pub use rows::{Group, Row};

/// A detector: what it is, how it is set up, and how it judges one group of events.
///
/// It keeps nothing from one group to the next: a host may hand out the groups in any order, to
/// several instances, and more than once.
pub trait Detector: Sized + 'static {
    /// What the detector is and what it wants to see.
    const MANIFEST: Manifest;

    /// Makes the detector from its options. The error is a sentence for whoever set them.
    ///
    /// # Errors
    /// When an option has a value that makes no sense; the getters of [`Options`] write the sentence.
    fn configure(options: &Options) -> Result<Self, String>;

    /// Judges one group: all selected events with the same key, in time order, never empty.
    fn observe(&self, group: &Group<'_>) -> Vec<Finding>;
}
