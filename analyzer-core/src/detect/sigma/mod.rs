//! Sigma 2.1: rules, correlations and filters in YAML become detectors and correlations.
//!
//! What the specification leaves open, and what we do there, is told in `docs/sigma.md`.

mod condition;
mod correlation;
mod detection;
mod modifiers;
mod pattern;
mod rule;
mod weight;
pub mod yaml;

pub use pattern::Placeholders;
pub use rule::{Meta, Rule, TACTICS, Work};
pub use weight::{MAX_ALL_REGEXES, MAX_ALL_TESTS, MAX_REGEXES, MAX_TESTS};

use crate::order;
pub(super) use detection::field;
use rule::{Document, Filter};
use std::collections::BTreeMap;
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
    /// How many tests and regular expressions all rules have together.
    weight: (usize, usize),
}

impl Loaded {
    /// Reads the documents of a file.
    pub fn add(&mut self, file: &str, text: &str, placeholders: &Placeholders) {
        let (documents, wrong) = yaml::documents(text);
        let mut global: Option<Node> = None;
        let mut before: Option<Node> = None;
        let mut copied = 0;
        for document in documents {
            let action = document.get("action").and_then(Node::text).map(str::to_owned);
            let alone = match action.as_deref() {
                Some("global") => {
                    global = Some(without_action(document));
                    continue;
                }
                Some("reset") => {
                    global = None;
                    continue;
                }
                Some("repeat") => match &before {
                    Some(before) => {
                        copied += yaml::size_of_node(before);
                        over(before, without_action(document))
                    }
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
                None => document,
            };
            // What is shared is so among rules: a correlation has no detection.
            let shared = global.as_ref().filter(|_| alone.get("correlation").or(alone.get("filter")).is_none());
            let whole = match shared {
                Some(global) if alone.value != Value::Null => {
                    copied += yaml::size_of_node(global);
                    over(global, alone)
                }
                _ => alone,
            };
            if copied > yaml::MAX_NODES {
                self.refuse(file, None, yaml::too_many(whole.line));
                break;
            }
            // Empty documents are what a line of dashes at the end makes.
            if whole.value != Value::Null {
                self.add_document(file, &whole, placeholders);
                before = Some(whole);
            }
        }
        if let Some(wrong) = wrong {
            self.refuse(file, None, wrong);
        }
    }

    fn add_document(&mut self, file: &str, document: &Node, placeholders: &Placeholders) {
        let added = rule::read(file, document, placeholders).and_then(|read| {
            let too_many = |most: usize, what: &str| Err(Wrong::new(document.line, format!("more than {most} {what}")));
            match read {
                Document::Rule(_) if self.rules.len() == MAX_RULES => return too_many(MAX_RULES, "rules"),
                Document::Filter(_) if self.filters.len() == MAX_FILTERS => return too_many(MAX_FILTERS, "filters"),
                Document::Rule(rule) => {
                    self.weigh(&rule.work).map_err(|why| Wrong::new(document.line, why))?;
                    self.rules.push(*rule);
                }
                Document::Filter(filter) => self.filters.push((file.to_owned(), *filter)),
            }
            Ok(())
        });
        if let Err(wrong) = added {
            let title = document.get("title").and_then(Node::scalar);
            self.refuse(file, title, wrong);
        }
    }

    /// Counts the tests of a rule among those of all.
    fn weigh(&mut self, work: &Work) -> Result<(), String> {
        let Work::Select(select) = work else { return Ok(()) };
        let (tests, regexes) = (self.weight.0 + weight::tests(select), self.weight.1 + weight::regexes(select));
        if tests > MAX_ALL_TESTS {
            return Err(format!("all rules together have more than {MAX_ALL_TESTS} tests"));
        }
        if regexes > MAX_ALL_REGEXES {
            return Err(format!("all rules together have more than {MAX_ALL_REGEXES} regular expressions"));
        }
        self.weight = (tests, regexes);
        Ok(())
    }

    fn refuse(&mut self, file: &str, rule: Option<String>, Wrong { line, why }: Wrong) {
        self.refused.push(Refused { file: file.to_owned(), line, rule, why });
    }

    /// All files were read: filters are applied, and correlations whose rules are missing, or that lead back to
    /// themselves, are refused.
    pub fn finish(mut self) -> Loaded {
        self.refuse_doubles();
        let names: BTreeMap<String, usize> =
            names(&self.rules).into_iter().map(|(name, at)| (name.to_owned(), at)).collect();
        for (file, filter) in std::mem::take(&mut self.filters) {
            self.apply(&file, &filter, &names);
        }
        let founded = self.founded();
        let mut founded = founded.into_iter();
        for rule in std::mem::take(&mut self.rules) {
            match founded.next() {
                Some(Err(why)) => self.refuse(&rule.meta.file, Some(rule.meta.title), Wrong::new(rule.meta.line, why)),
                _ => self.rules.push(rule),
            }
        }
        order::sort_by(&mut self.refused, |a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        self
    }

    /// Of rules with the same id or name the first counts.
    fn refuse_doubles(&mut self) {
        let mut taken: BTreeMap<String, String> = BTreeMap::new();
        for rule in std::mem::take(&mut self.rules) {
            let meta = &rule.meta;
            let names: Vec<String> =
                [&meta.id, &meta.name].into_iter().filter(|name| !name.is_empty()).cloned().collect();
            match names.iter().find_map(|name| taken.get(name)) {
                // The user has one of their own in its place.
                Some(_) if meta.is_bundled => {}
                Some(other) => {
                    let wrong = Wrong::new(meta.line, format!("{other} has the same id or name"));
                    self.refuse(&meta.file, Some(meta.title.clone()), wrong);
                }
                None => {
                    let place = meta.place();
                    taken.extend(names.into_iter().map(|name| (name, place.clone())));
                    self.rules.push(rule);
                }
            }
        }
    }

    fn apply(&mut self, file: &str, filter: &Filter, names: &BTreeMap<String, usize>) {
        let tests = weight::tests(&filter.keeps);
        for name in &filter.rules {
            let meant = match name.as_str() {
                "any" => 0..self.rules.len(),
                name => names.get(name).map_or(0..0, |&at| at..at + 1),
            };
            let mut is_applied = name == "any";
            for rule in self.rules[meant].iter_mut().filter(|rule| filter.fits(&rule.meta)) {
                if self.weight.0 + tests > MAX_ALL_TESTS {
                    let why = format!("with this filter all rules together have more than {MAX_ALL_TESTS} tests");
                    self.refuse(file, Some(filter.title.clone()), Wrong::new(filter.line, why));
                    return;
                }
                if rule.narrow(&filter.keeps) {
                    self.weight.0 += tests;
                    is_applied = true;
                }
            }
            if !is_applied {
                let why = format!("there is no rule that this filter could narrow: {name}");
                self.refuse(file, Some(filter.title.clone()), Wrong::new(filter.line, why));
            }
        }
    }

    /// For each rule how many correlations stand on one another up to it, or why it cannot work.
    fn founded(&self) -> Vec<Result<usize, String>> {
        let mut founding =
            Founding { rules: &self.rules, names: names(&self.rules), known: vec![None; self.rules.len()] };
        (0..self.rules.len()).map(|at| founding.height(at, MAX_CHAIN)).collect()
    }
}

/// So many rules run together.
pub const MAX_RULES: usize = 50_000;

/// So many filters narrow them.
pub const MAX_FILTERS: usize = 1_000;

/// So many correlations can stand on one another.
pub const MAX_CHAIN: usize = 8;

/// The place of each rule by its id and its name.
pub(super) fn names(rules: &[Rule]) -> BTreeMap<&str, usize> {
    let named =
        rules.iter().enumerate().flat_map(|(at, rule)| [(rule.meta.id.as_str(), at), (rule.meta.name.as_str(), at)]);
    named.filter(|(name, _)| !name.is_empty()).collect()
}

struct Founding<'r> {
    rules: &'r [Rule],
    names: BTreeMap<&'r str, usize>,
    known: Vec<Option<usize>>,
}

impl Founding<'_> {
    /// How many correlations stand on one another up to this one, if they are not more than `most`.
    fn height(&mut self, at: usize, most: usize) -> Result<usize, String> {
        let Work::Correlate(correlation) = &self.rules[at].work else { return Ok(0) };
        if let Some(height) = self.known[at].filter(|height| *height <= most) {
            return Ok(height);
        }
        if most == 0 {
            return Err(format!("it leads to itself, or more than {MAX_CHAIN} correlations stand on one another"));
        }
        let mut height = 1;
        for name in &correlation.rules {
            let Some(&inner) = self.names.get(name.as_str()) else {
                return Err(format!("it correlates a rule that is not there: {name}"));
            };
            height = height.max(1 + self.height(inner, most - 1)?);
        }
        self.known[at] = Some(height);
        Ok(height)
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
            let places: BTreeMap<&Value, usize> =
                below.iter().enumerate().map(|(at, (key, _))| (&key.value, at)).collect();
            for (key, value) in above {
                match places.get(&key.value) {
                    Some(&at) => members[at].1 = over(&below[at].1, value),
                    None => members.push((key, value)),
                }
            }
            Node { line: upper.line, value: Value::Map(members) }
        }
        (_, value) => Node { line: upper.line, value },
    }
}

#[cfg(test)]
mod any_text_tests;
#[cfg(test)]
mod docs_tests;
#[cfg(test)]
mod tests;
