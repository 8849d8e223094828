//! Sigma rules by our engine and by RSigma. See the README of this folder.

// What does not hold is to fail, loudly.
#![allow(clippy::unwrap_used, clippy::expect_used)]

pub mod engines;
pub mod events;
pub mod random;
pub mod rules;
pub mod yaml;
