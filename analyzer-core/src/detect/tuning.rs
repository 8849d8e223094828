//! Tuning: which rules are left out, and which are more or less severe than their authors said.
//!
//! ```yaml
//! ignore:                       # ids, names or titles
//!   - b4a3f2c1-0000-4000-8000-000000000001
//! levels:
//!   root-use: critical
//! ```

use super::Severity;
use super::sigma::Rule;
use super::sigma::yaml::{Node, Value, Wrong, documents};
use std::collections::{BTreeMap, BTreeSet};

/// What a file of tuning says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tuning {
    /// Rules that are left out, by id, name or title, each with its line.
    pub ignored: Vec<(String, usize)>,
    /// Rules with another severity.
    pub levels: Vec<(String, Severity, usize)>,
}

impl Tuning {
    /// Reads a file.
    ///
    /// # Errors
    /// What is wrong, and on which line.
    pub fn read(text: &str) -> Result<Tuning, Wrong> {
        let (documents, wrong) = documents(text);
        if let Some(wrong) = wrong {
            return Err(wrong);
        }
        let mut tuning = Tuning::default();
        for document in documents.iter().filter(|document| document.value != Value::Null) {
            if !matches!(document.value, Value::Map(_)) {
                return Err(Wrong::new(document.line, format!("a file of tuning is a map, not {}", document.kind())));
            }
            for (key, value) in document.members() {
                match key.text() {
                    Some("ignore") => tuning.ignored.extend(ignored(value)?),
                    Some("levels") => tuning.levels.extend(levels(value)?),
                    _ => return Err(Wrong::new(key.line, "a file of tuning has ignore and levels")),
                }
            }
        }
        Ok(tuning)
    }

    /// Leaves rules out and sets levels. Returns what names no rule: the name, and its line.
    pub fn apply(&self, rules: &mut [Rule]) -> Vec<(String, usize)> {
        let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, rule) in rules.iter().enumerate() {
            let meta = &rule.meta;
            let names = BTreeSet::from([&meta.id, &meta.name, &meta.title]);
            names.into_iter().for_each(|name| places.entry(name.clone()).or_default().push(at));
        }
        places.remove("");
        let mut unknown = Vec::new();
        let mut meant = |name: &String, line: usize| {
            let found = places.get(name).cloned().unwrap_or_default();
            if found.is_empty() {
                unknown.push((name.clone(), line));
            }
            found
        };
        for (name, severity, line) in &self.levels {
            meant(name, *line).into_iter().for_each(|at| rules[at].meta.severity = *severity);
        }
        for (name, line) in &self.ignored {
            // Correlations may still look at its events.
            meant(name, *line).into_iter().for_each(|at| rules[at].meta.is_muted = true);
        }
        unknown
    }
}

/// What tuning says of one detector.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tuned {
    /// It is left out.
    pub is_ignored: bool,
    /// All its findings have this severity.
    pub severity: Option<Severity>,
}

impl Tuning {
    /// What is said of a detector that is no rule, by its id or title.
    pub fn of(&self, id: &str, title: &str) -> Tuned {
        let is_meant = |name: &str| name == id || name == title;
        Tuned {
            is_ignored: self.ignored.iter().any(|(name, _)| is_meant(name)),
            severity: self.levels.iter().rev().find(|(name, ..)| is_meant(name)).map(|&(_, severity, _)| severity),
        }
    }
}

fn ignored(node: &Node) -> Result<Vec<(String, usize)>, Wrong> {
    let name = |node: &Node| match node.scalar() {
        Some(name) => Ok((name, node.line)),
        None => Err(Wrong::new(node.line, format!("a rule is named by its id, name or title, not by {}", node.kind()))),
    };
    if node.value == Value::Null { Ok(Vec::new()) } else { node.elements().iter().map(name).collect() }
}

fn levels(node: &Node) -> Result<Vec<(String, Severity, usize)>, Wrong> {
    let level = |(name, level): &(Node, Node)| {
        let severity = level.text().and_then(Severity::from_name);
        match (name.scalar(), severity) {
            (Some(name), Some(severity)) => Ok((name, severity, level.line)),
            _ => Err(Wrong::new(level.line, "a level is informational, low, medium, high or critical")),
        }
    };
    node.members().iter().map(level).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::sigma::{Loaded, Placeholders};

    #[test]
    fn rules_are_left_out_and_levelled() {
        let mut loaded = Loaded::default();
        let rule =
            |name: &str| format!("title: The {name}\nname: {name}\ndetection: {{s: {{a: b}}, condition: s}}\n---\n");
        loaded.add("r.yml", &format!("{}{}", rule("one"), rule("two")), &Placeholders::new());
        let mut rules = loaded.finish().rules;
        let tuning = Tuning::read("ignore: [The one, three]\nlevels:\n  two: critical\n  four: low\n").unwrap();
        let unknown = tuning.apply(&mut rules);
        assert_eq!(unknown, [("four".to_owned(), 4), ("three".to_owned(), 1)]);
        assert_eq!((rules[0].meta.is_muted, rules[1].meta.is_muted), (true, false));
        assert_eq!(rules[1].meta.severity, Severity::Critical);
        let tuned = |is_ignored, severity| Tuned { is_ignored, severity };
        assert_eq!(tuning.of("three", "Three"), tuned(true, None));
        assert_eq!(tuning.of("4", "four"), tuned(false, Some(Severity::Low)));
        assert_eq!(tuning.of("five", "Five"), Tuned::default());
        let check = |text: &str, line: usize| assert_eq!(Tuning::read(text).unwrap_err().line, line, "{text}");
        check("- a", 1);
        check("ignore: []\nlevel: {}", 2);
        check("levels:\n  a: dire", 2);
        assert_eq!(Tuning::read("ignore:\n").unwrap(), Tuning::default());
    }
}
