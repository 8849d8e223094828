//! Random patterns and random events: the engine, the columns and the records read again say what a naive evaluator over
//! serde_json says, which knows nothing of fields and columns.

use super::{filter, parse};
use crate::session::Session;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// A pattern as a tree.
#[derive(Clone, Debug)]
enum Expr {
    Any(Vec<Expr>),
    All(Vec<Expr>),
    Test(Vec<Place>, Ask),
}

#[derive(Clone, Debug, PartialEq)]
enum Place {
    Name(&'static str),
    Nth(usize),
    EachElement,
    EachMember,
}

#[derive(Clone, Debug)]
enum Ask {
    Text { equal: bool, text: String, quoted: bool },
    Number { sign: &'static str, text: &'static str },
    Found { equal: bool, pattern: &'static str },
    Is(&'static str),
    Missing,
}

/// Regular expressions, and what they mean.
type Meaning = fn(&str) -> bool;
const FOUND: [(&str, Meaning); 5] = [
    ("^Get", |text| text.starts_with("Get")),
    ("Object$", |text| text.ends_with("Object")),
    (r"\d", |text| text.bytes().any(|b| b.is_ascii_digit())),
    ("[a-c]+|t.u", |text| text.contains(['a', 'b', 'c']) || text.contains("tru")),
    (".", |text| !text.is_empty()),
];

// What the tree means.

fn holds(expr: &Expr, event: &Value) -> bool {
    match expr {
        Expr::Any(inner) => inner.iter().any(|expr| holds(expr, event)),
        Expr::All(inner) => inner.iter().all(|expr| holds(expr, event)),
        Expr::Test(places, ask) => {
            let mut found = vec![event];
            for place in places {
                found = found.into_iter().flat_map(|value| walk(value, place)).collect();
            }
            match ask {
                Ask::Missing => found.is_empty(),
                ask => found.into_iter().any(|value| answers(value, ask)),
            }
        }
    }
}

fn walk<'v>(value: &'v Value, place: &Place) -> Vec<&'v Value> {
    match (place, value) {
        (Place::Name(name), Value::Object(members)) => members.get(*name).into_iter().collect(),
        (Place::EachMember, Value::Object(members)) => members.values().collect(),
        (Place::Nth(number), Value::Array(elements)) => elements.get(*number).into_iter().collect(),
        (Place::EachElement, Value::Array(elements)) => elements.iter().collect(),
        _ => Vec::new(),
    }
}

fn answers(value: &Value, ask: &Ask) -> bool {
    let said = match value {
        Value::Null | Value::Array(_) | Value::Object(_) => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    match ask {
        Ask::Missing => false,
        Ask::Is("NULL") => value.is_null(),
        Ask::Is(word) => *value == Value::Bool(*word == "TRUE"),
        Ask::Text { equal, text, .. } => said.is_some_and(|said| fits(text, &said) == *equal),
        Ask::Found { equal, pattern } => {
            let meaning = FOUND.iter().find(|(known, _)| known == pattern).unwrap().1;
            said.is_some_and(|said| meaning(&said) == *equal)
        }
        Ask::Number { sign, text } => {
            let wanted: f64 = text.parse().unwrap();
            let Some(said) = said else { return false };
            let number = Some(&said).filter(|said| said.chars().all(|c| "0123456789+-.eE".contains(c)));
            match (*sign, number.and_then(|said| said.parse::<f64>().ok())) {
                ("!=", number) => number != Some(wanted),
                (_, None) => false,
                ("=", Some(number)) => number == wanted,
                ("<", Some(number)) => number < wanted,
                ("<=", Some(number)) => number <= wanted,
                (">", Some(number)) => number > wanted,
                (_, Some(number)) => number >= wanted,
            }
        }
    }
}

/// A star stands for anything.
fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((first, rest)) => text.strip_prefix(first).is_some_and(|behind| {
            let ends = behind.char_indices().map(|(at, _)| at).chain([behind.len()]);
            ends.map(|at| &behind[at..]).any(|behind| fits(rest, behind))
        }),
    }
}

// The tree as a pattern.

fn written(expr: &Expr, blank: &str) -> String {
    let in_parentheses = |expr: &Expr| match expr {
        Expr::Test(..) => written(expr, blank),
        _ => format!("({blank}{}{blank})", written(expr, blank)),
    };
    match expr {
        Expr::Any(inner) => {
            // What binds tighter needs no parentheses.
            let part =
                |expr: &Expr| if matches!(expr, Expr::All(_)) { written(expr, blank) } else { in_parentheses(expr) };
            inner.iter().map(part).collect::<Vec<_>>().join(&format!("{blank}||{blank}"))
        }
        Expr::All(inner) => inner.iter().map(in_parentheses).collect::<Vec<_>>().join(&format!("{blank}&&{blank}")),
        Expr::Test(places, ask) => {
            let selector: String = places.iter().map(step).collect();
            let sign = |equal: bool| if equal { "=" } else { "!=" };
            match ask {
                Ask::Missing => format!("${selector} NOT EXISTS"),
                Ask::Is(word) => format!("${selector} IS {word}"),
                Ask::Number { sign, text } => format!("${selector}{blank}{sign}{blank}{text}"),
                Ask::Found { equal, pattern } => format!("${selector}{blank}{}{blank}%{pattern}%", sign(*equal)),
                Ask::Text { equal, text, quoted } => {
                    let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '*')
                        && text.chars().all(|c| c.is_ascii_alphanumeric() || ".*".contains(c));
                    let quotes = if *quoted || !is_word { "\"" } else { "" };
                    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
                    format!("${selector}{blank}{}{blank}{quotes}{text}{quotes}", sign(*equal))
                }
            }
        }
    }
}

