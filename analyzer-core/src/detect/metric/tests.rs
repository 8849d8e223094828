//! What patterns mean, table by table, and what is wrong with those that mean nothing.

use super::*;
use crate::field::{FieldRef, Place};
use crate::identity::Parts;
use crate::ingest::memo::Memo;
use crate::ingest::record::{self, Around, Key};
use crate::predicate::Test;
use proptest::prelude::*;

/// Whether the pattern matches the record.
fn check(pattern: &str, record: &str) -> bool {
    let predicate = parse(pattern).unwrap_or_else(|problem| panic!("{pattern}: {problem:?}"));
    holds(&predicate, record)
}

fn holds(predicate: &Predicate, record: &str) -> bool {
    let decide = |record: &record::Record| {
        let parts = Parts::read(record.json(Key::UserIdentity).unwrap_or("null"));
        predicate.decide(&mut |test| {
            let mut holds = false;
            let mut each = |value: &str| holds |= test.matcher.matches(value);
            let around = Around { principal: &|| parts.principal(), event_id: &String::new };
            record.each_value(&test.field, &around, &mut each);
            Some(holds)
        })
    };
    record::read(record.as_bytes(), &mut Memo::new(0), decide).flatten().expect("a record")
}

const RECORD: &str = r#"{"eventVersion":"1.08","eventName":"PutObject","eventSource":"s3.amazonaws.com","errorCode":null,
    "userIdentity":{"type":"Root","accessKeyId":"","sessionContext":{"attributes":{"mfaAuthenticated":"true"}},"odd":null},
    "sourceIPAddress":"123.123.0.7","readOnly":false,"managementEvent":true,"recipientAccountId":"111122223333",
    "requestParameters":{"n":400,"f":1.50,"big":1e3,"neg":-2,"text":"400","list":["a","B",{"k":"v"},["x"],null,7],
        "a.b":"dotted","empty":{},"none":[],"tags":{"one":"x","two":2,"three":{"k":"w"}}," odd key":"y",
        "star":"a*b","quote":"say \"hi\"","ünï":"é","yes":true,"lone":"\ud800"},
    "requestParameters2":"x","responseElements":null,"eventID":"e-1"} "#;

fn matching(patterns: &[&str]) {
    patterns.iter().for_each(|pattern| assert!(check(pattern, RECORD), "{pattern} should match"));
}

fn other(patterns: &[&str]) {
    patterns.iter().for_each(|pattern| assert!(!check(pattern, RECORD), "{pattern} should not match"));
}

#[test]
fn texts_are_compared_with_their_case_and_as_a_whole() {
    matching(&[
        r#"{ $.eventName = "PutObject" }"#,
        "{ $.eventName = PutObject }",
        "{$.eventName=PutObject}",
        "  {\n $.eventName\t=  PutObject }\n",
        "{ $.eventSource = s3.amazonaws.com }",
        r#"{ $.requestParameters.quote = "say \"hi\"" }"#,
        r#"{ $.requestParameters.['ünï'] = "é" }"#,
    ]);
    other(&[
        "{ $.eventName = putobject }",
        "{ $.eventName = Put }",
        "{ $.eventname = PutObject }",
        r#"{ $.eventName = "PutObject " }"#,
        r#"{ $.eventName = "" }"#,
    ]);
}

#[test]
fn a_star_stands_for_any_run_of_characters() {
    matching(&[
        r#"{ $.eventName = "Put*" }"#,
        r#"{ $.eventName = "*Object" }"#,
        r#"{ $.eventName = "P*O*t" }"#,
        "{ $.eventName = Put* }",
        "{ $.eventName = * }",
        "{ $.sourceIPAddress = 123.123.* }",
        "{ $.requestParameters.n = 4* }",
        "{ $.requestParameters.n = * }",
        "{ $.requestParameters.yes = t* }",
        "{ $.requestParameters.star = a** }",
        "{ $.userIdentity.accessKeyId = * }",
    ]);
    other(&[
        r#"{ $.eventName = "put*" }"#,
        "{ $.sourceIPAddress != 123.123.* }",
        "{ $.requestParameters.n = 5* }",
        "{ $.errorCode = * }",
        "{ $.requestParameters.empty = * }",
        "{ $.requestParameters.list = * }",
        "{ $.nothing = * }",
    ]);
}

