//! A long-term access key that wakes up: used again after a long silence, or from an address that is new to it.
//!
//! A key that a program uses is used all the time, and from the same places. One that nobody needed for a month and that works
//! today was perhaps found in a repository, a backup or an old laptop. Silence counts within the trail: before its first
//! event nothing is known, so a trail must be longer than the silence that is looked for.

use std::collections::BTreeSet;
use std::net::IpAddr;

use trailglass_plugin::time::{DAY_MS, date, span};
use trailglass_plugin::{Detector, Finding, Group, Grouping, Manifest, OptionSpec, Options, Row, Severity, words};

/// So many calls after the key woke up are evidence.
const SHOWN: usize = 20;
/// How many calls the sentence names.
const NAMED: usize = 4;

trailglass_plugin::rows! {
    /// A call that a long-term key signed.
    struct Call {
        key: "userIdentity.accessKeyId",
        arn: "userIdentity.arn",
        address: "sourceIPAddress" as IpAddr,
        name: "eventName",
    }
}

/// The detector; its fields are its options.
pub struct DormantCredential {
    silence_ms: i64,
    new_addresses: bool,
    learning_ms: i64,
    most_addresses: usize,
}

impl Detector for DormantCredential {
    const MANIFEST: Manifest = Manifest {
        id: "dormant-credential",
        name: "A silent access key was used again",
        version: env!("CARGO_PKG_VERSION"),
        description: "A long-term access key was used again after a long silence, or a key that always worked from the same few \
            addresses was used from another one. Somebody may have found or stolen it.",
        severity: Severity::Medium,
        tactics: &["TA0001", "TA0003"],
        techniques: &["T1078.004"],
        false_positives: &[
            "A job that runs once in a quarter or a year.",
            "Somebody who is back from a long leave.",
            "A server or an office that moved to another address.",
        ],
        references: &["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html"],
        options: &[
            OptionSpec::integer("days", 30, "How many days without a call are a silence, from 1 to 3,650."),
            OptionSpec::flag("new-addresses", true, "Whether to find keys that are used from a new address."),
            OptionSpec::integer(
                "learning-days",
                14,
                "How many days a key must have been in use before an address can be new to it, from 1 to 3,650.",
            ),
            OptionSpec::integer(
                "addresses",
                3,
                "From how many addresses a key is used at most before a new one says nothing, from 1 to 1,000.",
            ),
        ],
        select: "userIdentity.accessKeyId:AKIA*",
        fields: Call::FIELDS,
        grouping: Grouping::By(&["userIdentity.accessKeyId"]),
    };

    fn configure(options: &Options) -> Result<Self, String> {
        Ok(Self {
            silence_ms: options.span_ms("days", DAY_MS, 1..=3_650)?,
            new_addresses: options.flag("new-addresses")?,
            learning_ms: options.span_ms("learning-days", DAY_MS, 1..=3_650)?,
            most_addresses: options.count("addresses", 1..=1_000)?,
        })
    }

    fn observe(&self, group: &Group<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut known: BTreeSet<IpAddr> = BTreeSet::new();
        let mut start = None;
        let mut last: Option<Timed<'_>> = None;
        for (place, row) in group.rows().enumerate() {
            let Some(now) = Timed::new(row) else { continue };
            let start = *start.get_or_insert(now.time);
            let new = now.call.address.filter(|address| !known.contains(address));
            let learned = now.time - start >= self.learning_ms && (1..=self.most_addresses).contains(&known.len());
            if let Some(before) = last.filter(|before| now.time - before.time >= self.silence_ms) {
                let after = (place..group.len()).filter_map(|place| group.row(place)).filter_map(Timed::new);
                findings.push(woke(&before, &now, after, new));
            } else if let (true, true, Some(address)) = (self.new_addresses, learned, new) {
                findings.push(moved(&now, start, known.len(), address));
            }
            known.extend(now.call.address);
            last = Some(now);
        }
        findings
    }
}

/// A call and when it was.
#[derive(Clone, Copy)]
struct Timed<'a> {
    time: i64,
    call: Call<'a>,
}

impl<'a> Timed<'a> {
    fn new(row: Row<'a>) -> Option<Self> {
        Some(Self { time: row.time_ms()?, call: Call::from(row) })
    }
}

/// The key was silent between `before` and `now`, the first of `after`. An address that is new to it makes it worse.
fn woke<'a>(
    before: &Timed<'a>,
    now: &Timed<'a>,
    after: impl Iterator<Item = Timed<'a>>,
    new: Option<IpAddr>,
) -> Finding {
    // What was done within the next hours is the same story.
    let shown: Vec<Timed<'a>> = after.take_while(|later| later.time - now.time < DAY_MS).take(SHOWN).collect();
    let mut names: Vec<&str> = Vec::new();
    for name in shown.iter().filter_map(|later| later.call.name) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let place = match (new, now.call.address) {
        (Some(address), _) => format!("from {address}, an address that is new to it"),
        (None, Some(address)) => format!("from {address}"),
        (None, None) => "by a service".to_owned(),
    };
    let why = format!(
        "Key {} of {} was used again {place}, after {} of silence since {}: {}.",
        now.call.key.unwrap_or("unknown"),
        words::who(now.call.arn),
        span(now.time - before.time),
        date(before.time),
        words::list(names, NAMED),
    );
    let finding = Finding::new([before].into_iter().chain(&shown).map(|timed| timed.call), why);
    if new.is_some() { finding.severity(Severity::High) } else { finding }
}

