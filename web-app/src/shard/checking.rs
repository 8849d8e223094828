//! What columns cannot tell of a query, of a subject, or of rules that came late, records do: their files are read again, as they were the
//! first time.

use super::parts::{Pace, Part, Slice, bytes_of_group, parts, slices, split, wait_if_held};
use super::{REPORT_EVERY, Shard, Shared, say};
use crate::platform::files::Pending;
use crate::platform::pump;
use crate::protocol::{Checking, FileToRead, FromShard};
use analyzer_core::session::{LatePass, OpenSource, Recheck, Sought};
use std::collections::VecDeque;
use std::rc::Rc;

/// The browser fetches this many pieces while the one before is read.
const AHEAD: usize = 2;

/// For whom files are read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Job {
    /// The filter.
    Filter,
    /// The subject.
    Subject,
    /// The user's rules.
    Rules,
}

/// A file that is being read again.
enum Again {
    Search(Recheck),
    Rules(LatePass),
}

impl Job {
    /// The number of the filter, of the subject, or of the rules, that are in force.
    fn number(self, shard: &Shard) -> u32 {
        match self {
            Job::Filter => shard.filter,
            Job::Subject => shard.subject,
            Job::Rules => shard.rules_number,
        }
    }

    fn sources(self, shard: &mut Shard) -> Vec<OpenSource> {
        match self {
            Job::Filter => shard.session.open_sources(),
            Job::Subject => shard.session.open_sources_of(Sought::Subject),
            Job::Rules => shard.session.late_sources(),
        }
    }

    fn begin(self, shard: &mut Shard, ordinal: u32) -> Again {
        match self {
            Job::Filter => Again::Search(shard.session.recheck(ordinal)),
            Job::Subject => Again::Search(shard.session.recheck_of(Sought::Subject, ordinal)),
            Job::Rules => Again::Rules(shard.session.late(ordinal)),
        }
    }
}

impl Again {
    /// Whether more bytes are needed.
    fn push(&mut self, shard: &mut Shard, bytes: &[u8]) -> bool {
        match self {
            Again::Search(recheck) => shard.session.recheck_push(recheck, bytes),
            Again::Rules(pass) => shard.session.late_push(pass, bytes),
        }
    }

    fn end(self, shard: &mut Shard) {
        match self {
            Again::Search(recheck) => shard.session.recheck_end(recheck),
            Again::Rules(pass) => shard.session.late_end(pass),
        }
    }
}

/// Reads again what has to be for the filter, or the rules, that were just set. A pass for earlier ones ends by itself.
pub(super) fn start(shared: &Shared, job: Job) {
    let mut shard = shared.borrow_mut();
    let open = job.sources(&mut shard);
    let events = open.iter().map(|source| source.events).sum();
    if events == 0 {
        // The page waits for rules to be done, and knows of a filter by its answers.
        if job == Job::Rules {
            say(&FromShard::RulesSeen(shard.rules_number, Checking::default()));
        }
        return;
    }
    let files = open.iter().filter_map(|source| shard.files.get(&source.ordinal).cloned());
    let parts = parts(files).into();
    let mut pass = Pass {
        shared: shared.clone(),
        job,
        number: job.number(&shard),
        events,
        again: None,
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
    job: Job,
    /// Of the filter, of the subject, or of the rules.
    number: u32,
    /// Events that were open at the start.
    events: u64,
    /// The large file that is being read; nothing once it has told all or cannot be read.
    again: Option<Again>,
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
                    let file = slice.file.clone();
                    self.take_slice(slice, pending).await;
                    if self.again.is_none() {
                        leave_file(&mut parts, &file);
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

    /// Whether nobody has set another filter, another subject, or other rules.
    fn is_wanted(&self) -> bool {
        self.job.number(&self.shared.borrow()) == self.number
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
        let mut again = self.job.begin(&mut shard, ordinal);
        again.push(&mut shard, bytes);
        again.end(&mut shard);
        self.report_sometimes(&mut shard);
    }

    fn check_slice(&mut self, slice: &Slice, bytes: Option<&[u8]>) {
        let shared = self.shared.clone();
        let mut shard = shared.borrow_mut();
        let begun =
            if slice.from == 0 { Some(self.job.begin(&mut shard, slice.file.ordinal)) } else { self.again.take() };
        self.again = begun.zip(bytes).and_then(|(mut again, bytes)| {
            let needs_more = again.push(&mut shard, bytes) && slice.to < slice.file.size;
            if needs_more {
                return Some(again);
            }
            again.end(&mut shard);
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
        let open = self.job.sources(shard).iter().map(|source| source.events).sum();
        let checking = Checking { events: self.events, open, is_running };
        say(&match self.job {
            Job::Filter => FromShard::Checking(self.number, checking),
            Job::Subject => FromShard::SubjectSeen(self.number, checking),
            Job::Rules => FromShard::RulesSeen(self.number, checking),
        });
    }
}

/// The rest of this file need not be read. What comes first may be the rest of the next one, which is being fetched already.
fn leave_file(parts: &mut VecDeque<Part>, file: &Rc<FileToRead>) {
    while parts.front().is_some_and(|part| matches!(part, Part::Slice(slice) if Rc::ptr_eq(&slice.file, file))) {
        parts.pop_front();
    }
}
