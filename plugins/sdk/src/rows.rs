//! Rows over the columns of a batch. Nothing is copied: a value is borrowed from its dictionary.

use trailglass_contract::NO_TIME;

use crate::Manifest;
use crate::bindings::exports::trailglass::detector::detector::{Batch, Column};

/// One group: all selected events with the same key, in time order, at least one.
#[derive(Clone, Copy)]
pub struct Group<'a> {
    view: &'a View<'a>,
    number: usize,
    start: usize,
    end: usize,
}

/// One event. [`rows!`](crate::rows!) makes structs of rows.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    view: &'a View<'a>,
    place: usize,
}

/// A batch of a host that kept to the contract, with the names of its columns.
pub(crate) struct View<'a> {
    batch: &'a Batch,
    fields: &'static [&'static str],
    keys: &'static [&'static str],
}

impl<'a> Group<'a> {
    /// The value that all events of the group have in a field of the grouping; `None` when they
    /// all lack it.
    ///
    /// # Panics
    /// When the field is not one of the grouping's.
    #[must_use]
    pub fn key(&self, field: &str) -> Option<&'a str> {
        let index = self.view.keys.iter().position(|&known| known == field);
        let Some(index) = index else {
            panic!("the grouping has no field {field}");
        };
        value(&self.view.batch.group_keys[index], self.number)
    }

    /// The events in time order.
    #[must_use]
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = Row<'a>> + ExactSizeIterator + use<'a> {
        let view = self.view;
        (self.start..self.end).map(move |place| Row { view, place })
    }

    /// The event at a place in time order, from 0; `None` behind the last one.
    #[must_use]
    pub fn row(&self, place: usize) -> Option<Row<'a>> {
        (place < self.len()).then(|| Row { view: self.view, place: self.start + place })
    }

    /// The earliest event.
    #[must_use]
    pub fn first(&self) -> Row<'a> {
        Row { view: self.view, place: self.start }
    }

    /// The latest event.
    #[must_use]
    pub fn last(&self) -> Row<'a> {
        Row { view: self.view, place: self.end - 1 }
    }

    /// The number of events; never 0.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "a group is never empty")]
    pub fn len(&self) -> usize {
        self.end - self.start
    }
}

impl<'a> Row<'a> {
    /// The value of a field; `None` when the event lacks it or has null there.
    ///
    /// # Panics
    /// When the manifest's `fields` do not name the field.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&'a str> {
        let fields = self.view.fields;
        // One literal mostly is one text in memory, and looking at its address spares looking at its letters.
        let same = |&known: &&str| std::ptr::eq(known, field);
        let index = fields.iter().position(same).or_else(|| fields.iter().position(|&known| known == field));
        let Some(index) = index else {
            panic!("the manifest asks for no field {field}");
        };
        value(&self.view.batch.columns[index], self.place)
    }

    /// The values of all fields, in the manifest's order.
    pub fn values(&self) -> impl ExactSizeIterator<Item = Option<&'a str>> + use<'a> {
        let place = self.place;
        self.view.batch.columns.iter().map(move |column| value(column, place))
    }

    /// The same, where it is known how many fields there are: what [`rows!`](crate::rows!) reads. Nothing of it can panic, so
    /// that a value which nobody looks at is not even read.
    #[doc(hidden)]
    #[must_use]
    pub fn all<const N: usize>(self) -> [Option<&'a str>; N] {
        match <&[Column; N]>::try_from(self.view.batch.columns.as_slice()) {
            Ok(columns) => columns.each_ref().map(|column| value(column, self.place)),
            Err(_) => [None; N],
        }
    }

    /// The manifest's fields.
    #[must_use]
    pub fn fields(&self) -> &'static [&'static str] {
        self.view.fields
    }

    /// eventTime in milliseconds since 1970-01-01T00:00:00Z; `None` when the event has none.
    #[must_use]
    pub fn time_ms(&self) -> Option<i64> {
        let time = self.view.batch.times[self.place];
        (time != NO_TIME).then_some(time)
    }

    /// The number by which the host knows the event.
    #[must_use]
    pub fn number(self) -> u32 {
        self.view.batch.rows[self.place]
    }
}

/// The value at a place of the batch. The code of what is missing is beyond all values.
fn value(column: &Column, place: usize) -> Option<&str> {
    let code = column.codes.get(place).copied()?;
    column.values.get(code as usize).map(String::as_str)
}

impl<'a> View<'a> {
    /// Looks at a batch, or says what is wrong with its shape.
    pub fn new(manifest: &Manifest, batch: &'a Batch) -> Result<Self, String> {
        let keys = match manifest.grouping {
            crate::Grouping::By(fields) => fields,
            crate::Grouping::EachEvent | crate::Grouping::All => &[],
        };
        check(batch, manifest.fields.len(), keys.len())?;
        Ok(Self { batch, fields: manifest.fields, keys })
    }

