//! The only modules that touch the browser.

pub mod boot;
#[cfg(feature = "page")]
pub mod canvas;
#[cfg(feature = "page")]
pub mod download;
pub mod engine;
pub mod files;
#[cfg(feature = "page")]
pub mod page;
pub mod pump;
#[cfg(feature = "page")]
pub mod storage;
pub mod workers;
#[cfg(feature = "page")]
pub mod zones;
