//! Rules of chance over events of chance: both engines select the same.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde_json::Value;
use sigma_proof::engines::{Verdicts, ours, theirs};
use sigma_proof::events::events;
use sigma_proof::random::Random;
use sigma_proof::rules::{identifier, items, member, rule, rule_id};
use sigma_proof::yaml::Yaml;

/// Rules that run together.
const RULES: usize = 50;
/// Events that all of them see.
const EVENTS: usize = 60;

/// Panics at the first rule and event on which the two do not agree. Returns how often something was selected.
fn agree(documents: &[String], events: &[Value], ours: &Verdicts, theirs: &Verdicts) -> usize {
    assert_eq!(ours.len(), theirs.len());
    for (id, places) in ours {
        if let Some(place) = places.symmetric_difference(&theirs[id]).next() {
            // Up to the last document that names the rule: those before may be shared, or repeated.
            let last = documents.iter().rposition(|document| document.contains(id.as_str())).unwrap();
            let is_meant = |document: &&String| document.contains(id.as_str()) || document.contains("action");
            let document: Vec<&str> = documents[..=last].iter().filter(is_meant).map(String::as_str).collect();
            let who = if places.contains(place) { "only we select" } else { "only RSigma selects" };
            panic!("{who} {:#}\n{}", events[*place], document.join("---\n"));
        }
    }
    ours.values().map(|places| places.len()).sum()
}

/// Every modifier. Of each some rule is to select something, and not everything.
const MODIFIERS: [&str; 32] = [
    "all",
    "startswith",
    "endswith",
    "contains",
    "exists",
    "cased",
    "neq",
    "windash",
    "re",
    "i",
    "m",
    "s",
    "base64",
    "base64offset",
    "utf16le",
    "utf16be",
    "utf16",
    "wide",
    "lt",
    "lte",
    "gt",
    "gte",
    "minute",
    "hour",
    "day",
    "week",
    "month",
    "year",
    "cidr",
    "expand",
    "fieldref",
    "exists",
];

#[test]
fn rules_select_the_same_events() {
    let (mut rules, mut selected, mut useful) = (0, 0, BTreeMap::new());
    for seed in 0..64 {
        let random = &mut Random::new(seed);
        let events = events(EVENTS, random);
        let documents: Vec<String> = (0..RULES).map(|number| rule(number, random).document(random)).collect();
        let yaml = documents.join("---\n");
        let ours = ours(&yaml, &events).unwrap_or_else(|why| panic!("seed {seed}: {why}"));
        let theirs = theirs(&yaml, &events).unwrap_or_else(|why| panic!("seed {seed}: {why}"));
        selected += agree(&documents, &events, &ours, &theirs);
        rules += documents.len();
        let decides = |number: usize| !ours[&rule_id(number)].is_empty() && ours[&rule_id(number)].len() < EVENTS;
        for document in documents.iter().enumerate().filter(|(number, _)| decides(*number)).map(|(_, text)| text) {
            for name in document.split(['|', '\'', '"', ':']).filter(|part| MODIFIERS.contains(part)) {
                *useful.entry(name.to_owned()).or_insert(0) += 1;
            }
        }
    }
    assert!(rules >= 3_000 && selected > rules * EVENTS / 20, "{selected} selected by {rules} rules");
    let rare: Vec<_> = MODIFIERS.iter().filter(|name| useful.get(**name).is_none_or(|count| *count < 5)).collect();
    assert!(rare.is_empty(), "{rare:?} of {useful:?}");
}

/// A filter for these rules.
fn filter(ids: BTreeSet<String>, random: &mut Random) -> Yaml {
    let condition = *random.pick(&["keep1", "not keep1", "keep1 or keep2", "not keep1 and keep2"]);
    let rules = Yaml::List(ids.into_iter().map(Yaml::text).collect());
    let inner = vec![
        member("rules", rules),
        // RSigma holds a keyword with wildcards against the whole value, but in filters only.
        member("keep1", Yaml::Map(items(random))),
        member("keep2", Yaml::Map(items(random))),
        member("condition", Yaml::text(condition)),
    ];
    let source = Yaml::Map(vec![member("product", Yaml::text("aws"))]);
    let head = vec![member("title", Yaml::text("A filter")), member("logsource", source)];
    Yaml::Map(head.into_iter().chain([member("filter", Yaml::Map(inner))]).collect())
}

#[test]
fn filters_narrow_the_same_rules() {
    check(1_000..1_012, |random| {
        let mut documents: Vec<String> = (0..RULES).map(|number| rule(number, random).document(random)).collect();
        for _ in 0..10 {
            let ids = random.some(1, 4, |random| rule_id(random.below(RULES)));
            documents.push(filter(ids.into_iter().collect(), random).document(random));
        }
        documents
    });
}

/// Both engines agree on files of these documents.
fn check(seeds: Range<u64>, make: impl Fn(&mut Random) -> Vec<String>) {
    let mut selected = 0;
    for seed in seeds {
        let random = &mut Random::new(seed);
        let events = events(EVENTS, random);
        let documents = make(random);
        let yaml = documents.join("---\n");
        let ours = ours(&yaml, &events).unwrap_or_else(|why| panic!("seed {seed}: {why}"));
        let theirs = theirs(&yaml, &events).unwrap_or_else(|why| panic!("seed {seed}: {why}"));
        selected += agree(&documents, &events, &ours, &theirs);
    }
    assert!(selected > 1_000, "{selected}");
}

/// Documents of a collection: shared by those behind it, repeated, reset.
fn collection(random: &mut Random) -> Vec<String> {
    let mut documents = Vec::new();
    let action = |name: &str| member("action", Yaml::text(name));
    for number in 0..RULES {
        let Yaml::Map(mut members) = rule(number, random) else { unreachable!() };
        match random.below(6) {
            0 => {
                let mut shared = vec![action("global"), member("level", Yaml::text("low"))];
                let extra = vec![member("shared", identifier(random)), member("sel_a", identifier(random))];
                shared.push(member("detection", Yaml::Map(extra)));
                documents.push(Yaml::Map(shared).document(random));
            }
            1 => documents.push(Yaml::Map(vec![action("reset")]).document(random)),
            2 | 3 if number > 0 => {
                members.retain(|(key, _)| key == "title" || key == "id");
                members.insert(0, action("repeat"));
                let name = *random.pick(&["sel_a", "sel_b", "filter_main"]);
                members.push(member("detection", Yaml::Map(vec![member(name, identifier(random))])));
            }
            _ => {}
        }
        documents.push(Yaml::Map(members).document(random));
    }
    documents
}

#[test]
fn collections_mean_the_same() {
    check(2_000..2_012, collection);
}
