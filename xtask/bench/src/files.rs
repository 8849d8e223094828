//! The files that everything reads: one generated trail, compressed as CloudTrail delivers it, held in memory so that no
//! disk is measured. Who cannot read this program's memory gets the same bytes in a folder.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, io, thread};
use trail_generator::{Plan, Story, gzip};

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

/// Generates a trail. Benign, since a story would add events of its own to a small one.
pub fn generate(events: u64, seed: u64) -> Vec<File> {
    let trail = trail_generator::Trail::new(Plan::week(events, seed, Story::Benign));
    let (next, files) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = trail.file(number) else { break };
            let packed = gzip(&file.json);
            let json_bytes = file.json.len() as u64;
            let file = File { path: file.path, packed, json_bytes, records: file.events, duplicates: file.duplicates };
            files.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push((number, file));
        }
    };
    thread::scope(|scope| (0..GENERATORS).for_each(|_| drop(scope.spawn(work))));
    let mut files = files.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    files.sort_by_key(|(number, _)| *number);
    files.into_iter().map(|(_, file)| file).collect()
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
    let written = files.iter().enumerate().map(|(number, file)| {
        let path = folder.join(format!("{number:06}.json.gz"));
        fs::write(&path, &file.packed)?;
        Ok(path)
    });
    written.collect()
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
