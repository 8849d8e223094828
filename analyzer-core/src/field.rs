//! THE table of fields. The parser of queries, completion, facets, CLI help, docs and plugins read it.
//!
//! A standard field has a name, a place and a doc line here and nowhere else. Whatever is not in the table is a dotted
//! path into the record's JSON.

use crate::identity::Principal;

/// What a field's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// Text.
    Text,
    /// A moment.
    Time,
    /// An IP address, a DNS name of a service, or other text that CloudTrail puts in its place.
    Address,
    /// "true" or "false".
    Boolean,
}

/// A column of the store that holds one standard field, dictionary-coded. The order is that of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // The table below documents each.
pub enum Column {
    EventName,
    EventSource,
    AwsRegion,
    SourceIpAddress,
    UserAgent,
    ErrorCode,
    ErrorMessage,
    EventType,
    EventCategory,
    EventVersion,
    ReadOnly,
    RecipientAccountId,
    VpcEndpointId,
}

/// How many columns there are.
pub const COLUMNS: usize = 13;

/// Where the value of a field lives.
#[derive(Clone, Copy)]
pub enum Place {
    /// The time column.
    Time,
    /// The id column.
    Id,
    /// A dictionary-coded column; the top-level key of the record has the field's name.
    Column(Column),
    /// Part of the identity.
    Identity(for<'a> fn(&Principal<'a>) -> Option<&'a str>),
    /// The identity's label, made of several parts.
    IdentityLabel,
}

/// One standard field.
#[derive(Clone, Copy)]
pub struct Field {
    /// Canonical name: the dotted path in the record.
    pub name: &'static str,
    /// Other names that a user may type.
    pub aliases: &'static [&'static str],
    /// What its values are.
    pub kind: FieldType,
    /// Where it lives.
    pub place: Place,
    /// One line.
    pub doc: &'static str,
    /// An example value.
    pub example: &'static str,
}

impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Field({})", self.name)
    }
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}
impl Eq for Field {}

const fn column(
    name: &'static str,
    aliases: &'static [&'static str],
    kind: FieldType,
    column: Column,
    doc: &'static str,
    example: &'static str,
) -> Field {
    Field { name, aliases, kind, place: Place::Column(column), doc, example }
}

const fn identity(
    name: &'static str,
    aliases: &'static [&'static str],
    part: for<'a> fn(&Principal<'a>) -> Option<&'a str>,
    doc: &'static str,
    example: &'static str,
) -> Field {
    Field { name, aliases, kind: FieldType::Text, place: Place::Identity(part), doc, example }
}

