//! Correlations of chance: both engines find the same groups.
//!
//! RSigma looks back from every event, we look at windows: where more events can only help, both must come to the same
//! groups. Elsewhere all events are in one window, and what RSigma says at the last of them counts.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use serde_json::{Value, json};
use sigma_proof::engines::{Groups, When, event_id, our_groups, their_groups};
use sigma_proof::random::Random;

/// Rules that share no event.
const BASE: &str = "title: A\nid: a1\nname: a\ndetection: {s: {eventName: A}, condition: s}\n---\n\
    title: B\nid: b1\nname: b\ndetection: {s: {eventName: B}, condition: s}\n---\n\
    title: C\nid: c1\nname: c\ndetection: {s: {eventName: C*}, condition: s}\n---\n";

const START: i64 = 1_714_953_600;

/// Events within so many seconds, in the order of their times, many at the same.
fn events(number: usize, within: usize, groups: &[&str], random: &mut Random) -> Vec<(i64, Value)> {
    let mut seconds: Vec<i64> = (0..number).map(|_| START + random.below(within) as i64).collect();
    seconds.sort_unstable();
    let event = |(place, seconds): (usize, i64)| {
        let day = seconds - START;
        let time = format!("2024-05-06T{:02}:{:02}:{:02}Z", day / 3_600, day / 60 % 60, day % 60);
        let mut event = json!({
            "eventVersion": "1.08", "eventID": event_id(place), "eventTime": time, "eventSource": "x.amazonaws.com",
            "eventName": *random.pick(&["A", "A", "B", "Cd", "other"]), "requestParameters": {"n": random.below(20)},
            "sourceIPAddress": *random.pick(&["192.0.2.1", "192.0.2.2", "192.0.2.3"]),
        });
        if random.percent(10) {
            event["requestParameters"]["n"] = "not a number".into();
        }
        let group = *random.pick(groups);
        if !group.is_empty() {
            // The same in the events of each rule, under different names.
            event["userIdentity"] = json!({ "type": "IAMUser", "userName": group });
            event["requestParameters"]["userName"] = group.into();
        }
        (seconds, event)
    };
    seconds.into_iter().enumerate().map(event).collect()
}

/// Whatever group-by there can be.
fn group_by(random: &mut Random) -> &'static str {
    const BY: [&str; 5] = [
        "",
        "  group-by: [userIdentity.userName]\n",
        "  group-by: userIdentity.userName\n",
        "  group-by: [sourceIPAddress, userIdentity.userName]\n",
        "  group-by: [who]\n  aliases: {who: {a: userIdentity.userName, b: requestParameters.userName, c: requestParameters.userName}}\n",
    ];
    BY[random.below(BY.len())]
}

fn rules(random: &mut Random) -> Vec<&'static str> {
    let all = ["a", "b", "c"];
    let from = random.below(3);
    let number = 1 + random.below(3);
    (0..number).map(|at| all[(from + at) % 3]).collect()
}

/// A correlation of which more events can only help.
fn growing(random: &mut Random) -> String {
    let rules = rules(random);
    let bound =
        |most: usize, random: &mut Random| format!("{}: {}", random.pick(&["gte", "gt"]), 1 + random.below(most));
    let (kind, condition) = match random.below(6) {
        0 => ("event_count", bound(9, random)),
        1 => ("value_count", format!("{}, field: sourceIPAddress", bound(2, random))),
        2 => ("value_count", format!("{}, field: [sourceIPAddress, requestParameters.n]", bound(6, random))),
        3 => ("value_sum", format!("{}, field: requestParameters.n", bound(90, random))),
        4 => ("temporal", format!("gte: {}", rules.len())),
        _ => ("temporal_ordered", format!("gte: {}", rules.len())),
    };
    correlation(kind, &rules, &condition, random)
}

/// Any correlation that both have, of all rules.
fn any(random: &mut Random) -> String {
    let rules = *random.pick(&[["a", "b", "c"], ["b", "c", "a"], ["c", "b", "a"]]);
    let bound = |most: usize, random: &mut Random| {
        let one = |random: &mut Random| 1 + random.below(most);
        match random.below(3) {
            0 => format!("gte: {}, lte: {}", one(random).min(3), one(random) + 3),
            _ => format!("{}: {}", random.pick(&["gte", "gt", "lt", "lte", "eq", "neq"]), one(random)),
        }
    };
    let number = |random: &mut Random| format!("{}, field: requestParameters.n", bound(20, random));
    let (kind, condition) = match random.below(7) {
        0 => ("event_count", bound(12, random)),
        1 => ("value_count", format!("{}, field: requestParameters.n", bound(8, random))),
        2 => ("value_sum", format!("{}, field: requestParameters.n", bound(120, random))),
        3 => ("value_avg", number(random)),
        4 => ("value_median", number(random)),
        5 => ("temporal", bound(3, random)),
        _ => ("temporal_ordered", format!("gte: {}", rules.len())),
    };
    correlation(kind, &rules, &condition, random)
}

