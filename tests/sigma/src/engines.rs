//! The two engines: what of which rule they find in which event.

use analyzer_core::detect::sigma::{Loaded, Placeholders, Work};
use analyzer_core::detect::{Finding, RuleSet, SelectedEvent};
use analyzer_core::session::Session;
use rsigma_eval::{CorrelationConfig, CorrelationEngine, Engine, JsonEvent};
use rsigma_parser::parse_sigma_yaml;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// For each rule, by its id, the places of its events in their list.
pub type Verdicts = BTreeMap<String, BTreeSet<usize>>;

/// Groups of a correlation: the values of its group-by fields that are there, by their names.
pub type Groups = BTreeSet<Vec<(String, String)>>;

/// The id of an event that stands at this place of its list.
pub fn event_id(place: usize) -> String {
    format!("00000000-0000-4000-8000-{place:012}")
}

/// Our rules, and what their detectors selected. Not one rule may be refused.
///
/// # Errors
/// What was refused.
fn run(yaml: &str, events: &[Value]) -> Result<(RuleSet, Session), String> {
    let mut loaded = Loaded::default();
    loaded.add("rules.yml", yaml, &Placeholders::new());
    let loaded = loaded.finish();
    if !loaded.refused.is_empty() {
        return Err(format!("{:?}", loaded.refused));
    }
    let set = RuleSet::new(loaded.rules);
    let mut session = Session::new(set.detectors().to_vec(), 1);
    let mut intake = session.open(0, String::new());
    for event in events {
        session.push(&mut intake, format!("{event}\n").as_bytes());
    }
    session.close(intake, None);
    if session.totals().kept != events.len() as u64 {
        return Err(format!("not every event was kept: {:?}", session.accounts()));
    }
    Ok((set, session))
}

/// What our rules select. No two events have the same `eventID`.
///
/// # Errors
/// When a rule is refused or an event is not read.
pub fn ours(yaml: &str, events: &[Value]) -> Result<Verdicts, String> {
    let (set, session) = run(yaml, events)?;
    let ids = events.iter().enumerate().filter_map(|(place, event)| Some((event["eventID"].as_str()?, place)));
    let places: BTreeMap<&str, usize> = ids.collect();
    let selected = session.selection().events;
    let places = |events: &Vec<SelectedEvent>| {
        events.iter().filter_map(|event| places.get(event.event_id.as_str()).copied()).collect()
    };
    let pairs = set.rules().iter().zip(&selected).filter(|(rule, _)| matches!(rule.work, Work::Select(_)));
    Ok(pairs.map(|(rule, events)| (rule.meta.id.clone(), places(events))).collect())
}

/// What RSigma's rules select.
///
/// # Errors
/// When it refuses something.
pub fn theirs(yaml: &str, events: &[Value]) -> Result<Verdicts, String> {
    let rules = parse_sigma_yaml(yaml).map_err(|error| error.to_string())?;
    if !rules.errors.is_empty() {
        return Err(format!("{:?}", rules.errors));
    }
    let mut engine = Engine::new();
    engine.add_collection(&rules).map_err(|error| error.to_string())?;
    let ids = rules.rules.iter().filter_map(|rule| rule.id.clone());
    let mut verdicts: Verdicts = ids.map(|id| (id, BTreeSet::new())).collect();
    for (place, event) in events.iter().enumerate() {
        for result in engine.evaluate(&JsonEvent::borrow(event)) {
            let id = result.header.rule_id.unwrap_or_default();
            verdicts.entry(id).or_default().insert(place);
        }
    }
    Ok(verdicts)
}

/// The groups for which a correlation with this title hits.
///
/// # Errors
/// When a rule is refused or an event is not read.
pub fn our_groups(yaml: &str, events: &[Value], title: &str) -> Result<Groups, String> {
    let (set, session) = run(yaml, events)?;
    let findings = set.findings(session.selection().events);
    let group = |finding: &Finding| {
        let pairs = finding.group.iter().filter_map(|(name, value)| Some((name.clone(), value.clone()?)));
        pairs.collect::<Vec<_>>()
    };
    Ok(findings.iter().filter(|finding| finding.title == title).map(group).collect())
}

/// The groups for which RSigma's correlation with this title fires: whenever, or at the last event of the group.
///
/// # Errors
/// When it refuses something.
pub fn their_groups(yaml: &str, events: &[(i64, Value)], title: &str, when: When) -> Result<Groups, String> {
    let rules = parse_sigma_yaml(yaml).map_err(|error| error.to_string())?;
    if !rules.errors.is_empty() {
        return Err(format!("{:?}", rules.errors));
    }
    let mut engine = CorrelationEngine::new(CorrelationConfig::default());
    engine.add_collection(&rules).map_err(|error| error.to_string())?;
    // Events that have none of the fields are a group of theirs, and none of ours.
    let is_grouped = rules.correlations.iter().any(|rule| rule.title == title && !rule.group_by.is_empty());
    let mut groups = Groups::new();
    for (seconds, event) in events {
        if when == When::AtTheEnd {
            groups.clear();
        }
        for result in engine.process_event_at(&JsonEvent::borrow(event), *seconds) {
            let body = result.as_correlation().filter(|_| result.header.rule_title == title);
            groups.extend(body.map(|body| body.group_key.clone()).filter(|key| !is_grouped || !key.is_empty()));
        }
    }
    Ok(groups)
}

/// Which firings count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// All.
    Ever,
    /// Those at the last event.
    AtTheEnd,
}
