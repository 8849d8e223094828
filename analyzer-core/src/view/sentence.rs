//! One event as a sentence: who did what to what, from where, and what became of it.
//!
//! Every part may be missing, and none is trusted. Facts: CloudTrail user guide, "CloudTrail record contents" and "AWS
//! Management Console sign-in events".

use crate::field::FieldRef;
use crate::identity::Principal;
use crate::ingest::record::{Around, Record};
use crate::said::{Said, Value, phrase, said, said_with};

/// So many characters of a value are told: the record has it whole.
const MOST: usize = 160;

/// What a request is about, by the parameter that names it.
const TARGETS: [(&str, &str); 12] = [
    ("bucketName", phrase(" on the bucket {}")),
    ("roleName", phrase(" on the role {}")),
    ("groupName", phrase(" on the group {}")),
    ("userName", phrase(" on the user {}")),
    ("policyArn", phrase(" on the policy {}")),
    ("functionName", phrase(" on the function {}")),
    ("instanceId", phrase(" on the instance {}")),
    ("secretId", phrase(" on the secret {}")),
    ("keyId", phrase(" on the key {}")),
    ("trailName", phrase(" on the trail {}")),
    ("groupId", phrase(" on the security group {}")),
    ("snapshotId", phrase(" on the snapshot {}")),
];

/// A kind of call, in sentences for each of its outcomes: who, what, from where, and why it failed.
struct Call {
    succeeded: &'static str,
    denied: &'static str,
    failed_of: &'static str,
    failed: &'static str,
}

const ANY_CALL: Call = Call {
    succeeded: phrase("{} called {}{}, and it succeeded."),
    denied: phrase("{} tried to call {}{}, and was denied: {}."),
    failed_of: phrase("{} tried to call {}{}, and it failed: {}."),
    failed: phrase("{} tried to call {}{}, and it failed."),
};
const SIGN_IN: Call = Call {
    succeeded: phrase("{} signed in to the console{}{}, and it succeeded."),
    denied: phrase("{} tried to sign in to the console{}{}, and was denied: {}."),
    failed_of: phrase("{} tried to sign in to the console{}{}, and it failed: {}."),
    failed: phrase("{} tried to sign in to the console{}{}, and it failed."),
};
const ROLE: Call = Call {
    succeeded: phrase("{} took {}{}, and it succeeded."),
    denied: phrase("{} tried to take {}{}, and was denied: {}."),
    failed_of: phrase("{} tried to take {}{}, and it failed: {}."),
    failed: phrase("{} tried to take {}{}, and it failed."),
};

/// What error codes have in them that say that somebody may not do it.
const DENIED: [&str; 5] = ["AccessDenied", "Unauthorized", "Forbidden", "AuthFailure", "NotAuthorized"];

/// The values that an event has in some fields.
struct Event<'e, 'a>(&'e Record<'a>, &'e Around<'e, 'a>);

impl Event<'_, '_> {
    fn all(&self, field: &str) -> Vec<String> {
        let mut values = Vec::new();
        self.0.each_value(&FieldRef::parse(field), self.1, &mut |value| values.push(shortened(value)));
        values.retain(|value| !value.is_empty());
        values
    }

    fn get(&self, field: &str) -> Option<String> {
        self.all(field).into_iter().next()
    }

    fn is(&self, field: &str, value: &str) -> bool {
        self.get(field).is_some_and(|found| found == value)
    }
}

/// What became of a call.
enum Outcome {
    Success,
    Denied(String),
    Failure(Option<String>),
}

/// The sentence. Its values are untrusted text.
pub(crate) fn of<'a>(record: &Record<'a>, around: &Around<'_, 'a>) -> Said {
    let event = Event(record, around);
    if event.is("eventType", "AwsCloudTrailInsight") {
        return insight(&event);
    }
    let principal = (around.principal)();
    let (who, from) = (who(&principal, &event).into(), from(&principal, &event).into());
    if event.is("eventType", "AwsServiceEvent") {
        return said_with("{} reported {}{}{}.", [who, name_of(&event).into(), on(&event).into(), from]);
    }
    let (call, what) = match event.get("eventName").as_deref() {
        Some("ConsoleLogin") => (SIGN_IN, mfa(&event).into()),
        Some(name) if name.starts_with("AssumeRole") => (ROLE, role_taken(&event).into()),
        _ => (ANY_CALL, called(&event)),
    };
    match outcome(&event) {
        Outcome::Success => said_with(call.succeeded, [who, what, from]),
        Outcome::Denied(code) => said_with(call.denied, [who, what, from, code.into()]),
        Outcome::Failure(Some(why)) => said_with(call.failed_of, [who, what, from, why.into()]),
        Outcome::Failure(None) => said_with(call.failed, [who, what, from]),
    }
}

