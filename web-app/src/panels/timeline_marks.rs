//! Findings on the timeline: those that begin near one another share a mark.

use crate::kit::bars::Bars;
use crate::kit::format::{count, counted, dated, visible, zone};
use crate::kit::marks::{MARK_WIDTH, Mark, Marks};
use crate::kit::words::{tr, tr_known, tr_with};
use crate::protocol::Finding;
use crate::state::App;
use analyzer_core::order;
use leptos::prelude::*;

/// Id of the row, for those who move the focus to it.
pub const MARKS_ID: &str = "marks";
/// So many findings of a mark are named.
const NAMED: usize = 6;

/// Findings at one place; the worst first, as in the list.
type Group = Vec<Finding>;

/// The row.
#[component]
pub fn FindingMarks(
    /// The bars below it.
    #[prop(into)]
    bars: Signal<Bars>,
) -> impl IntoView {
    let app = App::of_page();
    let width = RwSignal::new(0.0_f64);
    let groups = Memo::new(move |_| {
        // Marks that would touch one another are one.
        let near = MARK_WIDTH / width.get().max(MARK_WIDTH);
        bars.with(|bars| app.findings.with(|findings| grouped(bars, findings, near)))
    });
    let marks = Signal::derive(move || {
        let chosen = app.chosen.with(|chosen| chosen.as_ref().map(|finding| finding.id.clone()));
        groups.with(|groups| {
            groups.iter().map(|(place, group)| mark(*place, group, chosen.as_deref())).collect::<Vec<_>>()
        })
    });
    let choose = move |number: usize| {
        let Some((_, group)) = groups.with_untracked(|groups| groups.get(number).cloned()) else { return };
        // Several at one place come apart when their time is looked at; those of one moment are gone through.
        let range = app.filter.with_untracked(|filter| filter.range);
        if let Some(apart) = time_of(&group).filter(|apart| range != Some(*apart)) {
            return app.set_range(Some(apart));
        }
        let chosen = app.chosen.with_untracked(|chosen| chosen.as_ref().map(|finding| finding.id.clone()));
        app.choose_finding(following(&group, chosen.as_deref()).map(|finding| finding.id));
    };
    view! { <Marks id=MARKS_ID label=tr("Findings on the timeline") marks width on_choice=Callback::new(choose) /> }
}

/// Findings by the place where they begin, from the left: those within `near` of the first of a group belong to it. In a
/// group they stand as in the list.
fn grouped(bars: &Bars, findings: &[Finding], near: f64) -> Vec<(f64, Group)> {
    let place = |finding: &Finding| finding.first_ms.filter(|_| !bars.is_empty()).and_then(|ms| bars.place(ms));
    let mut placed: Vec<(f64, usize)> =
        findings.iter().enumerate().filter_map(|(number, finding)| Some((place(finding)?, number))).collect();
    order::sort_by(&mut placed, |a, b| a.0.total_cmp(&b.0));
    let mut groups: Vec<(f64, Vec<usize>)> = Vec::new();
    for (place, number) in placed {
        match groups.last_mut() {
            Some((first, group)) if place - *first < near => group.push(number),
            _ => groups.push((place, vec![number])),
        }
    }
    let in_order = |(place, mut group): (f64, Vec<usize>)| {
        group.sort_unstable();
        (place, group.into_iter().filter_map(|number| findings.get(number).cloned()).collect())
    };
    groups.into_iter().map(in_order).collect()
}

/// The time in which findings begin, start and end, with some room at its sides; nothing if they begin at one moment.
fn time_of(group: &[Finding]) -> Option<(i64, i64)> {
    let times = group.iter().filter_map(|finding| finding.first_ms);
    let (first, last) = (times.clone().min()?, times.max()?);
    let room = ((last - first) / 8).max(1_000);
    (first < last).then_some((first - room, last + room))
}

