//! What columns cannot tell of a query, records do: their files are read again, as they were the first time.

use super::parts::{Pace, Part, Slice, bytes_of_group, parts, slices, split, wait_if_held};
use super::{REPORT_EVERY, Shard, Shared, say};
use crate::platform::files::Pending;
use crate::platform::pump;
use crate::protocol::{Checking, FileToRead, FromShard};
use analyzer_core::session::Recheck;
use std::collections::VecDeque;

/// The browser fetches this many pieces while the one before is read.
const AHEAD: usize = 2;

/// Reads again what has to be for the filter that was just set. A pass for an earlier one ends by itself.
pub(super) fn start(shared: &Shared) {
    let mut shard = shared.borrow_mut();
    let open = shard.session.open_sources();
    let events = open.iter().map(|source| source.events).sum();
    if events == 0 {
        return;
    }
    let files = open.iter().filter_map(|source| shard.files.get(&source.ordinal).cloned());
    let parts = parts(files).into();
    let mut pass = Pass {
        shared: shared.clone(),
        number: shard.filter,
        events,
        recheck: None,
        pace: Pace::start(),
        reported: 0.0,
    };
    pass.report(&mut shard, true);
    drop(shard);
    pump::spawn(async move { pass.run(parts).await });
}

/// One pass over the files.
struct Pass {
    shared: Shared,
    /// Of the filter.
    number: u32,
    /// Events that were open at the start.
    events: u64,
    /// The large file that is being read; nothing once it has told all or cannot be read.
    recheck: Option<Recheck>,
    pace: Pace,
    /// When the page was told last, in milliseconds.
    reported: f64,
}

impl Pass {
    async fn run(&mut self, mut parts: VecDeque<Part>) {
        let mut ahead: VecDeque<(Part, Pending)> = VecDeque::new();
        while self.is_wanted() {
            while ahead.len() <= AHEAD
                && let Some(part) = parts.pop_front()
            {
                let pending = part.ask();
                ahead.push_back((part, pending));
            }
            match ahead.pop_front() {
                Some((Part::Group(files), pending)) => self.take_group(files, pending).await,
                Some((Part::Slice(slice), pending)) => {
                    self.take_slice(slice, pending).await;
                    if self.recheck.is_none() {
                        leave_file(&mut parts);
                    }
                }
                None => {
                    let shared = self.shared.clone();
                    self.report(&mut shared.borrow_mut(), false);
                    return;
                }
            }
        }
    }

    /// Whether nobody has set another filter.
    fn is_wanted(&self) -> bool {
        self.shared.borrow().filter == self.number
    }

    async fn take_group(&mut self, files: Vec<FileToRead>, pending: Pending) {
        let Some(bytes) = bytes_of_group(&files, pending).await else {
            // One that cannot be read must not keep the others from it.
            for slice in files.into_iter().flat_map(slices) {
                let pending = slice.ask();
                self.take_slice(slice, pending).await;
            }
            return;
        };
        for (file, bytes) in split(files, &bytes) {
            wait_if_held(&self.shared).await;
            if !self.is_wanted() {
                return;
            }
            self.check_whole(file.ordinal, bytes);
            self.pace.breathe_sometimes().await;
        }
    }

    async fn take_slice(&mut self, slice: Slice, pending: Pending) {
        // Events of a file that cannot be read stay open.
        let bytes = pending.bytes().await.ok();
        wait_if_held(&self.shared).await;
        if self.is_wanted() {
            self.check_slice(&slice, bytes.as_deref());
        }
        self.pace.breathe_sometimes().await;
    }

    fn check_whole(&mut self, ordinal: u32, bytes: &[u8]) {
        let shared = self.shared.clone();
        let mut shard = shared.borrow_mut();
        let mut recheck = shard.session.recheck(ordinal);
        shard.session.recheck_push(&mut recheck, bytes);
        shard.session.recheck_end(recheck);
        self.report_sometimes(&mut shard);
    }

    fn check_slice(&mut self, slice: &Slice, bytes: Option<&[u8]>) {
        let shared = self.shared.clone();
        let mut shard = shared.borrow_mut();
        let begun = if slice.from == 0 { Some(shard.session.recheck(slice.file.ordinal)) } else { self.recheck.take() };
        self.recheck = begun.zip(bytes).and_then(|(mut recheck, bytes)| {
            let needs_more = shard.session.recheck_push(&mut recheck, bytes) && slice.to < slice.file.size;
            if needs_more {
                return Some(recheck);
            }
            shard.session.recheck_end(recheck);
            None
        });
        self.report_sometimes(&mut shard);
    }

    fn report_sometimes(&mut self, shard: &mut Shard) {
        if pump::now_ms() - self.reported > REPORT_EVERY {
            self.report(shard, true);
        }
    }

    fn report(&mut self, shard: &mut Shard, is_running: bool) {
        self.reported = pump::now_ms();
        let open = shard.session.open_sources().iter().map(|source| source.events).sum();
        say(&FromShard::Checking(self.number, Checking { events: self.events, open, is_running }));
    }
}

/// The rest of the file whose parts come first need not be read.
fn leave_file(parts: &mut VecDeque<Part>) {
    while parts.front().is_some_and(|part| matches!(part, Part::Slice(slice) if slice.from > 0)) {
        parts.pop_front();
    }
}
