//! The list of fields from which one is added to what is shown.

use crate::kit::words::tr;
use analyzer_core::field::Field;
use leptos::prelude::*;

/// A list of fields; one that is chosen is added.
#[component]
pub fn AddField(
    /// The id of the list.
    id: &'static str,
    /// What it adds.
    label: &'static str,
    /// What its first line says.
    first: &'static str,
    /// The fields that are not shown yet.
    offered: Signal<Vec<&'static Field>>,
    /// Called with the name of the chosen one.
    on_add: Callback<String>,
) -> impl IntoView {
    view! {
        <div class="values-add">
            <select
                id=id
                aria-label=label
                prop:value=move || {
                    // Back to its first line whenever a field comes or goes.
                    offered.track();
                    ""
                }
                on:change=move |event| on_add.run(event_target_value(&event))
            >
                <option value="">{first}</option>
                <For each=move || offered.get() key=|field| field.name let:field>
                    <option value=field.name title=tr(field.doc)>
                        {field.name}
                    </option>
                </For>
            </select>
        </div>
    }
}
