//! Runs a detector natively over a few events, as a host would: for unit tests of its logic.
//!
//! The events of a trial are those that `select` would have chosen; selecting is the host's.

use crate::bindings::exports::trailglass::detector::detector::{Batch, Column};
use crate::rows::View;
use crate::{Detector, Finding, Grouping, Manifest, Options, Value};
use trailglass_contract::MISSING;

/// Some events and the detector's options. The events are numbered from 0 in the order in which
/// they were added; a finding's rows are these numbers.
#[derive(Debug, Clone)]
pub struct Trial {
    settings: Vec<(String, Value)>,
    events: Vec<Event>,
}

#[derive(Debug, Clone)]
struct Event {
    time_ms: i64,
    fields: Vec<(String, String)>,
}

/// The numbers of the events of one group, in time order.
type Members = Vec<usize>;

impl Trial {
    /// No events, all options at their defaults.
    #[must_use]
    #[allow(clippy::new_without_default, reason = "an empty trial is no default of anything")]
    pub fn new() -> Self {
        Self { settings: Vec::new(), events: Vec::new() }
    }

    /// Sets an option: `.option("hours", 3)`.
    #[must_use]
    pub fn option(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.settings.push((name.to_owned(), value.into()));
        self
    }

    /// Adds an event: its eventTime (Unix ms) and the fields that it has.
    #[must_use]
    pub fn event<'a>(mut self, time_ms: i64, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let fields = fields.into_iter().map(owned).collect();
        self.events.push(Event { time_ms, fields });
        self
    }

    /// Groups and orders the events, and hands them to the detector: once all groups in one batch, then each in a batch of
    /// its own, last to first, and each of them twice.
    ///
    /// # Errors
    /// What `configure` says about the options.
    ///
    /// # Panics
    /// When these ways do not lead to the same findings, because the detector keeps something between groups; and
    /// when a finding is none: without events, with events of no group, or with no reason.
    pub fn run<D: Detector>(&self) -> Result<Vec<Finding>, String> {
        let groups = self.groups(&D::MANIFEST);
        let found = judge(&self.detector::<D>()?, &self.batch(&D::MANIFEST, &groups))?;
        let detector = self.detector::<D>()?;
        let mut parts = Vec::new();
        for group in groups.iter().rev() {
            let batch = self.batch(&D::MANIFEST, std::slice::from_ref(group));
            let first = judge(&detector, &batch)?;
            let second = judge(&detector, &batch)?;
            assert!(first == second, "one group was judged twice, and not alike: {first:?}, then {second:?}");
            first.iter().for_each(|finding| check(finding, group));
            parts.push(first);
        }
        let alone: Vec<Finding> = parts.into_iter().rev().flatten().collect();
        assert!(found == alone, "the groups judged together give {found:?}, one by one {alone:?}");
        Ok(found)
    }

    fn detector<D: Detector>(&self) -> Result<D, String> {
        let defaults = Ok(Options::defaults(&D::MANIFEST));
        let set =
            |options: Result<Options, String>, (name, value): &(String, Value)| options?.with(name, value.clone());
        D::configure(&self.settings.iter().fold(defaults, set)?)
    }

    /// The groups, in the order of their keys.
    fn groups(&self, manifest: &Manifest) -> Vec<Members> {
        let keys = keys(manifest);
        let key =
            |&event: &usize| -> Vec<Option<&str>> { keys.iter().map(|key| self.events[event].get(key)).collect() };
        let mut order: Members = (0..self.events.len()).collect();
        order.sort_by_key(|event| (key(event), self.events[*event].time_ms));
        let together = |one: &usize, next: &usize| manifest.grouping != Grouping::EachEvent && key(one) == key(next);
        order.chunk_by(together).map(<[usize]>::to_vec).collect()
    }

    fn batch(&self, manifest: &Manifest, groups: &[Members]) -> Batch {
        let event = |&number: &usize| &self.events[number];
        let events: Vec<&Event> = groups.iter().flatten().map(event).collect();
        let heads: Vec<&Event> = groups.iter().flat_map(|group| group.first()).map(event).collect();
        let mut next = 0;
        let mut start = |group: &Members| {
            let start = next;
            next += group.len();
            number(start)
        };
        Batch {
            rows: groups.iter().flatten().map(|&event| number(event)).collect(),
            times: events.iter().map(|event| event.time_ms).collect(),
            columns: manifest.fields.iter().map(|field| column(&events, field)).collect(),
            group_starts: groups.iter().map(&mut start).collect(),
            group_keys: keys(manifest).iter().map(|key| column(&heads, key)).collect(),
        }
    }
}

