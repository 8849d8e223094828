use super::*;
use crate::predicate::parse;
use proptest::prelude::*;

/// A query with `|` for the cursor; what would be replaced; and what is expected: `prefix → field a, b`, of the candidates
/// the first two.
fn check(marked: &str, replaced: &str, expected: &str) {
    let cursor = marked.find('|').unwrap();
    let query = marked.replacen('|', "", 1);
    let Completion { span, prefix, expected: found } = complete(&query, cursor);
    let first = |candidates: &[Candidate]| {
        let texts: Vec<_> = candidates.iter().take(2).map(|candidate| candidate.text).collect();
        texts.join(", ")
    };
    let found = match found {
        Expected::Field(candidates) => format!("field {}", first(&candidates)),
        Expected::Operator(candidates) => format!("operator {}", first(&candidates)),
        Expected::Value { field, is_quoted: false } => format!("value of {}", field.name()),
        Expected::Value { field, is_quoted: true } => format!("quoted value of {}", field.name()),
        Expected::Anything => "anything".to_owned(),
    };
    assert_eq!((&query[span], format!("{prefix} → {found}").as_str()), (replaced, expected), "{marked}");
}

#[test]
fn names() {
    check("|", "", " → field eventTime, eventName");
    check("event|", "event", "event → field eventTime, eventName");
    check("eventN|ame:x", "eventName", "eventN → field eventName, insightDetails.eventName");
    check("eventname|:x", "eventname", "eventname → field eventName, insightDetails.eventName");
    check("ip|", "ip", "ip → field sourceIPAddress, principal");
    check("user|", "user", "user → field userIdentity.userName, userAgent");
    check("sourceIP|", "sourceIP", "sourceIP → field sourceIPAddress");
    check("tlsV|", "tlsV", "tlsV → field tlsDetails.tlsVersion");
    check("cipher|", "cipher", "cipher → field tlsDetails.cipherSuite");
    check("rewq|", "rewq", "rewq → field ");
    check("evnetN|", "evnetN", "evnetN → field ");
    check("evnetName|", "evnetName", "evnetName → field eventName");
    check("name:x AND |", "", " → field eventTime, eventName");
    check("name:x AND | y", "", " → field eventTime, eventName");
    check("NOT |", "", " → field eventTime, eventName");
    check("(|", "", " → field eventTime, eventName");
    check("(re|", "re", "re → field readOnly, recipientAccountId");
    check("|name:x", "name", " → field eventTime, eventName");
    check("|word", "", " → field eventTime, eventName");
    check("name:x a|", "a", "a → field AND, AND NOT");
    check("name:x or|", "or", "or → field OR, addendum.originalRequestID");
    check("or|", "or", "or → field addendum.originalRequestID, addendum.originalEventID");
}

#[test]
fn values() {
    check("name:|", "", " → value of eventName");
    check("name:Con|", "Con", "Con → value of eventName");
    check("name:Con|sole AND x", "Console", "Con → value of eventName");
    check("name:|Console", "Console", " → value of eventName");
    check("name=\"Con|", "\"Con", "Con → quoted value of eventName");
    check(r#"name:"C\"o|n" x"#, r#""C\"on""#, r#"C"o → quoted value of eventName"#);
    check("name:x AND eventTime >= |", "", " → value of eventTime");
    check("eventTime >= 2|024", "2024", "2 → value of eventTime");
    check("eventTime >| 2024", " 2024", " → value of eventTime");
    check("eventTime >|= 2024", "", " → anything");
    check("requestParameters.bucketName:b|", "b", "b → value of requestParameters.bucketName");
    check("name:(|", "", " → value of eventName");
    check("name:(A OR |)", "", " → value of eventName");
    check("name:(A OR (B| OR C", "B", "B → value of eventName");
    check("name:(A or|", "or", "or → value of eventName");
    check("name:(A OR |B)", "B", " → value of eventName");
    check("name|:(A)", "name", "name → field eventName, userIdentity.userName");
    check("name:Get*|", "Get*", "Get* → anything");
    check("name:/Ge|t/", "/Get/", "/Ge → anything");
    check("eventTime:[2024 |TO 2025]", "[2024 TO 2025]", "[2024  → anything");
    check("name:(A) re|", "re", "re → field readOnly, recipientAccountId");
    check("name:(A AND (B) |", "", " → operator AND, OR");
}

#[test]
fn operators() {
    check("name:x |", "", " → operator AND, OR");
    check("name:x | y", "", " → operator AND, OR");
    check("(name:x)|", "", " → operator AND, OR");
    check("word |", "", " → operator AND, OR");
    check("name:(A |", "", " → operator AND, OR");
    check("\"a phrase|", "\"a phrase", "\"a phrase → anything");
    check("\"a phrase\"|", "\"a phrase\"", "\"a phrase\" → anything");
    check("/ab|c/", "/abc/", "/ab → anything");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_cursor_has_an_answer(query in r#"[a-z:*"()<>=!\[\]/\\ ANDORTO.0-9é-]{0,40}"#, cursor in 0usize..60) {
        let Completion { span, expected, .. } = complete(&query, cursor);
        prop_assert!(query.get(span.clone()).is_some(), "{:?}", span);
        let cursor = query.floor_char_boundary(cursor);
        prop_assert!((span.start..=span.end).contains(&cursor), "{:?} {}", span, cursor);
        // What is completed is a test of that field.
        if let Expected::Value { field, .. } = expected {
            let text = format!("{}Certain{}", &query[..span.start], &query[span.end..]);
            let written = parse(&text, None).predicate.to_string();
            let is_test = written.contains("Certain") || parse(&text, None).first_wrong().is_some();
            prop_assert!(is_test, "{} of {} in {}", field.name(), text, written);
        }
    }
}
