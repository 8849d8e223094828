//! Whether the inputs of a step have changed since it was done: by content, so that a checkout or
//! a touched file does not set anything off.

use crate::report::{Outcome, while_doing};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// A hash of these bytes and of what else decides about the result. It is only ever compared with
/// one that this program made, so it need not be stable between versions of Rust.
pub fn key(bytes: &[u8], settings: impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    settings.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Writes a file unless it holds these bytes already, so that what watches it stays quiet.
pub fn write(path: &Path, bytes: &[u8]) -> Outcome {
    if fs::read(path).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(while_doing(folder.display()))?;
    }
    fs::write(path, bytes).map_err(while_doing(path.display()))
}
