//! Objects that are taken hostage: encrypted with a key that their owner does not have, or deleted beyond recovery.
//!
//! Both leave calls of a kind that ordinary work rarely has. Objects are written with a key that the caller brings along
//! (SSE-C) or with a key of another account: a copy of an object onto itself counts always, another write only when the
//! bucket is known for a while and did not use that key. And deletions count when the same identity also saw to it that
//! nothing remains: by suspending versions, by a lifecycle rule that soon expires everything, or by deleting versions.
//!
//! `DeleteObjects` is one call, however many objects it names. Logs without data events show the preparations only, which
//! alone are no finding.

mod acts;

use std::collections::{BTreeMap, BTreeSet};

use acts::{Act, Kind};
use trailglass_plugin::time::{DAY_MS, HOUR_MS, span};
use trailglass_plugin::{Detector, Finding, Group, Grouping, Manifest, OptionSpec, Options, Row, Severity, words};

/// So many calls are evidence; all are counted.
const SHOWN: usize = 1_000;
/// Preparations belong to what happens within a day of them.
const NEAR_MS: i64 = DAY_MS;

trailglass_plugin::rows! {
    /// A call that writes or deletes objects, or says what becomes of them.
    struct Call {
        bucket: "requestParameters.bucketName",
        account: "recipientAccountId",
        arn: "userIdentity.arn",
        role: "userIdentity.sessionContext.sessionIssuer.arn",
        name: "eventName",
        key: "requestParameters.key",
        version: "requestParameters.versionId",
        copied_from: "requestParameters.x-amz-copy-source",
        kms_key: "requestParameters.x-amz-server-side-encryption-aws-kms-key-id",
        customer_key: "requestParameters.x-amz-server-side-encryption-customer-algorithm",
        encryption: "additionalEventData.SSEApplied",
        versioning: "requestParameters.VersioningConfiguration.Status",
        expiry_days: "requestParameters.LifecycleConfiguration.Rule.Expiration.Days" as i64,
    }
}

/// The detector; its fields are its options.
pub struct S3Ransom {
    objects: usize,
    deletions: usize,
    window_ms: i64,
    learning_ms: i64,
    key_accounts: Vec<String>,
}

impl Detector for S3Ransom {
    const MANIFEST: Manifest = Manifest {
        id: "s3-ransom",
        name: "Objects were encrypted with a foreign key",
        version: env!("CARGO_PKG_VERSION"),
        description: "Objects of a bucket were overwritten with a key that the owner of the bucket does not have, or deleted by \
            somebody who also made sure that no version remains. That is how data in S3 is held to ransom or destroyed.",
        severity: Severity::High,
        tactics: &["TA0040"],
        techniques: &["T1486", "T1485", "T1490"],
        false_positives: &[
            "A program that begins to encrypt with keys of its own (SSE-C).",
            "Keys of a central account: name it in `key-accounts`.",
            "Somebody who empties a bucket with versions in order to delete it.",
        ],
        references: &[
            "https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html",
            "https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",
        ],
        options: &[
            OptionSpec::integer("objects", 10, "How many encrypted objects it takes, from 2 to 1,000,000."),
            OptionSpec::integer("deletions", 100, "How many calls that delete it takes, from 2 to 1,000,000."),
            OptionSpec::integer("hours", 1, "Within how many hours these calls are made, from 1 to 168."),
            OptionSpec::integer("learning-days", 1, "How many days make a bucket's usual keys known, from 1 to 365."),
            OptionSpec::texts("key-accounts", &[], "Accounts whose keys are your own: ids of twelve digits."),
        ],
        select: "eventSource:s3.amazonaws.com AND requestParameters.bucketName:* AND NOT errorCode:* AND eventName:(PutObject \
            OR CopyObject OR CreateMultipartUpload OR DeleteObject OR DeleteObjects OR DeleteBucket OR PutBucketVersioning \
            OR PutBucketLifecycle OR PutBucketLifecycleConfiguration)",
        fields: Call::FIELDS,
        grouping: Grouping::By(&["requestParameters.bucketName"]),
    };

    fn configure(options: &Options) -> Result<Self, String> {
        Ok(Self {
            objects: options.count("objects", 2..=1_000_000)?,
            deletions: options.count("deletions", 2..=1_000_000)?,
            window_ms: options.span_ms("hours", HOUR_MS, 1..=168)?,
            learning_ms: options.span_ms("learning-days", DAY_MS, 1..=365)?,
            key_accounts: options.texts("key-accounts")?.to_vec(),
        })
    }

    fn observe(&self, group: &Group<'_>) -> Vec<Finding> {
        let calls = group.rows().map(Call::from);
        let acts = acts::read(calls, self.learning_ms, &self.key_accounts);
        let mut people: BTreeMap<Option<&str>, Vec<Act<'_>>> = BTreeMap::new();
        for act in acts {
            people.entry(act.call().role.or(act.call().arn)).or_default().push(act);
        }
        people.values().flat_map(|acts| [self.encrypted(acts), self.destroyed(acts)]).flatten().collect()
    }
}

