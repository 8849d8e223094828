//! Which findings are listed, and by what they are put together.

use crate::kit::format::count;
use crate::kit::words::{tr, tr_with};
use crate::state::App;
use crate::state::findings::GroupBy;
use analyzer_core::detect::techniques::{tactic_name, technique};
use analyzer_core::detect::{SEVERITIES, Severity};
use leptos::prelude::*;

/// The name of a tactic or technique with its id, as far as it is known.
pub fn attack_text(id: &str) -> String {
    match tactic_name(id).or_else(|| technique(id).map(|it| it.name.to_owned())) {
        Some(name) => format!("{id} {name}"),
        None => id.to_owned(),
    }
}

/// The filters.
#[component]
pub fn Filters() -> impl IntoView {
    let view = App::of_page().findings_view;
    let attack = move || view.wanted.with(|wanted| wanted.attack.clone());
    view! {
        <div class="findings-filters">
            <div class="findings-severities" role="group" aria-label=tr("Severities")>
                {SEVERITIES.into_iter().rev().map(|severity| view! { <SeverityToggle severity /> }).collect_view()}
            </div>
            <div class="findings-narrow">
                <input
                    type="search"
                    id="findings-text"
                    class="field"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder=tr("Filter findings")
                    aria-label=tr("Filter findings")
                    prop:value=move || view.wanted.with(|wanted| wanted.text.clone())
                    on:input=move |event| view.wanted.update(|wanted| wanted.text = event_target_value(&event))
                />
                <GroupChoice />
            </div>
            <Show when=move || attack().is_some()>
                <button
                    class="chip"
                    id="findings-attack"
                    title=tr("Show findings of all techniques")
                    on:click=move |_| view.wanted.update(|wanted| wanted.attack = None)
                >
                    <span class="chip-text">{move || attack().map(|id| attack_text(&id))}</span>
                    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                        <path d="M4 4l8 8M12 4l-8 8" />
                    </svg>
                </button>
            </Show>
        </div>
    }
}

/// What stands on a small button.
fn short(severity: Severity) -> &'static str {
    match severity {
        Severity::Informational => tr("Info"),
        Severity::Low => tr("Low"),
        Severity::Medium => tr("Med"),
        Severity::High => tr("High"),
        Severity::Critical => tr("Crit"),
    }
}

#[component]
fn SeverityToggle(severity: Severity) -> impl IntoView {
    let view = App::of_page().findings_view;
    let number = move || view.arranged.with(|it| it.counts[severity as usize]) as u64;
    let is_wanted = move || view.wanted.with(|wanted| wanted.severities.contains(&severity));
    view! {
        <button
            class="severity-toggle"
            data-severity=severity.name()
            aria-pressed=move || if is_wanted() { "true" } else { "false" }
            aria-label=move || tr_with("{} {}, {} findings", &[short(severity), &count(number()), tr(severity.name())])
            disabled=move || number() == 0 && !is_wanted()
            on:click=move |_| view.toggle_severity(severity)
        >
            <span class=format!("severity {severity}")>{short(severity)}</span>
            " "
            <span class="severity-count">{move || count(number())}</span>
        </button>
    }
}

#[component]
fn GroupChoice() -> impl IntoView {
    let view = App::of_page().findings_view;
    let label = |group_by: GroupBy| match group_by {
        GroupBy::Nothing => tr("No groups"),
        GroupBy::Detector => tr("By detector"),
        GroupBy::Entity => tr("By entity"),
    };
    view! {
        <select
            id="findings-groups"
            aria-label=tr("Group findings")
            on:change=move |event| {
                if let Some(chosen) = GroupBy::from_name(&event_target_value(&event)) {
                    view.group_by(chosen);
                }
            }
        >
            {GroupBy::ALL
                .into_iter()
                .map(|group_by| {
                    view! {
                        <option
                            value=group_by.name()
                            selected=move || view.wanted.with(|wanted| wanted.group_by == group_by)
                        >
                            {label(group_by)}
                        </option>
                    }
                })
                .collect_view()}
        </select>
    }
}
