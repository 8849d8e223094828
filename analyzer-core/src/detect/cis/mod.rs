//! The metric filters of the CIS AWS Foundations Benchmark, version by version.
//!
//! The benchmark asks an account for alarms. What these alarms would have told of the events that were read is what the
//! detectors here find. Titles are ours; the patterns are those of the benchmark, which is also checked by the Powerpipe
//! module of Turbot (turbot/steampipe-mod-aws-compliance).

mod patterns;

use super::metric::Filter;
use super::metric::{filter, parse};
use patterns::*;

/// A version of the benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Benchmark {
    /// Its version, such as `3.0`.
    pub version: &'static str,
    /// The section that asks for monitoring.
    pub section: u8,
    /// How many recommendations that section has.
    pub controls: u8,
}

/// All versions, the oldest first.
const BENCHMARKS: [Benchmark; 9] = [
    Benchmark { version: "1.2", section: 3, controls: 14 },
    Benchmark { version: "1.3", section: 4, controls: 15 },
    Benchmark { version: "1.4", section: 4, controls: 15 },
    Benchmark { version: "1.5", section: 4, controls: 16 },
    Benchmark { version: "2.0", section: 4, controls: 16 },
    Benchmark { version: "3.0", section: 4, controls: 16 },
    Benchmark { version: "4.0", section: 4, controls: 16 },
    Benchmark { version: "5.0", section: 4, controls: 16 },
    Benchmark { version: "6.0", section: 5, controls: 16 },
];

/// The version that is looked at unless another is asked for: the newest.
pub const NEWEST: &str = "6.0";

/// One recommendation of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// The version of the benchmark.
    pub benchmark: &'static str,
    /// Its number there: section and recommendation, such as `4.3`.
    pub id: String,
    /// What it watches.
    pub title: &'static str,
    /// The pattern of its metric filter. Nothing where events cannot tell.
    pub pattern: Option<&'static str>,
    /// What one should know about it.
    pub note: Option<&'static str>,
}

impl Control {
    /// The detector that finds what the control's filter matches. Nothing where events cannot tell.
    pub fn detector(&self) -> Option<Filter> {
        let select = parse(self.pattern?).ok()?;
        let Control { benchmark, id, title, .. } = self;
        let description =
            format!("Recommendation {id} of the CIS AWS Foundations Benchmark {benchmark} asks for an alarm.");
        Some(filter(format!("cis-{benchmark}-{id}"), (*title).to_owned(), description, select))
    }
}

/// What is watched, and how, from which version on. The place in the list is the number of the recommendation.
struct Item {
    title: &'static str,
    editions: &'static [Edition],
}

struct Edition {
    /// The first version that has it so.
    from: &'static str,
    pattern: Option<&'static str>,
    note: Option<&'static str>,
}

const fn since(from: &'static str, pattern: &'static str) -> Edition {
    Edition { from, pattern: Some(pattern), note: None }
}

const fn noted(from: &'static str, pattern: &'static str, note: &'static str) -> Edition {
    Edition { from, pattern: Some(pattern), note: Some(note) }
}

const fn item(title: &'static str, editions: &'static [Edition]) -> Item {
    Item { title, editions }
}

const MATCHES_NEARLY_ALL: &str = "the benchmark's own text, which matches nearly every event: it joins \"not from the delivery \
    of logs\" and \"not HeadBucket\" with \"or\"; version 2.0 corrects this";
const BINDS_TIGHTER: &str = "\"and\" binds tighter than \"or\": the exceptions for the delivery of logs and for HeadBucket \
    are only about AccessDenied";
const FEDERATED: &str = "federated sign-ins have their second factor elsewhere and count here too; for accounts with single \
    sign-on the benchmark has a variant that asks for userIdentity.type IAMUser and a sign-in that succeeded";
const NOT_BY_EVENTS: &str = "cannot be told from CloudTrail events";

const ITEMS: [Item; 16] = [
    item(
        "API calls that were refused",
        &[
            since("1.2", REFUSED),
            noted("1.3", REFUSED_OR_ANY, MATCHES_NEARLY_ALL),
            noted("2.0", REFUSED_BUT_DELIVERY, BINDS_TIGHTER),
        ],
    ),
    item(
        "Console sign-ins without a second factor",
        &[since("1.2", SIGN_IN_WITHOUT_MFA), noted("1.5", SIGN_IN_WITHOUT_MFA, FEDERATED)],
    ),
    item("Use of the root user", &[since("1.2", ROOT)]),
    item("Changes of IAM policies", &[since("1.2", IAM_POLICIES)]),
    item("Changes of trails", &[since("1.2", TRAILS)]),
    item("Console sign-ins that failed", &[since("1.2", FAILED_SIGN_INS)]),
    item("KMS keys disabled or scheduled for deletion", &[since("1.2", KEYS)]),
    item("Changes of the policies of S3 buckets", &[since("1.2", BUCKETS)]),
    item("Changes of the configuration of AWS Config", &[since("1.2", CONFIG)]),
    item("Changes of security groups", &[since("1.2", SECURITY_GROUPS), since("5.0", SECURITY_GROUPS_AND_RULES)]),
    item("Changes of network access control lists", &[since("1.2", NETWORK_ACLS)]),
    item("Changes of network gateways", &[since("1.2", GATEWAYS)]),
    item("Changes of route tables", &[since("1.2", ROUTE_TABLES)]),
    item("Changes of VPCs", &[since("1.2", VPCS)]),
    item("Changes of the organization", &[since("1.3", ORGANIZATIONS)]),
    item("Security Hub is on", &[Edition { from: "1.5", pattern: None, note: Some(NOT_BY_EVENTS) }]),
];

/// All versions, the oldest first.
pub fn benchmarks() -> &'static [Benchmark] {
    &BENCHMARKS
}

/// The recommendations of this version, in their order; none for a version that is not among [`benchmarks`].
pub fn controls(version: &str) -> Vec<Control> {
    let Some(place) = place_of(version) else { return Vec::new() };
    let Benchmark { version, section, controls } = BENCHMARKS[place];
    let control = |(number, item): (u8, &Item)| {
        let is_known = |edition: &&Edition| place_of(edition.from).is_some_and(|from| from <= place);
        let edition = item.editions.iter().rev().find(is_known)?;
        let Edition { pattern, note, .. } = *edition;
        Some(Control { benchmark: version, id: format!("{section}.{number}"), title: item.title, pattern, note })
    };
    (1..=controls).zip(&ITEMS).filter_map(control).collect()
}

fn place_of(version: &str) -> Option<usize> {
    BENCHMARKS.iter().position(|benchmark| benchmark.version == version)
}

#[cfg(test)]
mod tests;
