//! The hand of Trailglass: detections over logs on this machine, on the command line.
//! `README.md` in this folder says what belongs here.

pub mod args;
pub mod commands;
pub mod host;
pub mod kit;
pub mod output;
pub mod scan;
