//! Files in the parts that the browser is asked for, and the pauses between reading them.

use super::Shared;
use crate::platform::files::{Pending, ask_slice, ask_together};
use crate::platform::pump;
use crate::protocol::FileToRead;
use std::rc::Rc;

/// Bytes that are asked of the browser at once. Compressed logs grow tenfold, which takes some 20 ms to read.
pub(super) const SLICE: u64 = 1 << 20;
/// Files up to this size are asked for together.
const SMALL: u64 = 256 << 10;
/// How long the shard may read, in milliseconds, before waiting messages are let through.
const STEP: f64 = 20.0;

/// What is asked for at once.
pub(super) enum Part {
    /// Small files as a whole.
    Group(Vec<FileToRead>),
    /// A part of a large file.
    Slice(Slice),
}

/// A part of a large file.
pub(super) struct Slice {
    /// The file.
    pub file: Rc<FileToRead>,
    /// Its first byte.
    pub from: u64,
    /// Behind its last byte.
    pub to: u64,
}

/// The parts of these files, in order.
pub(super) fn parts(files: impl IntoIterator<Item = FileToRead>) -> Vec<Part> {
    let (mut parts, mut group, mut total) = (Vec::new(), Vec::new(), 0);
    for file in files {
        if file.size > SMALL {
            parts.extend(slices(file).map(Part::Slice));
            continue;
        }
        if total + file.size > SLICE {
            parts.push(Part::Group(std::mem::take(&mut group)));
            total = 0;
        }
        total += file.size;
        group.push(file);
    }
    if !group.is_empty() {
        parts.push(Part::Group(group));
    }
    parts
}

/// The parts of a file, in order; at least one.
pub(super) fn slices(file: FileToRead) -> impl Iterator<Item = Slice> {
    let file = Rc::new(file);
    let parts = file.size.div_ceil(SLICE).max(1);
    (0..parts).map(move |n| Slice { from: n * SLICE, to: ((n + 1) * SLICE).min(file.size), file: file.clone() })
}

/// The files of a group, each with its own of their bytes.
pub(super) fn split(files: Vec<FileToRead>, bytes: &[u8]) -> impl Iterator<Item = (FileToRead, &[u8])> {
    let mut rest = bytes;
    files.into_iter().map(move |file| {
        let (bytes, others) = rest.split_at_checked(file.size as usize).unwrap_or((rest, &[]));
        rest = others;
        (file, bytes)
    })
}

impl Part {
    /// Asks the browser for it.
    pub fn ask(&self) -> Pending {
        match self {
            Part::Group(files) => ask_together(files.iter().map(|file| &file.handle)),
            Part::Slice(slice) => slice.ask(),
        }
    }
}

impl Slice {
    /// Asks the browser for it.
    pub fn ask(&self) -> Pending {
        ask_slice(&self.file.handle, self.from, self.to)
    }
}

/// Waits for the bytes of a group. If one of its files cannot be read, neither can the group.
pub(super) async fn bytes_of_group(files: &[FileToRead], pending: Pending) -> Option<Vec<u8>> {
    let bytes = pending.bytes().await.ok()?;
    let expected: u64 = files.iter().map(|file| file.size).sum();
    (bytes.len() as u64 == expected).then_some(bytes)
}

/// When messages were let through last.
pub(super) struct Pace(f64);

impl Pace {
    /// They were let through just now.
    pub fn start() -> Pace {
        Pace(pump::now_ms())
    }

    /// Lets messages through if it is time: bytes that are there already would be read without a pause.
    pub async fn breathe_sometimes(&mut self) {
        if pump::now_ms() - self.0 > STEP {
            pump::breathe().await;
            self.0 = pump::now_ms();
        }
    }
}

/// A page is put together in three questions, which must see the same events: nothing is added meanwhile.
pub(super) async fn wait_if_held(shared: &Shared) {
    while pump::now_ms() < shared.borrow().hold_until {
        pump::breathe().await;
    }
}
