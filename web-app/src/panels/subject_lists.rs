//! The lists on the page of a subject: values with their counts, services over time, findings.

use super::subject::PageButton;
use crate::client::FieldPortrait;
use crate::kit::bars::{Bars, Layer, Look};
use crate::kit::format::{count, counted, percent, visible};
use crate::kit::histogram::SmallBars;
use crate::kit::more::More;
use crate::kit::words::{tr, tr_known, tr_with};
use crate::protocol::Finding;
use crate::state::{App, Known};
use analyzer_core::predicate::quote;
use analyzer_core::view::subject::Subject;
use leptos::prelude::*;

/// So many values are shown at first.
const AT_FIRST: usize = 6;

/// The heading of a field.
fn heading(field: &'static str) -> &'static str {
    match field {
        "eventSource" => tr("Services"),
        "eventName" => tr("Calls"),
        "errorCode" => tr("Errors"),
        "awsRegion" => tr("Regions"),
        "sourceIPAddress" => tr("Addresses"),
        "userAgent" => tr("User agents"),
        "principal" => tr("Identities"),
        "userIdentity.accessKeyId" => tr("Access keys"),
        "userIdentity.arn" => tr("Sessions and users"),
        "recipientAccountId" => tr("Accounts"),
        "userIdentity.sessionContext.sessionIssuer.arn" => tr("Roles"),
        other => other,
    }
}

/// A value as it is shown.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    /// Untrusted text, as it is.
    value: String,
    count: u64,
    /// How much of the subject's events, in percent.
    part: f64,
    /// No event of anybody else has it.
    is_only_here: bool,
}

fn lines(known: &Known, field: &str) -> Option<(Vec<Line>, FieldPortrait)> {
    let portrait = known.portrait.fields.iter().find(|portrait| portrait.field == field)?;
    let all = known.portrait.overview.matching.max(1) as f64;
    let line = |(value, share): &(String, analyzer_core::view::share::Share)| Line {
        value: value.clone(),
        count: share.count,
        part: (share.count as f64 * 100.0 / all).min(100.0),
        is_only_here: share.is_only_here(),
    };
    Some((portrait.values.iter().map(line).collect(), portrait.clone()))
}

/// The most frequent values of a field.
#[component]
pub fn ValueList(
    /// Name of the field.
    field: &'static str,
    /// Whose page it is.
    subject: Subject,
) -> impl IntoView {
    let app = App::of_page();
    let is_whole = RwSignal::new(false);
    let told =
        Memo::new(move |_| app.subjects.known.with(|known| known.as_ref().and_then(|known| lines(known, field))));
    let number = move || told.with(|told| told.as_ref().map_or(0, |(lines, _)| lines.len()));
    let distinct = move || {
        let of = |portrait: &FieldPortrait| {
            let about = if portrait.distinct.is_exact { "" } else { "≈ " };
            format!("{about}{}", count(portrait.distinct.count))
        };
        told.with(|told| told.as_ref().map(|(_, portrait)| of(portrait)))
    };
    let shown = move || {
        let most = if is_whole.get() { usize::MAX } else { AT_FIRST };
        told.get().map(|(lines, _)| lines.into_iter().take(most).collect::<Vec<_>>()).unwrap_or_default()
    };
    let more = move || number().saturating_sub(AT_FIRST);
    let query = StoredValue::new(subject.query);
    let line = move |line: Line| value_line(app, field, line, query.get_value());
    view! {
        <section class="subject-list" data-field=field class:hidden=move || number() == 0 aria-label=heading(field)>
            <h3>{heading(field)} <span class="faint">{distinct}</span></h3>
            <ul>{move || shown().into_iter().map(line).collect_view()}</ul>
            <More is_whole rest=Signal::derive(more) />
        </section>
    }
}

fn value_line(app: App, field: &'static str, line: Line, query: String) -> impl IntoView {
    let Line { value, count: events, part, is_only_here } = line;
    let text = visible(&value);
    let both = format!("{query} AND {field}={}", quote(&value));
    let subject = Subject::named(field, &value);
    let label = subject.as_ref().map(|subject| tr_with("Page of {} {}", &[tr(subject.kind), &text]));
    let events_label = tr_with("{} with {}", &[&counted(events, "event", "events"), &text]);
    view! {
        <li class="subject-line">
            <button
                class="plain value-pick"
                aria-label=label
                title=format!("{text}\n{}", tr("Open its page"))
                on:click=move |_| {
                    if let Some(subject) = &subject {
                        app.look_at(subject.clone());
                    }
                }
            >
                <span class="value-bar" style:width=format!("{part:.2}%") />
                <span class="value-text">{text.clone()}</span>
            </button>
            <span class="subject-only">{is_only_here.then(|| tr("only here"))}</span>
            <button
                class="plain small subject-events"
                aria-label=events_label
                title=tr("Show these events")
                on:click=move |_| app.follow(both.clone())
            >
                {count(events)}
            </button>
        </li>
    }
}

