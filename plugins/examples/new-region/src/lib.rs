//! The first work of an account in a region that it did not use before.
//!
//! Whoever mines coins or hides a machine likes a region that nobody looks at. A learning period at the beginning of the
//! account's events says which regions are used; afterwards the first call in each other region is told, once.
//!
//! Calls that only read are left out: the console, inventories and scanners ask all regions all the time. So are calls that
//! failed, calls of AWS itself, and data events, which happen where the data is.

use std::collections::{BTreeMap, BTreeSet};

use trailglass_plugin::time::{DAY_MS, HOUR_MS, date_time, span};
use trailglass_plugin::{Detector, Finding, Group, Grouping, Manifest, OptionSpec, Options, Severity, words};

/// So many of the first calls in a region are evidence, from its first day.
const SHOWN: usize = 20;
/// How many calls the sentence names.
const NAMED: usize = 5;

trailglass_plugin::rows! {
    /// A management call.
    struct Call {
        account: "recipientAccountId",
        region: "awsRegion",
        name: "eventName",
        arn: "userIdentity.arn",
        read_only: "readOnly" as bool,
    }
}

/// The detector; its fields are its options.
pub struct NewRegion {
    learning_ms: i64,
    reads: bool,
    expected: Vec<String>,
}

impl Detector for NewRegion {
    const MANIFEST: Manifest = Manifest {
        id: "new-region",
        name: "First work in a new region",
        version: env!("CARGO_PKG_VERSION"),
        description: "An account changed something in a region for the first time, after a period in which it did not use that \
            region. Unused regions are where intruders run what nobody should see.",
        severity: Severity::Medium,
        tactics: &["TA0005"],
        techniques: &["T1535"],
        false_positives: &[
            "A team that begins to use a region.",
            "A tool that sets the same baseline in every region.",
            "A trail that did not record the region from the beginning.",
        ],
        references: &["https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html"],
        options: &[
            OptionSpec::integer(
                "days",
                3,
                "How many days from the account's first event on its regions are learned, from 1 to 365.",
            ),
            OptionSpec::flag(
                "reads",
                false,
                "Whether calls that only read are work as well. Scanners read everywhere.",
            ),
            OptionSpec::texts("expected", &[], "Regions that are never new, such as `eu-west-1`."),
        ],
        select: "awsRegion:* AND NOT errorCode:* AND NOT userIdentity.type:AWSService AND NOT userIdentity.invokedBy:* \
            AND NOT eventType:AwsServiceEvent AND NOT eventCategory:(Data OR NetworkActivity OR Insight OR Aggregated)",
        fields: Call::FIELDS,
        grouping: Grouping::By(&["recipientAccountId"]),
    };

    fn configure(options: &Options) -> Result<Self, String> {
        Ok(Self {
            learning_ms: options.span_ms("days", DAY_MS, 1..=365)?,
            reads: options.flag("reads")?,
            expected: options.texts("expected")?.to_vec(),
        })
    }

    fn observe(&self, group: &Group<'_>) -> Vec<Finding> {
        let Some(start) = group.rows().find_map(|row| row.time_ms()) else { return Vec::new() };
        let mut known: BTreeSet<&str> = BTreeSet::new();
        let mut new: BTreeMap<&str, Arrival<'_>> = BTreeMap::new();
        for call in group.rows().map(Call::from) {
            let (Some(time), Some(region)) = (call.row.time_ms(), call.region) else { continue };
            // Older events do not say whether they read.
            let reads = call.read_only == Some(true);
            let expected = self.expected.iter().any(|expected| expected == region);
            if known.contains(region) || expected || (reads && !self.reads) {
                continue;
            }
            if time - start < self.learning_ms {
                known.insert(region);
                continue;
            }
            let arrival = new.entry(region).or_insert_with(|| Arrival { region, first: call, time, calls: Vec::new() });
            if arrival.calls.len() < SHOWN && time - arrival.time < DAY_MS {
                arrival.calls.push(call);
            }
        }
        let mut arrivals: Vec<Arrival<'_>> = new.into_values().collect();
        arrivals.sort_by_key(|arrival| arrival.time);
        arrivals.iter().map(|arrival| arrival.finding(start, &known)).collect()
    }
}

