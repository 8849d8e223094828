//! Shards full of generated events. Neither making nor reading them is measured here, so nothing is compressed.

use super::THREADS;
use crate::threads::settle_duplicates;
use analyzer_core::session::Session;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use trail_generator::{Plan, Story, Trail};

/// A trail of so many events, each file in one of the shards. An event that two of them have counts once.
pub fn shards(events: u64, seed: u64) -> Vec<Session> {
    let trail = Trail::new(Plan::week(events, seed, Story::Benign));
    let next = AtomicUsize::new(0);
    let shard = || {
        let mut session = Session::new(Vec::new(), 1);
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = trail.file(number) else { break };
            let mut intake = session.open(u32::try_from(number).unwrap_or(u32::MAX), file.path);
            session.push(&mut intake, &file.json);
            session.close(intake, None);
        }
        session.settle();
        session
    };
    let mut shards: Vec<Session> = thread::scope(|scope| {
        let handles: Vec<_> = (0..THREADS).map(|_| scope.spawn(shard)).collect();
        handles.into_iter().filter_map(|handle| handle.join().ok()).collect()
    });
    settle_duplicates(&mut shards);
    shards
}
