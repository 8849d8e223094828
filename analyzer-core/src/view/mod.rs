//! Questions of a screen, and answers that merge. See the README of this folder.

pub mod detail;
pub mod distinct;
pub mod overview;
pub mod page;
pub mod row;
pub mod sentence;
pub mod share;
pub mod subject;
pub mod summary;
pub mod tally;
pub mod timeline;
pub mod top;
