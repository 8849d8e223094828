//! How many events matched when, and the filters that are in force.

use crate::command::Command;
use crate::kit::format::{counted, time, visible};
use crate::kit::histogram::Histogram;
use crate::state::App;
use leptos::prelude::*;

/// The timeline.
#[component]
pub fn TimelinePanel() -> impl IntoView {
    let app = App::of_page();
    let range_text = move || {
        let (from, to) = app.filter.with(|f| f.range)?;
        Some(format!("{} – {}", time(from), time(to)))
    };
    let finding_text = move || app.chosen.with(|c| c.as_ref().map(|c| visible(&c.title)));
    view! {
        <section class="timeline" aria-label="Timeline">
            <div class="timeline-head">
                <span class="timeline-count" id="matching">
                    {move || counted(app.matching.get(), "event", "events")}
                </span>
                <Chip text=range_text what="Take the time range away" on_remove=move || app.set_range(None) />
                <Chip text=finding_text what="Show all events" on_remove=move || app.choose_finding(None) />
                <span class="timeline-end">
                    <span class="legend">"Succeeded"</span>
                    <span class="legend marked">"With an error"</span>
                    <button
                        class="small"
                        disabled=move || app.filter.with(|f| f.is_empty()) && app.chosen.with(Option::is_none)
                        title="Show all events again (x)"
                        on:click=move |_| app.run(Command::ClearFilter)
                    >
                        "Clear filters"
                    </button>
                </span>
            </div>
            <Histogram
                bars=app.timeline
                theme=app.theme.changes
                marked="with an error"
                on_range=Callback::new(move |range| app.set_range(Some(range)))
            />
        </section>
    }
}

/// A filter in force, with a way to take it away.
#[component]
fn Chip<T, F>(text: T, what: &'static str, on_remove: F) -> impl IntoView
where
    T: Fn() -> Option<String> + Copy + Send + Sync + 'static,
    F: Fn() + Copy + Send + Sync + 'static,
{
    view! {
        <Show when=move || text().is_some()>
            <button class="chip" title=what on:click=move |_| on_remove()>
                <span class="chip-text">{text}</span>
                <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                    <path d="M4 4l8 8M12 4l-8 8" />
                </svg>
            </button>
        </Show>
    }
}
