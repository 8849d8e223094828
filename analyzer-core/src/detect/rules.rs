//! Rules at work: what each selects, and what its events mean alone or together.

use super::correlate::{Correlation, Count, Item, hits};
use super::sigma::{Meta, Rule, Work, names};
use super::{Detector, Finding, Group, Grouping, Hit, SelectedEvent, Severity, finding, groups};
use crate::event::{EventKey, NO_TIME};
use crate::field::FieldRef;
use crate::order;
use crate::predicate::Predicate;
use std::collections::{BTreeMap, BTreeSet};

/// Rules that run together. Their names lead to one another; see [`super::sigma::Loaded::finish`].
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    rules: Vec<Rule>,
    /// One for each rule. That of a correlation selects nothing.
    detectors: Vec<Detector>,
    /// Rules that are only looked at by correlations, or muted.
    are_silent: Vec<bool>,
    /// The rules that each correlation looks at, in its order.
    inner: Vec<Vec<usize>>,
    /// For each rule the names of the fields that correlations read of its events, in order. Its detector reads them
    /// behind [`TOLD`].
    needed: Vec<Vec<String>>,
}

/// What every rule reads of its events, for the sentence of a finding.
const TOLD: [&str; 2] = ["eventName", "sourceIPAddress"];
/// Whose events one finding of a rule is about.
const BY: [&str; 2] = ["principal", "recipientAccountId"];

impl RuleSet {
    /// Of these rules.
    pub fn new(rules: Vec<Rule>) -> RuleSet {
        let names = names(&rules);
        let inner = |rule: &Rule| match &rule.work {
            Work::Select(_) => Vec::new(),
            Work::Correlate(it) => it.rules.iter().filter_map(|name| names.get(name.as_str()).copied()).collect(),
        };
        let inner = rules.iter().map(inner).collect();
        let are_silent = rules.iter().map(|rule| rule.meta.is_muted).collect();
        let mut set = RuleSet { are_silent, detectors: Vec::new(), inner, needed: Vec::new(), rules };
        let mut needed = vec![BTreeSet::new(); set.rules.len()];
        for at in 0..set.rules.len() {
            let Work::Correlate(correlation) = &set.rules[at].work else { continue };
            for name in correlation.group_by.iter().chain(&correlation.fields) {
                set.need(at, name, &mut needed);
            }
            if !set.rules[at].meta.generates {
                set.inner[at].iter().for_each(|&inner| set.are_silent[inner] = true);
            }
        }
        set.needed = needed.into_iter().map(|names| names.into_iter().collect()).collect();
        set.detectors = set.rules.iter().zip(&set.needed).map(|(rule, needed)| detector(rule, needed)).collect();
        set
    }

    /// The rules.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// A detector for each rule, in their order.
    pub fn detectors(&self) -> &[Detector] {
        &self.detectors
    }

    /// A rule and those that it looks at, however far; it is the first of them.
    pub(super) fn of_one(&self, rule: usize) -> RuleSet {
        let (mut taken, mut at) = (vec![rule], 0);
        while let Some(inner) = taken.get(at).map(|&rule| &self.inner[rule]) {
            at += 1;
            let new: Vec<usize> = inner.iter().copied().filter(|inner| !taken.contains(inner)).collect();
            taken.extend(new);
        }
        RuleSet::new(taken.into_iter().map(|rule| self.rules[rule].clone()).collect())
    }

    /// Notes that a correlation reads a field: so do the rules whose events it looks at.
    fn need(&self, at: usize, name: &str, needed: &mut [BTreeSet<String>]) {
        // What is known of a rule was told to those below it.
        if needed[at].insert(name.to_owned())
            && let Work::Correlate(correlation) = &self.rules[at].work
        {
            for &inner in &self.inner[at] {
                self.need(inner, field_of(correlation, name, &self.rules[inner].meta), needed);
            }
        }
    }

    /// The findings in what each rule selected over all shards.
    pub fn findings(&self, selected: Vec<Vec<SelectedEvent>>) -> Vec<Finding> {
        self.findings_of(selected, |at| !self.are_silent[at])
    }

    /// Those of one rule, be it looked at by correlations only, or muted.
    pub(super) fn loud_findings(&self, selected: Vec<Vec<SelectedEvent>>, rule: usize) -> Vec<Finding> {
        self.findings_of(selected, |at| at == rule)
    }

