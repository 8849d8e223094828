//! Broken logs: each gets a clear line, and no good record is lost.

use fixtures::Broken;

use crate::{Folder, Ran, sign_in};

/// The lines on stderr that are about a file.
fn lines_about<'a>(ran: &'a Ran, name: &str) -> Vec<&'a str> {
    ran.err.lines().filter(|line| line.ends_with(&format!("/{name}"))).collect()
}

fn assert_told(ran: &Ran, broken: &Broken) {
    let lines = lines_about(ran, broken.name);
    match broken.says {
        // An empty record array is what CloudTrail writes when nothing happened, and digests belong to its logs: they are
        // counted, not complained about.
        Some("no events" | "digest") => assert!(lines.is_empty() && ran.err.contains("without records"), "{}", ran.err),
        Some(says) => assert!(lines.iter().any(|line| line.contains(says)), "{}: {says:?}\n{}", broken.name, ran.err),
        None => assert!(lines.is_empty(), "{}: {lines:?}", broken.name),
    }
}

#[test]
fn each_alone() {
    for broken in fixtures::all() {
        let folder = Folder::new();
        folder.put(broken.name, &broken.bytes);
        for command in ["scan", "summary"] {
            let ran = folder.run(command, &["--format", "json"]);
            let [records, events, duplicates, rejected] = ran.counts();
            assert_eq!((events, duplicates, rejected), (broken.good, 0, broken.bad), "{}\n{}", broken.name, ran.err);
            assert_eq!(records, events + rejected, "{}", broken.name);
            assert_told(&ran, &broken);
            // Damage is no failure, but a command that had no log to read has failed.
            let a_log = !matches!(broken.says, Some("not CloudTrail" | "not an array" | "digest" | "empty"));
            let a_log = a_log && broken.name != "cut-in-header.json.gz";
            assert_eq!(ran.code, if a_log { 0 } else { 2 }, "{}\n{}", broken.name, ran.err);
            assert_eq!(ran.err.contains("hint: "), !a_log, "{}", ran.err);
        }
    }
}

#[test]
fn all_together_and_on_any_number_of_threads() {
    let folder = Folder::new();
    let all = fixtures::all();
    for broken in &all {
        folder.put(broken.name, &broken.bytes);
    }
    let expected: (u64, u64) = all.iter().fold((0, 0), |(good, bad), next| (good + next.good, bad + next.bad));
    for threads in ["1", "4"] {
        let ran = folder.run("scan", &["--format", "json", "--threads", threads]);
        let [records, events, duplicates, rejected] = ran.counts();
        assert_eq!((events, rejected, duplicates), (expected.0, expected.1, 0), "{}", ran.err);
        assert_eq!(records, events + rejected);
        all.iter().for_each(|broken| assert_told(&ran, broken));
        assert_eq!(ran.code, 0);
        // The answer names the same files as the lines do.
        let problems = ran.json()["problems"].as_array().unwrap().len();
        let is_told = |broken: &&Broken| broken.says.is_some_and(|says| !matches!(says, "no events" | "digest"));
        assert_eq!(problems, all.iter().filter(is_told).count());
    }
}

#[test]
fn a_finding_is_made_from_the_records_around_the_damage() {
    let mut records: Vec<String> = (0..6).map(|number| sign_in(number, "alice", "192.0.2.1", "Failure")).collect();
    records[3] = records[3].replace("\"eventTime\":", "\"eventTime\"=");
    let folder = Folder::new();
    folder.put("damaged.json", fixtures::document(&records));
    let ran = folder.run("scan", &["--format", "jsonl"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert_eq!(ran.lines()[0]["count"], 5);
    assert!(ran.err.contains("6 records = 5 events + 0 duplicates + 1 rejected."), "{}", ran.err);
}

#[test]
fn many_rejections_are_counted_and_only_some_are_listed() {
    let records: Vec<String> = (0..300).map(|number| format!("{{\"eventName\":x{number}}}")).collect();
    let folder = Folder::new();
    folder.put("bad.json", fixtures::document(&records));
    folder.put("good.json", sign_in(1, "alice", "192.0.2.1", "Success"));
    let ran = folder.run("summary", &[]);
    assert!(ran.err.lines().count() < 20, "{}", ran.err);
    assert!(ran.err.contains("295 records more") && ran.err.contains("301 records = 1 event"), "{}", ran.err);
}

#[test]
fn folders_without_a_log_say_so() {
    let folder = Folder::new();
    folder.put("docs/readme.md", "# Notes\n");
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    for command in ["scan", "summary"] {
        let ran = folder.run(command, &[]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        assert!(ran.err.contains("no file is a CloudTrail log in any of the paths"), "{}", ran.err);
        assert!(ran.err.trim_end().lines().last().unwrap().starts_with("hint: "), "{}", ran.err);
    }
}

#[test]
#[cfg(unix)]
fn a_file_that_may_not_be_read_is_named() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new();
    folder.put("good.json", sign_in(1, "alice", "192.0.2.1", "Success"));
    let locked = folder.put("locked.json", sign_in(2, "bob", "192.0.2.2", "Success"));
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o000)).unwrap();
    // A superuser may read everything: then there is nothing to see here.
    if std::fs::read(&locked).is_ok() {
        return;
    }
    let ran = folder.run("summary", &["--format", "json"]);
    assert_eq!(ran.counts()[1], 1);
    assert_eq!(lines_about(&ran, "locked.json").len(), 1, "{}", ran.err);
}