fn who(principal: &Principal, event: &Event) -> Said {
    let name = principal.user_name.or(principal.arn.and_then(last_part)).or(principal.principal_id).map(shortened);
    let account = principal.account.map(shortened);
    let by_name = |with: &'static str, without: &'static str| named(name.clone(), with, without);
    match principal.kind.unwrap_or_default() {
        "Root" => named(account, phrase("The root user of {}"), phrase("The root user")),
        "IAMUser" => by_name(phrase("The user {}"), phrase("A user")),
        "AssumedRole" => in_role(principal),
        "Role" => by_name(phrase("The role {}"), phrase("A role")),
        "FederatedUser" => by_name(phrase("The federated user {}"), phrase("A federated user")),
        "SAMLUser" => by_name(phrase("The SAML user {}"), phrase("A SAML user")),
        "WebIdentityUser" => by_name(phrase("The web identity {}"), phrase("A web identity")),
        "IdentityCenterUser" => by_name(phrase("The Identity Center user {}"), phrase("An Identity Center user")),
        "AWSAccount" => named(account, phrase("Somebody of the account {}"), phrase("Somebody of another account")),
        "AWSService" => service(principal.invoked_by.map(shortened)),
        _ if event.is("eventType", "AwsServiceEvent") => service(event.get("eventSource")),
        _ => name.or(account).map_or_else(|| said("Somebody unnamed"), Said::from),
    }
}

/// A text with a name in it, or the one for those without.
fn named(name: Option<String>, with: &'static str, without: &'static str) -> Said {
    name.map_or_else(|| said(without), |name| said_with(with, [name.into()]))
}

fn service(name: Option<String>) -> Said {
    let name = name.map(|name| short(&name).to_owned());
    named(name, phrase("The service {}"), phrase("A service of AWS"))
}

/// `alice@example.com in the role Admin`.
fn in_role(principal: &Principal) -> Said {
    let of_arn =
        principal.arn.and_then(|arn| arn.split_once(":assumed-role/")).and_then(|(_, name)| name.split('/').next());
    let role = principal.issuer_name.or(of_arn).filter(|role| !role.is_empty()).map(shortened);
    let session = principal.session_name().filter(|name| !name.is_empty()).map(shortened);
    match (session, role) {
        (Some(session), Some(role)) => said_with("{} in the role {}", [session.into(), role.into()]),
        (Some(session), None) => said_with("{} in a role", [session.into()]),
        (None, role) => named(role, phrase("Somebody in the role {}"), phrase("Somebody in a role")),
    }
}

fn outcome(event: &Event) -> Outcome {
    let failed = |path: &str| event.is(path, "Failure");
    match (event.get("errorCode"), event.get("errorMessage")) {
        (Some(code), _) if DENIED.iter().any(|word| code.contains(word)) => Outcome::Denied(code),
        (Some(code), _) => Outcome::Failure(Some(code)),
        // A sign-in that failed has no code.
        (None, Some(message)) => Outcome::Failure(Some(message)),
        (None, None) if failed("responseElements.ConsoleLogin") || failed("responseElements.SwitchRole") => {
            Outcome::Failure(None)
        }
        (None, None) => Outcome::Success,
    }
}

fn name_of(event: &Event) -> Said {
    event.get("eventName").map_or_else(|| said("something"), Said::from)
}

fn mfa(event: &Event) -> Option<Said> {
    match event.get("additionalEventData.MFAUsed").as_deref() {
        Some("Yes") => Some(said(" with MFA")),
        Some("No") => Some(said(" without MFA")),
        _ => None,
    }
}

fn role_taken(event: &Event) -> Said {
    named(event.get("requestParameters.roleArn"), phrase("the role {}"), phrase("a role"))
}

/// `GetObject of s3 on the bucket logs`.
fn called(event: &Event) -> Value {
    let name = name_of(event);
    let call = match event.get("eventSource") {
        Some(source) => said_with("{} of {}", [name.into(), short(&source).into()]),
        None => name,
    };
    Value::Said(std::iter::once(call).chain(on(event)).collect())
}

/// What it was about, with a word before it; nothing if the record does not tell.
fn on(event: &Event) -> Option<Said> {
    let named = |(key, text): &(&str, &'static str)| {
        let value = Value::from(event.get(&format!("requestParameters.{key}"))?);
        let object = event.get("requestParameters.key").filter(|_| *key == "bucketName");
        Some(match object {
            Some(object) => said_with(" on {} in the bucket {}", [object.into(), value]),
            None => said_with(text, [value]),
        })
    };
    TARGETS.iter().find_map(named).or_else(|| match event.all("resources.ARN").as_slice() {
        [] => None,
        [one] => Some(said_with(" on {}", [one.as_str().into()])),
        [first, others @ ..] => Some(said_with(" on {} and {} more", [first.as_str().into(), others.len().into()])),
    })
}

