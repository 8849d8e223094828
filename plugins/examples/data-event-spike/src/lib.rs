//! Hours in which far more objects of a bucket are read than in its past: somebody copies it.
//!
//! Each bucket is compared with itself: the reads of an hour with those of the hours before, empty hours included. An hour is
//! a spike when it has at least so many reads, lies so many spreads above the median, and has more than twice the reads of
//! the busiest hour before. The last condition keeps jobs silent that run once a night. The spread is one and a half times the
//! median distance from the median, which an attack in the past moves little, and at least what chance alone makes of
//! the median.
//!
//! A bucket's past begins with its first read in the trail. Of a bucket that nobody read before there is nothing to compare
//! with, and it stays silent, as do logs without data events.

mod hours;

use std::collections::BTreeMap;

use hours::{Hour, Past};
use trailglass_plugin::time::{DAY_MS, HOUR_MS, date_time, span};
use trailglass_plugin::{Detector, Finding, Group, Grouping, Manifest, OptionSpec, Options, Severity, words};

/// So many calls of a spike are evidence; all are counted.
const SHOWN: usize = 1_000;

trailglass_plugin::rows! {
    /// A call on an object.
    struct Access {
        bucket: "requestParameters.bucketName",
        name: "eventName",
        arn: "userIdentity.arn",
        role: "userIdentity.sessionContext.sessionIssuer.arn",
        address: "sourceIPAddress",
    }
}

/// The detector; its fields are its options.
pub struct DataEventSpike {
    least: usize,
    spreads: usize,
    history_hours: i64,
    past_hours: i64,
    deletes: bool,
}

impl Detector for DataEventSpike {
    const MANIFEST: Manifest = Manifest {
        id: "data-event-spike",
        name: "Far more objects were read than usual",
        version: env!("CARGO_PKG_VERSION"),
        description: "In one hour far more objects of a bucket were read than in any hour before. Somebody may be copying the \
            bucket. Needs data events of S3.",
        severity: Severity::Medium,
        tactics: &["TA0009", "TA0010"],
        techniques: &["T1530"],
        false_positives: &[
            "A migration, a backup or an analysis that runs for the first time.",
            "A product that became popular overnight.",
        ],
        references: &["https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html"],
        options: &[
            OptionSpec::integer("objects", 500, "How many calls an hour must have at least, from 2 to 1,000,000."),
            OptionSpec::integer("spreads", 10, "How many spreads above the median an hour must lie, from 1 to 1,000."),
            OptionSpec::integer("history", 72, "How many hours of past a bucket needs, from 2 to 8,760."),
            OptionSpec::integer("days", 14, "How many days of the past are compared with, from 1 to 365."),
            OptionSpec::flag("deletes", false, "Whether deletions count as well as reads."),
        ],
        select: "eventSource:s3.amazonaws.com AND eventName:(GetObject OR DeleteObject OR DeleteObjects) \
            AND requestParameters.bucketName:* AND NOT errorCode:*",
        fields: Access::FIELDS,
        grouping: Grouping::By(&["requestParameters.bucketName"]),
    };

    fn configure(options: &Options) -> Result<Self, String> {
        Ok(Self {
            least: options.count("objects", 2..=1_000_000)?,
            spreads: options.count("spreads", 1..=1_000)?,
            history_hours: options.integer("history", 2..=8_760)?,
            past_hours: options.span_ms("days", DAY_MS, 1..=365)? / HOUR_MS,
            deletes: options.flag("deletes")?,
        })
    }

    fn observe(&self, group: &Group<'_>) -> Vec<Finding> {
        let counted = group.rows().enumerate().filter(|&(_, row)| self.counts(&Access::from(row)));
        let hours = hours::split(counted.map(|(place, row)| (place, row.time_ms())));
        let mut findings = Vec::new();
        let mut place = 0;
        while let Some(hour) = hours.get(place) {
            let past = self.past(&hours[..place], hour);
            let above = |hour: &Hour| past.as_ref().is_some_and(|past| self.is_spike(hour.calls, past));
            // The hours that follow are measured by the same past, or a spike of two hours would hide its second one.
            let follows = |pair: &[Hour]| pair[1].number == pair[0].number + 1 && above(&pair[1]);
            let more = hours[place..].windows(2).take_while(|pair| follows(pair)).count();
            if let Some(past) = past.as_ref().filter(|_| above(hour)) {
                findings.push(self.finding(group, &hours[place..=place + more], past));
                place += more;
            }
            place += 1;
        }
        findings
    }
}

