//! Rules as files, what they select of a record, and what is wrong with them.

use super::*;
use crate::predicate::Predicate;
use crate::session::Session;

fn load(text: &str) -> Loaded {
    let mut loaded = Loaded::default();
    let placeholders = Placeholders::from([("admins".to_owned(), vec!["alice".to_owned(), "b*".to_owned()])]);
    loaded.add("rules.yml", text, &placeholders);
    loaded.finish()
}

/// What a detection with this body selects.
fn select(detection: &str) -> Predicate {
    let body: String = detection.lines().map(|line| format!("  {line}\n")).collect();
    let loaded = load(&format!("title: t\ndetection:\n{body}"));
    assert_eq!(loaded.refused, [], "{detection}");
    let Work::Select(predicate) = loaded.rules[0].work.clone() else { panic!("{detection}") };
    predicate
}

const RECORD: &str = r#"{"eventVersion":"1.08","eventTime":"2024-05-04T03:02:01Z","eventName":"PutBucketPolicy","eventSource":"s3.amazonaws.com",
    "sourceIPAddress":"192.0.2.17","userAgent":"aws-cli/2.1","errorMessage":"","errorCode":null,"eventID":"e1","readOnly":false,
    "userIdentity":{"type":"IAMUser","userName":"Alice","accountId":"012345678901"},"recipientAccountId":"012345678901",
    "requestParameters":{"bucketName":"logs","size":5,"ratio":0.50,"flag":true,"none":null,"empty":[],"path":"a\\b*c",
        "policy":"eyJhIjoiZm9vIn0=","tags":[{"k":"one","v":"x"},{"k":"two","v":"y"}],"same":"LOGS"}}"#;

fn holds(detection: &str) -> bool {
    let mut session = Session::new(Vec::new(), 1);
    let mut intake = session.open(0, String::new());
    session.set_query(select(detection));
    session.push(&mut intake, RECORD.as_bytes());
    session.close(intake, None);
    session.overview().matching == 1
}

fn check(item: &str, expected: bool) {
    let detection = format!("s:\n  {item}\ncondition: s");
    assert_eq!(holds(&detection), expected, "{item}");
}

#[test]
fn values_and_modifiers() {
    check("eventName: putbucketpolicy", true);
    check("eventname: putbucketpolicy", false);
    check("eventName|cased: putbucketpolicy", false);
    check("eventName|cased: PutBucketPolicy", true);
    check("eventName: 'Put*Policy'", true);
    check("eventName: [GetObject, PutBucketPolic?]", true);
    check("eventName|contains|all: [bucket, policy]", true);
    check("eventName|contains|all: [bucket, object]", false);
    check("eventName|startswith: [get, put]", true);
    check("eventName|endswith: bucket", false);
    check("eventName|re: 'put.*'", false);
    check("eventName|re|i: '^put.*y$'", true);
    check("sourceIPAddress|cidr: 192.0.2.0/24", true);
    check("sourceIPAddress|cidr: [10.0.0.0/8, '2001:db8::/32']", false);
    check("requestParameters.size: 5", true);
    check("requestParameters.ratio: 0.5", true);
    check("requestParameters.size|gte: 5", true);
    check("requestParameters.size|lt: 5", false);
    check("requestParameters.flag: true", true);
    check("recipientAccountId: 012345678901", true);
    check("errorMessage: ''", true);
    check("errorCode: null", true);
    check("eventName: null", false);
    check("requestParameters.missing: null", true);
    check("errorCode|exists: true", true);
    check("requestParameters.none|exists: true", true);
    check("requestParameters.missing|exists: true", false);
    check("requestParameters.missing|exists: false", true);
    check("eventName|neq: [GetObject, PutObject]", true);
    check("eventName|neq: PutBucketPolicy", false);
    check("eventTime|hour: 3", true);
    check("eventTime|hour|gte: 4", false);
    check("eventTime|week: 18", true);
    check("requestParameters.bucketName|fieldref: requestParameters.same", true);
    check("requestParameters.bucketName|fieldref|cased: requestParameters.same", false);
    check("eventName|fieldref|startswith: requestParameters.bucketName", false);
    check(r"requestParameters.path: 'a\b\*c'", true);
    check("requestParameters.policy|base64offset|contains: foo", true);
    check("userIdentity.userName|expand: '%admins%'", true);
    check("requestParameters.tags.k: two", true);
    check("requestParameters.tags.k|contains|all: [one, two]", true);
    check("requestParameters.bucketName: '*'", true);
    check("requestParameters.missing: '*'", false);
}

#[test]
fn identifiers_and_keywords() {
    assert!(holds("s: ['nothing', 'CLI/2']\ncondition: s"));
    assert!(!holds("s: ['bucketName:']\ncondition: s"));
    assert!(holds("s:\n  '|all': ['cli', 'logs']\ncondition: s"));
    assert!(!holds("s:\n  '|all': ['cli', 'nowhere']\ncondition: s"));
    assert!(holds(
        "s:\n  - eventName: GetObject\n  - eventSource: s3.amazonaws.com\n    readOnly: false\ncondition: s"
    ));
    assert!(holds("s:\n  eventName: Put*\nfilter_a:\n  userAgent: x\ncondition: s and not 1 of filter_*"));
    assert!(holds("a:\n  eventName: x\nb:\n  eventName: Put*\ncondition:\n  - a\n  - b"));
}

/// The line of the only thing that is refused, and a part of why.
fn refused(text: &str, line: usize, why: &str) {
    let loaded = load(text);
    match &loaded.refused[..] {
        [one] => assert!(one.line == line && one.why.contains(why), "{one:?} for {text}"),
        all => panic!("{all:?} for {text}"),
    }
}

