//! The rules that come with Trailglass: `rules/` in this crate.

use super::sigma::{Loaded, Placeholders, Rule};
use super::{RuleSet, Severity, TOLD_FROM, at_least};

/// Files of the folder, by their names.
macro_rules! files {
    ($end:literal: $($subject:literal),* $(,)?) => {
        &[$((concat!($subject, $end), include_str!(concat!("../../rules/", $subject, $end)))),*]
    };
}
/// What a macro makes of the subjects of the rules: each has a file of rules, and one of their cases.
macro_rules! subjects {
    ($end:literal) => {
        files!(
            $end:
            "ai",
            "compute_abuse",
            "discovery",
            "ec2",
            "email",
            "exfiltration",
            "iam",
            "instance_credentials",
            "kms",
            "lambda",
            "monitoring_tampering",
            "network",
            "organizations",
            "privilege_escalation",
            "ransomware",
            "root",
            "s3",
            "secrets",
            "sign_in",
            "snapshots_and_images",
            "tools",
            "trail_tampering",
        )
    };
}

/// Rules, with the name of their file.
pub const FILES: &[(&str, &str)] = subjects!(".yml");

/// Their cases.
pub const CASES: &[(&str, &str)] = subjects!(".cases.yml");

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
    for rule in loaded.rules.iter_mut().filter(|rule| rule.meta.is_bundled) {
        rule.meta.is_muted = true;
    }
    loaded.rules = at_least(loaded.rules, Severity::Informational);
    loaded
}

/// The rules that are told of by default, at work: see [`TOLD_FROM`].
pub fn rule_set() -> RuleSet {
    RuleSet::new(at_least(rules(), TOLD_FROM))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::cases;
    use crate::detect::sigma::Work;
    use crate::field::FieldRef;
    use crate::predicate::{Predicate, Test};
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
        let set = RuleSet::new(rules());
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

    /// Calls that attackers are known to make, a service on each line: `iam: CreateUser DeleteUser`.
    const CALLS: &str = include_str!("calls.txt");

    /// Whether a rule is about this call: it can select it, and not just any call of that service.
    fn is_about(rule: &Rule, source: &str, name: &str) -> bool {
        let decide = |select: &Predicate, name: &str| {
            let mut known = |test: &Test| match &test.field {
                FieldRef::Standard(field) if field.name == "eventSource" => Some(test.matcher.matches(source)),
                FieldRef::Standard(field) if field.name == "eventName" => Some(test.matcher.matches(name)),
                _ => None,
            };
            select.decide(&mut known)
        };
        match &rule.work {
            Work::Select(select) => decide(select, name) != Some(false) && decide(select, "NoSuchCall") == Some(false),
            Work::Correlate(_) => false,
        }
    }

    #[test]
    fn calls_of_attackers_have_a_rule() {
        let rules = rules();
        for line in CALLS.lines().filter(|line| !line.starts_with('#')) {
            let (service, names) = line.split_once(": ").unwrap();
            let source = format!("{service}.amazonaws.com");
            for name in names.split(' ') {
                assert!(rules.iter().any(|rule| is_about(rule, &source, name)), "no rule is about {source} {name}");
            }
        }
        assert!(!rules.iter().any(|rule| is_about(rule, "iam.amazonaws.com", "NoSuchCall2")));
    }

    #[test]
    fn quiet_rules_run_only_where_others_look_at_them() {
        let told = rule_set();
        let is_needed = |rule: &Rule| {
            told.rules().iter().any(|other| match &other.work {
                Work::Correlate(it) => it.rules.iter().any(|name| rule.meta.is_called(name)),
                Work::Select(_) => false,
            })
        };
        for rule in told.rules() {
            let is_loud = rule.meta.severity >= TOLD_FROM;
            assert!(is_loud != rule.meta.is_muted && (is_loud || is_needed(rule)), "{:?}", rule.meta);
        }
        assert!(told.rules().len() < rules().len());
    }
}
