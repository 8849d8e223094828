//! What stays, what does not, and that the same value has the same pseudonym everywhere.

use super::*;
use crate::identity::Parts;
use proptest::prelude::*;
use serde_json::{Value, json};

fn redactor() -> Redactor {
    Redactor::new(b"a secret of a test")
}

/// The redacted value under a path, with `~` for each run of characters that depend on the secret.
fn shape(path: &str, text: &str) -> String {
    let redacted = redactor().text(path, text);
    let other = Redactor::new(b"the secret of another").text(path, text);
    assert_eq!(redacted, redactor().text(path, text), "{path} {text}");
    let parts =
        |text: &str| -> Vec<String> { text.split_inclusive([':', '/', '-', ' ', '.']).map(str::to_owned).collect() };
    let (mine, others) = (parts(&redacted), parts(&other));
    if mine.len() != others.len() {
        return format!("{redacted} and {other}");
    }
    let end = |part: &str| part.chars().last().filter(|c| ":/- .".contains(*c)).map(String::from).unwrap_or_default();
    let differs =
        |(mine, other): (&String, &String)| if mine == other { mine.clone() } else { format!("~{}", end(mine)) };
    mine.iter().zip(&others).map(differs).collect()
}

fn check(path: &str, text: &str, expected: &str) {
    assert_eq!(shape(path, text), expected, "{path} {text}");
}

#[test]
fn codes_are_those_of_hmac() {
    let hex: String = Redactor::new(b"Jefe").code("name", "alice").iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, "4a60240983c857cc821b4982067c5ee833e5e43ffe0542f25a428a66f61b1a89");
}

#[test]
fn calls_services_regions_times_and_errors_stay() {
    for (path, text) in [
        ("eventName", "ConsoleLogin"),
        ("eventSource", "s3.amazonaws.com"),
        ("awsRegion", "eu-west-1"),
        ("eventTime", "2024-05-06T10:00:00Z"),
        ("errorCode", "Client.UnauthorizedOperation"),
        ("errorMessage", "Failed authentication"),
        ("eventID", "7c1a3f9e-0b52-4e7d-9d7a-0123456789ab"),
        ("eventVersion", "1.11"),
        ("userIdentity.type", "AssumedRole"),
        ("userIdentity.invokedBy", "cloudformation.amazonaws.com"),
        ("sourceIPAddress", "AWS Internal/3"),
        ("sourceIPAddress", "logs.eu-west-1.amazonaws.com"),
        ("resources.type", "AWS::S3::Bucket"),
        ("requestParameters.policyArn", "arn:aws:iam::aws:policy/AdministratorAccess"),
        ("requestParameters.cidrIp", "0.0.0.0/0"),
        ("requestParameters.maxKeys", "*"),
        ("userAgent", "aws-cli/2.15.0 Python/3.11.6 Linux/5.10.205"),
    ] {
        check(path, text, text);
    }
}

