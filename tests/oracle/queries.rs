//! Ten thousand random queries on random events: the text goes through the parser, the columns and the records that are
//! read again; beside it a naive evaluator asks serde_json values what the query was made of.

use analyzer_core::detect::Detector;
use analyzer_core::detect::metric::filter;
use analyzer_core::event::format_time;
use analyzer_core::predicate::{Severity, parse, quote};
use analyzer_core::session::Session;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::net::IpAddr;

const QUERIES: usize = 10_000;
const EVENTS: usize = 60;
/// Events are made anew after so many queries.
const QUERIES_EACH: usize = 50;

/// The first moment of the events, in milliseconds since 1970.
const START: i64 = 1_714_953_600_000;

/// SplitMix64: the same queries on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ mixed >> 31) % n as u64) as usize
    }

    fn pick<'t, T: ?Sized>(&mut self, all: &[&'t T]) -> &'t T {
        all[self.below(all.len())]
    }

    /// One time in `n`.
    fn chance(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

const NAMES: [&str; 8] = ["GetObject", "getobject", "PutObject", "ConsoleLogin", "List*", "Ünï code", "a\"b\\c", "NOT"];
const ADDRESSES: [&str; 7] =
    ["10.0.0.1", "10.0.1.200", "192.168.7.7", "2001:db8::1", "2001:db9::1", "ec2.amazonaws.com", "AWS Internal"];
const USERS: [&str; 4] = ["alice", "Alice", "bob@example.com", "c d"];
const TEXTS: [&str; 9] = ["x", "X", "logs", "LOGS/2024", "5", "-2.5", "1e3", "a.b", "(y)"];
const KEYS: [&str; 4] = ["k", "K", "a.b", "deep"];
const NUMBERS: [f64; 6] = [0.0, 1.0, 5.0, -2.5, 1000.0, 4.999];

fn any_json(dice: &mut Dice, depth: usize) -> Value {
    match dice.below(if depth == 0 { 5 } else { 8 }) {
        0 => Value::Null,
        1 => json!(dice.chance(2)),
        2 => json!(dice.below(7)),
        3 => json!(NUMBERS[dice.below(NUMBERS.len())]),
        4 => json!(dice.pick(&TEXTS)),
        5 => Value::Array((0..dice.below(4)).map(|_| any_json(dice, depth - 1)).collect()),
        _ => Value::Object(
            (0..dice.below(4)).map(|_| (dice.pick(&KEYS).to_owned(), any_json(dice, depth - 1))).collect(),
        ),
    }
}

fn any_event(dice: &mut Dice, number: usize) -> Value {
    let mut event = Map::new();
    event.insert("eventVersion".to_owned(), json!("1.08"));
    event.insert("eventID".to_owned(), json!(format!("00000000-0000-4000-8000-{number:012}")));
    event.insert("eventTime".to_owned(), json!(format_time(START + dice.below(200) as i64 * 60_000)));
    let mut user = json!({ "type": dice.pick(&["IAMUser", "Root"]) });
    if !dice.chance(3) {
        user["userName"] = json!(dice.pick(&USERS));
    }
    event.insert("userIdentity".to_owned(), user);
    event.insert("eventName".to_owned(), json!(dice.pick(&NAMES)));
    event.insert("sourceIPAddress".to_owned(), json!(dice.pick(&ADDRESSES)));
    for key in ["requestParameters", "responseElements", "errorCode", "odd"] {
        if dice.chance(3) {
            continue;
        }
        let value = if key == "errorCode" { json!(dice.pick(&TEXTS)) } else { any_json(dice, 3) };
        event.insert(key.to_owned(), if dice.chance(6) { Value::Null } else { value });
    }
    Value::Object(event)
}

/// A query, before it is written.
#[derive(Debug)]
enum Query {
    Not(Box<Query>),
    All(Vec<Query>),
    Any(Vec<Query>),
    Exists(Field),
    Text(Field, String),
    Exact(Field, String),
    /// Texts with anything between, before and behind them.
    Glob(Field, Vec<String>),
    Above(Field, f64),
    Between(Field, f64, f64),
    From(i64),
    Before(i64),
    Network(&'static str, u32),
    Free(String),
    OneOf(Field, Vec<String>),
}

/// A field as it is written, and its path in the record.
type Field = (&'static str, &'static [&'static str]);

const FIELDS: [Field; 9] = [
    ("eventName", &["eventName"]),
    ("user", &["userIdentity", "userName"]),
    ("error", &["errorCode"]),
    ("sourceIPAddress", &["sourceIPAddress"]),
    ("requestParameters.k", &["requestParameters", "k"]),
    ("requestParameters.\"a.b\".deep", &["requestParameters", "a.b", "deep"]),
    ("responseElements.deep.K", &["responseElements", "deep", "K"]),
    ("odd", &["odd"]),
    ("odd.k", &["odd", "k"]),
];

fn any_query(dice: &mut Dice, depth: usize) -> Query {
    let field = FIELDS[dice.below(FIELDS.len())];
    let text = |dice: &mut Dice| {
        let all = [&NAMES[..], &ADDRESSES[..], &USERS[..], &TEXTS[..]].concat();
        dice.pick(&all).to_owned()
    };
    match dice.below(if depth == 0 { 12 } else { 18 }) {
        0 => Query::Exists(field),
        1 | 2 => Query::Text(field, text(dice)),
        3 => Query::Exact(field, text(dice)),
        4 => {
            let text = text(dice);
            let cut = text.char_indices().map(|(at, _)| at).nth(dice.below(text.chars().count())).unwrap_or(0);
            Query::Glob(field, vec![text[..cut].to_owned(), text[cut..].to_owned()])
        }
        5 => Query::Above(field, NUMBERS[dice.below(NUMBERS.len())]),
        6 => Query::Between(field, NUMBERS[dice.below(NUMBERS.len())], NUMBERS[dice.below(NUMBERS.len())]),
        7 => Query::From(START + dice.below(200) as i64 * 60_000),
        8 => Query::Before(START + dice.below(200) as i64 * 60_000),
        9 => Query::Network(dice.pick(&["10.0.0.0", "192.168.0.0", "2001:db8::"]), [8, 16, 24, 32][dice.below(4)]),
        10 => Query::Free(text(dice)),
        11 => Query::OneOf(field, (0..=dice.below(3)).map(|_| text(dice)).collect()),
        12 | 13 => Query::Not(Box::new(any_query(dice, depth - 1))),
        14 | 15 => Query::All((0..2 + dice.below(2)).map(|_| any_query(dice, depth - 1)).collect()),
        _ => Query::Any((0..2 + dice.below(2)).map(|_| any_query(dice, depth - 1)).collect()),
    }
}

fn write(query: &Query, out: &mut String, dice: &mut Dice) {
    let joined = |parts: &[Query], word: &str, out: &mut String, dice: &mut Dice| {
        out.push('(');
        for (at, part) in parts.iter().enumerate() {
            out.push_str(if at == 0 { "" } else { word });
            write(part, out, dice);
        }
        out.push(')');
    };
    let _ = match query {
        Query::Not(inner) => {
            out.push_str(if dice.chance(2) { "NOT " } else { "not " });
            write(inner, out, dice);
            Ok(())
        }
        // Side by side means AND.
        Query::All(parts) => {
            joined(parts, dice.pick(&[" AND ", " and ", "  "]), out, dice);
            Ok(())
        }
        Query::Any(parts) => {
            joined(parts, " OR ", out, dice);
            Ok(())
        }
        Query::Exists((name, _)) => write!(out, "{name}:*"),
        Query::Text((name, _), text) => write!(out, "{name}:{}", quote(text)),
        Query::Exact((name, _), text) => write!(out, "{name}={}", quote(text)),
        Query::Glob((name, _), parts) => {
            write!(out, "{name}:*{}*", parts.iter().map(|part| starred(part)).collect::<Vec<_>>().join("*"))
        }
        Query::Above((name, _), n) => write!(out, "{name} > {n}"),
        Query::Between((name, _), a, b) => write!(out, "{name}:[{a} TO {b}]"),
        Query::From(ms) => write!(out, "eventTime>={}", format_time(*ms)),
        Query::Before(ms) => write!(out, "eventTime < {}", format_time(*ms)),
        Query::Network(address, bits) => write!(out, "ip:{address}/{bits}"),
        Query::Free(text) => write!(out, "\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
        Query::OneOf((name, _), texts) => {
            write!(out, "{name}:({})", texts.iter().map(|text| quote(text)).collect::<Vec<_>>().join(" OR "))
        }
    };
}

/// A part of a text with stars, in which whatever means something is escaped.
fn starred(part: &str) -> String {
    part.chars().flat_map(|c| if c.is_alphanumeric() { vec![c] } else { vec!['\\', c] }).collect()
}

/// Every value at a path, arrays meaning any of their elements.
fn values(value: &Value, path: &[&str], found: &mut Vec<String>) {
    match (value, path.split_first()) {
        (Value::Array(items), _) => items.iter().for_each(|item| values(item, path, found)),
        (Value::Object(members), Some((key, rest))) => {
            if let Some(member) = members.get(*key) {
                values(member, rest, found);
            }
        }
        (Value::Null, _) | (_, Some(_)) => {}
        (Value::String(text), None) => found.push(text.clone()),
        (other, None) => found.push(other.to_string()),
    }
}

fn holds(query: &Query, event: &Value, text: &str) -> bool {
    let any = |(_, path): &Field, test: &dyn Fn(&str) -> bool| {
        let mut found = Vec::new();
        values(event, path, &mut found);
        found.iter().any(|value| test(value))
    };
    let lower = str::to_ascii_lowercase;
    let number = |value: &str| value.parse::<f64>().ok().filter(|n| n.is_finite());
    let time = || event["eventTime"].as_str().unwrap();
    match query {
        Query::Not(inner) => !holds(inner, event, text),
        Query::All(parts) => parts.iter().all(|part| holds(part, event, text)),
        Query::Any(parts) => parts.iter().any(|part| holds(part, event, text)),
        Query::Exists(field) => any(field, &|_| true),
        Query::Text(field, wanted) => any(field, &|value| lower(value) == lower(wanted)),
        Query::Exact(field, wanted) => any(field, &|value| value == wanted),
        Query::Glob(field, parts) => any(field, &|value| {
            let value = lower(value);
            let mut at = 0;
            parts.iter().all(|part| {
                let found = value[at..].find(&lower(part));
                at += found.unwrap_or(0) + part.len();
                found.is_some()
            })
        }),
        Query::Above(field, n) => any(field, &|value| number(value).is_some_and(|value| value > *n)),
        Query::Between(field, a, b) => {
            any(field, &|value| number(value).is_some_and(|value| *a <= value && value <= *b))
        }
        // Times of one length are in the order of their texts.
        Query::From(ms) => time() >= format_time(*ms).as_str(),
        Query::Before(ms) => time() < format_time(*ms).as_str(),
        Query::Network(address, bits) => any(&FIELDS[3], &|value| {
            let (Ok(value), Ok(address)) = (value.parse::<IpAddr>(), address.parse::<IpAddr>()) else { return false };
            let same =
                |a: &[u8], b: &[u8]| (0..*bits as usize).all(|bit| (a[bit / 8] ^ b[bit / 8]) >> (7 - bit % 8) & 1 == 0);
            match (value, address) {
                (IpAddr::V4(a), IpAddr::V4(b)) => same(&a.octets(), &b.octets()),
                (IpAddr::V6(a), IpAddr::V6(b)) => same(&a.octets(), &b.octets()),
                _ => false,
            }
        }),
        Query::Free(wanted) => lower(text).contains(&lower(wanted)),
        Query::OneOf(field, texts) => any(field, &|value| texts.iter().any(|wanted| lower(value) == lower(wanted))),
    }
}

#[test]
fn random_queries_find_what_a_naive_evaluator_finds() {
    let mut dice = Dice(7);
    let mut found_some = 0;
    for _ in 0..QUERIES / QUERIES_EACH {
        let events: Vec<Value> = (0..EVENTS).map(|number| any_event(&mut dice, number)).collect();
        let texts: Vec<String> = events.iter().map(Value::to_string).collect();
        let file = texts.join("\n");
        let load = |session: &mut Session| {
            let mut intake = session.open(0, String::new());
            session.push(&mut intake, file.as_bytes());
            session.close(intake, None);
        };
        let mut session = Session::new(Vec::new(), 1);
        load(&mut session);
        for turn in 0..QUERIES_EACH {
            let query = any_query(&mut dice, 3);
            let mut text = String::new();
            write(&query, &mut text, &mut dice);
            let parsed = parse(&text, None);
            assert!(
                parsed.problems.iter().all(|problem| problem.severity == Severity::Hint),
                "{text}: {:?}",
                parsed.problems
            );
            let expected: BTreeSet<&str> = events
                .iter()
                .zip(&texts)
                .filter(|(event, text)| holds(&query, event, text))
                .map(|(event, _)| event["eventID"].as_str().unwrap())
                .collect();
            // Now and then the query is there before the events.
            if turn == 0 {
                session = Session::new(Vec::new(), 1);
                session.set_query(parsed.predicate);
                load(&mut session);
                assert_eq!(session.open_sources(), []);
            } else {
                session.set_query(parsed.predicate);
                if !session.open_sources().is_empty() {
                    let mut recheck = session.recheck(0);
                    session.recheck_push(&mut recheck, file.as_bytes());
                    session.recheck_end(recheck);
                }
            }
            let rows = session.rows(0..u64::MAX);
            let found: BTreeSet<&str> = rows.iter().map(|row| row.event_id.as_str()).collect();
            assert_eq!(found, expected, "{text}\n{query:?}\n{file}");
            found_some += usize::from(!found.is_empty() && found.len() < EVENTS);
        }
    }
    assert!(found_some > QUERIES / 4, "only {found_some} queries separate anything");
}

#[test]
fn many_detectors_select_what_a_naive_evaluator_finds() {
    let mut dice = Dice(11);
    let mut found_some = 0;
    for round in 0..20 {
        let events: Vec<Value> = (0..EVENTS).map(|number| any_event(&mut dice, number)).collect();
        let texts: Vec<String> = events.iter().map(Value::to_string).collect();
        let queries: Vec<Query> = (0..100).map(|_| any_query(&mut dice, 3)).collect();
        let detector = |(number, query): (usize, &Query)| {
            let mut text = String::new();
            write(query, &mut text, &mut Dice(number as u64 + 1));
            let select = parse(&text, None).predicate;
            filter(text, String::new(), String::new(), select).detector
        };
        let detectors: Vec<Detector> = queries.iter().enumerate().map(detector).collect();
        let mut session = Session::new(detectors, round);
        let mut intake = session.open(0, String::new());
        session.push(&mut intake, texts.join("\n").as_bytes());
        session.close(intake, None);
        for ((selected, query), detector) in session.selection().events.iter().zip(&queries).zip(session.detectors()) {
            let holding = events.iter().zip(&texts).filter(|(event, text)| holds(query, event, text));
            let expected: BTreeSet<&str> = holding.map(|(event, _)| event["eventID"].as_str().unwrap()).collect();
            let found: BTreeSet<&str> = selected.iter().map(|event| event.event_id.as_str()).collect();
            assert_eq!(found, expected, "{}", detector.id);
            found_some += usize::from(!found.is_empty() && found.len() < EVENTS);
        }
    }
    assert!(found_some > 500, "only {found_some} detectors separate anything");
}
