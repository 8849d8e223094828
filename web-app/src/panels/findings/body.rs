//! One finding in full: what found it, what it means, its events, and what the user thinks of it.

use super::filters::attack_text;
use crate::kit::format::{count, exact, time, visible};
use crate::kit::words::{tr, tr_with};
use crate::panels::marks::{Edit, MarkEditor, Star};
use crate::protocol::{Finding, RuleCard};
use crate::state::{App, Marked, Origin};
use analyzer_core::event::EventRow;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// So many events are shown at first, and so many more with each click.
const EVENTS: usize = 8;

/// Everything below the finding's line.
#[component]
pub fn FindingBody(
    /// The finding.
    finding: Finding,
) -> impl IntoView {
    let app = App::of_page();
    let origin = RwSignal::new(None::<Origin>);
    let detector = finding.detector.clone();
    spawn_local(async move {
        let known = app.origin(&detector).await;
        // The finding may be closed by now.
        origin.try_set(Some(known));
    });
    let about = Marked::Finding(finding.id.clone());
    let false_positives = texts(tr("What else could explain it"), &finding.false_positives);
    let attack = attack(app, &finding);
    let group = finding.group.iter().map(|(name, value)| {
        let value = value.as_deref().map_or_else(|| "–".to_owned(), visible);
        view! {
            <dt>{visible(name)}</dt>
            <dd>{value}</dd>
        }
    });
    let group = group.collect_view();
    let detector = visible([finding.detector.as_str(), " ", finding.version.as_str()].concat().trim_end());
    let kept = StoredValue::new(finding.clone());
    let edit = Callback::new(move |edit: Edit| {
        kept.with_value(|finding| app.marks.change_finding(finding, |it| edit.apply(&mut it.mark)));
    });
    view! {
        <div class="finding-body">
            <Actions finding=finding.clone() />
            <dl class="finding-facts">
                {group}
                <dt>{tr("Detector")}</dt>
                <dd>{detector}</dd>
                <dt>{tr("Origin")}</dt>
                <dd>{move || origin.with(|origin| origin.as_ref().map_or_else(|| "…".to_owned(), origin_text))}</dd>
                {attack}
            </dl>
            {move || origin.with(|origin| description(origin.as_ref()))}
            {false_positives}
            <Evidence finding />
            {move || origin.with(|origin| references(origin.as_ref()))}
            <MarkEditor about on_edit=edit />
        </div>
    }
}

fn origin_text(origin: &Origin) -> String {
    match origin {
        Origin::Plugin(name, path) => tr_with("Your plugin {} ({})", &[&visible(name), &visible(path)]),
        Origin::Rule(RuleCard { place: Some(place), .. }) => tr_with("Your rule, {}", &[&visible(place)]),
        Origin::Rule(_) => tr("A bundled rule").to_owned(),
        Origin::Unknown => tr("Unknown").to_owned(),
    }
}

fn description(origin: Option<&Origin>) -> AnyView {
    match origin {
        Some(Origin::Rule(card)) if !card.description.trim().is_empty() => {
            view! { <p class="finding-text" lang="en">{visible(card.description.trim())}</p> }.into_any()
        }
        _ => ().into_any(),
    }
}

/// Addresses are texts, not links: a click must not tell anybody what is looked at.
fn references(origin: Option<&Origin>) -> AnyView {
    match origin {
        Some(Origin::Rule(card)) => texts(tr("References"), &card.references),
        _ => ().into_any(),
    }
}

fn texts(heading: &'static str, texts: &[String]) -> AnyView {
    if texts.is_empty() {
        return ().into_any();
    }
    view! {
        <h3>{heading}</h3>
        <ul class="finding-texts" lang="en">{texts.iter().map(|text| view! { <li>{visible(text)}</li> }).collect_view()}</ul>
    }
    .into_any()
}

/// Its tactics and techniques: a click lists only findings of one.
fn attack(app: App, finding: &Finding) -> AnyView {
    let ids: Vec<String> = finding.tactics.iter().chain(&finding.techniques).cloned().collect();
    if ids.is_empty() {
        return ().into_any();
    }
    let line = |id: String| {
        let text = visible(&attack_text(&id));
        view! {
            <li>
                <button
                    class="link"
                    title=tr("List only findings of it")
                    on:click=move |_| app.findings_view.wanted.update(|wanted| wanted.attack = Some(id.clone()))
                >
                    {text}
                </button>
            </li>
        }
    };
    view! {
        <dt>"ATT&CK"</dt>
        <dd>
            <ul>{ids.into_iter().map(line).collect_view()}</ul>
        </dd>
    }
    .into_any()
}

