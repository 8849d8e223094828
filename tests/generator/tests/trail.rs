//! What the generator promises, checked on whole trails.

// A test that cannot go on is to fail.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value;
use sha2::{Digest, Sha256};
use trail_generator::{LARGEST, Plan, SMALLEST, Story, Trail, TrailFile, files, gzip, story};

fn records(file: &TrailFile) -> Vec<Value> {
    let document: Value = serde_json::from_slice(&file.json).unwrap_or_else(|error| panic!("{}: {error}", file.path));
    match document {
        Value::Object(mut fields) if fields.len() == 1 => match fields.remove("Records") {
            Some(Value::Array(records)) => records,
            other => panic!("Records is {other:?}"),
        },
        other => panic!("not a trail: {other}"),
    }
}

/// The events of a plan, each once.
fn events(plan: Plan) -> Vec<Value> {
    let mut seen = HashSet::new();
    files(plan)
        .flat_map(|file| records(&file))
        .filter(|record| seen.insert(text(record, "/eventID").to_owned()))
        .collect()
}

fn text<'a>(record: &'a Value, path: &str) -> &'a str {
    record.pointer(path).and_then(Value::as_str).unwrap_or("")
}

fn digest(plan: Plan) -> String {
    let mut hash = Sha256::new();
    for file in files(plan) {
        hash.update(file.path.as_bytes());
        hash.update(&file.json);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_same_plan_gives_the_same_bytes_everywhere() {
    // A change of these is a change of every demo and benchmark: make it knowingly.
    let check = |story: Story, expected: &str| assert_eq!(digest(Plan::week(3_000, 7, story)), expected);
    check(Story::Benign, "a4221fde2ddbc87f917c5913b24d5a198d442787f782cc37fbb87b310da90e57");
    check(Story::Attack, "f26018e3c06dfc6e9993a31e1446ba84ea8f29ed5e8fedd7acf3a60a1b2cb325");
}

#[test]
fn other_seeds_give_other_trails_and_other_orders_the_same() {
    assert_ne!(digest(Plan::week(1_000, 1, Story::Benign)), digest(Plan::week(1_000, 2, Story::Benign)));
    let trail = Trail::new(Plan::week(9_000, 3, Story::Attack));
    let forwards: Vec<_> = (0..trail.len()).map(|number| trail.file(number)).collect();
    let mut backwards: Vec<_> = (0..trail.len()).rev().map(|number| trail.file(number)).collect();
    backwards.reverse();
    assert_eq!(forwards, backwards);
}

#[test]
fn counts_add_up_for_plans_of_every_size() {
    for (events, seed, story) in [
        (0, 1, Story::Benign),
        (1, 1, Story::Benign),
        (199, 2, Story::Benign),
        (450, 3, Story::Benign),
        (12_345, 4, Story::Benign),
        (0, 5, Story::Attack),
        (1_000, 6, Story::Attack),
        (10_000, 7, Story::Attack),
    ] {
        let plan = Plan::week(events, seed, story);
        let trail = Trail::new(plan);
        let (mut total, mut duplicates) = (0, 0);
        let (mut ids, mut paths) = (HashSet::new(), BTreeSet::new());
        for file in files(plan) {
            let records = records(&file);
            assert_eq!(records.len() as u64, file.events, "{}", file.path);
            assert!(file.events >= SMALLEST.min(events) && file.events <= LARGEST, "{}", file.events);
            ids.extend(records.iter().map(|record| text(record, "/eventID").to_owned()));
            assert!(paths.insert(file.path));
            total += file.events;
            duplicates += file.duplicates;
        }
        assert_eq!((total, duplicates), (plan.records(), trail.duplicates()), "{plan:?}");
        assert_eq!(total, trail.events());
        assert_eq!(ids.len() as u64, total - duplicates, "{plan:?}");
    }
}

#[test]
fn about_three_of_a_thousand_records_are_delivered_twice() {
    let trail = Trail::new(Plan::week(300_000, 1, Story::Benign));
    let rate = trail.duplicates() * 10_000 / trail.events();
    assert!((24..=33).contains(&rate), "{rate} of 10,000");
}

#[test]
fn paths_are_the_layout_of_a_bucket() {
    for file in files(Plan::week(8_000, 11, Story::Benign)) {
        let parts: Vec<&str> = file.path.split('/').collect();
        let [root, account, kind, region, year, month, day, name] = parts[..] else { panic!("{}", file.path) };
        assert_eq!((root, kind), ("AWSLogs", "CloudTrail"));
        let names: Vec<&str> = name.strip_suffix(".json.gz").unwrap().split('_').collect();
        assert_eq!(names[..3], [account, "CloudTrail", region]);
        assert_eq!(names[3].len(), "20240506T0710Z".len());
        assert!(names[3].starts_with(&format!("{year}{month}{day}T")) && names[3].ends_with('Z'));
        assert!(names[4].len() == 16 && names[4].bytes().all(|byte| byte.is_ascii_alphanumeric()));
        for record in records(&file) {
            assert_eq!(text(&record, "/recipientAccountId"), account);
            assert_eq!(text(&record, "/awsRegion"), region);
        }
    }
}

#[test]
fn records_have_the_fields_of_their_version() {
    for record in events(Plan::week(8_000, 12, Story::Attack)) {
        let version: u32 = text(&record, "/eventVersion").strip_prefix("1.").unwrap().parse().unwrap();
        assert!((5..=11).contains(&version));
        for field in [
            "eventTime",
            "eventSource",
            "eventName",
            "awsRegion",
            "sourceIPAddress",
            "userAgent",
            "eventID",
            "eventType",
            "recipientAccountId",
        ] {
            assert!(!text(&record, &format!("/{field}")).is_empty(), "{field} of {record}");
        }
        assert!(record["userIdentity"].is_object() && record["readOnly"].is_boolean());
        for field in ["requestParameters", "responseElements"] {
            assert!(record.get(field).is_some_and(|value| value.is_object() || value.is_null()), "{field} of {record}");
        }
        for (field, since) in
            [("managementEvent", 6), ("eventCategory", 7), ("tlsDetails", 8), ("vpcEndpointAccountId", 9)]
        {
            assert!(version >= since || record.get(field).is_none(), "{field} of {record}");
        }
        assert_eq!(record.get("eventCategory").is_some(), version >= 7);
        let data = text(&record, "/eventCategory") == "Data";
        assert!(version < 6 || record["managementEvent"].as_bool() == Some(!data));
    }
}

#[test]
fn records_are_within_the_period_and_in_no_order() {
    let mut unordered = 0;
    for file in files(Plan::week(8_000, 13, Story::Attack)) {
        let times: Vec<String> = records(&file).iter().map(|record| text(record, "/eventTime").to_owned()).collect();
        assert!(times.iter().all(|time| ("2024-05-06T00:00:00Z".."2024-05-13T00:00:00Z").contains(&time.as_str())));
        unordered += u32::from(!times.is_sorted());
    }
    assert!(unordered > 5);
}

#[test]
fn a_trail_is_as_varied_as_a_real_one() {
    let plan = Plan::week(40_000, 14, Story::Benign);
    let bytes: usize = files(plan).map(|file| file.json.len()).sum();
    let mean = bytes as u64 / plan.events;
    assert!((1_300..1_500).contains(&mean), "{mean} bytes an event");

    let mut counts: BTreeMap<&str, BTreeMap<String, u64>> = BTreeMap::new();
    for record in events(plan) {
        for path in [
            "/eventSource",
            "/eventName",
            "/awsRegion",
            "/userIdentity/type",
            "/userAgent",
            "/errorCode",
            "/sourceIPAddress",
            "/eventType",
            "/eventCategory",
            "/eventVersion",
            "/recipientAccountId",
        ] {
            *counts.entry(path).or_default().entry(text(&record, path).to_owned()).or_default() += 1;
        }
    }
    let distinct = |path: &str| counts[path].len();
    for (path, least) in [
        ("/eventSource", 40),
        ("/eventName", 200),
        ("/awsRegion", 6),
        ("/userAgent", 200),
        ("/errorCode", 12),
        ("/sourceIPAddress", 300),
        ("/eventType", 4),
        ("/eventVersion", 6),
        ("/recipientAccountId", 3),
    ] {
        assert!(distinct(path) >= least, "{path}: {}", distinct(path));
    }
    for kind in
        ["IAMUser", "AssumedRole", "AWSService", "AWSAccount", "FederatedUser", "IdentityCenterUser", "SAMLUser", ""]
    {
        assert!(counts["/userIdentity/type"].contains_key(kind), "{kind}");
    }
    assert!(!counts["/userIdentity/type"].contains_key("Root"));
    let errors = 39_900 - counts["/errorCode"][""].min(39_900);
    assert!((1_000..2_400).contains(&errors), "{errors} errors");
}

#[test]
fn sign_ins_of_a_benign_trail_have_mfa_and_fail_at_most_twice_in_a_row() {
    let mut by_address: BTreeMap<String, Vec<(String, bool)>> = BTreeMap::new();
    for record in events(Plan { days: 30, ..Plan::week(40_000, 15, Story::Benign) }) {
        assert_ne!(text(&record, "/userIdentity/type"), "Root");
        if text(&record, "/eventName") == "ConsoleLogin" {
            assert_eq!(text(&record, "/additionalEventData/MFAUsed"), "Yes");
            assert_eq!(text(&record, "/eventType"), "AwsConsoleSignIn");
            let failed = text(&record, "/responseElements/ConsoleLogin") == "Failure";
            assert_eq!(failed, text(&record, "/errorMessage") == "Failed authentication");
            let address = text(&record, "/sourceIPAddress").to_owned();
            by_address.entry(address).or_default().push((text(&record, "/eventTime").to_owned(), failed));
        }
    }
    let mut failures = 0;
    for sign_ins in by_address.values_mut() {
        sign_ins.sort();
        let mut row = 0;
        for (time, failed) in sign_ins.iter() {
            row = if *failed { row + 1 } else { 0 };
            failures += u32::from(*failed);
            assert!(row <= 2, "{time}");
        }
        assert_eq!(row, 0, "a failure that no success follows");
    }
    assert!(by_address.len() > 15 && failures > 15, "{} addresses, {failures} failures", by_address.len());
}

#[test]
fn the_attack_is_there_exactly_as_stated() {
    for plan in [
        Plan::week(0, 21, Story::Attack),
        Plan::week(20_000, 22, Story::Attack),
        Plan { days: 1, ..Plan::week(5_000, 23, Story::Attack) },
    ] {
        let attack = Trail::new(plan).attack().unwrap();
        let events = events(plan);
        let count = |test: &dyn Fn(&Value) -> bool| events.iter().filter(|record| test(record)).count() as u64;
        let from = |address: &'static str| move |record: &Value| text(record, "/sourceIPAddress") == address;
        let named = |name: &'static str| move |record: &Value| text(record, "/eventName") == name;
        let here = from(story::ADDRESS);
        let backdoor = |record: &Value| text(record, "/userIdentity/userName") == story::BACKDOOR_USER;

        assert_eq!(
            count(&|r| here(r) && text(r, "/responseElements/ConsoleLogin") == "Failure"),
            story::FAILED_SIGN_INS
        );
        assert_eq!(
            count(&|r| text(r, "/responseElements/ConsoleLogin") == "Success"
                && text(r, "/additionalEventData/MFAUsed") == "No"),
            1
        );
        assert_eq!(
            count(&|r| text(r, "/userIdentity/type") == "Root" && r.pointer("/userIdentity/invokedBy").is_none()),
            story::ROOT_EVENTS
        );
        assert_eq!(count(&|r| backdoor(r) && named("GetSecretValue")(r)), story::SECRETS_READ);
        assert_eq!(count(&|r| from(story::OUTSIDE_ADDRESS)(r) && named("GetObject")(r)), story::OBJECTS_READ);
        assert_eq!(count(&|r| here(r) || from(story::OUTSIDE_ADDRESS)(r)), story::RECORDS);
        for name in ["StopLogging", "CreateUser", "PutUserPolicy", "ModifySnapshotAttribute"] {
            assert_eq!(count(&named(name)), 1, "{name}");
        }
        let key = |name, path: &str| {
            events
                .iter()
                .find(|r| {
                    named(name)(r)
                        && (here)(r)
                        && !text(r, path).is_empty()
                        && text(r, "/userIdentity/type") == "IAMUser"
                })
                .map(|r| text(r, path).to_owned())
        };
        assert_eq!(
            key("CreateAccessKey", "/responseElements/accessKey/accessKeyId"),
            key("StopLogging", "/userIdentity/accessKeyId")
        );
        let outside = events.iter().find(|r| from(story::OUTSIDE_ADDRESS)(r)).unwrap();
        assert!(text(outside, "/userIdentity/arn").ends_with(&attack.instance));
        assert!(
            events
                .iter()
                .filter(|r| here(r))
                .all(|r| text(r, "/recipientAccountId") == attack.account && text(r, "/awsRegion") == attack.region)
        );
    }
}

#[test]
fn gzip_is_what_a_reader_expects() {
    use std::io::Read as _;
    let file = files(Plan::week(500, 31, Story::Benign)).next().unwrap();
    let packed = gzip(&file.json);
    assert_eq!(packed[..8], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut plain).unwrap();
    assert_eq!(plain, file.json);
    assert_eq!(gzip(&file.json), packed);
}
