//! One document: a rule, a correlation, or a filter.

use super::pattern::Placeholders;
use super::yaml::{Node, Value, Wrong};
use super::{correlation, detection};
use crate::detect::Severity;
use crate::detect::correlate::Correlation;
use crate::predicate::Predicate;

/// A rule, with what it is known by.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// What it is known by.
    pub meta: Meta,
    /// What it does.
    pub work: Work,
}

/// What a rule does.
#[derive(Clone, Debug, PartialEq)]
pub enum Work {
    /// It selects events.
    Select(Predicate),
    /// It looks at the events, or hits, of other rules together.
    Correlate(Box<Correlation>),
}

/// What a rule is known by. All texts are untrusted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    /// The file.
    pub file: String,
    /// The line on which it begins, from 1.
    pub line: usize,
    /// Its headline.
    pub title: String,
    /// Its id, mostly a UUID; empty if it has none.
    pub id: String,
    /// The name by which correlations call it; empty if it has none.
    pub name: String,
    /// What it looks for and why that matters.
    pub description: String,
    /// How bad a hit is. A rule without a level is of medium severity.
    pub severity: Severity,
    /// `stable`, `test`, `experimental`, `deprecated` or `unsupported`.
    pub status: String,
    /// Who wrote it.
    pub author: String,
    /// Its tags, such as `attack.t1078.004`.
    pub tags: Vec<String>,
    /// What else could explain a hit.
    pub false_positives: Vec<String>,
    /// Where to read more.
    pub references: Vec<String>,
    /// Product, service and category of its log source.
    pub source: [Option<String>; 3],
    /// A correlation's rules make findings of their own, too.
    pub generates: bool,
    /// It makes no findings: see [`crate::detect::tuning`].
    pub is_muted: bool,
    /// It comes with Trailglass.
    pub is_bundled: bool,
}

/// A document.
pub(super) enum Document {
    Rule(Box<Rule>),
    Filter(Box<Filter>),
}

/// Narrows other rules.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Filter {
    pub title: String,
    pub line: usize,
    /// Ids or names; `any` for all of its log source.
    pub rules: Vec<String>,
    pub source: [Option<String>; 3],
    /// What an event must be, too.
    pub keeps: Predicate,
}

impl Filter {
    /// Whether a rule is of the filter's log source.
    pub fn fits(&self, meta: &Meta) -> bool {
        let is_same = |(mine, other): (&Option<String>, &Option<String>)| mine.is_none() || mine == other;
        self.source.iter().zip(&meta.source).all(is_same)
    }
}

impl Meta {
    /// Whether this is its id or its name.
    pub fn is_called(&self, name: &str) -> bool {
        !name.is_empty() && (self.id == name || self.name == name)
    }

    /// Whether this is its id, its name, or its title.
    pub fn is_meant(&self, name: &str) -> bool {
        self.is_called(name) || self.title == name
    }

    /// File and line.
    pub fn place(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }

    /// The ATT&CK techniques among its tags, as `T1078.004`.
    pub fn techniques(&self) -> Vec<String> {
        let technique = |tag: &String| {
            let id = tag.strip_prefix("attack.t")?;
            id.starts_with(|c: char| c.is_ascii_digit()).then(|| format!("T{id}"))
        };
        self.tags.iter().filter_map(technique).collect()
    }

    /// The ids of the ATT&CK tactics among its tags, as `TA0006`.
    pub fn tactics(&self) -> Vec<String> {
        let tactic = |tag: &String| {
            let name = tag.strip_prefix("attack.")?.replace('_', "-");
            TACTICS.iter().find(|(_, known)| *known == name).map(|(id, _)| (*id).to_owned())
        };
        self.tags.iter().filter_map(tactic).collect()
    }
}

/// The tactics of ATT&CK for enterprises, in its order: ids and names.
pub const TACTICS: [(&str, &str); 14] = [
    ("TA0043", "reconnaissance"),
    ("TA0042", "resource-development"),
    ("TA0001", "initial-access"),
    ("TA0002", "execution"),
    ("TA0003", "persistence"),
    ("TA0004", "privilege-escalation"),
    ("TA0005", "defense-evasion"),
    ("TA0006", "credential-access"),
    ("TA0007", "discovery"),
    ("TA0008", "lateral-movement"),
    ("TA0009", "collection"),
    ("TA0011", "command-and-control"),
    ("TA0010", "exfiltration"),
    ("TA0040", "impact"),
];

