//! One identity that reads many different secrets within a short time: what somebody does who has found a way in and takes all
//! there is.
//!
//! Distinct secrets count, not calls: a program that asks for its one password every minute is no thief. Secrets of Secrets
//! Manager and decrypted parameters of Systems Manager count alike. Who reads the same secrets again, as a program does
//! that copies them to a cluster every hour, is told the first time only.
//!
//! What CloudTrail does not show: of `GetParameters` this detector sees the first name only, `GetParametersByPath` is one
//! path, however much lies below it, and `BatchGetSecretValue` is one secret; the `GetSecretValue` events that AWS records for
//! each secret of a batch count by themselves.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use trailglass_plugin::time::{MINUTE_MS, SECOND_MS, span};
use trailglass_plugin::{Detector, Finding, Group, Grouping, Manifest, OptionSpec, Options, Severity, words};

/// So many calls of a burst are evidence; the secrets of all of them are counted.
const SHOWN: usize = 1_000;
/// How many secrets the sentence names.
const NAMED: usize = 3;

trailglass_plugin::rows! {
    /// A call that gives a secret away.
    struct Read {
        arn: "userIdentity.arn",
        address: "sourceIPAddress",
        secret: "requestParameters.secretId",
        list: "requestParameters.secretIdList",
        parameter: "requestParameters.name",
        names: "requestParameters.names",
        path: "requestParameters.path",
    }
}

/// The detector; its fields are its options.
pub struct SecretsInBulk {
    secrets: usize,
    window_ms: i64,
    ignored: Vec<String>,
}

impl Detector for SecretsInBulk {
    const MANIFEST: Manifest = Manifest {
        id: "secrets-in-bulk",
        name: "Many secrets were read within a short time",
        version: env!("CARGO_PKG_VERSION"),
        description: "One identity read many different secrets or decrypted parameters within a short time. Programs read their \
            few own ones; whoever reads all of them collects them.",
        severity: Severity::High,
        tactics: &["TA0006"],
        techniques: &["T1555.006"],
        false_positives: &[
            "A program that copies secrets to another place, the first time it is seen.",
            "A deployment that reads the parameters of many services.",
        ],
        references: &["https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring-cloudtrail.html"],
        options: &[
            OptionSpec::integer("secrets", 10, "How many different secrets it takes, from 2 to 100,000."),
            OptionSpec::integer("minutes", 30, "Within how many minutes they are read, from 1 to 1,440."),
            OptionSpec::texts("ignore", &[], "Identities that may read everything: parts of their ARNs."),
        ],
        select: "NOT errorCode:* AND ((eventSource:secretsmanager.amazonaws.com AND eventName:(GetSecretValue OR \
            BatchGetSecretValue)) OR (eventSource:ssm.amazonaws.com AND eventName:(GetParameter OR GetParameters OR \
            GetParametersByPath OR GetParameterHistory) AND requestParameters.withDecryption:true))",
        fields: Read::FIELDS,
        grouping: Grouping::By(&["userIdentity.arn"]),
    };

    fn configure(options: &Options) -> Result<Self, String> {
        Ok(Self {
            secrets: options.count("secrets", 2..=100_000)?,
            window_ms: options.span_ms("minutes", MINUTE_MS, 1..=1_440)?,
            ignored: options.texts("ignore")?.to_vec(),
        })
    }

    fn observe(&self, group: &Group<'_>) -> Vec<Finding> {
        let arn = group.first().get("userIdentity.arn").unwrap_or_default();
        if words::mentions(arn, &self.ignored) {
            return Vec::new();
        }
        let mut findings = Vec::new();
        let mut told: BTreeSet<&str> = BTreeSet::new();
        let mut window = Window::default();
        let mut burst = Burst::default();
        for read in group.rows().map(Read::from) {
            let (Some(time), Some(secret)) = (read.row.time_ms(), read.secret_name()) else { continue };
            if !burst.reads.is_empty() && time - burst.end > self.window_ms {
                findings.extend(std::mem::take(&mut burst).finding(&mut told));
            }
            window.push(Timed { time, secret, read }, self.window_ms);
            if window.distinct.len() >= self.secrets {
                burst.extend(&window.reads);
                window = Window::default();
            } else if burst.is_open(time, self.window_ms) {
                // What follows closely belongs to it.
                burst.extend(&window.reads);
                window = Window::default();
            }
        }
        findings.extend(burst.finding(&mut told));
        findings
    }
}

