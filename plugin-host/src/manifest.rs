//! What a plugin says of itself: whether it keeps to the contract's bounds, and what it looks like to the core.

use analyzer_core::detect::{self, Detector};
use analyzer_core::field::FieldRef;
use analyzer_core::predicate::{self, Predicate};

use crate::fault::Cause;
use crate::inspect::unfit;
use crate::settings;
use crate::terms::{Grouping, Manifest};

/// Bytes that `describe` may hand over.
pub const BYTES: usize = 256 << 10;

const WORD_BYTES: usize = 64;
const NAME_BYTES: usize = 200;
const DESCRIPTION_BYTES: usize = 4 << 10;
const LINE_BYTES: usize = 1 << 10;
const SELECT_BYTES: usize = 64 << 10;
const LIST_ITEMS: usize = 64;
const GROUPING_FIELDS: usize = 8;

/// Checks a manifest.
///
/// # Errors
/// What breaks the contract, as a clause without the plugin's own text.
pub fn check(manifest: &Manifest) -> Result<(), String> {
    word(&manifest.id, "the id")?;
    filled(&manifest.name, "the name")?;
    line(&manifest.name, NAME_BYTES, "the name")?;
    filled(&manifest.version, "the version")?;
    line(&manifest.version, WORD_BYTES, "the version")?;
    text(&manifest.description, DESCRIPTION_BYTES, &['\n'], "the description")?;
    line(&manifest.select, SELECT_BYTES, "the query")?;
    lines(&manifest.tactics, WORD_BYTES, "tactics", "a tactic")?;
    lines(&manifest.techniques, WORD_BYTES, "techniques", "a technique")?;
    lines(&manifest.false_positives, LINE_BYTES, "false positives", "a false positive")?;
    lines(&manifest.references, LINE_BYTES, "references", "a reference")?;
    lines(&manifest.fields, LINE_BYTES, "fields", "a field")?;
    count(manifest.options.len(), LIST_ITEMS, "options")?;
    for (i, option) in manifest.options.iter().enumerate() {
        word(&option.name, "an option's name")?;
        line(&option.description, LINE_BYTES, "an option's description")?;
        settings::check(&option.name, &option.default)?;
        if manifest.options[..i].iter().any(|earlier| earlier.name == option.name) {
            return Err("two options have the same name".to_owned());
        }
    }
    for (i, field) in manifest.fields.iter().enumerate() {
        filled(field, "the name of a field")?;
        if manifest.fields[..i].contains(field) {
            return Err("it asks for a field twice".to_owned());
        }
    }
    match &manifest.grouping {
        Grouping::ByFields(fields) if fields.is_empty() => Err("it groups by no field".to_owned()),
        Grouping::ByFields(fields) => {
            count(fields.len(), GROUPING_FIELDS, "fields in the grouping")?;
            match fields.iter().all(|field| manifest.fields.contains(field)) {
                true => Ok(()),
                false => Err("it groups by a field that is not among its fields".to_owned()),
            }
        }
        Grouping::EachEvent | Grouping::AllEvents => Ok(()),
    }
}

/// The core's description of a plugin.
///
/// # Errors
/// What is wrong with its query.
pub fn detector(manifest: &Manifest) -> Result<Detector, String> {
    // Events are selected while they are read: nobody knows yet which will be the newest.
    let parsed = predicate::parse(&manifest.select, None);
    if let Some(problem) = parsed.first_wrong() {
        return Err(problem.message.to_string());
    }
    Ok(described(manifest, parsed.predicate, FieldRef::parse))
}

/// The fault of a plugin whose query cannot be read, with what [`detector`] says of it.
#[must_use]
pub fn query_is_wrong(why: &str) -> Cause {
    unfit(format!("its select is no valid query: {why}"), "the query has to be mended in the plugin's manifest")
}

/// The fault of a plugin whose id, which is checked, is that of a rule, a metric filter or another plugin.
#[must_use]
pub fn id_is_taken(id: &str) -> Cause {
    let hint = "give each plugin once; a plugin needs an id that no rule and no other plugin has";
    unfit(format!("there is another detector with the id {id}"), hint)
}

/// The core's description of a plugin that selects these events and whose fields are these.
pub fn described(manifest: &Manifest, select: Predicate, field: impl Fn(&str) -> FieldRef) -> Detector {
    let fields = |names: &[String]| names.iter().map(|name| field(name)).collect();
    Detector {
        id: manifest.id.clone(),
        version: manifest.version.clone(),
        title: manifest.name.clone(),
        description: manifest.description.clone(),
        severity: manifest.severity,
        tactics: manifest.tactics.clone(),
        techniques: manifest.techniques.clone(),
        false_positives: manifest.false_positives.clone(),
        select,
        fields: fields(&manifest.fields),
        grouping: match &manifest.grouping {
            Grouping::EachEvent => detect::Grouping::Each,
            Grouping::ByFields(names) => detect::Grouping::By(fields(names)),
            Grouping::AllEvents => detect::Grouping::All,
        },
    }
}

