//! `trailglass rules`, and the rules of one's own in `scan`.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::PathBuf;

use serde_json::Value;

use crate::{Folder, Ran, sign_in, trailglass};

/// Two rules and a correlation. What they find are sign-ins that failed.
const RULES: &str = "\
title: Failed sign-in
id: 33333333-0000-4000-8000-000000000001
name: own-failed
level: high
tags: [attack.credential-access, attack.t1110.001]
falsepositives: [A typo]
logsource: {product: aws, service: cloudtrail}
detection:
  sign_in: {eventName: ConsoleLogin, responseElements.ConsoleLogin: Failure}
  condition: sign_in
---
title: Sign-in of a guest
name: own-guest
level: low
detection:
  guest: {userIdentity.userName|expand: '%own_guests%'}
  condition: guest
---
title: Many failed sign-ins
name: own-many
level: critical
generate: true
correlation:
  type: event_count
  rules: [own-failed]
  group-by: [sourceIPAddress]
  timespan: 5m
  condition: {gte: 3}
";

const PLACEHOLDERS: &str = "own_guests: [guest*, visitor]\n";

const CASES: &str = "\
rule: own-failed
hits: [{eventName: ConsoleLogin, responseElements: {ConsoleLogin: Failure}}]
misses: [{eventName: ConsoleLogin, responseElements: {ConsoleLogin: Success}}]
---
rule: Sign-in of a guest
hits: [{userIdentity: {type: IAMUser, userName: guest7}}]
---
rule: own-many
finds:
  - [{eventName: ConsoleLogin, sourceIPAddress: 192.0.2.1, responseElements: {ConsoleLogin: Failure}, times: 3}]
finds nothing:
  - [{eventName: ConsoleLogin, sourceIPAddress: 192.0.2.1, responseElements: {ConsoleLogin: Failure}, times: 2}]
";

fn set<const N: usize>(texts: [&str; N]) -> BTreeSet<String> {
    texts.map(str::to_owned).into()
}

/// A folder with a log, and one with rules.
struct Setting {
    logs: Folder,
    rules: Folder,
}

impl Setting {
    fn new() -> Setting {
        let (logs, rules) = (Folder::new(), Folder::new());
        let users =
            [("ann", "Failure"), ("ann", "Failure"), ("ann", "Failure"), ("guest1", "Success"), ("bob", "Success")];
        let records =
            users.iter().zip(1..).map(|((user, outcome), number)| sign_in(number, user, "192.0.2.1", outcome));
        logs.put("log.json", format!("[{}]", records.collect::<Vec<_>>().join(",")));
        rules.put("deep/er/own.yml", RULES);
        rules.put("placeholders.txt", PLACEHOLDERS);
        Setting { logs, rules }
    }

    fn of_rules(&self, name: &str) -> PathBuf {
        self.rules.path().join(name)
    }

    /// Runs a command; `RULES` among the arguments is the folder of rules, and `RULES/x` something in it.
    fn run(&self, arguments: &[&str]) -> Ran {
        let argument = |argument: &&str| match argument.strip_prefix("RULES") {
            Some("") => self.rules.path().as_os_str().to_owned(),
            Some(name) => self.of_rules(name.trim_start_matches('/')).into_os_string(),
            None if *argument == "LOGS" => self.logs.path().as_os_str().to_owned(),
            None => OsStr::new(argument).to_owned(),
        };
        trailglass(arguments.iter().map(argument))
    }

    /// Scans with these options. The level and the detector of the findings, each once.
    fn scan(&self, options: &[&str], code: i32) -> BTreeSet<String> {
        let ran = self.run(&[&["scan", "LOGS", "--format", "jsonl", "--no-bundled"], options].concat());
        assert_eq!(ran.code, code, "{options:?}\n{}", ran.err);
        let text = |finding: &Value, name: &str| finding[name].as_str().unwrap().to_owned();
        let told = |finding: &Value| format!("{} {}", text(finding, "severity"), text(finding, "detector"));
        ran.lines().iter().map(told).collect()
    }
}

