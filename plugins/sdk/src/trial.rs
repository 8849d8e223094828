//! Runs a detector natively over a few events, as a host would: for unit tests of its logic.
//!
//! The events of a trial are those that `select` would have chosen; selecting is the host's.

use crate::bindings::exports::trailglass::detector::detector::{Batch, Column};
use crate::{Detector, Finding, Grouping, Options, Value, rows};
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

impl Trial {
    /// No events, all options at their defaults.
    #[must_use]
    #[allow(clippy::new_without_default, reason = "an empty trial is no default of anything")]
    pub fn new() -> Self {
        Self { settings: Vec::new(), events: Vec::new() }
    }

    /// Sets an option.
    #[must_use]
    pub fn option(mut self, name: &str, value: Value) -> Self {
        self.settings.push((name.to_owned(), value));
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

    /// Groups and orders the events, and hands them to the detector.
    ///
    /// # Errors
    /// What `configure` says about the options.
    pub fn run<D: Detector>(&self) -> Result<Vec<Finding>, String> {
        let mut options = Options::defaults(&D::MANIFEST);
        for (name, value) in &self.settings {
            options = options.with(name, value.clone())?;
        }
        let detector = D::configure(&options)?;
        let batch = self.batch(D::MANIFEST.fields, D::MANIFEST.grouping);
        let groups = rows::groups(&D::MANIFEST, &batch)?;
        Ok(groups.flat_map(|group| detector.observe(&group)).collect())
    }

    fn batch(&self, fields: &[&str], grouping: Grouping) -> Batch {
        let keys: &[&str] = if let Grouping::By(keys) = grouping { keys } else { &[] };
        let key = |event: &Event| -> Vec<Option<String>> {
            keys.iter().map(|key| event.get(key).map(str::to_owned)).collect()
        };
        let mut order: Vec<usize> = (0..self.events.len()).collect();
        order.sort_by_key(|&i| (key(&self.events[i]), self.events[i].time_ms));
        let events: Vec<&Event> = order.iter().map(|&i| &self.events[i]).collect();
        let begins = |place: usize| match grouping {
            Grouping::EachEvent => true,
            _ => place == 0 || key(events[place - 1]) != key(events[place]),
        };
        let starts: Vec<usize> = (0..events.len()).filter(|&place| begins(place)).collect();
        let heads: Vec<&Event> = starts.iter().map(|&start| events[start]).collect();
        Batch {
            rows: order.iter().map(|&i| number(i)).collect(),
            times: events.iter().map(|event| event.time_ms).collect(),
            columns: fields.iter().map(|field| column(&events, field)).collect(),
            group_starts: starts.iter().map(|&start| number(start)).collect(),
            group_keys: keys.iter().map(|key| column(&heads, key)).collect(),
        }
    }
}

impl Event {
    fn get(&self, field: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(name, _)| name == field);
        found.map(|(_, value)| value.as_str())
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