    fn findings_of(&self, mut selected: Vec<Vec<SelectedEvent>>, tells: impl Fn(usize) -> bool) -> Vec<Finding> {
        selected.resize_with(self.rules.len(), Vec::new);
        let mut work = Working { set: self, selected: &selected, hits: vec![None; self.rules.len()] };
        let mut found = Vec::new();
        for at in 0..self.rules.len() {
            if matches!(self.rules[at].work, Work::Correlate(_)) {
                work.correlate(at);
                if tells(at) {
                    found.extend(work.told(at));
                }
            }
        }
        for (at, events) in selected.into_iter().enumerate() {
            if tells(at) && !events.is_empty() {
                let detector = &self.detectors[at];
                let told = |group: &Group| finding(detector, group, &whole(group));
                found.extend(groups(detector, events).iter().filter_map(told));
            }
        }
        found
    }
}

/// Leaves out the rules below a severity. Those of them at which a correlation looks that is left stay, and make no findings.
pub fn at_least(mut rules: Vec<Rule>, least: Severity) -> Vec<Rule> {
    for rule in &mut rules {
        rule.meta.is_muted |= rule.meta.severity < least;
    }
    let mut open: Vec<usize> = (0..rules.len()).filter(|&at| !rules[at].meta.is_muted).collect();
    let names = names(&rules);
    let mut stay = vec![false; rules.len()];
    while let Some(at) = open.pop() {
        if std::mem::replace(&mut stay[at], true) {
            continue;
        }
        if let Work::Correlate(correlation) = &rules[at].work {
            open.extend(correlation.rules.iter().filter_map(|name| names.get(name.as_str())));
        }
    }
    let mut stay = stay.into_iter();
    rules.retain(|_| stay.next() == Some(true));
    rules
}

/// The field that a name of a correlation means in the events of a rule.
fn field_of<'c>(correlation: &'c Correlation, name: &'c str, rule: &Meta) -> &'c str {
    let alias = correlation.aliases.iter().find(|alias| alias.name == name);
    let field = alias.and_then(|alias| alias.fields.iter().find(|(of, _)| rule.is_called(of)));
    field.map_or(name, |(_, field)| field)
}

fn detector(rule: &Rule, needed: &[String]) -> Detector {
    let meta = &rule.meta;
    let (select, grouping) = match &rule.work {
        Work::Select(select) => (select.clone(), Grouping::By(BY.iter().map(|name| FieldRef::parse(name)).collect())),
        Work::Correlate(correlation) => {
            let fields = correlation.group_by.iter().map(|name| super::sigma::field(name)).collect();
            (Predicate::Any(Vec::new()), Grouping::By(fields))
        }
    };
    let told = TOLD.iter().map(|name| FieldRef::parse(name));
    let id = [&meta.name, &meta.id, &meta.title].into_iter().find(|id| !id.is_empty());
    Detector {
        id: id.cloned().unwrap_or_default(),
        version: String::new(),
        title: meta.title.clone(),
        description: meta.description.clone(),
        severity: meta.severity,
        tactics: meta.tactics(),
        techniques: meta.techniques(),
        false_positives: meta.false_positives.clone(),
        select,
        fields: told.chain(needed.iter().map(|name| super::sigma::field(name))).collect(),
        grouping,
    }
}

/// All events of a group are the evidence.
fn whole(group: &Group) -> Hit {
    Hit { rows: (0..group.events.len()).collect(), why: sentence(group.key.first(), &group.events), ..Hit::default() }
}

/// Calls that a sentence names.
const NAMED: usize = 4;

fn sentence(who: Option<&Option<String>>, events: &[SelectedEvent]) -> String {
    let values = |at: usize| -> Vec<&str> {
        let values: BTreeSet<&str> = events.iter().filter_map(|event| event.values.get(at)?.as_deref()).collect();
        values.into_iter().collect()
    };
    let listed = |values: &[&str]| {
        let more = values.len().saturating_sub(NAMED);
        let named = values[..values.len().min(NAMED)].join(", ");
        if more > 0 { format!("{named} and {more} more") } else { named }
    };
    let (names, addresses) = (values(0), values(1));
    let who = who.and_then(Option::as_deref).unwrap_or("Somebody");
    let calls = if events.len() == 1 { "1 call".to_owned() } else { format!("{} calls", events.len()) };
    let from = match &addresses[..] {
        [] => String::new(),
        [address] => format!(" from {address}"),
        all => format!(" from {} addresses", all.len()),
    };
    format!("{who} made {calls}{from}: {}.", listed(&names))
}

/// A hit of a correlation.
#[derive(Clone, Debug)]
struct Hitting {
    /// When it was complete: the last of its events, and those before that were enough.
    complete: Vec<EventKey>,
    /// What it consists of: the place of a rule, and which of its events or hits.
    parts: Vec<(usize, usize)>,
    key: Vec<Option<String>>,
    number: f64,
}

