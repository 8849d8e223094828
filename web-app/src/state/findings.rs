//! Which findings stand in the list, and in which order.

use super::App;
use crate::kit::words::phrase;
use crate::platform::storage;
use crate::protocol::{Case, Finding};
use analyzer_core::detect::sigma::TACTICS;
use analyzer_core::detect::techniques::{tactics_of, technique};
use analyzer_core::detect::{SEVERITIES, Severity};
use leptos::prelude::*;
use std::collections::{BTreeMap, HashMap, HashSet};

const REMEMBERED_AS: &str = "trailglass-findings";

/// What findings are put together by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GroupBy {
    /// Nothing: one list, worst first.
    #[default]
    Nothing,
    /// What found them.
    Detector,
    /// Whom they are about.
    Entity,
}

impl GroupBy {
    /// All, as a list has them.
    pub const ALL: [GroupBy; 3] = [GroupBy::Nothing, GroupBy::Detector, GroupBy::Entity];

    /// The name by which it is remembered.
    pub fn name(self) -> &'static str {
        match self {
            GroupBy::Nothing => "nothing",
            GroupBy::Detector => "detector",
            GroupBy::Entity => "entity",
        }
    }

    /// The one with this name.
    pub fn from_name(name: &str) -> Option<GroupBy> {
        GroupBy::ALL.into_iter().find(|group_by| group_by.name() == name)
    }
}

/// What the user wants to see of the findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// What they are put together by.
    pub group_by: GroupBy,
    /// Only these severities; all, if there is none.
    pub severities: Vec<Severity>,
    /// Only this tactic or technique.
    pub attack: Option<String>,
    /// Only those that hold all of these words somewhere.
    pub text: String,
    /// Groups that are closed, by their keys.
    pub closed: HashSet<String>,
}

impl Wanted {
    /// Whether it lets everything through.
    pub fn is_everything(&self) -> bool {
        self.severities.is_empty() && self.attack.is_none() && self.text.trim().is_empty()
    }
}

/// What the list and the matrix look at. A copy is a handle on the same state.
#[derive(Clone, Copy)]
pub struct FindingsView {
    /// What the user wants to see.
    pub wanted: RwSignal<Wanted>,
    /// The finding that is shown in full.
    pub open: RwSignal<Option<String>>,
    /// Muted findings show, too.
    pub has_muted: RwSignal<bool>,
    /// What that comes to.
    pub arranged: Memo<Arranged>,
}

/// One of the lines of the list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Line {
    /// The heading of a group, with its key.
    Group(String),
    /// A finding, by its id.
    Finding(String),
}

/// What is told of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// What its findings have in common. Untrusted text.
    pub label: String,
    /// More of that.
    pub detail: String,
    /// How many findings it has.
    pub count: usize,
    /// The worst of them.
    pub worst: Severity,
    /// Whether its findings do not show.
    pub is_closed: bool,
}

/// Findings as the list shows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arranged {
    /// The lines from top to bottom, without those of muted findings.
    pub lines: Vec<Line>,
    /// The groups, by their keys.
    pub groups: HashMap<String, Group>,
    /// Muted findings, by their ids.
    pub muted: Vec<String>,
    /// For each severity, mildest first, how many findings there would be if only it were wanted.
    pub counts: [usize; SEVERITIES.len()],
    /// How many findings are in the list; those of closed groups are.
    pub count: usize,
    /// What there is of ATT&CK among findings that are heard, of any technique.
    pub matrix: Matrix,
}

/// ATT&CK's matrix, as far as there are findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matrix {
    /// Tactics in ATT&CK's order.
    pub tactics: Vec<Tactic>,
    /// Findings without any tactic or technique.
    pub without: usize,
}

/// One of its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tactic {
    /// Its id.
    pub id: &'static str,
    /// All of it.
    pub cell: Cell,
    /// Its techniques, by their ids.
    pub techniques: Vec<(String, Cell)>,
}

/// How often there is something, and how bad it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// How many findings.
    pub count: usize,
    /// The worst of them.
    pub worst: Severity,
}

impl Cell {
    fn add(&mut self, severity: Severity) {
        self.worst = if self.count == 0 { severity } else { self.worst.max(severity) };
        self.count += 1;
    }
}

/// The severity of a finding. Its name comes from the core.
pub fn severity_of(finding: &Finding) -> Severity {
    Severity::from_name(&finding.severity).unwrap_or_default()
}

/// What does not show: findings and detectors by their ids. It changes seldom, where marks change with every letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Muted {
    findings: HashSet<String>,
    detectors: HashSet<String>,
}