const WITH: [&str; 4] = ["--rules", "RULES", "--placeholders", "RULES/placeholders.txt"];

#[test]
fn rules_of_ones_own_make_findings() {
    let setting = Setting::new();
    assert_eq!(setting.scan(&WITH, 1), set(["critical own-many", "high own-failed", "low own-guest"]));
    assert_eq!(setting.scan(&["--rules", "RULES/deep/er/own.yml"], 2), set(["critical own-many", "high own-failed"]));
    assert_eq!(setting.scan(&[], 0), set([]));
    let levels = |least| setting.scan(&[&WITH[..], &["--min-level", least]].concat(), 1);
    assert_eq!(levels("high"), set(["critical own-many", "high own-failed"]));
    // It still looks at the events of what is below.
    assert_eq!(levels("critical"), set(["critical own-many"]));
    let bundled =
        setting.run(&["scan", "LOGS", "--format", "jsonl", "--rules", "RULES/deep/er/own.yml", "--min-level", "high"]);
    assert!(bundled.out.contains("own-failed"), "{}", bundled.out);
    let wrong = setting.run(&["scan", "LOGS", "--min-level", "dire"]);
    assert_eq!((wrong.code, wrong.out.as_str()), (2, ""));
}

#[test]
fn tuning_leaves_out_and_levels() {
    let setting = Setting::new();
    let scan = |tuning: &str, code: i32| {
        setting.rules.put("tuning.txt", tuning);
        setting.scan(&[&WITH[..], &["--tuning", "RULES/tuning.txt"]].concat(), code)
    };
    assert_eq!(scan("ignore: [own-failed, Sign-in of a guest]\n", 1), set(["critical own-many"]));
    let by_id = "levels:\n  33333333-0000-4000-8000-000000000001: medium\n";
    assert_eq!(scan(by_id, 1), set(["critical own-many", "medium own-failed", "low own-guest"]));
    assert_eq!(scan("ignore: [own-failed, own-guest, own-many]\n", 0), set([]));
    // What can be done is done.
    assert_eq!(scan("ignore: [own-guest, nobody]\n", 2).len(), 2);
    assert_eq!(scan("levels: {own-guest: dire}\n", 2).len(), 3);
    let told = |says: &str| {
        let ran =
            setting.run(&[&["scan", "LOGS", "--no-bundled"], &WITH[..], &["--tuning", "RULES/tuning.txt"]].concat());
        assert!(ran.err.contains(says), "{says:?} is not in\n{}", ran.err);
    };
    told("tuning.txt:1: a level is informational");
    setting.rules.put("tuning.txt", "ignore:\n- nobody\n");
    told("tuning.txt:2: there is no detector nobody");
}

