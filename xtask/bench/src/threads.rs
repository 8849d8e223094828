//! Several threads, as the command line has them: each takes files from a shared counter into a session of its own, and
//! in the end the sessions exchange their ids, so that an event which two of them have counts once. All of that is in
//! the measured time.

use crate::files::{Counts, File};
use crate::ingest;
use analyzer_core::session::Session;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Reads everything with so many threads.
pub fn all(files: &[File], threads: usize) -> Counts {
    let next = AtomicUsize::new(0);
    let shard = || {
        let mut session = ingest::session();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = files.get(number) else {
                session.settle();
                break session;
            };
            ingest::one(&mut session, u32::try_from(number).unwrap_or(u32::MAX), file, &file.packed);
        }
    };
    let mut sessions: Vec<Session> = thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(shard)).collect();
        handles.into_iter().map(|handle| joined(handle.join())).collect()
    });
    settle_duplicates(&mut sessions);
    let all = sessions.iter().map(ingest::counts);
    all.fold(Counts { records: 0, kept: 0 }, |sum, c| Counts {
        records: sum.records + c.records,
        kept: sum.kept + c.kept,
    })
}

/// An event that several sessions have counts in one of them.
pub fn settle_duplicates(sessions: &mut [Session]) {
    if sessions.len() < 2 {
        return;
    }
    let claims: Vec<_> = thread::scope(|scope| {
        let handles: Vec<_> = sessions.iter().map(|session| scope.spawn(|| session.claims())).collect();
        handles.into_iter().map(|handle| joined(handle.join())).collect()
    });
    thread::scope(|scope| {
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

/// A thread's panic goes on in this one.
fn joined<T>(result: thread::Result<T>) -> T {
    result.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
