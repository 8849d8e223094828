//! Files become events, step by step.

use super::parts::{Pace, Part, SLICE, Slice, bytes_of_group, parts, slices, split, wait_if_held};
use super::{REPORT_EVERY, Report, Shard, Shared, memory, say};
use crate::platform::files::{FileHandle, Pending, ask_slice};
use crate::platform::pump;
use crate::protocol::{Account, FileToRead, FromShard, Left, Reread, Row, Said};
use analyzer_core::event::Location;
use analyzer_core::ingest::{Extractor, Restart};
use analyzer_core::predicate::Predicate;
use analyzer_core::problem::Fault;
use analyzer_core::said::{said, said_with};
use analyzer_core::session::{Intake, Session};
use std::collections::VecDeque;

/// The browser fetches this many pieces while the one before is read.
const AHEAD: usize = 2;

/// One step of reading.
pub(super) enum Step {
    /// Files or a part of one.
    Read(Part, Generation),
    /// A batch of the page is read.
    BatchEnd,
}

/// How often files had been left when a step was planned: it is not taken if that changed.
type Generation = u32;

/// The steps in which a batch is read.
pub(super) fn steps(files: Vec<FileToRead>, generation: Generation) -> impl Iterator<Item = Step> {
    let read = parts(files).into_iter().map(move |part| Step::Read(part, generation));
    read.chain([Step::BatchEnd])
}

impl Step {
    fn ask(&self) -> Option<Pending> {
        match self {
            Step::Read(part, _) => Some(part.ask()),
            Step::BatchEnd => None,
        }
    }
}

/// Takes step after step until none waits.
pub(super) async fn read_all(shared: Shared) {
    let mut reader = Reader { shared: shared.clone(), open: None, pace: Pace::start() };
    let mut ahead: VecDeque<(Step, Option<Pending>)> = VecDeque::new();
    loop {
        while ahead.len() <= AHEAD
            && let Some(step) = shared.borrow_mut().steps.pop_front()
        {
            let pending = step.ask();
            ahead.push_back((step, pending));
        }
        match ahead.pop_front() {
            Some((Step::Read(Part::Group(files), generation), Some(pending))) => {
                reader.take_group(files, pending, generation).await
            }
            Some((Step::Read(Part::Slice(slice), generation), Some(pending))) => {
                reader.take_slice(slice, pending, generation).await
            }
            Some(_) => {
                let mut shard = shared.borrow_mut();
                // What comes next would need again what settling gives back.
                if ahead.is_empty() && shard.steps.is_empty() {
                    shard.session.settle();
                }
                shard.report_now();
                drop(shard);
                say(&FromShard::BatchDone);
            }
            None => break,
        }
    }
    shared.borrow_mut().is_reading = false;
}

/// What goes on from step to step.
struct Reader {
    shared: Shared,
    /// The large file that is being read.
    open: Option<Intake>,
    pace: Pace,
}

impl Reader {
    /// If one file of a group cannot be read, neither can the group: then one by one, to name the one.
    async fn take_group(&mut self, files: Vec<FileToRead>, pending: Pending, generation: Generation) {
        let Some(bytes) = bytes_of_group(&files, pending).await else {
            for slice in files.into_iter().flat_map(slices) {
                let pending = slice.ask();
                self.take_slice(slice, pending, generation).await;
            }
            return;
        };
        for (file, bytes) in split(files, &bytes) {
            wait_if_held(&self.shared).await;
            self.shared.borrow_mut().take_whole(file, bytes, generation);
            self.pace.breathe_sometimes().await;
        }
    }

    async fn take_slice(&mut self, slice: Slice, pending: Pending, generation: Generation) {
        let bytes = pending.bytes().await;
        wait_if_held(&self.shared).await;
        let open = self.open.take();
        self.open = self.shared.borrow_mut().take_part(open, slice, bytes, generation);
        self.pace.breathe_sometimes().await;
    }
}

impl Shard {
    /// Goes on with nothing that was begun or planned.
    pub(super) fn leave(&mut self, why: Left) {
        self.cancelled += 1;
        self.left = why;
    }

    /// Why a step that was planned in this generation is not taken, if so.
    fn why_not(&mut self, generation: Generation) -> Option<Fault> {
        if self.cancelled == generation && !memory::is_left(&self.session) {
            self.leave(Left::NoMemory);
            say(&FromShard::NoMemory);
        }
        let fault = match self.left {
            Left::Cancelled => Fault::Cancelled,
            Left::NoMemory => Fault::NoMemory,
        };
        (self.cancelled != generation).then_some(fault)
    }

