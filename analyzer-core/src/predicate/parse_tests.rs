//! Table tests of the search language: what a query means, printed in full parentheses, and its problems.

use super::*;
use crate::event::format_time;
use proptest::prelude::*;

fn print(predicate: &Predicate) -> String {
    let join =
        |inner: &[Predicate], with: &str| format!("({})", inner.iter().map(print).collect::<Vec<_>>().join(with));
    match predicate {
        Predicate::Everything => "everything".to_owned(),
        Predicate::Not(inner) => format!("!{}", print(inner)),
        Predicate::All(inner) => join(inner, " & "),
        Predicate::Any(inner) => join(inner, " | "),
        Predicate::Test(Test { field, matcher }) => {
            let value = match matcher {
                Matcher::Exists => "exists".to_owned(),
                Matcher::Text(text) => format!("={text}"),
                Matcher::Glob(glob) => format!("~{glob:?}"),
                Matcher::Network(_) => "in network".to_owned(),
                Matcher::VersionRange { from, to } => {
                    let print = |v: &Version| {
                        if v.major == u32::MAX { "…".to_owned() } else { format!("{}.{}", v.major, v.minor) }
                    };
                    format!("{}–{}", print(from), print(to))
                }
                Matcher::TimeRange { from_ms, to_ms } => {
                    let end = |ms: i64| if ms.abs() > i64::MAX - 2 { "…".to_owned() } else { format_time(ms) };
                    format!("{}–{}", end(*from_ms), end(*to_ms))
                }
            };
            format!("{} {value}", field.name())
        }
    }
}

fn check(query: &str, meaning: &str, problems: &[(&str, &str)]) {
    let parsed = parse(query);
    assert_eq!(print(&parsed.predicate), meaning, "{query}");
    let found: Vec<_> = parsed.problems.iter().map(|p| (&query[p.span.clone()], p.message.as_str())).collect();
    assert_eq!(found, problems, "{query}");
}

#[test]
fn versions_are_numbers() {
    for (query, version, matches) in [
        ("eventVersion >= 1.08", "1.10", true),
        ("eventVersion >= 1.08", "1.8", true),
        ("eventVersion >= 1.08", "1.07", false),
        ("eventVersion:1.8", "1.08", true),
        ("eventVersion < 1.10", "1.9", true),
        ("eventVersion > 1.0", "x", false),
        ("eventVersion < 0.0", "0.0", false),
    ] {
        let Predicate::Test(test) = parse(query).predicate else { panic!("{query}") };
        assert_eq!(test.matcher.matches(version), matches, "{query} of {version}");
    }
}

#[test]
fn meanings() {
    check("", "everything", &[]);
    check("  ", "everything", &[]);
    check("eventName:ConsoleLogin", "eventName =ConsoleLogin", &[]);
    check("name:A AND region:eu-west-1", "(eventName =A & awsRegion =eu-west-1)", &[]);
    check("name:A region:b", "(eventName =A & awsRegion =b)", &[]);
    check("name:A OR name:B AND NOT name:C", "(eventName =A | (eventName =B & !eventName =C))", &[]);
    check("(name:A OR name:B) AND NOT (name:C)", "((eventName =A | eventName =B) & !eventName =C)", &[]);
    check("NOT NOT name:A", "!!eventName =A", &[]);
    check(r#"agent:"aws cli \"x\" (y)""#, r#"userAgent =aws cli "x" (y)"#, &[]);
    check("error:*", "errorCode exists", &[]);
    check("name:Get*", r#"eventName ~Glob { parts: ["get", ""] }"#, &[]);
    check("ip:10.0.0.0/8", "sourceIPAddress in network", &[]);
    check("arn:arn:aws:iam::1:user/a", "userIdentity.arn =arn:aws:iam::1:user/a", &[]);
    check("requestParameters.bucketName:b", "requestParameters.bucketName =b", &[]);
    check("eventTime >= 2024-01-31", "eventTime 2024-01-31T00:00:00Z–…", &[]);
    check("eventTime>2024-01-31", "eventTime 2024-02-01T00:00:00Z–…", &[]);
    check("time <= 2024-01-31T10:00 name:A", "(eventTime …–2024-01-31T10:00:59.999Z & eventName =A)", &[]);
    check("eventVersion >= 1.08", "eventVersion 1.8–…", &[]);
    check("version<1.10", "eventVersion 0.0–1.9", &[]);
    check("version>1.09", "eventVersion 1.10–…", &[]);
    check("version < 2.0", "eventVersion 0.0–1.4294967295", &[]);
    check("eventVersion:1.8", "eventVersion 1.8–1.8", &[]);
    check("eventVersion:1.*", r#"eventVersion ~Glob { parts: ["1.", ""] }"#, &[]);
    check("eventVersion >= new", "everything", &[("eventVersion >= new", "not a version such as 1.08: new")]);
    check("eventTime:2024-01-31", "eventTime 2024-01-31T00:00:00Z–2024-01-31T23:59:59.999Z", &[]);
    check("eventTime<2024-01-31T10:00:00Z", "eventTime …–2024-01-31T09:59:59.999Z", &[]);
}

#[test]
fn problems() {
    let free = "a search is field:value, such as eventName:ConsoleLogin; no field is named in hello";
    check("hello", "everything", &[("hello", free)]);
    check("name:A AND hello", "eventName =A", &[("hello", free)]);
    check("name:", "everything", &[("name:", "no value; eventName:* finds events that have one")]);
    check("name:A AND", "eventName =A", &[("AND", "nothing stands behind this")]);
    check("OR name:A", "eventName =A", &[("OR", "nothing stands before this")]);
    check("(name:A", "eventName =A", &[("(", "this parenthesis is not closed")]);
    check("name:A) name:B", "(eventName =A & eventName =B)", &[(")", "this closes nothing")]);
    check(r#"name:"A"#, "everything", &[(r#"name:"A"#, "this quote is not closed")]);
    check("name>5", "everything", &[("name>5", "only times and eventVersion can be compared with >")]);
    check("NOT", "everything", &[("NOT", "nothing stands behind this")]);
    check(":x", "everything", &[(":x", "not the name of a field: ")]);
    check(
        "time:soon",
        "everything",
        &[("time:soon", "not a time; write 2024-01-31 or 2024-01-31T12:00:00Z instead of soon")],
    );
}

#[test]
fn deep_nesting_is_a_problem_and_no_crash() {
    for text in ["(".repeat(100_000), "NOT ".repeat(100_000)] {
        let parsed = parse(&text);
        assert!(parsed.problems.iter().any(|p| p.message.contains("nested deeper")));
    }
}

proptest! {
    #[test]
    fn any_text_is_a_query(query in r#"[a-z:*"()<>=\\ ANDORT.é-]{0,40}"#) {
        for problem in parse(&query).problems {
            prop_assert!(query.get(problem.span.clone()).is_some(), "{:?}", problem);
        }
    }
}
