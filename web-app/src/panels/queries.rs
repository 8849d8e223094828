//! Searches to come back to: saved ones, those of this tab, and ready-made ones.

use super::ready_made::{READY_MADE, ReadyMade};
use crate::kit::drawer::Drawer;
use crate::kit::format::{shortened, visible};
use crate::kit::words::{tr, tr_with};
use crate::platform::page;
use crate::protocol::SavedQuery;
use crate::state::App;
use leptos::prelude::*;

/// Id of the lists, for those who move the focus to them.
pub const QUERIES_ID: &str = "queries";
/// Id of the box for a name.
pub const SAVE_ID: &str = "save-name";
/// So many searches of this tab are shown.
const RECENT: usize = 20;
/// A name that is offered is cut after so many characters.
const NAME: usize = 60;

/// The panel.
#[component]
pub fn QueriesPanel() -> impl IntoView {
    let app = App::of_page();
    let saved = Memo::new(move |_| app.queries.saved());
    let recent = move || app.queries.history.with(|all| all.iter().take(RECENT).cloned().collect::<Vec<_>>());
    view! {
        <Drawer title=tr("Searches") on_close=Callback::new(move |()| app.close_side())>
            <div id=QUERIES_ID class="queries" tabindex="-1">
                <SaveForm />
                <section aria-label=tr("Saved searches")>
                    <h3>{tr("Saved")}</h3>
                    <ul id="saved-queries">
                        {move || saved.get().into_iter().map(|query| saved_line(app, query)).collect_view()}
                    </ul>
                    <Show when=move || saved.with(Vec::is_empty)>
                        <p class="faint queries-none">
                            {tr("None yet. They can hold values of your logs, so they last as long as this tab, unless you save your notes.")}
                        </p>
                    </Show>
                </section>
                <Show when=move || app.queries.history.with(|all| !all.is_empty())>
                    <section aria-label=tr("Searches of this tab")>
                        <h3>{tr("Of this tab")}</h3>
                        <ul id="recent-queries">
                            {move || recent().into_iter().map(|query| line(app, None, query)).collect_view()}
                        </ul>
                    </section>
                </Show>
                <section aria-label=tr("Ready-made searches")>
                    <h3>{tr("Ready-made")}</h3>
                    <ul id="ready-made">
                        {READY_MADE
                            .iter()
                            .map(|ReadyMade { title, query }| line(app, Some(tr(title).to_owned()), (*query).to_owned()))
                            .collect_view()}
                    </ul>
                </section>
            </div>
        </Drawer>
    }
}

/// Gives the search of now a name.
#[component]
fn SaveForm() -> impl IntoView {
    let app = App::of_page();
    let name = RwSignal::new(String::new());
    let query = move || app.filter.with(|filter| filter.query.trim().to_owned());
    let proposed = move || match query() {
        empty if empty.is_empty() => tr("Search for something to save it").to_owned(),
        query => shortened(&visible(&query), NAME),
    };
    let save = move || {
        let typed = name.get_untracked();
        let typed = if typed.trim().is_empty() { untrack(proposed) } else { typed };
        app.queries.save(&typed, &untrack(query));
        name.set(String::new());
    };
    view! {
        <div class="queries-save">
            <input
                id=SAVE_ID
                type="text"
                autocomplete="off"
                spellcheck="false"
                aria-label=tr("Name for the search of now")
                placeholder=proposed
                prop:value=name
                on:input=move |event| name.set(event_target_value(&event))
                on:keydown=move |event| {
                    if event.key() == "Enter" {
                        save();
                    }
                }
            />
            <button id="save-query" disabled=move || query().is_empty() on:click=move |_| save()>
                {tr("Save")}
            </button>
        </div>
    }
}

fn saved_line(app: App, saved: SavedQuery) -> impl IntoView {
    let SavedQuery { name, query } = saved;
    let label = tr_with("Forget {}", &[&visible(&name)]);
    let key = name.clone();
    view! {
        <li class="query-line">
            {pick(app, Some(name), query)}
            <button
                class="plain values-remove"
                aria-label=label
                title=tr("Forget this search")
                on:click=move |_| {
                    app.queries.forget(&key);
                    page::focus(SAVE_ID);
                }
            >
                <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                    <path d="M4 4l8 8M12 4l-8 8" />
                </svg>
            </button>
        </li>
    }
}

fn line(app: App, title: Option<String>, query: String) -> impl IntoView {
    view! { <li class="query-line">{pick(app, title, query)}</li> }
}

/// A search that is picked takes the place of the one in the box.
fn pick(app: App, title: Option<String>, query: String) -> impl IntoView {
    let text = visible(&query);
    let is_current = {
        let query = query.clone();
        move || app.filter.with(|filter| filter.query == query)
    };
    view! {
        <button
            class="plain query-pick"
            class:current=is_current.clone()
            aria-current=move || is_current().then_some("true")
            title=format!("{text}\n{}", tr("Search for it"))
            on:click=move |_| app.set_query(query.clone())
        >
            {title.map(|title| view! { <span class="query-title">{visible(&title)}</span> })}
            <code class="query-text">{text.clone()}</code>
        </button>
    }
}
