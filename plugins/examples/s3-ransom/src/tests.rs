//! What is ransom, and what is housekeeping.

use super::*;
use trailglass_plugin::time::MINUTE_MS;
use trailglass_plugin::trial::Trial;

const BUCKET: &str = "documents";
const OWNER: &str = "111122223333";
const FOREIGN_KEY: &str = "arn:aws:kms:us-east-1:999988887777:key/0a1b2c3d";

fn trial() -> Trial {
    Trial::new().option("objects", 3).option("deletions", 4)
}

fn call<'a>(trial: Trial, minute: i64, name: &'a str, fields: &[(&'a str, &'a str)]) -> Trial {
    let who = ("userIdentity.arn", "arn:aws:iam::111122223333:user/alice");
    let what = [("requestParameters.bucketName", BUCKET), ("recipientAccountId", OWNER), ("eventName", name), who];
    trial.event(minute * MINUTE_MS, what.into_iter().chain(fields.iter().copied()))
}

/// Writes of different objects, one a minute.
fn writes(trial: Trial, start: i64, number: i64, name: &str, field: (&str, &str)) -> Trial {
    (0..number).fold(trial, |trial, place| {
        let (key, source) = (format!("a/{place}"), format!("/{BUCKET}/a%2F{place}?versionId=1"));
        let source = ("requestParameters.x-amz-copy-source", source.as_str());
        let fields = [("requestParameters.key", key.as_str()), field, source];
        call(trial, start + place, name, &fields[..if name == "CopyObject" { 3 } else { 2 }])
    })
}

/// Deletions of different objects, one a minute.
fn deletions(trial: Trial, start: i64, number: i64, fields: &[(&str, &str)]) -> Trial {
    (0..number).fold(trial, |trial, place| {
        let key = format!("a/{place}");
        let fields: Vec<_> = fields.iter().copied().chain([("requestParameters.key", key.as_str())]).collect();
        call(trial, start + place, "DeleteObject", &fields)
    })
}

/// Expected: severity (or none for the manifest's), and rows.
fn check(trial: &Trial, expected: &[(Option<Severity>, &[u32])]) {
    let findings = trial.run::<S3Ransom>().unwrap();
    let found: Vec<_> = findings.iter().map(|finding| (finding.severity, finding.rows.as_slice())).collect();
    assert_eq!(found, expected, "{findings:?}");
}

const KMS: (&str, &str) = ("requestParameters.x-amz-server-side-encryption-aws-kms-key-id", FOREIGN_KEY);
const SSE_C: (&str, &str) = ("requestParameters.x-amz-server-side-encryption-customer-algorithm", "AES256");
const DAY: i64 = 24 * 60;
const CRITICAL: Option<Severity> = Some(Severity::Critical);

#[test]
fn copies_in_place_with_a_foreign_key() {
    check(&writes(trial(), 0, 3, "CopyObject", KMS), &[(CRITICAL, &[0, 1, 2])]);
    check(&writes(trial(), 0, 3, "CopyObject", SSE_C), &[(CRITICAL, &[0, 1, 2])]);
    check(&writes(trial(), 0, 2, "CopyObject", KMS), &[]);
    check(&writes(trial(), 0, 3, "CopyObject", KMS).option("key-accounts", ["999988887777"]), &[]);
    let own = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d";
    check(&writes(trial(), 0, 3, "CopyObject", (KMS.0, own)), &[]);
    check(&writes(trial(), 0, 3, "CopyObject", (KMS.0, "alias/aws/s3")), &[]);
    // The same object three times is one object.
    let once = (0..3).fold(trial(), |trial, _| writes(trial, 0, 1, "CopyObject", KMS));
    check(&once, &[]);
}

#[test]
fn writes_with_a_key_that_the_bucket_did_not_use() {
    let known = |day| writes(call(trial(), 0, "PutObject", &[]), day * DAY, 3, "PutObject", SSE_C);
    check(&known(1), &[(None, &[1, 2, 3])]);
    // Nobody knows what is usual on the first day.
    check(&known(0), &[]);
    check(&known(1).option("learning-days", 2), &[]);
    // A key that the bucket used before.
    check(&writes(writes(trial(), 0, 1, "PutObject", SSE_C), 2 * DAY, 3, "PutObject", SSE_C), &[]);
    let slow = (0..3).fold(call(trial(), 0, "PutObject", &[]), |trial, place| {
        let key = place.to_string();
        call(trial, DAY + place * 31, "PutObject", &[("requestParameters.key", key.as_str()), SSE_C])
    });
    check(&slow, &[]);
    check(&slow.option("hours", 2), &[(None, &[1, 2, 3])]);
}