#[test]
fn numbers_are_compared_as_numbers() {
    matching(&[
        "{ $.requestParameters.n = 400 }",
        "{ $.requestParameters.n = +4e2 }",
        "{ $.requestParameters.n != 401 }",
        "{ $.requestParameters.n >= 400 && $.requestParameters.n <= 400.0 }",
        "{ $.requestParameters.n > 399.5 }",
        "{ $.requestParameters.n < 4E+3 }",
        "{ $.requestParameters.f = 1.5 }",
        "{ $.requestParameters.big = 1000 }",
        "{ $.requestParameters.neg < -1 }",
        // Ours: a text that is a number is one, and a number is a text too.
        "{ $.requestParameters.text = 400 }",
        "{ $.requestParameters.text > 399 }",
        "{ $.recipientAccountId = 111122223333 }",
        r#"{ $.requestParameters.n = "400" }"#,
        "{ $.eventName != 5 }",
    ]);
    other(&[
        "{ $.requestParameters.n = 401 }",
        "{ $.requestParameters.n != 400 }",
        "{ $.requestParameters.n > 400 }",
        "{ $.requestParameters.n < 400 }",
        "{ $.eventName > 5 }",
        "{ $.eventName = 5 }",
        "{ $.errorCode < 5 }",
        "{ $.requestParameters.yes > 0 }",
        "{ $.requestParameters.empty != 5 }",
        // As a text it stands as it was written.
        r#"{ $.requestParameters.f = "1.5" }"#,
    ]);
}

#[test]
fn what_is_missing_or_no_single_value_is_neither_equal_nor_unequal() {
    matching(&[
        "{ $.userIdentity.accessKeyId = \"\" }",
        "{ $.userIdentity.accessKeyId != AKIA }",
        "{ $.userIdentity.type != IAMUser }",
        "{ $.requestParameters.yes = true }",
        "{ $.requestParameters.yes != false }",
    ]);
    other(&[
        "{ $.nothing != x }",
        "{ $.errorCode != x }",
        "{ $.errorCode = null }",
        "{ $.requestParameters != x }",
        "{ $.requestParameters.list != x }",
        "{ $.requestParameters.n.deep != x }",
        "{ $.requestParameters.list.k != x }",
        "{ $.userIdentity.invokedBy != x }",
        "{ $.additionalEventData.MFAUsed != \"Yes\" }",
        "{ $.userIdentity.accessKeyId != \"\" }",
    ]);
}

#[test]
fn is_and_not_exists() {
    matching(&[
        "{ $.errorCode IS NULL }",
        "{ $.responseElements IS NULL }",
        "{ $.userIdentity.odd IS NULL }",
        "{ $.requestParameters.list[4] IS NULL }",
        "{ $.managementEvent IS TRUE }",
        "{ $.readOnly IS FALSE }",
        "{ $.requestParameters.yes IS TRUE }",
        "{ $.nothing NOT EXISTS }",
        "{ $.userIdentity.invokedBy NOT EXISTS }",
        "{ $.requestParameters.list[6] NOT EXISTS }",
        "{ $.requestParameters.none[*] NOT EXISTS }",
        "{ $.eventName.deep  NOT\n EXISTS }",
        // What is derived where a record lacks it is missing here.
        "{ $.eventCategory NOT EXISTS }",
        "{ $.eventTime NOT EXISTS }",
        "{ $.eventId NOT EXISTS }",
        "{ $.principal NOT EXISTS }",
    ]);
    other(&[
        "{ $.nothing IS NULL }",
        "{ $.eventName IS NULL }",
        "{ $.userIdentity.sessionContext.attributes.mfaAuthenticated IS TRUE }",
        "{ $.requestParameters.n IS TRUE }",
        "{ $.nothing IS FALSE }",
        "{ $.errorCode NOT EXISTS }",
        "{ $.userIdentity.accessKeyId NOT EXISTS }",
        "{ $.requestParameters.empty NOT EXISTS }",
        "{ $.eventID NOT EXISTS }",
        "{ $.eventCategory = Management }",
    ]);
}

