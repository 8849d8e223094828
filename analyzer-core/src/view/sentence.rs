//! One event as a sentence: who did what to what, from where, and what became of it.
//!
//! Every part may be missing, and none is trusted. Facts: CloudTrail user guide, "CloudTrail record contents" and "AWS
//! Management Console sign-in events".

use crate::field::FieldRef;
use crate::identity::Principal;
use crate::ingest::record::{Around, Record};

/// So many characters of a value are told: the record has it whole.
const MOST: usize = 160;

/// What a request is about, by the parameter that names it.
const TARGETS: [(&str, &str); 12] = [
    ("bucketName", "the bucket"),
    ("roleName", "the role"),
    ("groupName", "the group"),
    ("userName", "the user"),
    ("policyArn", "the policy"),
    ("functionName", "the function"),
    ("instanceId", "the instance"),
    ("secretId", "the secret"),
    ("keyId", "the key"),
    ("trailName", "the trail"),
    ("groupId", "the security group"),
    ("snapshotId", "the snapshot"),
];

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

/// The sentence. Untrusted text.
pub(crate) fn of<'a>(record: &Record<'a>, around: &Around<'_, 'a>) -> String {
    let event = Event(record, around);
    if event.is("eventType", "AwsCloudTrailInsight") {
        return insight(&event);
    }
    let principal = (around.principal)();
    let outcome = outcome(&event);
    let is_report = event.is("eventType", "AwsServiceEvent");
    let (what, end) = match &outcome {
        _ if is_report => (reported(&event), String::new()),
        Outcome::Success => (done(&event), ", and it succeeded".to_owned()),
        Outcome::Denied(code) => (tried(&event), format!(", and was denied: {code}")),
        Outcome::Failure(Some(why)) => (tried(&event), format!(", and it failed: {why}")),
        Outcome::Failure(None) => (tried(&event), ", and it failed".to_owned()),
    };
    let parts = [who(&principal, &event), what, from(&principal, &event)];
    let told: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}{end}.", told.join(" "))
}

fn who(principal: &Principal, event: &Event) -> String {
    let name = principal.user_name.or(principal.arn.and_then(last_part)).or(principal.principal_id).map(shortened);
    let named = |what: &str| name.as_ref().map_or_else(|| format!("A {what}"), |name| format!("The {what} {name}"));
    match principal.kind.unwrap_or_default() {
        "Root" => match principal.account {
            Some(account) => format!("The root user of {}", shortened(account)),
            None => "The root user".to_owned(),
        },
        "IAMUser" => named("user"),
        "AssumedRole" => in_role(principal),
        "Role" => named("role"),
        "FederatedUser" => named("federated user"),
        "SAMLUser" => named("SAML user"),
        "WebIdentityUser" => named("web identity"),
        "IdentityCenterUser" => named("Identity Center user"),
        "AWSAccount" => match principal.account {
            Some(account) => format!("Somebody of the account {}", shortened(account)),
            None => "Somebody of another account".to_owned(),
        },
        "AWSService" => service(principal.invoked_by.map(shortened)),
        _ if event.is("eventType", "AwsServiceEvent") => service(event.get("eventSource")),
        _ => name.or(principal.account.map(shortened)).unwrap_or_else(|| "Somebody unnamed".to_owned()),
    }
}

fn service(name: Option<String>) -> String {
    name.map_or_else(|| "A service of AWS".to_owned(), |name| format!("The service {}", short(&name)))
}

/// `alice@example.com in the role Admin`.
fn in_role(principal: &Principal) -> String {
    let of_arn =
        principal.arn.and_then(|arn| arn.split_once(":assumed-role/")).and_then(|(_, name)| name.split('/').next());
    let role = principal.issuer_name.or(of_arn).filter(|role| !role.is_empty()).map(shortened);
    let session = principal.session_name().filter(|name| !name.is_empty()).map(shortened);
    match (session, role) {
        (Some(session), Some(role)) => format!("{session} in the role {role}"),
        (Some(session), None) => format!("{session} in a role"),
        (None, Some(role)) => format!("Somebody in the role {role}"),
        (None, None) => "Somebody in a role".to_owned(),
    }
}

