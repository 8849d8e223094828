//! What the user sees.

mod account;
mod add_field;
mod bar;
mod columns;
mod completion;
mod copying;
mod detail;
mod display;
mod drop;
mod events;
mod export;
mod findings;
mod follow;
mod keys;
mod layers;
mod marks;
mod memory;
mod notes;
mod on_event;
mod palette;
mod plugin_card;
mod plugin_limits;
mod plugins;
mod privacy;
mod queries;
mod query;
mod ready_made;
mod record;
mod subject;
mod subject_lists;
mod timeline;
mod timeline_marks;
mod values;
mod why;

pub use copying::{offer_copies, offer_on_event};
pub use export::EXPORT_ID;
pub use findings::MATRIX_ID;
pub use palette::PALETTE_ID;
pub use queries::{QUERIES_ID, SAVE_ID};
pub use query::SEARCH_ID;
pub use subject::SUBJECT_ID;
pub use timeline::SPLIT_ID;
pub use timeline_marks::MARKS_ID;

use crate::command::{Held, for_key};
use crate::kit::menu::Menu;
use crate::kit::words::tr;
use crate::platform::page;
use crate::state::{App, Side};
use leptos::ev::{self, KeyboardEvent};
use leptos::prelude::*;

/// The page.
#[component]
pub fn Page(
    /// The state.
    app: App,
) -> impl IntoView {
    provide_context(app);
    provide_context(detail::Looks::start());
    let over = drop::listen_for_drops(app);
    window_event_listener(ev::keydown, move |event: KeyboardEvent| {
        // A dialog has the keys while it is open.
        if page::has_open_dialog() {
            return;
        }
        if let Some(command) = for_key(&key_of(&event), held(&event), page::focus_kind())
            && app.obeys(command)
        {
            event.prevent_default();
        }
    });
    let has_data = Memo::new(move |_| app.has_data());
    // A setting that changes how everything is drawn takes everything away and draws it from the state. What listens to the
    // window stays.
    view! {
        <For each=move || [app.display.changes.get()] key=|number| *number let:_number>
            <Content over has_data />
        </For>
    }
}

/// All that is drawn.
#[component]
fn Content(over: RwSignal<bool>, has_data: Memo<bool>) -> impl IntoView {
    let app = App::of_page();
    view! {
        <bar::Bar />
        <Show when=move || has_data.get() fallback=|| view! { <Start /> }>
            <Work />
        </Show>
        <Show when=move || over.get()>
            <div class="drop-veil" aria-hidden="true">{tr("Drop to read these files here")}</div>
        </Show>
        <Notice />
        <memory::MemoryDialog />
        <palette::Palette />
        <findings::MatrixDialog />
        <export::ExportDialog />
        <Menu state=app.menu />
    }
}

/// The name of a key; of those that Shift does not rename, one has another meaning with it.
fn key_of(event: &KeyboardEvent) -> String {
    let key = event.key();
    if key == "F10" && event.shift_key() { "Shift+F10".to_owned() } else { key }
}

fn held(event: &KeyboardEvent) -> Held {
    match (event.ctrl_key() ^ event.meta_key(), event.alt_key(), event.ctrl_key() && event.meta_key()) {
        (true, false, _) => Held::Control,
        (false, false, false) => Held::Nothing,
        _ => Held::Other,
    }
}

/// Without data: the welcome page, or what the user wants to know before dropping anything.
#[component]
fn Start() -> impl IntoView {
    let app = App::of_page();
    let has_side =
        move || matches!(app.side.get(), Side::Plugins | Side::Notes | Side::Privacy | Side::Display | Side::Keys);
    view! {
        <div class="work" class:looking=has_side class:alone=move || !has_side()>
            <drop::DropPanel />
            <Show when=has_side>
                <SideColumn />
            </Show>
        </div>
    }
}

/// With data.
#[component]
fn Work() -> impl IntoView {
    let app = App::of_page();
    view! {
        <main
            class="work"
            class:looking=move || app.side.get() != Side::Findings
            class:beside=move || app.values.is_beside()
        >
            <Show when=move || app.values.is_beside()>
                <div class="values-column">
                    <values::ValuesPanel />
                </div>
            </Show>
            <div class="main-column" class:about=move || app.subjects.is_open()>
                <account::AccountStrip />
                <Show when=move || !app.subjects.is_open() fallback=|| view! { <subject::SubjectPage /> }>
                    <timeline::TimelinePanel />
                    <events::EventsPanel />
                </Show>
            </div>
            <SideColumn />
        </main>
    }
}

#[component]
fn SideColumn() -> impl IntoView {
    let app = App::of_page();
    view! {
        <div class="side-column">
            {move || match app.side.get() {
                Side::Findings => view! { <findings::FindingsPanel /> }.into_any(),
                Side::Values => view! { <values::ValuesPanel /> }.into_any(),
                Side::Columns => view! { <columns::ColumnsPanel /> }.into_any(),
                Side::Detail => view! { <detail::DetailPanel /> }.into_any(),
                Side::Account => view! { <account::AccountPanel /> }.into_any(),
                Side::Plugins => view! { <plugins::PluginsPanel /> }.into_any(),
                Side::Notes => view! { <notes::NotesPanel /> }.into_any(),
                Side::Privacy => view! { <privacy::PrivacyPanel /> }.into_any(),
                Side::Queries => view! { <queries::QueriesPanel /> }.into_any(),
                Side::Display => view! { <display::DisplayPanel /> }.into_any(),
                Side::Keys => view! { <keys::KeysPanel /> }.into_any(),
            }}
        </div>
    }
}

/// Something went wrong that no account of a file can tell.
#[component]
fn Notice() -> impl IntoView {
    let app = App::of_page();
    view! {
        <Show when=move || app.notice.with(Option::is_some)>
            <div class="notice" role="alert">
                <span>{move || app.notice.get()}</span>
                <button class="plain small" on:click=move |_| app.notice.set(None)>
                    {tr("Dismiss")}
                </button>
            </div>
        </Show>
    }
}