#[test]
fn selectors() {
    matching(&[
        "{ $.requestParameters.list[0] = a }",
        "{ $.requestParameters.list[2].k = v }",
        "{ $.requestParameters.list[3][0] = x }",
        "{ $.requestParameters.list[*] = B }",
        "{ $.requestParameters.list[*].k = v }",
        "{ $.requestParameters.list[*] = 7 }",
        "{ $.requestParameters.list[*] != a }",
        "{ $.requestParameters.list[*] IS NULL }",
        "{ $.requestParameters.tags.* = 2 }",
        "{ $.requestParameters.tags.*.k = w }",
        "{ $.* = PutObject }",
        "{ $.requestParameters.['a.b'] = dotted }",
        "{ $.requestParameters.[' odd key'] = y }",
        "{ $.['eventName'] = PutObject }",
        r#"{ $.requestParameters.lone = "\ud800" }"#,
    ]);
    other(&[
        "{ $.requestParameters.list[1] = a }",
        "{ $.requestParameters.list[99999999] = a }",
        "{ $.requestParameters.list.k = v }",
        "{ $.requestParameters.list.* = a }",
        "{ $.requestParameters.tags[*] = x }",
        "{ $.requestParameters.tags.* = w }",
        "{ $.requestParameters.a.b = dotted }",
        "{ $.['userIdentity.type'] = Root }",
        "{ $[0] NOT EXISTS && $.eventName = x }",
    ]);
}

#[test]
fn and_binds_tighter_than_or() {
    matching(&[
        "{ $.eventName = PutObject || $.eventName = x && $.eventName = y }",
        "{ ($.eventName = PutObject) && (($.readOnly IS FALSE) || ($.readOnly IS TRUE)) }",
        "{ ((($.eventName = PutObject))) }",
        "{ $.eventName = x && $.eventName = y || $.eventName = PutObject }",
    ]);
    other(&[
        "{ ($.eventName = PutObject || $.eventName = x) && $.eventName = y }",
        "{ $.eventName = PutObject && $.readOnly IS TRUE }",
    ]);
}

#[test]
fn regular_expressions() {
    matching(&[
        "{ $.eventName = %^Put% }",
        "{ $.eventName = %Obj% }",
        r"{ $.sourceIPAddress = %^\d{1,3}\.123\.% }",
        "{ $.eventName != %^Get% }",
        "{ $.eventName = %Get|Put% }",
        r"{ $.eventName = %\x50ut% && $.eventSource = %[.]com$% }",
        "{ $.requestParameters.n = %^4% }",
    ]);
    other(&["{ $.eventName = %^put% }", "{ $.nothing != %x% }", "{ $.requestParameters.list = %a% }"]);
}

#[test]
fn terms_are_looked_for_in_the_text() {
    matching(&[
        "",
        " ",
        "\n\t",
        "PutObject",
        "Put",
        r#""s3.amazonaws.com""#,
        r#""\"eventName\":\"PutObject\"""#,
        "PutObject -GetObject",
        r#"PutObject - "GetObject""#,
        "?GetObject ?PutObject",
        "Root ?GetObject ?PutObject -DeleteObject",
        "%Put[A-Z]%",
        "eventName %s3|ec2% -%Get.*Item%",
    ]);
    other(&[
        "putobject",
        "PutObject -Root",
        "GetObject PutObject",
        "?GetObject ?DeleteObject",
        "Root ?GetObject",
        r#""PutObject s3""#,
        "-PutObject",
        "%put[a-z]%",
    ]);
}

#[test]
fn of_a_key_that_comes_twice_the_last_value_counts() {
    let record = r#"{"eventVersion":"1.08","eventName":"a","eventName":"b","x":{"k":1,"k":null},"errorCode":"e","errorCode":null,
        "eventId":"lower","userIdentity":{"type":"A","type":"B"}} "#;
    for (pattern, expected) in [
        ("{ $.eventName = b }", true),
        ("{ $.eventName = a }", false),
        ("{ $.eventName NOT EXISTS }", false),
        ("{ $.x.k IS NULL }", true),
        ("{ $.x.* = 1 }", false),
        ("{ $.errorCode IS NULL }", true),
        ("{ $.errorCode = e }", false),
        ("{ $.eventId = lower }", true),
        ("{ $.eventID NOT EXISTS }", true),
        ("{ $.userIdentity.type = B }", true),
        ("{ $.userIdentity.* = A }", false),
    ] {
        assert_eq!(check(pattern, record), expected, "{pattern}");
    }
}

/// The fields that a pattern's tests ask.
fn fields(pattern: &str) -> Vec<FieldRef> {
    let mut fields = Vec::new();
    let mut note = |test: &Test| {
        fields.push(test.field.clone());
        None
    };
    let _ = parse(pattern).expect("a pattern").decide(&mut note);
    fields
}

