//! What one detector selected, as columns: a text that many events have is kept once, so that a plugin's batches are made of
//! numbers.

use super::{Detector, Group, Grouping, SelectedEvent};
use crate::event::{EventKey, Location};
use crate::order;
use std::collections::BTreeMap;

/// The events that one detector selected, in no particular order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picked {
    /// The order of each event.
    pub keys: Vec<EventKey>,
    /// The id of each event as text.
    pub ids: Vec<String>,
    /// Where the raw record of each event is.
    pub locations: Vec<Location>,
    /// The distinct values.
    pub texts: Vec<String>,
    /// How many values an event has: those of [`Detector::fields`], and behind them those of the group-by fields.
    pub width: usize,
    /// The values of each event: the number of a text and one, or 0 where there is none.
    pub codes: Vec<u32>,
}

/// Events in the order in which an observer sees them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grouped {
    /// Places in [`Picked`], group after group, each group in the order of its events.
    pub order: Vec<u32>,
    /// Where in `order` each group begins; one more for the end.
    pub starts: Vec<u32>,
}

impl Picked {
    /// How many events there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Adds what the same detector selected in another shard.
    pub fn merge(&mut self, other: Picked) {
        let mut known: BTreeMap<&str, u32> = (1..).zip(&self.texts).map(|(code, text)| (text.as_str(), code)).collect();
        let mut added = Vec::new();
        let mut codes = vec![0];
        for text in &other.texts {
            let next = (self.texts.len() + added.len()) as u32 + 1;
            let code = *known.entry(text).or_insert(next);
            if code == next {
                added.push(text.clone());
            }
            codes.push(code);
        }
        self.texts.extend(added);
        // A number that its sender did not give is no value.
        self.codes.extend(other.codes.iter().map(|&code| codes.get(code as usize).copied().unwrap_or(0)));
        self.width = self.width.max(other.width);
        self.keys.extend(other.keys);
        self.ids.extend(other.ids);
        self.locations.extend(other.locations);
    }

    /// The text of a value.
    pub fn text(&self, event: usize, value: usize) -> Option<&str> {
        let code = *self.codes.get(event * self.width + value)?;
        self.texts.get(code.checked_sub(1)? as usize).map(String::as_str)
    }

    /// Groups the events as [`groups`](super::groups) does: in the order of their keys, the events of a group by time and id.
    pub fn grouped(&self, detector: &Detector) -> Grouped {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        // The location breaks ties between events without an id of their own that are equal byte for byte.
        let place = |at: u32| {
            let Location { source, member, offset, .. } = self.locations[at as usize];
            (source, member, offset)
        };
        let by_time = |a: &u32, b: &u32| {
            self.keys[*a as usize].cmp(&self.keys[*b as usize]).then_with(|| place(*a).cmp(&place(*b)))
        };
        order::sort_by(&mut order, by_time);
        let events = order.len() as u32;
        match &detector.grouping {
            Grouping::Each => Grouped { order, starts: (0..=events).collect() },
            Grouping::All if events == 0 => Grouped { order, starts: vec![0] },
            Grouping::All => Grouped { order, starts: vec![0, events] },
            Grouping::By(_) => self.by_key(detector, &order),
        }
    }

    /// Distributes events, which are in order, over the groups of their keys.
    fn by_key(&self, detector: &Detector, order: &[u32]) -> Grouped {
        let key = |event: u32| {
            let from = event as usize * self.width + detector.fields.len();
            &self.codes[from..(event as usize + 1) * self.width]
        };
        let mut numbers = Numbers::new(self.width.saturating_sub(detector.fields.len()), self.texts.len());
        let mut counts: Vec<u32> = Vec::new();
        let mut firsts: Vec<&[u32]> = Vec::new();
        let mut of_event = Vec::with_capacity(order.len());
        for &event in order {
            let key = key(event);
            let number = numbers.of(key, counts.len() as u32);
            if number as usize == counts.len() {
                counts.push(0);
                firsts.push(key);
            }
            counts[number as usize] += 1;
            of_event.push(number);
        }
        let text = |&code: &u32| self.texts.get(code.checked_sub(1)? as usize).map(String::as_str);
        let keyed = (0..).zip(&firsts).map(|(number, key)| (key.iter().map(text).collect(), number));
        let mut groups: Vec<(Vec<Option<&str>>, u32)> = keyed.collect();
        order::sort(&mut groups);
        // Where the next event of each group goes.
        let mut next = vec![0; counts.len()];
        let mut starts = vec![0];
        let mut sum = 0;
        for (_, number) in groups {
            next[number as usize] = sum;
            sum += counts[number as usize];
            starts.push(sum);
        }
        let mut grouped = vec![0; order.len()];
        for (&event, number) in order.iter().zip(of_event) {
            let place = &mut next[number as usize];
            grouped[*place as usize] = event;
            *place += 1;
        }
        Grouped { order: grouped, starts }
    }

