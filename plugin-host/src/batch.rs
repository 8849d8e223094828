//! A plugin's groups as batches, and its answers as the core's findings.

use std::ops::Range;

use analyzer_core::detect::{Detector, Finding, Grouped, Grouping, Hit, Picked, finding};
use trailglass_contract::MISSING;

use crate::terms::{Batch, Column, PluginFinding};

/// A batch is full at so many events; a group is never split.
pub const BATCH_EVENTS: usize = 10_000;

/// Ranges of groups that make a batch each.
#[must_use]
pub fn split(grouped: &Grouped) -> Vec<Range<usize>> {
    let mut batches = Vec::new();
    let (mut start, mut events) = (0, 0);
    for group in 0..grouped.len() {
        events += grouped.events(group).len();
        if events >= BATCH_EVENTS {
            batches.push(start..group + 1);
            (start, events) = (group + 1, 0);
        }
    }
    if start < grouped.len() {
        batches.push(start..grouped.len());
    }
    batches
}

/// Some groups of a detector as a batch. Row numbers count its events, group after group.
#[must_use]
pub fn batch<'a>(detector: &Detector, picked: &'a Picked, grouped: &Grouped, groups: Range<usize>) -> Batch<'a> {
    let starts = starts(grouped, &groups);
    let events = grouped.order.get(span(grouped, &groups)).unwrap_or_default();
    let firsts: Vec<u32> = groups.filter_map(|group| grouped.events(group).first().copied()).collect();
    let fields = detector.fields.len();
    // Of an empty batch too, the columns are there.
    let keys = if let Grouping::By(fields) = &detector.grouping { fields.len() } else { 0 };
    let mut places = vec![0; picked.texts.len() + 1];
    let mut column = |value: usize, events: &[u32]| column(picked, value, events, &mut places);
    Batch {
        rows: (0..count(events.len())).collect(),
        times: events.iter().map(|&event| picked.keys[event as usize].time_ms).collect(),
        columns: (0..fields).map(|field| column(field, events)).collect(),
        group_keys: (0..keys).map(|key| column(fields + key, &firsts)).collect(),
        group_starts: starts,
    }
}

/// The column of one value of these events, with a dictionary of its own. `places` has for each text, by its number, where it is
/// in the dictionary, counted from 1, and 0 for those that are not there: for all of them before and behind.
fn column<'a>(picked: &'a Picked, value: usize, events: &[u32], places: &mut [u32]) -> Column<'a> {
    let Picked { texts, codes, width, .. } = picked;
    let (mut values, mut numbers) = (Vec::new(), Vec::new());
    let code = |&event: &u32| {
        let number = codes.get(event as usize * width + value).map_or(0, |&number| number as usize);
        let Some(place) = places.get_mut(number) else { return MISSING };
        if *place == 0
            && let Some(text) = number.checked_sub(1).and_then(|at| texts.get(at))
        {
            values.push(text.as_str());
            numbers.push(number);
            *place = count(values.len());
        }
        // What has no text has no place either, and is missing.
        place.wrapping_sub(1)
    };
    let codes = events.iter().map(code).collect();
    numbers.into_iter().for_each(|number| places[number] = 0);
    Column { values, codes }
}

/// Findings of the core from those in the batch of these groups, which [`answer::check`](crate::answer::check) has seen: their
/// rows are in the batch, and of one group.
#[must_use]
pub fn findings(
    detector: &Detector,
    picked: &Picked,
    grouped: &Grouped,
    groups: Range<usize>,
    found: Vec<PluginFinding>,
) -> Vec<Finding> {
    let starts = starts(grouped, &groups);
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
        finding(detector, &picked.group(detector, grouped.events(groups.start + number)), &hit)
    };
    found.into_iter().filter_map(to_finding).collect()
}

/// Where the events of some groups are in [`Grouped::order`].
fn span(grouped: &Grouped, groups: &Range<usize>) -> Range<usize> {
    let place = |group: usize| grouped.starts.get(group).map_or(0, |&start| start as usize);
    place(groups.start)..place(groups.end)
}