/// The services that were called most, each over time.
#[component]
pub fn ServiceTimes(
    /// Whose page it is.
    subject: Subject,
) -> impl IntoView {
    let app = App::of_page();
    let charts = Memo::new(move |_| app.subjects.known.with(|known| known.as_ref().map(services).unwrap_or_default()));
    let tallest = Memo::new(move |_| {
        charts.with(|all| all.iter().flat_map(|(_, bars)| &bars.layers).flat_map(|layer| &layer.counts).copied().max())
    });
    // With one service this is the timeline above.
    let is_needed = move || subject.field != "eventSource" && charts.with(Vec::len) > 1;
    let row = move |(name, bars): (String, Bars)| {
        let text = visible(&name);
        let sum: u64 = bars.layers.iter().flat_map(|layer| &layer.counts).sum();
        let page = Subject::named("eventSource", &name).map(|subject| view! { <PageButton subject /> });
        view! {
            <li class="service-line">
                <span class="service-name" title=text.clone()>
                    {text.clone()}
                </span>
                <SmallBars
                    bars=Signal::derive(move || bars.clone())
                    tallest=Signal::derive(move || tallest.get().unwrap_or(0))
                    theme=app.theme.changes
                />
                <span class="service-count">{count(sum)}</span>
                {page}
            </li>
        }
    };
    view! {
        <section class="subject-list wide" class:hidden=move || !is_needed() aria-label=tr("Services over time")>
            <h3>{tr("Services over time")}</h3>
            <ul>{move || charts.get().into_iter().map(row).collect_view()}</ul>
        </section>
    }
}

fn services(known: &Known) -> Vec<(String, Bars)> {
    let Some(course) = &known.course else { return Vec::new() };
    let chart = |(name, counts): &(String, Vec<u64>)| {
        let layer = Layer { label: tr_with("of {}", &[&visible(name)]), look: Look::Plain, counts: counts.clone() };
        let bars = Bars { from_ms: course.buckets.start_ms, step_ms: course.buckets.bucket_ms, layers: vec![layer] };
        (name.clone(), bars)
    };
    course.services.of_values.iter().map(chart).collect()
}

/// The findings that rest on its events.
#[component]
pub fn FindingList() -> impl IntoView {
    let app = App::of_page();
    let is_whole = RwSignal::new(false);
    let all = Memo::new(move |_| {
        app.subjects.known.with(|known| known.as_ref().map(|known| known.findings.clone()).unwrap_or_default())
    });
    let number = move || all.with(Vec::len);
    let shown = move || {
        let most = if is_whole.get() { usize::MAX } else { AT_FIRST };
        all.with(|all| all.iter().take(most).cloned().collect::<Vec<_>>())
    };
    let more = move || number().saturating_sub(AT_FIRST);
    let line = move |(finding, events): (Finding, u64)| {
        let severity = format!("severity {}", finding.severity);
        let evidence =
            tr_with("{} of {} events, {}", &[&count(events), &count(finding.count), &percent(events, finding.count)]);
        let (word, title) = (tr_known(&finding.severity), visible(&finding.title));
        view! {
            <li class="subject-finding">
                <button
                    class="plain finding-pick"
                    title=tr("Show the events of this finding")
                    on:click=move |_| app.choose_finding(Some(finding.id.clone()))
                >
                    <span class=severity>{word}</span>
                    <span class="finding-name">{title}</span>
                    <span class="faint">{evidence}</span>
                </button>
            </li>
        }
    };
    view! {
        <section
            class="subject-list wide"
            id="subject-findings"
            class:hidden=move || number() == 0
            aria-label=tr("Findings about it")
        >
            <h3>{tr("Findings that rest on its events")} <span class="faint">{move || count(number() as u64)}</span></h3>
            <ul>{move || shown().into_iter().map(line).collect_view()}</ul>
            <More is_whole rest=Signal::derive(more) />
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::TOLD;
    use analyzer_core::view::subject::kind_of;

    #[test]
    fn every_list_has_a_heading_and_leads_on() {
        for field in TOLD {
            assert_ne!(heading(field), field);
            assert!(kind_of(field).is_some(), "{field}");
        }
    }
}
