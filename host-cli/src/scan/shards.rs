//! Threads are shards: each reads files into a session of its own. Then duplicates between them are settled.

use std::collections::BTreeMap;
use std::fs::File;
use std::hash::{BuildHasher as _, Hasher as _};
use std::io::Read as _;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use analyzer_core::detect::{Detector, Picked, Selection};
use analyzer_core::event::Location;
use analyzer_core::field::FieldRef;
use analyzer_core::ingest::sift::{Sift, Wanted};
use analyzer_core::predicate::Predicate;
use analyzer_core::problem::{Fault, SourceAccount};
use analyzer_core::session::{OpenSource, Session};
use analyzer_core::view::tally::Tally;

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

/// Reads all files, in the order of `files`; a file's ordinal is its place in it. The sessions have the query.
pub fn ingest(
    files: &[FileEntry],
    detectors: &[Detector],
    query: &Predicate,
    threads: NonZeroUsize,
    progress: &dyn Progress,
) -> Vec<Session> {
    let next = AtomicUsize::new(0);
    let threads = threads.get().min(files.len());
    let mut sessions: Vec<Session> = std::thread::scope(|scope| {
        let shard = || shard(files, detectors, query, &next, progress);
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

/// What the first so many detectors selected in all shards.
pub fn selection(sessions: &[Session], detectors: usize) -> Selection {
    let mut all = Selection::default();
    for session in sessions {
        all.merge(session.selection_of(detectors));
    }
    all
}

/// What one detector selected in all shards, as columns.
pub fn picked(sessions: &[Session], detector: usize) -> Picked {
    let mut all = Picked::default();
    for session in sessions {
        all.merge(session.picked(detector));
    }
    all
}

fn shard(
    files: &[FileEntry],
    detectors: &[Detector],
    query: &Predicate,
    next: &AtomicUsize,
    progress: &dyn Progress,
) -> Session {
    let mut session = Session::new(detectors.to_vec(), seed());
    session.set_query(query.clone());
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
    let poured = pour(path, slice, &mut |bytes| {
        session.push(&mut intake, bytes);
        progress.bytes(bytes.len() as u64);
        true
    });
    let fault = poured.err().map(|error| Fault::Unreadable { message: error.to_string() });
    session.close(intake, fault)
}

/// Hands out the bytes of a file, piece by piece, for as long as they are wanted.
fn pour(path: &Path, slice: &mut [u8], take: &mut dyn FnMut(&[u8]) -> bool) -> std::io::Result<()> {
    let mut file = File::open(path)?;
    loop {
        match file.read(slice) {
            Ok(0) => return Ok(()),
            Ok(count) if take(&slice[..count]) => {}
            Ok(_) => return Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Reads files again, as far as their records must say whether they match. Returns how many events could not be asked.
pub fn recheck(sessions: &mut [Session], files: &[FileEntry]) -> u64 {
    let left = |session: &mut Session| -> u64 {
        let mut slice = vec![0; SLICE];
        for OpenSource { ordinal, .. } in session.open_sources() {
            let Some(file) = files.get(ordinal as usize) else { continue };
            let mut recheck = session.recheck(ordinal);
            // What cannot be read stays open, and is counted.
            let _ = pour(&file.path, &mut slice, &mut |bytes| session.recheck_push(&mut recheck, bytes));
            session.recheck_end(recheck);
        }
        session.open_sources().iter().map(|source| source.events).sum()
    };
    std::thread::scope(|scope| {
        let handles: Vec<_> = sessions.iter_mut().map(|session| scope.spawn(move || left(session))).collect();
        handles.into_iter().filter_map(|handle| joined(handle.join())).sum()
    })
}

/// Reads the files again that hold matching events, and counts what these hold in some fields.
pub fn tally(sessions: &mut [Session], files: &[FileEntry], fields: &[FieldRef]) -> Tally {
    let count = |session: &mut Session| {
        let (mut tally, mut slice) = (Tally::new(fields.iter().cloned()), vec![0; SLICE]);
        for OpenSource { ordinal, .. } in session.matching_sources() {
            let Some(file) = files.get(ordinal as usize) else { continue };
            let mut survey = session.survey(ordinal);
            // A file that is gone by now counts nothing more: the number of events tells.
            let _ = pour(&file.path, &mut slice, &mut |bytes| session.survey_push(&mut survey, &mut tally, bytes));
            session.survey_end(survey, &mut tally);
        }
        tally
    };
    let mut whole = Tally::new(fields.iter().cloned());
    std::thread::scope(|scope| {
        let count = &count;
        let handles: Vec<_> = sessions.iter_mut().map(|session| scope.spawn(move || count(session))).collect();
        handles.into_iter().filter_map(|handle| joined(handle.join())).for_each(|part| whole.merge(part));
    });
    whole
}

/// The records at these places, in their order; nothing for one that cannot be read again.
pub fn records(files: &[FileEntry], places: &[Location]) -> Vec<Option<String>> {
    let mut by_source: BTreeMap<u32, Vec<Wanted>> = BTreeMap::new();
    for (row, &location) in (0..).zip(places) {
        by_source.entry(location.source).or_default().push(Wanted { location, row });
    }
    let (mut found, mut slice) = (vec![None; places.len()], vec![0; SLICE]);
    for (ordinal, wanted) in by_source {
        let Some(file) = files.get(ordinal as usize) else { continue };
        let mut sift = Sift::new(wanted);
        let mut take = |row: u32, bytes: &[u8]| {
            if let Some(place) = found.get_mut(row as usize) {
                *place = Some(String::from_utf8_lossy(bytes).into_owned());
            }
        };
        let _ = pour(&file.path, &mut slice, &mut |bytes| sift.push(bytes, &mut take));
        sift.finish(&mut take);
    }
    found
}

/// The record of an event, and the number of the session that has it.
pub fn record_of(sessions: &[Session], files: &[FileEntry], event_id: &str) -> Option<(String, usize)> {
    let (place, location) =
        sessions.iter().enumerate().find_map(|(place, session)| Some((place, session.locate(event_id)?)))?;
    let record = records(files, &[location]).pop()??;
    Some((record, place))
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
pub(super) fn joined<T>(result: std::thread::Result<T>) -> Option<T> {
    result.map_err(|panic| std::panic::resume_unwind(panic)).ok()
}