#[test]
fn what_is_refused_is_told_with_its_line() {
    let item =
        |item: &str, why: &str| refused(&format!("title: t\ndetection:\n  s:\n    {item}\n  condition: s"), 4, why);
    item("f|like: x", "no modifier of Sigma 2.1: like");
    item("f|contains|startswith: x", "only one of contains");
    item("f|re: '('", "not a regular expression");
    item("f|i: x", "modifier of re");
    item("f|cidr: 10.0.0.0/99", "not a network");
    item("f|gt: many", "must be a number");
    item("f|exists: maybe", "true or false");
    item("f|all: x", "more than one value");
    item("f|base64: 'a*'", "wildcard cannot be encoded");
    item("f|expand: '%nobody%'", "%nobody%");
    item("f|contains: null", "null stands alone");
    item("f: {a: b}", "a value is a text or a number, not a map");
    item("f: []", "no value for f");
    item("f|hour|re: x", "numbers only");
    refused("detection:\n  s: {a: b}\n  condition: s", 1, "needs a title");
    refused("title: t\ndetection:\n  s: {a: b}", 3, "condition is missing");
    refused("title: t\ndetection:\n  s: {a: b}\n  condition: x", 4, "no search identifier: x");
    refused("title: t\ndetection:\n  s:\n  condition: s", 3, "empty");
    refused("title: t", 1, "neither detection nor correlation");
    refused("- a\n- b", 1, "a rule is a map, not a list");
    refused("title: t\nlevel: awful\ndetection:\n  s: {a: b}\n  condition: s", 2, "a level is");
    refused("title: t\n  x: [", 2, "not YAML");
}

const RULE: &str = "title: base\nid: i1\nname: base\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n  s: {eventName: A}\n  condition: s\n";

#[test]
fn correlations_stand_on_their_rules() {
    let correlation = |body: &str| format!("{RULE}---\ntitle: c\nname: c\ncorrelation:\n  type: {body}\n");
    let fine = |body: &str| {
        let loaded = load(&correlation(body));
        assert_eq!(loaded.refused, [], "{body}");
        assert_eq!(loaded.rules.len(), 2);
    };
    fine("event_count\n  rules: [base]\n  group-by: [userIdentity.arn]\n  timespan: 5m\n  condition: {gte: 3}");
    fine("value_count\n  rules: i1\n  timespan: 1d\n  condition: {gt: 3, lte: 9, field: awsRegion}");
    fine("temporal\n  rules: [base]\n  timespan: 1h\n  aliases: {who: {base: userIdentity.arn}}\n  group-by: [who]");
    let wrong = |body: &str, line, why: &str| refused(&correlation(body), line, why);
    wrong("event_count\n  rules: [base]\n  timespan: 5m", 12, "condition is missing");
    wrong("event_count\n  rules: [base]\n  timespan: 5 min\n  condition: {gte: 3}", 14, "a timespan is");
    wrong("event_count\n  rules: [base]\n  timespan: 9999d\n  condition: {gte: 3}", 14, "at most a year");
    wrong("event_count\n  rules: [base]\n  timespan: 5m\n  condition: {gt: 3, lt: 3}", 15, "no number can meet");
    wrong("value_count\n  rules: [base]\n  timespan: 5m\n  condition: {gt: 3}", 12, "needs a field");
    wrong("guess\n  rules: [base]\n  timespan: 5m\n  condition: {gt: 3}", 12, "no type of correlation");
    wrong("event_count\n  rules: [other]\n  timespan: 5m\n  condition: {gte: 3}", 9, "not there: other");
    wrong("event_count\n  rules: [c]\n  timespan: 5m\n  condition: {gte: 3}", 9, "leads to itself");
    wrong("temporal\n  rules: [base, base]\n  timespan: 5m", 12, "names a rule twice");
    // Of a circle all are refused.
    let circle = "title: a\nname: a\ncorrelation: {type: temporal, rules: [b], timespan: 1m}\n---\ntitle: b\nname: b\ncorrelation: {type: temporal, rules: [a], timespan: 1m}";
    assert_eq!(load(circle).refused.len(), 2);
}

#[test]
fn filters_narrow_and_doubles_are_refused() {
    let filter = |rules: &str| {
        format!(
            "{RULE}---\ntitle: f\nlogsource: {{product: aws}}\nfilter:\n  rules: {rules}\n  s: {{userIdentity.userName: x}}\n  condition: not s\n"
        )
    };
    for rules in ["[i1]", "any"] {
        let Work::Select(predicate) = load(&filter(rules)).rules[0].work.clone() else { panic!() };
        assert_eq!(predicate.to_string(), "eventName:A AND NOT userIdentity.userName:x");
    }
    refused(&filter("[nobody]"), 9, "no rule that this filter could narrow: nobody");
    refused(&format!("{RULE}---\n{RULE}"), 9, "rules.yml:1 has the same id or name");
}

#[test]
fn collections_share_what_is_global() {
    let text = "action: global\ntitle: shared\nlevel: high\ndetection:\n  condition: s\n---\ndetection:\n  s: {eventName: A}\n---\naction: repeat\ntitle: again\ndetection:\n  s: {eventName: B}\n---\naction: reset\n---\ntitle: own\ndetection:\n  s: {eventName: C}\n  condition: s\n---\n";
    let loaded = load(text);
    assert_eq!(loaded.refused, []);
    let found: Vec<_> = loaded.rules.iter().map(|rule| (rule.meta.title.as_str(), rule.meta.severity.name())).collect();
    assert_eq!(found, [("shared", "high"), ("again", "high"), ("own", "medium")]);
}
