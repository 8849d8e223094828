//! The files that everything reads: one generated trail, compressed as CloudTrail delivers it, held in memory so that no
//! disk is measured. Who cannot read this program's memory gets the same bytes in a folder.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{fs, io, thread};
use trail_generator::{Plan, Story, Trail, gzip};

/// Threads that generate: half a minute less to wait, and none of it is measured.
const GENERATORS: usize = 2;

/// One file.
pub struct File {
    /// Its path from the bucket's root.
    pub path: String,
    /// Its bytes.
    pub packed: Vec<u8>,
    /// Bytes that it inflates to.
    pub json_bytes: u64,
    /// Records in it, repeated deliveries included.
    pub records: u64,
    /// Records that an earlier file has.
    pub duplicates: u64,
}

/// The number of records and of events in some files, by which each way of reading them is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Records, repeated deliveries included.
    pub records: u64,
    /// Events, each counted once.
    pub kept: u64,
}

/// Plans a trail. Benign, since a story would add events of its own to a small one.
pub fn plan(events: u64, seed: u64) -> Trail {
    Trail::new(Plan::week(events, seed, Story::Benign))
}

/// Generates a trail.
pub fn generate(events: u64, seed: u64) -> Vec<File> {
    let trail = plan(events, seed);
    let numbers: Vec<usize> = (0..trail.len()).collect();
    let files = Mutex::new(Vec::new());
    make(&trail, &numbers, |number, file| locked(&files).push((number, file)));
    let mut files = files.into_inner().unwrap_or_else(PoisonError::into_inner);
    files.sort_by_key(|(number, _)| *number);
    files.into_iter().map(|(_, file)| file).collect()
}

/// Makes these files of a trail, some at a time, and hands each on as soon as it is there.
fn make(trail: &Trail, numbers: &[usize], take: impl Fn(usize, File) + Sync) {
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(&number) = numbers.get(next.fetch_add(1, Ordering::Relaxed)) {
            let Some(file) = trail.file(number) else { continue };
            let packed = gzip(&file.json);
            let json_bytes = file.json.len() as u64;
            let (records, duplicates) = (file.events, file.duplicates);
            take(number, File { path: file.path, packed, json_bytes, records, duplicates });
        }
    };
    thread::scope(|scope| (0..GENERATORS).for_each(|_| drop(scope.spawn(work))));
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What these files hold.
pub fn counts(files: &[File]) -> Counts {
    let records = files.iter().map(|file| file.records).sum();
    Counts { records, kept: records - files.iter().map(|file| file.duplicates).sum::<u64>() }
}

/// The first files, up to the one that reaches so many records.
pub fn first(files: &[File], records: u64) -> &[File] {
    let mut total = 0;
    let enough = files.iter().position(|file| {
        total += file.records;
        total >= records
    });
    enough.map_or(files, |last| &files[..=last])
}

/// Writes files into a folder, without the folders of the bucket; returns their paths.
pub fn write(files: &[File], folder: &Path) -> io::Result<Vec<PathBuf>> {
    files.iter().enumerate().map(|(number, file)| write_one(number, file, folder)).collect()
}

/// Makes these files of a trail and writes each into a folder at once, so that few are held in memory; returns their
/// paths, in the order of the numbers.
pub fn make_in(folder: &Path, trail: &Trail, numbers: &[usize]) -> io::Result<Vec<PathBuf>> {
    let written = Mutex::new(Vec::new());
    make(trail, numbers, |number, file| {
        let path = write_one(number, &file, folder);
        locked(&written).push((number, path));
    });
    let mut written = written.into_inner().unwrap_or_else(PoisonError::into_inner);
    written.sort_by_key(|(number, _)| *number);
    written.into_iter().map(|(_, path)| path).collect()
}

fn write_one(number: usize, file: &File, folder: &Path) -> io::Result<PathBuf> {
    let path = folder.join(format!("{number:06}.json.gz"));
    fs::write(&path, &file.packed)?;
    Ok(path)
}

/// An error unless a way of reading found what is there: what does less work must not look quick.
pub fn expect(who: &str, expected: Counts, found: Counts) -> Result<(), String> {
    if expected == found {
        Ok(())
    } else {
        Err(format!("the measurement is void: {who} found {found:?} in place of {expected:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_files_hold_enough() {
        let files = generate(2_000, 1);
        assert_eq!(counts(&files).records, 2_000);
        assert!(files.len() > 2, "{} files", files.len());
        assert_eq!(first(&files, 1).len(), 1);
        assert_eq!(first(&files, files[0].records + 1).len(), 2);
        assert_eq!(first(&files, u64::MAX).len(), files.len());
    }

    #[test]
    fn a_wrong_count_is_no_measurement() {
        let right = Counts { records: 3, kept: 2 };
        assert!(expect("x", right, right).is_ok());
        let problem = expect("x", right, Counts { records: 3, kept: 3 }).unwrap_err();
        assert!(problem.starts_with("the measurement is void: x found"), "{problem}");
    }
}
