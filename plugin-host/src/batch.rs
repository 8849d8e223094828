//! A plugin's groups as batches, and its answers as the core's findings.

use std::collections::HashMap;
use std::ops::Range;

use analyzer_core::detect::{Detector, Finding, Group, Grouping, Hit, SelectedEvent, finding};
use trailglass_contract::MISSING;

use crate::terms::{Batch, Column, PluginFinding};

/// A batch is full at so many events; a group is never split.
pub const BATCH_EVENTS: usize = 10_000;

/// Ranges of groups that make a batch each.
#[must_use]
pub fn split(groups: &[Group]) -> Vec<Range<usize>> {
    let mut batches = Vec::new();
    let (mut start, mut events) = (0, 0);
    for (number, group) in groups.iter().enumerate() {
        events += group.events.len();
        if events >= BATCH_EVENTS {
            batches.push(start..number + 1);
            (start, events) = (number + 1, 0);
        }
    }
    if start < groups.len() {
        batches.push(start..groups.len());
    }
    batches
}

/// Some groups of a detector as a batch. Row numbers count its events, group after group.
#[must_use]
pub fn batch(detector: &Detector, groups: &[Group]) -> Batch {
    let events: Vec<&SelectedEvent> = groups.iter().flat_map(|group| &group.events).collect();
    let fields = detector.fields.len();
    // Of an empty batch too, the columns are there.
    let keys = if let Grouping::By(fields) = &detector.grouping { fields.len() } else { 0 };
    Batch {
        rows: (0..count(events.len())).collect(),
        times: events.iter().map(|event| event.key.time_ms).collect(),
        columns: (0..fields).map(|field| column(events.iter().map(|event| event.values[field].as_deref()))).collect(),
        group_starts: starts(groups),
        group_keys: (0..keys).map(|key| column(groups.iter().map(|group| group.key.get(key)?.as_deref()))).collect(),
    }
}

fn starts(groups: &[Group]) -> Vec<u32> {
    let mut next = 0;
    let start = |group: &Group| {
        let start = next;
        next += group.events.len();
        count(start)
    };
    groups.iter().map(start).collect()
}

fn column<'a>(places: impl Iterator<Item = Option<&'a str>>) -> Column {
    let mut known: HashMap<&str, u32> = HashMap::new();
    let mut values: Vec<String> = Vec::new();
    let mut code = |value: &'a str| {
        *known.entry(value).or_insert_with(|| {
            values.push(value.to_owned());
            count(values.len() - 1)
        })
    };
    let codes = places.map(|value| value.map_or(MISSING, &mut code)).collect();
    Column { values, codes }
}

/// Findings of the core from those in the batch of these groups, which [`answer::check`](crate::answer::check) has seen: their
/// rows are in the batch, and of one group.
#[must_use]
pub fn findings(detector: &Detector, groups: &[Group], found: Vec<PluginFinding>) -> Vec<Finding> {
    let starts = starts(groups);
    let to_finding = |found: PluginFinding| {
        let first = found.rows.first()?;
        let number = starts.partition_point(|start| start <= first).checked_sub(1)?;
        let start = starts[number];
        let hit = Hit {
            rows: found.rows.iter().map(|&row| row.saturating_sub(start) as usize).collect(),
            why: found.why,
            title: found.title,
            severity: found.severity,
        };
        finding(detector, &groups[number], &hit)
    };
    found.into_iter().filter_map(to_finding).collect()
}

/// Events of a plugin are numbered with 32 bits; memory ends long before.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(events: usize) -> Group {
        let event = SelectedEvent {
            key: analyzer_core::event::EventKey { time_ms: 0, id: analyzer_core::event::EventId(0) },
            event_id: String::new(),
            location: analyzer_core::event::Location::default(),
            values: Vec::new(),
            group_key: Vec::new(),
        };
        Group { key: Vec::new(), events: vec![event; events] }
    }

    #[test]
    fn a_group_is_never_split_and_a_batch_is_full_at_ten_thousand() {
        let check = |sizes: &[usize], expected: &[(usize, usize)]| {
            let groups: Vec<Group> = sizes.iter().map(|&size| group(size)).collect();
            let found: Vec<_> = split(&groups).into_iter().map(|range| (range.start, range.end)).collect();
            assert_eq!(found, expected, "{sizes:?}");
        };
        check(&[], &[]);
        check(&[1], &[(0, 1)]);
        check(&[9_999, 1, 1], &[(0, 2), (2, 3)]);
        check(&[25_000, 1], &[(0, 1), (1, 2)]);
        check(&[5_000, 6_000], &[(0, 2)]);
    }

    #[test]
    fn columns_have_each_value_once() {
        let column = column([Some("b"), None, Some("a"), Some("b")].into_iter());
        assert_eq!(column.values, ["b", "a"]);
        assert_eq!(column.codes, [0, MISSING, 1, 0]);
    }
}
