//! A metric filter's pattern, whoever wrote it: it is read or refused in its place, and finds the same events in each way
//! of asking.

use analyzer_core::detect::metric::{filter, parse};
use analyzer_core::session::Session;

/// Events with texts, numbers, lists, nulls and missing fields for a pattern to meet.
const LOG: &[u8] = br#"{"Records":[
    {"eventVersion":"1.08","eventID":"1","eventName":"ConsoleLogin","errorCode":null,"additionalEventData":{"MFAUsed":"No"},
     "userIdentity":{"type":"Root","accessKeyId":""},"eventType":"AwsConsoleSignIn","readOnly":false},
    {"eventVersion":"1.08","eventID":"2","eventName":"PutObject","eventSource":"s3.amazonaws.com","errorCode":"AccessDenied",
     "requestParameters":{"n":400,"list":["a",{"k":[1,2]},null],"k.k":{"a":"b*"}},"recipientAccountId":111122223333},
    {"eventVersion":"1.08","eventID":"3"}]}"#;

/// A pattern has a meaning, or a problem that stands inside of it. What it means does not depend on who is asked: the
/// engine while events are read, or columns and then records.
pub fn metric(data: &[u8]) {
    let pattern = String::from_utf8_lossy(data);
    let predicate = match parse(&pattern) {
        Ok(predicate) => predicate,
        Err(problem) => {
            assert!(pattern.get(problem.span.clone()).is_some(), "{problem:?} of {pattern:?}");
            let message = problem.message.to_string();
            assert!(!message.is_empty() && !message.contains('\n'), "{problem:?}");
            return;
        }
    };
    let _ = predicate.to_string();
    let filter_at_work = filter("pattern".to_owned(), String::new(), String::new(), predicate.clone());
    let mut session = Session::new(vec![filter_at_work.detector.clone()], 7);
    let mut intake = session.open(0, String::new());
    session.push(&mut intake, LOG);
    session.close(intake, None);
    let selected = session.selection().events.first().cloned().unwrap_or_default();
    session.set_query(predicate);
    for source in session.open_sources() {
        let mut recheck = session.recheck(source.ordinal);
        session.recheck_push(&mut recheck, LOG);
        session.recheck_end(recheck);
    }
    assert_eq!(session.open_sources(), [], "{pattern:?}");
    let mut asked: Vec<_> = session.rows(0..u64::MAX).into_iter().map(|row| row.event_id).collect();
    let mut found: Vec<_> = selected.iter().map(|event| event.event_id.clone()).collect();
    asked.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, asked, "{pattern:?}");
    let findings = filter_at_work.findings(selected);
    assert_eq!(findings.iter().map(|finding| finding.count).sum::<u64>(), found.len() as u64, "{pattern:?}");
}