fn step(place: &Place) -> String {
    match place {
        Place::Name(name) if name.chars().all(|c| c.is_ascii_alphanumeric()) => format!(".{name}"),
        Place::Name(name) => format!(".['{name}']"),
        Place::Nth(number) => format!("[{number}]"),
        Place::EachElement => "[*]".to_owned(),
        Place::EachMember => ".*".to_owned(),
    }
}

// Random trees and events.

const TEXTS: [&str; 14] = [
    "GetObject",
    "PutObject",
    "get",
    "",
    "400",
    "4.0",
    "1e1",
    "true",
    "null",
    "a\"b",
    "a\\",
    "ünï",
    "s3.amazonaws.com",
    "-",
];
/// Keys that columns, identities or only records have, and keys that no record has.
const PATHS: [&[&str]; 24] = [
    &["eventName"],
    &["eventSource"],
    &["errorCode"],
    &["readOnly"],
    &["recipientAccountId"],
    &["eventCategory"],
    &["eventTime"],
    &["eventID"],
    &["managementEvent"],
    &["principal"],
    &["EventName"],
    &["userIdentity"],
    &["userIdentity", "type"],
    &["userIdentity", "accessKeyId"],
    &["userIdentity", "invokedBy"],
    &["userIdentity", "sessionContext", "sessionIssuer", "userName"],
    &["userIdentity.type"],
    &["requestParameters"],
    &["requestParameters", "a"],
    &["requestParameters", "k.k"],
    &["requestParameters", "a", "b"],
    &["resources"],
    &["unheardOf", "a"],
    &[],
];

fn any_places() -> impl Strategy<Value = Vec<Place>> {
    let more = prop_oneof![
        3 => select(vec!["a", "b", "k.k", "ünï"]).prop_map(Place::Name),
        2 => (0..3_usize).prop_map(Place::Nth),
        2 => Just(Place::EachElement),
        1 => Just(Place::EachMember),
    ];
    (select(&PATHS[..]), prop::collection::vec(more, 0..3)).prop_map(|(path, more)| {
        let mut places: Vec<Place> = path.iter().copied().map(Place::Name).chain(more).collect();
        if places.is_empty() {
            places.push(Place::EachMember);
        }
        places
    })
}

fn any_ask() -> impl Strategy<Value = Ask> {
    let starred = prop_oneof![select(vec!["*", "Get*", "*Object", "*t*", "4*", "a*", "*e", "**"]), select(&TEXTS[..])];
    let text = (any::<bool>(), starred, any::<bool>());
    let numbers = vec!["400", "4", "-1", "+10", "1e1", "0.5", "4E2", "1.50"];
    prop_oneof![
        4 => text.prop_map(|(equal, text, quoted)| Ask::Text { equal, text: text.to_owned(), quoted }),
        3 => (select(vec!["=", "!=", "<", "<=", ">", ">="]), select(numbers)).prop_map(|(sign, text)| Ask::Number { sign, text }),
        1 => (any::<bool>(), select(&FOUND[..])).prop_map(|(equal, (pattern, _))| Ask::Found { equal, pattern }),
        1 => select(vec!["NULL", "TRUE", "FALSE"]).prop_map(Ask::Is),
        1 => Just(Ask::Missing),
    ]
}

fn any_expr() -> impl Strategy<Value = Expr> {
    let test = (any_places(), any_ask()).prop_map(|(places, ask)| Expr::Test(places, ask));
    let expr = test.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expr::Any),
            prop::collection::vec(inner, 2..4).prop_map(Expr::All),
        ]
    });
    expr.prop_map(|mut expr| {
        within_limits(&mut expr, &mut 0, &mut 0);
        expr
    })
}

/// Takes away wildcards and regular expressions beyond what a pattern may have.
fn within_limits(expr: &mut Expr, wildcards: &mut usize, regexes: &mut usize) {
    match expr {
        Expr::Any(inner) | Expr::All(inner) => {
            inner.iter_mut().for_each(|expr| within_limits(expr, wildcards, regexes))
        }
        Expr::Test(places, ask) => {
            let mut own = 0;
            for place in places {
                if matches!(place, Place::EachElement | Place::EachMember) {
                    own += 1;
                    *wildcards += usize::from(own == 1);
                    if own > 1 || *wildcards > 3 {
                        *place = Place::Name("a");
                    }
                }
            }
            if matches!(ask, Ask::Found { .. }) {
                *regexes += 1;
                if *regexes > 2 {
                    *ask = Ask::Missing;
                }
            }
        }
    }
}

