//! Rules of chance over events of chance: both engines select the same.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use sigma_proof::engines::{Verdicts, ours, theirs};
use sigma_proof::events::events;
use sigma_proof::random::Random;
use sigma_proof::rules::rule;
use serde_json::Value;

/// Rules that run together.
const RULES: usize = 50;
/// Events that all of them see.
const EVENTS: usize = 60;

/// Panics at the first rule and event on which the two do not agree. Returns how often something was selected.
fn agree(documents: &[String], events: &[Value], ours: &Verdicts, theirs: &Verdicts) -> usize {
    assert_eq!(ours.len(), theirs.len());
    for (id, places) in ours {
        if let Some(place) = places.symmetric_difference(&theirs[id]).next() {
            let document = documents.iter().filter(|document| document.contains(id.as_str()));
            let document: Vec<&str> = document.map(String::as_str).collect();
            let who = if places.contains(place) { "only we select" } else { "only RSigma selects" };
            panic!("{who} {:#}\n{}", events[*place], document.join("---\n"));
        }
    }
    ours.values().map(|places| places.len()).sum()
}

#[test]
fn rules_select_the_same_events() {
    let (mut rules, mut selected) = (0, 0);
    for seed in 0..80 {
        let random = &mut Random::new(seed);
        let events = events(EVENTS, random);
        let documents: Vec<String> = (0..RULES).map(|number| rule(number, random).document(random)).collect();
        let yaml = documents.join("---\n");
        let ours = ours(&yaml, &events).unwrap_or_else(|why| panic!("seed {seed}: {why}"));
        let theirs = theirs(&yaml, &events).unwrap_or_else(|why| panic!("seed {seed}: {why}"));
        selected += agree(&documents, &events, &ours, &theirs);
        rules += documents.len();
    }
    assert!(rules >= 4_000 && selected > rules * EVENTS / 20, "{selected} selected by {rules} rules");
}