/// Where it came from, through whom, and in which region.
fn from(principal: &Principal, event: &Event) -> Vec<Said> {
    let source = event.get("sourceIPAddress").filter(|source| principal.invoked_by != Some(source));
    let is_service = principal.kind == Some("AWSService") || event.is("eventType", "AwsServiceEvent");
    let source = source.map(|source| {
        // The name of a service stands in the place of an address.
        let is_of_aws = source.ends_with(".amazonaws.com") || source.starts_with("AWS");
        let text = if is_of_aws { phrase(" from within AWS ({})") } else { phrase(" from {}") };
        said_with(text, [short(&source).into()])
    });
    let by = principal.invoked_by.filter(|_| !is_service).map(shortened);
    let by = by.map(|by| said_with(" through {}", [short(&by).into()]));
    source.into_iter().chain(by).chain(region(event)).collect()
}

fn region(event: &Event) -> Option<Said> {
    event.get("awsRegion").map(|region| said_with(" in {}", [region.into()]))
}

fn insight(event: &Event) -> Said {
    let what = event.get("insightDetails.eventName").map(|name| said_with(" of {}", [name.into()]));
    let kind = event.get("insightDetails.insightType").map(|kind| said_with(" ({})", [kind.into()]));
    let text = match event.is("insightDetails.state", "End") {
        true => phrase("CloudTrail saw the end of unusual activity{}{}{}."),
        false => phrase("CloudTrail noticed unusual activity{}{}{}."),
    };
    said_with(text, [what.into(), region(event).into(), kind.into()])
}

/// `s3.amazonaws.com` is `s3`: the sentence says that it is a service.
fn short(source: &str) -> &str {
    source.strip_suffix(".amazonaws.com").unwrap_or(source)
}

