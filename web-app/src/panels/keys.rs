//! The list of keys.

use crate::command::key_list;
use crate::kit::drawer::Drawer;
use crate::state::App;
use leptos::prelude::*;

/// The panel.
#[component]
pub fn KeysPanel() -> impl IntoView {
    let app = App::of_page();
    let lines = key_list()
        .into_iter()
        .map(|(keys, label)| {
            view! {
                <div class="key-line">
                    <dt>{keys}</dt>
                    <dd>{label}</dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <Drawer title="Keys" on_close=Callback::new(move |()| app.close_side())>
            <dl class="keys">{lines}</dl>
        </Drawer>
    }
}