fn outcome(event: &Event) -> Outcome {
    let said = |path: &str| event.is(path, "Failure");
    match (event.get("errorCode"), event.get("errorMessage")) {
        (Some(code), _) if DENIED.iter().any(|word| code.contains(word)) => Outcome::Denied(code),
        (Some(code), _) => Outcome::Failure(Some(code)),
        // A sign-in that failed has no code.
        (None, Some(message)) => Outcome::Failure(Some(message)),
        (None, None) if said("responseElements.ConsoleLogin") || said("responseElements.SwitchRole") => {
            Outcome::Failure(None)
        }
        (None, None) => Outcome::Success,
    }
}

fn done(event: &Event) -> String {
    match event.get("eventName").as_deref() {
        Some("ConsoleLogin") => format!("signed in to the console{}", mfa(event)),
        Some(name) if name.starts_with("AssumeRole") => format!("took {}", role_taken(event)),
        name => format!("called {}", call(name, event)),
    }
}

fn tried(event: &Event) -> String {
    match event.get("eventName").as_deref() {
        Some("ConsoleLogin") => format!("tried to sign in to the console{}", mfa(event)),
        Some(name) if name.starts_with("AssumeRole") => format!("tried to take {}", role_taken(event)),
        name => format!("tried to call {}", call(name, event)),
    }
}

fn reported(event: &Event) -> String {
    let name = event.get("eventName").unwrap_or_else(|| "something".to_owned());
    format!("reported {name}{}", on(event))
}

fn mfa(event: &Event) -> &'static str {
    match event.get("additionalEventData.MFAUsed").as_deref() {
        Some("Yes") => " with MFA",
        Some("No") => " without MFA",
        _ => "",
    }
}

fn role_taken(event: &Event) -> String {
    event.get("requestParameters.roleArn").map_or_else(|| "a role".to_owned(), |role| format!("the role {role}"))
}

/// `GetObject of s3 on the bucket logs`.
fn call(name: Option<&str>, event: &Event) -> String {
    let name = name.unwrap_or("something");
    let service = event.get("eventSource").map(|source| format!(" of {}", short(&source))).unwrap_or_default();
    format!("{name}{service}{}", on(event))
}

/// What it was about, with a word before it; nothing if the record does not tell.
fn on(event: &Event) -> String {
    let named = |(key, what): &(&str, &str)| {
        let value = event.get(&format!("requestParameters.{key}"))?;
        let object = event.get("requestParameters.key").filter(|_| *key == "bucketName");
        Some(match object {
            Some(object) => format!(" on {object} in {what} {value}"),
            None => format!(" on {what} {value}"),
        })
    };
    TARGETS.iter().find_map(named).unwrap_or_else(|| match event.all("resources.ARN").as_slice() {
        [] => String::new(),
        [one] => format!(" on {one}"),
        [first, others @ ..] => format!(" on {first} and {} more", others.len()),
    })
}

/// Where it came from, through whom, and in which region.
fn from(principal: &Principal, event: &Event) -> String {
    let mut told = Vec::new();
    let source = event.get("sourceIPAddress");
    let is_service = principal.kind == Some("AWSService") || event.is("eventType", "AwsServiceEvent");
    let by = principal.invoked_by.map(shortened).filter(|_| !is_service);
    if let Some(source) = source.filter(|source| principal.invoked_by != Some(source)) {
        // The name of a service stands in the place of an address.
        let is_of_aws = source.ends_with(".amazonaws.com") || source.starts_with("AWS");
        told.push(if is_of_aws { format!("from within AWS ({})", short(&source)) } else { format!("from {source}") });
    }
    told.extend(by.map(|by| format!("through {}", short(&by))));
    told.extend(event.get("awsRegion").map(|region| format!("in {region}")));
    told.join(" ")
}

fn insight(event: &Event) -> String {
    let what = event.get("insightDetails.eventName").map(|name| format!(" of {name}")).unwrap_or_default();
    let kind = event.get("insightDetails.insightType").map(|kind| format!(" ({kind})")).unwrap_or_default();
    let region = event.get("awsRegion").map(|region| format!(" in {region}")).unwrap_or_default();
    let said = if event.is("insightDetails.state", "End") { "saw the end of" } else { "noticed" };
    format!("CloudTrail {said} unusual activity{what}{region}{kind}.")
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
            of(record, &Around { principal: &|| parts.principal(), event_id: &String::new })
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