/// `alice` of `arn:aws:iam::111122223333:user/path/alice`.
fn last_part(arn: &str) -> Option<&str> {
    arn.rsplit(['/', ':']).next().filter(|part| !part.is_empty())
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Parts;
    use crate::ingest::memo::Memo;
    use crate::ingest::record;

    fn told(identity: &str, rest: &str) -> String {
        let json = format!(r#"{{"eventVersion":"1.08","userIdentity":{identity}{rest}}}"#);
        record::read(json.as_bytes(), &mut Memo::new(0), |record| {
            let parts = Parts::read(identity);
            of(record, &Around { principal: &|| parts.principal(), event_id: &String::new }).to_string()
        })
        .unwrap()
    }

    fn check(identity: &str, rest: &str, expected: &str) {
        assert_eq!(told(identity, rest), expected, "{identity} {rest}");
    }

    const ALICE: &str = r#"{"type":"IAMUser","userName":"alice","arn":"arn:aws:iam::111122223333:user/alice"}"#;

    #[test]
    fn who_did_it() {
        let get = r#","eventName":"GetObject","eventSource":"s3.amazonaws.com","sourceIPAddress":"192.0.2.1","awsRegion":"eu-west-1""#;
        let did = "called GetObject of s3 from 192.0.2.1 in eu-west-1, and it succeeded.";
        let check = |identity: &str, who: &str| check(identity, get, &format!("{who} {did}"));
        check(ALICE, "The user alice");
        check(r#"{"type":"IAMUser","arn":"arn:aws:iam::1:user/x/bob"}"#, "The user bob");
        check(r#"{"type":"IAMUser"}"#, "A user");
        check(r#"{"type":"Root","accountId":"111122223333"}"#, "The root user of 111122223333");
        check(r#"{"type":"Root"}"#, "The root user");
        check(
            r#"{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/Admin/bob@example.com",
                "sessionContext":{"sessionIssuer":{"userName":"Admin"}}}"#,
            "bob@example.com in the role Admin",
        );
        check(r#"{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/Ops/i-0a1b"}"#, "i-0a1b in the role Ops");
        check(
            r#"{"type":"AssumedRole","sessionContext":{"sessionIssuer":{"userName":"Ops"}}}"#,
            "Somebody in the role Ops",
        );
        check(r#"{"type":"AssumedRole"}"#, "Somebody in a role");
        check(r#"{"type":"AWSAccount","accountId":"222233334444"}"#, "Somebody of the account 222233334444");
        check(r#"{"type":"FederatedUser","arn":"arn:aws:sts::1:federated-user/fay"}"#, "The federated user fay");
        check(r#"{"type":"SAMLUser","userName":"sam"}"#, "The SAML user sam");
        check(r#"{"type":"AWSService","invokedBy":"config.amazonaws.com"}"#, "The service config");
        check(r#"{"type":"AWSService"}"#, "A service of AWS");
        check(r#"{"type":"New","principalId":"AIDAX"}"#, "AIDAX");
        check(r#"{"accountId":123}"#, "123");
        check("null", "Somebody unnamed");
    }

    #[test]
    fn what_and_on_what() {
        let check = |rest: &str, expected: &str| check(ALICE, rest, &format!("The user alice {expected}"));
        check("", "called something, and it succeeded.");
        check(r#","eventName":"X""#, "called X, and it succeeded.");
        check(r#","eventSource":"new.example.com""#, "called something of new.example.com, and it succeeded.");
        check(
            r#","eventName":"PutObject","requestParameters":{"key":"a/b","bucketName":"logs"}"#,
            "called PutObject on a/b in the bucket logs, and it succeeded.",
        );
        check(
            r#","eventName":"AttachUserPolicy","requestParameters":{"userName":"eve","policyArn":"arn:x"}"#,
            "called AttachUserPolicy on the user eve, and it succeeded.",
        );
        check(
            r#","eventName":"Decrypt","resources":[{"ARN":"arn:k1"},{"ARN":"arn:k2"},{"ARN":"arn:k3"}]"#,
            "called Decrypt on arn:k1 and 2 more, and it succeeded.",
        );
        check(
            r#","eventName":"AssumeRole","requestParameters":{"roleArn":"arn:aws:iam::1:role/Admin"}"#,
            "took the role arn:aws:iam::1:role/Admin, and it succeeded.",
        );
        check(
            r#","eventName":"AssumeRole","errorCode":"AccessDenied""#,
            "tried to take a role, and was denied: AccessDenied.",
        );
        check(
            &format!(r#","eventName":"{}""#, "x".repeat(500)),
            &format!("called {}…, and it succeeded.", "x".repeat(160)),
        );
    }

    #[test]
    fn outcomes() {
        let check = |rest: &str, expected: &str| check(ALICE, rest, &format!("The user alice {expected}"));
        check(
            r#","eventName":"RunInstances","eventSource":"ec2.amazonaws.com","errorCode":"Client.UnauthorizedOperation""#,
            "tried to call RunInstances of ec2, and was denied: Client.UnauthorizedOperation.",
        );
        check(
            r#","eventName":"X","errorCode":"ThrottlingException","errorMessage":"Rate exceeded""#,
            "tried to call X, and it failed: ThrottlingException.",
        );
        let sign_in = |answer: &str, more: &str| {
            format!(r#","eventName":"ConsoleLogin","responseElements":{{"ConsoleLogin":"{answer}"}}{more}"#)
        };
        let mfa = |used: &str| format!(r#","additionalEventData":{{"MFAUsed":"{used}"}}"#);
        check(&sign_in("Success", &mfa("No")), "signed in to the console without MFA, and it succeeded.");
        check(&sign_in("Success", &mfa("Yes")), "signed in to the console with MFA, and it succeeded.");
        check(
            &sign_in("Failure", r#","errorMessage":"Failed authentication""#),
            "tried to sign in to the console, and it failed: Failed authentication.",
        );
        check(&sign_in("Failure", ""), "tried to sign in to the console, and it failed.");
    }

    #[test]
    fn where_it_came_from() {
        let call = |source: &str| format!(r#","eventName":"X","sourceIPAddress":"{source}""#);
        check(
            ALICE,
            &call("AWS Internal"),
            "The user alice called X from within AWS (AWS Internal), and it succeeded.",
        );
        check(ALICE, &call("192.0.2.007"), "The user alice called X from 192.0.2.007, and it succeeded.");
        check(ALICE, &call("2001:db8::1"), "The user alice called X from 2001:db8::1, and it succeeded.");
        let through = r#"{"type":"IAMUser","userName":"alice","invokedBy":"cloudformation.amazonaws.com"}"#;
        let expected = "The user alice called X through cloudformation, and it succeeded.";
        check(through, &call("cloudformation.amazonaws.com"), expected);
        let expected = "The user alice called X from 192.0.2.1 through cloudformation, and it succeeded.";
        check(through, &call("192.0.2.1"), expected);
        let service = r#"{"type":"AWSService","invokedBy":"config.amazonaws.com"}"#;
        check(service, &call("config.amazonaws.com"), "The service config called X, and it succeeded.");
    }

    #[test]
    fn what_nobody_called() {
        check(
            r#"{"invokedBy":"AWS Internal"}"#,
            r#","eventType":"AwsServiceEvent","eventName":"RotateKey","eventSource":"kms.amazonaws.com","awsRegion":"us-east-1",
                "resources":[{"ARN":"arn:k"}]"#,
            "The service kms reported RotateKey on arn:k in us-east-1.",
        );
        check(
            "null",
            r#","eventType":"AwsCloudTrailInsight","awsRegion":"us-east-1",
                "insightDetails":{"state":"Start","eventName":"DeleteUser","insightType":"ApiCallRateInsight"}"#,
            "CloudTrail noticed unusual activity of DeleteUser in us-east-1 (ApiCallRateInsight).",
        );
    }
}
