//! What stays: values of which it is known that they identify nobody.

use crate::event::parse_time;

/// What a value must look like to stay.
#[derive(Clone, Copy)]
enum Shape {
    /// A word as AWS makes them for calls, errors and types.
    Word,
    /// An id in the form of a UUID.
    Uuid,
    /// Digits with dots or dashes.
    Version,
}

/// Values that stay where they are what AWS makes there. Ids of events and requests are among them: with them, the owner
/// of the logs finds the event again, and nobody else finds anything.
const KEPT: [(&str, Shape); 37] = [
    ("addendum.originalEventID", Shape::Uuid),
    ("addendum.originalRequestID", Shape::Uuid),
    ("addendum.reason", Shape::Word),
    ("additionalEventData.AuthenticationMethod", Shape::Word),
    ("additionalEventData.CipherSuite", Shape::Word),
    ("additionalEventData.SignatureVersion", Shape::Word),
    ("apiVersion", Shape::Version),
    ("awsRegion", Shape::Word),
    ("errorCode", Shape::Word),
    ("eventCategory", Shape::Word),
    ("eventID", Shape::Uuid),
    ("eventId", Shape::Uuid),
    ("eventName", Shape::Word),
    ("eventSource", Shape::Word),
    ("eventType", Shape::Word),
    ("eventVersion", Shape::Version),
    ("insightDetails.errorCode", Shape::Word),
    ("insightDetails.eventName", Shape::Word),
    ("insightDetails.eventSource", Shape::Word),
    ("insightDetails.insightType", Shape::Word),
    ("insightDetails.state", Shape::Word),
    ("requestID", Shape::Uuid),
    ("resources.type", Shape::Word),
    ("sharedEventID", Shape::Uuid),
    ("summary.details.aggregationType", Shape::Word),
    ("summary.details.dimension", Shape::Word),
    ("summary.primaryDimension.aggregationType", Shape::Word),
    ("summary.primaryDimension.dimension", Shape::Word),
    ("timeWindow.windowSize", Shape::Word),
    ("tlsDetails.cipherSuite", Shape::Word),
    ("tlsDetails.keyExchange", Shape::Word),
    ("tlsDetails.tlsVersion", Shape::Word),
    ("userIdentity.inScopeOf.issuerType", Shape::Word),
    ("userIdentity.sessionContext.ec2RoleDelivery", Shape::Version),
    ("userIdentity.sessionContext.sessionIssuer.type", Shape::Word),
    ("userIdentity.type", Shape::Word),
    ("eventContext.type", Shape::Word),
];

/// Whether AWS makes such values at this place.
pub(super) fn is_kept(path: &str, text: &str) -> bool {
    KEPT.iter().any(|&(kept, shape)| kept == path && shape.fits(text))
}

impl Shape {
    fn fits(self, text: &str) -> bool {
        match self {
            Shape::Word => is_word(text),
            Shape::Uuid => is_uuid(text),
            Shape::Version => {
                (1..=12).contains(&text.len())
                    && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'_'))
            }
        }
    }
}

/// Letters and digits, with few of these in a row: longer ones would be an account.
fn is_word(text: &str) -> bool {
    let is_long = text.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() > 8);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b':' | b'_' | b'-');
    (1..=128).contains(&text.len()) && !is_long && text.bytes().all(is_plain)
}

fn is_uuid(text: &str) -> bool {
    let is_dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| if is_dash(at) { byte == b'-' } else { byte.is_ascii_hexdigit() })
}

/// Words that name nobody wherever they stand.
pub(super) fn is_empty_word(text: &str) -> bool {
    matches!(text, "" | "*" | "true" | "false" | "HIDDEN_DUE_TO_SECURITY_REASONS" | "AWS Internal")
        || text.strip_prefix("AWS Internal/").is_some_and(|number| number.len() < 4 && number.parse::<u16>().is_ok())
}

/// What AWS says, in the words of its API and in messages.
const SAID: [&str; 50] = [
    "2008-10-17",
    "2012-10-17",
    "AES256",
    "Access Denied",
    "Allow",
    "AuthHeader",
    "Deny",
    "Disabled",
    "ENABLED",
    "Enabled",
    "Failed authentication",
    "Failure",
    "Inherit",
    "Mobile",
    "N/A",
    "No",
    "No username found in supplied account",
    "None",
    "Null",
    "PENDING",
    "QueryString",
    "SigV2",
    "SigV4",
    "Success",
    "Suspended",
    "Yes",
    "authenticated-read",
    "aws:kms",
    "bucket-owner-full-control",
    "default",
    "disabled",
    "enabled",
    "icmp",
    "json",
    "list",
    "none",
    "null",
    "open",
    "private",
    "public-read",
    "public-read-write",
    "running",
    "pending",
    "shutting-down",
    "stopped",
    "stopping",
    "tcp",
    "terminated",
    "udp",
    "xml",
];

