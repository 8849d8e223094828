//! The user's plugins: what each is, what it asks for, and whether it runs.

use super::plugin_card::CardView;
use super::plugin_limits::PluginLimits;
use crate::kit::drawer::Drawer;
use crate::kit::format::{count, counted, counted_with, visible};
use crate::kit::words::{tr, tr_with};
use crate::platform::files::take_picked;
use crate::protocol::Line;
use crate::state::{App, Plugin, Standing, kept_limits};
use leptos::html;
use leptos::prelude::*;

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
        <Drawer title=tr("Plugins") on_close=Callback::new(move |()| app.close_side())>
            <div class="prose">
                <p class="prose-lead">
                    {tr("A plugin is a WebAssembly file that looks for something in your events. It works in this tab, in a \
                    worker of its own that has no network, and sees only what it asks for. Drop one on the page or choose \
                    it; it runs when you say so.")}
                </p>
                <button id="choose-plugin" on:click=pick>
                    {tr("Choose a plugin…")}
                </button>
                <input
                    type="file"
                    multiple
                    accept=".wasm"
                    id="choose-plugin-input"
                    class="picker"
                    aria-label=tr("Plugin files")
                    node_ref=input
                    on:change=picked
                />
            </div>
            <ul class="plugins" id="plugins" aria-label=tr("Your plugins")>
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
    let path = app.of_plugin(number, |plugin| visible(&plugin.path)).unwrap_or_default();
    // Only what changed is drawn anew: an input that is typed in stays.
    let card = Memo::new(move |_| app.of_plugin(number, |plugin| plugin.card.clone()).flatten());
    let standing = Memo::new(move |_| app.of_plugin(number, |plugin| plugin.standing));
    let is_busy = Memo::new(move |_| app.of_plugin(number, |plugin| plugin.is_busy()) == Some(true));
    let is_stale = Memo::new(move |_| app.of_plugin(number, |plugin| plugin.is_stale) == Some(true));
    let found = Memo::new(move |_| app.of_plugin(number, |plugin| plugin.findings.len()).unwrap_or_default());
    let may_load_again = Memo::new(move |_| app.of_plugin(number, |plugin| plugin.may_load_again()) == Some(true));
    let can_have_limits = move || standing.get() != Some(Standing::Refused) || may_load_again.get();
    let status = move || standing.get().map(|standing| status(standing, found.get(), is_stale.get()));
    let id = move || card.get().map(|card| card.profile.id);
    view! {
        <li class="plugin" data-plugin=id aria-busy=move || if is_busy.get() { "true" } else { "false" }>
            <p class="plugin-file">{path}</p>
            {move || card.get().map(|card| view! { <CardView number card /> })}
            <Show when=can_have_limits>
                <PluginLimits number />
            </Show>
            <p class="plugin-status" role="status">
                {status}
            </p>
            <PluginProgress standing />
            <PluginTrouble number />
            <PluginButtons number standing is_busy may_load_again />
            <PluginLog number />
        </li>
    }
}

fn status(standing: Standing, found: usize, is_stale: bool) -> String {
    let found = counted(found as u64, "finding", "findings");
    let judged = |events: u64| counted(events, "event", "events");
    match standing {
        Standing::Loading => tr("It is compiled and asked what it is…").to_owned(),
        Standing::Ready => tr("It has not run.").to_owned(),
        Standing::Refused => tr("It cannot run.").to_owned(),
        Standing::Selecting => tr("Events are selected for it…").to_owned(),
        Standing::Running(_, 0) => tr("It begins…").to_owned(),
        Standing::Running(events, all) => counted_with(
            all,
            "It judges: {1} of {0} event, {2}…",
            "It judges: {1} of {0} events, {2}…",
            &[&count(events), &found],
        ),
        Standing::Done(events) if is_stale => {
            tr_with("It judged {}: {}. The events have changed since: run it again.", &[&judged(events), &found])
        }
        Standing::Done(events) => tr_with("It judged {}: {}.", &[&judged(events), &found]),
        Standing::Stopped => tr_with("It was stopped: {} before that.", &[&found]),
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
                aria-label=tr("Events judged")
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
    let trouble = Memo::new(move |_| app.of_plugin(number, |plugin| plugin.trouble.clone()).flatten());
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
fn PluginButtons(
    number: u32,
    standing: Memo<Option<Standing>>,
    is_busy: Memo<bool>,
    may_load_again: Memo<bool>,
) -> impl IntoView {
    let app = App::of_page();
    let can_run = move || !matches!(standing.get(), None | Some(Standing::Loading | Standing::Refused));
    let limits = kept_limits().len();
    let is_limit_wrong =
        move || app.of_plugin(number, |plugin| (0..limits).any(|place| plugin.limit(place).is_none())) == Some(true);
    let is_option_wrong = move || {
        app.of_plugin(number, |plugin| (0..plugin.typed.len()).any(|place| plugin.value(place).is_err())) == Some(true)
    };
    let is_wrong = move || is_limit_wrong() || is_option_wrong();
    let word = move || match standing.get() {
        Some(Standing::Done(_) | Standing::Stopped) => tr("Run again"),
        _ => tr("Run"),
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
            <Show when=move || may_load_again.get()>
                <button class="small plugin-load" disabled=is_limit_wrong on:click=move |_| app.load_again(number)>
                    {tr("Load again")}
                </button>
            </Show>
            <Show when=move || is_busy.get()>
                <button class="small plugin-cancel" on:click=move |_| app.cancel_plugin(number)>
                    {tr("Cancel")}
                </button>
            </Show>
            <button class="plain small plugin-remove" on:click=move |_| app.remove_plugin(number)>
                {tr("Remove")}
            </button>
        </div>
    }
}

#[component]
fn PluginLog(number: u32) -> impl IntoView {
    let app = App::of_page();
    let shown = RwSignal::new(LINES_AT_ONCE);
    // The lines that are drawn, how many there are, and how many were dropped.
    let log = Memo::new(move |_| {
        let look = |plugin: &Plugin| {
            let first: Vec<Line> = plugin.log.iter().take(shown.get()).cloned().collect();
            (first, plugin.log.len(), plugin.log_dropped)
        };
        app.of_plugin(number, look).unwrap_or_default()
    });
    let all = move || log.with(|(_, kept, dropped)| *kept as u64 + dropped);
    let lines = move || {
        let item = |line: &Line| view! { <li>{format!("{}: {}", line.level, visible(&line.message))}</li> };
        log.with(|(first, ..)| first.iter().map(item).collect_view())
    };
    let left = move || log.with(|(first, kept, _)| kept.saturating_sub(first.len()) as u64);
    let dropped = move || log.with(|(.., dropped)| *dropped);
    view! {
        <Show when=move || { all() > 0 }>
            <details class="plugin-log">
                <summary>{move || tr_with("{} logged", &[&counted(all(), "line", "lines")])}</summary>
                <ul>{lines}</ul>
                <Show when=move || { left() > 0 }>
                    <button class="plain small" on:click=move |_| shown.update(|shown| *shown += LINES_AT_ONCE)>
                        {move || tr_with("Show more of {}", &[&counted(left(), "line", "lines")])}
                    </button>
                </Show>
                <Show when=move || { dropped() > 0 }>
                    <p class="faint">{move || counted_with(dropped(), "{} line was not kept", "{} lines were not kept", &[])}</p>
                </Show>
            </details>
        </Show>
    }
}

/// How many lines of a plugin's log are shown at once; the next ones come with a button.
const LINES_AT_ONCE: usize = 200;
