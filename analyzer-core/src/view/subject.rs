//! Who and what an event is about: from there one goes on to all else that they did, or that was done to them.

use crate::field::FieldRef;
use crate::ingest::record::{Around, Record};
use crate::predicate::quote;

/// Somebody or something that an event names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// What it is, such as `Access key`.
    pub kind: &'static str,
    /// The field that names it.
    pub field: String,
    /// Its name, address or ARN. Untrusted text.
    pub value: String,
    /// The query that finds all events with it in this place.
    pub query: String,
}

/// What an event can be about, and the fields that name it. More than one field can name a resource.
const KINDS: [(&str, &str); 8] = [
    ("Identity", "principal"),
    ("Session", "userIdentity.arn"),
    ("Access key", "userIdentity.accessKeyId"),
    ("Address", "sourceIPAddress"),
    ("VPC endpoint", "vpcEndpointId"),
    ("Account", "recipientAccountId"),
    ("Resource", "resources.ARN"),
    ("Role taken", "requestParameters.roleArn"),
];

/// Parameters that name what a request is about, in many services.
const PARAMETERS: [&str; 12] = [
    "bucketName",
    "userName",
    "roleName",
    "groupName",
    "policyArn",
    "instanceId",
    "functionName",
    "keyId",
    "secretId",
    "trailName",
    "groupId",
    "snapshotId",
];

/// So many of one kind are named: an event can list thousands of resources.
const MOST: usize = 8;

/// What the fields of a record name.
pub(crate) fn of<'a>(record: &Record<'a>, around: &Around<'_, 'a>) -> Vec<Subject> {
    let mut subjects: Vec<Subject> = Vec::new();
    let mut look = |kind: &'static str, field: &str| {
        let before = subjects.len();
        record.each_value(&FieldRef::parse(field), around, &mut |value| {
            let is_new = subjects[before..].iter().all(|subject| subject.value != value);
            if !value.is_empty() && is_new && subjects.len() - before < MOST {
                let query = format!("{field}={}", quote(value));
                subjects.push(Subject { kind, field: field.to_owned(), value: value.to_owned(), query });
            }
        });
    };
    KINDS.iter().for_each(|(kind, field)| look(kind, field));
    PARAMETERS.iter().for_each(|key| look("Parameter", &format!("requestParameters.{key}")));
    subjects
}
