//! Values of a plugin's options: the defaults, and what a user set instead.

use crate::terms::{Manifest, OptionSetting, OptionSpec, OptionValue};

/// Bytes of one text.
pub const TEXT_BYTES: usize = 64 << 10;
/// Texts of one option.
pub const TEXTS: usize = 10_000;
/// Bytes of all texts of one option.
pub const TEXTS_BYTES: usize = 1 << 20;

/// One setting for every option of a manifest, in its order: its default, or what a user wants instead.
///
/// # Errors
/// A sentence: which option there is not, or what it takes.
pub fn settings(manifest: &Manifest, wanted: &[OptionSetting]) -> Result<Vec<OptionSetting>, String> {
    let mut settings: Vec<OptionSetting> = manifest.options.iter().map(default).collect();
    for OptionSetting { name, value } in wanted {
        let Some(setting) = settings.iter_mut().find(|setting| setting.name == *name) else {
            return Err(match manifest.options.as_slice() {
                [] => format!("there is no option {name}; the plugin has none"),
                options => {
                    let names: Vec<&str> = options.iter().map(|option| option.name.as_str()).collect();
                    format!("there is no option {name}; there are {}", names.join(", "))
                }
            });
        };
        if std::mem::discriminant(&setting.value) != std::mem::discriminant(value) {
            return Err(takes(name, &setting.value));
        }
        check(name, value)?;
        setting.value = value.clone();
    }
    Ok(settings)
}

/// Reads a value as a user types it: `true` or `false`, a whole number, a text, or texts with commas between.
///
/// # Errors
/// A sentence: what the option takes.
pub fn parse(spec: &OptionSpec, text: &str) -> Result<OptionValue, String> {
    let wrong = || takes(&spec.name, &spec.default);
    Ok(match spec.default {
        OptionValue::Flag(_) => OptionValue::Flag(text.parse().map_err(|_| wrong())?),
        OptionValue::Integer(_) => OptionValue::Integer(text.parse().map_err(|_| wrong())?),
        OptionValue::Text(_) => OptionValue::Text(text.to_owned()),
        OptionValue::Texts(_) => {
            let texts = text.split(',').map(str::trim).filter(|text| !text.is_empty());
            OptionValue::Texts(texts.map(str::to_owned).collect())
        }
    })
}

/// A value as a user would type it.
#[must_use]
pub fn written(value: &OptionValue) -> String {
    match value {
        OptionValue::Flag(flag) => flag.to_string(),
        OptionValue::Integer(number) => number.to_string(),
        OptionValue::Text(text) => text.clone(),
        OptionValue::Texts(texts) => texts.join(","),
    }
}

/// What an option takes, in words.
#[must_use]
pub fn kind(value: &OptionValue) -> &'static str {
    match value {
        OptionValue::Flag(_) => "true or false",
        OptionValue::Integer(_) => "a whole number",
        OptionValue::Text(_) => "a text",
        OptionValue::Texts(_) => "a list of texts",
    }
}

/// Whether a value keeps to the contract's bounds.
pub(crate) fn check(name: &str, value: &OptionValue) -> Result<(), String> {
    let too_long = |what: &str| Err(format!("option {name} has {what}"));
    match value {
        OptionValue::Text(text) if text.len() > TEXT_BYTES => {
            too_long(&format!("a text of more than {TEXT_BYTES} bytes"))
        }
        OptionValue::Texts(texts) if texts.len() > TEXTS => too_long(&format!("more than {TEXTS} texts")),
        OptionValue::Texts(texts) if texts.iter().map(String::len).sum::<usize>() > TEXTS_BYTES => {
            too_long(&format!("texts of more than {TEXTS_BYTES} bytes"))
        }
        _ => Ok(()),
    }
}

fn takes(name: &str, value: &OptionValue) -> String {
    format!("option {name} takes {}", kind(value))
}

fn default(spec: &OptionSpec) -> OptionSetting {
    OptionSetting { name: spec.name.clone(), value: spec.default.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::tests::manifest;

    fn with_options() -> Manifest {
        let defaults = [
            ("flag", OptionValue::Flag(false)),
            ("number", OptionValue::Integer(3)),
            ("text", OptionValue::Text("a".to_owned())),
            ("texts", OptionValue::Texts(Vec::new())),
        ];
        let option = |(name, default): (&str, OptionValue)| OptionSpec {
            name: name.to_owned(),
            description: String::new(),
            default,
        };
        Manifest { options: defaults.map(option).to_vec(), ..manifest() }
    }

    #[test]
    fn what_a_user_types_becomes_values() {
        let manifest = with_options();
        let check = |name: &str, text: &str, expected: Result<OptionValue, &str>| {
            let spec = manifest.options.iter().find(|spec| spec.name == name).unwrap();
            assert_eq!(parse(spec, text), expected.map_err(str::to_owned), "{name}={text}");
        };
        let texts = |texts: &[&str]| OptionValue::Texts(texts.iter().map(|&text| text.to_owned()).collect());
        check("flag", "true", Ok(OptionValue::Flag(true)));
        check("flag", "yes", Err("option flag takes true or false"));
        check("number", "-5", Ok(OptionValue::Integer(-5)));
        check("number", "5.5", Err("option number takes a whole number"));
        check("text", "", Ok(OptionValue::Text(String::new())));
        check("texts", "a, b,,c", Ok(texts(&["a", "b", "c"])));
        check("texts", "", Ok(texts(&[])));
    }

    #[test]
    fn settings_are_complete_in_order_and_of_the_right_type() {
        let manifest = with_options();
        let check_all = |wanted: &[(&str, OptionValue)], expected: Result<&str, &str>| {
            let wanted: Vec<OptionSetting> = wanted
                .iter()
                .map(|(name, value)| OptionSetting { name: (*name).to_owned(), value: value.clone() })
                .collect();
            let found = settings(&manifest, &wanted).map(|settings| {
                let parts: Vec<String> =
                    settings.iter().map(|setting| format!("{}={}", setting.name, written(&setting.value))).collect();
                parts.join(" ")
            });
            assert_eq!(found, expected.map(str::to_owned).map_err(str::to_owned), "{wanted:?}");
        };
        check_all(&[], Ok("flag=false number=3 text=a texts="));
        check_all(&[("number", OptionValue::Integer(9))], Ok("flag=false number=9 text=a texts="));
        check_all(&[("number", OptionValue::Flag(true))], Err("option number takes a whole number"));
        check_all(
            &[("speed", OptionValue::Flag(true))],
            Err("there is no option speed; there are flag, number, text, texts"),
        );
        let long = OptionValue::Text("x".repeat(TEXT_BYTES + 1));
        check_all(&[("text", long)], Err("option text has a text of more than 65536 bytes"));
        let many = OptionValue::Texts(vec![String::new(); TEXTS + 1]);
        check_all(&[("texts", many)], Err("option texts has more than 10000 texts"));
    }
}
