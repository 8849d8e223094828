//! One event in full: in a sentence, what matters at a glance, where one can go on from it, what the detections say of it,
//! and its record.

use super::copying::offer_copies;
use super::follow::Follow;
use super::marks::EventMark;
use super::on_event::OnEvent;
use super::record::{Record, Tab};
use super::why::Why;
use crate::kit::drawer::Drawer;
use crate::kit::format::{exact, timed, visible};
use crate::kit::words::tr;
use crate::platform::page;
use crate::state::language::told;
use crate::state::{App, Opened};
use leptos::prelude::*;

/// What the user has opened, whichever event it is.
#[derive(Clone, Copy)]
pub struct Looks {
    tab: RwSignal<Tab>,
    follow: RwSignal<bool>,
    findings: RwSignal<bool>,
    why: RwSignal<bool>,
}

impl Looks {
    /// The record as a tree, and everything that there is to say of it.
    pub fn start() -> Looks {
        Looks {
            tab: RwSignal::new(Tab::Tree),
            follow: RwSignal::new(true),
            findings: RwSignal::new(true),
            why: RwSignal::new(true),
        }
    }
}

/// The drawer.
#[component]
pub fn DetailPanel() -> impl IntoView {
    let app = App::of_page();
    let looks = expect_context::<Looks>();
    let title = move || {
        app.opened.with(|o| match o {
            Some(o) => visible(o.row.event_name.as_deref().unwrap_or(tr("Event"))),
            None => tr("Event").to_owned(),
        })
    };
    let body = move || {
        app.opened.with(|opened| match opened {
            Some(opened) => content(app, opened, looks),
            None => view! { <p class="detail-wait">{tr("Reading the event again from its file…")}</p> }.into_any(),
        })
    };
    view! {
        <Drawer title=Signal::derive(title) on_close=Callback::new(move |()| app.close_side())>
            {body}
        </Drawer>
    }
}

fn content(app: App, opened: &Opened, looks: Looks) -> AnyView {
    let Looks { tab, follow, findings, why } = looks;
    let row = &opened.row;
    let fact = |label: &'static str, value: Option<String>| {
        value.map(|value| {
            view! {
                <dt>{label}</dt>
                <dd>{visible(&value)}</dd>
            }
        })
    };
    let reread = opened.reread.as_ref().ok();
    let file = reread.map(|reread| reread.path.clone());
    let sentence = reread.and_then(|reread| reread.sentence.as_ref()).map(|said| visible(&told(said)));
    let subjects = reread.map(|reread| reread.subjects.clone()).unwrap_or_default();
    let tests = reread.map(|reread| reread.why.clone()).unwrap_or_default();
    let raw = opened.reread.as_ref().map(|reread| reread.raw.clone()).map_err(told);
    let (query, has_tests) = (opened.query.clone(), !tests.is_empty());
    // Of another search it is not known why the event matches, nor whether it does.
    let is_explained = Memo::new(move |_| has_tests && app.filter.with(|filter| filter.query == query));
    view! {
        <div class="detail" id="detail">
            <p class="detail-sentence" id="sentence">{sentence}</p>
            <div class="detail-tools">
                <button
                    class="small"
                    id="copy-opened"
                    title=tr("Copy the event (y)")
                    aria-haspopup="menu"
                    on:click=move |_| offer_copies(app, Some(page::corner_of("copy-opened")))
                >
                    {tr("Copy as")}
                </button>
            </div>
            <dl class="detail-facts">
                <dt>{tr("Time")}</dt>
                <dd id="detail-time" title=row.time_ms.map(exact)>{row.time_ms.map_or_else(|| tr("no time").to_owned(), timed)}</dd>
                {fact(tr("Who"), Some(row.principal.clone()))} {fact(tr("From"), row.source_address.clone())}
                {fact(tr("Service"), row.event_source.clone())} {fact(tr("Region"), row.region.clone())}
                {fact(tr("Account"), row.account.clone())} {fact(tr("Error"), row.error_code.clone())}
                {fact(tr("Event id"), Some(row.event_id.clone()))} {fact(tr("File"), file)}
            </dl>
            <EventMark row=row.clone() />
            <OnEvent event_id=row.event_id.clone() is_open=findings />
            <Follow subjects time_ms=row.time_ms is_open=follow />
            <Show when=move || is_explained.get()>
                <Why tests=tests.clone() is_open=why />
            </Show>
            <Record raw tab />
        </div>
    }
    .into_any()
}