struct Working<'s> {
    set: &'s RuleSet,
    selected: &'s [Vec<SelectedEvent>],
    /// For each correlation its hits, once they are known.
    hits: Vec<Option<Vec<Hitting>>>,
}

/// What an item is ordered by, and which event or hit it is: of which rule, and its number there.
type Placed<'v> = (EventKey, usize, usize, Item<'v>);

impl Working<'_> {
    /// Finds the hits of a correlation, those of its rules before.
    fn correlate(&mut self, at: usize) {
        let Work::Correlate(correlation) = &self.set.rules[at].work else { return };
        if self.hits[at].is_some() {
            return;
        }
        let inner = &self.set.inner[at];
        inner.iter().for_each(|&inner| self.correlate(inner));
        let mut by_key: BTreeMap<Vec<Option<&str>>, Vec<Placed>> = BTreeMap::new();
        for (place, &rule) in inner.iter().enumerate() {
            let meta = &self.set.rules[rule].meta;
            for number in 0..self.count(rule) {
                let value = |name: &String| self.value(rule, number, field_of(correlation, name, meta));
                let values: Vec<Option<&str>> = correlation.fields.iter().map(value).collect();
                let group: Vec<Option<&str>> = correlation.group_by.iter().map(value).collect();
                if !group.is_empty() && group.iter().all(Option::is_none) {
                    // Nothing links events that have none of the fields.
                    continue;
                }
                // What has no time is in no window.
                for &key in self.keys(rule, number, correlation.count).iter().filter(|key| key.time_ms != NO_TIME) {
                    let item = Item { time_ms: key.time_ms, rule: place, values: values.clone() };
                    by_key.entry(group.clone()).or_default().push((key, rule, number, item));
                }
            }
        }
        let mut found = Vec::new();
        for (key, mut placed) in by_key {
            order::sort_by_key(&mut placed, |&(key, rule, number, _)| (key, rule, number));
            if !correlation.count.is_of_rules() {
                // An event that several rules select is one.
                placed.dedup_by(|b, a| a.0 == b.0 && self.is_event(a.1) && self.is_event(b.1));
            }
            let items: Vec<Item> = placed.iter().map(|(.., item)| item.clone()).collect();
            for hit in hits(correlation, &items) {
                let mut parts: Vec<(usize, usize)> =
                    hit.rows.iter().map(|&row| (placed[row].1, placed[row].2)).collect();
                parts.dedup();
                let complete = hit.complete.iter().map(|&row| placed[row].0).collect();
                let key = key.iter().map(|value| value.map(str::to_owned)).collect();
                found.push(Hitting { complete, parts, key, number: hit.number });
            }
        }
        self.hits[at] = Some(found);
    }

    /// How many events or hits a rule has.
    fn count(&self, rule: usize) -> usize {
        match &self.hits[rule] {
            Some(hits) => hits.len(),
            None => self.selected[rule].len(),
        }
    }

    /// Whether what a rule has are events, not hits.
    fn is_event(&self, rule: usize) -> bool {
        self.hits[rule].is_none()
    }

    /// Where an event stands in time; or a hit: at its end, and for correlations that ask which rules there are, and in
    /// which order, wherever it was complete.
    fn keys(&self, rule: usize, number: usize, count: Count) -> &[EventKey] {
        match &self.hits[rule] {
            Some(hits) if count.is_of_rules() => &hits[number].complete,
            Some(hits) => hits[number].complete.last().map(std::slice::from_ref).unwrap_or_default(),
            None => std::slice::from_ref(&self.selected[rule][number].key),
        }
    }

    /// The value of a field in an event of a rule, or in the last event of a hit.
    fn value(&self, rule: usize, number: usize, name: &str) -> Option<&str> {
        match (&self.hits[rule], &self.set.rules[rule].work) {
            (Some(hits), Work::Correlate(correlation)) => {
                let &(inner, number) = hits[number].parts.last()?;
                self.value(inner, number, field_of(correlation, name, &self.set.rules[inner].meta))
            }
            _ => {
                let at = self.set.needed[rule].binary_search_by(|known| known.as_str().cmp(name)).ok()?;
                self.selected[rule][number].values.get(TOLD.len() + at)?.as_deref()
            }
        }
    }

    /// The findings of a correlation.
    fn told(&self, at: usize) -> Vec<Finding> {
        let Work::Correlate(correlation) = &self.set.rules[at].work else { return Vec::new() };
        let tell = |hit: &Hitting| {
            let mut parts = BTreeSet::new();
            hit.parts.iter().for_each(|&(rule, number)| self.gather(rule, number, &mut parts));
            let events = parts.into_iter().filter(|&(rule, _)| self.hits[rule].is_none());
            let mut events: Vec<SelectedEvent> =
                events.map(|(rule, number)| self.selected[rule][number].clone()).collect();
            order::sort_by_key(&mut events, |event| event.key);
            // One event can be that of several rules.
            events.dedup_by(|a, b| a.key == b.key && a.event_id == b.event_id);
            let rows = (0..events.len()).collect();
            let why = why(correlation, hit, &events);
            let group = Group { key: hit.key.clone(), events };
            finding(&self.set.detectors[at], &group, &Hit { rows, why, ..Hit::default() })
        };
        self.hits[at].iter().flatten().filter_map(tell).collect()
    }

    /// The events and hits of which an event or a hit consists, itself included.
    fn gather(&self, rule: usize, number: usize, into: &mut BTreeSet<(usize, usize)>) {
        if into.insert((rule, number))
            && let Some(hits) = &self.hits[rule]
        {
            hits[number].parts.iter().for_each(|&(rule, number)| self.gather(rule, number, into));
        }
    }
}

