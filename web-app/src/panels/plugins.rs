//! The user's plugins: what each is, what it asks for, and whether it runs.

use super::plugin_card::CardView;
use crate::kit::drawer::Drawer;
use crate::kit::format::{count, counted, visible};
use crate::platform::files::take_picked;
use crate::protocol::Line;
use crate::state::{App, Plugin, Standing};
use leptos::html;
use leptos::prelude::*;

/// The most seconds that a call may be given: an hour.
const MOST_SECONDS: u64 = 3600;

/// The panel.
#[component]
pub fn PluginsPanel() -> impl IntoView {
    let app = App::of_page();
    let input = NodeRef::<html::Input>::new();
    let pick = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let picked = move |_| {
        if let Some(input) = input.get_untracked() {
            app.add_files(take_picked(&input));
        }
    };
    let numbers = move || app.plugins.with(|all| all.iter().map(|plugin| plugin.number).collect::<Vec<u32>>());
    view! {
        <Drawer title="Plugins" on_close=Callback::new(move |()| app.close_side())>
            <div class="prose">
                <p class="prose-lead">
                    "A plugin is a WebAssembly file that looks for something in your events. It works in this tab, in a
                    worker of its own that has no network, and sees only what it asks for. Drop one on the page or choose
                    it; it runs when you say so."
                </p>
                <button id="choose-plugin" on:click=pick>
                    "Choose a plugin…"
                </button>
                <input
                    type="file"
                    multiple
                    accept=".wasm"
                    id="choose-plugin-input"
                    class="picker"
                    aria-label="Plugin files"
                    node_ref=input
                    on:change=picked
                />
            </div>
            <ul class="plugins" id="plugins" aria-label="Your plugins">
                <For each=numbers key=|number| *number let:number>
                    <PluginItem number />
                </For>
            </ul>
        </Drawer>
    }
}

#[component]
fn PluginItem(number: u32) -> impl IntoView {
    let app = App::of_page();
    // Only what changed is drawn anew: an input that is typed in stays.
    let part = move |plugins: &[Plugin]| plugins.iter().find(|plugin| plugin.number == number).cloned();
    let of = move || app.plugins.with(|all| part(all));
    let path = of().map(|plugin| visible(&plugin.path)).unwrap_or_default();
    let card = Memo::new(move |_| of().and_then(|plugin| plugin.card));
    let standing = Memo::new(move |_| of().map(|plugin| plugin.standing));
    let is_busy = Memo::new(move |_| of().is_some_and(|plugin| plugin.is_busy()));
    let is_stale = Memo::new(move |_| of().is_some_and(|plugin| plugin.is_stale));
    let found = Memo::new(move |_| of().map_or(0, |plugin| plugin.findings.len()));
    let status = move || standing.get().map(|standing| status(standing, found.get(), is_stale.get()));
    let id = move || card.get().map(|card| card.profile.id);
    view! {
        <li class="plugin" data-plugin=id aria-busy=move || if is_busy.get() { "true" } else { "false" }>
            <p class="plugin-file">{path}</p>
            {move || card.get().map(|card| view! { <CardView number card /> })}
            <p class="plugin-status" role="status">
                {status}
            </p>
            <PluginProgress standing />
            <PluginTrouble number />
            <Show when=move || standing.get() != Some(Standing::Refused)>
                <PluginTime number />
            </Show>
            <PluginButtons number standing is_busy />
            <PluginLog number />
        </li>
    }
}

fn status(standing: Standing, found: usize, is_stale: bool) -> String {
    let found = counted(found as u64, "finding", "findings");
    let judged = |events: u64| counted(events, "event", "events");
    match standing {
        Standing::Loading => "It is compiled and asked what it is…".to_owned(),
        Standing::Ready => "It has not run.".to_owned(),
        Standing::Refused => "It cannot run.".to_owned(),
        Standing::Selecting => "Events are selected for it…".to_owned(),
        Standing::Running(_, 0) => "It begins…".to_owned(),
        Standing::Running(events, all) => format!("It judges: {} of {}, {found}…", count(events), judged(all)),
        Standing::Done(events) if is_stale => {
            format!("It judged {}: {found}. The events have changed since: run it again.", judged(events))
        }
        Standing::Done(events) => format!("It judged {}: {found}.", judged(events)),
        Standing::Stopped => format!("It was stopped: {found} before that."),
    }
}