impl Event {
    fn get(&self, field: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(name, _)| name == field);
        found.map(|(_, value)| value.as_str())
    }
}

fn judge<D: Detector>(detector: &D, batch: &Batch) -> Result<Vec<Finding>, String> {
    let view = View::new(&D::MANIFEST, batch)?;
    Ok(view.groups().flat_map(|group| detector.observe(&group)).collect())
}

/// What a host would refuse.
fn check(finding: &Finding, group: &Members) {
    let Finding { rows, why, .. } = finding;
    assert!(!rows.is_empty(), "a finding has no events: {why}");
    assert!(!why.is_empty(), "a finding does not say why: {rows:?}");
    let mut distinct = rows.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert!(distinct.len() == rows.len(), "a finding has an event twice: {why}");
    let known = |row: &u32| group.iter().any(|&event| number(event) == *row);
    assert!(rows.iter().all(known), "a finding has events of another group: {why}");
}

fn keys(manifest: &Manifest) -> &'static [&'static str] {
    match manifest.grouping {
        Grouping::By(keys) => keys,
        Grouping::EachEvent | Grouping::All => &[],
    }
}

fn column(events: &[&Event], field: &str) -> Column {
    let mut values: Vec<String> = Vec::new();
    let codes = events.iter().map(|event| match event.get(field) {
        None => MISSING,
        Some(value) => {
            let known = values.iter().position(|known| known == value);
            number(known.unwrap_or_else(|| {
                values.push(value.to_owned());
                values.len() - 1
            }))
        }
    });
    let codes = codes.collect();
    Column { values, codes }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    const MANIFEST: Manifest = Manifest { fields: &["k"], grouping: Grouping::By(&["k"]), ..Manifest::NOTHING };

    /// Numbers the groups that it sees, which no detector may.
    struct Counts(Cell<u32>);

    impl Detector for Counts {
        const MANIFEST: Manifest = MANIFEST;

        fn configure(_: &Options) -> Result<Self, String> {
            Ok(Self(Cell::new(0)))
        }

        fn observe(&self, group: &crate::Group<'_>) -> Vec<Finding> {
            self.0.set(self.0.get() + 1);
            vec![Finding::new(group.rows(), self.0.get().to_string())]
        }
    }

    /// Finds each group, with its first event twice.
    struct Twice;

    impl Detector for Twice {
        const MANIFEST: Manifest = MANIFEST;

        fn configure(_: &Options) -> Result<Self, String> {
            Ok(Self)
        }

        fn observe(&self, group: &crate::Group<'_>) -> Vec<Finding> {
            let once = Finding::new([group.first(), group.first()], "twice");
            assert_eq!(once.rows, [group.first().number()]);
            vec![Finding { rows: once.rows.repeat(2), ..once }]
        }
    }

    #[test]
    #[should_panic(expected = "one group was judged twice, and not alike")]
    fn a_detector_that_keeps_something_is_told() {
        let _ = Trial::new().event(0, [("k", "a")]).event(0, [("k", "b")]).run::<Counts>();
    }

    #[test]
    #[should_panic(expected = "a finding has an event twice")]
    fn a_finding_that_a_host_would_refuse_is_told() {
        let _ = Trial::new().event(0, [("k", "a")]).run::<Twice>();
    }

    #[test]
    fn groups_are_whole_and_in_time_order() {
        fn check(grouping: Grouping, expected: &[&[usize]]) {
            let trial = Trial::new().event(3, [("k", "b")]).event(2, []).event(1, [("k", "b")]).event(1, [("k", "a")]);
            assert_eq!(trial.groups(&Manifest { grouping, ..MANIFEST }), expected, "{grouping:?}");
        }
        check(Grouping::By(&["k"]), &[&[1], &[3], &[2, 0]]);
        check(Grouping::All, &[&[2, 3, 1, 0]]);
        check(Grouping::EachEvent, &[&[2], &[3], &[1], &[0]]);
    }
}
