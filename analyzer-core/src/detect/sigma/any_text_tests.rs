//! Any text is a file of rules, of cases, of tuning, or is refused; nothing panics.

use super::*;
use crate::detect::{RuleSet, cases, tuning::Tuning};
use crate::session::Session;

/// Reads a text as all of them, and runs its rules over a record.
fn run(text: &str) {
    let mut loaded = Loaded::default();
    loaded.add("r.yml", text, &Placeholders::new());
    let set = RuleSet::new(loaded.finish().rules);
    let mut session = Session::new(set.detectors().to_vec(), 1);
    let mut intake = session.open(0, String::new());
    let record =
        r#"{"eventVersion":"1.08","eventID":"e","eventTime":"2024-05-04T03:02:01Z","eventName":"A","f":["v",5,null]}"#;
    session.push(&mut intake, record.as_bytes());
    session.close(intake, None);
    set.findings(session.selection().events);
    let _ = (cases::read(text), Tuning::read(text));
}

/// Pieces of which rules are made, and of which they are not.
const PIECES: [&str; 60] = [
    "title: t\n",
    "id: i\n",
    "name: a\n",
    "detection:\n",
    "  s:\n",
    "  s: {f: v}\n",
    "  sel_b: [x, y*]\n",
    "  condition: s\n",
    "  condition: 1 of sel_*\n",
    "  condition: not (s or sel_b)\n",
    "    f|contains: v\n",
    "    f|re: '^a.*$'\n",
    "    f|all: [a, b]\n",
    "    '|all': [k, l]\n",
    "    f|windash|base64offset: -x\n",
    "    f|expand: '%p%'\n",
    "    f|cidr: 10.0.0.0/8\n",
    "    f|gte: 5\n",
    "    f|exists: true\n",
    "    eventTime|hour|lt: 4\n",
    "    f|fieldref|contains: g\n",
    "    f: null\n",
    "    f: ''\n",
    "    f: [1, 2.5, true]\n",
    "correlation:\n",
    "  type: event_count\n",
    "  type: temporal_ordered\n",
    "  type: value_percentile\n",
    "  rules: [a]\n",
    "  rules: a\n",
    "  group-by: [f, g]\n",
    "  timespan: 5m\n",
    "  condition: {gte: 3}\n",
    "  condition: {lt: 1, field: f}\n",
    "  aliases: {g: {a: f}}\n",
    "filter:\n",
    "  rules: any\n",
    "---\n",
    "action: global\n",
    "action: repeat\n",
    "action: reset\n",
    "level: high\n",
    "tags: [attack.t1078]\n",
    "logsource: {product: aws}\n",
    "&x ",
    "*x",
    "<<: ",
    "? ",
    ": ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "'",
    "\"",
    "|\n",
    "\u{e9}",
    "\t",
    "%",
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(600))]

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
        run(&text);
    }

    #[test]
    fn any_pieces_of_rules_are_read_or_refused(pieces in proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..40)) {
        run(&pieces.concat());
    }
}
