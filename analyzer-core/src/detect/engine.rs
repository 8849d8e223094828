//! Select: which detectors want this record? Asked while the record is being read.
//!
//! Most detectors name an eventSource and eventName. So for each distinct pair of the two, the predicates are decided
//! once as far as these alone decide them; an event meets only the detectors that are left.

use super::{Detector, Grouping};
use crate::event::{EventKey, Location};
use crate::field::{Column, FieldRef, Place};
use crate::identity::Principal;
use crate::ingest::record::Record;
use crate::predicate::{Predicate, Test};
use foldhash::fast::FixedState;
use hashbrown::HashMap;

/// An event that a detector selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectedEvent {
    /// Its order.
    pub key: EventKey,
    /// Its id as text.
    pub event_id: String,
    /// Where its raw record is.
    pub location: Location,
    /// The first value of each of [`Detector::fields`], in their order.
    pub values: Vec<Option<String>>,
    /// The first value of each group-by field, in their order.
    pub group_key: Vec<Option<String>>,
}

/// What the detectors selected in one shard, or in several: one list for each detector, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// For each detector the events that it selected, in no particular order.
    pub events: Vec<Vec<SelectedEvent>>,
}

impl Selection {
    /// Adds what another shard selected with the same detectors.
    pub fn merge(&mut self, other: Selection) {
        if self.events.len() < other.events.len() {
            self.events.resize_with(other.events.len(), Vec::new);
        }
        for (mine, theirs) in self.events.iter_mut().zip(other.events) {
            mine.extend(theirs);
        }
    }

    /// How many events are held.
    pub fn len(&self) -> usize {
        self.events.iter().map(Vec::len).sum()
    }

    /// Whether nothing was selected.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What is known of a record when detectors are asked.
pub struct Subject<'a> {
    /// The record.
    pub record: &'a Record<'a>,
    /// Gives its identity. A function, because few detectors ask.
    pub principal: &'a dyn Fn() -> Principal<'a>,
    /// Its order.
    pub key: EventKey,
    /// Gives its id as text. A function, because most events are not selected and need no text.
    pub event_id: &'a dyn Fn() -> String,
    /// Where it is.
    pub location: Location,
    /// Codes of its eventSource and eventName in the columns of the store.
    pub names: (u32, u32),
}

/// The detectors of one shard and what they selected so far.
pub struct Engine {
    detectors: Vec<Detector>,
    /// Detectors that are left once eventSource and eventName are known, by the codes of both.
    candidates: HashMap<(u32, u32), Box<[u32]>, FixedState>,
    selection: Selection,
}

impl Engine {
    /// Nothing selected yet.
    pub fn new(detectors: Vec<Detector>, seed: u64) -> Engine {
        let selection = Selection { events: detectors.iter().map(|_| Vec::new()).collect() };
        Engine { detectors, candidates: HashMap::with_hasher(FixedState::with_seed(seed)), selection }
    }

    /// The detectors.
    pub fn detectors(&self) -> &[Detector] {
        &self.detectors
    }

    /// Asks every detector that can want this record.
    pub fn select(&mut self, subject: &Subject) {
        let detectors = &self.detectors;
        let candidates = self.candidates.entry(subject.names).or_insert_with(|| candidates(detectors, subject));
        for &number in candidates.iter() {
            let detector = &self.detectors[number as usize];
            if matches(&detector.select, subject) {
                self.selection.events[number as usize].push(selected(detector, subject));
            }
        }
    }

    /// What was selected so far.
    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    /// Forgets selected events: those for which `gone` holds.
    pub fn forget(&mut self, gone: impl Fn(&SelectedEvent) -> bool) {
        for events in &mut self.selection.events {
            events.retain(|event| !gone(event));
        }
    }
}

fn candidates(detectors: &[Detector], subject: &Subject) -> Box<[u32]> {
    let by_names = |test: &Test| match &test.field {
        FieldRef::Standard(field) if matches!(field.place, Place::Column(Column::EventName | Column::EventSource)) => {
            Some(test_holds(test, subject))
        }
        _ => None,
    };
    (0..detectors.len() as u32)
        .filter(|&number| detectors[number as usize].select.decide(&mut { by_names }) != Some(false))
        .collect()
}

fn matches(predicate: &Predicate, subject: &Subject) -> bool {
    predicate.decide(&mut |test| Some(test_holds(test, subject))) == Some(true)
}

fn test_holds(test: &Test, subject: &Subject) -> bool {
    let mut holds = false;
    each_value(&test.field, subject, &mut |value| holds |= test.matcher.matches(value));
    holds
}

/// As [`Record::each_value`], but the id is the one that the event has everywhere, made up or not.
fn each_value(field: &FieldRef, subject: &Subject, each: &mut dyn FnMut(&str)) {
    match field {
        FieldRef::Standard(f) if matches!(f.place, Place::Id) => each(&(subject.event_id)()),
        _ => subject.record.each_value(field, subject.principal, each),
    }
}

fn first_values(fields: &[FieldRef], subject: &Subject) -> Vec<Option<String>> {
    let first = |field| {
        let mut first = None;
        each_value(field, subject, &mut |value| {
            first.get_or_insert_with(|| value.to_owned());
        });
        first
    };
    fields.iter().map(first).collect()
}

fn selected(detector: &Detector, subject: &Subject) -> SelectedEvent {
    let group_key = match &detector.grouping {
        Grouping::By(fields) => first_values(fields, subject),
        Grouping::Each | Grouping::All => Vec::new(),
    };
    SelectedEvent {
        key: subject.key,
        event_id: (subject.event_id)(),
        location: subject.location,
        values: first_values(&detector.fields, subject),
        group_key,
    }
}