/// The first day in a new region.
struct Arrival<'a> {
    region: &'a str,
    first: Call<'a>,
    time: i64,
    calls: Vec<Call<'a>>,
}

impl Arrival<'_> {
    fn finding(&self, start: i64, known: &BTreeSet<&str>) -> Finding {
        let mut names: Vec<&str> = Vec::new();
        let mut people: Vec<String> = Vec::new();
        for call in &self.calls {
            let (name, who) = (call.name.unwrap_or("an unknown call"), words::who(call.arn));
            if !names.contains(&name) {
                names.push(name);
            }
            if !people.contains(&who) {
                people.push(who);
            }
        }
        let known = match known.len() {
            0 => "no region was in use".to_owned(),
            _ => format!("only {} had been in use", words::list(known, NAMED)),
        };
        let account = self.first.account.map_or("the account".to_owned(), |account| format!("account {account}"));
        let why = format!(
            "{} began to work in {} at {} with {} by {}; in the {} before {known}.",
            words::capital(&account),
            self.region,
            date_time(self.time),
            words::list(names, NAMED),
            words::list(people, 2),
            span((self.time - start).max(HOUR_MS)),
        );
        Finding::new(self.calls.iter().copied(), why)
    }
}

trailglass_plugin::export!(NewRegion);

#[cfg(test)]
mod tests {
    use super::*;
    use trailglass_plugin::trial::Trial;

    /// Each event: its hour, the region, and whether it only reads.
    fn trial(events: &[(i64, &str, &str)]) -> Trial {
        events.iter().fold(Trial::new(), |trial, &(hour, region, read_only)| {
            let who = ("userIdentity.arn", "arn:aws:iam::111122223333:user/alice");
            let what = [("awsRegion", region), ("eventName", "RunInstances"), ("readOnly", read_only)];
            trial.event(hour * HOUR_MS, [("recipientAccountId", "111122223333"), who].into_iter().chain(what))
        })
    }

    fn check(trial: Trial, expected: &[&[u32]]) {
        let findings = trial.run::<NewRegion>().unwrap();
        let rows: Vec<&[u32]> = findings.iter().map(|finding| finding.rows.as_slice()).collect();
        assert_eq!(rows, expected, "{findings:?}");
    }

    const HOME: (i64, &str, &str) = (0, "eu-west-1", "false");

    #[test]
    fn regions_are_learned_and_then_new() {
        check(trial(&[]), &[]);
        check(trial(&[HOME, (100, "eu-west-1", "false")]), &[]);
        check(trial(&[HOME, (71, "ap-south-1", "false"), (200, "ap-south-1", "false")]), &[]);
        check(trial(&[HOME, (72, "ap-south-1", "false")]), &[&[1]]);
        check(trial(&[HOME, (72, "ap-south-1", "false")]).option("days", 4), &[]);
        check(trial(&[HOME, (72, "ap-south-1", "false")]).option("expected", ["ap-south-1"]), &[]);
        // A region is new once, and its first day belongs together.
        let day = [(72, "ap-south-1", "false"), (95, "ap-south-1", "false"), (96, "ap-south-1", "false")];
        check(trial(&[&[HOME][..], &day].concat()), &[&[1, 2]]);
        let two = [(90, "ap-south-1", "false"), (80, "sa-east-1", "false")];
        check(trial(&[&[HOME][..], &two].concat()), &[&[2], &[1]]);
    }

    #[test]
    fn reading_is_no_work_unless_asked() {
        check(trial(&[HOME, (72, "ap-south-1", "true")]), &[]);
        check(trial(&[HOME, (72, "ap-south-1", "true")]).option("reads", true), &[&[1]]);
        // Who has read there before has not worked there.
        check(trial(&[HOME, (1, "ap-south-1", "true"), (72, "ap-south-1", "false")]), &[&[2]]);
    }

    #[test]
    fn why_names_what_was_done() {
        let findings = trial(&[HOME, (80, "ap-south-1", "false")]).run::<NewRegion>().unwrap();
        let expected = "Account 111122223333 began to work in ap-south-1 at 1970-01-04 08:00 UTC with RunInstances by user \
            alice; in the 3 days 8 hours before only eu-west-1 had been in use.";
        assert_eq!(findings[0].why, expected);
    }
}