/// The key is used all the time, now from another address.
fn moved(now: &Timed<'_>, since: i64, known: usize, address: IpAddr) -> Finding {
    let why = format!(
        "Key {} of {} was used from {address} for {}; in the {} before it came from {} only.",
        now.call.key.unwrap_or("unknown"),
        words::who(now.call.arn),
        now.call.name.unwrap_or("an unknown call"),
        span(now.time - since),
        if known == 1 { "1 other address".to_owned() } else { format!("{known} other addresses") },
    );
    Finding::new([now.call], why).title("An access key was used from a new address").severity(Severity::Low)
}

trailglass_plugin::export!(DormantCredential);

#[cfg(test)]
mod tests {
    use super::*;
    use trailglass_plugin::trial::Trial;

    const KEY: &str = "AKIAIOSFODNN7EXAMPLE";

    /// Each event: its day, and the address.
    fn trial(events: &[(i64, &str)]) -> Trial {
        events.iter().fold(Trial::new(), |trial, &(day, address)| {
            let who = ("userIdentity.arn", "arn:aws:iam::111122223333:user/ci");
            let fields =
                [("userIdentity.accessKeyId", KEY), who, ("sourceIPAddress", address), ("eventName", "ListBuckets")];
            trial.event(day * DAY_MS, fields)
        })
    }

    /// Expected: severity (or none for the manifest's) and rows of each finding.
    fn check(trial: Trial, expected: &[(Option<Severity>, &[u32])]) {
        let findings = trial.run::<DormantCredential>().unwrap();
        let found: Vec<_> = findings.iter().map(|finding| (finding.severity, finding.rows.as_slice())).collect();
        assert_eq!(found, expected, "{findings:?}");
    }

    #[test]
    fn silence_is_counted_in_days() {
        let (a, b) = ("198.51.100.1", "203.0.113.9");
        check(trial(&[]), &[]);
        check(trial(&[(0, a)]), &[]);
        check(trial(&[(0, a), (29, a)]), &[]);
        check(trial(&[(0, a), (30, a)]), &[(None, &[0, 1])]);
        check(trial(&[(0, a), (30, b)]), &[(Some(Severity::High), &[0, 1])]);
        check(trial(&[(0, a), (30, a)]).option("days", 31), &[]);
        check(trial(&[(0, a), (30, a), (60, a)]), &[(None, &[0, 1]), (None, &[1, 2])]);
        // A service has no address, and is no new one.
        check(trial(&[(0, a), (30, "ec2.amazonaws.com")]), &[(None, &[0, 1])]);
    }

    #[test]
    fn an_address_is_new_to_a_key_that_is_known() {
        let (a, b, c) = ("198.51.100.1", "203.0.113.9", "203.0.113.10");
        check(trial(&[(0, a), (7, a), (14, b)]), &[(Some(Severity::Low), &[2])]);
        check(trial(&[(0, a), (7, a), (13, b)]), &[]);
        check(trial(&[(0, a), (7, a), (14, b), (15, b)]), &[(Some(Severity::Low), &[2])]);
        check(trial(&[(0, a), (7, a), (14, b)]).option("new-addresses", false), &[]);
        check(trial(&[(0, a), (7, a), (14, b)]).option("learning-days", 15), &[]);
        // A key that is used from many places is at home everywhere.
        check(trial(&[(0, a), (7, b), (14, c)]).option("addresses", 1), &[]);
        check(trial(&[(0, a), (7, "ec2.amazonaws.com"), (14, "ec2.amazonaws.com")]), &[]);
    }

    #[test]
    fn why_has_the_silence_and_the_address() {
        let findings = trial(&[(0, "198.51.100.1"), (45, "203.0.113.9")]).run::<DormantCredential>().unwrap();
        let expected = "Key AKIAIOSFODNN7EXAMPLE of user ci was used again from 203.0.113.9, an address that is new to it, \
            after 45 days of silence since 1970-01-01: ListBuckets.";
        assert_eq!(findings[0].why, expected);
        let findings =
            trial(&[(0, "198.51.100.1"), (9, "198.51.100.1"), (14, "203.0.113.9")]).run::<DormantCredential>();
        let expected = "Key AKIAIOSFODNN7EXAMPLE of user ci was used from 203.0.113.9 for ListBuckets; in the 14 days before it \
            came from 1 other address only.";
        assert_eq!(findings.unwrap()[0].why, expected);
    }
}
