//! ATT&CK: what rules cover, and what was found, as layers of the Navigator.
//!
//! The layer format is version 4.5 (mitre-attack/attack-navigator, layers/LAYERFORMATv4_5.md).

use super::sigma::Rule;
use super::{Detector, Finding};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Techniques, each with how often it comes, and by what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layer(BTreeMap<String, (u64, Vec<String>)>);

impl Layer {
    /// How many rules there are for each technique; those that make no findings do not count.
    pub fn of_rules(rules: &[Rule]) -> Layer {
        let mut layer = Layer::default();
        for rule in rules.iter().filter(|rule| !rule.meta.is_muted) {
            rule.meta.techniques().into_iter().for_each(|technique| layer.add(technique, &rule.meta.title));
        }
        layer
    }

    /// How many findings there are for each technique.
    pub fn of_findings(findings: &[Finding]) -> Layer {
        let mut layer = Layer::default();
        for finding in findings {
            finding.techniques.iter().for_each(|technique| layer.add(technique.clone(), &finding.title));
        }
        layer
    }

    /// The same with the techniques of plugins, each of which counts as a rule does.
    #[must_use]
    pub fn and_of_plugins<'d>(mut self, plugins: impl IntoIterator<Item = &'d Detector>) -> Layer {
        for plugin in plugins {
            plugin.techniques.iter().for_each(|technique| self.add(technique.clone(), &plugin.title));
        }
        self
    }

    fn add(&mut self, technique: String, by: &str) {
        let (score, names) = self.0.entry(technique).or_default();
        *score += 1;
        if names.iter().all(|name| name != by) {
            names.push(by.to_owned());
        }
    }

    /// The techniques.
    pub fn techniques(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// The layer as a file for the Navigator.
pub fn layer(name: &str, layer: &Layer) -> String {
    let technique = |(id, (score, names)): (&String, &(u64, Vec<String>))| json!({ "techniqueID": id, "score": score, "comment": names.join("\n"), "enabled": true, "showSubtechniques": true });
    let techniques: Vec<Value> = layer.0.iter().map(technique).collect();
    let most = layer.0.values().map(|(score, _)| *score).max().unwrap_or(1);
    let document = json!({
        "name": name,
        "versions": { "layer": "4.5" },
        "domain": "enterprise-attack",
        "filters": { "platforms": ["IaaS", "SaaS", "Identity Provider"] },
        "gradient": { "colors": ["#ffffff", "#66b1ff"], "minValue": 0, "maxValue": most },
        "techniques": techniques,
    });
    format!("{document:#}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::pack;

    #[test]
    fn rules_make_a_layer() {
        let text = layer("x", &Layer::of_rules(&pack::rules()));
        let layer: Value = serde_json::from_str(&text).unwrap();
        let techniques = layer["techniques"].as_array().unwrap();
        let of = |id: &str| techniques.iter().find(|technique| technique["techniqueID"] == id);
        assert!(of("T1078.004").unwrap()["comment"].as_str().unwrap().contains("Root user was used"));
        assert_eq!(layer["domain"], "enterprise-attack");
    }
}