    /// The groups of the batch.
    pub fn groups(&'a self) -> impl Iterator<Item = Group<'a>> {
        let starts = &self.batch.group_starts;
        starts.iter().enumerate().map(move |(number, &start)| {
            let end = starts.get(number + 1).map_or(self.batch.rows.len(), |&next| next as usize);
            Group { view: self, number, start: start as usize, end }
        })
    }
}

fn check(batch: &Batch, fields: usize, keys: usize) -> Result<(), String> {
    let rows = batch.rows.len();
    let well_coded = |column: &Column, places: usize| {
        column.codes.len() == places && codes(&column.codes) as usize <= column.values.len()
    };
    let starts = &batch.group_starts;
    let checks = [
        (batch.times.len() == rows, "times"),
        (batch.columns.len() == fields, "columns"),
        (batch.columns.iter().all(|column| well_coded(column, rows)), "column codes"),
        (batch.group_keys.len() == keys, "group keys"),
        (batch.group_keys.iter().all(|column| well_coded(column, starts.len())), "key codes"),
        (starts.first().is_none_or(|&first| first == 0), "group starts"),
        (starts.is_empty() == (rows == 0), "group starts"),
        (starts.windows(2).all(|pair| pair[0] < pair[1]), "group starts"),
        (starts.last().is_none_or(|&last| (last as usize) < rows), "group starts"),
    ];
    match checks.iter().find(|(fine, _)| !fine) {
        None => Ok(()),
        Some((_, what)) => Err(format!("The host sent a batch with wrong {what}.")),
    }
}

/// One more than the largest code: with one added, the code of what is missing is 0. By vectors of four, which every engine
/// has that runs plugins.
#[cfg_attr(target_family = "wasm", target_feature(enable = "simd128"))]
fn codes(codes: &[u32]) -> u32 {
    codes.iter().fold(0, |most, code| most.max(code.wrapping_add(1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Grouping;
    use trailglass_contract::MISSING;

    const MANIFEST: Manifest = Manifest { fields: &["a", "b"], grouping: Grouping::By(&["a"]), ..Manifest::NOTHING };

    /// Two groups: rows 7 and 8 with `a` = x, row 9 without `a`.
    fn batch() -> Batch {
        let column = |values: &[&str], codes: &[u32]| Column {
            values: values.iter().map(|&value| value.to_owned()).collect(),
            codes: codes.to_vec(),
        };
        Batch {
            rows: vec![7, 8, 9],
            times: vec![1, 2, NO_TIME],
            columns: vec![column(&["x"], &[0, 0, MISSING]), column(&["p", "q"], &[1, MISSING, 0])],
            group_starts: vec![0, 2],
            group_keys: vec![column(&["x"], &[0, MISSING])],
        }
    }

    #[test]
    fn columns_are_seen_as_rows() {
        let batch = batch();
        let view = View::new(&MANIFEST, &batch).unwrap();
        let seen: Vec<_> = view
            .groups()
            .map(|group| {
                let rows: Vec<_> =
                    group.rows().map(|row| (row.number(), row.time_ms(), row.get("a"), row.get("b"))).collect();
                (group.key("a"), group.len(), group.first().number(), group.last().number(), rows)
            })
            .collect();
        let all: Vec<Vec<_>> = view
            .groups()
            .flat_map(|group| group.rows().map(|row| row.values().collect()).collect::<Vec<_>>())
            .collect();
        assert_eq!(all, [[Some("x"), Some("q")], [Some("x"), None], [None, Some("p")]]);
        let places = |group: Group<'_>| (0..3).map(|place| group.row(place).map(Row::number)).collect::<Vec<_>>();
        let all_places: Vec<_> = view.groups().map(places).collect();
        assert_eq!(all_places, [[Some(7), Some(8), None], [Some(9), None, None]]);
        let first = vec![(7, Some(1), Some("x"), Some("q")), (8, Some(2), Some("x"), None)];
        let second = vec![(9, None, None, Some("p"))];
        assert_eq!(seen, [(Some("x"), 2, 7, 8, first), (None, 1, 9, 9, second)]);
    }

    #[test]
    fn a_batch_of_a_wrong_shape_is_refused() {
        fn check(change: impl FnOnce(&mut Batch), expected: &str) {
            let mut batch = batch();
            change(&mut batch);
            let found = View::new(&MANIFEST, &batch).err().unwrap_or_default();
            assert_eq!(found, format!("The host sent a batch with wrong {expected}."));
        }
        check(|batch| batch.times.truncate(2), "times");
        check(|batch| batch.columns.truncate(1), "columns");
        check(|batch| batch.columns[1].codes[0] = 2, "column codes");
        check(|batch| batch.columns[1].codes.truncate(2), "column codes");
        check(|batch| batch.group_keys.clear(), "group keys");
        check(|batch| batch.group_keys[0].codes[1] = 1, "key codes");
        check(|batch| batch.group_starts[0] = 1, "group starts");
        check(|batch| batch.group_starts[1] = 3, "group starts");
        check(|batch| batch.group_starts[1] = 0, "group starts");
        check(
            |batch| {
                batch.group_starts.clear();
                batch.group_keys[0].codes.clear();
            },
            "group starts",
        );
    }

    #[test]
    #[should_panic(expected = "the manifest asks for no field c")]
    fn a_field_that_was_not_asked_for_is_a_mistake_of_the_author() {
        let batch = batch();
        let view = View::new(&MANIFEST, &batch).unwrap();
        let group = view.groups().next().unwrap();
        let _ = group.first().get("c");
    }
}
