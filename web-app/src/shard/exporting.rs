//! This shard's part of an export. Records are read again, file by file, as they were the first time.

use super::Shared;
use super::parts::{Pace, Part, bytes_of_group, parts, slices, split};
use crate::platform::files::Pending;
use crate::protocol::{Exporting, FileToRead};
use analyzer_core::event::Location;
use analyzer_core::export::pieces::{MAX_PIECES, Pieces, Writing};
use analyzer_core::field::FieldRef;
use analyzer_core::ingest::sift::{Sift, Wanted};
use analyzer_core::redact::Redactor;
use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

/// The browser fetches this many pieces while the one before is read.
const AHEAD: usize = 2;

/// What is written of these matching rows, counted in time order; of fewer if their records are large.
pub(super) async fn pieces(shared: &Shared, range: Range<u64>, how: &Exporting) -> Pieces {
    let fields: Vec<FieldRef> = how.fields.iter().map(|name| FieldRef::parse(name)).collect();
    let writing = Writing::new(how.form(), &fields);
    let redactor = how.secret.as_ref().map(|secret| Redactor::new(&secret.0));
    let mut rows = shared.borrow_mut().session.export_rows(range, writing.fields(), redactor.as_ref());
    let mut records = Vec::new();
    if writing.needs_records() {
        let lengths = rows.iter().map(|row| row.location.length as usize);
        rows.truncate(fitting(lengths));
        let places: Vec<Location> = rows.iter().map(|row| row.location).collect();
        records = read_again(shared, &places).await;
    }
    writing.pieces(rows, records, redactor.as_ref())
}

/// How many records of these lengths are held at once: one at least, and not many more bytes than an answer has.
fn fitting(lengths: impl Iterator<Item = usize>) -> usize {
    let mut total = 0;
    lengths
        .take_while(|length| {
            let fits = total == 0 || total + length <= MAX_PIECES;
            total += length;
            fits
        })
        .count()
}

/// The records at these places, in their order; nothing for one that cannot be read again.
async fn read_again(shared: &Shared, places: &[Location]) -> Vec<Option<String>> {
    let mut wanted: BTreeMap<u32, Vec<Wanted>> = BTreeMap::new();
    for (row, &location) in (0..).zip(places) {
        wanted.entry(location.source).or_default().push(Wanted { location, row });
    }
    let files: Vec<FileToRead> = {
        let shard = shared.borrow();
        wanted.keys().filter_map(|ordinal| shard.files.get(ordinal).cloned()).collect()
    };
    let mut reading = Reading { wanted, found: vec![None; places.len()], open: None, pace: Pace::start() };
    let mut parts: VecDeque<Part> = parts(files).into();
    let mut ahead: VecDeque<(Part, Pending)> = VecDeque::new();
    loop {
        while ahead.len() <= AHEAD
            && let Some(part) = parts.pop_front()
        {
            let pending = part.ask();
            ahead.push_back((part, pending));
        }
        match ahead.pop_front() {
            Some((Part::Group(files), pending)) => reading.take_group(files, pending).await,
            Some((Part::Slice(slice), pending)) => {
                let bytes = pending.bytes().await.ok();
                reading.take(slice.file.ordinal, slice.from == 0, slice.to >= slice.file.size, bytes.as_deref());
                reading.pace.breathe_sometimes().await;
            }
            None => return reading.found,
        }
    }
}

/// Records that are looked for in file after file.
struct Reading {
    /// What is looked for in files that were not begun, by their numbers.
    wanted: BTreeMap<u32, Vec<Wanted>>,
    found: Vec<Option<String>>,
    /// The file that is being read, as long as more of it is needed.
    open: Option<Sift>,
    pace: Pace,
}

impl Reading {
    async fn take_group(&mut self, files: Vec<FileToRead>, pending: Pending) {
        let Some(bytes) = bytes_of_group(&files, pending).await else {
            // One that cannot be read must not keep the others from it.
            for slice in files.into_iter().flat_map(slices) {
                let bytes = slice.ask().bytes().await.ok();
                self.take(slice.file.ordinal, slice.from == 0, slice.to >= slice.file.size, bytes.as_deref());
            }
            return;
        };
        for (file, bytes) in split(files, &bytes) {
            self.take(file.ordinal, true, true, Some(bytes));
            self.pace.breathe_sometimes().await;
        }
    }

    /// Takes a part of a file; nothing of one that cannot be read.
    fn take(&mut self, ordinal: u32, is_first: bool, is_last: bool, bytes: Option<&[u8]>) {
        if is_first {
            self.open = self.wanted.remove(&ordinal).map(Sift::new);
        }
        let Some((mut sift, bytes)) = self.open.take().zip(bytes) else { return };
        let found = &mut self.found;
        let mut keep = |row: u32, record: &[u8]| {
            if let Some(place) = found.get_mut(row as usize) {
                *place = Some(String::from_utf8_lossy(record).into_owned());
            }
        };
        match sift.push(bytes, &mut keep) {
            true if !is_last => self.open = Some(sift),
            _ => sift.finish(&mut keep),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_held_as_far_as_they_fit() {
        let check = |lengths: &[usize], expected| assert_eq!(fitting(lengths.iter().copied()), expected);
        check(&[], 0);
        check(&[1, 2, 3], 3);
        check(&[MAX_PIECES * 2, 1], 1);
        check(&[MAX_PIECES, 1, 1], 1);
        check(&[MAX_PIECES - 1, 1, 1], 2);
    }
}
