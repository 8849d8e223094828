//! Files of Sigma rules, of cases and of tuning, whoever wrote them: what is in them is used, or refused with its line.

use analyzer_core::detect::sigma::yaml::Wrong;
use analyzer_core::detect::sigma::{Loaded, Placeholders};
use analyzer_core::detect::tuning::Tuning;
use analyzer_core::detect::{RuleSet, cases};
use analyzer_core::session::Session;

/// Events with texts, numbers, lists, nulls and missing fields for rules to meet.
const LOG: &[u8] = br#"{"Records":[
    {"eventVersion":"1.08","eventID":"1","eventName":"ConsoleLogin","eventTime":"2024-05-06T10:00:00Z","errorCode":null,
     "userIdentity":{"type":"Root","accessKeyId":"","userName":"root"},"sourceIPAddress":"192.0.2.1","readOnly":false},
    {"eventVersion":"1.08","eventID":"2","eventName":"PutObject","eventTime":"2024-05-06T10:00:30Z","errorCode":"AccessDenied",
     "requestParameters":{"n":400,"list":["a",{"k":[1,2]},null],"b":"ZWFieQ=="},"recipientAccountId":111122223333},
    {"eventVersion":"1.08","eventID":"3"}]}"#;

/// Whatever is read works; what is refused says why, and on which line.
pub fn rules(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let lines = text.chars().filter(|c| "\n\r".contains(*c)).count() + 1;
    let told = |line: usize, why: &str| {
        assert!((1..=lines + 1).contains(&line), "line {line} of {lines}: {why}");
        assert!(!why.is_empty() && !why.contains('\n'), "{why:?}");
    };
    let placeholders = Placeholders::from([("p".to_owned(), vec!["alice".to_owned(), "b*".to_owned()])]);
    let mut loaded = Loaded::default();
    loaded.add("rules.yml", &text, &placeholders);
    let loaded = loaded.finish();
    loaded.refused.iter().for_each(|refused| told(refused.line, &refused.why));
    let set = RuleSet::new(loaded.rules);
    let mut session = Session::new(set.detectors().to_vec(), 7);
    let mut intake = session.open(0, String::new());
    session.push(&mut intake, LOG);
    session.close(intake, None);
    for finding in set.findings(session.selection().events) {
        assert_eq!(finding.count, finding.events.len() as u64);
        assert!(!finding.title.is_empty() && finding.count > 0, "{finding:?}");
    }
    match cases::read(&text) {
        Err(Wrong { line, why }) => told(line, &why),
        Ok(all) => all.iter().take(4).for_each(|cases| {
            let outcome = cases::run(&set, cases);
            outcome.failed.iter().for_each(|(line, what)| told(*line, what));
        }),
    }
    match Tuning::read(&text) {
        Err(Wrong { line, why }) => told(line, &why),
        Ok(tuning) => {
            let mut rules = set.rules().to_vec();
            tuning.apply(&mut rules).iter().for_each(|(name, line)| told(*line, &format!("no rule {:?}", name)));
        }
    }
}