#[test]
fn refused_rules_are_told_in_their_place_and_the_others_run() {
    let setting = Setting::new();
    setting.rules.put("bad/one.yaml", "title: Odd\ndetection:\n  s:\n    f|like: x\n  condition: s\n");
    setting.rules.put(
        "bad/two.yml",
        "title: Fine\nname: own-fine\nlevel: high\ndetection: {s: [ConsoleLogin], condition: s}\n---\ntitle: [\n",
    );
    setting.rules.put("notes.md", "title: [\n");
    assert_eq!(setting.scan(&WITH, 2), set(["critical own-many", "high own-failed", "high own-fine", "low own-guest"]));
    let scanned = setting.run(&[&["scan", "LOGS", "--no-bundled"], &WITH[..]].concat());
    let (one, two) = (setting.of_rules("bad/one.yaml"), setting.of_rules("bad/two.yml"));
    for says in [
        format!("rule refused: {}:4: no modifier of Sigma 2.1: like (Odd)\n", one.display()),
        format!("rule refused: {}:7: not YAML: ", two.display()),
    ] {
        assert!(scanned.err.contains(&says), "{says:?} is not in\n{}", scanned.err);
    }
    assert!(!scanned.err.contains("notes.md"), "{}", scanned.err);

    let lint =
        |format: &str| setting.run(&[&["rules", "lint", "--no-bundled", "--format", format], &WITH[..]].concat());
    let human = lint("human");
    assert_eq!(human.code, 1, "{}", human.err);
    assert!(
        human.out.contains(&format!("{}:4: no modifier of Sigma 2.1: like (Odd)\n", one.display())),
        "{}",
        human.out
    );
    assert!(human.err.contains("4 rules are fine, 2 refused."), "{}", human.err);
    let json = lint("json").json();
    assert_eq!(json.as_array().unwrap(), &lint("jsonl").lines());
    assert_eq!((&json[0]["line"], &json[0]["rule"]), (&4.into(), &"Odd".into()));
    assert_eq!((&json[1]["file"], &json[1]["rule"]), (&two.display().to_string().into(), &Value::Null));
    let fine = setting.run(&["rules", "lint", "--rules", "RULES/deep", "--placeholders", "RULES/placeholders.txt"]);
    assert_eq!((fine.code, fine.out.as_str()), (0, ""), "{}", fine.err);
}

#[test]
fn what_is_not_there_is_told() {
    let setting = Setting::new();
    for command in
        [&["scan", "LOGS"][..], &["rules", "list"], &["rules", "lint"], &["rules", "test"], &["rules", "coverage"]]
    {
        for option in ["--rules", "--tuning", "--placeholders"] {
            let ran = setting.run(&[command, &["--no-bundled", option, "RULES/missing.yml"]].concat());
            assert_eq!(ran.code, 2, "{command:?} {option}\n{}", ran.err);
            assert!(ran.err.contains("missing.yml"), "{}", ran.err);
        }
    }
    setting.rules.put("placeholders.txt", "own_guests: {a: b}\n");
    let ran = setting.run(&[&["rules", "lint", "--no-bundled"], &WITH[..]].concat());
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("placeholders.txt:1: a placeholder has a name and a list of texts"), "{}", ran.err);
    assert!(ran.out.contains("no values are given for the placeholder %own_guests%"), "{}", ran.out);
}

#[test]
fn rules_are_listed() {
    let setting = Setting::new();
    let list =
        |format: &str| setting.run(&[&["rules", "list", "--no-bundled", "--format", format], &WITH[..]].concat());
    let human = list("human");
    assert_eq!(human.code, 0, "{}", human.err);
    let lines: Vec<&str> = human.out.lines().collect();
    assert!(lines.len() == 4 && lines[0].starts_with("Level"), "{}", human.out);
    for (line, words) in lines[1..].iter().zip([["high", "T1110.001"], ["low", "own-guest"], ["critical", "own-many"]])
    {
        assert!(words.iter().all(|word| line.contains(word)), "{words:?} are not in {line}");
    }
    let json = list("json").json();
    assert_eq!(json.as_array().unwrap(), &list("jsonl").lines());
    assert_eq!((&json[0]["name"], &json[0]["level"]), (&"own-failed".into(), &"high".into()));
    assert_eq!(json[0]["techniques"], serde_json::json!(["T1110.001"]));
    assert_eq!(json[2]["work"]["correlates"], serde_json::json!(["own-failed"]));
    let bundled = setting.run(&["rules", "list", "--format", "jsonl"]);
    assert!(bundled.code == 0 && bundled.lines().len() > 3, "{}", bundled.err);
}

