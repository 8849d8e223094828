//! A generated trail: rules as people write them, and rules made of what stands in its events.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;

use serde_json::Value;
use sigma_proof::engines::{When, our_groups, ours, their_groups, theirs};
use sigma_proof::random::Random;
use sigma_proof::rules::{escaped, member, rule_id};
use sigma_proof::yaml::Yaml;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use trail_generator::{Plan, Story, files};

const RULES: &str = include_str!("trail.yml");

/// The events of a trail in the order of their times, without repeated deliveries.
fn trail(number: u64, seed: u64) -> Vec<Value> {
    let mut seen = BTreeSet::new();
    let mut events = Vec::new();
    for file in files(Plan { days: 2, ..Plan::week(number, seed, Story::Attack) }) {
        let mut log: Value = serde_json::from_slice(&file.json).unwrap();
        let records = log["Records"].as_array_mut().map(std::mem::take).unwrap();
        events.extend(records.into_iter().filter(|record| seen.insert(record["eventID"].to_string())));
    }
    events.sort_by_key(seconds);
    events
}

fn seconds(event: &Value) -> i64 {
    OffsetDateTime::parse(event["eventTime"].as_str().unwrap(), &Rfc3339).unwrap().unix_timestamp()
}

#[test]
fn rules_as_people_write_them_find_the_same() {
    let events = trail(4_000, 3);
    let (ours, theirs) = (ours(RULES, &events).unwrap(), theirs(RULES, &events).unwrap());
    assert_eq!(ours, theirs);
    assert!(
        ours.values().all(|places| !places.is_empty()),
        "{:?}",
        ours.iter().map(|(id, p)| (id, p.len())).collect::<Vec<_>>()
    );
    let timed: Vec<(i64, Value)> = events.iter().map(|event| (seconds(event), event.clone())).collect();
    for title in ["Many failed sign-ins", "Many kinds of calls refused", "Lists, then writes", "Refused and written"] {
        let ours = our_groups(RULES, &events, title).unwrap();
        assert_eq!(ours, their_groups(RULES, &timed, title, When::Ever).unwrap(), "{title}");
        assert!(!ours.is_empty(), "{title}");
    }
}

/// The texts, numbers and truth values in an event, each with its path, lists left out of it.
fn leaves(path: &str, value: &Value, into: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members.iter().filter(|(key, _)| !key.contains(['.', '[', ']', '|'])) {
                leaves(&if path.is_empty() { key.clone() } else { format!("{path}.{key}") }, value, into);
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| leaves(path, element, into)),
        Value::Null => {}
        value => into.push((path.to_owned(), value.clone())),
    }
}

/// An item that holds for an event with this value there.
fn item(path: &str, value: &Value, random: &mut Random) -> (String, Yaml) {
    let Some(text) = value.as_str() else { return member(path, Yaml::bare(value)) };
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let (a, b) = (*random.pick(&ends), *random.pick(&ends));
    let (from, to) = (a.min(b), a.max(b));
    match random.below(5) {
        0 => member(&format!("{path}|startswith"), Yaml::text(escaped(&text[..to]))),
        1 => member(&format!("{path}|endswith"), Yaml::text(escaped(&text[from..]))),
        2 => member(&format!("{path}|contains"), Yaml::text(escaped(&text[from..to]))),
        3 => member(path, Yaml::text(format!("{}*{}", escaped(&text[..from]), escaped(&text[to..])))),
        _ => member(path, Yaml::text(escaped(text))),
    }
}

#[test]
fn rules_made_of_events_find_the_same() {
    let random = &mut Random::new(11);
    let events = trail(1_000, 5);
    let rule = |number: usize, random: &mut Random| {
        let mut all = Vec::new();
        leaves("", random.pick(&events), &mut all);
        // Before version 1.07 there is none; we say what it would be.
        all.retain(|(path, _)| path != "eventCategory");
        let identifier = |random: &mut Random| {
            let mut items: Vec<(String, Yaml)> = Vec::new();
            for _ in 0..1 + random.below(3) {
                let (path, value) = &all[random.below(all.len())];
                let (key, value) = item(path, value, random);
                if items.iter().all(|(known, _)| *known != key) {
                    items.push((key, value));
                }
            }
            Yaml::Map(items)
        };
        let (a, b) = (identifier(random), identifier(random));
        let condition = *random.pick(&["a", "a and not b", "a or b", "1 of *", "not a and b"]);
        let detection = Yaml::Map(vec![member("a", a), member("b", b), member("condition", Yaml::text(condition))]);
        let head = vec![member("title", Yaml::text("made")), member("id", Yaml::text(rule_id(number)))];
        Yaml::Map(head.into_iter().chain([member("detection", detection)]).collect()).document(random)
    };
    let documents: Vec<String> = (0..400).map(|number| rule(number, random)).collect();
    let yaml = documents.join("---\n");
    let (ours, theirs) = (ours(&yaml, &events).unwrap(), theirs(&yaml, &events).unwrap());
    for (id, places) in &ours {
        let document = documents.iter().find(|document| document.contains(id.as_str()));
        let place = places.symmetric_difference(&theirs[id]).next();
        assert_eq!(place, None, "{document:?} {}", place.map(|place| &events[*place]).unwrap_or(&Value::Null));
    }
    assert!(ours.values().filter(|places| !places.is_empty()).count() > 300);
}