/// All standard fields, in the order in which help and facets list them.
pub static FIELDS: &[Field] = &[
    Field {
        name: "eventTime",
        aliases: &["time"],
        kind: FieldType::Time,
        place: Place::Time,
        doc: "When the request completed, UTC",
        example: "2024-01-31T12:00:00Z",
    },
    column(
        "eventName",
        &["name", "action"],
        FieldType::Text,
        Column::EventName,
        "The API call or console action",
        "ConsoleLogin",
    ),
    column(
        "eventSource",
        &["source", "service"],
        FieldType::Text,
        Column::EventSource,
        "The service that was called",
        "iam.amazonaws.com",
    ),
    Field {
        name: "principal",
        aliases: &["who"],
        kind: FieldType::Text,
        place: Place::IdentityLabel,
        doc: "Who made the call, in short: user, role/session, root, or service",
        example: "Admin/alice@example.com",
    },
    column("awsRegion", &["region"], FieldType::Text, Column::AwsRegion, "Region of the call", "eu-west-1"),
    column(
        "sourceIPAddress",
        &["ip", "sourceIp", "address"],
        FieldType::Address,
        Column::SourceIpAddress,
        "Where the call came from: an address, or the name of a service",
        "198.51.100.7",
    ),
    column(
        "userAgent",
        &["agent"],
        FieldType::Text,
        Column::UserAgent,
        "The caller's software, as it says itself",
        "aws-cli/2.15.0",
    ),
    column(
        "errorCode",
        &["error"],
        FieldType::Text,
        Column::ErrorCode,
        "Error of the service, if the call failed",
        "AccessDenied",
    ),
    column(
        "errorMessage",
        &[],
        FieldType::Text,
        Column::ErrorMessage,
        "Description of the error",
        "Failed authentication",
    ),
    column(
        "eventType",
        &["type"],
        FieldType::Text,
        Column::EventType,
        "What produced the event: AwsApiCall, AwsConsoleSignIn, …",
        "AwsConsoleSignIn",
    ),
    column(
        "eventCategory",
        &["category"],
        FieldType::Text,
        Column::EventCategory,
        "Management, Data, Insight, NetworkActivity or Aggregated",
        "Management",
    ),
    column("eventVersion", &["version"], FieldType::Text, Column::EventVersion, "Version of the record format", "1.11"),
    column("readOnly", &[], FieldType::Boolean, Column::ReadOnly, "Whether the call only reads", "false"),
    column(
        "recipientAccountId",
        &["account", "recipient"],
        FieldType::Text,
        Column::RecipientAccountId,
        "Account that received the event",
        "111122223333",
    ),
    column(
        "vpcEndpointId",
        &["vpce"],
        FieldType::Text,
        Column::VpcEndpointId,
        "VPC endpoint that the call went through",
        "vpce-0a1b2c3d",
    ),
    Field {
        name: "eventID",
        aliases: &["id"],
        kind: FieldType::Text,
        place: Place::Id,
        doc: "The event's unique id",
        example: "7c1a3f9e-0b52-4e7d-9d7a-0123456789ab",
    },
    identity("userIdentity.type", &["identityType"], |p| p.kind, "Kind of identity", "AssumedRole"),
    identity("userIdentity.arn", &["arn"], |p| p.arn, "ARN of the identity", "arn:aws:iam::111122223333:user/alice"),
    identity("userIdentity.accountId", &["callerAccount"], |p| p.account, "Account of the identity", "111122223333"),
    identity(
        "userIdentity.principalId",
        &["principalId"],
        |p| p.principal_id,
        "Unique id of the identity",
        "AIDAEXAMPLE",
    ),
    identity("userIdentity.userName", &["userName", "user"], |p| p.user_name, "Name of the user", "alice"),
    identity(
        "userIdentity.accessKeyId",
        &["accessKeyId", "key"],
        |p| p.access_key_id,
        "Access key that signed the call",
        "AKIAIOSFODNN7EXAMPLE",
    ),
    identity(
        "userIdentity.invokedBy",
        &["invokedBy"],
        |p| p.invoked_by,
        "Service that called on somebody's behalf",
        "cloudformation.amazonaws.com",
    ),
    identity(
        "userIdentity.sessionContext.sessionIssuer.arn",
        &["issuerArn", "roleArn"],
        |p| p.issuer_arn,
        "Role or user behind temporary credentials",
        "arn:aws:iam::111122223333:role/Admin",
    ),
    identity(
        "userIdentity.sessionContext.sessionIssuer.userName",
        &["issuer", "role"],
        |p| p.issuer_name,
        "Name of that role or user",
        "Admin",
    ),
    identity(
        "userIdentity.sessionContext.attributes.mfaAuthenticated",
        &["mfaAuthenticated", "mfa"],
        |p| p.mfa,
        "Whether the session signed in with MFA",
        "true",
    ),
    identity(
        "userIdentity.sessionContext.sourceIdentity",
        &["sourceIdentity"],
        |p| p.source_identity,
        "Source identity that the session carries",
        "alice",
    ),
];

/// The standard field of this name or alias; case does not matter.
pub fn find(name: &str) -> Option<&'static Field> {
    FIELDS
        .iter()
        .find(|f| f.name.eq_ignore_ascii_case(name) || f.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name)))
}

/// A field that somebody asked for: a standard one, or a path into the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldRef {
    /// A standard field.
    Standard(&'static Field),
    /// Keys from the top of the record down; arrays on the way mean any element.
    Path(Vec<String>),
}

impl FieldRef {
    /// Reads a name: a standard field if there is one, else a dotted path.
    pub fn parse(name: &str) -> FieldRef {
        match find(name) {
            Some(field) => FieldRef::Standard(field),
            None => FieldRef::Path(name.split('.').map(str::to_owned).collect()),
        }
    }

    /// The name as the table or the path has it.
    pub fn name(&self) -> String {
        match self {
            FieldRef::Standard(field) => field.name.to_owned(),
            FieldRef::Path(path) => path.join("."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_aliases_are_unique() {
        let mut seen = Vec::new();
        for field in FIELDS {
            for name in field.aliases.iter().chain([&field.name]) {
                let name = name.to_ascii_lowercase();
                assert!(!seen.contains(&name), "{name} is named twice");
                seen.push(name);
            }
            assert!(!field.doc.is_empty() && !field.doc.ends_with('.'), "{}", field.name);
        }
    }

    #[test]
    fn every_column_is_in_the_table_once() {
        let mut columns: Vec<_> = FIELDS
            .iter()
            .filter_map(|f| if let Place::Column(c) = f.place { Some(c as usize) } else { None })
            .collect();
        columns.sort_unstable();
        assert_eq!(columns, (0..COLUMNS).collect::<Vec<_>>());
    }

    #[test]
    fn names() {
        assert_eq!(FieldRef::parse("EVENTNAME").name(), "eventName");
        assert_eq!(FieldRef::parse("ip").name(), "sourceIPAddress");
        assert_eq!(FieldRef::parse("requestParameters.bucketName").name(), "requestParameters.bucketName");
    }
}