impl DataEventSpike {
    /// The past of an hour, if it is long enough and the hour is of interest at all.
    fn past(&self, before: &[Hour], hour: &Hour) -> Option<Past> {
        let length = (hour.number - before.first()?.number).min(self.past_hours);
        let fine = hour.calls >= self.least && length >= self.history_hours.min(self.past_hours);
        fine.then(|| Past::new(before, hour.number, length))
    }

    fn is_spike(&self, calls: usize, past: &Past) -> bool {
        let high = past.median.saturating_add(past.spread.saturating_mul(self.spreads));
        calls >= self.least && calls > high && calls > past.busiest.saturating_mul(2)
    }

    fn counts(&self, access: &Access<'_>) -> bool {
        self.deletes || access.name == Some("GetObject")
    }

    /// Hours of a spike, one after the other.
    fn finding(&self, group: &Group<'_>, spike: &[Hour], past: &Past) -> Finding {
        let (start, end) = (spike.first().map_or(0, |hour| hour.start), spike.last().map_or(0, |hour| hour.end));
        let accesses = |places: std::ops::Range<usize>| {
            let accesses = places.filter_map(|place| group.row(place)).map(Access::from);
            accesses.filter(|access| self.counts(access))
        };
        let calls: usize = spike.iter().map(|hour| hour.calls).sum();
        let deleted = accesses(start..end).filter(|access| access.name != Some("GetObject")).count();
        let what = if deleted * 2 > calls { "deletion" } else { "read" };
        let why = format!(
            "Bucket {} had {} of objects in {} from {} on. Its median hour had {} (spread {}), and the busiest one {}, in the {} \
                before. {}",
            Access::from(group.first()).bucket.unwrap_or("unknown"),
            words::length(calls, what),
            words::length(spike.len(), "hour"),
            date_time(spike.first().map_or(0, |hour| hour.number) * HOUR_MS),
            words::thousands(number(past.median)),
            words::thousands(number(past.spread)),
            words::thousands(number(past.busiest)),
            span(past.hours * HOUR_MS),
            busiest_caller(accesses(0..start), accesses(start..end)),
        );
        let finding = Finding::new(accesses(start..end).take(SHOWN), why);
        if what == "deletion" { finding.title("Far more objects were deleted than usual") } else { finding }
    }
}

/// Who made most of the calls, from where, and whether they did so before.
fn busiest_caller<'a>(mut before: impl Iterator<Item = Access<'a>>, calls: impl Iterator<Item = Access<'a>>) -> String {
    // How often each called, and from where lastly.
    let mut callers: BTreeMap<Option<&str>, (usize, Option<&str>)> = BTreeMap::new();
    for call in calls {
        let known = callers.entry(caller(&call)).or_default();
        *known = (known.0 + 1, call.address);
    }
    let busiest = callers.iter().max_by_key(|&(_, &(calls, _))| calls);
    let Some((&who, &(most, address))) = busiest else { return String::new() };
    let known = before.any(|call| caller(&call) == who);
    format!(
        "{} of them came from {}, lastly from {}{}.",
        words::thousands(number(most)),
        words::who(who),
        address.unwrap_or("an unknown address"),
        if known { "" } else { ", who had not used this bucket before" },
    )
}

/// A role for all of its sessions, anybody else as they are.
fn caller<'a>(call: &Access<'a>) -> Option<&'a str> {
    call.role.or(call.arn)
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

trailglass_plugin::export!(DataEventSpike);

#[cfg(test)]
mod tests {
    use super::*;
    use trailglass_plugin::trial::Trial;

