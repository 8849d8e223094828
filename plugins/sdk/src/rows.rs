//! Rows over the columns of a batch. Nothing is copied: a value is borrowed from its dictionary.

use trailglass_contract::{MISSING, NO_TIME};

use crate::Manifest;
use crate::bindings::exports::trailglass::detector::detector::{Batch, Column};

/// One group: all selected events with the same key, in time order, at least one.
#[derive(Clone, Copy)]
pub struct Group<'a> {
    view: View<'a>,
    number: usize,
    start: usize,
    end: usize,
}

/// One event. [`rows!`](crate::rows!) makes structs of rows.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    view: View<'a>,
    place: usize,
}

#[derive(Clone, Copy)]
struct View<'a> {
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

fn value(column: &Column, place: usize) -> Option<&str> {
    let code = column.codes[place];
    (code != MISSING).then(|| column.values[code as usize].as_str())
}

/// The groups of a batch, or what is wrong with its shape.
pub(crate) fn groups<'a>(
    manifest: &Manifest,
    batch: &'a Batch,
) -> Result<impl Iterator<Item = Group<'a>> + use<'a>, String> {
    let keys = match manifest.grouping {
        crate::Grouping::By(fields) => fields,
        crate::Grouping::EachEvent | crate::Grouping::All => &[],
    };
    check(batch, manifest.fields.len(), keys.len())?;
    let view = View { batch, fields: manifest.fields, keys };
    let starts = &batch.group_starts;
    Ok(starts.iter().enumerate().map(move |(number, &start)| {
        let end = starts.get(number + 1).map_or(batch.rows.len(), |&next| next as usize);
        Group { view, number, start: start as usize, end }
    }))
}

fn check(batch: &Batch, fields: usize, keys: usize) -> Result<(), String> {
    let rows = batch.rows.len();
    let well_coded = |column: &Column, places: usize| {
        // One more than the largest code: with one added, the code of what is missing is 0.
        let codes = column.codes.iter().fold(0, |most: u32, code| most.max(code.wrapping_add(1)));
        column.codes.len() == places && codes as usize <= column.values.len()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Grouping;

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
        let seen: Vec<_> = groups(&MANIFEST, &batch)
            .unwrap()
            .map(|group| {
                let rows: Vec<_> =
                    group.rows().map(|row| (row.number(), row.time_ms(), row.get("a"), row.get("b"))).collect();
                (group.key("a"), group.len(), group.first().number(), group.last().number(), rows)
            })
            .collect();
        let all: Vec<Vec<_>> = groups(&MANIFEST, &batch)
            .unwrap()
            .flat_map(|group| group.rows().map(|row| row.values().collect()).collect::<Vec<_>>())
            .collect();
        assert_eq!(all, [[Some("x"), Some("q")], [Some("x"), None], [None, Some("p")]]);
        let places = |group: Group<'_>| (0..3).map(|place| group.row(place).map(Row::number)).collect::<Vec<_>>();
        let all_places: Vec<_> = groups(&MANIFEST, &batch).unwrap().map(places).collect();
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
            let found = groups(&MANIFEST, &batch).err().unwrap_or_default();
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
        let group = groups(&MANIFEST, &batch).unwrap().next().unwrap();
        let _ = group.first().get("c");
    }
}
