//! The rules that come with Trailglass: `rules/` in this crate.

use super::RuleSet;
use super::sigma::{Loaded, Placeholders, Rule, Work, names};

/// Rules, with the name of their file.
pub const FILES: &[(&str, &str)] =
    &[("root.yml", include_str!("../../rules/root.yml")), ("sign_in.yml", include_str!("../../rules/sign_in.yml"))];

/// Their cases.
pub const CASES: &[(&str, &str)] = &[
    ("root.cases.yml", include_str!("../../rules/root.cases.yml")),
    ("sign_in.cases.yml", include_str!("../../rules/sign_in.cases.yml")),
];

/// Adds the rules behind those of the user, which take the place of those with the same id or name.
pub fn add_to(loaded: &mut Loaded) {
    let before = loaded.rules.len();
    FILES.iter().for_each(|(name, text)| loaded.add(name, text, &Placeholders::new()));
    loaded.rules[before..].iter_mut().for_each(|rule| rule.meta.is_bundled = true);
}

/// The rules alone.
pub fn rules() -> Vec<Rule> {
    let mut loaded = Loaded::default();
    add_to(&mut loaded);
    loaded.finish().rules
}

/// What runs beside the bundled rules: the user's own, and those of the bundled ones that they correlate, which stay silent.
/// Files are names and texts.
pub fn beside<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Loaded {
    let mut loaded = Loaded::default();
    files.into_iter().for_each(|(name, text)| loaded.add(name, text, &Placeholders::new()));
    add_to(&mut loaded);
    let mut loaded = loaded.finish();
    let names = names(&loaded.rules);
    let mut wanted: Vec<bool> = loaded.rules.iter().map(|rule| !rule.meta.is_bundled).collect();
    let mut left: Vec<usize> = (0..wanted.len()).filter(|&at| wanted[at]).collect();
    while let Some(at) = left.pop() {
        let Work::Correlate(correlation) = &loaded.rules[at].work else { continue };
        for inner in correlation.rules.iter().filter_map(|name| names.get(name.as_str()).copied()) {
            if !std::mem::replace(&mut wanted[inner], true) {
                left.push(inner);
            }
        }
    }
    let mut wanted = wanted.into_iter();
    loaded.rules.retain(|_| wanted.next() == Some(true));
    for rule in loaded.rules.iter_mut().filter(|rule| rule.meta.is_bundled) {
        rule.meta.is_muted = true;
    }
    loaded
}

/// The rules alone, at work.
pub fn rule_set() -> RuleSet {
    RuleSet::new(rules())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::cases;
    use std::collections::BTreeSet;

    #[test]
    fn every_rule_is_whole() {
        let mut loaded = Loaded::default();
        add_to(&mut loaded);
        let loaded = loaded.finish();
        assert_eq!(loaded.refused, []);
        let mut ids = BTreeSet::new();
        for rule in &loaded.rules {
            let meta = &rule.meta;
            assert!(meta.id.len() == 36 && !meta.name.is_empty() && ids.insert(meta.id.clone()), "{meta:?}");
            assert!(!meta.description.is_empty() && !meta.author.is_empty() && !meta.status.is_empty(), "{meta:?}");
            assert!(!meta.techniques().is_empty() && !meta.tactics().is_empty(), "{meta:?}");
            assert!(
                meta.severity <= crate::detect::Severity::Informational || !meta.false_positives.is_empty(),
                "{meta:?}"
            );
            if let Work::Select(_) = rule.work {
                assert_eq!(meta.source[0].as_deref(), Some("aws"), "{meta:?}");
            }
        }
    }

    #[test]
    fn rules_of_the_user_stand_before_and_beside() {
        let own = "title: Mine\nname: root-use\ndetection: {s: {eventName: A}, condition: s}\n---\ntitle: Both\ncorrelation: {type: temporal, rules: [root-use, failed-console-sign-in], timespan: 1h}";
        let loaded = beside([("own.yml", own)]);
        assert_eq!(loaded.refused, []);
        let found: Vec<_> = loaded.rules.iter().map(|rule| (rule.meta.title.as_str(), rule.meta.is_muted)).collect();
        assert_eq!(found, [("Mine", false), ("Both", false), ("Failed console sign-in", true)]);
    }

    #[test]
    fn every_rule_has_cases_and_they_hold() {
        let set = rule_set();
        let mut without: BTreeSet<&str> = set.rules().iter().map(|rule| rule.meta.name.as_str()).collect();
        for (file, text) in CASES {
            for cases in cases::read(text).unwrap_or_else(|wrong| panic!("{file}: {wrong:?}")) {
                let outcome = cases::run(&set, &cases);
                assert_eq!(outcome.failed, [], "{file}: {}", cases.rule);
                assert!(outcome.positive > 0 && outcome.negative > 0, "{file}: {}", cases.rule);
                without.remove(cases.rule.as_str());
            }
        }
        assert!(without.is_empty(), "without cases: {without:?}");
    }
}
