//! Threads are shards: each reads files into a session of its own. Then duplicates between them are settled.

use std::fs::File;
use std::hash::{BuildHasher as _, Hasher as _};
use std::io::Read as _;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use analyzer_core::detect::{Detector, Selection};
use analyzer_core::problem::{Fault, SourceAccount};
use analyzer_core::session::Session;

use super::walk::FileEntry;

/// Bytes that are read at a time.
const SLICE: usize = 1 << 20;

/// Hears of progress, from several threads.
pub trait Progress: Sync {
    /// So many more bytes were read.
    fn bytes(&self, count: u64);
    /// One more file was read to its end, with so many events.
    fn file(&self, events: u64);
}

/// Reads all files, in the order of `files`; a file's ordinal is its place in it.
pub fn ingest(
    files: &[FileEntry],
    detectors: &[Detector],
    threads: NonZeroUsize,
    progress: &dyn Progress,
) -> Vec<Session> {
    let next = AtomicUsize::new(0);
    let threads = threads.get().min(files.len());
    let mut sessions: Vec<Session> = std::thread::scope(|scope| {
        let shard = || shard(files, detectors, &next, progress);
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(shard)).collect();
        handles.into_iter().filter_map(|handle| joined(handle.join())).collect()
    });
    settle_duplicates(&mut sessions);
    sessions
}

/// The accounts of all sources, by ordinal, each followed by those of its members.
pub fn accounts(sessions: &[Session]) -> Vec<&SourceAccount> {
    let mut accounts: Vec<&SourceAccount> = sessions.iter().flat_map(Session::accounts).collect();
    accounts.sort_by_key(|account| (account.ordinal, account.member));
    accounts
}

/// What was selected in all shards.
pub fn selection(sessions: &[Session]) -> Selection {
    let mut all = Selection::default();
    for session in sessions {
        all.merge(session.selection().clone());
    }
    all
}

fn shard(files: &[FileEntry], detectors: &[Detector], next: &AtomicUsize, progress: &dyn Progress) -> Session {
    let mut session = Session::new(detectors.to_vec(), seed());
    let mut slice = vec![0; SLICE];
    loop {
        let ordinal = next.fetch_add(1, Ordering::Relaxed);
        let Some(file) = files.get(ordinal) else {
            session.settle();
            break session;
        };
        let accounts = read(&mut session, ordinal, &file.path, &mut slice, progress);
        progress.file(accounts.iter().map(|account| account.kept).sum());
    }
}

fn read<'s>(
    session: &'s mut Session,
    ordinal: usize,
    path: &Path,
    slice: &mut [u8],
    progress: &dyn Progress,
) -> &'s [SourceAccount] {
    let ordinal = u32::try_from(ordinal).unwrap_or(u32::MAX);
    let mut intake = session.open(ordinal, path.display().to_string());
    let mut pour = || -> std::io::Result<()> {
        let mut file = File::open(path)?;
        loop {
            match file.read(slice) {
                Ok(0) => return Ok(()),
                Ok(count) => {
                    session.push(&mut intake, &slice[..count]);
                    progress.bytes(count as u64);
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    };
    let fault = pour().err().map(|error| Fault::Unreadable { message: error.to_string() });
    session.close(intake, fault)
}

/// An event that several shards have counts in the source with the lowest ordinal.
fn settle_duplicates(sessions: &mut [Session]) {
    if sessions.len() < 2 {
        return;
    }
    let claims: Vec<_> = std::thread::scope(|scope| {
        let handles: Vec<_> = sessions.iter().map(|session| scope.spawn(|| session.claims())).collect();
        handles.into_iter().filter_map(|handle| joined(handle.join())).collect()
    });
    std::thread::scope(|scope| {
        for (mine, session) in sessions.iter_mut().enumerate() {
            let claims = &claims;
            scope.spawn(move || {
                for (_, others) in claims.iter().enumerate().filter(|&(other, _)| other != mine) {
                    session.drop_duplicates(others);
                }
            });
        }
    });
}

/// A seed that nobody who writes log lines can know.
fn seed() -> u64 {
    std::hash::RandomState::new().build_hasher().finish()
}

/// A thread's panic goes on in this one.
fn joined<T>(result: std::thread::Result<T>) -> Option<T> {
    result.map_err(|panic| std::panic::resume_unwind(panic)).ok()
}