#[test]
fn what_identifies_does_not() {
    for (path, text, expected) in [
        ("recipientAccountId", "111122223333", "~"),
        ("userIdentity.userName", "alice", "name-~"),
        ("userIdentity.userName", "Success", "name-~"),
        ("userIdentity.userName", "ec2.amazonaws.com", "name-~"),
        ("userIdentity.principalId", "AROAEXAMPLEEXAMPLE1:alice", "~:name-~"),
        ("userIdentity.accessKeyId", "AKIAIOSFODNN7EXAMPLE", "~"),
        ("userIdentity.arn", "arn:aws:iam::111122223333:root", "arn:aws:iam::~:root"),
        ("userIdentity.arn", "arn:aws:iam::111122223333:user/team/alice", "arn:aws:iam::~:user/name-~/name-~"),
        ("a", "arn:aws:s3:::logs", "arn:aws:s3:::name-~"),
        ("a", "arn:aws:s3:::logs/a/b.txt", "arn:aws:s3:::name-~/name-~"),
        ("a", "arn:aws:s3:::logs/*", "arn:aws:s3:::name-~/*"),
        ("a", "arn:aws:logs:eu-west-1:111122223333:log-group:/a/b:*", "arn:aws:logs:eu-west-1:~:log-group:name-~:*"),
        ("a", "arn:alice:Bob:carol:dave:eve", "arn:name-~:name-~:name-~:name-~:name-~"),
        ("sourceIPAddress", "2001:db8::1", "2001:db8::~:~:~:~"),
        ("sourceIPAddress", "office.example.com", "name-~"),
        ("tlsDetails.clientProvidedHostHeader", "logs.s3.eu-west-1.amazonaws.com", "name-~.s3.eu-west-1.amazonaws.com"),
        ("a.host", "111122223333.dkr.ecr.eu-west-1.amazonaws.com", "~.dkr.ecr.eu-west-1.amazonaws.com"),
        ("requestParameters.instanceId", "i-0a1b2c3d4e5f60718", "i-~"),
        ("errorMessage", "User: alice may not", "text-~"),
        ("eventName", "111122223333444455556666", "name-~"),
        ("a.b", "1234567890", "name-~"),
        ("userAgent", "aws-cli/2.15.0 alice/1 (at 10.0.0.1)", "aws-cli/2.15.0 agent-~"),
        ("userAgent", "Chrome/10.1.2.3", "Chrome/10 agent-~"),
        ("userAgent", "alice", "agent-~"),
    ] {
        check(path, text, expected);
    }
    assert_eq!(redactor().text("sourceIPAddress", "10.1.2.3/24").split_once('/').unwrap().1, "24");
}

#[test]
fn the_same_value_has_the_same_pseudonym_everywhere() {
    let alice = redactor().text("userIdentity.userName", "alice");
    for (path, text) in [
        ("userIdentity.arn", "arn:aws:iam::111122223333:user/alice"),
        ("userIdentity.arn", "arn:aws:sts::111122223333:assumed-role/Admin/alice"),
        ("userIdentity.principalId", "AROAEXAMPLEEXAMPLE1:alice"),
        ("requestParameters.userName", "alice"),
        ("resources.ARN", "arn:aws:s3:::alice/x"),
        ("tlsDetails.clientProvidedHostHeader", "alice.s3.amazonaws.com"),
    ] {
        let redacted = redactor().text(path, text);
        assert!(redacted.contains(&alice), "{path}: {redacted}");
    }
    let identity = r#"{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/Admin/alice",
        "sessionContext":{"sessionIssuer":{"userName":"Admin"}}}"#;
    let admin = redactor().name("Admin");
    assert_eq!(redactor().label(&Parts::read(identity).principal()), format!("{admin}/{alice}"));
    assert_eq!(redactor().text("a", "2001:DB8:0::1"), redactor().text("a", "2001:db8::1"));
}

