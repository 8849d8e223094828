//! Which plugins are to run, with which options and limits: from arguments, and from a file of settings.
//!
//! ```yaml
//! plugins:
//!   - file: impossible-travel.wasm     # from where this file is
//!     options: {speed: 900, ignored-regions: [us-east-1, eu-west-1]}
//!     limits: {memory-bytes: 512MiB}
//! ```

use std::path::{Path, PathBuf};

use analyzer_core::detect::sigma::yaml::{self, Node, Value, Wrong};
use plugin_host::{Limits, Manifest, OptionSetting, OptionValue, read_limit, settings};

use crate::args::PluginArgs;

/// A plugin that is to run.
#[derive(Debug, Clone)]
pub struct Wishes {
    /// Its file.
    pub path: PathBuf,
    /// What it may take.
    pub limits: Limits,
    /// What is set of its options, as it is written.
    pub options: Vec<(String, Written)>,
}

/// A value as somebody wrote it; the option says what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// One word.
    Text(String),
    /// A list.
    List(Vec<String>),
}

impl Wishes {
    /// A plugin with nothing set.
    #[must_use]
    pub fn plain(path: &Path) -> Self {
        Self { path: path.to_owned(), limits: Limits::default(), options: Vec::new() }
    }

    /// What is set, as values of the plugin's options.
    ///
    /// # Errors
    /// A sentence: which option there is not, or what it takes.
    pub fn settings(&self, manifest: &Manifest) -> Result<Vec<OptionSetting>, String> {
        let setting = |(name, written): &(String, Written)| {
            let Some(spec) = manifest.options.iter().find(|spec| spec.name == *name) else {
                // It says which there are.
                let value = OptionValue::Flag(true);
                let unknown = OptionSetting { name: name.clone(), value };
                return settings::settings(manifest, &[unknown]).map(|_| None);
            };
            let value = match written {
                Written::Text(text) => settings::parse(spec, text)?,
                Written::List(texts) => OptionValue::Texts(texts.clone()),
            };
            Ok(Some(OptionSetting { name: name.clone(), value }))
        };
        Ok(self.options.iter().map(setting).collect::<Result<Vec<_>, String>>()?.into_iter().flatten().collect())
    }

    /// What arguments call it: its file without the ending.
    fn name(&self) -> String {
        self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }
}

/// Everything that was asked for, and what of it cannot be understood, each in one sentence.
#[must_use]
pub fn wishes(args: &PluginArgs) -> (Vec<Wishes>, Vec<String>) {
    let mut wrong = Vec::new();
    let mut all = Vec::new();
    if let Some(path) = &args.plugin_settings {
        all = file(path).unwrap_or_else(|why| {
            wrong.push(why);
            Vec::new()
        });
    }
    all.extend(args.plugins.iter().map(|path| Wishes::plain(path)));
    for text in &args.plugin_options {
        match meant(&mut all, text) {
            Ok((name, value, plugins)) => {
                plugins
                    .into_iter()
                    .for_each(|plugin| plugin.options.push((name.clone(), Written::Text(value.clone()))));
            }
            Err(why) => wrong.push(format!("--plugin-option {text}: {why}")),
        }
    }
    for text in &args.plugin_limits {
        let set = meant(&mut all, text).and_then(|(name, value, plugins)| {
            let number = read_limit(&value)?;
            plugins.into_iter().try_for_each(|plugin| plugin.limits.set(&name, number))
        });
        wrong.extend(set.err().map(|why| format!("--plugin-limit {text}: {why}")));
    }
    (all, wrong)
}

/// Reads `PLUGIN.NAME=VALUE` or, for every plugin, `NAME=VALUE`.
fn meant<'a>(all: &'a mut [Wishes], text: &str) -> Result<(String, String, Vec<&'a mut Wishes>), String> {
    let (name, value) = text.split_once('=').ok_or("it is written PLUGIN.NAME=VALUE or NAME=VALUE")?;
    let (plugin, name) = name.rsplit_once('.').map_or((None, name), |(plugin, name)| (Some(plugin), name));
    let plugins: Vec<&mut Wishes> =
        all.iter_mut().filter(|wish| plugin.is_none_or(|plugin| wish.name() == plugin)).collect();
    match (plugins.is_empty(), plugin) {
        (false, _) => Ok((name.to_owned(), value.to_owned(), plugins)),
        (true, Some(plugin)) => Err(format!("no plugin's file is called {plugin}.wasm")),
        (true, None) => Err("there is no plugin".to_owned()),
    }
}

fn file(path: &Path) -> Result<Vec<Wishes>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{error}: {}", path.display()))?;
    let base = path.parent().unwrap_or(Path::new(""));
    read(&text, base).map_err(|Wrong { line, why }| format!("{}:{line}: {why}", path.display()))
}

fn read(text: &str, base: &Path) -> Result<Vec<Wishes>, Wrong> {
    let (documents, wrong) = yaml::documents(text);
    if let Some(wrong) = wrong {
        return Err(wrong);
    }
    let mut all = Vec::new();
    for document in documents.iter().filter(|document| document.value != Value::Null) {
        let Some(plugins) = document.get("plugins").filter(|_| document.members().len() == 1) else {
            return Err(Wrong::new(document.line, "a file of plugin settings has plugins, and nothing else"));
        };
        if plugins.value != Value::Null {
            all.extend(plugins.elements().iter().map(|plugin| one(plugin, base)).collect::<Result<Vec<_>, Wrong>>()?);
        }
    }
    Ok(all)
}