#[component]
fn Actions(finding: Finding) -> impl IntoView {
    let app = App::of_page();
    let id = StoredValue::new(finding.id.clone());
    let detector = finding.detector.clone();
    let finding = StoredValue::new(finding);
    let is_shown = move || app.chosen.with(|chosen| chosen.as_ref().is_some_and(|c| id.with_value(|id| c.id == *id)));
    let is_muted = move || {
        let of = |id: &String| app.marks.case.with(|case| case.findings.get(id).is_some_and(|mark| mark.muted));
        id.with_value(of)
    };
    let is_detector_muted =
        Memo::new(move |_| app.marks.case.with(|case| case.muted_detectors.contains_key(&detector)));
    view! {
        <div class="finding-actions">
            <button
                class="small"
                on:click=move |_| app.choose_finding((!is_shown()).then(|| id.get_value()))
            >
                {move || if is_shown() { tr("Show all events") } else { tr("Show its events") }}
            </button>
            <button
                class="small"
                title=tr("Mute this finding (m)")
                on:click=move |_| finding.with_value(|finding| app.mute(finding))
            >
                {move || if is_muted() { tr("Unmute") } else { tr("Mute") }}
            </button>
            <button
                class="small"
                title=tr("Mute all findings of its detector")
                on:click=move |_| finding.with_value(|finding| app.mute_detector(finding))
            >
                {move || if is_detector_muted.get() { tr("Unmute its detector") } else { tr("Mute its detector") }}
            </button>
        </div>
    }
}

/// The first of its events.
#[component]
fn Evidence(finding: Finding) -> impl IntoView {
    let app = App::of_page();
    let (all, most) = (finding.count, RwSignal::new(EVENTS));
    let rows = RwSignal::new(None::<Vec<EventRow>>);
    Effect::new(move |_| {
        let (most, finding) = (most.get(), finding.clone());
        spawn_local(async move {
            if let Some(found) = app.evidence(&finding, most).await {
                rows.try_set(Some(found));
            }
        });
    });
    let shown = move || rows.with(|rows| rows.as_ref().map_or(0, Vec::len)) as u64;
    let lines = move || rows.with(|rows| rows.clone().unwrap_or_default());
    view! {
        <h3>{tr("Evidence")}</h3>
        <ol class="evidence">
            <For each=lines key=|row| row.event_id.clone() let:row>
                <EvidenceLine row />
            </For>
        </ol>
        <Show when=move || rows.with(Option::is_none)>
            <p class="faint">"…"</p>
        </Show>
        <Show when=move || { shown() > 0 && shown() < all }>
            <p class="evidence-more faint">
                {move || format!("{} ", tr_with("{} of {} events", &[&count(shown()), &count(all)]))}
                <button class="link" on:click=move |_| most.update(|most| *most += 5 * EVENTS)>
                    {tr("Show more")}
                </button>
            </p>
        </Show>
    }
}

#[component]
fn EvidenceLine(row: EventRow) -> impl IntoView {
    let app = App::of_page();
    let name = visible(row.event_name.as_deref().unwrap_or(tr("Event")));
    let (when, who) = (row.time_ms.map_or_else(|| tr("no time").to_owned(), time), visible(&row.principal));
    let exactly = row.time_ms.map(exact);
    let error = row.error_code.as_deref().map(visible);
    let about = Marked::Event(row.event_id.clone());
    let what = format!("{name}, {when}");
    let row = StoredValue::new(row);
    view! {
        <li class="evidence-line">
            <button class="plain evidence-open" title=tr("Open this event") on:click=move |_| app.open_row(row.get_value())>
                <span class="evidence-time" title=exactly>{when}</span>
                <span class="evidence-name">{name}</span>
                <span class="evidence-who">{who} " " <span class="bad">{error}</span></span>
            </button>
            <Star
                about
                what
                in_order=Signal::stored(true)
                on_star=Callback::new(move |()| row.with_value(|row| app.marks.star_event(row)))
            />
        </li>
    }
}