    fn push(&mut self, intake: &mut Intake, bytes: &[u8]) {
        self.session.push(intake, bytes);
        self.report.bytes += bytes.len() as u64;
        self.kept_in_open = intake.kept();
    }

    fn close(&mut self, intake: Intake, fault: Option<Fault>) {
        for account in self.session.close(intake, fault) {
            self.kept_in_closed += account.kept;
            self.report.closed.push(Account::from(account));
        }
        self.kept_in_open = 0;
    }

    /// For a file that is at hand as a whole.
    fn take_whole(&mut self, file: FileToRead, bytes: &[u8], generation: Generation) {
        let mut intake = self.session.open(file.ordinal, file.path);
        let fault = self.why_not(generation);
        if fault.is_none() {
            self.push(&mut intake, bytes);
        }
        self.close(intake, fault);
        self.report_sometimes();
    }

    /// For a part of a file. Returns the file as long as it stays open.
    fn take_part(
        &mut self,
        open: Option<Intake>,
        Slice { file, from, to }: Slice,
        bytes: Result<Vec<u8>, String>,
        generation: Generation,
    ) -> Option<Intake> {
        // Without an open file this is the rest of one that was left.
        let begun = (from == 0).then(|| self.session.open(file.ordinal, file.path.clone()));
        let mut intake = begun.or(open)?;
        let fault = match (self.why_not(generation), bytes) {
            (Some(fault), _) => Some(fault),
            (None, Err(message)) => Some(Fault::Unreadable { message }),
            (None, Ok(bytes)) => {
                self.push(&mut intake, &bytes);
                None
            }
        };
        let stays_open = fault.is_none() && to < file.size;
        if stays_open {
            self.report_sometimes();
            return Some(intake);
        }
        self.close(intake, fault);
        self.report_sometimes();
        None
    }

    fn report_sometimes(&mut self) {
        if pump::now_ms() - self.report.at > REPORT_EVERY {
            self.report_now();
        }
    }

    fn report_now(&mut self) {
        let Report { bytes, closed, .. } =
            std::mem::replace(&mut self.report, Report { at: pump::now_ms(), ..Report::default() });
        let events = self.kept_in_closed + self.kept_in_open;
        say(&FromShard::Progress { bytes, events, closed });
    }
}

/// An event, if this shard has it: its row, and its record, inflated again from its file.
pub(super) async fn read_again(
    shared: &Shared,
    event_id: &str,
    query: &Predicate,
) -> Option<(Row, Result<Reread, Said>)> {
    let located = |session: &Session| {
        let place = session.locate(event_id)?;
        Some((place, session.restart(place), session.row_of(event_id)?.into()))
    };
    let (location, restart, row) = located(&shared.borrow().session)?;
    let FileToRead { path, handle, .. } = shared.borrow().files.get(&location.source).cloned()?;
    let raw = match extract(&handle, location, restart).await {
        Ok(raw) => raw,
        Err(why) => return Some((row, Err(why))),
    };
    let session = &shared.borrow().session;
    let path = session.name(location).map_or(path, str::to_owned);
    let subjects = session.subjects(event_id, &raw).into_iter().map(Into::into).collect();
    let why = session.explain(query, event_id, &raw).tests().into_iter().map(Into::into).collect();
    let sentence = session.sentence(event_id, &raw).map(Into::into);
    Some((row, Ok(Reread { raw, path, sentence, subjects, why })))
}

async fn extract(handle: &FileHandle, location: Location, restart: Restart) -> Result<String, Said> {
    let mut extractor = Extractor::resume(location, restart);
    let size = handle.size() as u64;
    let mut at = restart.at();
    while at < size {
        let to = (at + SLICE).min(size);
        let slice = ask_slice(handle, at, to).bytes().await;
        let slice = slice.map_err(|why| said_with("The file cannot be read again: {}", [why.into()]))?;
        if extractor.push(&slice) {
            break;
        }
        at = to;
    }
    if at >= size {
        extractor.finish();
    }
    let changed = || said("The file has changed since it was read: the event is no longer in its place.").into();
    extractor.record().ok_or_else(changed)
}
