//! Every control of every version: it compiles, finds what it names, and nothing else.

use super::*;
use crate::detect::Grouping;
use crate::session::Session;

/// Which of these records the controls' detectors find: for each control the numbers of the records.
fn found(controls: &[Control], records: &[String]) -> Vec<(String, Vec<usize>)> {
    let detectors: Vec<Filter> = controls.iter().filter_map(Control::detector).collect();
    let mut session = Session::new(detectors.iter().map(|detector| detector.detector.clone()).collect(), 7);
    let mut intake = session.open(0, "test".to_owned());
    session.push(&mut intake, format!("[{}]", records.join(",")).as_bytes());
    let account = &session.close(intake, None)[0];
    assert!(account.is_clean() && account.reconciles(), "{account:?}");
    let selection = session.selection().clone();
    let numbers = |filter: &Filter, events| {
        let findings = filter.findings(events);
        assert!(findings.len() <= 1, "all events of a control are one finding");
        let events = findings.into_iter().flat_map(|finding| finding.events);
        events.map(|event| event.event_id.parse().unwrap()).collect()
    };
    let pairs = detectors.iter().zip(selection.events);
    pairs.map(|(filter, events)| (filter.detector.id.clone(), numbers(filter, events))).collect()
}

/// A record with these members, and its number as its id and its minute.
fn record(number: usize, members: &str) -> String {
    let time = format!("2024-05-01T{:02}:{:02}:00Z", number / 60, number % 60);
    format!(r#"{{"eventVersion":"1.08","eventTime":"{time}","eventID":"{number}",{members}}}"#)
}

/// The words behind `$.name =` in a pattern, without quotes.
fn values<'p>(pattern: &'p str, name: &str) -> Vec<&'p str> {
    let selector = format!("$.{name}");
    let behind = pattern.split(&selector).skip(1);
    let values = behind.filter_map(|rest| rest.trim_start().strip_prefix('='));
    let end = |c: char| c == ')' || c == '}' || c == '&';
    values.map(|rest| rest.split(end).next().unwrap_or_default().trim().trim_matches('"')).collect()
}