#[test]
fn what_else_was_done_makes_it_worse() {
    let written = |day| writes(call(trial(), 0, "PutObject", &[]), day * DAY, 3, "PutObject", SSE_C);
    let suspended = [("requestParameters.VersioningConfiguration.Status", "Suspended")];
    check(&call(written(1), DAY, "PutBucketVersioning", &suspended), &[(CRITICAL, &[4, 1, 2, 3])]);
    check(&deletions(written(1), DAY + 9, 1, &[]), &[(CRITICAL, &[1, 2, 3])]);
    check(&deletions(written(1), 3 * DAY, 1, &[]), &[(None, &[1, 2, 3])]);
}

#[test]
fn a_burst_ends_with_a_pause() {
    let copies = |pause: i64| writes(writes(trial(), 0, 3, "CopyObject", KMS), 2 + pause, 1, "CopyObject", KMS);
    check(&copies(60), &[(CRITICAL, &[0, 1, 2, 3])]);
    check(&copies(61), &[(CRITICAL, &[0, 1, 2])]);
}

#[test]
fn deletions_count_when_nothing_remains() {
    let suspended = [("requestParameters.VersioningConfiguration.Status", "Suspended")];
    let enabled = [("requestParameters.VersioningConfiguration.Status", "Enabled")];
    let prepared =
        |fields: &[(&str, &str)], day| deletions(call(trial(), 0, "PutBucketVersioning", fields), day * DAY, 4, &[]);
    check(&deletions(trial(), 0, 4, &[]), &[]);
    check(&prepared(&suspended, 0), &[(None, &[0, 1, 2, 3, 4])]);
    check(&prepared(&suspended, 1), &[(None, &[0, 1, 2, 3, 4])]);
    check(&prepared(&suspended, 2), &[]);
    check(&prepared(&enabled, 0), &[]);
    check(&prepared(&suspended, 0).option("deletions", 5), &[]);
    let expiry = |days| {
        let field = [("requestParameters.LifecycleConfiguration.Rule.Expiration.Days", days)];
        deletions(call(trial(), 0, "PutBucketLifecycle", &field), 0, 4, &[])
    };
    check(&expiry("7"), &[(None, &[0, 1, 2, 3, 4])]);
    check(&expiry("8"), &[]);
    let versions = deletions(trial(), 0, 4, &[("requestParameters.versionId", "3sL4kqtJlcpXroDTDmJ")]);
    check(&versions, &[(None, &[0, 1, 2, 3])]);
    // Half of them are enough.
    let version = [("requestParameters.versionId", "3sL4kqtJlcpXroDTDmJ")];
    let half = |versions: i64| {
        (0..4).fold(trial(), |trial, place| {
            let key = place.to_string();
            let fields = [("requestParameters.key", key.as_str()), version[0]];
            call(trial, place, "DeleteObject", &fields[..if place < versions { 2 } else { 1 }])
        })
    };
    check(&half(2), &[(None, &[0, 1, 2, 3])]);
    check(&half(1), &[]);
    // Whoever takes the bucket away as well clears up.
    check(&call(versions, 9, "DeleteBucket", &[]), &[(Some(Severity::Medium), &[0, 1, 2, 3])]);
}

#[test]
fn why_has_the_numbers_and_the_preparations() {
    let field = [("requestParameters.LifecycleConfiguration.Rule.Expiration.Days", "1")];
    let held = writes(call(trial(), 0, "PutBucketLifecycle", &field), 1, 3, "CopyObject", SSE_C);
    let expected = "User alice encrypted 3 objects of bucket documents within 2 minutes with a key of the caller's own (SSE-C), \
        3 of them by a copy onto itself; the same identity let everything expire after 1 day.";
    assert_eq!(held.run::<S3Ransom>().unwrap()[0].why, expected);
    let versions = deletions(trial(), 1, 4, &[("requestParameters.versionId", "3sL4kqtJlcpXroDTDmJ")]);
    let cleared = call(versions, 9, "DeleteBucket", &[]);
    let expected = "User alice deleted objects of bucket documents with 4 calls within 3 minutes, 4 of them of versions, and then \
        deleted the bucket.";
    assert_eq!(cleared.run::<S3Ransom>().unwrap()[0].why, expected);
}
