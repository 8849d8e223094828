//! Events like those of CloudTrail, with a little of everything in their fields.

use crate::engines::event_id;
use crate::random::Random;
use serde_json::{Map, Value, json};

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One of [`WORDS`].
    Word,
    /// A whole number, or a text that is one.
    Number,
    /// A number with a fraction.
    Ratio,
    /// True or false, or a text that says so.
    Flag,
    /// An address, or the name of a service.
    Address,
    /// A time.
    Moment,
    /// One of [`WORDS`] in Base64, with something before it.
    Encoded,
}

/// A field of the events.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name in a rule.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether and how it is there.
    pub there: There,
}

/// Whether and how a field is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum There {
    /// Always, and it is not null.
    Always,
    /// Or not.
    Maybe,
    /// Or not, or it is null.
    Null,
    /// One or more times: in a list.
    Many,
}

const fn field(name: &'static str, kind: Kind, there: There) -> Field {
    Field { name, kind, there }
}

/// All fields. `requestParameters.tags` is a list of maps.
pub const FIELDS: [Field; 32] = [
    field("eventName", Kind::Word, There::Always),
    field("eventSource", Kind::Word, There::Always),
    field("eventTime", Kind::Moment, There::Always),
    field("awsRegion", Kind::Word, There::Maybe),
    field("userAgent", Kind::Word, There::Null),
    field("errorCode", Kind::Word, There::Null),
    field("errorMessage", Kind::Word, There::Maybe),
    field("sourceIPAddress", Kind::Address, There::Maybe),
    field("recipientAccountId", Kind::Number, There::Maybe),
    field("readOnly", Kind::Flag, There::Maybe),
    field("managementEvent", Kind::Flag, There::Null),
    field("apiVersion", Kind::Word, There::Maybe),
    field("userIdentity.type", Kind::Word, There::Always),
    field("userIdentity.userName", Kind::Word, There::Null),
    field("userIdentity.accountId", Kind::Number, There::Maybe),
    field("userIdentity.sessionContext.sessionIssuer.userName", Kind::Word, There::Maybe),
    field("userIdentity.sessionContext.attributes.mfaAuthenticated", Kind::Flag, There::Maybe),
    field("requestParameters.bucketName", Kind::Word, There::Always),
    field("requestParameters.key", Kind::Word, There::Null),
    field("requestParameters.größe", Kind::Word, There::Maybe),
    field("requestParameters.a.b.c", Kind::Word, There::Maybe),
    field("requestParameters.size", Kind::Number, There::Null),
    field("requestParameters.ratio", Kind::Ratio, There::Maybe),
    field("requestParameters.flag", Kind::Flag, There::Null),
    field("requestParameters.source", Kind::Address, There::Null),
    field("requestParameters.when", Kind::Moment, There::Maybe),
    field("requestParameters.policy", Kind::Encoded, There::Maybe),
    field("requestParameters.names", Kind::Word, There::Many),
    field("requestParameters.sizes", Kind::Number, There::Many),
    field("requestParameters.tags.key", Kind::Word, There::Many),
    field("requestParameters.tags.value", Kind::Number, There::Many),
    field("responseElements.notThere", Kind::Word, There::Maybe),
];

/// Texts: short ones that are like one another, letters of all kinds, and what means something in YAML and in Sigma.
pub const WORDS: [&str; 20] = [
    "alpha",
    "Alpha",
    "ALPHABET",
    "beta",
    "alphabeta",
    "alpha beta",
    "al*pha",
    "al?pha",
    "al\\pha",
    "a\\",
    "\\*",
    "na\u{ef}ve",
    "\u{65e5}\u{672c}\u{8a9e}",
    "-x -alpha",
    "/x \u{2013}alpha",
    "%alpha%",
    "a.b:c/d",
    "o'clock \"now\"",
    "null",
    "",
];

/// A text that is hidden in Base64: none begins like another, and nothing stands behind it.
pub const HIDDEN: [&str; 3] = ["secret", "Token", "pass word"];