/// Behind the chosen one comes the next of the group, behind the last one none.
fn following(group: &[Finding], chosen: Option<&str>) -> Option<Finding> {
    let at = group.iter().position(|finding| Some(finding.id.as_str()) == chosen);
    group.get(at.map_or(0, |at| at + 1)).cloned()
}

fn mark(place: f64, group: &[Finding], chosen: Option<&str>) -> Mark {
    let (class, glyph) = look(group.first().map_or("", |worst| &worst.severity));
    let is_chosen = group.iter().any(|finding| Some(finding.id.as_str()) == chosen);
    Mark { place, glyph, class, label: label(group), is_chosen }
}

/// Shapes tell severities apart where colours do not.
fn look(severity: &str) -> (&'static str, &'static str) {
    match severity {
        "critical" => ("critical", "◆"),
        "high" => ("high", "▲"),
        "medium" => ("medium", "■"),
        "low" => ("low", "●"),
        _ => ("informational", "○"),
    }
}

fn label(group: &[Finding]) -> String {
    let line = |finding: &Finding| {
        let at = finding.first_ms.map_or_else(|| tr("no time").to_owned(), |ms| format!("{} {}", dated(ms), zone()));
        format!("{}: {}, {at}", tr_known(&finding.severity), visible(&finding.title))
    };
    let mut lines: Vec<String> = group.iter().take(NAMED).map(line).collect();
    if group.len() > 1 {
        lines.insert(0, tr_with("{} near one another", &[&counted(group.len() as u64, "finding", "findings")]));
    }
    if group.len() > NAMED {
        lines.push(tr_with("and {} more", &[&count((group.len() - NAMED) as u64)]));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::bars::{Layer, Look};
    use crate::protocol::Bytes;

    fn finding(id: &str, severity: &str, first_ms: Option<i64>) -> Finding {
        Finding {
            id: id.to_owned(),
            detector: String::new(),
            version: String::new(),
            title: format!("title {id}"),
            severity: severity.to_owned(),
            tactics: Vec::new(),
            techniques: Vec::new(),
            why: String::new(),
            group: Vec::new(),
            first_ms,
            last_ms: None,
            count: 1,
            event_ids: Bytes::default(),
            false_positives: Vec::new(),
        }
    }

    #[test]
    fn findings_at_one_place_share_a_mark() {
        let layer = Layer { label: "x".to_owned(), look: Look::Plain, counts: vec![1; 100] };
        let bars = Bars { from_ms: 0, step_ms: 1_000, layers: vec![layer] };
        let findings = [
            finding("late", "high", Some(90_000)),
            finding("a", "medium", Some(50_100)),
            finding("b", "low", Some(50_200)),
            finding("outside", "high", Some(200_000)),
            finding("untimed", "high", None),
        ];
        let groups = grouped(&bars, &findings, 0.05);
        let ids: Vec<Vec<&str>> =
            groups.iter().map(|(_, group)| group.iter().map(|finding| finding.id.as_str()).collect()).collect();
        assert_eq!(ids, [vec!["a", "b"], vec!["late"]]);
        let group = &groups[0].1;
        let next = |chosen| following(group, chosen).map(|finding| finding.id);
        assert_eq!((next(None), next(Some("a")), next(Some("b"))), (Some("a".to_owned()), Some("b".to_owned()), None));
        let mark = mark(0.5, group, Some("b"));
        assert_eq!((mark.glyph, mark.class, mark.is_chosen), ("■", "medium", true));
        assert_eq!(
            mark.label,
            "2 findings near one another\nmedium: title a, 1970-01-01 00:00:50.100 UTC\nlow: title b, 1970-01-01 00:00:50.200 UTC"
        );
        assert_eq!((time_of(group), time_of(&groups[1].1)), (Some((49_100, 51_200)), None));
        assert_eq!(label(&groups[1].1), "high: title late, 1970-01-01 00:01:30 UTC");
        assert!(grouped(&Bars::default(), &findings, 0.05).is_empty());
    }
}
