//! Select: which detectors want this record? Asked while the record is being read. What columns decide is decided by
//! [`Program`]; the others see the record.

use super::program::{Compiled, Program};
use super::{Detector, Grouping};
use crate::event::{EventKey, Location};
use crate::field::FieldRef;
use crate::ingest::record::{Around, Record};
use crate::store::Store;
use crate::store::interner::Interner;

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

/// The detectors of one shard and what they selected so far.
pub struct Engine {
    detectors: Vec<Detector>,
    program: Program,
    picked: Vec<Picked>,
    texts: Interner,
    seen: Seen,
}

/// What fields hold in the record at hand: several rules ask for the same.
#[derive(Default)]
struct Seen {
    /// The number of the record.
    record: u64,
    /// For each field the record whose values are here.
    of: Vec<(u64, Vec<String>)>,
}

impl Seen {
    fn holds<'a>(&mut self, compiled: &Compiled, record: &Record<'a>, around: &Around<'_, 'a>) -> bool {
        let Compiled { test, field, .. } = compiled;
        let Some((of, values)) = self.of.get_mut(*field).filter(|_| !test.matcher.needs_record()) else {
            return record.holds(test, around);
        };
        if *of != self.record {
            *of = self.record;
            values.clear();
            record.each_value(&test.field, around, &mut |value| values.push(value.to_owned()));
        }
        values.iter().any(|value| test.matcher.matches(value))
    }
}

/// What a detector selected: rows of the store, and numbers of texts.
#[derive(Default)]
struct Picked {
    rows: Vec<u32>,
    /// For each row its values and those of the group-by fields: the number of the text and one, or 0 for none.
    values: Vec<u32>,
    /// How many values a row has.
    width: usize,
}

impl Engine {
    /// Nothing selected yet.
    pub fn new(detectors: Vec<Detector>, seed: u64) -> Engine {
        let picked = |detector: &Detector| Picked { width: fields(detector).count(), ..Picked::default() };
        let program = Program::new(&detectors, seed);
        Engine {
            seen: Seen { record: 0, of: vec![(0, Vec::new()); program.fields] },
            program,
            picked: detectors.iter().map(picked).collect(),
            texts: Interner::new(seed),
            detectors,
        }
    }

    /// The detectors.
    pub fn detectors(&self) -> &[Detector] {
        &self.detectors
    }

    /// Asks every detector that can want this record, whose event is in this row.
    pub fn select<'a>(&mut self, store: &Store, row: u32, record: &Record<'a>, around: &Around<'_, 'a>) {
        if self.detectors.is_empty() {
            return;
        }
        let Engine { detectors, program, picked, texts, seen } = self;
        seen.record += 1;
        let number = program.judge(store, row);
        let verdict = program.verdict(number);
        let mut ask = |test: &Compiled| seen.holds(test, record, around);
        let open = verdict.open.iter().filter(|(_, left)| program.holds(left, &mut ask));
        for &at in verdict.sure.iter().chain(open.map(|(at, _)| at)) {
            let (detector, picked) = (&detectors[at as usize], &mut picked[at as usize]);
            picked.rows.push(row);
            for field in fields(detector) {
                let mut number = 0;
                record.each_value(field, around, &mut |value| {
                    if number == 0 {
                        number = texts.intern(value.as_bytes()).0 + 1;
                    }
                });
                picked.values.push(number);
            }
        }
    }

    /// Whether a detector could want the event in this row, as far as columns tell.
    pub fn could_want(&mut self, store: &Store, row: u32) -> bool {
        let number = self.program.judge(store, row);
        let verdict = self.program.verdict(number);
        !verdict.sure.is_empty() || !verdict.open.is_empty()
    }

    /// What the first so many detectors selected so far, of this store.
    pub fn selection(&self, store: &Store, detectors: usize) -> Selection {
        let events = self.detectors.iter().zip(&self.picked).take(detectors).map(|(detector, picked)| {
            let split = detector.fields.len();
            let text = |number: &u32| number.checked_sub(1).map(|number| self.texts.get(number).to_owned());
            let event = |(at, &row): (usize, &u32)| {
                let values = &picked.values[at * picked.width..(at + 1) * picked.width];
                SelectedEvent {
                    key: store.key(row),
                    event_id: store.event_id(row),
                    location: store.location(row),
                    values: values[..split].iter().map(text).collect(),
                    group_key: values[split..].iter().map(text).collect(),
                }
            };
            picked.rows.iter().enumerate().map(event).collect()
        });
        Selection { events: events.collect() }
    }

    /// What one detector selected so far, as columns.
    pub fn picked(&self, store: &Store, detector: usize) -> super::Picked {
        let Some(own) = self.picked.get(detector) else { return super::Picked::default() };
        let mut codes = vec![0; self.texts.len() + 1];
        let mut texts = Vec::new();
        let code = |&number: &u32| {
            let code = &mut codes[number as usize];
            if number > 0 && *code == 0 {
                texts.push(self.texts.get(number - 1).to_owned());
                *code = texts.len() as u32;
            }
            *code
        };
        super::Picked {
            codes: own.values.iter().map(code).collect(),
            keys: own.rows.iter().map(|&row| store.key(row)).collect(),
            ids: own.rows.iter().map(|&row| store.event_id(row)).collect(),
            locations: own.rows.iter().map(|&row| store.location(row)).collect(),
            texts,
            width: own.width,
        }
    }

    /// How many events each detector selected.
    pub fn counts(&self) -> impl Iterator<Item = usize> {
        self.picked.iter().map(|picked| picked.rows.len())
    }

    /// Forgets these rows, which are in order.
    pub fn forget(&mut self, rows: &[u32]) {
        for picked in &mut self.picked {
            let is_kept: Vec<bool> = picked.rows.iter().map(|row| rows.binary_search(row).is_err()).collect();
            let (mut at, mut value, width) = (0.., 0.., picked.width.max(1));
            picked.rows.retain(|_| at.next().is_some_and(|at: usize| is_kept[at]));
            picked.values.retain(|_| value.next().is_some_and(|value: usize| is_kept[value / width]));
        }
    }

    /// Bytes of memory that the selected events take, and what is known of values.
    pub fn memory(&self) -> usize {
        let picked = self.picked.iter().map(|picked| picked.rows.capacity() + picked.values.capacity());
        picked.sum::<usize>() * size_of::<u32>() + self.texts.memory() + self.program.memory()
    }
}

/// The fields that a detector reads, and behind them those that it groups by.
fn fields(detector: &Detector) -> impl Iterator<Item = &FieldRef> {
    let by = match &detector.grouping {
        Grouping::By(fields) => &fields[..],
        Grouping::Each | Grouping::All => &[],
    };
    detector.fields.iter().chain(by)
}