/// Whether a value that is no name stays: a word of AWS, a number, a moment, a region.
pub(super) fn is_said(text: &str) -> bool {
    SAID.contains(&text) || is_number(text) || is_moment(text) || is_region(text)
}

/// Few digits: more of them are accounts, numbers of telephones and such.
pub(super) fn is_number(text: &str) -> bool {
    text.len() <= 9 && text.parse::<f64>().is_ok_and(f64::is_finite)
}

fn is_moment(text: &str) -> bool {
    text.len() <= 35 && parse_time(text).is_some()
}

/// `eu-west-1`, `us-gov-east-1`, perhaps with the letter of a zone.
pub(super) fn is_region(text: &str) -> bool {
    const AREAS: [&str; 11] = ["af", "ap", "ca", "cn", "eu", "eusc", "il", "me", "mx", "sa", "us"];
    const SIDES: [&str; 14] = [
        "central",
        "de",
        "east",
        "gov",
        "iso",
        "isob",
        "isoe",
        "isof",
        "north",
        "northeast",
        "northwest",
        "south",
        "southeast",
        "west",
    ];
    let mut parts: Vec<&str> = text.split('-').collect();
    let number = parts.pop().unwrap_or_default();
    let number = number.strip_suffix(|c: char| c.is_ascii_lowercase()).unwrap_or(number);
    let Some((area, sides)) = parts.split_first() else { return false };
    number.len() == 1
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && AREAS.contains(area)
        && (1..=2).contains(&sides.len())
        && sides.iter().all(|side| SIDES.contains(side) || *side == "southwest")
}

/// Whether values under this key are names: then they never stay, whatever they look like.
pub(super) fn is_of_name(key: &str) -> bool {
    const ENDS: [&str; 22] = [
        "account",
        "alias",
        "arn",
        "bucket",
        "email",
        "group",
        "id",
        "identity",
        "key",
        "name",
        "number",
        "owner",
        "password",
        "path",
        "prefix",
        "principal",
        "role",
        "secret",
        "tag",
        "token",
        "user",
        "value",
    ];
    let key = key.to_ascii_lowercase();
    let key = key.strip_suffix('s').unwrap_or(&key);
    ENDS.iter().any(|end| key.ends_with(end))
}

/// Whether the keys of the object under this key are what somebody named.
pub(super) fn has_named_keys(key: &str) -> bool {
    const KEYS: [&str; 14] = [
        "attributemap",
        "environment",
        "headers",
        "item",
        "labels",
        "metadata",
        "parameters",
        "requestitems",
        "tag",
        "tags",
        "tagset",
        "unprocesseditems",
        "unprocessedkeys",
        "variables",
    ];
    KEYS.contains(&key.to_ascii_lowercase().as_str())
}

/// Whether a key looks like one of an API, or like a test of a policy.
pub(super) fn is_key(key: &str) -> bool {
    const OTHERS: [&str; 4] = ["list-type", "max-keys", "encoding-type", "fetch-owner"];
    const OWNERS: [&str; 5] = ["aws", "iam", "kms", "s3", "sts"];
    let letters = |text: &str| (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    let digits = key.bytes().filter(u8::is_ascii_digit).count();
    let is_camel = |text: &str| {
        (1..=64).contains(&text.len()) && digits <= 2 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    // Behind `x-amz-meta-` stands what somebody named.
    let is_header = |rest: &str| {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        rest.len() <= 64 && digits <= 2 && !rest.starts_with("meta-") && rest.bytes().all(is_plain)
    };
    is_camel(key.strip_prefix('@').unwrap_or(key))
        || key.strip_prefix("x-amz-").is_some_and(is_header)
        || OTHERS.contains(&key)
        || key.split_once(':').is_some_and(|(owner, name)| OWNERS.contains(&owner) && letters(name))
}

/// Whether a text is a call of a policy, or several: `s3:Get*`.
pub(super) fn is_action(text: &str) -> bool {
    let is_small = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_service = |text: &str| (1..=24).contains(&text.len()) && text.bytes().all(is_small);
    let is_call = |text: &str| {
        let is_start = text.starts_with(|c: char| c.is_ascii_uppercase() || c == '*');
        is_start && text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"*?".contains(&byte))
    };
    // Ids and accounts have more digits.
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    digits <= 2 && text.split_once(':').is_some_and(|(service, call)| is_service(service) && is_call(call))
}