    /// Each run: the hour, the name of the events, how many, and the role.
    fn trial(runs: &[(i64, &str, i64, &str)]) -> Trial {
        let mut trial = Trial::new().option("objects", 10).option("history", 4).option("spreads", 5);
        for &(hour, name, number, role) in runs {
            for place in 0..number {
                let role = format!("arn:aws:iam::111122223333:role/{role}");
                let fields = [
                    ("requestParameters.bucketName", "documents"),
                    ("eventName", name),
                    ("userIdentity.sessionContext.sessionIssuer.arn", role.as_str()),
                    ("sourceIPAddress", "203.0.113.9"),
                ];
                trial = trial.event(hour * HOUR_MS + place, fields);
            }
        }
        trial
    }

    /// Expected: the first row of each finding, and how many rows it has.
    fn check(trial: Trial, expected: &[(u32, usize)]) {
        let findings = trial.run::<DataEventSpike>().unwrap();
        let found: Vec<_> = findings.iter().map(|finding| (finding.rows[0], finding.rows.len())).collect();
        assert_eq!(found, expected, "{findings:?}");
    }

    const QUIET: [(i64, &str, i64, &str); 4] = [
        (0, "GetObject", 2, "App"),
        (1, "GetObject", 3, "App"),
        (2, "GetObject", 2, "App"),
        (3, "GetObject", 1, "App"),
    ];

    fn after_quiet(runs: &[(i64, &'static str, i64, &'static str)]) -> Trial {
        trial(&[&QUIET[..], runs].concat())
    }

    #[test]
    fn an_hour_is_compared_with_its_past() {
        check(trial(&QUIET), &[]);
        check(after_quiet(&[(4, "GetObject", 12, "App")]), &[(8, 12)]);
        check(after_quiet(&[(4, "GetObject", 9, "App")]), &[]);
        check(after_quiet(&[(4, "GetObject", 12, "App")]).option("objects", 13), &[]);
        check(after_quiet(&[(4, "GetObject", 12, "App")]).option("history", 5), &[]);
        check(after_quiet(&[(4, "GetObject", 12, "App")]).option("spreads", 11), &[]);
        // The median is 2 and the spread 1: 12 is ten spreads above.
        check(after_quiet(&[(4, "GetObject", 12, "App")]).option("spreads", 10), &[]);
        check(after_quiet(&[(4, "GetObject", 12, "App")]).option("spreads", 9), &[(8, 12)]);
        check(after_quiet(&[(4, "GetObject", 10, "App")]), &[(8, 10)]);
        // Without a past there is nothing to compare with.
        check(trial(&[(0, "GetObject", 1_000, "App")]), &[]);
    }

    #[test]
    fn a_job_of_every_night_is_no_spike() {
        let nights = |number| [(24, "GetObject", 100, "Job"), (48, "GetObject", number, "Job")];
        check(after_quiet(&nights(100)), &[(8, 100)]);
        check(after_quiet(&nights(200)), &[(8, 100)]);
        check(after_quiet(&nights(201)), &[(8, 100), (108, 201)]);
    }

    #[test]
    fn hours_in_a_row_are_one_spike() {
        let two = [(4, "GetObject", 50, "App"), (5, "GetObject", 50, "App"), (7, "GetObject", 50, "App")];
        check(after_quiet(&two), &[(8, 100)]);
    }

    #[test]
    fn deletions_count_when_asked() {
        let deleted = after_quiet(&[(4, "DeleteObject", 12, "App")]);
        check(deleted.clone(), &[]);
        check(deleted.clone().option("deletes", true), &[(8, 12)]);
        let mixed = after_quiet(&[(4, "DeleteObject", 6, "App"), (4, "GetObject", 6, "App")]).option("deletes", true);
        assert_eq!(mixed.run::<DataEventSpike>().unwrap()[0].title, None);
        let findings = deleted.option("deletes", true).run::<DataEventSpike>().unwrap();
        assert_eq!(findings[0].title.as_deref(), Some("Far more objects were deleted than usual"));
    }

    #[test]
    fn why_has_the_past_and_the_caller() {
        let findings = after_quiet(&[(5, "GetObject", 12, "Thief")]).run::<DataEventSpike>().unwrap();
        let expected = "Bucket documents had 12 reads of objects in 1 hour from 1970-01-01 05:00 UTC on. Its median hour had 2 \
            (spread 1), and the busiest one 3, in the 5 hours before. 12 of them came from role Thief, lastly from 203.0.113.9, \
            who had not used this bucket before.";
        assert_eq!(findings[0].why, expected);
    }
}
