//! A new plugin: a folder that builds at once.

use std::fs;
use std::path::{Path, PathBuf};

use include_dir::{Dir, DirEntry, include_dir};

use super::project::Language;

/// What is written, by language. In all of it, `my-detector` and its other spellings stand for the name.
static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../plugins/templates");
/// The SDK for Rust and the contract, of which a project gets copies: it depends on no path of this machine.
static SDK: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../plugins/sdk");
static CONTRACT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../plugins/contract");

/// What hides the columns of the contract from a detector in another language.
const LIBRARIES: [(Language, &str, &str); 4] = [
    (Language::Js, "trailglass.js", include_str!("../../../plugins/languages/javascript/trailglass.js")),
    (Language::Python, "trailglass.py", include_str!("../../../plugins/languages/python/trailglass.py")),
    (Language::C, "trailglass.h", include_str!("../../../plugins/languages/c/trailglass.h")),
    (Language::C, "trailglass.c", include_str!("../../../plugins/languages/c/trailglass.c")),
];

/// Versions with which the SDK is tested; a project begins with the same.
const LOCK: &str = include_str!("../../../plugins/Cargo.lock");

/// The name in the templates.
const NAME: &str = "my-detector";
/// Names are at most so long, as ids of plugins are.
const NAME_BYTES: usize = 64;

/// Writes a project into a new folder called `name` in `parent`, and returns that folder.
///
/// # Errors
/// A sentence: the name is none, the folder is there already, or a file cannot be written.
pub fn create(parent: &Path, name: &str, language: Language) -> Result<PathBuf, String> {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let begins_well = name.starts_with(|c: char| c.is_ascii_lowercase());
    if !begins_well || name.len() > NAME_BYTES || !name.bytes().all(is_word) || name.ends_with('-') {
        return Err(format!(
            "a name is made of lower-case letters, digits and dashes, begins with a letter and has at most {NAME_BYTES}: {name}"
        ));
    }
    let folder = parent.join(name);
    if folder.exists() {
        return Err(format!("there is something already: {}", folder.display()));
    }
    let template = match language {
        Language::Rust => "rust",
        Language::Js => "js",
        Language::Python => "python",
        Language::C => "c",
    };
    let Some(template) = TEMPLATES.get_dir(template) else { return Err("there is no template".to_owned()) };
    copy(template, template.path(), &folder, &|text| named(text, name))?;
    for (_, file, text) in LIBRARIES.iter().filter(|(of, ..)| *of == language) {
        write(&folder.join(file), text)?;
    }
    if language == Language::Rust {
        write(&folder.join("Cargo.lock"), LOCK)?;
        copy(&SDK, SDK.path(), &folder.join("trailglass/sdk"), &str::to_owned)?;
        copy(&CONTRACT, CONTRACT.path(), &folder.join("trailglass/contract"), &str::to_owned)?;
    } else if let Some(wit) = CONTRACT.get_dir("wit") {
        copy(wit, wit.path(), &folder.join("wit"), &str::to_owned)?;
    }
    Ok(folder)
}

fn copy(from: &Dir<'_>, base: &Path, to: &Path, change: &dyn Fn(&str) -> String) -> Result<(), String> {
    for entry in from.entries() {
        match entry {
            DirEntry::Dir(dir) => copy(dir, base, to, change)?,
            DirEntry::File(file) => {
                let path = file.path().strip_prefix(base).unwrap_or(file.path());
                // A Cargo.toml or .gitignore among the templates would mean something where it stands.
                let path = to.join(path.to_string_lossy().replace(".template", ""));
                let Some(text) = file.contents_utf8() else { continue };
                write(&path, &change(text))?;
            }
        }
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let written = path.parent().map_or(Ok(()), fs::create_dir_all);
    written.and_then(|()| fs::write(path, text)).map_err(|error| format!("{error}: {}", path.display()))
}

/// A text of a template with the name in all its spellings.
fn named(text: &str, name: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
    };
    let camel: String = name.split('-').map(capital).collect();
    let text = text.replace(NAME, name).replace("my_detector", &name.replace('-', "_")).replace("MyDetector", &camel);
    text.replace("My detector", &capital(&name.replace('-', " ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_spelt_as_it_is_needed() {
        let text = "my-detector my_detector MyDetector My detector";
        assert_eq!(
            named(text, "trail-was-stopped"),
            "trail-was-stopped trail_was_stopped TrailWasStopped Trail was stopped"
        );
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for name in ["", "A", "a_b", "../a", "1a", "a-", "a b", &"a".repeat(65)] {
            assert!(create(Path::new("nowhere"), name, Language::Rust).is_err(), "{name}");
        }
    }
}
