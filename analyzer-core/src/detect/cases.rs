//! Cases: what a rule must find, and what it must not, as files beside the rules.
//!
//! ```yaml
//! rule: console-login-without-mfa        # its id, name or title
//! hits:                                  # each of these events is one that the rule finds
//!   - {eventName: ConsoleLogin, eventSource: signin.amazonaws.com}
//! misses:                                # none of these is
//!   - {eventName: ConsoleLogin, additionalEventData: {MFAUsed: "Yes"}}
//! finds:                                 # each of these lists of events makes a finding
//!   - - {eventName: ConsoleLogin, errorMessage: Failed authentication, times: 10, every: 5s}
//! finds nothing:                         # none of these does
//!   - - {eventName: ConsoleLogin}
//! ```
//!
//! An event needs only what the rule looks at. One without a time happens a second after the one before; `times` and
//! `every` repeat an event.

use super::RuleSet;
use super::sigma::yaml::{Node, Value, Wrong, documents};
use crate::event::{format_time, parse_time};
use crate::session::Session;
use serde_json::{Map, Value as Json};

/// The cases of one rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Cases {
    /// The rule's id, name or title.
    pub rule: String,
    /// The line on which they begin, from 1.
    pub line: usize,
    cases: Vec<Case>,
}

#[derive(Clone, Debug, PartialEq)]
struct Case {
    line: usize,
    expected: Expected,
    /// JSON records.
    events: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    Finding,
    Nothing,
}

/// What became of the cases of a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Cases that must make a finding.
    pub positive: usize,
    /// Cases that must make none.
    pub negative: usize,
    /// Cases that came out otherwise, or could not be tried: the line, and what happened.
    pub failed: Vec<(usize, String)>,
}

/// An event can be repeated so often.
pub(super) const MOST_TIMES: usize = 10_000;
/// The events of a file of cases have at most so many bytes, repeated ones counted every time.
pub(super) const MOST_BYTES: usize = 16 << 20;

/// Reads a file of cases.
///
/// # Errors
/// What is wrong, and on which line. No case of such a file counts.
pub fn read(text: &str) -> Result<Vec<Cases>, Wrong> {
    let (documents, wrong) = documents(text);
    match wrong {
        Some(wrong) => Err(wrong),
        None => {
            let mut bytes = 0;
            let documents = documents.iter().filter(|document| document.value != Value::Null);
            documents.map(|document| of_rule(document, &mut bytes)).collect()
        }
    }
}

fn of_rule(document: &Node, bytes: &mut usize) -> Result<Cases, Wrong> {
    let rule = document.get("rule").and_then(Node::scalar);
    let rule = rule.ok_or_else(|| Wrong::new(document.line, "cases name their rule"))?;
    let mut cases = Vec::new();
    for (key, value) in document.members() {
        let (expected, are_lists) = match key.text() {
            Some("rule") => continue,
            Some("hits") => (Expected::Finding, false),
            Some("misses") => (Expected::Nothing, false),
            Some("finds") => (Expected::Finding, true),
            Some("finds nothing") => (Expected::Nothing, true),
            _ => return Err(Wrong::new(key.line, "cases have hits, misses, finds, and finds nothing")),
        };
        for element in value.elements() {
            let events = if are_lists { element.elements() } else { std::slice::from_ref(element) };
            cases.push(Case { line: element.line, expected, events: records(events, bytes)? });
        }
    }
    Ok(Cases { rule, line: document.line, cases })
}

/// The records of a case; their bytes are counted.
fn records(events: &[Node], bytes: &mut usize) -> Result<Vec<String>, Wrong> {
    let mut now_ms = 1_714_564_800_000_i64;
    let mut records = Vec::new();
    for event in events {
        if !matches!(event.value, Value::Map(_)) {
            return Err(Wrong::new(event.line, format!("an event is a map, not {}", event.kind())));
        }
        let Json::Object(mut members) = json(event) else { continue };
        let times = members.remove("times").and_then(|times| times.as_u64()).unwrap_or(1);
        let times = usize::try_from(times).unwrap_or(usize::MAX);
        if times > MOST_TIMES {
            return Err(Wrong::new(event.line, format!("an event is repeated at most {MOST_TIMES} times")));
        }
        let every = members.remove("every").and_then(|every| every.as_str().and_then(span_ms)).unwrap_or(1_000);
        now_ms = members
            .get("eventTime")
            .and_then(Json::as_str)
            .and_then(parse_time)
            .unwrap_or(now_ms.saturating_add(1_000));
        for n in 0..times {
            now_ms = now_ms.saturating_add(if n == 0 { 0 } else { every });
            let record = record(&members, now_ms, records.len());
            *bytes += record.len();
            if *bytes > MOST_BYTES {
                let why = format!("the events of a file of cases have at most {} MiB", MOST_BYTES >> 20);
                return Err(Wrong::new(event.line, why));
            }
            records.push(record);
        }
    }
    Ok(records)
}