fn why(correlation: &Correlation, hit: &Hitting, events: &[SelectedEvent]) -> String {
    let number = if hit.number.fract() == 0.0 { format!("{}", hit.number) } else { format!("{:.2}", hit.number) };
    let field = correlation.fields.join(", ");
    let what = match correlation.count {
        Count::Events => format!("{} events", events.len()),
        Count::Values => format!("{number} different values of {field}"),
        Count::Rules => format!("events of {number} rules"),
        Count::RulesInOrder => format!("events of {number} rules, in their order"),
        Count::Sum => format!("a sum of {number} of {field}"),
        Count::Average => format!("a mean of {number} of {field}"),
        Count::Percentile(rank) => format!("{number} at percentile {rank} of {field}"),
        Count::Rarity => format!("values of {field} that are {number} % of all"),
    };
    let pairs = correlation.group_by.iter().zip(&hit.key);
    let of: Vec<String> =
        pairs.map(|(name, value)| format!("{name} {}", value.as_deref().unwrap_or("(none)"))).collect();
    let of = if of.is_empty() { String::new() } else { format!(" for {}", of.join(", ")) };
    format!("{what} within {}{of}.", span(correlation.span_ms))
}

fn span(ms: i64) -> String {
    let units = [(86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1_000, "second")];
    let (unit_ms, unit) = units.into_iter().find(|(unit_ms, _)| ms % unit_ms == 0).unwrap_or((1, "millisecond"));
    match ms / unit_ms {
        1 => format!("1 {unit}"),
        n => format!("{n} {unit}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::sigma::{Loaded, Placeholders};
    use crate::session::Session;

    /// Events as `minute name user address`.
    fn session(set: &RuleSet, events: &[&str]) -> Vec<Finding> {
        let record = |(n, event): (usize, &&str)| {
            let parts: Vec<&str> = event.split(' ').collect();
            let [minute, name, user, address] = parts[..] else { panic!("{event}") };
            let minute: u32 = minute.parse().unwrap();
            format!(
                r#"{{"eventVersion":"1.08","eventTime":"2024-05-04T{:02}:{:02}:00Z","eventName":"{name}","sourceIPAddress":"{address}",
                "eventSource":"x.amazonaws.com","userIdentity":{{"type":"IAMUser","userName":"{user}"}},"eventID":"e{n}"}}"#,
                minute / 60,
                minute % 60
            )
        };
        let records: Vec<String> = events.iter().enumerate().map(record).collect();
        let mut session = Session::new(set.detectors().to_vec(), 1);
        let mut intake = session.open(0, String::new());
        session.push(&mut intake, format!("[{}]", records.join(",")).as_bytes());
        session.close(intake, None);
        set.findings(session.selection().events)
    }

    fn check(rules: &str, events: &[&str], expected: &[&str]) {
        let mut loaded = Loaded::default();
        loaded.add("r.yml", rules, &Placeholders::new());
        let loaded = loaded.finish();
        assert_eq!(loaded.refused, []);
        let set = RuleSet::new(loaded.rules);
        let mut found: Vec<String> = session(&set, events)
            .iter()
            .map(|finding| {
                let ids: Vec<&str> = finding.events.iter().map(|event| &event.event_id[1..]).collect();
                format!("{} [{}] {}", finding.title, ids.join(","), finding.why)
            })
            .collect();
        order::sort(&mut found);
        assert_eq!(found, expected);
    }

    const BASE: &str = "title: Failed\nname: failed\ndetection: {s: {eventName: Fail}, condition: s}\n---\ntitle: Signed in\nname: ok\ndetection: {s: {eventName: Ok}, condition: s}\n---\n";

    #[test]
    fn a_rule_tells_who_did_what() {
        check(
            "title: Puts\ndetection: {s: {eventName: Put*}, condition: s}",
            &["0 PutA alice 192.0.2.1", "5 PutB alice 192.0.2.2", "6 Get alice 192.0.2.1", "7 PutA bob 192.0.2.3"],
            &[
                "Puts [0,1] alice made 2 calls from 2 addresses: PutA, PutB.",
                "Puts [3] bob made 1 call from 192.0.2.3: PutA.",
            ],
        );
    }

    #[test]
    fn correlations_chain() {
        let rules = format!(
            "{BASE}title: Many\nname: many\ncorrelation: {{type: event_count, rules: [failed], group-by: [sourceIPAddress], timespan: 10m, condition: {{gte: 3}}}}\n---\n\
             title: Then in\ncorrelation: {{type: temporal_ordered, rules: [many, ok], group-by: [userIdentity.userName], timespan: 1h}}\n"
        );
        let events = [
            "0 Fail alice 192.0.2.1",
            "1 Fail alice 192.0.2.1",
            "2 Fail alice 192.0.2.1",
            "30 Ok alice 192.0.2.9",
            "31 Ok bob 192.0.2.1",
            "200 Fail alice 192.0.2.1",
        ];
        check(
            &rules,
            &events,
            &["Then in [0,1,2,3] events of 2 rules, in their order within 1 hour for userIdentity.userName alice."],
        );
    }

    #[test]
    fn what_goes_on_was_complete_before() {
        let rules = format!(
            "{BASE}title: Many\nname: many\ncorrelation: {{type: event_count, rules: [failed], timespan: 10m, condition: {{gte: 3}}}}\n---\n\
             title: Then in\ncorrelation: {{type: temporal_ordered, rules: [many, ok], timespan: 10m}}\n"
        );
        let fail = |minute: u32| format!("{minute} Fail alice 192.0.2.1");
        let mut events: Vec<String> = (0..8).map(fail).collect();
        events.push("3 Ok alice 192.0.2.1".to_owned());
        let events: Vec<&str> = events.iter().map(String::as_str).collect();
        check(&rules, &events, &["Then in [0,1,2,8,3,4,5,6,7] events of 2 rules, in their order within 10 minutes."]);
        // It was not yet.
        let events = ["0 Fail alice 192.0.2.1", "1 Ok alice 192.0.2.1", "2 Fail a 192.0.2.1", "3 Fail b 192.0.2.1"];
        check(&rules, &events, &[]);
    }

    #[test]
    fn an_event_of_two_rules_is_one() {
        let rules = format!(
            "{BASE}title: Any\nname: any\ndetection: {{s: {{eventName|exists: true}}, condition: s}}\n---\n\
             title: Many\ncorrelation: {{type: event_count, rules: [failed, any], timespan: 10m, condition: {{gte: 3}}}}\n"
        );
        let events = ["0 Fail a 192.0.2.1", "1 Fail a 192.0.2.1", "2 Other a 192.0.2.1"];
        check(&rules, &events[..2], &[]);
        check(&rules, &events, &["Many [0,1,2] 3 events within 10 minutes."]);
    }

    #[test]
    fn what_generates_tells_its_rules_too() {
        let rules = format!(
            "{BASE}title: Many\ngenerate: true\ncorrelation:\n  type: value_count\n  rules: [failed]\n  group-by: [who]\n  aliases: {{who: {{failed: sourceIPAddress}}}}\n  timespan: 10m\n  condition: {{gte: 2, field: userIdentity.userName}}\n"
        );
        check(
            &rules,
            &["0 Fail alice 192.0.2.1", "1 Fail bob 192.0.2.1", "2 Fail carol 192.0.2.2"],
            &[
                "Failed [0] alice made 1 call from 192.0.2.1: Fail.",
                "Failed [1] bob made 1 call from 192.0.2.1: Fail.",
                "Failed [2] carol made 1 call from 192.0.2.2: Fail.",
                "Many [0,1] 2 different values of userIdentity.userName within 10 minutes for who 192.0.2.1.",
            ],
        );
    }
}
