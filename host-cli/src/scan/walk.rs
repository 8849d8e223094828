//! Which files there are under some paths, in an order that does not depend on the machine.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What is under some paths.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Walk {
    /// Files: arguments in their order, the files of a folder by name. Each is there once, however many paths and
    /// links lead to it.
    pub files: Vec<FileEntry>,
    /// Arguments that do not exist or cannot be opened, and folders that cannot be listed.
    pub problems: Vec<WalkProblem>,
}

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    /// Its path, as the arguments lead to it.
    pub path: PathBuf,
    /// Bytes, as the folder says; for progress only.
    pub size: u64,
}

/// A path that leads nowhere.
#[derive(Debug, PartialEq, Eq)]
pub struct WalkProblem {
    /// The path.
    pub path: PathBuf,
    /// What the system said.
    pub message: String,
}

/// Finds the files under `paths`. Links are followed; what was seen is not entered again, so a loop ends.
pub fn walk(paths: &[PathBuf]) -> Walk {
    let mut walk = Walk::default();
    let mut seen = HashSet::new();
    // A stack instead of recursion: folders may nest deeper than the thread's stack.
    let mut todo: Vec<(PathBuf, Origin)> = paths.iter().rev().map(|path| (path.clone(), Origin::Argument)).collect();
    while let Some((path, origin)) = todo.pop() {
        match visit(&path, origin, &mut seen) {
            Ok(Visit::File(size)) => walk.files.push(FileEntry { path, size }),
            Ok(Visit::Folder(entries)) => todo.extend(entries.into_iter().rev().map(|path| (path, Origin::Folder))),
            Ok(Visit::Seen) => {}
            Err(error) => walk.problems.push(WalkProblem { path, message: error.to_string() }),
        }
    }
    walk
}

/// Who named a path.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Argument,
    Folder,
}

enum Visit {
    File(u64),
    /// The entries, by name.
    Folder(Vec<PathBuf>),
    Seen,
}

fn visit(path: &Path, origin: Origin, seen: &mut HashSet<PathBuf>) -> std::io::Result<Visit> {
    let metadata = fs::metadata(path)?;
    // A pipe that was asked for by name, `<(zcat …)`, is welcome. One in a folder may never have a writer.
    if origin == Origin::Argument && is_pipe(&metadata) {
        return Ok(Visit::File(0));
    }
    if !metadata.is_file() && !metadata.is_dir() {
        return Err(std::io::Error::other("it is neither a file nor a folder"));
    }
    if !seen.insert(fs::canonicalize(path)?) {
        return Ok(Visit::Seen);
    }
    if metadata.is_file() {
        return Ok(Visit::File(metadata.len()));
    }
    let entries: std::io::Result<Vec<PathBuf>> =
        fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut entries = entries?;
    entries.sort();
    Ok(Visit::Folder(entries))
}

#[cfg(unix)]
fn is_pipe(metadata: &fs::Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&metadata.file_type())
}

#[cfg(not(unix))]
fn is_pipe(_: &fs::Metadata) -> bool {
    false
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    /// A folder of its own that is gone at the end.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("trailglass-walk-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn file(&self, name: &str) {
            let path = self.0.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, b"{}").unwrap();
        }

        /// Walks paths in the folder; the files and the problems, as paths in it.
        fn check(&self, paths: &[&str], files: &[&str], problems: &[&str]) {
            let paths: Vec<PathBuf> = paths.iter().map(|path| self.0.join(path)).collect();
            let walk = walk(&paths);
            let inside = |path: &PathBuf| path.strip_prefix(&self.0).unwrap().display().to_string();
            assert_eq!(walk.files.iter().map(|file| inside(&file.path)).collect::<Vec<_>>(), files);
            assert_eq!(walk.problems.iter().map(|problem| inside(&problem.path)).collect::<Vec<_>>(), problems);
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn folders_are_walked_by_name_and_arguments_in_their_order() {
        let folder = Folder::new("order");
        ["b/2.json", "b/10.json", "a/deep/er/x.json.gz", "c.json"].into_iter().for_each(|name| folder.file(name));
        folder.check(&[""], &["a/deep/er/x.json.gz", "b/10.json", "b/2.json", "c.json"], &[]);
        folder.check(&["c.json", "b"], &["c.json", "b/10.json", "b/2.json"], &[]);
    }

    #[test]
    fn a_file_counts_once_however_it_is_reached() {
        let folder = Folder::new("once");
        folder.file("a/x.json");
        symlink(folder.0.join("a"), folder.0.join("b")).unwrap();
        symlink(folder.0.join("a/x.json"), folder.0.join("c.json")).unwrap();
        folder.check(&["a/x.json", "", "a"], &["a/x.json"], &[]);
        folder.check(&["b"], &["b/x.json"], &[]);
    }

    #[test]
    fn loops_end_and_what_leads_nowhere_is_told() {
        let folder = Folder::new("loops");
        folder.file("a/x.json");
        symlink("..", folder.0.join("a/up")).unwrap();
        symlink("self", folder.0.join("a/self")).unwrap();
        symlink("gone", folder.0.join("a/dangling")).unwrap();
        folder.check(&["", "missing"], &["a/x.json"], &["a/dangling", "a/self", "missing"]);
    }
}
