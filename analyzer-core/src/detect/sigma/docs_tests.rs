//! `docs/sigma.md` says what is so.

use super::*;
use crate::detect::{RuleSet, cases, tuning::Tuning};
use crate::predicate::{MAX_PATTERN, MAX_PROGRAM};

const PAGE: &str = include_str!("../../../../docs/sigma.md");

#[test]
fn the_limits_are_those_of_the_code() {
    use {condition as c, correlation as k, pattern as p};
    let says = |what: &str, most: String| {
        let row = format!("| {what} | {most} |\n");
        assert!(PAGE.contains(&row), "docs/sigma.md should say: {row}");
    };
    let mib = |bytes: usize| format!("{} MiB", bytes >> 20);
    says("bytes of a file", mib(yaml::MAX_FILE));
    let nodes = "nodes of a file, those that anchors, aliases and shared documents repeat counted";
    says(nodes, yaml::MAX_NODES.to_string());
    says("nesting", yaml::MAX_DEPTH.to_string());
    says("rules together", MAX_RULES.to_string());
    says("filters together", MAX_FILTERS.to_string());
    says("tests of a rule; of all together", format!("{MAX_TESTS}; {MAX_ALL_TESTS}"));
    let regexes = "regular expressions of a rule, texts with `?` counted; of all together";
    says(regexes, format!("{MAX_REGEXES}; {MAX_ALL_REGEXES}"));
    says("bytes of a regular expression; its program", format!("{MAX_PATTERN}; {} KiB", MAX_PROGRAM >> 10));
    says("values of a field", detection::MOST_VALUES.to_string());
    let expanded = format!("{}; {}", p::MOST_EXPANDED, mib(p::MOST_EXPANDED_BYTES));
    says("values for which placeholders stand; their text", expanded);
    says("dashes of a text with `windash`", p::MOST_DASHES.to_string());
    says("encodings of a text", modifiers::MOST_ENCODINGS.to_string());
    says("bytes of a condition; its nesting", format!("{}; {}", c::MAX_CONDITION, c::MAX_DEPTH));
    says("correlations on one another", MAX_CHAIN.to_string());
    says("fields in `group-by`, `field` and `aliases`", k::MOST_FIELDS.to_string());
    says("a timespan", format!("{} days", k::MAX_SPAN_MS / 86_400_000));
    let cases = format!("{}; {}", cases::MOST_TIMES, mib(cases::MOST_BYTES));
    says("repetitions of an event in a case; events of a file of cases", cases);
}

#[test]
fn the_examples_are_rules_tuning_and_cases() {
    let blocks: Vec<&str> = PAGE.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let [rules, tuning, tried] = blocks[..] else { panic!("{blocks:?}") };
    let mut loaded = Loaded::default();
    loaded.add("page.yml", rules, &Placeholders::new());
    let loaded = loaded.finish();
    assert_eq!(loaded.refused, []);
    Tuning::read(tuning).unwrap();
    let set = RuleSet::new(loaded.rules);
    for cases in cases::read(tried).unwrap() {
        let outcome = cases::run(&set, &cases);
        assert!(outcome.failed.is_empty() && outcome.positive > 0 && outcome.negative > 0, "{outcome:?}");
    }
}

#[test]
fn the_messages_are_what_is_said() {
    let detection = |item: &str| format!("title: t\ndetection: {{s: {{{item}}}, condition: s}}");
    let condition = |condition: &str| format!("title: t\ndetection: {{selection: [x], condition: '{condition}'}}");
    let correlation = |body: &str| format!("title: t\nname: c\ncorrelation: {{type: temporal, timespan: 1m, {body}}}");
    for text in [
        "detection: {s: [x], condition: s}".to_owned(),
        "title: t\nstatus: unsupported\ndetection: {s: [x], condition: s}".to_owned(),
        detection("f|like: x"),
        detection("f|contains|startswith: x"),
        detection("f|re|gt: x"),
        detection("'f|i': x"),
        detection("f|not: x"),
        detection("f|all: x"),
        detection("f|contains: null"),
        detection("f|base64: 'a*'"),
        detection("f|expand: '%x%'"),
        condition("selection | count() > 5"),
        condition("2 of selection*"),
        condition("x"),
        "x: 1\nx: 2".to_owned(),
        correlation("rules: [x]"),
        correlation("rules: [c]"),
        correlation("rules: [x], condition: {gt: 3, lt: 3}"),
        "title: t\nfilter: {rules: [x], s: [y], condition: s}".to_owned(),
    ] {
        let mut loaded = Loaded::default();
        loaded.add("r.yml", &text, &Placeholders::new());
        let refused = loaded.finish().refused;
        assert_eq!(refused.len(), 1, "{text}: {refused:?}");
        assert!(PAGE.contains(&format!("| {} |\n", refused[0].why)), "docs/sigma.md should say: {}", refused[0].why);
    }
}
