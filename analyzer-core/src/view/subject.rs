//! Who and what an event is about: from there one goes on to all else that they did, or that was done to them.

use crate::field::{Field, FieldRef, FieldType, Place};
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

/// What else a field can name, where somebody goes on from its values.
const OTHERS: [(&str, &str); 15] = [
    ("Call", "eventName"),
    ("Service", "eventSource"),
    ("Region", "awsRegion"),
    ("User agent", "userAgent"),
    ("Error", "errorCode"),
    ("Kind of identity", "userIdentity.type"),
    ("Identity id", "userIdentity.principalId"),
    ("User", "userIdentity.userName"),
    ("Account", "userIdentity.accountId"),
    ("Service", "userIdentity.invokedBy"),
    ("Role", "userIdentity.sessionContext.sessionIssuer.arn"),
    ("Role", "userIdentity.sessionContext.sessionIssuer.userName"),
    ("Source identity", "userIdentity.sessionContext.sourceIdentity"),
    ("Account", "resources.accountId"),
    ("Resource type", "resources.type"),
];

/// So many of one kind are named: an event can list thousands of resources.
const MOST: usize = 8;

/// What a field names, in a word or two; nothing of fields from whose values nobody goes on, such as times and ids.
pub fn kind_of(field: &str) -> Option<&'static str> {
    let field = FieldRef::parse(field);
    match &field {
        FieldRef::Standard(Field { place: Place::Time | Place::Id, .. })
        | FieldRef::Standard(Field { kind: FieldType::Json | FieldType::Boolean | FieldType::Version, .. })
        | FieldRef::Selector(_)
        | FieldRef::Raw
        | FieldRef::Anywhere => None,
        FieldRef::Path(path) if path.len() < 2 => None,
        FieldRef::Path(path) => {
            let known = KINDS.iter().find(|(_, known)| *known == field.name()).map(|(kind, _)| *kind);
            known.or((path[0] == "requestParameters").then_some("Parameter"))
        }
        FieldRef::Standard(field) => {
            KINDS.iter().chain(&OTHERS).find(|(_, known)| *known == field.name).map(|(kind, _)| *kind)
        }
    }
}

impl Subject {
    /// Whom or what this value of a field names; see [`kind_of`].
    pub fn named(field: &str, value: &str) -> Option<Subject> {
        let kind = kind_of(field).filter(|_| !value.is_empty())?;
        let field = FieldRef::parse(field).name();
        Some(Subject { kind, query: format!("{field}={}", quote(value)), field, value: value.to_owned() })
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::predicate::parse;

    #[test]
    fn what_fields_name() {
        let check = |field: &str, expected: Option<&str>| assert_eq!(kind_of(field), expected, "{field}");
        KINDS.iter().chain(&OTHERS).for_each(|(kind, field)| check(field, Some(kind)));
        PARAMETERS.iter().for_each(|key| check(&format!("requestParameters.{key}"), Some("Parameter")));
        check("ip", Some("Address"));
        for field in
            ["eventTime", "eventID", "requestParameters", "readOnly", "errorMessage", "anywhere", "", "a", "a.b"]
        {
            check(field, None);
        }
    }

    #[test]
    fn named_by_a_field() {
        let subject = Subject::named("IP", "192.0.2.1 \"x\"").unwrap();
        assert_eq!((subject.kind, subject.field.as_str()), ("Address", "sourceIPAddress"));
        assert_eq!(parse(&subject.query, None).problems, []);
        assert_eq!(subject.query, r#"sourceIPAddress="192.0.2.1 \"x\"""#);
        assert_eq!(Subject::named("ip", ""), None);
        assert_eq!(Subject::named("eventTime", "2024"), None);
    }
}
