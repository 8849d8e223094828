//! Select: which detectors want this record? Asked while the record is being read.
//!
//! Most detectors name an eventSource and eventName, and many a kind of identity. So each distinct identity is asked once
//! which detectors it rules out; identities that rule out the same are of one class. For each distinct source, name and
//! class the predicates are decided once as far as these alone decide them; an event meets only the detectors that are
//! left.

use super::{Detector, Grouping};
use crate::event::{EventKey, Location};
use crate::field::{Column, FieldRef, Place};
use crate::ingest::record::{Around, Record};
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
    /// Its identity and its id.
    pub around: Around<'a, 'a>,
    /// Its order.
    pub key: EventKey,
    /// Where it is.
    pub location: Location,
    /// Codes of its eventSource and eventName in the columns of the store.
    pub names: (u32, u32),
    /// The number of its identity in the store.
    pub identity: u32,
}

/// The class of an identity that was not asked yet.
const UNKNOWN: u32 = u32::MAX;

/// The detectors of one shard and what they selected so far.
pub struct Engine {
    detectors: Vec<Detector>,
    /// The class of each identity, by its number; [`UNKNOWN`] for one that was not asked yet.
    classes: Vec<u32>,
    /// For each class the detectors that its identities do not rule out.
    left: Vec<Box<[u32]>>,
    /// Detectors that are left once eventSource, eventName and the class are known.
    candidates: HashMap<(u32, u32, u32), Box<[u32]>, FixedState>,
    selection: Selection,
}

impl Engine {
    /// Nothing selected yet.
    pub fn new(detectors: Vec<Detector>, seed: u64) -> Engine {
        let selection = Selection { events: detectors.iter().map(|_| Vec::new()).collect() };
        let candidates = HashMap::with_hasher(FixedState::with_seed(seed));
        Engine { detectors, classes: Vec::new(), left: Vec::new(), candidates, selection }
    }

    /// The detectors.
    pub fn detectors(&self) -> &[Detector] {
        &self.detectors
    }

    /// Asks every detector that can want this record.
    pub fn select(&mut self, subject: &Subject) {
        let class = self.class(subject);
        let (detectors, left) = (&self.detectors, &self.left);
        let key = (subject.names.0, subject.names.1, class);
        let candidates = self.candidates.entry(key).or_insert_with(|| {
            let left = left.get(class as usize).map_or(&[][..], |left| left);
            undecided(detectors, left.iter().copied(), |test| {
                (is_of_names(test) || is_of_identity(test)).then(|| test_holds(test, subject))
            })
        });
        for &number in candidates.iter() {
            let detector = &self.detectors[number as usize];
            if matches(&detector.select, subject) {
                self.selection.events[number as usize].push(selected(detector, subject));
            }
        }
    }

    /// The class of the subject's identity.
    fn class(&mut self, subject: &Subject) -> u32 {
        let identity = subject.identity as usize;
        if let Some(&class) = self.classes.get(identity).filter(|&&class| class != UNKNOWN) {
            return class;
        }
        let all = 0..self.detectors.len() as u32;
        let left = undecided(&self.detectors, all, |test| is_of_identity(test).then(|| test_holds(test, subject)));
        let known = self.left.iter().position(|other| *other == left);
        let class = known.unwrap_or_else(|| {
            self.left.push(left);
            self.left.len() - 1
        }) as u32;
        if self.classes.len() <= identity {
            self.classes.resize(identity + 1, UNKNOWN);
        }
        self.classes[identity] = class;
        class
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

/// Those of these detectors that the known tests do not rule out.
fn undecided(
    detectors: &[Detector],
    numbers: impl Iterator<Item = u32>,
    known: impl Fn(&Test) -> Option<bool>,
) -> Box<[u32]> {
    let is_left = |&number: &u32| detectors[number as usize].select.decide(&mut |test| known(test)) != Some(false);
    numbers.filter(is_left).collect()
}

fn is_of_names(test: &Test) -> bool {
    if test.matcher.needs_record() {
        return false;
    }
    let FieldRef::Standard(field) = &test.field else { return false };
    matches!(field.place, Place::Column(Column::EventName | Column::EventSource))
}

fn is_of_identity(test: &Test) -> bool {
    if test.matcher.needs_record() {
        return false;
    }
    let FieldRef::Standard(field) = &test.field else { return false };
    matches!(field.place, Place::Identity(_) | Place::IdentityLabel)
}

fn matches(predicate: &Predicate, subject: &Subject) -> bool {
    predicate.decide(&mut |test| Some(test_holds(test, subject))) == Some(true)
}

fn test_holds(test: &Test, subject: &Subject) -> bool {
    subject.record.holds(test, &subject.around)
}

fn first_values(fields: &[FieldRef], subject: &Subject) -> Vec<Option<String>> {
    let first = |field| {
        let mut first = None;
        subject.record.each_value(field, &subject.around, &mut |value| {
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
        event_id: (subject.around.event_id)(),
        location: subject.location,
        values: first_values(&detector.fields, subject),
        group_key,
    }
}
