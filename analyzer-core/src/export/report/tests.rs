use super::*;
use proptest::prelude::*;

const HOSTILE: &str = "<img src=x onerror=alert(1)> [a](https://evil.example) `b` | \u{202e}c\u{1b}[2J";

fn row(name: &str, who: &str) -> EventRow {
    EventRow {
        time_ms: Some(1_715_000_000_000),
        event_id: "7c1a3f9e-0b52-4e7d-9d7a-0123456789ab".to_owned(),
        event_name: Some(name.to_owned()),
        event_source: Some("iam.amazonaws.com".to_owned()),
        region: Some("us-east-1".to_owned()),
        principal: who.to_owned(),
        source_address: Some("198.51.100.7".to_owned()),
        user_agent: None,
        error_code: None,
        account: Some("111122223333".to_owned()),
    }
}

fn report() -> Report {
    let known = ReportedFinding {
        title: "Access key was made for root".to_owned(),
        severity: Severity::High,
        why: "root made 2 calls: CreateAccessKey, from 198.51.100.7.".to_owned(),
        detector: "root-access-key-made (bundled rule)".to_owned(),
        tactics: vec!["TA0003".to_owned()],
        techniques: vec!["T1098.001".to_owned(), "T9999".to_owned()],
        group: vec![("principal".to_owned(), Some("root".to_owned())), ("awsRegion".to_owned(), None)],
        first_ms: Some(1_715_000_000_000),
        last_ms: Some(1_715_000_060_000),
        count: 2,
        evidence: vec![row("CreateAccessKey", "root")],
        false_positives: vec!["Break-glass use that is agreed on.".to_owned()],
        id: "0123456789abcdef0123456789abcdef".to_owned(),
        noted: Noted { tags: vec!["to ask".to_owned(), "night".to_owned()], note: "Ask Ops.\n- then close".to_owned() },
        is_elsewhere: false,
    };
    let hostile = ReportedFinding {
        title: HOSTILE.to_owned(),
        why: HOSTILE.to_owned(),
        detector: HOSTILE.to_owned(),
        tactics: vec![HOSTILE.to_owned()],
        group: vec![(HOSTILE.to_owned(), Some(HOSTILE.to_owned()))],
        evidence: vec![row(HOSTILE, HOSTILE)],
        count: 1,
        false_positives: vec![HOSTILE.to_owned()],
        noted: Noted { tags: vec![HOSTILE.to_owned()], note: HOSTILE.to_owned() },
        ..ReportedFinding::default()
    };
    let elsewhere =
        ReportedFinding { title: "Root user was used".to_owned(), is_elsewhere: true, count: 3, ..known.clone() };
    Report {
        made_by: "Trailglass 1.2.3".to_owned(),
        made_ms: 1_716_000_000_000,
        read: Totals {
            sources: 3,
            sources_with_problems: 1,
            seen: 12,
            kept: 9,
            duplicate: 2,
            rejected: 1,
            ..Totals::default()
        },
        span_ms: Some((1_715_000_000_000, 1_715_000_060_000)),
        findings: vec![known, hostile, ReportedFinding { evidence: Vec::new(), ..elsewhere }],
        events: vec![
            ReportedEvent { row: row("GetUser", "alice"), noted: Noted::default() },
            ReportedEvent { row: row(HOSTILE, "bob"), noted: Noted { note: "# odd".to_owned(), ..Noted::default() } },
        ],
    }
}

#[test]
fn a_report_in_markdown() {
    insta::assert_snapshot!(markdown(&report()));
}

#[test]
fn a_report_in_html() {
    let html = html(&report());
    let body = html.split_once("<body>").map(|(_, body)| body);
    insta::assert_snapshot!(body.unwrap_or(&html));
}

#[test]
fn a_report_of_nothing_says_what_was_read() {
    insta::assert_snapshot!(markdown(&Report { made_by: "Trailglass".to_owned(), ..Report::default() }));
}

proptest! {
    /// Whatever a note and a name say, the elements of the page are those of a page without them.
    #[test]
    fn no_text_makes_an_element(text in any::<String>()) {
        let of = |text: &str| {
            let mut report = report();
            report.findings[0].title = text.to_owned();
            report.findings[0].why = text.to_owned();
            report.events[0].row.principal = text.to_owned();
            let html = html(&report);
            html.split('<').skip(1).filter_map(|tag| tag.split('>').next()).map(str::to_owned).collect::<Vec<_>>()
        };
        prop_assert_eq!(of(&text), of("plain"));
    }
}