/// Where each group begins, counted from the first of them.
fn starts(grouped: &Grouped, groups: &Range<usize>) -> Vec<u32> {
    let starts = grouped.starts.get(groups.clone()).unwrap_or_default();
    let first = starts.first().copied().unwrap_or_default();
    starts.iter().map(|start| start - first).collect()
}

/// Events of a plugin are numbered with 32 bits; memory ends long before.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::detector;
    use crate::manifest::tests::manifest;
    use analyzer_core::event::{EventId, EventKey, Location};

    #[test]
    fn a_group_is_never_split_and_a_batch_is_full_at_ten_thousand() {
        let check = |sizes: &[u32], expected: &[(usize, usize)]| {
            let mut starts = vec![0];
            sizes.iter().for_each(|size| starts.push(starts[starts.len() - 1] + size));
            let order = (0..starts[starts.len() - 1]).collect();
            let found: Vec<_> =
                split(&Grouped { order, starts }).into_iter().map(|range| (range.start, range.end)).collect();
            assert_eq!(found, expected, "{sizes:?}");
        };
        check(&[], &[]);
        check(&[1], &[(0, 1)]);
        check(&[9_999, 1, 1], &[(0, 2), (2, 3)]);
        check(&[25_000, 1], &[(0, 1), (1, 2)]);
        check(&[5_000, 6_000], &[(0, 2)]);
    }

    /// Events of one field that is the key too: z at 1, a at 2, nothing at 3, a at 4.
    fn picked() -> Picked {
        let events = [(1, 1), (2, 2), (3, 0), (4, 2)];
        Picked {
            keys: events.map(|(time_ms, _)| EventKey { time_ms, id: EventId(0) }).to_vec(),
            ids: events.map(|(time, _)| time.to_string()).to_vec(),
            locations: vec![Location::default(); 4],
            texts: vec!["z".to_owned(), "a".to_owned()],
            width: 2,
            codes: events.iter().flat_map(|&(_, code)| [code, code]).collect(),
        }
    }

    fn expected<'a>(values: &[&'a str], codes: &[u32]) -> Column<'a> {
        Column { values: values.to_vec(), codes: codes.to_vec() }
    }

    #[test]
    fn groups_become_columns_and_findings() {
        let (detector, picked) = (detector(&manifest()).unwrap(), picked());
        let grouped = picked.grouped(&detector);
        let all = batch(&detector, &picked, &grouped, 0..3);
        assert_eq!((all.rows, all.times), (vec![0, 1, 2, 3], vec![3, 2, 4, 1]));
        assert_eq!(all.columns, [expected(&["a", "z"], &[MISSING, 0, 0, 1])]);
        assert_eq!(all.group_starts, [0, 1, 3]);
        assert_eq!(all.group_keys, [expected(&["a", "z"], &[MISSING, 0, 1])]);
        // The number of a text that there is not.
        let mut beyond = picked.clone();
        beyond.codes.iter_mut().filter(|code| **code == 2).for_each(|code| *code = 7);
        assert_eq!(
            batch(&detector, &beyond, &grouped, 0..3).columns,
            [expected(&["z"], &[MISSING, MISSING, MISSING, 0])]
        );
        let last = batch(&detector, &picked, &grouped, 2..3);
        assert_eq!((last.rows, last.times, last.group_starts), (vec![0], vec![1], vec![0]));
        assert_eq!(last.columns, [expected(&["z"], &[0])]);
        let nothing = Picked::default();
        let none = batch(&detector, &nothing, &nothing.grouped(&detector), 0..0);
        assert_eq!((none.columns.len(), none.group_keys.len()), (1, 1));

        let found =
            |rows: &[u32]| PluginFinding { rows: rows.to_vec(), why: "why".to_owned(), title: None, severity: None };
        let findings = findings(&detector, &picked, &grouped, 1..3, vec![found(&[1, 0]), found(&[2])]);
        let ids = |at: usize| findings[at].events.iter().map(|event| event.event_id.as_str()).collect::<Vec<_>>();
        assert_eq!((ids(0), ids(1)), (vec!["2", "4"], vec!["1"]));
        assert_eq!(findings[0].group, [("eventName".to_owned(), Some("a".to_owned()))]);
    }
}
