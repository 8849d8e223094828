//! Whether a manifest keeps to the contract's bounds.

use super::{Grouping, Manifest};

/// Bytes that `describe` may hand over.
pub(super) const BYTES: usize = 256 << 10;

const ID_BYTES: usize = 64;
const NAME_BYTES: usize = 200;
const LIST_ITEMS: usize = 64;
const GROUPING_FIELDS: usize = 8;

/// Checks a manifest.
///
/// # Errors
/// What breaks the contract, as a clause without the plugin's own text.
pub(super) fn check(manifest: &Manifest) -> Result<(), String> {
    word(&manifest.id, "the id")?;
    text(&manifest.name, NAME_BYTES, "the name")?;
    text(&manifest.version, ID_BYTES, "the version")?;
    count(manifest.options.len(), LIST_ITEMS, "options")?;
    count(manifest.fields.len(), LIST_ITEMS, "fields")?;
    for (i, option) in manifest.options.iter().enumerate() {
        word(&option.name, "an option's name")?;
        if manifest.options[..i].iter().any(|earlier| earlier.name == option.name) {
            return Err("two options have the same name".to_owned());
        }
    }
    if manifest.fields.iter().any(String::is_empty) {
        return Err("a field has no name".to_owned());
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

fn word(word: &str, what: &str) -> Result<(), String> {
    let fine = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if word.is_empty() || word.len() > ID_BYTES || !word.bytes().all(fine) {
        return Err(format!("{what} is not made of lower-case letters, digits and dashes, 1 to {ID_BYTES} in all"));
    }
    Ok(())
}

fn text(text: &str, most: usize, what: &str) -> Result<(), String> {
    match text.len() {
        0 => Err(format!("{what} is empty")),
        length if length > most => Err(format!("{what} is longer than {most} bytes")),
        _ => Ok(()),
    }
}

fn count(found: usize, most: usize, what: &str) -> Result<(), String> {
    if found > most {
        return Err(format!("it has {found} {what}; {most} are allowed"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{OptionSpec, OptionValue, Severity};

    fn manifest() -> Manifest {
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
        check_after(|_| {}, "");
        check_after(|m| m.id = String::new(), "the id is not made of");
        check_after(|m| m.id = "With space".to_owned(), "the id is not made of");
        check_after(|m| m.id = "x".repeat(65), "the id is not made of");
        check_after(|m| m.name = String::new(), "the name is empty");
        check_after(|m| m.name = "x".repeat(201), "the name is longer than 200");
        check_after(|m| m.version = String::new(), "the version is empty");
        check_after(|m| m.fields = vec!["eventName".to_owned(); 65], "65 fields; 64");
        check_after(|m| m.fields.push(String::new()), "a field has no name");
        check_after(|m| m.options = vec![option(), option()], "two options");
        check_after(|m| m.fields = Vec::new(), "not among its fields");
        check_after(|m| m.grouping = Grouping::ByFields(Vec::new()), "groups by no field");
        check_after(|m| m.grouping = Grouping::ByFields(vec!["eventName".to_owned(); 9]), "9 fields in the grouping");
    }
}