fn correlation(kind: &str, rules: &[&str], condition: &str, random: &mut Random) -> String {
    let (by, span) = (group_by(random), random.pick(&["60s", "5m", "1h"]));
    let rules: Vec<String> = rules.iter().map(|name| format!("{name}{}", random.pick(&["", "1"]))).collect();
    // Aliases name rules as the correlation does.
    let rules = if by.contains("who") { rules.join(", ").replace('1', "") } else { rules.join(", ") };
    let by = by.replace(
        "a: userIdentity.userName, b: requestParameters.userName, c: requestParameters.userName",
        &aliases(&rules),
    );
    format!(
        "title: Together\nid: d1\ncorrelation:\n  type: {kind}\n  rules: [{rules}]\n{by}  timespan: {span}\n  condition: {{{condition}}}\n"
    )
}

fn aliases(rules: &str) -> String {
    let fields = ["a: userIdentity.userName", "b: requestParameters.userName", "c: requestParameters.userName"];
    let named: Vec<&str> = fields.into_iter().filter(|field| rules.contains(&field[..1])).collect();
    named.join(", ")
}

/// Panics if the two do not find the same groups. Returns how many.
fn agree(rule: &str, events: &[(i64, Value)], when: When) -> Groups {
    let yaml = format!("{BASE}{rule}");
    let records: Vec<Value> = events.iter().map(|(_, event)| event.clone()).collect();
    let ours = our_groups(&yaml, &records, "Together").unwrap_or_else(|why| panic!("{why}\n{yaml}"));
    let theirs = their_groups(&yaml, events, "Together", when).unwrap_or_else(|why| panic!("{why}\n{yaml}"));
    let told = || records.iter().map(|record| format!("{record}\n")).collect::<String>();
    assert_eq!(ours, theirs, "ours and RSigma's of\n{rule}\n{}", told());
    ours
}

#[test]
fn where_more_events_help_the_same_groups_are_found() {
    let (mut groups, mut without) = (0, 0);
    for seed in 0..600 {
        let random = &mut Random::new(seed);
        let number = 5 + random.below(60);
        let events = events(number, 2_400, &["ann", "bob", "cat", ""], random);
        let found = agree(&growing(random), &events, When::Ever).len();
        groups += found;
        without += usize::from(found == 0);
    }
    assert!(groups > 600 && without > 60, "{groups} groups, {without} times none");
}

#[test]
fn in_one_window_every_correlation_finds_the_same() {
    let (mut groups, mut without) = (0, 0);
    for seed in 5_000..5_800 {
        let random = &mut Random::new(seed);
        let number = 2 + random.below(12);
        let mut events = events(number, 50, &["ann"], random);
        // One group, and every event is one of the rules'.
        for (_, event) in &mut events {
            event["eventName"] = (*random.pick(&["A", "B", "Cd"])).into();
            event["sourceIPAddress"] = "192.0.2.1".into();
        }
        events[0].1["requestParameters"]["n"] = 7.into();
        let found = agree(&any(random), &events, When::AtTheEnd).len();
        groups += found;
        without += usize::from(found == 0);
    }
    assert!(groups > 200 && without > 200, "{groups} groups, {without} times none");
}

#[test]
fn chains_find_the_same_groups() {
    let (mut groups, mut without) = (0, 0);
    for seed in 9_000..9_300 {
        let random = &mut Random::new(seed);
        let number = 10 + random.below(60);
        let events = events(number, 1_200, &["ann", "bob", "cat", ""], random);
        let (kind, most) = *random.pick(&[("event_count", 6), ("value_count", 3)]);
        let (least, span, outer) =
            (2 + random.below(most - 1), random.pick(&["60s", "5m"]), random.pick(&["60s", "5m"]));
        let field = if kind == "value_count" { ", field: sourceIPAddress" } else { "" };
        let order = random.pick(&["many, b", "b, many"]);
        let together = random.pick(&["temporal", "temporal_ordered"]);
        let by = "group-by: [userIdentity.userName]";
        let rule = format!(
            "title: Many\nid: m1\nname: many\ncorrelation:\n  type: {kind}\n  rules: [a]\n  {by}\n  timespan: {span}\n  \
             condition: {{gte: {least}{field}}}\n---\ntitle: Together\nid: d1\ncorrelation:\n  type: {together}\n  \
             rules: [{order}]\n  {by}\n  timespan: {outer}\n  condition: {{gte: 2}}\n"
        );
        let found = agree(&rule, &events, When::Ever).len();
        groups += found;
        without += usize::from(found == 0);
    }
    assert!(groups > 100 && without > 30, "{groups} groups, {without} times none");
}
