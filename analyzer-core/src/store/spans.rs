//! Where the raw record of each row is. Records of a file stand close behind one another, so a row keeps its length and
//! its distance from the record before; what the rows of a run have in common is kept once.

use crate::event::{Form, Location};
use std::ops::Range;

/// Every so many rows an offset is kept as it is, so that another row's is a short sum away.
const STRIDE: usize = 64;

/// Stands for a length or distance that is kept elsewhere.
const LONG: u16 = u16::MAX;
const FAR: u8 = u8::MAX;

/// Rows that stand behind one another in the store and come from one member of one source, in one form.
struct Run {
    first_row: u32,
    source: u32,
    member: u32,
    form: Form,
}

/// The places of all rows.
#[derive(Default)]
pub(super) struct Spans {
    runs: Vec<Run>,
    /// Length of each row's bytes.
    lengths: Vec<u16>,
    /// Rows whose length is [`LONG`], in order, with the length.
    long: Vec<(u32, u32)>,
    /// Bytes between the end of the row before and this one's start.
    gaps: Vec<u8>,
    /// Rows whose gap is [`FAR`], in order, with their offset.
    far: Vec<(u32, u64)>,
    /// Offset of every [`STRIDE`]th row.
    marks: Vec<u64>,
    /// Offset behind the last row.
    end: u64,
}

impl Spans {
    /// Adds a row.
    pub fn push(&mut self, location: Location) {
        let Location { source, member, offset, length, form } = location;
        let row = self.lengths.len() as u32;
        let fits = self.runs.last().is_some_and(|run| (run.source, run.member, run.form) == (source, member, form));
        if !fits {
            self.runs.push(Run { first_row: row, source, member, form });
        }
        if self.lengths.len().is_multiple_of(STRIDE) {
            self.marks.push(offset);
        }
        let gap = offset.checked_sub(self.end).and_then(|gap| u8::try_from(gap).ok()).filter(|&gap| gap != FAR);
        if gap.is_none() {
            self.far.push((row, offset));
        }
        self.gaps.push(gap.unwrap_or(FAR));
        let short = u16::try_from(length).ok().filter(|&length| length != LONG);
        if short.is_none() {
            self.long.push((row, length));
        }
        self.lengths.push(short.unwrap_or(LONG));
        self.end = offset.saturating_add(u64::from(length));
    }

    /// The ordinal of a row's source; 0 for a row that is not there.
    pub fn source(&self, row: u32) -> u32 {
        self.run(row).map_or(0, |run| run.source)
    }

    /// The place of a row; nowhere for a row that is not there.
    pub fn get(&self, row: u32) -> Location {
        let (Some(run), true) = (self.run(row), (row as usize) < self.lengths.len()) else {
            return Location::default();
        };
        let Run { source, member, form, .. } = *run;
        Location { source, member, offset: self.offset(row), length: self.length(row), form }
    }

    /// Rows that stand behind one another and come from one source, with its ordinal.
    pub fn runs(&self) -> impl Iterator<Item = (u32, Range<u32>)> {
        let ends = self.runs.iter().skip(1).map(|run| run.first_row).chain([self.lengths.len() as u32]);
        self.runs.iter().zip(ends).map(|(run, end)| (run.source, run.first_row..end))
    }

    fn run(&self, row: u32) -> Option<&Run> {
        self.runs.get(self.runs.partition_point(|run| run.first_row <= row).checked_sub(1)?)
    }

    fn length(&self, row: u32) -> u32 {
        match self.lengths.get(row as usize) {
            Some(&LONG) | None => found(&self.long, row).unwrap_or(0),
            Some(&length) => length.into(),
        }
    }

    fn offset(&self, row: u32) -> u64 {
        let marked = row as usize / STRIDE;
        let mut offset = self.marks.get(marked).copied().unwrap_or(0);
        for row in (marked * STRIDE) as u32..row {
            offset = match self.gaps.get(row as usize + 1) {
                Some(&FAR) | None => found(&self.far, row + 1).unwrap_or(0),
                Some(&gap) => offset.saturating_add(u64::from(self.length(row))).saturating_add(gap.into()),
            };
        }
        offset
    }

    /// Makes room for so many more rows, and no more.
    pub fn reserve(&mut self, rows: usize) {
        self.lengths.reserve_exact(rows);
        self.gaps.reserve_exact(rows);
        self.marks.reserve_exact(rows.div_ceil(STRIDE));
    }

    /// Gives back memory that was reserved for more rows.
    pub fn shrink(&mut self) {
        self.runs.shrink_to_fit();
        self.lengths.shrink_to_fit();
        self.long.shrink_to_fit();
        self.gaps.shrink_to_fit();
        self.far.shrink_to_fit();
        self.marks.shrink_to_fit();
    }

    /// Bytes of memory, by capacity.
    pub fn memory(&self) -> usize {
        self.runs.capacity() * size_of::<Run>()
            + self.lengths.capacity() * 2
            + self.long.capacity() * size_of::<(u32, u32)>()
            + self.gaps.capacity()
            + self.far.capacity() * size_of::<(u32, u64)>()
            + self.marks.capacity() * 8
    }
}

/// What is kept for a row in a list in the order of rows.
fn found<T: Copy>(list: &[(u32, T)], row: u32) -> Option<T> {
    list.binary_search_by_key(&row, |&(row, _)| row).ok().and_then(|at| list.get(at)).map(|&(_, kept)| kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(places: &[Location]) -> Spans {
        let mut spans = Spans::default();
        places.iter().for_each(|&place| spans.push(place));
        spans.shrink();
        let found: Vec<_> = (0..places.len() as u32).map(|row| spans.get(row)).collect();
        assert_eq!(found, places);
        let sources: Vec<_> = (0..places.len() as u32).map(|row| spans.source(row)).collect();
        assert_eq!(sources, places.iter().map(|place| place.source).collect::<Vec<_>>());
        spans
    }

    #[test]
    fn a_row_takes_little_more_than_three_bytes() {
        let places = (0..6_400).map(|n| Location { offset: 12 + n * 1_454, length: 1_453, ..Location::default() });
        assert_eq!(check(&places.collect::<Vec<_>>()).memory(), 6_400 * 3 + 100 * 8 + size_of::<Run>());
    }

    proptest! {
        #[test]
        fn places_come_back(
            steps in prop::collection::vec((0u32..3, prop_oneof![9 => 1u64..300, 1 => any::<u64>()], prop_oneof![9 => 1u32..3_000, 1 => any::<u32>()]), 0..300),
        ) {
            let forms = [Form::Record, Form::CsvRow];
            let mut end = 0u64;
            let places = steps.into_iter().map(|(number, gap, length)| {
                let offset = end.wrapping_add(gap) >> 1 << 1;
                end = offset.saturating_add(length.into());
                Location { source: number, member: number / 2, offset, length, form: forms[number as usize % 2] }
            });
            check(&places.collect::<Vec<_>>());
        }
    }
}
