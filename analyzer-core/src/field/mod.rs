//! THE table of fields. The parser of queries, completion, facets, CLI help, docs and plugins read it.
//!
//! A standard field has a name, a place and a doc line here and nowhere else. Whatever is not in the table is a dotted
//! path into the record's JSON.

pub mod name;
mod page;
pub mod selector;
mod table;

pub use page::reference_page;
pub use selector::Step;
pub use table::{FIELDS, PORTRAIT};

use crate::identity::Principal;
use std::borrow::Cow;

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
    /// A version of the record format, major.minor: both are numbers, so 1.08 comes before 1.10.
    Version,
    /// An object or array.
    Json,
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
    /// Only in the record itself, at the path that is the field's name. Detectors reach it while the record is read.
    Record,
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

impl Field {
    /// Whether a shard can count its values: it holds them for all events, and few enough different ones.
    pub fn is_counted(&self) -> bool {
        matches!(self.place, Place::Column(_) | Place::Identity(_) | Place::IdentityLabel)
    }

    /// Whether a shard holds its value for every event; the others have to be read from the record again.
    pub fn is_at_hand(&self) -> bool {
        !matches!(self.place, Place::Record)
    }
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

/// The fields of [`PORTRAIT`].
pub fn portrait() -> Vec<&'static Field> {
    PORTRAIT.iter().filter_map(|name| find(name)).collect()
}

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
    /// Exactly the values that these steps lead to, as their JSON, null among them. Only the record tells.
    Selector(Vec<Step>),
    /// The record itself, as the text of its JSON.
    Raw,
    /// Every text, number and truth value in the record, however deep.
    Anywhere,
}

impl FieldRef {
    /// The dotted path in the record, of a field that only the record has. Exact steps are none.
    pub fn path(&self) -> Option<Cow<'_, [String]>> {
        match self {
            FieldRef::Standard(Field { name, place: Place::Record, .. }) => Some(Cow::Owned(path_of(name))),
            FieldRef::Standard(_) | FieldRef::Selector(_) | FieldRef::Raw | FieldRef::Anywhere => None,
            FieldRef::Path(path) => Some(Cow::Borrowed(path)),
        }
    }

    /// Reads a name: a standard field if there is one, else a dotted path. Keys with dots or other odd characters stand
    /// in double quotes: `requestParameters."a.b"`.
    pub fn parse(name: &str) -> FieldRef {
        match name::read(name).filter(|(_, length)| *length == name.len()) {
            Some((segments, _)) => FieldRef::of_segments(segments),
            None => FieldRef::of_segments(path_of(name)),
        }
    }

    /// The field of a name's segments.
    pub fn of_segments(segments: Vec<String>) -> FieldRef {
        let is_dotted = segments.iter().any(|segment| segment.contains('.'));
        match find(&segments.join(".")).filter(|_| !is_dotted) {
            Some(field) => FieldRef::Standard(field),
            None => FieldRef::Path(segments),
        }
    }

    /// The name as the table or the path has it, so that [`FieldRef::parse`] reads it. Exact steps stand as a metric
    /// filter writes them, which nothing but that reads; the record itself has no name.
    pub fn name(&self) -> String {
        match self {
            FieldRef::Standard(field) => field.name.to_owned(),
            FieldRef::Path(path) => name::write(path),
            FieldRef::Selector(steps) => selector::write(steps),
            FieldRef::Raw => String::new(),
            FieldRef::Anywhere => "anywhere".to_owned(),
        }
    }
}

fn path_of(name: &str) -> Vec<String> {
    name.split('.').map(str::to_owned).collect()
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
    fn every_key_of_a_record_is_in_the_table() {
        for (key, _) in crate::ingest::keys::KEYS {
            let is_it = |field: &Field| field.name == key || field.name.starts_with(&format!("{key}."));
            assert!(FIELDS.iter().any(is_it), "{key} is missing");
        }
    }

    #[test]
    fn names() {
        assert_eq!(FieldRef::parse("EVENTNAME").name(), "eventName");
        assert_eq!(FieldRef::parse("ip").name(), "sourceIPAddress");
        assert_eq!(FieldRef::parse("requestParameters.bucketName").name(), "requestParameters.bucketName");
        assert_eq!(FieldRef::parse(r#"requestParameters."a.b""#).name(), r#"requestParameters."a.b""#);
        assert_eq!(FieldRef::parse(r#""eventName""#).name(), "eventName");
        assert_eq!(FieldRef::parse(r#""resources.ARN""#).name(), r#""resources.ARN""#);
        assert_eq!(FieldRef::parse("a b").name(), r#""a b""#);
    }
}
