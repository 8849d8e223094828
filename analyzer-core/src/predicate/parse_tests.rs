use super::*;
use crate::event::parse_time;
use crate::predicate::quote;
use proptest::prelude::*;

/// The newest event of all tests here.
fn now() -> Option<i64> {
    parse_time("2024-03-10T12:00:00Z")
}

/// A query, what is left of it, and its problems: the text in question and what is said of it. A hint begins with `?`.
fn check(query: &str, meaning: &str, problems: &[(&str, &str)]) {
    let parsed = parse(query, now());
    assert_eq!(parsed.predicate.to_string(), meaning, "{query}");
    let message = |p: &QueryProblem| match p.severity {
        Severity::Wrong => p.message.to_string(),
        Severity::Hint => format!("?{}", p.message),
    };
    let found: Vec<_> = parsed.problems.iter().map(|p| (query[p.span.clone()].to_owned(), message(p))).collect();
    let expected: Vec<_> = problems.iter().map(|(text, message)| (text.to_string(), message.to_string())).collect();
    assert_eq!(found, expected, "{query}");
    assert_eq!(parse(meaning, None).predicate, parsed.predicate, "{meaning} is read back");
}

#[test]
fn operators() {
    check("", "", &[]);
    check("  ", "", &[]);
    check("*", "", &[]);
    check("name:A AND region:eu-west-1", "eventName:A AND awsRegion:eu-west-1", &[]);
    check("name:A region:b", "eventName:A AND awsRegion:b", &[]);
    check("name:A or name:B And not name:C", "eventName:A OR eventName:B AND NOT eventName:C", &[]);
    check("(name:A OR name:B) AND NOT (name:C)", "(eventName:A OR eventName:B) AND NOT eventName:C", &[]);
    check("NOT NOT name:A", "NOT NOT eventName:A", &[]);
    check("NOT (a.b:1 c.d:2)", "NOT (a.b:1 AND c.d:2)", &[]);
    check("a.b:1 AND (a.b:2 AND a.b:3)", "a.b:1 AND (a.b:2 AND a.b:3)", &[]);
    check("a.b:1 OR (a.b:2 OR a.b:3)", "a.b:1 OR (a.b:2 OR a.b:3)", &[]);
    check("name:A (name:B OR *)", "eventName:A AND (eventName:B OR *)", &[]);
    check("and.x:1", "and.x:1", &[]);
}

