//! What the detections found, worst first. A finding that is clicked shows its events.

use crate::command::Command;
use crate::kit::format::{count, counted, time, visible};
use crate::protocol::Finding;
use crate::state::{App, Phase};
use leptos::prelude::*;

/// How many findings the list shows at once; the next ones come with a button.
const AT_ONCE: usize = 500;

/// The list.
#[component]
pub fn FindingsPanel() -> impl IntoView {
    let app = App::of_page();
    let number = move || app.findings.with(Vec::len);
    // A plugin may find more than a page can draw.
    let shown = RwSignal::new(AT_ONCE);
    let at_once = move || app.findings.with(|all| all.iter().take(shown.get()).cloned().collect::<Vec<_>>());
    let more = move || number().saturating_sub(shown.get());
    let none = move || match app.phase.get() {
        Phase::Loading => "Detections report when all files are read.",
        _ => "The bundled rules found nothing in these logs.",
    };
    view! {
        <section class="findings" aria-label="Findings">
            <h2 class="findings-head">
                "Findings"
                <span class="findings-count" id="findings-count">
                    {move || count(number() as u64)}
                </span>
            </h2>
            <Show when=move || { number() > 0 } fallback=move || view! { <p class="findings-none">{none}</p> }>
                <ol class="findings-list" id="findings">
                    <For each=at_once key=|finding| finding.id.clone() let:finding>
                        <li>
                            <FindingItem finding />
                        </li>
                    </For>
                </ol>
                <Show when=move || { more() > 0 }>
                    <button class="more" on:click=move |_| shown.update(|shown| *shown += AT_ONCE)>
                        {move || format!("Show more of {}", counted(more() as u64, "finding", "findings"))}
                    </button>
                </Show>
            </Show>
            <OwnRules />
            <PluginsLine />
        </section>
    }
}

/// The way to the user's plugins.
#[component]
fn PluginsLine() -> impl IntoView {
    let app = App::of_page();
    let word = move || match app.plugins.with(Vec::len) {
        0 => "Plugins…".to_owned(),
        number => counted(number as u64, "plugin", "plugins"),
    };
    view! {
        <p class="findings-plugins">
            <button class="plain small" id="show-plugins" title="Plugins (p)" on:click=move |_| app.run(Command::ShowPlugins)>
                {word}
            </button>
        </p>
    }
}

/// The user's rules: how many run, how far they are, and which were refused.
#[component]
fn OwnRules() -> impl IntoView {
    let app = App::of_page();
    let has_any = move || app.rule_files.with(|files| !files.is_empty());
    let line = move || {
        let (rules, files) = (app.rules.with(|rules| rules.titles.len()), app.rule_files.with(Vec::len));
        let running = if app.rules_seen.get().is_running { "; logs are read again for them…" } else { "" };
        format!(
            "{} of yours from {}{running}",
            counted(rules as u64, "rule", "rules"),
            counted(files as u64, "file", "files")
        )
    };
    let refused = move || {
        let item = |text: &String| view! { <li>{visible(text)}</li> };
        app.rules.with(|rules| rules.refused.iter().map(item).collect_view())
    };
    let refusals = move || app.rules.with(|rules| rules.refused.len());
    view! {
        <Show when=has_any>
            <section class="own-rules" id="own-rules" aria-label="Your rules" aria-live="polite">
                <p>
                    {line} " "
                    <button class="plain small" on:click=move |_| app.forget_rules()>
                        "Remove"
                    </button>
                </p>
                <Show when=move || { refusals() > 0 }>
                    <details open=true>
                        <summary>{move || format!("{} refused", refusals())}</summary>
                        <ul class="refused-rules">{refused}</ul>
                    </details>
                </Show>
            </section>
        </Show>
    }
}

#[component]
fn FindingItem(finding: Finding) -> impl IntoView {
    let app = App::of_page();
    let id = StoredValue::new(finding.id.clone());
    let is_chosen = move || app.chosen.with(|c| c.as_ref().is_some_and(|c| id.with_value(|id| c.id == *id)));
    let severity = finding.severity.clone();
    let when = when(&finding);
    let (title, why) = (visible(&finding.title), visible(&finding.why));
    let events = counted(finding.count, "event", "events");
    view! {
        <button
            class="finding"
            data-id=finding.id.clone()
            aria-pressed=move || if is_chosen() { "true" } else { "false" }
            on:click=move |_| app.choose_finding((!is_chosen()).then(|| finding.clone()))
        >
            <span class="finding-top">
                <span class=format!("severity {severity}")>{capitalised(&severity)}</span>
                <span class="faint">{events}</span>
            </span>
            <span class="finding-title">{title}</span>
            <span class="finding-why">{why}</span>
            <span class="finding-when">{when}</span>
        </button>
    }
}

fn when(finding: &Finding) -> String {
    let text = |ms: Option<i64>| ms.map_or_else(|| "no time".to_owned(), time);
    if finding.first_ms == finding.last_ms {
        return format!("{} UTC", text(finding.first_ms));
    }
    format!("{} – {} UTC", text(finding.first_ms), text(finding.last_ms))
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