fn one(node: &Node, base: &Path) -> Result<Wishes, Wrong> {
    let Some(file) = node.get("file").and_then(Node::scalar) else {
        return Err(Wrong::new(node.line, "a plugin has a file"));
    };
    let mut wishes = Wishes::plain(&base.join(file));
    for (key, value) in node.members() {
        match key.text() {
            Some("file") => {}
            Some("options") => {
                for (name, value) in value.members() {
                    wishes.options.push((named(name)?, written(value)?));
                }
            }
            Some("limits") => {
                for (name, value) in value.members() {
                    let set = read_limit(&value.scalar().unwrap_or_default());
                    let set = set.and_then(|number| wishes.limits.set(&named(name).unwrap_or_default(), number));
                    set.map_err(|why| Wrong::new(value.line, why))?;
                }
            }
            _ => return Err(Wrong::new(key.line, "a plugin has file, options and limits")),
        }
    }
    Ok(wishes)
}

fn named(name: &Node) -> Result<String, Wrong> {
    name.scalar().ok_or_else(|| Wrong::new(name.line, format!("a name is a text, not {}", name.kind())))
}

fn written(value: &Node) -> Result<Written, Wrong> {
    let text = |node: &Node| {
        node.scalar().ok_or_else(|| Wrong::new(node.line, format!("a value is a text, not {}", node.kind())))
    };
    match &value.value {
        Value::List(all) => Ok(Written::List(all.iter().map(text).collect::<Result<_, _>>()?)),
        _ => Ok(Written::Text(text(value)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(all: &[Wishes]) -> Vec<String> {
        let one = |wish: &Wishes| {
            let options: Vec<String> = wish.options.iter().map(|(name, value)| format!(" {name}={value:?}")).collect();
            format!("{}{} {}", wish.path.display(), options.concat(), wish.limits.memory_bytes)
        };
        all.iter().map(one).collect()
    }

    #[test]
    fn a_file_of_settings() {
        let check = |text: &str, expected: Result<&[&str], (usize, &str)>| {
            let found = read(text, Path::new("there")).map(|all| shown(&all));
            match (found, expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{text}"),
                (Err(Wrong { line, why }), Err((at, what))) => {
                    assert!(line == at && why.contains(what), "{text}: line {line}: {why}");
                }
                (found, expected) => panic!("{text}: {found:?}, not {expected:?}"),
            }
        };
        check("", Ok(&[]));
        check("plugins:\n", Ok(&[]));
        check(
            "plugins:\n  - file: a.wasm\n    options: {speed: 900, on: true, names: [a, b]}\n    limits: {memory-bytes: 1KiB}\n",
            Ok(&["there/a.wasm speed=Text(\"900\") on=Text(\"true\") names=List([\"a\", \"b\"]) 1024"]),
        );
        check("plugin: []", Err((1, "has plugins, and nothing else")));
        check("plugins:\n  - options: {}", Err((2, "a plugin has a file")));
        check("plugins:\n  - file: a\n    option: {}", Err((3, "file, options and limits")));
        check("plugins:\n  - file: a\n    limits: {speed: 1}", Err((3, "there is no such limit")));
        check("plugins:\n  - file: a\n    limits: {fuel: many}", Err((3, "a whole number")));
        check("plugins:\n  - file: a\n    options: {a: {b: c}}", Err((3, "a value is a text, not a map")));
        check("plugins: [", Err((2, "not YAML")));
    }

    #[test]
    fn arguments_are_for_one_plugin_or_for_all() {
        let check = |options: &[&str], limits: &[&str], expected: &[&str], wrong: &[&str]| {
            let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
            let args = PluginArgs {
                plugins: vec![PathBuf::from("x/one.wasm"), PathBuf::from("two.wasm")],
                plugin_options: owned(options),
                plugin_limits: owned(limits),
                ..PluginArgs::default()
            };
            let (all, told) = wishes(&args);
            assert_eq!(shown(&all), expected);
            assert_eq!(told, wrong);
        };
        let plain = 256 << 20;
        check(
            &["one.speed=9=9"],
            &["two.memory-bytes=1_000"],
            &[&format!("x/one.wasm speed=Text(\"9=9\") {plain}"), "two.wasm 1000"],
            &[],
        );
        check(
            &["a=b"],
            &["memory-bytes=2GiB"],
            &["x/one.wasm a=Text(\"b\") 2147483648", "two.wasm a=Text(\"b\") 2147483648"],
            &[],
        );
        check(
            &["three.a=b", "speed"],
            &["memory-bytes=-1"],
            &[&format!("x/one.wasm {plain}"), &format!("two.wasm {plain}")],
            &[
                "--plugin-option three.a=b: no plugin's file is called three.wasm",
                "--plugin-option speed: it is written PLUGIN.NAME=VALUE or NAME=VALUE",
                "--plugin-limit memory-bytes=-1: a limit is a whole number",
            ],
        );
    }
}