#[test]
fn texts() {
    check("eventName:ConsoleLogin", "eventName:ConsoleLogin", &[]);
    check(r#"agent:"aws cli \"x\" \\ \y (y)""#, r#"userAgent:"aws cli \"x\" \\ \\y (y)""#, &[]);
    check("error:*", "errorCode:*", &[]);
    check("name:Get*", "eventName:Get*", &[]);
    check(r#"name:"Get "*X**"#, r#"eventName:"Get "*X*"#, &[]);
    check(r"name:Get\*", r#"eventName:"Get*""#, &[]);
    check(r"user:CORP\alice", r#"userIdentity.userName:"CORP\\alice""#, &[]);
    check(r"agent:a\ b\(c", r#"userAgent:"a b(c""#, &[]);
    check("name=Get* name=Put", "eventName=Get* AND eventName=Put", &[]);
    check("name = \"Get*\" AND name==x", "eventName=\"Get*\" AND eventName=x", &[]);
    check("name!=x AND name != y*", "NOT eventName=x AND NOT eventName=y*", &[]);
    check("name!=*", "NOT eventName:*", &[]);
    check("ip:10.0.0.0/8", "sourceIPAddress:10.0.0.0/8", &[]);
    check("ip=2001:db8::/32", "sourceIPAddress:2001:db8::/32", &[]);
    check("ip:\"10.0.0.0/8\"", "sourceIPAddress:\"10.0.0.0/8\"", &[]);
    check("arn:arn:aws:iam::1:user/a", "userIdentity.arn:arn:aws:iam::1:user/a", &[]);
    check("name:\"and\"", "eventName:\"and\"", &[]);
}

#[test]
fn fields() {
    check("EVENTNAME:x", "eventName:x", &[]);
    check("requestParameters.bucketName:b", "requestParameters.bucketName:b", &[]);
    check(r#"requestParameters."a.b".c:b"#, r#"requestParameters."a.b".c:b"#, &[]);
    check(r#"a."odd key":b"#, r#"a."odd key":b"#, &[]);
    check(r#"@odd-1.b:"x y""#, r#"@odd-1.b:"x y""#, &[]);
    check("tlsDetails:* userIdentity:*", "tlsDetails:* AND userIdentity:*", &[]);
    check("eventNam:x", "eventNam:x", &[("eventNam", "?no field eventNam; did you mean eventName?")]);
    check("usr:(a OR b)", "usr:a OR usr:b", &[("usr", "?no field usr; did you mean user?")]);
    let key = "?no field somethingElse; read as a key of the record";
    check("somethingElse:x", "somethingElse:x", &[("somethingElse", key)]);
    check("http://x", "http:\"//x\"", &[("http", "?no field http; read as a key of the record")]);
}

#[test]
fn free_text() {
    check("AKIAEXAMPLE", "AKIAEXAMPLE", &[]);
    check(r#""a b" and c"#, r#""a b" AND c"#, &[]);
    check("a*b*", r#""a"*"b""#, &[]);
    check("/a(b|c) d/", "/a(b|c) d/", &[]);
    check(r"/a\/b\\/", r"/a\/b\\/", &[]);
    check("x/y:z", r#""x/y:z""#, &[]);
    check("eu-west-1 198.51.100.7", r#"eu-west-1 AND "198.51.100.7""#, &[]);
    check(r#""and""#, r#""and""#, &[]);
    check("/aws/lambda/x", r#""/aws/lambda/x""#, &[]);
    let slash = r"?read as a text; in a regular expression, write \/ for a slash";
    check("/aws/lambda/", r#""/aws/lambda/""#, &[("/aws/lambda/", slash)]);
    let network = "?read as a text to look for; was this meant: ip:10.0.0.0/8";
    check("10.0.0.0/8", r#""10.0.0.0/8""#, &[("10.0.0.0/8", network)]);
    let or = "?read as a text to look for; was this meant: OR";
    check("a || b", r#"a AND "||" AND b"#, &[("||", or)]);
    let not = "?read as a text to look for; was this meant: NOT name:x";
    check("!name:x", r#""!name:x""#, &[("!name:x", not)]);
    let arn = "?read as a test of userIdentity.arn; put an ARN in quotes to look for it everywhere";
    check("arn:aws:iam::1:root", "userIdentity.arn:aws:iam::1:root", &[("aws:iam::1:root", arn)]);
    check("\"\"", "", &[("\"\"", "there is nothing between these quotes to look for")]);
    check(":x", "", &[(":x", "no field is named in front of this")]);
    check("name:a >5", "eventName:a", &[(">5", "no field is named in front of this")]);
    check("[1 TO 2]", "", &[("[1 TO 2]", "a range needs a field, such as eventTime:[2024-01 TO 2024-02]")]);
}

#[test]
fn regular_expressions() {
    check("name:/^Get(Object|Item)$/", "eventName:/^Get(Object|Item)$/", &[]);
    check("name=/^Get/ x", "eventName=/^Get/ AND x", &[]);
    check("(name:/a b/)", "eventName:/a b/", &[]);
    check("a.b:/aws/lambda", r#"a.b:"/aws/lambda""#, &[]);
    check(
        "name:/a{1000}{1000}/ x",
        "x",
        &[("name:/a{1000}{1000}/", "this regular expression takes more than 256 KiB")],
    );
    check("time:/x/", "", &[("time:/x/", "a time is no text that a regular expression could be found in")]);
    let query = "a.b:/x/ ".repeat(MAX_REGEXES + 1);
    let parsed = parse(&query, None);
    assert_eq!(parsed.first_wrong().unwrap().message.to_string(), "a query has at most 32 regular expressions");
}

#[test]
fn lists() {
    check("name:(A OR B)", "eventName:A OR eventName:B", &[]);
    check("name:(A* AND NOT (AB OR \"A C\"))", "eventName:A* AND NOT (eventName:AB OR eventName:\"A C\")", &[]);
    check("name=(A OR b) x", "(eventName=A OR eventName=b) AND x", &[]);
    check("name!=(A OR b)", "NOT (eventName=A OR eventName=b)", &[]);
    check(
        "ip:(10.0.0.0/8 OR ::1 OR a:b)",
        "sourceIPAddress:10.0.0.0/8 OR sourceIPAddress:\"::1\" OR sourceIPAddress:a:b",
        &[],
    );
    check("a.n:(>5 AND <=7.5)", "a.n>5 AND a.n<=7.5", &[]);
    check("a.n>(5)", "a.n>5", &[]);
    check("time:(2024-01 OR 2024-03)", "eventTime:2024-01 OR eventTime:2024-03", &[]);
    let both = "?both must hold; write OR in front of this if one is enough";
    check("name:(A B)", "eventName:A AND eventName:B", &[("B", both)]);
    check("name:()", "", &[("name:(", "no value stands in this list")]);
    check("name:(A", "eventName:A", &[("(", "this parenthesis is not closed")]);
    check("name:(A OR) b", "eventName:A AND b", &[("OR", "nothing stands behind this")]);
    check(
        "name:(A OR [) b",
        "eventName:A AND b",
        &[("[", "a range is [from TO to]; put a text that begins with [ in quotes")],
    );
}

#[test]
fn times() {
    check("eventTime >= 2024-01-31", "eventTime>=2024-01-31", &[]);
    check("eventTime>2024-01-31", "eventTime>=2024-02", &[]);
    check("time <= 2024-01-31T10:00 name:A", "eventTime<=2024-01-31T10:00 AND eventName:A", &[]);
    check("eventTime:2024-01-31", "eventTime:2024-01-31", &[]);
    check("eventTime=\"2024-01-31 10:00\"", "eventTime:2024-01-31T10:00", &[]);
    check("eventTime<2024-01-31T10:00:00Z", "eventTime<=2024-01-31T09", &[]);
    check("eventTime:2024-01-31..2024-02-01", "eventTime:2024-01-31..2024-02-01", &[]);
    check("eventTime:2024-01..2024-02", "eventTime:2024..2024-02", &[]);
    check("eventTime:..2024", "eventTime<=2024", &[]);
    check("eventTime:2024..", "eventTime>=2024", &[]);
    check("eventTime:[2024 TO 2025]", "eventTime:2024..2025", &[]);
    check("eventTime:[ \"2024-01-31 10:00\" to * ]", "eventTime>=2024-01-31T10", &[]);
    check("eventTime >= now-1h", "eventTime>=2024-03-10T11", &[]);
    check("eventTime:now-7d..now", "eventTime:2024-03-03T12..2024-03-10T12:00:00.000Z", &[]);
    check("requestParameters.startTime >= 2024-01-31", "requestParameters.startTime>=2024-01-31", &[]);
    check("a.b:2024-01-31", "a.b:2024-01-31", &[]);
    check("a.b:2024-01-31..2024-01-31", "a.b:2024-01-31..2024-01-31", &[]);
    check("a.b:now-1h..now", "a.b:2024-03-10T11..2024-03-10T12:00:00.000Z", &[]);
    check("time > 9999-12-31", "eventTime>9999", &[]);
    check("time < 0000", "eventTime<0000", &[]);
    check("time:*", "eventTime:*", &[]);
    let soon = "not a time; write 2024-01-31, 2024-01-31T12:00:00Z or now-1h instead of soon";
    check("time:soon", "", &[("time:soon", soon)]);
    let star = "not a time; write 2024-01-31, 2024-01-31T12:00:00Z or now-1h instead of a text with a star";
    check("time:2024-*", "", &[("time:2024-*", star)]);
    check("time:..", "", &[("time:..", "a range needs an end")]);
    check("time:[* TO *]", "", &[("time:[* TO *]", "a range needs an end")]);
    let empty = "?nothing can be in this range";
    check("time:2024-02..2024-01", "eventTime:2024-02..2024-01", &[("2024-02..2024-01", empty)]);
    let parsed = parse("eventTime >= now-1h AND name:A", None);
    assert_eq!((parsed.predicate.to_string().as_str(), parsed.uses_now), ("eventName:A", true));
    let message = parsed.first_wrong().unwrap().message.to_string();
    assert_eq!(message, "now is the newest event, and there are no events yet: now-1h");
    assert!(!parse("now", None).uses_now);
}

#[test]
fn numbers() {
    check("a.size > 5", "a.size>5", &[]);
    check("a.size >= 1e3 a.size<=-2.50", "a.size>=1000 AND a.size<=-2.5", &[]);
    check("a.size:5..7", "a.size:5..7", &[]);
    check("a.size:..7", "a.size<=7", &[]);
    check("a.size:[5 TO *]", "a.size>=5", &[]);
    check("a.size:[-5.5 TO 7]", "a.size:-5.5..7", &[]);
    check("a.size:5", "a.size:5", &[]);
    check("a.size:2023..2024", "a.size:2023..2024", &[]);
    check("account>5", "recipientAccountId>5", &[]);
    check("a.path:../x", "a.path:\"../x\"", &[]);
    check("a.path:..", "a.path:\"..\"", &[]);
    check("name>A", "", &[("name>A", "neither a number nor a time: A")]);
    check("a.size > inf", "", &[("a.size > inf", "neither a number nor a time: inf")]);
    check("a.size > 1e999", "", &[("a.size > 1e999", "neither a number nor a time: 1e999")]);
    check("a.size > AND b", "b", &[("a.size >", "no value stands behind >"), ("AND", "nothing stands before this")]);
    check("a.size > 5*", "", &[("a.size > 5*", "only a number or a time can stand behind >")]);
    let range = "a range goes from one number or time to another, not from a to b";
    check("name:[a TO b]", "", &[("name:[a TO b]", range)]);
    check("a.size:7..5", "a.size:7..5", &[("7..5", "?nothing can be in this range")]);
}

#[test]
fn versions() {
    check("eventVersion >= 1.08", "eventVersion>=1.8", &[]);
    check("version<1.10", "eventVersion<=1.9", &[]);
    check("version>1.09", "eventVersion>=1.10", &[]);
    check("version < 2.0", "eventVersion<2.0", &[]);
    let nothing = "?nothing can be in this range";
    check("version < 0.0", "eventVersion<0.0", &[("0.0", nothing)]);
    check("version > 4294967295.4294967295", "eventVersion<0.0", &[("4294967295.4294967295", nothing)]);
    check("eventVersion:1.8", "eventVersion:1.8", &[]);
    check("eventVersion:1.8..1.11", "eventVersion:1.8..1.11", &[]);
    check("eventVersion:1.*", "eventVersion:1.*", &[]);
    check("eventVersion:new", "eventVersion:new", &[]);
    check("eventVersion >= new", "", &[("eventVersion >= new", "not a version such as 1.08: new")]);
    for (query, version, matches) in [
        ("eventVersion >= 1.08", "1.10", true),
        ("eventVersion >= 1.08", "1.8", true),
        ("eventVersion >= 1.08", "1.07", false),
        ("eventVersion:1.8", "1.08", true),
        ("eventVersion < 1.10", "1.9", true),
        ("eventVersion > 1.0", "x", false),
        ("eventVersion < 0.0", "0.0", false),
    ] {
        let Predicate::Test(test) = parse(query, None).predicate else { panic!("{query}") };
        assert_eq!(test.matcher.matches(version), matches, "{query} of {version}");
    }
}

#[test]
fn problems() {
    check("name:", "", &[("name:", "no value; eventName:* finds events that have one")]);
    check("name: x", "x", &[("name:", "no value; eventName:* finds events that have one")]);
    check("name:A AND", "eventName:A", &[("AND", "nothing stands behind this")]);
    check("OR name:A", "eventName:A", &[("OR", "nothing stands before this")]);
    check("(name:A", "eventName:A", &[("(", "this parenthesis is not closed")]);
    check("name:A) name:B", "eventName:A AND eventName:B", &[(")", "this closes nothing")]);
    check(r#"name:"A"#, "", &[(r#"name:"A"#, "this quote is not closed")]);
    check(r#"x "A"#, "x", &[(r#""A"#, "this quote is not closed")]);
    check("NOT", "", &[("NOT", "nothing stands behind this")]);
    check("()", "", &[]);
    check("readOnly:yes", "readOnly:yes", &[("yes", "?readOnly is true or false, never yes")]);
    let range = "?read as a text, not as a range; write a network such as 10.0.0.0/8 instead of 10.0.0.1..10.0.0.9";
    check("ip:10.0.0.1..10.0.0.9", r#"sourceIPAddress:"10.0.0.1..10.0.0.9""#, &[("10.0.0.1..10.0.0.9", range)]);
    check(
        "ip:10.0.0.0/33",
        "sourceIPAddress:10.0.0.0/33",
        &[("10.0.0.0/33", "?no network has so many bits: 10.0.0.0/33")],
    );
}

#[test]
fn deep_nesting_is_a_problem_and_no_crash() {
    for text in ["(".repeat(60_000), "NOT ".repeat(16_000), "a.b:(".repeat(12_000)] {
        let parsed = parse(&text, None);
        assert!(parsed.problems.iter().any(|p| p.message.text.contains("nested deeper")));
    }
}

#[test]
fn a_long_query_is_cut() {
    let query = format!("name:A {}é", "x".repeat(MAX_QUERY - 8));
    let parsed = parse(&query, None);
    assert_eq!(
        parsed.problems,
        [QueryProblem {
            severity: Severity::Wrong,
            span: MAX_QUERY - 1..MAX_QUERY + 1,
            message: crate::said::said_with("only the first {} bytes of a query are read", [65_536_usize.into()]),
        }]
    );
}

/// Queries that make sense, or nearly.
fn query() -> impl Strategy<Value = String> {
    let field = prop::sample::select(vec![
        "",
        "name",
        "time",
        "version",
        "ip",
        "readOnly",
        "a.b",
        r#"a."b c""#,
        "eventNam",
        "resource",
    ]);
    let op = prop::sample::select(vec![":", "=", "!=", ">", ">=", "<", "<="]);
    let value = prop_oneof![
        prop::sample::select(vec![
            "x",
            "Get*",
            "*",
            r#""a \"b""#,
            "/a.c/",
            r"/a\/b/",
            "10.0.0.0/8",
            "5",
            "1.5..7",
            "..2",
            "1.8",
            "1.8..1.11",
            "2024-02-29",
            "2023-12..2024",
            "[2024 TO *]",
            "[1 TO 5]",
            "now-1h",
            "now-90m..now",
            "2024-01-31T10:00:00.25Z",
            r"a\*b",
            "/a/b/",
            "::1",
            "<0000",
            ">9999",
            "or",
            "0.0",
            "(a OR b*)",
            "(NOT (>5 AND <7))",
            "(2024 1.2)",
        ])
        .prop_map(str::to_owned),
        any::<String>().prop_map(|text| quote(&text)),
        "[a-zA-Z0-9*./-]{1,8}",
    ];
    let term = (field, op, value).prop_map(|(field, op, value)| match field {
        "" => value,
        _ => format!("{field}{op}{value}"),
    });
    term.prop_recursive(4, 24, 4, |inner| {
        let with = prop::sample::select(vec![" ", " AND ", " OR ", " and NOT "]);
        prop_oneof![
            (inner.clone(), with, inner.clone()).prop_map(|(a, with, b)| format!("{a}{with}{b}")),
            inner.clone().prop_map(|a| format!("({a})")),
            inner.prop_map(|a| format!("NOT {a}")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_text_is_a_query(query in r#"[a-z:*"()<>=!\[\]/\\ ANDORTO.0-9é-]{0,40}"#, now in any::<Option<i64>>()) {
        let parsed = parse(&query, now);
        for problem in &parsed.problems {
            prop_assert!(query.get(problem.span.clone()).is_some(), "{:?}", problem);
        }
        let text = parsed.predicate.to_string();
        prop_assert_eq!(parse(&text, None).predicate, parsed.predicate, "{}", text);
    }

    #[test]
    fn what_is_written_is_read_back(query in query()) {
        let predicate = parse(&query, now()).predicate;
        let text = predicate.to_string();
        let again = parse(&text, None);
        prop_assert_eq!(again.first_wrong(), None, "{}", text);
        prop_assert_eq!(again.predicate, predicate, "{}", text);
    }

    #[test]
    fn a_quoted_value_is_exactly_that(value in any::<String>(), word in r"[a-zA-Z0-9./:@*&_\\-]{0,9}") {
        let odd = ["", "1..2", "..", "10.0.0.0/8", "/x/", "*", "and", "NOT", "[1 TO 2]", ">5", "(", "\\", "a:b"];
        for value in odd.map(str::to_owned).into_iter().chain([value, word]) {
            for (sign, field) in [("=", "a.field"), (":", "name")] {
                let parsed = parse(&format!("{field}{sign}{}", quote(&value)), None);
                prop_assert_eq!(parsed.first_wrong(), None);
                let Predicate::Test(test) = parsed.predicate else { panic!("{value} is no test") };
                prop_assert!(test.matcher.matches(&value), "{:?}", test);
                prop_assert!(!test.matcher.matches(&format!("{value}x")), "{:?}", test);
                prop_assert!(!test.matcher.matches(&format!("x{value}")), "{:?}", test);
            }
        }
    }
}
