//! What `docs/search.md` says of missing fields, null, lists and free text, asked of a record while it is read.

use super::parse;
use crate::detect::metric::filter;
use crate::session::Session;

const RECORD: &str = r#"{"Records":[{"eventVersion":"1.08","eventTime":"2024-01-31T12:00:00Z","eventName":"PutObject",
    "eventSource":"s3.amazonaws.com","sourceIPAddress":"198.51.100.7","errorCode":null,"eventID":"e-1","readOnly":false,
    "requestParameters":{"size":5.0,"count":"0700","empty":[],"none":null,"blank":"","a.b":{"c":"odd"},
        "tags":[{"k":"Red"},{"k":"blue"}],"start":"2024-01-30T10:00:00Z","quote":"say \"x\""}}]}"#;

fn check(query: &str, holds: bool) {
    let parsed = parse(query, None);
    assert_eq!(parsed.first_wrong(), None, "{query}");
    let detector = filter(query.to_owned(), String::new(), String::new(), parsed.predicate).detector;
    let mut session = Session::new(vec![detector], 1);
    let mut intake = session.open(0, "test.json".to_owned());
    session.push(&mut intake, RECORD.as_bytes());
    session.close(intake, None);
    assert_eq!(session.selection().len(), usize::from(holds), "{query}");
}

#[test]
fn missing_and_null() {
    check("errorCode:*", false);
    check("NOT errorCode:AccessDenied", true);
    check("errorCode!=AccessDenied", true);
    check("errorMessage:*", false);
    check("requestParameters.none:*", false);
    check("requestParameters.empty:*", false);
    check("requestParameters.blank:*", true);
    check("requestParameters.blank:\"\"", true);
    check("requestParameters.nothing.deep:*", false);
}

#[test]
fn lists_and_objects() {
    check("requestParameters.tags.k:(red AND blue)", true);
    check("requestParameters.tags.k:(red AND green)", false);
    check("NOT requestParameters.tags.k:red", false);
    check("requestParameters:*bucketName*", false);
    check("requestParameters:*\"count\"*", true);
    check(r#"requestParameters."a.b".c:odd"#, true);
    check("requestParameters.a.b.c:odd", false);
}

#[test]
fn case() {
    check("EVENTNAME:putobject", true);
    check("eventName=putobject", false);
    check("eventName=Put*", true);
    check("eventName=put*", false);
    check("eventName:/^put/", true);
    check("eventName=/^put/", false);
    check("requestParameters.Size:*", false);
}

#[test]
fn numbers_and_times() {
    check("requestParameters.size:5", false);
    check("requestParameters.size:5.0", true);
    check("requestParameters.size:5..5", true);
    check("requestParameters.size > 5", false);
    check("requestParameters.count >= 700", true);
    check("requestParameters.start >= 2024-01-30T10", true);
    check("requestParameters.start < 2024-01-30T10", false);
    check("eventTime:2024-01", true);
    check("eventTime > 2024-01-31", false);
    check("eventVersion:1.8", true);
    check("readOnly:false", true);
    check("ip:198.51.100.0/24", true);
    check("ip!=198.51.100.0/24", false);
}

#[test]
fn free_text() {
    check("putobject", true);
    check("\"s3.AMAZONAWS\"", true);
    check("tags*blue", true);
    check("blue*tags", false);
    check("/tags.*red/", true);
    check("nothing", false);
    check(r#""say \\\"x""#, true);
    check(r#""say \"x""#, false);
    check(r#"requestParameters.quote:"say \"x\"""#, true);
}