    /// One group as an observer in the core sees it.
    pub fn group(&self, detector: &Detector, events: &[u32]) -> Group {
        let split = detector.fields.len();
        let values = |event: u32, range: std::ops::Range<usize>| -> Vec<Option<String>> {
            range.map(|value| self.text(event as usize, value).map(str::to_owned)).collect()
        };
        let event = |&event: &u32| SelectedEvent {
            key: self.keys[event as usize],
            event_id: self.ids[event as usize].clone(),
            location: self.locations[event as usize],
            values: values(event, 0..split),
            group_key: values(event, split..self.width),
        };
        let events: Vec<SelectedEvent> = events.iter().map(event).collect();
        let key = match detector.grouping {
            Grouping::By(_) => events.first().map(|event| event.group_key.clone()).unwrap_or_default(),
            Grouping::Each | Grouping::All => Vec::new(),
        };
        Group { key, events }
    }
}

/// The number of each key, in the order in which they came.
enum Numbers<'a> {
    /// Keys of one value: by its code, with one added.
    One(Vec<u32>),
    /// Keys of several values.
    Several(BTreeMap<&'a [u32], u32>),
}

impl<'a> Numbers<'a> {
    fn new(values: usize, texts: usize) -> Self {
        if values == 1 { Numbers::One(vec![0; texts + 1]) } else { Numbers::Several(BTreeMap::new()) }
    }

    /// The number of a key, which is `next` when it is new.
    fn of(&mut self, key: &'a [u32], next: u32) -> u32 {
        match self {
            Numbers::One(numbers) => {
                let Some(number) = key.first().and_then(|&code| numbers.get_mut(code as usize)) else { return next };
                if *number == 0 {
                    *number = next + 1;
                }
                *number - 1
            }
            Numbers::Several(numbers) => *numbers.entry(key).or_insert(next),
        }
    }
}

impl Grouped {
    /// How many groups there are.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The events of a group.
    pub fn events(&self, group: usize) -> &[u32] {
        &self.order[self.starts[group] as usize..self.starts[group + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::{Severity, groups};
    use crate::event::EventId;
    use crate::field::FieldRef;
    use crate::predicate::Predicate;
    use proptest::prelude::*;

    fn detector(grouping: Grouping) -> Detector {
        Detector {
            id: "d".to_owned(),
            version: String::new(),
            title: String::new(),
            description: String::new(),
            severity: Severity::Low,
            tactics: Vec::new(),
            techniques: Vec::new(),
            false_positives: Vec::new(),
            select: Predicate::Everything,
            fields: vec![FieldRef::parse("eventName")],
            grouping,
        }
    }

    /// Events: time, a field, two group-by fields.
    type Plain = (i64, Option<u8>, Option<u8>, Option<u8>);

    fn event(number: usize, (time, field, first, second): &Plain, keys: usize) -> SelectedEvent {
        let text = |value: &Option<u8>| value.map(|value| format!("value {value}"));
        SelectedEvent {
            key: EventKey { time_ms: *time, id: EventId(number as u128 % 3) },
            event_id: number.to_string(),
            location: Location { offset: number as u64, ..Location::default() },
            values: vec![text(field)],
            group_key: [text(first), text(second)][..keys].to_vec(),
        }
    }

    fn picked(events: &[SelectedEvent]) -> Picked {
        let mut picked = Picked { width: events.first().map_or(0, |e| 1 + e.group_key.len()), ..Picked::default() };
        for event in events {
            picked.keys.push(event.key);
            picked.ids.push(event.event_id.clone());
            picked.locations.push(event.location);
            for value in event.values.iter().chain(&event.group_key) {
                let code = value.as_ref().map_or(0, |value| {
                    let at = picked.texts.iter().position(|text| text == value);
                    at.unwrap_or_else(|| {
                        picked.texts.push(value.clone());
                        picked.texts.len() - 1
                    }) as u32
                        + 1
                });
                picked.codes.push(code);
            }
        }
        picked
    }

    proptest! {
        #[test]
        fn columns_of_several_shards_are_grouped_as_events_are(
            plain in prop::collection::vec((0_i64..4, prop::option::of(0_u8..3), prop::option::of(0_u8..3), prop::option::of(0_u8..2)), 0..40),
            cut in 0_usize..40,
            which in 0..3,
        ) {
            let by = [FieldRef::parse("awsRegion"), FieldRef::parse("eventSource")];
            let grouping = match which {
                0 => Grouping::Each,
                1 => Grouping::All,
                _ => Grouping::By(by[..(cut % 2) + 1].to_vec()),
            };
            let keys = if which == 2 { cut % 2 + 1 } else { 0 };
            let detector = detector(grouping);
            let events: Vec<SelectedEvent> = plain.iter().enumerate().map(|(n, plain)| event(n, plain, keys)).collect();
            let (first, second) = events.split_at(cut.min(events.len()));
            let mut all = picked(second);
            all.merge(picked(first));
            let grouped = all.grouped(&detector);
            let found: Vec<Group> = (0..grouped.len()).map(|n| all.group(&detector, grouped.events(n))).collect();
            prop_assert_eq!(found, groups(&detector, events));
        }
    }
}
