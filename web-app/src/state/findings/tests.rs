use super::*;
use crate::protocol::{Bytes, FindingMark};

fn finding(id: &str, detector: &str, severity: &str, who: Option<&str>, attack: (&[&str], &[&str])) -> Finding {
    let ids = |ids: &[&str]| ids.iter().map(|&id| id.to_owned()).collect();
    Finding {
        id: id.to_owned(),
        detector: detector.to_owned(),
        version: String::new(),
        title: format!("Title of {detector}"),
        severity: severity.to_owned(),
        tactics: ids(attack.0),
        techniques: ids(attack.1),
        why: "it was odd".to_owned(),
        group: vec![
            ("principal".to_owned(), who.map(str::to_owned)),
            ("recipientAccountId".to_owned(), who.map(|_| "111122223333".to_owned())),
        ],
        first_ms: None,
        last_ms: None,
        count: 1,
        event_ids: Bytes::default(),
        false_positives: Vec::new(),
    }
}

fn findings() -> Vec<Finding> {
    vec![
        finding("a", "root", "critical", Some("root"), (&["TA0003"], &["T1098.001"])),
        finding("b", "key", "high", Some("alice"), (&["TA0003", "TA0010"], &["T1098.001", "T1537"])),
        finding("c", "key", "high", Some("root"), (&[], &["T1537"])),
        finding("d", "list", "low", None, (&["TA0007"], &[])),
        finding("e", "odd", "low", Some("alice"), (&[], &["T9999"])),
    ]
}

/// The lines with groups as `label/detail(count)`.
fn lines(arranged: &Arranged) -> Vec<String> {
    let line = |line: &Line| match line {
        Line::Finding(id) => id.clone(),
        Line::Group(key) => {
            let group = &arranged.groups[key];
            format!("{}/{}({})", group.label, group.detail, group.count)
        }
    };
    arranged.lines.iter().map(line).collect()
}

fn check(wanted: Wanted, expected: &[&str]) -> Arranged {
    let arranged = arranged(&findings(), &Muted::default(), &wanted);
    assert_eq!(lines(&arranged), expected, "{wanted:?}");
    arranged
}

#[test]
fn findings_are_filtered() {
    let all = check(Wanted::default(), &["a", "b", "c", "d", "e"]);
    assert_eq!((all.counts, all.count), ([0, 2, 0, 2, 1], 5));
    let severities = vec![Severity::High, Severity::Critical];
    let worst = check(Wanted { severities, ..Wanted::default() }, &["a", "b", "c"]);
    // Counts are those of what could be wanted.
    assert_eq!((worst.counts, worst.count), ([0, 2, 0, 2, 1], 3));
    let attack = |id: &str| Wanted { attack: Some(id.to_owned()), ..Wanted::default() };
    check(attack("T1537"), &["b", "c"]);
    check(attack("TA0010"), &["b", "c"]);
    check(attack("TA0007"), &["d"]);
    check(attack("T9"), &[]);
    let text = |text: &str| Wanted { text: text.to_owned(), ..Wanted::default() };
    check(text("  ALICE key "), &["b"]);
    check(text("t1537"), &["b", "c"]);
    check(text("alice root"), &[]);
}

#[test]
fn findings_are_grouped() {
    let by = |group_by| Wanted { group_by, ..Wanted::default() };
    check(
        by(GroupBy::Detector),
        &[
            "Title of root/root(1)",
            "a",
            "Title of key/key(2)",
            "b",
            "c",
            "Title of list/list(1)",
            "d",
            "Title of odd/odd(1)",
            "e",
        ],
    );
    check(
        by(GroupBy::Entity),
        &["root/111122223333(2)", "a", "c", "alice/111122223333(2)", "b", "e", "No entity/(1)", "d"],
    );
    let closed = HashSet::from(["key".to_owned()]);
    let it = check(Wanted { closed, text: "key".to_owned(), ..by(GroupBy::Detector) }, &["Title of key/key(2)"]);
    assert_eq!(it.count, 2);
}

#[test]
fn muted_findings_stand_aside() {
    let muted = FindingMark { muted: true, ..FindingMark::default() };
    let mut case = Case { findings: [("a".to_owned(), muted)].into(), ..Case::default() };
    let it = arranged(&findings(), &Muted::by(&case), &Wanted::default());
    assert_eq!((lines(&it).join(""), it.muted.join(""), it.counts[4]), ("bcde".to_owned(), "a".to_owned(), 0));
    case.muted_detectors.insert("key".to_owned(), "Key".to_owned());
    let wanted = Wanted { severities: vec![Severity::High], ..Wanted::default() };
    let it = arranged(&findings(), &Muted::by(&case), &wanted);
    assert_eq!((lines(&it).join(""), it.muted.join("")), (String::new(), "bc".to_owned()));
}

#[test]
fn the_matrix_has_what_was_found_in_the_order_of_attack() {
    let matrix = |wanted| arranged(&findings(), &Muted::default(), &wanted).matrix;
    let cell = |count, worst| Cell { count, worst };
    let of = |id: &str, count, worst| (id.to_owned(), cell(count, worst));
    let tactic = |id, cell, techniques| Tactic { id, cell, techniques };
    let whole = matrix(Wanted::default());
    assert_eq!(
        whole.tactics,
        [
            tactic("TA0003", cell(2, Severity::Critical), vec![of("T1098.001", 2, Severity::Critical)]),
            tactic("TA0007", cell(1, Severity::Low), vec![]),
            tactic("TA0010", cell(2, Severity::High), vec![of("T1537", 2, Severity::High)]),
        ]
    );
    // A technique of which nobody knows the tactic.
    assert_eq!(whole.without, 1);
    // The technique that is wanted takes nothing out of the matrix; the severity does.
    assert_eq!(matrix(Wanted { attack: Some("T1537".to_owned()), ..Wanted::default() }), whole);
    let low = matrix(Wanted { severities: vec![Severity::Low], ..Wanted::default() });
    assert_eq!(low.tactics.len(), 1);
}