impl<'a> Read<'a> {
    /// What was read, by the name that its owner gave it.
    fn secret_name(&self) -> Option<&'a str> {
        let named = self.secret.or(self.list).map(secret_of_arn);
        named.or_else(|| self.parameter.or(self.names).map(parameter_of_arn)).or(self.path)
    }
}

/// `prod/db` of `arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-a1B2c3`: AWS adds a dash and six characters to
/// a name in an ARN.
fn secret_of_arn(secret: &str) -> &str {
    let Some((_, name)) = secret.split_once(":secret:") else { return secret };
    match name.rsplit_once('-') {
        Some((name, suffix)) if suffix.len() == 6 => name,
        _ => name,
    }
}

/// `/prod/db` of `arn:aws:ssm:eu-west-1:111122223333:parameter/prod/db`.
fn parameter_of_arn(parameter: &str) -> &str {
    parameter.split_once(":parameter").map_or(parameter, |(_, name)| name)
}

/// A call, when it was, and what it read.
#[derive(Clone, Copy)]
struct Timed<'a> {
    time: i64,
    secret: &'a str,
    read: Read<'a>,
}

/// The calls of the last minutes, and how often each secret is among them.
#[derive(Default)]
struct Window<'a> {
    reads: VecDeque<Timed<'a>>,
    distinct: BTreeMap<&'a str, usize>,
}

impl<'a> Window<'a> {
    fn push(&mut self, read: Timed<'a>, window_ms: i64) {
        while let Some(old) = self.reads.front().copied().filter(|old| read.time - old.time > window_ms) {
            self.reads.pop_front();
            if let Some(times) = self.distinct.get_mut(old.secret) {
                *times -= 1;
                if *times == 0 {
                    self.distinct.remove(old.secret);
                }
            }
        }
        self.reads.push_back(read);
        *self.distinct.entry(read.secret).or_default() += 1;
    }
}

/// Calls that follow each other closely, and together read enough.
#[derive(Default)]
struct Burst<'a> {
    /// The first of them.
    reads: Vec<Timed<'a>>,
    secrets: BTreeSet<&'a str>,
    end: i64,
}

impl<'a> Burst<'a> {
    fn is_open(&self, time: i64, window_ms: i64) -> bool {
        !self.reads.is_empty() && time - self.end <= window_ms
    }

    fn extend(&mut self, reads: &VecDeque<Timed<'a>>) {
        self.reads.extend(reads.iter().take(SHOWN.saturating_sub(self.reads.len())));
        self.secrets.extend(reads.iter().map(|read| read.secret));
        self.end = reads.back().map_or(self.end, |last| last.time);
    }

    /// The finding, if this burst read something that no earlier one did.
    fn finding(self, told: &mut BTreeSet<&'a str>) -> Option<Finding> {
        let first = self.reads.first()?;
        let known = self.secrets.intersection(told).count();
        told.extend(&self.secrets);
        // Half of it new is another story, a few new secrets are not.
        if known * 2 > self.secrets.len() {
            return None;
        }
        let why = format!(
            "{} read {} within {} from {}: {}.",
            words::capital(&words::who(first.read.arn)),
            words::length(self.secrets.len(), "different secret"),
            span((self.end - first.time).max(SECOND_MS)),
            first.read.address.unwrap_or("an unknown address"),
            words::list(&self.secrets, NAMED),
        );
        Some(Finding::new(self.reads.iter().map(|read| read.read), why))
    }
}

