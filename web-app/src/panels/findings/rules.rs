//! The user's rules: how many run, how far they are, and which were refused.

use crate::kit::format::{counted, visible};
use crate::kit::words::{tr, tr_with};
use crate::state::App;
use leptos::prelude::*;

/// The line; nothing without such rules.
#[component]
pub fn OwnRules() -> impl IntoView {
    let app = App::of_page();
    let has_any = move || app.rule_files.with(|files| !files.is_empty());
    let line = move || {
        let (rules, files) = (app.rules.with(|rules| rules.titles.len()), app.rule_files.with(Vec::len));
        let running = if app.rules_seen.get().is_running { tr("; logs are read again for them…") } else { "" };
        let (rules, files) = (counted(rules as u64, "rule", "rules"), counted(files as u64, "file", "files"));
        tr_with("{} of yours from {}{}", &[&rules, &files, running])
    };
    let refused = move || {
        let item = |text: &String| view! { <li>{visible(text)}</li> };
        app.rules.with(|rules| rules.refused.iter().map(item).collect_view())
    };
    let refusals = move || app.rules.with(|rules| rules.refused.len());
    view! {
        <Show when=has_any>
            <section class="own-rules" id="own-rules" aria-label=tr("Your rules") aria-live="polite">
                <p>
                    {line} " "
                    <button class="plain small" on:click=move |_| app.forget_rules()>
                        {tr("Remove")}
                    </button>
                </p>
                <Show when=move || { refusals() > 0 }>
                    <details open=true>
                        <summary>{move || tr_with("{} refused", &[&refusals().to_string()])}</summary>
                        <ul class="refused-rules">{refused}</ul>
                    </details>
                </Show>
            </section>
        </Show>
    }
}
