//! From one event on to what belongs to it: all that its subjects did, or that was done to them, and what happened around it.

use super::subject::PageButton;
use crate::kit::format::visible;
use crate::kit::section::Section;
use crate::protocol::Subject;
use crate::state::App;
use analyzer_core::view::subject;
use leptos::prelude::*;

/// The subjects of an event, and the minutes around it if it has a time.
#[component]
pub fn Follow(
    /// Who and what the event is about.
    subjects: Vec<Subject>,
    /// When it happened, in milliseconds since 1970.
    time_ms: Option<i64>,
    /// Whether they show.
    is_open: RwSignal<bool>,
) -> impl IntoView {
    let app = App::of_page();
    let around = time_ms.map(|ms| {
        view! {
            <li class="follow-line">
                <span class="follow-kind">"Time"</span>
                <button
                    class="plain follow-pick"
                    id="around"
                    title="Show all events of these minutes, and what is unusual about them"
                    on:click=move |_| app.look_around(ms)
                >
                    "Five minutes around it"
                </button>
            </li>
        }
    });
    let subject = move |Subject { kind, field, value, query }: Subject| {
        let text = visible(&value);
        let page = subject::Subject::named(&field, &value).map(|subject| view! { <PageButton subject /> });
        view! {
            <li class="follow-line">
                <span class="follow-kind">{kind.clone()}</span>
                <button
                    class="plain follow-pick"
                    aria-label=format!("Follow {kind} {text}")
                    title=format!("{text}\nShow all events with it")
                    on:click=move |_| app.follow(query.clone())
                >
                    {text.clone()}
                </button>
                {page}
            </li>
        }
    };
    view! {
        <Section title="Follow" id="follow" is_open>
            <ul>{subjects.into_iter().map(subject).collect_view()} {around}</ul>
        </Section>
    }
}
