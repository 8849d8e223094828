//! What a plugin may take, for those who want to change that.

use crate::kit::words::{tr, tr_with};
use crate::state::{App, Kept, kept_limits};
use leptos::prelude::*;

/// The limits of a plugin, closed until somebody asks for them.
#[component]
pub fn PluginLimits(
    /// The plugin's number on this page.
    number: u32,
) -> impl IntoView {
    let app = App::of_page();
    let changed = Memo::new(move |_| app.of_plugin(number, |plugin| plugin.changed_limits()).unwrap_or_default());
    let note = move || match changed.get() {
        0 => String::new(),
        changed => tr_with("{} changed", &[&changed.to_string()]),
    };
    let kept = kept_limits().into_iter().enumerate();
    view! {
        <details class="plugin-limits">
            <summary>{tr("Limits")} " " <span class="faint">{note}</span></summary>
            <p class="plugin-help">
                {tr("What it may take before it is stopped. A change holds from the next run on, one of time at once.")}
            </p>
            {kept.map(|(place, kept)| view! { <LimitInput number place kept /> }).collect_view()}
        </details>
    }
}

#[component]
fn LimitInput(number: u32, place: usize, kept: Kept) -> impl IntoView {
    let app = App::of_page();
    let typed = Memo::new(move |_| {
        app.of_plugin(number, |plugin| plugin.typed_limits.get(place).cloned()).flatten().unwrap_or_default()
    });
    let is_wrong = Memo::new(move |_| app.of_plugin(number, |plugin| plugin.limit(place).is_none()) == Some(true));
    let Kept { limit, bounds } = kept;
    let id = format!("plugin-{number}-limit-{}", limit.name);
    let help = format!("{id}-help");
    let about = tr_with("{}; {} by default", &[tr(limit.what), &limit.written(limit.default())]);
    let (least, most) = (limit.written(*bounds.start()), limit.written(*bounds.end()));
    let wrong = move || {
        is_wrong.get().then(|| format!(" {}", tr_with("It takes a whole number from {} to {}.", &[&least, &most])))
    };
    view! {
        <div class="plugin-option">
            <label for=id.clone()>{limit.name}</label>
            <input
                type="text"
                id=id
                class="plugin-limit"
                autocomplete="off"
                spellcheck="false"
                aria-describedby=help.clone()
                aria-invalid=move || if is_wrong.get() { "true" } else { "false" }
                prop:value=move || typed.get()
                on:change=move |event| app.set_limit(number, place, event_target_value(&event))
            />
            <p class="plugin-help" id=help>
                {about}
                <span class="plugin-wrong">{wrong}</span>
            </p>
        </div>
    }
}
