//! A trail on the disk.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, io, thread};

use crate::{Plan, Trail, gzip};

/// What has been written, so far or in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files.
    pub files: u64,
    /// Records in them.
    pub events: u64,
    /// Bytes on the disk.
    pub bytes: u64,
    /// Bytes before compression.
    pub json_bytes: u64,
}

/// Writes the trail of a plan under `directory` in the S3 layout, on all cores, and tells
/// `progress` after each file. Files that are there already are replaced if they have the same
/// name; others are left alone.
///
/// # Errors
/// The first error of the file system; the files that were written before it stay.
pub fn write(plan: Plan, directory: &Path, progress: impl FnMut(Written) + Send) -> io::Result<Written> {
    let trail = Trail::new(plan);
    let next = AtomicUsize::new(0);
    let shared = Mutex::new((Written::default(), progress));
    let work = || -> io::Result<()> {
        while let Some(file) = trail.file(next.fetch_add(1, Ordering::Relaxed)) {
            let path = directory.join(&file.path);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            let packed = gzip(&file.json);
            fs::write(&path, &packed)?;
            let mut shared = shared.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            let (written, progress) = &mut *shared;
            written.files += 1;
            written.events += file.events;
            written.bytes += packed.len() as u64;
            written.json_bytes += file.json.len() as u64;
            progress(*written);
        }
        Ok(())
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| -> io::Result<()> {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        }
        Ok(())
    })?;
    let (written, _) = shared.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    Ok(written)
}