impl Muted {
    /// What these marks mute.
    pub fn by(case: &Case) -> Muted {
        let findings = case.findings.iter().filter(|(_, mark)| mark.muted);
        Muted {
            findings: findings.map(|(id, _)| id.clone()).collect(),
            detectors: case.muted_detectors.keys().cloned().collect(),
        }
    }

    fn holds(&self, finding: &Finding) -> bool {
        self.detectors.contains(&finding.detector) || self.findings.contains(&finding.id)
    }
}

/// The tactic ids under which a finding stands in the matrix, each with its techniques there.
fn places(finding: &Finding) -> Vec<(&str, Vec<&str>)> {
    let named: Vec<&str> = finding.tactics.iter().map(String::as_str).collect();
    let mut places: Vec<(&str, Vec<&str>)> = named.iter().map(|&tactic| (tactic, Vec::new())).collect();
    for id in &finding.techniques {
        for tactic in tactics_of(technique(id), &named) {
            match places.iter_mut().find(|(there, _)| *there == tactic) {
                Some((_, techniques)) => techniques.push(id),
                None => places.push((tactic, vec![id])),
            }
        }
    }
    places
}

fn is_of(finding: &Finding, attack: &str) -> bool {
    finding.techniques.iter().any(|id| id == attack) || places(finding).iter().any(|(tactic, _)| *tactic == attack)
}

fn holds(finding: &Finding, words: &[String]) -> bool {
    if words.is_empty() {
        return true;
    }
    let mut text = [&finding.title, &finding.why, &finding.detector, &finding.id].map(String::as_str).join("\n");
    for part in finding.tactics.iter().chain(&finding.techniques) {
        text.push('\n');
        text.push_str(part);
    }
    finding.group.iter().filter_map(|(_, value)| value.as_ref()).for_each(|value| {
        text.push('\n');
        text.push_str(value);
    });
    let text = text.to_lowercase();
    words.iter().all(|word| text.contains(word))
}

/// The label of findings that are about nobody, in English.
pub const NO_ENTITY: &str = phrase("No entity");

/// Key, label and detail of a finding's group; `None` if there are no groups.
fn group_of(finding: &Finding, by: GroupBy) -> Option<(String, String, String)> {
    match by {
        GroupBy::Nothing => None,
        GroupBy::Detector => Some((finding.detector.clone(), finding.title.clone(), finding.detector.clone())),
        GroupBy::Entity => {
            let values: Vec<&str> = finding.group.iter().filter_map(|(_, value)| value.as_deref()).collect();
            let (label, detail) = match values.split_first() {
                None => (NO_ENTITY.to_owned(), String::new()),
                Some((first, others)) => ((*first).to_owned(), others.join(" · ")),
            };
            // No value holds what parts them.
            Some((format!("{label}\u{0}{detail}"), label, detail))
        }
    }
}

/// Puts findings, which are sorted worst first, into the lines of the list.
pub fn arranged(findings: &[Finding], muted: &Muted, wanted: &Wanted) -> Arranged {
    let mut it = Arranged::default();
    let words: Vec<String> = wanted.text.split_whitespace().map(str::to_lowercase).collect();
    let mut cells: BTreeMap<usize, (Cell, BTreeMap<String, Cell>)> = BTreeMap::new();
    // Groups in the order of their first findings, so the worst first.
    let mut members: Vec<(String, Vec<Line>)> = Vec::new();
    let mut places_of: HashMap<String, usize> = HashMap::new();
    for finding in findings.iter().filter(|finding| holds(finding, &words)) {
        let severity = severity_of(finding);
        let has_severity = wanted.severities.is_empty() || wanted.severities.contains(&severity);
        let has_attack = wanted.attack.as_ref().is_none_or(|attack| is_of(finding, attack));
        if muted.holds(finding) {
            if has_severity && has_attack {
                it.muted.push(finding.id.clone());
            }
            continue;
        }
        if has_severity {
            add_to_matrix(&mut cells, &mut it.matrix.without, finding, severity);
        }
        if !has_attack {
            continue;
        }
        it.counts[severity as usize] += 1;
        if !has_severity {
            continue;
        }
        it.count += 1;
        let Some((key, label, detail)) = group_of(finding, wanted.group_by) else {
            it.lines.push(Line::Finding(finding.id.clone()));
            continue;
        };
        let place = *places_of.entry(key.clone()).or_insert_with(|| {
            let is_closed = wanted.closed.contains(&key);
            it.groups.insert(key.clone(), Group { label, detail, count: 0, worst: severity, is_closed });
            members.push((key.clone(), Vec::new()));
            members.len() - 1
        });
        if let Some(group) = it.groups.get_mut(&key) {
            group.count += 1;
        }
        members[place].1.push(Line::Finding(finding.id.clone()));
    }
    for (key, lines) in members {
        let is_closed = wanted.closed.contains(&key);
        it.lines.push(Line::Group(key));
        it.lines.extend(lines.into_iter().filter(|_| !is_closed));
    }
    let columns = cells.into_iter().filter_map(|(place, (cell, techniques))| {
        Some(Tactic { id: TACTICS.get(place)?.0, cell, techniques: techniques.into_iter().collect() })
    });
    it.matrix.tactics = columns.collect();
    it
}

