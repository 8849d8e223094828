//! The only modules that touch the browser.

pub mod boot;
pub mod canvas;
pub mod engine;
pub mod files;
pub mod page;
pub mod pump;
pub mod storage;
pub mod workers;
