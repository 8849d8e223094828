//! The face of Trailglass: one page, sealed, whose workers read CloudTrail logs.
//!
//! # The way of a file
//!
//! `platform::files` takes it out of a drop; `state` hands it to the `client`, which gives it to a worker; the worker's
//! `shard` reads it into a session of the core and says how far it is; the `panels` ask through `state` and `client`, the
//! shards answer, and the core's own functions merge what they say. The wire between them is `protocol`.
//!
//! # Constraints
//!
//! - Only `platform` touches the browser, and nothing at all can reach the network: `boot.js` takes it away before the
//!   first file, and the shipped modules import nothing that loads or sends.
//! - The interface thread never works longer than 50 ms: it merges small answers and draws.
//! - No style attributes in markup and no injected styles: the policy forbids both. Classes and `style:name=value` only.

#[cfg(feature = "page")]
pub mod client;
#[cfg(feature = "page")]
pub mod command;
#[cfg(feature = "page")]
pub mod kit;
pub mod linker;
#[cfg(feature = "page")]
pub mod panels;
pub mod platform;
pub mod plugin;
pub mod protocol;
pub mod shard;
#[cfg(feature = "page")]
pub mod state;

#[cfg(feature = "page")]
mod start;

#[cfg(feature = "page")]
pub use start::{is_page, mount, open_session};
