//! The rules that come with Trailglass: `rules/` in this crate.

use super::RuleSet;
use super::sigma::{Loaded, Placeholders, Rule};

/// Rules, with the name of their file.
pub const FILES: &[(&str, &str)] =
    &[("root.yml", include_str!("../../rules/root.yml")), ("sign_in.yml", include_str!("../../rules/sign_in.yml"))];

/// Their cases.
pub const CASES: &[(&str, &str)] = &[
    ("root.cases.yml", include_str!("../../rules/root.cases.yml")),
    ("sign_in.cases.yml", include_str!("../../rules/sign_in.cases.yml")),
];

/// The rules, not yet put together: others can come beside them.
pub fn loaded() -> Loaded {
    let mut loaded = Loaded::default();
    FILES.iter().for_each(|(name, text)| loaded.add(name, text, &Placeholders::new()));
    loaded
}

/// The rules alone.
pub fn rules() -> Vec<Rule> {
    loaded().finish().rules
}

/// The rules alone, at work.
pub fn rule_set() -> RuleSet {
    RuleSet::new(rules())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::cases;
    use crate::detect::sigma::Work;
    use std::collections::BTreeSet;

    #[test]
    fn every_rule_is_whole() {
        let loaded = loaded().finish();
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
