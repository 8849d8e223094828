//! Where the raw record of each row is. What the rows of a run have in common is kept once.

use crate::event::{Form, Location};

/// Rows that stand behind one another in the store and come from one member of one source, in one form.
struct Run {
    first_row: u32,
    source: u32,
    member: u32,
    form: Form,
    /// The rows' offsets count from here.
    base: u64,
}

/// The places of all rows.
#[derive(Default)]
pub(super) struct Spans {
    runs: Vec<Run>,
    /// Offset from the base of the run, and length.
    spans: Vec<(u32, u32)>,
}

impl Spans {
    /// Adds a row.
    pub fn push(&mut self, location: Location) {
        let Location { source, member, offset, length, form } = location;
        let fits = self.runs.last().filter(|run| (run.source, run.member, run.form) == (source, member, form));
        let relative = fits.and_then(|run| u32::try_from(offset.checked_sub(run.base)?).ok());
        let relative = relative.unwrap_or_else(|| {
            self.runs.push(Run { first_row: self.spans.len() as u32, source, member, form, base: offset });
            0
        });
        self.spans.push((relative, length));
    }

    /// The place of a row; nowhere for a row that is not there.
    pub fn get(&self, row: u32) -> Location {
        let run = self.runs.partition_point(|run| run.first_row <= row).checked_sub(1).and_then(|at| self.runs.get(at));
        let (Some(run), Some(&(relative, length))) = (run, self.spans.get(row as usize)) else {
            return Location::default();
        };
        let Run { source, member, form, base, .. } = *run;
        Location { source, member, offset: base + u64::from(relative), length, form }
    }

    /// Bytes of memory, by capacity.
    pub fn memory(&self) -> usize {
        self.runs.capacity() * size_of::<Run>() + self.spans.capacity() * size_of::<(u32, u32)>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn places_come_back(places in prop::collection::vec((0u32..3, 0u32..2, prop_oneof![0u64..100, any::<u64>()], any::<u32>()), 0..60)) {
            let forms = [Form::Record, Form::CsvRow];
            let places = places.into_iter().map(|(source, member, offset, length)| {
                Location { source, member, offset, length, form: forms[length as usize % 2] }
            });
            let places: Vec<_> = places.collect();
            let mut spans = Spans::default();
            places.iter().for_each(|&place| spans.push(place));
            let found: Vec<_> = (0..places.len() as u32).map(|row| spans.get(row)).collect();
            prop_assert_eq!(found, places);
        }
    }
}
