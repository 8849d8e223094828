//! Sigma 2.1: rules, correlations and filters in YAML become detectors and correlations.
//!
//! What the specification leaves open, and what we do there, is told in `docs/sigma.md`.

mod condition;
mod correlation;
mod detection;
mod modifiers;
mod pattern;
mod rule;
pub mod yaml;

pub use pattern::Placeholders;
pub use rule::{Meta, Rule, Work};

use rule::{Document, Filter};
use yaml::{Node, Value, Wrong};

/// A rule that was refused, or a file that cannot be read; the others run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The name of the file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The rule's title, if it has one. Untrusted text.
    pub rule: Option<String>,
    /// Why, in one sentence without a full stop.
    pub why: String,
}

/// What was read from files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Loaded {
    /// Rules and correlations, in the order of the files.
    pub rules: Vec<Rule>,
    /// What was refused.
    pub refused: Vec<Refused>,
    filters: Vec<(String, Filter)>,
}

impl Loaded {
    /// Reads the documents of a file.
    pub fn add(&mut self, file: &str, text: &str, placeholders: &Placeholders) {
        let (documents, wrong) = yaml::documents(text);
        let mut global: Option<Node> = None;
        let mut before: Option<Node> = None;
        for document in documents {
            let action = document.get("action").and_then(Node::text).map(str::to_owned);
            let whole = match action.as_deref() {
                Some("global") => {
                    global = Some(without_action(document));
                    continue;
                }
                Some("reset") => {
                    global = None;
                    continue;
                }
                Some("repeat") => match &before {
                    Some(before) => over(before, without_action(document)),
                    None => {
                        self.refuse(
                            file,
                            None,
                            Wrong::new(document.line, "there is no rule before that could be repeated"),
                        );
                        continue;
                    }
                },
                Some(other) => {
                    self.refuse(file, None, Wrong::new(document.line, format!("no action of a collection: {other}")));
                    continue;
                }
                None => match &global {
                    Some(global) => over(global, document),
                    None => document,
                },
            };
            // Empty documents are what a line of dashes at the end makes.
            if whole.value != Value::Null {
                self.add_document(file, &whole, placeholders);
            }
            before = Some(whole);
        }
        if let Some(wrong) = wrong {
            self.refuse(file, None, wrong);
        }
    }

    fn add_document(&mut self, file: &str, document: &Node, placeholders: &Placeholders) {
        match rule::read(file, document, placeholders) {
            Ok(Document::Rule(rule)) => self.rules.push(*rule),
            Ok(Document::Filter(filter)) => self.filters.push((file.to_owned(), *filter)),
            Err(wrong) => {
                let title = document.get("title").and_then(Node::scalar);
                self.refuse(file, title, wrong);
            }
        }
    }

    fn refuse(&mut self, file: &str, rule: Option<String>, Wrong { line, why }: Wrong) {
        self.refused.push(Refused { file: file.to_owned(), line, rule, why });
    }

    /// All files were read: filters are applied, and correlations whose rules are missing, or that lead back to
    /// themselves, are refused.
    pub fn finish(mut self) -> Loaded {
        self.refuse_doubles();
        for (file, filter) in std::mem::take(&mut self.filters) {
            self.apply(&file, &filter);
        }
        // Refusing one can leave others without their rules.
        while let Some((at, why)) = self.first_unfounded() {
            let rule = self.rules.remove(at);
            let wrong = Wrong::new(rule.meta.line, why);
            self.refuse(&rule.meta.file, Some(rule.meta.title), wrong);
        }
        self.refused.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        self
    }

    /// Of rules with the same id or name the first counts.
    fn refuse_doubles(&mut self) {
        let mut at = 0;
        while at < self.rules.len() {
            let meta = &self.rules[at].meta;
            let double = self.rules[..at].iter().find(|other| other.meta.is_named_like(meta));
            match double.map(|other| format!("{} has the same id or name", other.meta.place())) {
                Some(why) => {
                    let meta = self.rules.remove(at).meta;
                    self.refuse(&meta.file, Some(meta.title), Wrong::new(meta.line, why));
                }
                None => at += 1,
            }
        }
    }

    fn apply(&mut self, file: &str, filter: &Filter) {
        for name in &filter.rules {
            let is_meant = |rule: &&mut Rule| match name.as_str() {
                "any" => filter.fits(&rule.meta),
                name => rule.meta.is_called(name) && filter.fits(&rule.meta),
            };
            let mut is_applied = false;
            for rule in self.rules.iter_mut().filter(is_meant) {
                is_applied |= rule.narrow(&filter.keeps);
            }
            if !is_applied && name != "any" {
                let why = format!("there is no rule that this filter could narrow: {name}");
                self.refuse(file, Some(filter.title.clone()), Wrong::new(filter.line, why));
            }
        }
    }

    /// A correlation that cannot work, and why.
    fn first_unfounded(&self) -> Option<(usize, String)> {
        self.rules.iter().enumerate().find_map(|(at, rule)| {
            let Work::Correlate(correlation) = &rule.work else { return None };
            let missing = correlation.rules.iter().find(|name| self.find(name).is_none());
            if let Some(missing) = missing {
                return Some((at, format!("it correlates a rule that is not there: {missing}")));
            }
            self.leads_to(at, at, &mut vec![false; self.rules.len()])
                .then(|| (at, "it correlates itself, by way of its rules".to_owned()))
        })
    }

    fn leads_to(&self, from: usize, to: usize, seen: &mut [bool]) -> bool {
        let Work::Correlate(correlation) = &self.rules[from].work else { return false };
        correlation.rules.iter().filter_map(|name| self.find(name)).any(|next| {
            let is_new = !std::mem::replace(&mut seen[next], true);
            next == to || is_new && self.leads_to(next, to, seen)
        })
    }

    /// The place of the rule with this id or name.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.rules.iter().position(|rule| rule.meta.is_called(name))
    }
}

fn without_action(mut document: Node) -> Node {
    if let Value::Map(members) = &mut document.value {
        members.retain(|(key, _)| key.text() != Some("action"));
    }
    document
}

/// One map over another: what both have and is a map is merged, anything else is that of the upper one.
fn over(under: &Node, upper: Node) -> Node {
    match (&under.value, upper.value) {
        (Value::Map(below), Value::Map(above)) => {
            let mut members = below.clone();
            for (key, value) in above {
                match members.iter_mut().find(|(other, _)| other.value == key.value) {
                    Some((_, place)) => *place = over(place, value),
                    None => members.push((key, value)),
                }
            }
            Node { line: upper.line, value: Value::Map(members) }
        }
        (_, value) => Node { line: upper.line, value },
    }
}

#[cfg(test)]
mod tests;
