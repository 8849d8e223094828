//! The list of keys.

use crate::command::{COMMANDS, Entry, Group};
use crate::kit::drawer::Drawer;
use crate::kit::words::tr;
use crate::state::App;
use leptos::prelude::*;

/// The panel.
#[component]
pub fn KeysPanel() -> impl IntoView {
    let app = App::of_page();
    view! {
        <Drawer title=tr("Keys") on_close=Callback::new(move |()| app.close_side())>
            {Group::ALL.into_iter().map(section).collect_view()}
        </Drawer>
    }
}

fn section(group: Group) -> impl IntoView {
    let lines = COMMANDS.iter().filter(|entry| entry.group == group && !entry.shown_keys().is_empty()).map(line);
    view! {
        <section class="keys" role="group" aria-label=group.label()>
            <h3>{group.label()}</h3>
            <dl>{lines.collect_view()}</dl>
        </section>
    }
}

fn line(entry: &Entry) -> impl IntoView {
    let keys = entry.shown_keys().into_iter().map(|key| view! { <kbd>{key}</kbd> }).collect_view();
    view! {
        <div class="key-line">
            <dt>{keys}</dt>
            <dd>{tr(entry.label)}</dd>
        </div>
    }
}
