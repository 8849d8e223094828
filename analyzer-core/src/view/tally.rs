//! The values of fields that only records hold, counted while records are read again.

use super::top::Merged;
use crate::field::FieldRef;
use crate::order;
use foldhash::fast::FixedState;
use hashbrown::HashMap;

/// So many distinct values of a field are counted; beyond them only values that are known already are.
pub const MOST_VALUES: usize = 1 << 20;

/// Counts of the values of some fields.
#[derive(Clone, Debug)]
pub struct Tally {
    fields: Vec<Counts>,
}

#[derive(Clone, Debug)]
struct Counts {
    field: FieldRef,
    values: HashMap<String, u64, FixedState>,
    present: u64,
    missing: u64,
    /// Values that were one too many.
    uncounted: u64,
}

impl Tally {
    /// Nothing counted yet.
    pub fn new(fields: impl IntoIterator<Item = FieldRef>) -> Tally {
        let counts = |field| Counts { field, values: HashMap::default(), present: 0, missing: 0, uncounted: 0 };
        Tally { fields: fields.into_iter().map(counts).collect() }
    }

    /// Counts an event. A field with several values, as in an array, counts each different one once.
    pub(crate) fn add(&mut self, mut each_value: impl FnMut(&FieldRef, &mut dyn FnMut(&str))) {
        let mut seen: Vec<String> = Vec::new();
        for counts in &mut self.fields {
            seen.clear();
            each_value(&counts.field, &mut |value| {
                if seen.iter().all(|other| other != value) {
                    seen.push(value.to_owned());
                }
            });
            *(if seen.is_empty() { &mut counts.missing } else { &mut counts.present }) += 1;
            for value in seen.drain(..) {
                counts.count(value, 1);
            }
        }
    }

    /// Adds what another shard counted of the same fields.
    pub fn merge(&mut self, other: Tally) {
        for (mine, theirs) in self.fields.iter_mut().zip(other.fields) {
            mine.present += theirs.present;
            mine.missing += theirs.missing;
            mine.uncounted += theirs.uncounted;
            theirs.values.into_iter().for_each(|(value, n)| mine.count(value, n));
        }
    }

    /// The `limit` first values of each field. They are exact, and all of them are known, unless a field had more than
    /// [`MOST_VALUES`].
    pub fn firsts(&self, limit: usize) -> Vec<Merged> {
        let firsts = |counts: &Counts| {
            let mut values: Vec<(&String, &u64)> = counts.values.iter().collect();
            order::sort_by(&mut values, |a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
            values.truncate(limit);
            Merged {
                values: values.into_iter().map(|(value, n)| (value.clone(), *n)).collect(),
                is_exact: counts.uncounted == 0,
                distinct: (counts.uncounted == 0).then_some(counts.values.len() as u64),
                present: counts.present,
                missing: counts.missing,
            }
        };
        self.fields.iter().map(firsts).collect()
    }
}

impl Counts {
    fn count(&mut self, value: String, n: u64) {
        if self.values.len() < MOST_VALUES || self.values.contains_key(&value) {
            *self.values.entry(value).or_default() += n;
        } else {
            self.uncounted += n;
        }
    }
}
