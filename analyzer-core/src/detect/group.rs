//! Group and order: all selected events of one key, in time order, in one place.

use super::{Detector, Grouping, SelectedEvent};
use crate::order;
use std::collections::BTreeMap;

/// All selected events of one key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// The values of the detector's group-by fields; empty for the other groupings.
    pub key: Vec<Option<String>>,
    /// Events by time, then id.
    pub events: Vec<SelectedEvent>,
}

impl Group {
    /// The key with the names of its fields.
    pub fn named_key(&self, detector: &Detector) -> Vec<(String, Option<String>)> {
        match &detector.grouping {
            Grouping::By(fields) => fields.iter().map(|f| f.name()).zip(self.key.iter().cloned()).collect(),
            Grouping::Each | Grouping::All => Vec::new(),
        }
    }
}

/// Groups the events that a detector selected. Groups come in the order of their keys ([`Grouping::Each`]: of their
/// events), so the answer does not depend on the order of `events`.
pub fn groups(detector: &Detector, mut events: Vec<SelectedEvent>) -> Vec<Group> {
    // The location breaks ties between events without an id of their own that are equal byte for byte.
    let place = |event: &SelectedEvent| (event.location.source, event.location.member, event.location.offset);
    order::sort_by(&mut events, |a, b| a.key.cmp(&b.key).then_with(|| place(a).cmp(&place(b))));
    match detector.grouping {
        Grouping::Each => events.into_iter().map(|event| Group { key: Vec::new(), events: vec![event] }).collect(),
        Grouping::All if events.is_empty() => Vec::new(),
        Grouping::All => vec![Group { key: Vec::new(), events }],
        Grouping::By(_) => {
            let mut by_key: BTreeMap<Vec<Option<String>>, Vec<SelectedEvent>> = BTreeMap::new();
            for event in events {
                match by_key.get_mut(&event.group_key) {
                    Some(group) => group.push(event),
                    None => {
                        by_key.insert(event.group_key.clone(), vec![event]);
                    }
                }
            }
            by_key.into_iter().map(|(key, events)| Group { key, events }).collect()
        }
    }
}
