//! How the page tells what it tells: the zone of times, whether they are dates, and the language.

use crate::kit::drawer::Drawer;
use crate::kit::format::{exact, timed};
use crate::kit::words::{Language, tr, tr_with};

use crate::platform::zones;
use crate::state::language::languages;
use crate::state::{App, Phase, Telling, Zone};
use leptos::prelude::*;

const ZONE_ID: &str = "zone";
const ZONES_ID: &str = "zones";
const LANGUAGE_ID: &str = "language";

/// The panel.
#[component]
pub fn DisplayPanel() -> impl IntoView {
    let app = App::of_page();
    view! {
        <Drawer title=tr("Display") on_close=Callback::new(move |()| app.close_side())>
            <div class="display" id="display">
                <ZoneChoice />
                <TellingChoice />
                <p class="faint">
                    {tr("Times on the page follow. What leaves it keeps UTC: exports, reports, copies, links and saved notes.")}
                </p>
                <LanguageChoice />
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
    let here = zones::local().map(|name| tr_with("This computer’s: {}", &[&name]));
    view! {
        <section aria-labelledby="zone-title">
            <h3 id="zone-title">{tr("Time zone")}</h3>
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
                    {here.unwrap_or_else(|| tr("This computer’s").to_owned())}
                </button>
            </div>
            <label for=ZONE_ID>{tr("Any zone, by its name")}</label>
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
                {move || is_wrong.get().then(|| tr("This browser knows no such zone."))}
            </p>
            <Show when=move || !chosen(&Zone::Utc)>
                <p class="faint" id="search-is-utc">{tr("Times that you type in the search stay UTC.")}</p>
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
            <h3 id="telling-title">{tr("Times")}</h3>
            <div class="switch" role="group" aria-labelledby="telling-title">
                {choice(Telling::Dates, "telling-dates", tr("Date and time"))}
                {choice(Telling::BeforeLast, "telling-before", tr("Before the last event"))}
            </div>
            <Show when=move || first().is_some()>
                <p>{tr("The first event:")} " " <span title=move || first().map(exact)>{move || first().map(timed)}</span></p>
            </Show>
            <Show when=move || app.display.telling.get() == Telling::BeforeLast>
                <p class="faint">
                    {move || match app.phase.get() {
                        Phase::Loaded => tr("Point at a time to see its date. The timeline keeps dates."),
                        _ => tr("Counted from the last event of all files, once these are read."),
                    }}
                </p>
            </Show>
        </section>
    }
}

/// In which language the page speaks.
#[component]
fn LanguageChoice() -> impl IntoView {
    let app = App::of_page();
    let option = |language: &'static Language| {
        view! {
            <option value=language.tag lang=language.tag selected=move || app.language.chosen.get() == language.tag>
                {language.name}
            </option>
        }
    };
    view! {
        <section aria-labelledby="language-title">
            <h3 id="language-title">{tr("Language")}</h3>
            <select
                id=LANGUAGE_ID
                aria-labelledby="language-title"
                on:change=move |event| app.choose_language(&event_target_value(&event))
            >
                {languages().map(option).collect_view()}
            </select>
            <p class="faint">{tr("Rules, plugins, exports and reports stay in English.")}</p>
        </section>
    }
}