fn record(members: &Map<String, Json>, time_ms: i64, number: usize) -> String {
    let mut record = Map::new();
    record.insert("eventVersion".to_owned(), "1.11".into());
    record.insert("eventID".to_owned(), format!("00000000-0000-4000-8000-{number:012}").into());
    record.extend(members.iter().map(|(key, value)| (key.clone(), value.clone())));
    record.insert("eventTime".to_owned(), format_time(time_ms).into());
    Json::Object(record).to_string()
}

fn json(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Boolean(is) => Json::Bool(*is),
        // As JSON has it, or else a text.
        Value::Number(text) => serde_json::from_str(text).unwrap_or_else(|_| Json::String(text.clone())),
        Value::Text(text) => Json::String(text.clone()),
        Value::List(elements) => elements.iter().map(json).collect(),
        Value::Map(members) => {
            let member = |(key, value): &(Node, Node)| Some((key.scalar()?, json(value)));
            Json::Object(members.iter().filter_map(member).collect())
        }
    }
}

/// `5s`, `10m`, `2h`, in milliseconds.
fn span_ms(text: &str) -> Option<i64> {
    let unit_ms = match text.chars().last()? {
        's' => 1_000,
        'm' => 60_000,
        'h' => 3_600_000,
        'd' => 86_400_000,
        _ => return None,
    };
    text[..text.len() - 1].parse::<i64>().ok()?.checked_mul(unit_ms).filter(|ms| *ms >= 0)
}

/// Tries the cases of a rule: its findings count, not those of others.
pub fn run(set: &RuleSet, cases: &Cases) -> Outcome {
    let mut outcome = Outcome::default();
    let Some(rule) = set.rules().iter().position(|rule| rule.meta.is_meant(&cases.rule)) else {
        outcome.failed.push((cases.line, format!("there is no rule {}", cases.rule)));
        return outcome;
    };
    let set = set.of_one(rule);
    for case in &cases.cases {
        let mut session = Session::new(set.detectors().to_vec(), 1);
        let mut intake = session.open(0, String::new());
        session.push(&mut intake, case.events.join("\n").as_bytes());
        let kept: u64 = session.close(intake, None).iter().map(|account| account.kept).sum();
        let number = set.loud_findings(session.selection().events, 0).len();
        let (count, is_right) = match case.expected {
            Expected::Finding => (&mut outcome.positive, number > 0),
            Expected::Nothing => (&mut outcome.negative, number == 0),
        };
        *count += 1;
        if kept != case.events.len() as u64 {
            outcome.failed.push((case.line, "not every event of the case can be read".to_owned()));
        } else if !is_right {
            let what = if number == 0 { "nothing was found" } else { "a finding was made" };
            outcome.failed.push((case.line, what.to_owned()));
        }
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::sigma::{Loaded, Placeholders};

    const RULES: &str = "title: Fails\nname: fails\ndetection: {s: {eventName: Fail}, condition: s}\n---\ntitle: Many\ncorrelation: {type: event_count, rules: [fails], group-by: [sourceIPAddress], timespan: 1m, condition: {gte: 3}}\n";

    fn check(cases: &str, expected: (usize, usize, &[usize])) {
        let mut loaded = Loaded::default();
        loaded.add("r.yml", RULES, &Placeholders::new());
        let set = RuleSet::new(loaded.finish().rules);
        let outcome = run(&set, &read(cases).unwrap()[0]);
        let failed: Vec<usize> = outcome.failed.iter().map(|(line, _)| *line).collect();
        assert_eq!((outcome.positive, outcome.negative, failed.as_slice()), expected, "{cases}");
    }

    #[test]
    fn cases_are_tried() {
        check("rule: fails\nhits: [{eventName: Fail}]\nmisses: [{eventName: Ok}]", (1, 1, &[]));
        check("rule: fails\nhits:\n- {eventName: Fail}\n- {eventName: Ok}", (2, 0, &[4]));
        check(
            "rule: Many\nfinds:\n- [{eventName: Fail, sourceIPAddress: 192.0.2.1, times: 3, every: 20s}]",
            (1, 0, &[]),
        );
        check(
            "rule: Many\nfinds nothing:\n- [{eventName: Fail, sourceIPAddress: 192.0.2.1, times: 3, every: 40s}]",
            (0, 1, &[]),
        );
        check("rule: Many\nfinds nothing:\n- [{eventName: Fail, sourceIPAddress: 192.0.2.1, times: 3}]", (0, 1, &[3]));
        check("rule: nobody\nhits: [{eventName: Fail}]", (0, 0, &[1]));
        assert_eq!(read("hits: []").unwrap_err().line, 1);
        assert_eq!(read("rule: x\nwishes: []").unwrap_err().line, 2);
    }
}
