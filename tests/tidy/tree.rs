//! The project's files, by walking the folders: what git ignores is left out by name.

use std::fs;
use std::path::{Path, PathBuf};

const GENERATED: [&str; 4] = ["target", "dist", "node_modules", ".git"];

/// A text file of the project.
pub struct Source {
    /// Relative to the root, with `/` on every system.
    pub path: String,
    pub text: String,
}

impl Source {
    /// Whether it lies in this folder (given without a slash at the end).
    pub fn is_in(&self, folder: &str) -> bool {
        self.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    }

    pub fn has_extension(&self, extensions: &[&str]) -> bool {
        extensions.iter().any(|extension| self.path.ends_with(&format!(".{extension}")))
    }

    /// The folder's path, empty for the root.
    pub fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}

/// The project's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Every file that is text, in a fixed order.
pub fn sources() -> Vec<Source> {
    let mut files = Vec::new();
    walk(root(), &mut files);
    files.sort();
    let sources: Vec<Source> = files.iter().filter_map(|path| read(path)).collect();
    assert!(sources.len() > 50, "the walk over the project found only {} files", sources.len());
    sources
}

/// Every Rust file of the project.
pub fn rust_sources() -> Vec<Source> {
    sources().into_iter().filter(|source| source.has_extension(&["rs"])).collect()
}

fn read(path: &Path) -> Option<Source> {
    let text = String::from_utf8(fs::read(path).ok()?).ok()?;
    let parts = path.strip_prefix(root()).ok()?.components();
    let parts: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy()).collect();
    Some(Source { path: parts.join("/"), text })
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let name = entry.file_name();
        let path = entry.path();
        if path.is_symlink() || GENERATED.iter().any(|generated| name == *generated) {
            continue;
        }
        if path.is_dir() {
            walk(&path, files);
        } else {
            files.push(path);
        }
    }
}
