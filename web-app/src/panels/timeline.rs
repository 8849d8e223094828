//! How many events matched when, and the filters that are in force.

use super::layers::{Legend, bars};
use super::timeline_marks::FindingMarks;
use crate::command::Command;
use crate::kit::format::{count, counted, counted_with, dated, visible};
use crate::kit::histogram::Histogram;
use crate::kit::words::{tr, tr_with};
use crate::protocol::Checking;
use crate::state::{App, SPLITTING};
use leptos::prelude::*;

/// Id of the list of fields that split the timeline, for those who move the focus to it.
pub const SPLIT_ID: &str = "split";

/// The timeline.
#[component]
pub fn TimelinePanel() -> impl IntoView {
    let app = App::of_page();
    let range_text = move || {
        let (from, to) = app.filter.with(|f| f.range)?;
        Some(format!("{} – {}", dated(from), dated(to)))
    };
    let finding_text = move || app.chosen.with(|c| c.as_ref().map(|c| visible(&c.title)));
    let drawn = Memo::new(move |_| app.chart.course.with(|course| course.as_ref().map(bars).unwrap_or_default()));
    view! {
        <section class="timeline" aria-label=tr("Timeline")>
            <div class="timeline-head">
                <span class="timeline-count" id="matching">
                    {move || counted(app.matching.get(), "event", "events")}
                </span>
                <span class="timeline-checking" id="checking" role="status">
                    {move || checking_text(app.checking.get())}
                </span>
                <Chip text=range_text what=tr("Take the time range away") on_remove=move || app.set_range(None) />
                <Chip text=finding_text what=tr("Show all events") on_remove=move || app.choose_finding(None) />
                <span class="timeline-end">
                    <button
                        class="small"
                        disabled=move || app.filter.with(|f| f.is_empty())
                        title=tr("Show all events again (x)")
                        on:click=move |_| app.run(Command::ClearFilter)
                    >
                        {tr("Clear filters")}
                    </button>
                </span>
            </div>
            <div class="layers">
                <SplitChoice />
                <Legend />
            </div>
            <FindingMarks bars=drawn />
            <Histogram
                bars=drawn
                theme=app.theme.changes
                pointer=app.chart.pointer
                on_gesture=Callback::new(move |gesture| app.move_in_time(gesture))
            />
        </section>
    }
}

/// By what the bars are split.
#[component]
fn SplitChoice() -> impl IntoView {
    let app = App::of_page();
    let chosen = move || app.chart.split.get().map_or("", |field| field.name);
    // A link can name another one.
    let offered = move || {
        let other = app.chart.split.get().map(|field| field.name).filter(|name| !SPLITTING.contains(name));
        SPLITTING.into_iter().chain(other).collect::<Vec<_>>()
    };
    view! {
        <select
            id=SPLIT_ID
            class="small"
            aria-label=tr("Split the timeline by")
            title=tr("Split the timeline by a field (l)")
            on:change=move |event| app.split_by(&event_target_value(&event))
        >
            <option value="" selected=move || chosen().is_empty()>
                {tr("Success and error")}
            </option>
            <For each=offered key=|name| *name let:name>
                <option value=name selected=move || chosen() == name>
                    {name}
                </option>
            </For>
        </select>
    }
}

/// How far the search is; nothing if every event is known to match or not.
pub fn checking_text(checking: Checking) -> Option<String> {
    let Checking { events, open, is_running } = checking;
    if is_running {
        return Some(counted_with(
            events,
            "checking {1} of {0} event",
            "checking {1} of {0} events",
            &[&count(events.saturating_sub(open))],
        ));
    }
    (open > 0).then(|| {
        let events = counted(open, "event", "events");
        tr_with("{} could not be checked: their files have changed or cannot be read", &[&events])
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use analyzer_core::field::{Field, find};

    #[test]
    fn every_offered_field_can_split() {
        assert!(SPLITTING.iter().all(|name| find(name).is_some_and(Field::is_counted)));
    }

    #[test]
    fn says_how_far_the_search_is() {
        let check = |events, open, is_running, expected: Option<&str>| {
            assert_eq!(checking_text(Checking { events, open, is_running }).as_deref(), expected);
        };
        check(0, 0, false, None);
        check(10_000, 10_000, true, Some("checking 0 of 10,000 events"));
        check(10_000, 6_800, true, Some("checking 3,200 of 10,000 events"));
        check(10_000, 0, false, None);
        check(9, 1, false, Some("1 event could not be checked: their files have changed or cannot be read"));
    }
}
