//! `trailglass scan`: what it finds, and its exit codes.

use std::path::{Path, PathBuf};

use serde_json::Value;
use trail_generator::{Plan, Story, Trail, story};

use crate::{Folder, counts_of, plan, trailglass};

fn of_detector<'a>(findings: &'a [Value], detector: &str) -> Vec<&'a Value> {
    findings.iter().filter(|finding| finding["detector"] == detector).collect()
}

/// What the story of the attack is found by: the worst first, each as often as it is told.
const STORY: [(&str, &str); 21] = [
    ("critical", "administrator-made"),
    ("critical", "root-access-key-made"),
    ("critical", "root-mfa-removed"),
    ("critical", "snapshot-made-public"),
    ("high", "administrator-access-attached"),
    ("high", "guessed-password"),
    ("high", "inline-policy-allows-everything"),
    ("high", "instance-credentials-on-a-desktop"),
    ("high", "many-secrets-read"),
    ("high", "root-signed-in"),
    ("high", "root-use"),
    ("high", "system-for-intruders"),
    ("high", "system-for-intruders"),
    ("high", "trail-stopped"),
    ("medium", "access-key-for-another-user"),
    ("medium", "console-sign-in-without-mfa"),
    ("medium", "repeated-failed-sign-ins"),
    ("low", "access-key-made"),
    ("low", "access-key-made"),
    ("low", "user-made"),
    ("low", "whole-iam-read"),
];