trailglass_plugin::export!(SecretsInBulk);

#[cfg(test)]
mod tests {
    use super::*;
    use trailglass_plugin::trial::Trial;

    /// Each run: its first minute, the number of its first secret, and how many follow, one a minute.
    fn trial(runs: &[(i64, i64, i64)]) -> Trial {
        let mut trial = Trial::new().option("secrets", 3).option("minutes", 10);
        for &(start, first, number) in runs {
            for place in 0..number {
                let secret = format!("app/{}", first + place);
                let who = ("userIdentity.arn", "arn:aws:iam::111122223333:user/alice");
                let fields =
                    [who, ("requestParameters.secretId", secret.as_str()), ("sourceIPAddress", "198.51.100.7")];
                trial = trial.event((start + place) * MINUTE_MS, fields);
            }
        }
        trial
    }

    fn check(trial: Trial, expected: &[&[u32]]) {
        let findings = trial.run::<SecretsInBulk>().unwrap();
        let rows: Vec<&[u32]> = findings.iter().map(|finding| finding.rows.as_slice()).collect();
        assert_eq!(rows, expected, "{findings:?}");
    }

    #[test]
    fn distinct_secrets_count_within_a_window() {
        check(trial(&[(0, 0, 2)]), &[]);
        check(trial(&[(0, 0, 3)]), &[&[0, 1, 2]]);
        check(trial(&[(0, 0, 1), (1, 0, 1), (2, 0, 1), (3, 0, 1)]), &[]);
        check(trial(&[(0, 0, 2), (10, 2, 1)]), &[&[0, 1, 2]]);
        check(trial(&[(0, 0, 2), (12, 2, 1)]), &[]);
        check(trial(&[(0, 0, 3)]).option("ignore", ["user/alice"]), &[]);
        check(trial(&[(0, 0, 3)]).option("secrets", 4), &[]);
    }

    #[test]
    fn a_burst_is_told_once() {
        // What follows closely belongs to it; the same secrets an hour later are no news; others are.
        check(trial(&[(0, 0, 5)]), &[&[0, 1, 2, 3, 4]]);
        check(trial(&[(0, 0, 3), (60, 0, 3)]), &[&[0, 1, 2]]);
        check(trial(&[(0, 0, 3), (60, 7, 3)]), &[&[0, 1, 2], &[3, 4, 5]]);
        check(trial(&[(0, 0, 4), (60, 1, 4)]), &[&[0, 1, 2, 3]]);
        // Half of them new is enough.
        check(trial(&[(0, 0, 4), (60, 2, 4)]), &[&[0, 1, 2, 3], &[4, 5, 6, 7]]);
        // Up to the length of the window, a pause is none.
        check(trial(&[(0, 0, 3), (12, 9, 1)]), &[&[0, 1, 2, 3]]);
        check(trial(&[(0, 0, 3), (13, 9, 1)]), &[&[0, 1, 2]]);
    }

    #[test]
    fn one_secret_has_one_name() {
        let check = |secret: &str, expected: &str| assert_eq!(secret_of_arn(secret), expected);
        check("prod/db", "prod/db");
        check("prod/db-a1B2c3", "prod/db-a1B2c3");
        check("arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-a1B2c3", "prod/db");
        check("arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db", "prod/db");
        assert_eq!(parameter_of_arn("arn:aws:ssm:eu-west-1:111122223333:parameter/prod/db"), "/prod/db");
        assert_eq!(parameter_of_arn("/prod/db"), "/prod/db");
    }

    #[test]
    fn why_has_the_numbers() {
        let findings = trial(&[(0, 0, 5)]).run::<SecretsInBulk>().unwrap();
        let expected =
            "User alice read 5 different secrets within 4 minutes from 198.51.100.7: app/0, app/1, app/2 and 2 more.";
        assert_eq!(findings[0].why, expected);
    }
}
