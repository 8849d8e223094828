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

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, SystemTime};

    #[test]
    fn a_key_changes_with_content_and_with_settings() {
        let key_of = |bytes: &[u8], setting: &str| key(bytes, setting);
        assert_eq!(key_of(b"a", "-O2"), key_of(b"a", "-O2"));
        assert_ne!(key_of(b"a", "-O2"), key_of(b"b", "-O2"));
        assert_ne!(key_of(b"a", "-O2"), key_of(b"a", "-Os"));
    }

    #[test]
    fn only_a_change_is_written() {
        let path = std::env::temp_dir().join(format!("xtask-fresh-{}/file", std::process::id()));
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        let modified = || fs::metadata(&path).unwrap().modified().unwrap();
        write(&path, b"one").unwrap();
        fs::File::options().append(true).open(&path).unwrap().set_modified(long_ago).unwrap();
        write(&path, b"one").unwrap();
        assert_eq!(modified(), long_ago);
        write(&path, b"two").unwrap();
        assert_ne!(modified(), long_ago);
        assert_eq!(fs::read(&path).unwrap(), b"two");
        fs::remove_dir_all(path.parent().unwrap()).unwrap();
    }
}