fn add_to_matrix(
    cells: &mut BTreeMap<usize, (Cell, BTreeMap<String, Cell>)>,
    without: &mut usize,
    finding: &Finding,
    severity: Severity,
) {
    let places = places(finding);
    *without += usize::from(places.is_empty());
    for (tactic, techniques) in places {
        let Some(place) = TACTICS.iter().position(|(id, _)| *id == tactic) else { continue };
        let (cell, of_techniques) = cells.entry(place).or_default();
        cell.add(severity);
        for id in techniques {
            of_techniques.entry(id.to_owned()).or_default().add(severity);
        }
    }
}

impl FindingsView {
    /// Of these findings and marks, grouped as the last time.
    pub fn start(findings: RwSignal<Vec<Finding>>, case: RwSignal<Case>) -> FindingsView {
        let group_by = storage::recall(REMEMBERED_AS).and_then(|name| GroupBy::from_name(&name)).unwrap_or_default();
        let wanted = RwSignal::new(Wanted { group_by, ..Wanted::default() });
        let muted = Memo::new(move |_| case.with(Muted::by));
        let arranged = Memo::new(move |_| {
            findings.with(|findings| muted.with(|muted| wanted.with(|wanted| arranged(findings, muted, wanted))))
        });
        FindingsView { wanted, open: RwSignal::new(None), has_muted: RwSignal::new(false), arranged }
    }

    /// Puts findings together by something else.
    pub fn group_by(&self, group_by: GroupBy) {
        storage::remember(REMEMBERED_AS, group_by.name());
        self.wanted.update(|wanted| *wanted = Wanted { group_by, closed: HashSet::new(), ..wanted.clone() });
    }

    /// Wants a severity, or wants it no more.
    pub fn toggle_severity(&self, severity: Severity) {
        self.wanted.update(|wanted| match wanted.severities.contains(&severity) {
            true => wanted.severities.retain(|known| *known != severity),
            false => wanted.severities.push(severity),
        });
    }

    /// Wants one tactic or technique only; all again, if it is the one that is wanted.
    pub fn toggle_attack(&self, id: &str) {
        self.wanted.update(|wanted| {
            wanted.attack = (wanted.attack.as_deref() != Some(id)).then(|| id.to_owned());
        });
    }

    /// Closes or opens a group.
    pub fn toggle_group(&self, key: &str) {
        self.wanted.update(|wanted| {
            if !wanted.closed.remove(key) {
                wanted.closed.insert(key.to_owned());
            }
        });
    }

    /// Wants all findings, put together as they are.
    pub fn want_everything(&self) {
        self.wanted.update(|wanted| *wanted = Wanted { group_by: wanted.group_by, ..Wanted::default() });
    }
}

impl App {
    /// The finding with this id, if it is there.
    pub fn finding(&self, id: &str) -> Option<Finding> {
        self.findings.with_untracked(|all| all.iter().find(|finding| finding.id == id).cloned())
    }

    /// The finding whose events are shown is open; another one that the user opens is open alone.
    pub(super) fn keep_open(&self) {
        let app = *self;
        Effect::new(move |_| {
            if let Some(id) = app.chosen.with(|chosen| chosen.as_ref().map(|finding| finding.id.clone())) {
                app.findings_view.open.set(Some(id));
            }
        });
    }

    /// Shows the events of a finding, and it in full; again, neither.
    pub fn toggle_finding(&self, id: &str) {
        let is_chosen = self.chosen.with_untracked(|chosen| chosen.as_ref().is_some_and(|chosen| chosen.id == id));
        if is_chosen {
            self.findings_view.open.set(None);
        }
        self.choose_finding((!is_chosen).then(|| id.to_owned()));
    }

    /// The findings of the list, as the user sees them from top to bottom: their ids.
    pub(super) fn listed_findings(&self) -> Vec<String> {
        self.findings_view.arranged.with_untracked(|arranged| {
            let of_finding = |line: &Line| if let Line::Finding(id) = line { Some(id.clone()) } else { None };
            arranged.lines.iter().filter_map(of_finding).collect()
        })
    }
}

#[cfg(test)]
mod tests;