/// Records that a control's filter must match, and records that it must not, made of its own names.
fn made_of(pattern: &str) -> (Vec<String>, Vec<String>) {
    let (names, sources) = (values(pattern, "eventName"), values(pattern, "eventSource"));
    assert!(!names.is_empty(), "{pattern}");
    let source = sources.first().copied().unwrap_or("any.amazonaws.com");
    let call = |source: &str, name: &str| format!(r#""eventSource":"{source}","eventName":"{name}""#);
    let matching = names.iter().map(|name| call(source, name)).collect();
    let mut other = vec![call(source, "DescribeThings"), call(source, &names[0].to_lowercase())];
    other.push(call(source, &format!("{}2", names[0])));
    if !sources.is_empty() {
        other.push(call("other.amazonaws.com", names[0]));
    }
    (matching, other)
}

fn own(records: &[&str]) -> Vec<String> {
    records.iter().map(|&record| record.to_owned()).collect()
}

/// Those of the controls whose patterns ask for more than names.
fn written(number: usize, version: &str) -> Option<(Vec<String>, Vec<String>)> {
    let delivery =
        r#""errorCode":"AccessDenied","sourceIPAddress":"delivery.logs.amazonaws.com","eventName":"PutObject""#;
    let head = r#""errorCode":"AccessDenied","sourceIPAddress":"192.0.2.1","eventName":"HeadBucket""#;
    let fine = r#""sourceIPAddress":"delivery.logs.amazonaws.com","eventName":"HeadBucket""#;
    let refused = [
        r#""errorCode":"Client.UnauthorizedOperation","sourceIPAddress":"delivery.logs.amazonaws.com""#,
        r#""errorCode":"AccessDeniedException","sourceIPAddress":"192.0.2.1","eventName":"GetObject""#,
    ];
    let (matching, other) = match (number, version) {
        (1, "1.2") => {
            ([refused[0], refused[1], delivery, head].to_vec(), vec![fine, r#""errorCode":"NoAccessDenied""#])
        }
        // Whatever has an address or a name that is not this one matches: the benchmark's own defect.
        (1, "1.3" | "1.4" | "1.5") => (
            vec![refused[0], delivery, head, r#""eventName":"GetObject""#, r#""sourceIPAddress":"192.0.2.1""#],
            vec![fine],
        ),
        (1, _) => (refused.to_vec(), vec![delivery, head, fine, r#""eventName":"GetObject""#]),
        (2, _) => (
            vec![r#""eventName":"ConsoleLogin","additionalEventData":{"MFAUsed":"No"}"#],
            vec![
                r#""eventName":"ConsoleLogin","additionalEventData":{"MFAUsed":"Yes"}"#,
                r#""eventName":"ConsoleLogin","additionalEventData":{}"#,
                r#""eventName":"ConsoleLogin","additionalEventData":null"#,
                r#""eventName":"ConsoleLogout","additionalEventData":{"MFAUsed":"No"}"#,
            ],
        ),
        (3, _) => (
            vec![r#""userIdentity":{"type":"Root"},"eventType":"AwsApiCall""#],
            vec![
                r#""userIdentity":{"type":"Root","invokedBy":"support.amazonaws.com"},"eventType":"AwsApiCall""#,
                r#""userIdentity":{"type":"Root"},"eventType":"AwsServiceEvent""#,
                r#""userIdentity":{"type":"IAMUser"},"eventType":"AwsApiCall""#,
            ],
        ),
        (6, _) => (
            vec![r#""eventName":"ConsoleLogin","errorMessage":"Failed authentication""#],
            vec![
                r#""eventName":"ConsoleLogin","errorMessage":"failed authentication""#,
                r#""eventName":"ConsoleLogin","responseElements":{"ConsoleLogin":"Success"}"#,
                r#""eventName":"GetObject","errorMessage":"Failed authentication""#,
            ],
        ),
        _ => return None,
    };
    Some((own(&matching), own(&other)))
}

#[test]
fn every_control_finds_what_it_names_and_nothing_else() {
    let mut checked = 0;
    for benchmark in benchmarks() {
        for (control, number) in controls(benchmark.version).into_iter().zip(1..) {
            let Some(pattern) = control.pattern else { continue };
            let (matching, other) = written(number, benchmark.version).unwrap_or_else(|| made_of(pattern));
            assert!(!matching.is_empty() && !other.is_empty());
            let members = matching.iter().chain(&other).enumerate();
            let records: Vec<_> = members.map(|(number, members)| record(number, members)).collect();
            let id = format!("cis-{}-{}", benchmark.version, control.id);
            let expected = (id, (0..matching.len()).collect());
            assert_eq!(found(&[control], &records), [expected], "{pattern}\n{}", records.join("\n"));
            checked += 1;
        }
    }
    assert_eq!(checked, 14 + 8 * 15);
}

#[test]
fn every_version_has_the_controls_of_its_section() {
    for benchmark in benchmarks() {
        let controls = controls(benchmark.version);
        assert_eq!(controls.len(), benchmark.controls as usize);
        for (control, number) in controls.iter().zip(1..) {
            assert_eq!(control.id, format!("{}.{number}", benchmark.section));
            assert_eq!(control.pattern.is_none(), number == 16, "{control:?}");
            let detector = control.detector().map(|filter| filter.detector);
            assert_eq!(detector.is_some(), control.pattern.is_some(), "{control:?}");
            assert!(detector.is_none_or(|detector| detector.grouping == Grouping::All));
        }
    }
    assert_eq!(benchmarks().last().map(|benchmark| benchmark.version), Some(NEWEST));
    assert_eq!(controls("7.0"), []);
}

#[test]
fn what_changed_between_versions() {
    let pattern = |version: &str, number: usize| controls(version)[number - 1].pattern.unwrap();
    for (number, changes) in [(1, &["1.3", "2.0"][..]), (10, &["5.0"]), (2, &[]), (14, &[])] {
        let versions: Vec<_> = benchmarks().iter().map(|benchmark| benchmark.version).collect();
        let changed = versions.windows(2).filter(|pair| pattern(pair[0], number) != pattern(pair[1], number));
        assert_eq!(changed.map(|pair| pair[1]).collect::<Vec<_>>(), changes, "item {number}");
    }
    assert!(controls("1.4")[0].note.unwrap().contains("nearly every event"));
    assert!(pattern("6.0", 10).contains("ModifySecurityGroupRules") && !pattern("4.0", 10).contains("ModifySecurity"));
}

#[test]
fn all_controls_at_once_find_the_same() {
    let records = [
        record(0, r#""eventSource":"iam.amazonaws.com","eventName":"DeletePolicy","userIdentity":{"type":"Root"}"#),
        record(1, r#""eventSource":"organizations.amazonaws.com","eventName":"DeletePolicy","eventType":"AwsApiCall""#),
        record(
            2,
            r#""eventSource":"kms.amazonaws.com","eventName":"DisableKey","eventType":"AwsApiCall","userIdentity":{"type":"Root"}"#,
        ),
    ];
    let found = found(&controls("6.0"), &records);
    let some: Vec<_> =
        found.iter().filter(|(_, rows)| !rows.is_empty()).map(|(id, rows)| (id.as_str(), &rows[..])).collect();
    let expected: [(&str, &[usize]); 4] =
        [("cis-6.0-5.3", &[2]), ("cis-6.0-5.4", &[0, 1]), ("cis-6.0-5.7", &[2]), ("cis-6.0-5.15", &[1])];
    assert_eq!(some, expected);
}
