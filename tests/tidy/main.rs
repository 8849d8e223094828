//! The house rules that a machine can check. Every rule reports all that it finds, by file and
//! line, and says what to do instead.
#![allow(clippy::expect_used, clippy::unwrap_used)]

mod arrows;
mod contract;
mod dictionaries;
mod docs;
mod page;
mod rust_source;
mod said;
mod seal;
mod size;
mod tree;
mod words;

/// Fails with the whole list, so that one run shows everything there is to mend.
fn assert_none(rule: &str, violations: &[String]) {
    assert!(violations.is_empty(), "{rule}\n  {}", violations.join("\n  "));
}
