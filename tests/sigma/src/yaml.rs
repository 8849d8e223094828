//! YAML that both engines read, in its several styles.

use crate::random::Random;
use std::fmt::Write;

/// A part of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Yaml {
    /// A text.
    Text(String),
    /// What is written without quotes: a number, true, false, null.
    Bare(String),
    /// A list.
    List(Vec<Yaml>),
    /// A map, in its order.
    Map(Vec<(String, Yaml)>),
}

impl Yaml {
    /// A text.
    pub fn text(text: impl Into<String>) -> Yaml {
        Yaml::Text(text.into())
    }

    /// A number, true, false, null.
    pub fn bare(text: impl ToString) -> Yaml {
        Yaml::Bare(text.to_string())
    }

    /// As a document, in a style of chance.
    pub fn document(&self, random: &mut Random) -> String {
        let mut out = String::new();
        self.block(random, 0, &mut out);
        out
    }

    fn block(&self, random: &mut Random, depth: usize, out: &mut String) {
        let space = "  ".repeat(depth);
        match self {
            Yaml::Map(members) if !members.is_empty() => {
                for (key, value) in members {
                    let _ = write!(out, "{space}{}:", scalar(key, random));
                    value.behind(random, depth, out);
                }
            }
            Yaml::List(elements) if !elements.is_empty() => {
                for element in elements {
                    let _ = write!(out, "{space}-");
                    element.behind(random, depth, out);
                }
            }
            _ => {
                let _ = writeln!(out, "{space}{}", self.flow(random));
            }
        }
    }

    fn behind(&self, random: &mut Random, depth: usize, out: &mut String) {
        let is_nested = matches!(self, Yaml::Map(_) | Yaml::List(_)) && random.percent(70);
        let is_empty = matches!(self, Yaml::Map(m) if m.is_empty()) || matches!(self, Yaml::List(l) if l.is_empty());
        if is_nested && !is_empty {
            out.push('\n');
            self.block(random, depth + 1, out);
        } else {
            let _ = writeln!(out, " {}", self.flow(random));
        }
    }

    fn flow(&self, random: &mut Random) -> String {
        match self {
            Yaml::Text(text) => scalar(text, random),
            Yaml::Bare(text) => text.clone(),
            Yaml::List(elements) => {
                let elements: Vec<String> = elements.iter().map(|element| element.flow(random)).collect();
                format!("[{}]", elements.join(", "))
            }
            Yaml::Map(members) => {
                let members: Vec<String> = members
                    .iter()
                    .map(|(key, value)| format!("{}: {}", scalar(key, random), value.flow(random)))
                    .collect();
                format!("{{{}}}", members.join(", "))
            }
        }
    }
}

/// A text, without quotes where that is a text, too.
fn scalar(text: &str, random: &mut Random) -> String {
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "._|".contains(c))
        && !["null", "true", "false", "yes", "no", "on", "off", "y", "n"].contains(&text.to_lowercase().as_str());
    match random.below(3) {
        0 if is_plain => text.to_owned(),
        1 if !text.contains(char::is_control) => format!("'{}'", text.replace('\'', "''")),
        // JSON is YAML.
        _ => serde_json::Value::from(text).to_string(),
    }
}