#[test]
fn the_attack_is_found_and_nothing_else() {
    let plan = plan(51, Story::Attack);
    let attack = Trail::new(plan).attack().expect("there is one");
    let ran = Folder::with_trail(plan).run("scan", &["--format", "jsonl"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let findings = ran.lines();
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap().to_owned();
    let mut told: Vec<_> = findings.iter().map(|it| (text(it, "severity"), text(it, "detector"))).collect();
    told.sort_by_key(|(severity, detector)| {
        (["critical", "high", "medium", "low"].iter().position(|name| name == severity), detector.clone())
    });
    assert_eq!(told, STORY.map(|(severity, detector)| (severity.to_owned(), detector.to_owned())));

    let [guessing] = of_detector(&findings, "repeated-failed-sign-ins")[..] else { panic!("{findings:#?}") };
    assert_eq!(guessing["count"], story::FAILED_SIGN_INS);
    assert_eq!(guessing["group"]["sourceIPAddress"], story::ADDRESS);
    let [guessed] = of_detector(&findings, "guessed-password")[..] else { panic!("{findings:#?}") };
    assert_eq!(guessed["count"], story::FAILED_SIGN_INS + 1);
    let [without_mfa] = of_detector(&findings, "console-sign-in-without-mfa")[..] else { panic!("{findings:#?}") };
    assert_eq!(without_mfa["count"], 1);
    assert!(without_mfa["why"].as_str().unwrap().contains(&attack.user), "{without_mfa}");
    let [secrets] = of_detector(&findings, "many-secrets-read")[..] else { panic!("{findings:#?}") };
    assert_eq!(secrets["count"], story::SECRETS_READ);
    let [instance] = of_detector(&findings, "instance-credentials-on-a-desktop")[..] else { panic!("{findings:#?}") };
    assert_eq!(instance["count"], story::OBJECTS_READ + 2);
    let [root] = of_detector(&findings, "root-use")[..] else { panic!("{findings:#?}") };
    assert_eq!(root["count"], story::ROOT_EVENTS);
    assert_eq!(root["group"]["recipientAccountId"], attack.account.as_str());
}

#[test]
fn ordinary_work_is_no_finding() {
    for seed in [71, 72, 73] {
        let folder = Folder::with_trail(Plan::week(6_000, seed, Story::Benign));
        let ran = folder.run("scan", &["--format", "jsonl"]);
        assert_eq!((ran.out.as_str(), ran.code), ("", 0), "seed {seed}: {}", ran.err);
        // What is told only to those who ask is there.
        let all = folder.run("scan", &["--format", "jsonl", "--min-level", "informational"]);
        assert!(!all.lines().is_empty() && all.code == 1, "{}", all.err);
        assert!(all.lines().iter().all(|finding| finding["severity"] == "informational"));
    }
}

#[test]
fn counts_reconcile_with_the_trail() {
    for story in [Story::Benign, Story::Attack] {
        let plan = plan(52, story);
        let folder = Folder::with_trail(plan);
        let ran = folder.run("scan", &["--format", "json"]);
        assert_eq!(ran.counts(), counts_of(plan));
        assert_eq!(ran.json()["totals"]["files"], Trail::new(plan).len() as u64);
        assert_eq!(folder.run("summary", &["--format", "json"]).counts(), counts_of(plan));
        assert!(counts_of(plan)[2] > 0, "the trail has duplicates");
    }
}

#[test]
fn exit_codes() {
    let benign = Folder::with_trail(plan(53, Story::Benign));
    let attack = Folder::with_trail(plan(53, Story::Attack));
    let nothing = Folder::new();
    let notes = Folder::new();
    notes.put("notes.txt", "no log");
    let missing = nothing.path().join("missing");
    let check = |paths: &[&Path], expected: i32, says: &str| {
        let ran = trailglass([Path::new("scan")].iter().chain(paths));
        assert_eq!(ran.code, expected, "{paths:?}\n{}", ran.err);
        assert!(ran.err.contains(says), "{says:?} is not in\n{}", ran.err);
        ran
    };
    check(&[benign.path()], 0, "0 findings");
    check(&[attack.path()], 1, "21 findings: 4 critical, 10 high, 3 medium, 4 low");
    check(&[benign.path(), attack.path()], 1, "21 findings");
    check(&[nothing.path()], 2, "there is no file in any of the paths");
    check(&[notes.path()], 2, "no file is a CloudTrail log");
    check(&[&missing], 2, "cannot be read");
    check(&[benign.path(), notes.path()], 0, "not CloudTrail");
    // What can be done is done.
    let some = check(&[attack.path(), &missing], 2, "cannot be read");
    assert!(some.out.contains("Root user was used"), "{}", some.out);
    let no_plugin = check(&[attack.path(), Path::new("--plugin"), &missing], 2, "the file cannot be read");
    assert!(no_plugin.out.contains("Root user was used"), "{}", no_plugin.out);
}

#[test]
fn wrong_arguments_are_exit_2_and_help_is_exit_0() {
    for wrong in [&["scan"][..], &["scan", "--format", "xml", "."], &["scan", "--threads", "0", "."], &["frobnicate"]] {
        let ran = trailglass(wrong);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{wrong:?}");
        assert!(!ran.err.is_empty());
    }
    for help in [&["--help"][..], &["scan", "--help"], &["summary", "--help"], &["account", "--help"], &["--version"]] {
        let ran = trailglass(help);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{help:?}");
        assert!(!ran.out.is_empty());
    }
    assert!(trailglass(["scan", "--help"]).out.contains("Exit codes"));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let folder = Folder::with_trail(plan(54, Story::Attack));
    for command in ["scan", "summary", "account"] {
        for format in ["human", "json", "jsonl"] {
            let run = |threads| folder.run(command, &["--format", format, "--threads", threads]).out;
            let one = run("1");
            assert!(!one.is_empty());
            for threads in ["2", "3", "64"] {
                assert_eq!(run(threads), one, "{command} --format {format} --threads {threads}");
            }
        }
    }
}

#[test]
fn the_order_of_the_files_changes_nothing() {
    let plan = plan(55, Story::Attack);
    let folder = Folder::with_trail(plan);
    let mut paths: Vec<PathBuf> = trail_generator::files(plan).map(|file| folder.path().join(file.path)).collect();
    let scan = |paths: &[PathBuf], format| {
        let arguments = ["scan", "--format", format].map(PathBuf::from);
        trailglass(arguments.iter().chain(paths))
    };
    let (human, json) = (scan(&paths, "human"), scan(&paths, "json"));
    paths.reverse();
    assert_eq!(scan(&paths, "human").out, human.out);
    let reversed = scan(&paths, "json");
    assert_eq!(reversed.counts(), json.counts());
    assert_eq!(without_places(reversed.json()), without_places(json.json()));
}

/// Findings without the places of their events: of an event that was delivered twice, the place may be either.
fn without_places(mut document: Value) -> Value {
    for finding in document["findings"].as_array_mut().into_iter().flatten() {
        for event in finding["events"].as_array_mut().into_iter().flatten() {
            for place in ["source", "offset", "length"] {
                event.as_object_mut().unwrap().remove(place);
            }
        }
    }
    document
}

#[test]
fn a_log_that_is_given_twice_changes_nothing_but_the_duplicates() {
    let plan = plan(56, Story::Attack);
    let folder = Folder::with_trail(plan);
    let once = folder.run("scan", &["--format", "json"]);
    for (number, file) in trail_generator::files(plan).enumerate() {
        folder.put(&format!("copies/{number}.json"), &file.json);
    }
    let twice = folder.run("scan", &["--format", "json"]);
    assert_eq!(without_places(twice.json())["findings"], without_places(once.json())["findings"]);
    let [records, events, duplicates, _] = once.counts();
    assert_eq!(twice.counts(), [2 * records, events, duplicates + records, 0]);
}

#[test]
fn evidence_can_be_found_again_in_the_files() {
    let folder = Folder::with_trail(plan(57, Story::Attack));
    for finding in folder.run("scan", &["--format", "jsonl"]).lines() {
        for event in finding["events"].as_array().unwrap() {
            let packed = std::fs::read(event["source"].as_str().unwrap()).unwrap();
            let mut plain = Vec::new();
            std::io::copy(&mut flate2::read::MultiGzDecoder::new(&packed[..]), &mut plain).unwrap();
            let number = |name: &str| usize::try_from(event[name].as_u64().unwrap()).unwrap();
            let record = &plain[number("offset")..number("offset") + number("length")];
            let record: Value = serde_json::from_slice(record).unwrap();
            assert_eq!((&record["eventID"], &record["eventTime"]), (&event["eventID"], &event["eventTime"]));
        }
    }
}

#[test]
fn a_report_has_all_findings_in_both_forms() {
    let folder = Folder::with_trail(plan(58, Story::Attack));
    let reports = Folder::new();
    let [page, text] = ["r.html", "R.MD"].map(|name| reports.path().join(name));
    let ran = folder.run("scan", &["--format", "json", "--report", page.to_str().unwrap()]);
    folder.run("scan", &["--report", text.to_str().unwrap()]);
    let [page, text] = [page, text].map(|path| std::fs::read_to_string(path).unwrap());
    let document = ran.json();
    let findings = document["findings"].as_array().unwrap();
    assert!(findings.len() > 3);
    for finding in findings {
        let of = |name: &str| finding[name].as_str().unwrap();
        assert!(page.contains(of("title")) && page.contains(of("id")), "{finding}");
        assert!(text.contains(of("id")), "{finding}");
        let first = finding["events"][0]["eventID"].as_str().unwrap();
        assert!(page.contains(first) && text.contains(first), "{finding}");
    }
    assert!(page.starts_with("<!doctype html>") && text.starts_with("# CloudTrail report"));
    let ran = folder.run("scan", &["--report", reports.path().to_str().unwrap()]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("the report cannot be written"), "{}", ran.err);
}
