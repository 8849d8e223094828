//! The mind of Trailglass: bytes of CloudTrail logs in, values out.
//!
//! # Design constraints
//!
//! - **No I/O of any kind.** No file system, network, clock, threads, randomness or JavaScript. The edges (the
//!   browser worker and the command line) read bytes and push them in; a seed for hashing is handed in from outside.
//! - **One source, two targets, one answer.** The crate compiles for native targets and for
//!   `wasm32-unknown-unknown`; the same input gives byte-identical answers on both, whatever the seed.
//! - **Faults of data are data.** Nothing here panics on any input, and nothing is skipped in silence: see
//!   [`problem`].
//! - **Plain structs out.** Public fields, no serialisation traits: each edge has its own wire form.
//!
//! # The rooms
//!
//! `ingest` turns pushed bytes into records; `store` keeps them as columns; `predicate` decides which ones are meant;
//! `view` answers the questions of a screen and says how the answers of two shards merge; `detect` is the one
//! detection pipeline; `session` is the façade that both edges use. `bytes` compares and searches sixteen bytes at a time;
//! `order` sorts; `said` is
//! what the core says to people, ready for other languages.

mod bytes;
pub mod detect;
pub mod event;
pub mod export;
pub mod field;
pub mod identity;
pub mod ingest;
pub mod order;
pub mod predicate;
pub mod problem;
pub mod redact;
pub mod said;
pub mod session;
pub mod store;
pub mod view;
