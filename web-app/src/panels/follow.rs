//! From one event on to what belongs to it: all that its subjects did, or that was done to them, and what happened around it.

use super::subject::PageButton;
use crate::kit::format::visible;
use crate::kit::section::Section;
use crate::kit::words::{tr, tr_known, tr_with};
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
                <span class="follow-kind">{tr("Time")}</span>
                <button
                    class="plain follow-pick"
                    id="around"
                    title=tr("Show all events of these minutes, and what is unusual about them")
                    on:click=move |_| app.look_around(ms)
                >
                    {tr("Five minutes around it")}
                </button>
            </li>
        }
    });
    let subject = move |Subject { kind, field, value, query }: Subject| {
        let (kind, text) = (tr_known(&kind), visible(&value));
        let page = subject::Subject::named(&field, &value).map(|subject| view! { <PageButton subject /> });
        view! {
            <li class="follow-line">
                <span class="follow-kind">{kind.clone()}</span>
                <button
                    class="plain follow-pick"
                    aria-label=tr_with("Follow {} {}", &[&kind, &text])
                    title=format!("{text}\n{}", tr("Show all events with it"))
                    on:click=move |_| app.follow(query.clone())
                >
                    {text.clone()}
                </button>
                {page}
            </li>
        }
    };
    view! {
        <Section title=tr("Follow") id="follow" is_open>
            <ul>{subjects.into_iter().map(subject).collect_view()} {around}</ul>
        </Section>
    }
}