impl Rule {
    /// It selects only what `keeps` holds for, too. Nothing happens to a correlation.
    pub(super) fn narrow(&mut self, keeps: &Predicate) -> bool {
        match &mut self.work {
            Work::Select(select) => {
                // Beside what must hold already: thousands of filters nest no deeper than one.
                match select {
                    Predicate::All(parts) => parts.push(keeps.clone()),
                    _ => {
                        let selected = std::mem::replace(select, Predicate::Everything);
                        *select = Predicate::All(vec![selected, keeps.clone()]);
                    }
                }
                true
            }
            Work::Correlate(_) => false,
        }
    }
}

/// Reads a document.
pub(super) fn read(file: &str, document: &Node, placeholders: &Placeholders) -> Result<Document, Wrong> {
    if !matches!(document.value, Value::Map(_)) {
        return Err(Wrong::new(document.line, format!("a rule is a map, not {}", document.kind())));
    }
    if let Some(section) = document.get("filter") {
        return filter(document, section, placeholders).map(|filter| Document::Filter(Box::new(filter)));
    }
    let meta = meta(file, document)?;
    let work = match (document.get("detection"), document.get("correlation")) {
        (Some(_), Some(section)) => {
            return Err(Wrong::new(section.line, "a rule has a detection or a correlation, not both"));
        }
        (Some(section), None) => Work::Select(detection::read(section, &[], placeholders)?),
        (None, Some(section)) => Work::Correlate(Box::new(correlation::read(section)?)),
        (None, None) => {
            return Err(Wrong::new(document.line, "no rule of Sigma: it has neither detection nor correlation"));
        }
    };
    if meta.status == "unsupported" {
        return Err(Wrong::new(document.line, "its author says that it is unsupported"));
    }
    Ok(Document::Rule(Box::new(Rule { meta, work })))
}

fn filter(document: &Node, section: &Node, placeholders: &Placeholders) -> Result<Filter, Wrong> {
    let rules = section.get("rules").map(Node::elements).unwrap_or_default();
    let rules: Vec<String> = rules.iter().filter_map(Node::scalar).collect();
    if rules.is_empty() {
        return Err(Wrong::new(section.line, "a filter names the rules that it narrows"));
    }
    let keeps = detection::read(section, &["rules"], placeholders)?;
    let title = document.get("title").and_then(Node::scalar).unwrap_or_default();
    Ok(Filter { title, line: document.line, rules, source: source(document), keeps })
}

fn meta(file: &str, document: &Node) -> Result<Meta, Wrong> {
    let text = |key: &str| document.get(key).and_then(Node::scalar).unwrap_or_default();
    let list = |key: &str| {
        let elements = document.get(key).map(Node::elements).unwrap_or_default();
        elements.iter().filter_map(Node::scalar).collect::<Vec<_>>()
    };
    let title = text("title");
    if title.is_empty() {
        return Err(Wrong::new(document.line, "a rule needs a title"));
    }
    let severity = match document.get("level") {
        None => Severity::Medium,
        Some(level) => level
            .text()
            .and_then(Severity::from_name)
            .ok_or_else(|| Wrong::new(level.line, "a level is informational, low, medium, high or critical"))?,
    };
    // `generate` stands beside the correlation or in it.
    let inner = document.get("correlation").and_then(|section| section.get("generate"));
    let generates = document.get("generate").or(inner).is_some_and(|node| node.value == Value::Boolean(true));
    Ok(Meta {
        file: file.to_owned(),
        line: document.line,
        title,
        id: text("id"),
        name: text("name"),
        description: text("description").trim().to_owned(),
        severity,
        status: text("status"),
        author: text("author"),
        tags: list("tags"),
        false_positives: list("falsepositives"),
        references: list("references"),
        source: source(document),
        generates,
        is_muted: false,
        is_bundled: false,
    })
}

fn source(document: &Node) -> [Option<String>; 3] {
    let source = document.get("logsource");
    ["product", "service", "category"].map(|key| source.and_then(|source| source.get(key)).and_then(Node::scalar))
}