fn word(word: &str, what: &str) -> Result<(), String> {
    let fine = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if word.is_empty() || word.len() > WORD_BYTES || !word.bytes().all(fine) {
        return Err(format!("{what} is not made of lower-case letters, digits and dashes, 1 to {WORD_BYTES} in all"));
    }
    Ok(())
}

fn filled(text: &str, what: &str) -> Result<(), String> {
    if text.is_empty() {
        return Err(format!("{what} is empty"));
    }
    Ok(())
}

fn lines(all: &[String], most: usize, what: &str, one: &str) -> Result<(), String> {
    count(all.len(), LIST_ITEMS, what)?;
    all.iter().try_for_each(|text| line(text, most, one))
}

fn line(text: &str, most: usize, what: &str) -> Result<(), String> {
    self::text(text, most, &[], what)
}

fn text(text: &str, most: usize, controls: &[char], what: &str) -> Result<(), String> {
    if text.len() > most {
        return Err(format!("{what} is longer than {most} bytes"));
    }
    if text.chars().any(|c| c.is_control() && !controls.contains(&c)) {
        return Err(format!("{what} has a control character"));
    }
    Ok(())
}

fn count(found: usize, most: usize, what: &str) -> Result<(), String> {
    if found > most {
        return Err(format!("it has {found} {what}; {most} are allowed"));
    }
    Ok(())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::terms::{OptionSpec, OptionValue};
    use analyzer_core::detect::Severity;

    pub(crate) fn manifest() -> Manifest {
        Manifest {
            id: "a-detector".to_owned(),
            name: "A detector".to_owned(),
            version: "1.0.0".to_owned(),
            description: String::new(),
            severity: Severity::Low,
            tactics: Vec::new(),
            techniques: Vec::new(),
            false_positives: Vec::new(),
            references: Vec::new(),
            options: Vec::new(),
            select: String::new(),
            fields: vec!["eventName".to_owned()],
            grouping: Grouping::ByFields(vec!["eventName".to_owned()]),
        }
    }

    fn check_after(change: impl FnOnce(&mut Manifest), expected: &str) {
        let mut manifest = manifest();
        change(&mut manifest);
        let found = check(&manifest).err().unwrap_or_default();
        assert!(found.contains(expected) && found.is_empty() == expected.is_empty(), "{found:?}, not {expected:?}");
    }

    #[test]
    fn bounds_of_the_contract() {
        let option =
            || OptionSpec { name: "same".to_owned(), description: String::new(), default: OptionValue::Flag(true) };
        let long = || "x".repeat(SELECT_BYTES + 1);
        check_after(|_| {}, "");
        check_after(|m| m.description = "One\ntwo".to_owned(), "");
        check_after(|m| m.id = String::new(), "the id is not made of");
        check_after(|m| m.id = "With space".to_owned(), "the id is not made of");
        check_after(|m| m.id = "x".repeat(65), "the id is not made of");
        check_after(|m| m.name = String::new(), "the name is empty");
        check_after(|m| m.name = "x".repeat(201), "the name is longer than 200");
        check_after(|m| m.name = "\u{1b}[2J".to_owned(), "the name has a control character");
        check_after(|m| m.version = String::new(), "the version is empty");
        check_after(|m| m.version = "1\n2".to_owned(), "the version has a control character");
        check_after(|m| m.description = long(), "the description is longer than 4096");
        check_after(|m| m.description = "\u{7}".to_owned(), "the description has a control character");
        check_after(|m| m.select = long(), "the query is longer than 65536");
        check_after(|m| m.tactics = vec![String::new(); 65], "65 tactics; 64");
        check_after(|m| m.techniques = vec!["x".repeat(65)], "a technique is longer than 64");
        check_after(|m| m.false_positives = vec![long()], "a false positive is longer than 1024");
        check_after(|m| m.references = vec!["\r".to_owned()], "a reference has a control character");
        check_after(|m| m.fields = vec!["eventName".to_owned(); 65], "65 fields; 64");
        check_after(|m| m.fields.push(String::new()), "the name of a field is empty");
        check_after(|m| m.fields.push("eventName".to_owned()), "a field twice");
        check_after(|m| m.options = vec![option(), option()], "two options");
        check_after(
            |m| m.options = vec![OptionSpec { default: OptionValue::Text(long()), ..option() }],
            "option same has",
        );
        check_after(|m| m.fields = Vec::new(), "not among its fields");
        check_after(|m| m.grouping = Grouping::ByFields(Vec::new()), "groups by no field");
        check_after(|m| m.grouping = Grouping::ByFields(vec!["eventName".to_owned(); 9]), "9 fields in the grouping");
    }

    #[test]
    fn a_wrong_query_is_told() {
        let with = |select: &str| detector(&Manifest { select: select.to_owned(), ..manifest() }).map(|_| ());
        assert_eq!(with("eventName:ConsoleLogin"), Ok(()));
        assert_eq!(with(""), Ok(()));
        assert!(with("eventName:(").is_err());
        // There is no now.
        assert!(with("eventTime >= now-1h").unwrap_err().contains("now"));
    }
}
