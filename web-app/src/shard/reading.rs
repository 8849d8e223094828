//! Files become events, step by step.

use super::{REPORT_EVERY, Report, Shard, Shared, say};
use crate::platform::files::{FileHandle, read_slice, read_together};
use crate::platform::pump;
use crate::protocol::{Account, FileToRead, FromShard};
use analyzer_core::event::Location;
use analyzer_core::ingest::Extractor;
use analyzer_core::problem::Fault;
use analyzer_core::session::Intake;

/// Bytes that are asked of the browser at once. Compressed logs grow tenfold, which takes some 20 ms to read.
const SLICE: u64 = 1 << 20;
/// Files up to this size are asked for together.
const SMALL: u64 = 256 << 10;
/// How long a step may take, in milliseconds, before waiting messages are let through.
const STEP: f64 = 20.0;

/// Reads batch after batch until none waits.
pub(super) async fn read_all(shared: Shared) {
    loop {
        let Some(batch) = shared.borrow_mut().batches.pop_front() else { break };
        read_batch(&shared, batch.into()).await;
        shared.borrow_mut().report_now();
        say(&FromShard::BatchDone);
    }
    shared.borrow_mut().is_reading = false;
}

async fn read_batch(shared: &Shared, mut files: Vec<FileToRead>) {
    let generation = shared.borrow().cancelled;
    files.reverse();
    while let Some(file) = files.pop() {
        if shared.borrow().cancelled != generation {
            shared.borrow_mut().close_unread(&file, Fault::Cancelled);
        } else if file.size > SMALL {
            read_large(shared, file, generation).await;
        } else {
            let mut group = vec![file];
            let mut total = group[0].size;
            while let Some(next) = files.last()
                && next.size <= SMALL
                && total + next.size <= SLICE
            {
                total += next.size;
                group.extend(files.pop());
            }
            read_small(shared, group, generation).await;
        }
    }
}

/// A group of small files, read in one go. If one of them cannot be read, neither can the group: then one by one.
async fn read_small(shared: &Shared, group: Vec<FileToRead>, generation: u32) {
    let handles: Vec<&FileHandle> = group.iter().map(|file| &file.handle).collect();
    let bytes = read_together(&handles).await.ok();
    let expected: u64 = group.iter().map(|file| file.size).sum();
    let Some(bytes) = bytes.filter(|bytes| bytes.len() as u64 == expected) else {
        for file in group {
            read_large(shared, file, generation).await;
        }
        return;
    };
    let (mut rest, mut since) = (bytes.as_slice(), pump::now_ms());
    for file in group {
        let (bytes, others) = rest.split_at_checked(file.size as usize).unwrap_or((rest, &[]));
        rest = others;
        wait_if_held(shared).await;
        shared.borrow_mut().take_whole(file, bytes, generation);
        if pump::now_ms() - since > STEP {
            pump::breathe().await;
            since = pump::now_ms();
        }
    }
}

/// One file, slice by slice.
async fn read_large(shared: &Shared, file: FileToRead, generation: u32) {
    let mut intake = shared.borrow().session.open(file.ordinal, file.path.clone());
    let (mut at, mut fault) = (0, None);
    while at < file.size && fault.is_none() {
        let to = (at + SLICE).min(file.size);
        let slice = read_slice(&file.handle, at, to).await;
        wait_if_held(shared).await;
        let mut shard = shared.borrow_mut();
        match slice {
            _ if shard.cancelled != generation => fault = Some(Fault::Cancelled),
            Err(message) => fault = Some(Fault::Unreadable { message }),
            Ok(bytes) => shard.push(&mut intake, &bytes),
        }
        shard.report_sometimes();
        at = to;
    }
    shared.borrow_mut().close(intake, fault);
}

/// A page is put together in three questions, which must see the same events: nothing is added meanwhile.
async fn wait_if_held(shared: &Shared) {
    while pump::now_ms() < shared.borrow().hold_until {
        pump::breathe().await;
    }
}

impl Shard {
    fn push(&mut self, intake: &mut Intake, bytes: &[u8]) {
        self.session.push(intake, bytes);
        self.report.bytes += bytes.len() as u64;
        self.kept_in_open = intake.account().kept;
    }

    fn close(&mut self, intake: Intake, fault: Option<Fault>) {
        let account = Account::from(self.session.close(intake, fault));
        self.kept_in_closed += account.kept;
        self.kept_in_open = 0;
        self.report.closed.push(account);
    }

    /// For a file that is at hand as a whole.
    fn take_whole(&mut self, file: FileToRead, bytes: &[u8], generation: u32) {
        if self.cancelled == generation {
            let mut intake = self.session.open(file.ordinal, file.path);
            self.push(&mut intake, bytes);
            self.close(intake, None);
        } else {
            self.close_unread(&file, Fault::Cancelled);
        }
        self.report_sometimes();
    }

    /// For a file of which not a byte was read.
    fn close_unread(&mut self, file: &FileToRead, fault: Fault) {
        let intake = self.session.open(file.ordinal, file.path.clone());
        self.close(intake, Some(fault));
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

/// The raw record of an event and the path of its file, if this shard has it: inflated again from its file.
pub(super) async fn read_again(shared: &Shared, event_id: &str) -> Option<Result<(String, String), String>> {
    let location = shared.borrow().session.locate(event_id)?;
    let (path, handle) = shared.borrow().files.get(&location.source).cloned()?;
    Some(extract(&handle, location).await.map(|raw| (raw, path)))
}

async fn extract(handle: &FileHandle, location: Location) -> Result<String, String> {
    let mut extractor = Extractor::new(location);
    let size = handle.size() as u64;
    let mut at = 0;
    while at < size {
        let to = (at + SLICE).min(size);
        let slice = read_slice(handle, at, to).await.map_err(|why| format!("The file cannot be read again: {why}"))?;
        if let Some(raw) = extractor.push(&slice) {
            return Ok(String::from_utf8_lossy(raw).into_owned());
        }
        at = to;
    }
    Err("The file has changed since it was read: the event is no longer in its place.".to_owned())
}
