//! What is a journey, and what only looks like one.

use super::*;
use trailglass_plugin::time::MINUTE_MS;
use trailglass_plugin::trial::Trial;

const USER: &str = "arn:aws:iam::111122223333:user/alice";
const PERSON: &str = "arn:aws:sts::111122223333:assumed-role/Admin/alice@example.com";
const MACHINE: &str = "arn:aws:sts::111122223333:assumed-role/Job/job";

/// Who, with which key, the minute of the first call, how many (one a minute), from which address, in which region.
type Work = (&'static str, &'static str, i64, i64, &'static str, &'static str);

fn trial(work: &[Work]) -> Trial {
    let mut trial = Trial::new().option("calls", 2);
    for &(arn, key, start, calls, address, region) in work {
        let kind = if arn == USER { "IAMUser" } else { "AssumedRole" };
        for call in 0..calls {
            let fields = [
                ("userIdentity.arn", arn),
                ("userIdentity.type", kind),
                ("userIdentity.accessKeyId", key),
                ("sourceIPAddress", address),
                ("awsRegion", region),
                ("eventSource", "ec2.amazonaws.com"),
                ("userAgent", "aws-cli/2.15.0"),
            ];
            trial = trial.event((start + call) * MINUTE_MS, fields);
        }
    }
    trial
}

fn check(trial: Trial, expected: &[&[u32]]) {
    let findings = trial.run::<ImpossibleTravel>().unwrap();
    let rows: Vec<&[u32]> = findings.iter().map(|finding| finding.rows.as_slice()).collect();
    assert_eq!(rows, expected, "{findings:?}");
}

const HOME: Work = (USER, "k", 0, 2, "198.51.100.1", "eu-west-1");

#[test]
fn a_journey_takes_its_time() {
    // Dublin and Ashburn are 5,460 km apart: six hours and four minutes at 900 km/h.
    let there = |start| (USER, "k", start, 2, "203.0.113.9", "us-east-1");
    check(trial(&[HOME]), &[]);
    check(trial(&[HOME, there(60)]), &[&[1, 2]]);
    check(trial(&[HOME, there(360)]), &[&[1, 2]]);
    check(trial(&[HOME, there(366)]), &[]);
    check(trial(&[HOME, there(60)]).option("speed", 6_000), &[]);
    check(trial(&[HOME, there(60)]).option("distance", 6_000), &[]);
    check(trial(&[HOME, there(60)]).option("calls", 3), &[]);
    check(trial(&[HOME, there(60)]).option("ignore-regions", ["us-east-1"]), &[]);
    check(trial(&[HOME, there(60)]).option("ignore-agents", ["aws-cli"]), &[]);
    check(trial(&[HOME, there(60)]).option("ignore-regions", ["eu-west-3"]), &[&[1, 2]]);
    let km = Region::find("eu-west-1").unwrap().distance_km(Region::find("us-east-1").unwrap());
    check(trial(&[HOME, there(60)]).option("distance", km), &[&[1, 2]]);
    check(trial(&[HOME, there(60)]).option("distance", km + 1), &[]);
    // There and back is one finding, with all that shows it.
    let back = (USER, "k", 120, 1, "198.51.100.1", "eu-west-1");
    check(trial(&[HOME, there(60), back]), &[&[1, 2, 3, 4]]);
}

#[test]
fn what_is_no_journey() {
    // Near regions; one address that calls everywhere; a service; a region that nobody knows.
    check(trial(&[HOME, (USER, "k", 9, 2, "203.0.113.9", "eu-central-1")]), &[]);
    check(trial(&[HOME, (USER, "k", 9, 2, "198.51.100.1", "us-east-1")]), &[]);
    let wide = [(USER, "k", 9, 2, "203.0.113.9", "us-east-1"), (USER, "k", 11, 1, "203.0.113.9", "ap-south-1")];
    check(trial(&[&[HOME][..], &wide].concat()), &[]);
    // One call of ten may go astray.
    let stray =
        |calls| [(USER, "k", 9, calls, "203.0.113.9", "us-east-1"), (USER, "k", 30, 1, "203.0.113.9", "ap-south-1")];
    check(trial(&[&[HOME][..], &stray(9)].concat()), &[&[1, 2]]);
    check(trial(&[&[HOME][..], &stray(8)].concat()), &[]);
    check(trial(&[HOME, (USER, "k", 9, 2, "ec2.amazonaws.com", "us-east-1")]), &[]);
    check(trial(&[HOME, (USER, "k", 9, 2, "203.0.113.9", "us-moon-1")]), &[]);
}

#[test]
fn people_travel_as_a_whole_and_machines_by_credential() {
    let pair = |arn, other_key| {
        trial(&[(arn, "a", 0, 2, "198.51.100.1", "eu-west-1"), (arn, other_key, 9, 2, "203.0.113.9", "us-east-1")])
    };
    check(pair(USER, "b"), &[&[1, 2]]);
    check(pair(PERSON, "b"), &[&[1, 2]]);
    check(pair(MACHINE, "b"), &[]);
    check(pair(MACHINE, "a"), &[&[1, 2]]);
}

#[test]
fn global_services_are_nowhere() {
    assert!(is_global("iam.amazonaws.com", "us-east-1"));
    assert!(!is_global("sts.amazonaws.com", "eu-west-1"));
    assert!(!is_global("ec2.amazonaws.com", "us-east-1"));
}

#[test]
fn why_has_the_places_and_the_times() {
    let findings = trial(&[HOME, (USER, "k", 13, 2, "203.0.113.9", "us-east-1")]).run::<ImpossibleTravel>().unwrap();
    let expected = "User alice worked in Dublin (eu-west-1) from 198.51.100.1 and 12 minutes later in Ashburn (us-east-1) \
        from 203.0.113.9: some 5,500 km, which take 6 hours 4 minutes at 900 km/h.";
    assert_eq!(findings[0].why, expected);
}