#[component]
fn PluginProgress(standing: Memo<Option<Standing>>) -> impl IntoView {
    let share = move || match standing.get() {
        Some(Standing::Running(events, all)) if all > 0 => Some(events as f64 / all as f64 * 100.0),
        _ => None,
    };
    view! {
        <Show when=move || share().is_some()>
            <div
                class="plugin-progress"
                role="progressbar"
                aria-label="Events judged"
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow=move || share().unwrap_or_default() as u64
            >
                <div class="progress-done" style:width=move || format!("{}%", share().unwrap_or_default()) />
            </div>
        </Show>
    }
}

#[component]
fn PluginTrouble(number: u32) -> impl IntoView {
    let app = App::of_page();
    let trouble = Memo::new(move |_| {
        app.plugins.with(|all| all.iter().find(|plugin| plugin.number == number).and_then(|p| p.trouble.clone()))
    });
    view! {
        <div role="alert">
            {move || {
                trouble
                    .get()
                    .map(|trouble| {
                        view! {
                            <p class="plugin-trouble">{visible(&trouble.text)}</p>
                            {trouble.hint.map(|hint| view! { <p class="plugin-hint">{visible(&hint)}</p> })}
                        }
                    })
            }}
        </div>
    }
}

#[component]
fn PluginTime(number: u32) -> impl IntoView {
    let app = App::of_page();
    let seconds = Memo::new(move |_| {
        app.plugins.with(|all| all.iter().find(|plugin| plugin.number == number).map_or(0, |plugin| plugin.seconds))
    });
    let id = format!("plugin-{number}-seconds");
    view! {
        <p class="plugin-option">
            <label for=id.clone()>"Seconds that a call may take"</label>
            <input
                type="number"
                min="1"
                max=MOST_SECONDS.to_string()
                id=id
                class="plugin-seconds"
                prop:value=move || seconds.get().to_string()
                on:change=move |event| {
                    if let Ok(typed) = event_target_value(&event).parse::<u64>() {
                        app.set_seconds(number, typed.clamp(1, MOST_SECONDS));
                    }
                }
            />
        </p>
    }
}

#[component]
fn PluginButtons(number: u32, standing: Memo<Option<Standing>>, is_busy: Memo<bool>) -> impl IntoView {
    let app = App::of_page();
    let can_run = move || !matches!(standing.get(), None | Some(Standing::Loading | Standing::Refused));
    let is_wrong = move || {
        app.plugins.with(|all| {
            let plugin = all.iter().find(|plugin| plugin.number == number);
            plugin.is_some_and(|plugin| (0..plugin.typed.len()).any(|place| plugin.value(place).is_err()))
        })
    };
    let word = move || match standing.get() {
        Some(Standing::Done(_) | Standing::Stopped) => "Run again",
        _ => "Run",
    };
    view! {
        <div class="plugin-buttons">
            <Show when=move || can_run() && !is_busy.get()>
                <button
                    class="primary small plugin-run"
                    disabled=move || is_wrong() || app.totals.with(|totals| totals.kept == 0)
                    on:click=move |_| app.run_plugin(number)
                >
                    {word}
                </button>
            </Show>
            <Show when=move || is_busy.get()>
                <button class="small plugin-cancel" on:click=move |_| app.cancel_plugin(number)>
                    "Cancel"
                </button>
            </Show>
            <button class="plain small plugin-remove" on:click=move |_| app.remove_plugin(number)>
                "Remove"
            </button>
        </div>
    }
}

#[component]
fn PluginLog(number: u32) -> impl IntoView {
    let app = App::of_page();
    let log = Memo::new(move |_| {
        app.plugins.with(|all| {
            let plugin = all.iter().find(|plugin| plugin.number == number);
            plugin.map(|plugin| (plugin.log.clone(), plugin.log_dropped)).unwrap_or_default()
        })
    });
    let number_of_lines = move || log.with(|(lines, dropped)| lines.len() as u64 + dropped);
    let lines = move || {
        let item = |line: &Line| view! { <li>{format!("{}: {}", line.level, visible(&line.message))}</li> };
        log.with(|(lines, _)| lines.iter().take(LINES_AT_ONCE).map(item).collect_view())
    };
    let left = move || log.with(|(lines, dropped)| lines.len().saturating_sub(LINES_AT_ONCE) as u64 + dropped);
    view! {
        <Show when=move || { number_of_lines() > 0 }>
            <details class="plugin-log">
                <summary>{move || format!("{} logged", counted(number_of_lines(), "line", "lines"))}</summary>
                <ul>{lines}</ul>
                <Show when=move || { left() > 0 }>
                    <p class="faint">{move || format!("{} more", count(left()))}</p>
                </Show>
            </details>
        </Show>
    }
}

/// How many lines of a plugin's log are shown.
const LINES_AT_ONCE: usize = 200;