impl S3Ransom {
    /// Objects that one identity encrypted with a foreign key.
    fn encrypted(&self, acts: &[Act<'_>]) -> Option<Finding> {
        let encrypted = of(acts, |kind| matches!(kind, Kind::Encrypted { .. }));
        let burst = acts::burst(&encrypted, self.window_ms, self.objects)?;
        let (first, last) = (burst.first()?, burst.last()?);
        let near = preparations(acts, first.time, last.time);
        let deletions = of(acts, |kind| matches!(kind, Kind::Deleted { .. }));
        let deleted = deletions.iter().filter(|act| (first.time..=last.time + NEAR_MS).contains(&act.time)).count();
        let in_place = burst.iter().filter(|act| act.kind == Kind::Encrypted { in_place: true }).count();
        let objects: BTreeSet<&str> = burst.iter().filter_map(|act| act.call().key).collect();
        let mut why = format!(
            "{} encrypted {} of bucket {} within {} with {}",
            words::capital(&words::who(first.call().arn)),
            words::length(objects.len(), "object"),
            first.call().bucket.unwrap_or("unknown"),
            span((last.time - first.time).max(1_000)),
            acts::cipher(&first.call(), &self.key_accounts).unwrap_or("a foreign key"),
        );
        why += &[
            (in_place > 0).then(|| format!(", {} of them by a copy onto itself", words::thousands(count(in_place)))),
            (deleted > 0).then(|| format!(", and made {} that delete", words::length(deleted, "call"))),
        ]
        .into_iter()
        .flatten()
        .collect::<String>();
        why += &prepared(&near);
        let finding = Finding::new(evidence(&near, &burst), why);
        let worse = in_place > 0 || deleted > 0 || !near.is_empty();
        Some(if worse { finding.severity(Severity::Critical) } else { finding })
    }

    /// Objects that one identity deleted, after or before it saw to it that nothing remains.
    fn destroyed(&self, acts: &[Act<'_>]) -> Option<Finding> {
        let deleted = of(acts, |kind| matches!(kind, Kind::Deleted { .. }));
        let burst = acts::burst(&deleted, self.window_ms, self.deletions)?;
        let (first, last) = (burst.first()?, burst.last()?);
        let near = preparations(acts, first.time, last.time);
        let versions = burst.iter().filter(|act| act.kind == Kind::Deleted { version: true }).count();
        if near.is_empty() && versions * 2 < burst.len() {
            return None;
        }
        let cleared = acts.iter().find(|act| act.kind == Kind::BucketDeleted && act.time >= first.time);
        let why = format!(
            "{} deleted objects of bucket {} with {} within {}{}{}{}",
            words::capital(&words::who(first.call().arn)),
            first.call().bucket.unwrap_or("unknown"),
            words::length(burst.len(), "call"),
            span((last.time - first.time).max(1_000)),
            if versions > 0 {
                format!(", {} of them of versions", words::thousands(count(versions)))
            } else {
                String::new()
            },
            if cleared.is_some() { ", and then deleted the bucket" } else { "" },
            prepared(&near),
        );
        let finding = Finding::new(evidence(&near, &burst), why).title("Objects were deleted beyond recovery");
        // Who takes the bucket away as well mostly clears up; who wants money leaves it with a note.
        Some(if cleared.is_some() { finding.severity(Severity::Medium) } else { finding })
    }
}

fn of<'a>(acts: &[Act<'a>], wanted: impl Fn(Kind) -> bool) -> Vec<Act<'a>> {
    acts.iter().copied().filter(|act| wanted(act.kind)).collect()
}

/// What was prepared within a day of a burst.
fn preparations<'a>(acts: &[Act<'a>], first: i64, last: i64) -> Vec<Act<'a>> {
    let near = |act: &&Act<'_>| (first - NEAR_MS..=last + NEAR_MS).contains(&act.time);
    let prepares = |kind| matches!(kind, Kind::VersionsSuspended | Kind::Expiry { .. });
    acts.iter().filter(near).copied().filter(|act| prepares(act.kind)).collect()
}

/// The end of the sentence: what was prepared.
fn prepared(near: &[Act<'_>]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for act in near {
        let part = match act.kind {
            Kind::VersionsSuspended => "suspended versions".to_owned(),
            Kind::Expiry { days } => format!("let everything expire after {}", words::count(days, "day")),
            _ => continue,
        };
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    if parts.is_empty() { ".".to_owned() } else { format!("; the same identity {}.", words::list(parts, 3)) }
}

fn evidence<'a>(near: &[Act<'a>], burst: &[Act<'a>]) -> Vec<Row<'a>> {
    near.iter().chain(burst.iter().take(SHOWN)).map(|act| act.row).collect()
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

trailglass_plugin::export!(S3Ransom);

#[cfg(test)]
mod tests;