/// A text, number, boolean or null.
fn any_scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        6 => select(&TEXTS[..]).prop_map(Value::from),
        1 => select(vec![json!(400), json!(4), json!(-1), json!(0.5), json!(10), json!(1.5)]),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ]
}

fn any_value() -> impl Strategy<Value = Value> {
    any_scalar().prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            any_object(select(vec!["a", "b", "k.k", "ünï"]), inner).prop_map(Value::from),
        ]
    })
}

fn any_object(
    keys: impl Strategy<Value = &'static str>,
    values: impl Strategy<Value = Value>,
) -> impl Strategy<Value = Map<String, Value>> {
    let members = prop::collection::vec((keys, values), 0..4);
    members.prop_map(|members| members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn any_identity() -> impl Strategy<Value = Value> {
    let parts = any_object(select(vec!["type", "accessKeyId", "invokedBy", "a"]), any_value());
    let identity = (parts, prop::option::of(any_value())).prop_map(|(mut parts, issuer)| {
        if let Some(issuer) = issuer {
            parts.insert("sessionContext".to_owned(), json!({ "sessionIssuer": { "userName": issuer } }));
        }
        Value::from(parts)
    });
    prop_oneof![5 => identity, 1 => any_value()]
}

/// An event. What columns hold is never an object or array: that is where they say something else than the record.
fn any_event() -> impl Strategy<Value = Map<String, Value>> {
    let columns =
        select(vec!["eventName", "eventSource", "errorCode", "readOnly", "recipientAccountId", "eventCategory"]);
    let others = select(vec!["managementEvent", "requestParameters", "resources", "unheardOf", "principal"]);
    let columns = prop::collection::vec((columns, any_scalar()), 0..6);
    let others = prop::collection::vec((others, any_value()), 0..5);
    let identity = prop::option::of(any_identity());
    (columns, others, identity, any::<bool>()).prop_map(|(columns, others, identity, timed)| {
        let members = columns.into_iter().chain(others).map(|(key, value)| (key.to_owned(), value));
        let mut event: Map<String, Value> = members.collect();
        event.insert("eventVersion".to_owned(), json!("1.08"));
        event.extend(identity.map(|identity| ("userIdentity".to_owned(), identity)));
        if timed {
            event.insert("eventTime".to_owned(), json!("2024-05-01T10:00:00Z"));
        }
        event
    })
}

/// The ids of those that match, by three ways: while they are read, and by the columns and then the records.
fn found(pattern: &str, log: &str) -> [Vec<String>; 2] {
    let predicate = parse(pattern).unwrap_or_else(|problem| panic!("{pattern}: {problem:?}"));
    let at_work = filter("x".to_owned(), String::new(), String::new(), predicate.clone());
    let mut session = Session::new(vec![at_work.detector], 7);
    let mut intake = session.open(0, String::new());
    session.push(&mut intake, log.as_bytes());
    session.close(intake, None);
    let selected = session.selection().events[0].iter().map(|event| event.event_id.clone()).collect();
    session.set_query(predicate);
    for source in session.open_sources() {
        let mut recheck = session.recheck(source.ordinal);
        session.recheck_push(&mut recheck, log.as_bytes());
        session.recheck_end(recheck);
    }
    assert_eq!(session.open_sources(), []);
    let asked = session.rows(0..u64::MAX).into_iter().map(|row| row.event_id).collect();
    [selected, asked].map(|mut ids: Vec<String>| {
        ids.sort_unstable();
        ids
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// With at least five events each, these are at least 5,000 comparisons.
    #[test]
    fn patterns_mean_what_a_naive_evaluator_says(
        expr in any_expr(),
        events in prop::collection::vec(any_event(), 5..10),
        blank in select(vec!["", " ", "\n  "]),
    ) {
        let pattern = format!("{{{blank}{}{blank}}}", written(&expr, blank));
        prop_assume!(pattern.chars().count() <= super::MAX_PATTERN);
        let with_id = |(number, mut event): (usize, Map<String, Value>)| {
            event.insert("eventID".to_owned(), json!(number.to_string()));
            Value::from(event)
        };
        let events: Vec<Value> = events.into_iter().enumerate().map(with_id).collect();
        let expected: Vec<String> =
            (0..).zip(&events).filter(|(_, event)| holds(&expr, event)).map(|(number, _): (u32, _)| number.to_string()).collect();
        let log = json!({ "Records": events }).to_string();
        for ids in found(&pattern, &log) {
            prop_assert_eq!(&ids, &expected, "{} of {}", pattern, log);
        }
    }
}
