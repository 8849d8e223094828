//! What the detections say of one event.

use crate::kit::format::{counted, visible};
use crate::kit::section::Section;
use crate::kit::words::{tr, tr_known, tr_with};
use crate::state::App;
use leptos::prelude::*;

/// So many findings are listed: an event can be evidence of many.
const MOST: usize = 20;

/// The findings that name an event.
#[component]
pub fn OnEvent(
    /// Its id.
    event_id: String,
    /// Whether they show.
    is_open: RwSignal<bool>,
) -> impl IntoView {
    let app = App::of_page();
    // Titles and ids only: that of which a finding consists can be large.
    let found = Memo::new(move |_| {
        let named = |all: &Vec<crate::protocol::Finding>| {
            let named = all.iter().filter(|finding| finding.event_ids.names(&event_id));
            named
                .map(|finding| (finding.id.clone(), finding.title.clone(), finding.severity.clone(), finding.count))
                .collect::<Vec<_>>()
        };
        app.findings.with(named)
    });
    let open = move |id: String| {
        app.choose_finding(Some(id));
        app.close_side();
    };
    let line = move |(id, title, severity, count): (String, String, String, u64)| {
        view! {
            <li class="on-event">
                <span class=format!("severity {severity}")>{tr_known(&severity)}</span>
                <button class="plain follow-pick" title=tr("Show the events of this finding") on:click=move |_| open(id.clone())>
                    {visible(&title)}
                </button>
                <span class="faint">{counted(count, "event", "events")}</span>
            </li>
        }
    };
    let more = move || {
        let more = found.with(Vec::len).saturating_sub(MOST);
        (more > 0).then(|| view! { <li class="faint">{tr_with("and {} more", &[&more.to_string()])}</li> })
    };
    view! {
        <Show when=move || found.with(|found| !found.is_empty())>
            <Section title=tr("Findings") id="on-event" is_open>
                <ul>
                    {move || found.with(|found| found.iter().take(MOST).cloned().map(line).collect_view())}
                    {more}
                </ul>
            </Section>
        </Show>
    }
}
