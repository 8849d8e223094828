//! How the page tells what it tells: the zone of times, and whether they are dates.

use crate::kit::drawer::Drawer;
use crate::kit::format::{exact, timed};
use crate::platform::zones;
use crate::state::{App, Phase, Telling, Zone};
use leptos::prelude::*;

const ZONE_ID: &str = "zone";
const ZONES_ID: &str = "zones";

/// The panel.
#[component]
pub fn DisplayPanel() -> impl IntoView {
    let app = App::of_page();
    view! {
        <Drawer title="Display" on_close=Callback::new(move |()| app.close_side())>
            <div class="display" id="display">
                <ZoneChoice />
                <TellingChoice />
                <p class="faint">
                    "Times on the page follow. What leaves it keeps UTC: exports, reports, copies, links and saved notes."
                </p>
            </div>
        </Drawer>
    }
}

/// UTC, this computer's zone, or any other by its name.
#[component]
fn ZoneChoice() -> impl IntoView {
    let app = App::of_page();
    let is_wrong = RwSignal::new(false);
    let named = move || match app.display.zone.get() {
        Zone::Named(name) => Some(name),
        _ => None,
    };
    let chosen = move |zone: &Zone| app.display.zone.with(|it| it == zone);
    let choose = move |name: String| match Zone::from_name(&name) {
        Some(zone) => app.choose_zone(zone),
        None => is_wrong.set(true),
    };
    let here = zones::local().map(|name| format!("This computer’s: {name}"));
    view! {
        <section aria-labelledby="zone-title">
            <h3 id="zone-title">"Time zone"</h3>
            <div class="switch" role="group" aria-labelledby="zone-title">
                <button
                    class="small"
                    id="zone-utc"
                    aria-pressed=move || if chosen(&Zone::Utc) { "true" } else { "false" }
                    on:click=move |_| app.choose_zone(Zone::Utc)
                >
                    "UTC"
                </button>
                <button
                    class="small"
                    id="zone-local"
                    aria-pressed=move || if chosen(&Zone::Local) { "true" } else { "false" }
                    on:click=move |_| app.choose_zone(Zone::Local)
                >
                    {here.unwrap_or_else(|| "This computer’s".to_owned())}
                </button>
            </div>
            <label for=ZONE_ID>"Any zone, by its name"</label>
            <input
                id=ZONE_ID
                type="text"
                autocomplete="off"
                spellcheck="false"
                list=ZONES_ID
                aria-describedby="zone-problem"
                aria-invalid=move || if is_wrong.get() { "true" } else { "false" }
                placeholder="Europe/Berlin"
                prop:value=move || named().unwrap_or_default()
                on:input=move |_| is_wrong.set(false)
                on:change=move |event| choose(event_target_value(&event))
            />
            <datalist id=ZONES_ID>
                {zones::all().into_iter().map(|name| view! { <option value=name /> }).collect_view()}
            </datalist>
            <p id="zone-problem" class="display-problem" role="status">
                {move || is_wrong.get().then_some("This browser knows no such zone.")}
            </p>
            <Show when=move || !chosen(&Zone::Utc)>
                <p class="faint" id="search-is-utc">"Times that you type in the search stay UTC."</p>
            </Show>
        </section>
    }
}

/// Dates, or how long before the last event.
#[component]
fn TellingChoice() -> impl IntoView {
    let app = App::of_page();
    let choice = move |telling: Telling, id: &'static str, label: &'static str| {
        view! {
            <button
                class="small"
                id=id
                aria-pressed=move || if app.display.telling.get() == telling { "true" } else { "false" }
                on:click=move |_| app.choose_telling(telling)
            >
                {label}
            </button>
        }
    };
    let first = move || app.span.get().map(|(first, _)| first);
    view! {
        <section aria-labelledby="telling-title">
            <h3 id="telling-title">"Times"</h3>
            <div class="switch" role="group" aria-labelledby="telling-title">
                {choice(Telling::Dates, "telling-dates", "Date and time")}
                {choice(Telling::BeforeLast, "telling-before", "Before the last event")}
            </div>
            <Show when=move || first().is_some()>
                <p>"The first event: " <span title=move || first().map(exact)>{move || first().map(timed)}</span></p>
            </Show>
            <Show when=move || app.display.telling.get() == Telling::BeforeLast>
                <p class="faint">
                    {move || match app.phase.get() {
                        Phase::Loaded => "Point at a time to see its date. The timeline keeps dates.",
                        _ => "Counted from the last event of all files, once these are read.",
                    }}
                </p>
            </Show>
        </section>
    }
}