#[test]
fn columns_are_asked_where_they_say_the_same() {
    let is_quick = |pattern: &str| {
        let is_quick = |field: &FieldRef| match field {
            FieldRef::Standard(field) => matches!(field.place, Place::Column(_) | Place::Identity(_)),
            _ => false,
        };
        fields(pattern).iter().all(is_quick)
    };
    for pattern in [
        "{ $.eventName = x }",
        "{ $.eventSource = \"x*\" }",
        "{ $.errorCode != x }",
        "{ $.recipientAccountId = 1 }",
        "{ $.userIdentity.type = Root }",
        "{ $.userIdentity.sessionContext.sessionIssuer.userName = \"a*\" }",
        "{ $.['eventName'] = x }",
    ] {
        assert!(is_quick(pattern), "{pattern}");
    }
    for pattern in [
        "{ $.eventname = x }",
        "{ $.name = x }",
        "{ $.eventCategory = Data }",
        "{ $.eventTime = \"2024*\" }",
        "{ $.eventID = x }",
        "{ $.principal = x }",
        "{ $.requestID = x }",
        "{ $.errorCode NOT EXISTS }",
        "{ $.readOnly IS TRUE }",
        "{ $.userIdentity.accessKeyId = * }",
        "{ $.userIdentity.type != Root }",
        "{ $.['userIdentity.type'] = Root }",
        "{ $.userIdentity.* = Root }",
    ] {
        assert!(!is_quick(pattern), "{pattern}");
    }
}

/// The problem of a pattern: the part that it is about, and what it says.
fn problem(pattern: &str) -> (&str, String) {
    let problem = parse(pattern).expect_err(pattern);
    assert_eq!(problem.severity, Severity::Wrong);
    (&pattern[problem.span], problem.message.to_string())
}