/// So many events, each with its place in its id.
pub fn events(number: usize, random: &mut Random) -> Vec<Value> {
    (0..number).map(|place| event(place, random)).collect()
}

fn event(place: usize, random: &mut Random) -> Value {
    let mut event = json!({ "eventVersion": "1.08", "eventID": event_id(place), "eventCategory": "Management" });
    for field in FIELDS.iter().filter(|field| field.there != There::Many && !field.name.ends_with("notThere")) {
        let value = match field.there {
            There::Maybe | There::Null if random.percent(35) => continue,
            There::Null if random.percent(25) => Value::Null,
            _ => value(field, random),
        };
        let steps: Vec<&str> = field.name.split('.').collect();
        put(event.as_object_mut(), &steps, value);
    }
    let parameters = event["requestParameters"].as_object_mut();
    if let Some(parameters) = parameters {
        let list = |kind, random: &mut Random| {
            random.some(1, 3, |random| value(&field("", kind, There::Many), random)).into_iter().collect::<Value>()
        };
        if random.percent(70) {
            parameters.insert("names".to_owned(), list(Kind::Word, random));
            parameters.insert("sizes".to_owned(), list(Kind::Number, random));
        }
        let tag = |random: &mut Random| {
            let mut tag = Map::new();
            if random.percent(80) {
                tag.insert("key".to_owned(), value(&field("", Kind::Word, There::Many), random));
            }
            if random.percent(80) {
                tag.insert("value".to_owned(), value(&field("", Kind::Number, There::Many), random));
            }
            Value::Object(tag)
        };
        parameters.insert("tags".to_owned(), random.some(0, 3, tag).into());
    }
    event
}

fn put(object: Option<&mut Map<String, Value>>, steps: &[&str], value: Value) {
    let (Some(object), Some((first, rest))) = (object, steps.split_first()) else { return };
    if rest.is_empty() {
        object.insert((*first).to_owned(), value);
    } else {
        put(object.entry(*first).or_insert_with(|| json!({})).as_object_mut(), rest, value);
    }
}

fn value(field: &Field, random: &mut Random) -> Value {
    match field.kind {
        Kind::Word => (*random.pick(&WORDS)).into(),
        Kind::Number if field.name.ends_with("Id") => (*random.pick(&["111122223333", "012345678901"])).into(),
        Kind::Number if random.percent(25) => random.pick(&["5", "12", "-3"]).to_string().into(),
        Kind::Number => (*random.pick(&[0, 5, 12, -3, 111_122_223_333_i64])).into(),
        Kind::Ratio => (*random.pick(&[0.5, 2.25, -1.75, 100.125])).into(),
        // Those of `userIdentity` are texts.
        Kind::Flag if field.name.contains("mfa") => (*random.pick(&["true", "false"])).into(),
        Kind::Flag => random.percent(50).into(),
        Kind::Address => (*random.pick(&ADDRESSES)).into(),
        Kind::Moment => (*random.pick(&MOMENTS)).into(),
        Kind::Encoded => {
            let before = &"xyz"[..random.below(4)];
            base64(format!("{before}{}", random.pick(&HIDDEN)).as_bytes()).into()
        }
    }
}

const ADDRESSES: [&str; 6] = ["10.1.2.3", "192.0.2.1", "192.0.2.200", "2001:db8::1", "2001:db9::", "s3.amazonaws.com"];
const MOMENTS: [&str; 5] = [
    "2024-05-06T10:00:00Z",
    "2024-12-30T23:59:59Z",
    "2025-01-01T00:00:00Z",
    "2023-01-01T03:30:00Z",
    "2024-02-29T12:15:00Z",
];

/// Base64 with its padding.
pub fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, at| bits << 8 | usize::from(chunk.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            text.push(if at <= chunk.len() { ALPHABET[bits >> (18 - 6 * at) & 63] as char } else { '=' });
        }
    }
    text
}