#[test]
fn records_keep_their_form() {
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*","iam:alice smith"],
        "Principal":{"AWS":"arn:aws:iam::111122223333:root","Service":"ec2.amazonaws.com"},"Resource":"*"}]}"#;
    let record = json!({
        "eventName": "PutBucketPolicy",
        "userIdentity": { "accountId": 111122223333u64, "sessionContext": null },
        "readOnly": false,
        "requestParameters": {
            "policy": policy,
            "count": 3,
            "tags": { "owner": "alice" },
            "x-amz-meta-alice": "1",
            "bucketName": "Logs",
            "Logs": { "id": 17 },
        },
    });
    let redacted: Value = serde_json::from_str(&redactor().record(&record.to_string()).unwrap()).unwrap();
    let redactor = redactor();
    assert_eq!(redacted["eventName"], "PutBucketPolicy");
    assert_eq!(redacted["readOnly"], false);
    assert_eq!(redacted["userIdentity"]["accountId"].to_string(), redactor.name("111122223333"));
    let parameters = &redacted["requestParameters"];
    assert_eq!(parameters["count"], 3);
    assert_eq!(parameters["tags"][redactor.name("owner")], redactor.name("alice"));
    assert_eq!(parameters[redactor.name("Logs")]["id"], 17);
    assert_eq!(parameters.get("x-amz-meta-alice"), None);
    let policy: Value = serde_json::from_str(parameters["policy"].as_str().unwrap()).unwrap();
    let statement = &policy["Statement"][0];
    assert_eq!((&statement["Effect"], &statement["Resource"]), (&json!("Allow"), &json!("*")));
    assert_eq!(statement["Action"], json!(["s3:Get*", redactor.name("iam:alice smith")]));
    assert_eq!(statement["Principal"]["Service"], "ec2.amazonaws.com");
    assert_eq!(redactor.record(r#"{"a":"\ud800"}"#), None);
    assert_eq!(redactor.record("[1]"), None);
}

/// Something that identifies.
fn identity() -> impl Strategy<Value = String> {
    prop_oneof![
        "[1-9][0-9]{11}",
        "(AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}",
        "(1[1-9]|[2-9][0-9])\\.[0-9]{1,2}\\.1[0-9]{2}\\.2[0-4][0-9]",
        "[a-z]{4}[0-9]{4}[a-z]{4}",
        "[a-z]{6}@[a-z]{8}\\.example",
        "[A-Z][a-z]{9} [A-Z][a-z]{9}",
        "(i|vpc|sg)-[0-9a-f]{17}",
    ]
}

/// Texts that hold it, with the texts that are said around it.
fn holder(identity: &str) -> Vec<String> {
    vec![
        identity.to_owned(),
        format!("arn:aws:iam::111122223333:user/{identity}"),
        format!("arn:aws:sts::{identity}:assumed-role/{identity}/{identity}"),
        format!("AROAEXAMPLEEXAMPLE12:{identity}"),
        format!("User: {identity} is not allowed to do this"),
        format!("aws-cli/2.0 (by {identity}) Python/3.1"),
        format!(
            r#"{{"Statement":[{{"Action":"s3:{identity}","Principal":{{"AWS":"{identity}","{identity}":"x"}}}}]}}"#
        ),
        format!("{identity}.s3.amazonaws.com"),
        format!("https://{identity}/{identity}?x={identity}"),
        format!("{identity}/32"),
        format!("%7B{identity}%7D"),
    ]
}

proptest! {
    /// Whatever stands wherever: it is not there afterwards. The paths are those that keep nothing by their names.
    #[test]
    fn nothing_of_an_identity_is_left(identity in identity(), keys in prop::collection::vec("[a-zA-Z]{1,8}|userName|tags|policy|host|userAgent|sourceIPAddress", 1..4)) {
        for text in holder(&identity) {
            let mut value = json!([text, { identity.as_str(): text }, { "tags": { "x": text } }]);
            for key in keys.iter().rev() {
                value = json!({ key.as_str(): value });
            }
            let redacted = redactor().record(&value.to_string()).unwrap();
            prop_assert!(!redacted.contains(&identity), "{redacted}");
            prop_assert!(serde_json::from_str::<Value>(&redacted).is_ok());
        }
    }

    /// Else one of some thousands would hold the name of somebody who is in the log.
    #[test]
    fn names_get_pseudonyms_that_spell_nothing(name in "[a-z]{1,20}") {
        let pseudonym = redactor().text("userIdentity.userName", &name);
        let letters = pseudonym.strip_prefix("name-").unwrap_or_default();
        prop_assert_eq!(letters.len(), 12, "{}", pseudonym);
        prop_assert!(!letters.contains(['a', 'e', 'i', 'o', 'u', 'y', '0', '1', '3']), "{}", pseudonym);
    }

    #[test]
    fn no_text_is_too_odd(path in "[a-zA-Z.]{0,20}", text in any::<String>(), json in any::<String>()) {
        let first = redactor().text(&path, &text);
        prop_assert_eq!(first, redactor().text(&path, &text));
        redactor().record(&json);
        redactor().record(&json!({ text: json }).to_string());
    }
}