#[test]
fn what_is_wrong_is_told_in_its_place() {
    for (pattern, part, says) in [
        ("{ }", "}", "a selector"),
        ("{", "", "ends where a selector"),
        ("{ $.a = 1", "", "has to end with }"),
        ("{ $.a = 1 } x", "x", "nothing may follow"),
        ("{ $.a = 1 ) }", ")", "no ( for this )"),
        ("{ ($.a = 1 }", "(", "not closed"),
        ("{ ($.a = 1 $.b = 2) }", "$", "&&, || or )"),
        ("{ $.a = 1 $.b = 2 }", "$", "&&, || or }"),
        ("{ $.a = 1 & $.b = 2 }", "&", "&&, || or }"),
        ("{ $.a = 1 && }", "}", "a selector"),
        ("{ !($.a = 1) }", "!", "no sign for \"not\""),
        ("{ a = 1 }", "a", "a selector"),
        ("{ $ = 1 }", "$", "names something"),
        ("{ $. = 1 }", " ", "has to follow the dot"),
        ("{ $.a..b = 1 }", ".", "has to follow the dot"),
        ("{ $.ä = 1 }", "ä", "has to follow the dot"),
        ("{ $.['a = 1 }", ".['", "no '] at its end"),
        ("{ $.[''] = 1 }", ".['']", "empty"),
        ("{ $['a'] = 1 }", "['", "a dot in front"),
        ("{ $.a[x] = 1 }", "[x", "[0], [1]"),
        ("{ $.a[-1] = 1 }", "[-", "[0], [1]"),
        ("{ $.a[99999999999999999999999] = 1 }", "[99999999999999999999999]", "[0], [1]"),
        ("{ $.a[*].* = 1 }", "$.a[*].*", "at most one wildcard"),
        ("{ $.a[*] = 1 && $.b.* = 1 && $.* = 2 && $.d[*] = 1 }", "$.d[*]", "at most 3 wildcards"),
        ("{ $.a }", "}", "an operator"),
        ("{ $.a == 1 }", "=", "one = is enough"),
        ("{ $.a = }", "}", "a value has to stand"),
        ("{ $.a =", "", "a value has to stand"),
        ("{ $.a = (1) }", "(", "double quotes"),
        ("{ $.a = a!b }", "!", "double quotes"),
        ("{ $.a = ä }", "ä", "double quotes"),
        ("{ $.a = \"x }", "\"x }", "quote is not closed"),
        ("{ $.a < x }", "x", "only numbers"),
        ("{ $.a >= \"5\" }", "\"5\"", "only numbers"),
        ("{ $.a > 4* }", "4*", "only numbers"),
        ("{ $.a = 1e999 }", "1e999", "too large"),
        ("{ $.a IS NOT NULL }", "NOT", "no IS NOT"),
        ("{ $.a IS }", "}", "NULL, TRUE or FALSE"),
        ("{ $.a IS null }", "null", "NULL, TRUE or FALSE"),
        ("{ $.a EXISTS }", "EXISTS", "only NOT EXISTS"),
        ("{ $.a NOT NULL }", "NULL", "EXISTS has to follow"),
        ("{ $.a LIKE x }", "LIKE", "an operator"),
        ("{ $.a = %x }", "%x }", "no % at its end"),
        ("{ $.a = %% }", "%%", "empty"),
        ("{ $.a = %(a)% }", "(", "no parentheses"),
        ("{ $.a = %a b% }", " ", "none of them"),
        ("{ $.a = %ä% }", "ä", "none of them"),
        (r"{ $.a = %\bx% }", r"\b", "behind \\"),
        (r"{ $.a = %\x5% }", r"\x", "behind \\"),
        (r"{ $.a = %\% }", r"\", "behind \\"),
        ("{ $.a = %[% }", "%[%", "not a regular expression"),
        ("{ $.a = %x% || $.a = %y% || $.a = %z% }", "%z%", "at most 2 regular"),
        ("[ip, user]", "[", "JSON"),
        ("access-denied", "-", "double quotes"),
        ("a $.b", "$", "double quotes"),
        ("ERROR - ", "", "a term has to stand"),
        ("?", "", "a term has to stand"),
        ("\"\"", "\"\"", "empty"),
        ("%a% %b% %c%", "%c%", "at most 2 regular"),
    ] {
        let (found, message) = problem(pattern);
        assert_eq!(found, part, "{pattern}: {message}");
        assert!(message.contains(says), "{pattern}: {message}");
    }
}

#[test]
fn limits() {
    let long = |length: usize| format!("{{ $.a = \"{}\" }}", "ä".repeat(length - "{ $.a = \"\" }".len()));
    assert!(parse(&long(MAX_PATTERN)).is_ok());
    let (part, message) = (long(MAX_PATTERN + 1), "a pattern has at most 1024 characters");
    assert_eq!(problem(&part), ("}", message.to_owned()));
    let nested = |depth: usize| format!("{{{}$.a = 1{}}}", "(".repeat(depth), ")".repeat(depth));
    assert!(check(&nested(MAX_DEPTH), r#"{"eventVersion":"1.08","a":1} "#));
    assert_eq!(problem(&nested(MAX_DEPTH + 1)).1, "parentheses nest at most 64 deep");
    assert_eq!(problem(&"(".repeat(MAX_PATTERN)).0, "(");
}

#[test]
fn tests_can_be_read() {
    for (pattern, expected) in [
        ("{ $.eventName = \"a*\" }", "eventName=a*"),
        ("{ $.a[0].['b c'].* != 5 }", "NOT $.a[0].['b c'].*:5..5"),
        ("{ $.a IS NULL && $.b IS TRUE }", "$.a IS NULL AND $.b IS TRUE"),
        ("{ $.a NOT EXISTS }", "NOT $.a EXISTS"),
        ("{ $.a[*] = %x% }", "$.a[*]=/x/"),
    ] {
        assert_eq!(parse(pattern).unwrap().to_string(), expected, "{pattern}");
    }
}

proptest! {
    #[test]
    fn no_pattern_is_too_odd(pattern in any::<String>(), near in r#"[{}()\[\]$.*'"%=!<>&| a-cISNOTEXL0-9\\?-]{0,40}"#) {
        for pattern in [pattern, format!("{{{near}}}"), format!("{{ $.a = {near} }}"), near] {
            match parse(&pattern) {
                Ok(predicate) => {
                    holds(&predicate, RECORD);
                    let _ = predicate.to_string();
                }
                Err(problem) => {
                    prop_assert!(pattern.get(problem.span.clone()).is_some(), "{:?}", problem);
                    let message = problem.message.to_string();
                    prop_assert!(!message.is_empty() && !message.contains('\n'), "{:?}", problem);
                }
            }
        }
    }
}