#[test]
fn cases_are_tried() {
    let setting = Setting::new();
    let test =
        |format: &str| setting.run(&[&["rules", "test", "--no-bundled", "--format", format], &WITH[..]].concat());
    let without = test("human");
    assert_eq!(without.code, 1, "{}", without.err);
    assert!(
        without.out.contains("no cases: Failed sign-in\n") && without.out.contains("3 rules without cases"),
        "{}",
        without.out
    );
    setting.rules.put("own.cases.yml", CASES);
    let fine = test("human");
    assert_eq!(fine.code, 0, "{}\n{}", fine.out, fine.err);
    assert!(fine.out.contains("5 cases of 3 rules, 0 failed; 0 rules without cases"), "{}", fine.out);
    setting.rules.put(
        "bad.cases.yml",
        "rule: own-failed\nhits:\n- {eventName: ConsoleLogin}\n---\nrule: nobody\nhits: [{a: b}]\n",
    );
    setting.rules.put("worse.cases.yml", "rule: own-failed\nwishes: []\n");
    let failed = test("human");
    assert_eq!(failed.code, 1, "{}", failed.err);
    for says in [
        "bad.cases.yml:3: nothing was found (own-failed)",
        "bad.cases.yml:5: there is no rule nobody",
        "worse.cases.yml:2: cases have hits",
    ] {
        assert!(failed.out.contains(says), "{says:?} is not in\n{}", failed.out);
    }
    let json = test("json").json();
    assert_eq!(json.as_array().unwrap(), &test("jsonl").lines());
    let first = &json.as_array().unwrap()[0];
    assert_eq!(
        (&first["rule"], &first["cases"], &first["failed"][0]["line"]),
        (&"own-failed".into(), &1.into(), &3.into())
    );
    let bundled = setting.run(&["rules", "test"]);
    assert_eq!(bundled.code, 0, "{}\n{}", bundled.out, bundled.err);
}

#[test]
fn what_decides_about_an_event_is_explained() {
    let setting = Setting::new();
    let id = |number: u32| format!("00000000-0000-4000-8000-{number:012}");
    let explain = |rule: &str, event: &str, format: &str| {
        setting
            .run(&[&["rules", "explain", rule, event, "LOGS", "--no-bundled", "--format", format], &WITH[..]].concat())
    };
    for rule in ["own-failed", "Failed sign-in", "33333333-0000-4000-8000-000000000001"] {
        let ran = explain(rule, &id(1), "human");
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(
            ran.out.starts_with("Failed sign-in\n") && ran.out.contains("responseElements.ConsoleLogin"),
            "{}",
            ran.out
        );
    }
    // Of a correlation its rules are explained.
    assert!(explain("own-many", &id(4), "human").out.starts_with("Failed sign-in\n"));
    let of_many = explain("own-many", &id(1), "json").json();
    assert_eq!((&of_many[0]["rule"], of_many.as_array().map(Vec::len)), (&"Failed sign-in".into(), Some(1)));
    let holds = |event: u32| explain("own-failed", &id(event), "json").json()[0]["matches"].clone();
    assert_eq!((holds(1), holds(4)), (true.into(), false.into()));
    for (rule, event, says) in
        [("nobody", id(1), "there is no rule nobody"), ("own-failed", id(9), "no event has this id")]
    {
        let ran = explain(rule, &event, "human");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        assert!(ran.err.contains(says), "{}", ran.err);
    }
}

#[test]
fn coverage_is_a_layer() {
    let setting = Setting::new();
    let layer = |options: &[&str]| {
        let ran = setting.run(&[&["rules", "coverage", "--no-bundled"], &WITH[..], options].concat());
        assert!(ran.code == 0 || ran.code == 1, "{}", ran.err);
        let techniques = ran.json()["techniques"].as_array().unwrap().clone();
        let told = |technique: &Value| technique["techniqueID"].as_str().unwrap().to_owned();
        techniques.iter().map(told).collect::<Vec<_>>()
    };
    assert!(layer(&[]).contains(&"T1110.001".to_owned()));
    assert!(layer(&["--logs", "LOGS"]).contains(&"T1110.001".to_owned()));
    let quiet = Folder::new();
    quiet.put("log.json", sign_in(1, "ann", "192.0.2.1", "Success"));
    let path = quiet.path().display().to_string();
    assert_eq!(layer(&["--logs", &path]), [""; 0]);
}
