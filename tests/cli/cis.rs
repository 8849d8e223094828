//! `trailglass cis` and `scan --metric-filter`.

use std::ffi::OsStr;

use serde_json::Value;
use trail_generator::Story;

use crate::summary::events;
use crate::{Folder, Ran, counts_of, plan, sign_in, trailglass};

const CONTROLS: [(&str, &str, usize); 3] = [("1.2", "3", 14), ("3.0", "4", 16), ("6.0", "5", 16)];

fn control<'a>(controls: &'a [Value], id: &str) -> &'a Value {
    controls.iter().find(|control| control["control"] == id).unwrap_or_else(|| panic!("{id} is missing"))
}

/// Whether a filter must match an event, as serde_json has it.
fn is_root_use(event: &Value) -> bool {
    let identity = &event["userIdentity"];
    let other = event["eventType"].as_str().is_some_and(|kind| kind != "AwsServiceEvent");
    identity["type"] == "Root" && identity.get("invokedBy").is_none() && other
}

fn is_without_mfa(event: &Value) -> bool {
    let used = event["additionalEventData"]["MFAUsed"].as_str();
    event["eventName"] == "ConsoleLogin" && used.is_some_and(|used| used != "Yes")
}

#[test]
fn the_benchmark_counts_what_another_reader_counts() {
    let plan = plan(91, Story::Attack);
    let (events, folder) = (events(plan), Folder::with_trail(plan));
    let count = |holds: fn(&Value) -> bool| events.iter().filter(|event| holds(event)).count();
    let time = |event: &Value| event["eventTime"].as_str().unwrap().to_owned();
    for (version, section, number) in CONTROLS {
        let ran = folder.run("cis", &["--format", "json", "--benchmark", version]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert_eq!(ran.counts(), counts_of(plan));
        let answer = ran.json();
        assert_eq!((&answer["benchmark"], &answer["events"]), (&version.into(), &events.len().into()));
        assert_eq!(answer["first"].as_str(), events.iter().map(time).min().as_deref());
        assert_eq!(answer["last"].as_str(), events.iter().map(time).max().as_deref());
        let controls = answer["controls"].as_array().unwrap();
        assert_eq!(controls.len(), number);
        let (root, mfa) = (count(is_root_use), count(is_without_mfa));
        assert!(root > 0 && mfa > 0);
        assert_eq!(control(controls, &format!("{section}.3"))["count"], root);
        assert_eq!(control(controls, &format!("{section}.2"))["count"], mfa);
        let who = &control(controls, &format!("{section}.3"))["principals"];
        assert_eq!((&who[0]["value"], &who[0]["count"]), (&"root".into(), &root.into()));
        if number == 16 {
            let untold = control(controls, &format!("{section}.16"));
            assert_eq!((&untold["told"], &untold["count"]), (&false.into(), &Value::Null));
        }
    }
}

#[test]
fn the_forms_of_the_benchmark_say_the_same() {
    let folder = Folder::new();
    let users = ["ann", "bob", "cat", "dan", "eve", "fay", "ann"];
    let records: Vec<String> =
        users.iter().zip(1..).map(|(user, number)| sign_in(number, user, "192.0.2.1", "Success")).collect();
    folder.put("log.json", format!("{{\"Records\":[{}]}}", records.join(",")));
    let human = folder.run("cis", &[]);
    assert_eq!(human.code, 0, "{}", human.err);
    for expected in [
        "CIS AWS Foundations Benchmark 6.0\n7 events, first 2024-05-06T10:00:01Z, last 2024-05-06T10:00:07Z\n",
        "\n5.1   API calls that were refused\n      no event in this period\n",
        "\n5.2   Console sign-ins without a second factor\n      7 events, 2024-05-06T10:00:01Z – 2024-05-06T10:00:07Z\n      \
         ann (2), bob (1), cat (1), dan (1), eve (1) and 1 more\n      note: ",
        "\n5.16  Security Hub is on\n      not told by events\n",
    ] {
        assert!(human.out.contains(expected), "{expected:?} is not in\n{}", human.out);
    }
    assert!(human.err.contains("1 of 15 filters match events; 1 control cannot be told from events."), "{}", human.err);
    let json = folder.run("cis", &["--format", "json"]).json();
    let lines = folder.run("cis", &["--format", "jsonl", "--threads", "3"]).lines();
    assert_eq!(json["controls"].as_array().unwrap(), &lines);
    let mfa = control(&lines, "5.2");
    assert_eq!((&mfa["count"], &mfa["morePrincipals"]), (&7.into(), &1.into()));
    assert_eq!(mfa["first"], "2024-05-06T10:00:01Z");
}

#[test]
fn what_cannot_be_read_is_told_as_ever() {
    let folder = Folder::new();
    folder.put("log.json", format!("{{\"Records\":[{}, {{\"broken\":}}]}}", sign_in(1, "ann", "192.0.2.1", "Success")));
    let ran = folder.run("cis", &["--format", "json"]);
    assert_eq!(ran.code, 0);
    assert!(ran.err.contains("rejected") && !ran.json()["problems"].as_array().unwrap().is_empty(), "{}", ran.err);
    let missing = folder.path().join("missing");
    assert_eq!(trailglass([OsStr::new("cis"), missing.as_os_str()]).code, 2);
    assert_eq!(folder.run("cis", &["--benchmark", "7.0"]).code, 2);
    assert_eq!(Folder::new().run("cis", &[]).code, 2);
}

/// Scans with these filters.
fn filtered(folder: &Folder, filters: &[&str]) -> Ran {
    let options = filters.iter().flat_map(|filter| ["--metric-filter", filter]);
    folder.run("scan", &["--format", "jsonl"].into_iter().chain(options).collect::<Vec<_>>())
}

#[test]
fn filters_of_ones_own_are_findings() {
    let folder = Folder::new();
    let records =
        [(1, "ann"), (2, "bob"), (3, "ann")].map(|(number, user)| sign_in(number, user, "192.0.2.1", "Failure"));
    folder.put("log.json", format!("[{}]", records.join(",")));
    let of_ann = r#"Of Ann={ $.eventName = ConsoleLogin && $.userIdentity.userName = "ann" }"#;
    let ran = filtered(&folder, &[of_ann, "none={ $.eventName = x }", "all= ", "failed=Failure -nobody"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let told = |finding: &Value| {
        let text = |name: &str| finding[name].as_str().unwrap().to_owned();
        (text("detector"), text("title"), finding["count"].as_u64().unwrap(), text("why"))
    };
    let mut found: Vec<_> = ran.lines().iter().map(told).collect();
    found.sort();
    let expected = [
        ("metric-filter-all", "Metric filter all", 3, "3 events match, of ann (2), bob (1)."),
        ("metric-filter-failed", "Metric filter failed", 3, "3 events match, of ann (2), bob (1)."),
        ("metric-filter-of-ann", "Metric filter Of Ann", 2, "2 events match, of ann (2)."),
    ];
    assert_eq!(found, expected.map(|(id, title, count, why)| (id.to_owned(), title.to_owned(), count, why.to_owned())));
    assert_eq!(filtered(&folder, &["none={ $.eventName = x }"]).code, 0);
}

#[test]
fn a_wrong_filter_is_told_in_its_place_and_nothing_is_scanned() {
    let folder = Folder::new();
    folder.put("log.json", sign_in(1, "ann", "192.0.2.1", "Success"));
    let check = |filters: &[&str], says: &str| {
        let ran = filtered(&folder, filters);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{filters:?}");
        assert!(ran.err.contains(says), "{says:?} is not in\n{}", ran.err);
    };
    check(
        &["good={ $.a = 1 }", "bad={ $.eventName LIKE x }"],
        "the metric filter bad is not understood: an operator has to stand here: = != < <= > >= IS, or NOT EXISTS\n  \
         { $.eventName LIKE x }\n                ^^^^\n",
    );
    check(&["[ip, user]"], "has no name");
    check(&["{ $.a = 1 }"], "has no name");
    check(&["a b={ $.a = 1 }", "A-B={ $.a = 2 }"], "the same name");
    check(&["x=[ip, user]"], "CloudTrail events are JSON");
    let long = format!("long={{ {}($.a = 1 }}", "($.eventName = x) || ".repeat(20));
    check(&[&long], "this ( is not closed\n  …");
}
