//! A filter as a detector: all events that it matches are one finding.

use crate::detect::{Detector, Finding, Group, Grouping, Hit, SelectedEvent, Severity, finding, groups};
use crate::field::FieldRef;
use crate::order;
use crate::predicate::Predicate;
use std::collections::BTreeMap;

/// How many principals the sentence of a finding names.
const NAMED: usize = 5;

/// A filter at work.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Selects what it matches, with who did it.
    pub detector: Detector,
}

impl Filter {
    /// The finding in what it selected over all shards, if there is any.
    pub fn findings(&self, events: Vec<SelectedEvent>) -> Vec<Finding> {
        groups(&self.detector, events)
            .iter()
            .filter_map(|group| finding(&self.detector, group, &whole(group)))
            .collect()
    }
}

/// Counts what a filter matches, with who did it.
pub fn filter(id: String, title: String, description: String, select: Predicate) -> Filter {
    Filter {
        detector: Detector {
            id,
            version: "1".to_owned(),
            title,
            description,
            severity: Severity::Informational,
            tactics: Vec::new(),
            techniques: Vec::new(),
            false_positives: Vec::new(),
            select,
            fields: vec![FieldRef::parse("principal")],
            grouping: Grouping::All,
        },
    }
}

/// Who did these events, which a [`filter`] selected, and how many: most first, then by name.
pub fn principals(events: &[SelectedEvent]) -> Vec<(&str, u64)> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for event in events {
        let who = event.values.first().and_then(Option::as_deref).unwrap_or("unknown");
        *counts.entry(who).or_default() += 1;
    }
    let mut ranked: Vec<_> = counts.into_iter().collect();
    order::sort_by_key(&mut ranked, |&(_, count)| std::cmp::Reverse(count));
    ranked
}

fn whole(group: &Group) -> Hit {
    let count = group.events.len();
    let who = principals(&group.events);
    let named: Vec<String> = who.iter().take(NAMED).map(|(name, count)| format!("{name} ({count})")).collect();
    let more = match who.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let matches = if count == 1 { "event matches" } else { "events match" };
    let why = format!("{count} {matches}, of {}{more}.", named.join(", "));
    Hit { rows: (0..count).collect(), why, ..Hit::default() }
}
