//! What the detections found: filtered, grouped, and one of them in full.

mod body;
mod filters;
mod item;
mod matrix;
mod rules;

pub use matrix::{MATRIX_ID, MatrixDialog};

use crate::command::Command;
use crate::kit::format::{count, counted};
use crate::kit::words::{tr, tr_with};
use crate::platform::page;
use crate::state::findings::Line;
use crate::state::{App, Phase, id_of_finding};
use filters::Filters;
use item::{FindingItem, GroupHead};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use rules::OwnRules;

/// How many lines the list shows at once; the next ones come with a button. A plugin may find more than a page can draw.
const AT_ONCE: usize = 200;

/// What the arrow keys go through.
const STOPS: &str = ".findings .finding, .findings .finding-group";

/// The panel.
#[component]
pub fn FindingsPanel() -> impl IntoView {
    let app = App::of_page();
    let has_any = move || app.findings.with(|all| !all.is_empty());
    let none = move || match app.phase.get() {
        Phase::Loading => tr("Detections report when all files are read."),
        _ => tr("The bundled rules found nothing in these logs."),
    };
    // A finding that is open already is where the user left it.
    if let Some(id) = app.findings_view.open.get_untracked() {
        page::reveal_soon(id_of_finding(&id));
    }
    view! {
        <section class="findings" aria-label=tr("Findings")>
            <Head />
            <Show when=has_any fallback=move || view! { <p class="findings-none">{none}</p> }>
                <Filters />
                <div class="findings-scroll" on:keydown=|event| press(&event)>
                    <List />
                    <NoMatch />
                    <Muted />
                </div>
            </Show>
            <div class="findings-foot">
                <OwnRules />
                <PluginsLine />
            </div>
        </section>
    }
}

/// Arrows go from finding to finding; they mean events elsewhere.
fn press(event: &KeyboardEvent) {
    let is_plain = !(event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key());
    if !is_plain || page::focus_kind() == page::Focus::Text {
        return;
    }
    let by = match event.key().as_str() {
        "ArrowDown" => 1,
        "ArrowUp" => -1,
        "Home" => isize::MIN,
        "End" => isize::MAX,
        _ => return,
    };
    page::step_focus(STOPS, by);
    event.prevent_default();
    event.stop_propagation();
}

#[component]
fn Head() -> impl IntoView {
    let app = App::of_page();
    let number = move || {
        let listed = app.findings_view.arranged.with(|arranged| arranged.count);
        let is_part = !app.findings_view.wanted.with(|wanted| wanted.is_everything());
        if is_part {
            let all = app.findings.with(Vec::len);
            return tr_with("{} of {}", &[&count(listed as u64), &count(all as u64)]);
        }
        count(listed as u64)
    };
    let marked = move || app.marks.case.with(|case| case.findings.len() + case.events.len());
    let notes = move || match marked() {
        0 => tr("Notes").to_owned(),
        number => tr_with("Notes ({})", &[&count(number as u64)]),
    };
    view! {
        <header class="findings-head">
            <h2>
                {tr("Findings")} " "
                <span class="findings-count" id="findings-count" role="status">
                    {number}
                </span>
            </h2>
            <button
                class="plain small"
                id="show-matrix"
                title=tr("ATT&CK matrix (Shift T)")
                disabled=move || !app.can(Command::ShowMatrix)
                on:click=move |_| app.run(Command::ShowMatrix)
            >
                "ATT&CK"
            </button>
            <button
                class="plain small"
                id="show-notes"
                title=tr("What is starred and noted (b)")
                on:click=move |_| app.run(Command::ShowNotes)
            >
                {notes}
            </button>
        </header>
    }
}

#[component]
fn List() -> impl IntoView {
    let view = App::of_page().findings_view;
    let shown = RwSignal::new(AT_ONCE);
    let lines = move || view.arranged.with(|it| it.lines.iter().take(shown.get()).cloned().collect::<Vec<_>>());
    let more = move || view.arranged.with(|it| it.lines.len()).saturating_sub(shown.get());
    // The line that Tab comes to: the finding that is open, or the first of all.
    let entry = Memo::new(move |_| {
        view.arranged.with(|it| {
            let open = view.open.get().map(Line::Finding).filter(|open| it.lines.contains(open));
            open.or_else(|| it.lines.first().cloned())
        })
    });
    let line = move |line: Line| {
        let is_entry = Signal::derive({
            let line = line.clone();
            move || entry.with(|entry| entry.as_ref() == Some(&line))
        });
        match line {
            Line::Group(key) => view! { <GroupHead key is_entry /> }.into_any(),
            Line::Finding(id) => view! { <FindingItem id is_entry /> }.into_any(),
        }
    };
    view! {
        <ol class="findings-list" id="findings">
            <For each=lines key=|line| line.clone() let:it>
                {line(it)}
            </For>
        </ol>
        <Show when=move || { more() > 0 }>
            <button class="more" on:click=move |_| shown.update(|shown| *shown += AT_ONCE)>
                {move || tr_with("Show more of {}", &[&counted(more() as u64, "finding", "findings")])}
            </button>
        </Show>
    }
}

/// Nothing is left of the findings, and how to have them back.
#[component]
fn NoMatch() -> impl IntoView {
    let view = App::of_page().findings_view;
    let is_none = move || view.arranged.with(|it| it.count == 0) && !view.wanted.with(|wanted| wanted.is_everything());
    view! {
        <Show when=is_none>
            <p class="findings-none">
                {tr("No finding matches.")} " "
                <button class="link" on:click=move |_| view.want_everything()>
                    {tr("Show all findings")}
                </button>
            </p>
        </Show>
    }
}

/// Muted findings, folded away.
#[component]
fn Muted() -> impl IntoView {
    let view = App::of_page().findings_view;
    let number = move || view.arranged.with(|it| it.muted.len());
    let ids = move || view.arranged.with(|it| it.muted.iter().take(AT_ONCE).cloned().collect::<Vec<_>>());
    let rest = move || number().saturating_sub(AT_ONCE);
    view! {
        <Show when=move || { number() > 0 }>
            <div class="findings-muted">
                <button
                    class="plain small"
                    id="show-muted"
                    aria-expanded=move || if view.has_muted.get() { "true" } else { "false" }
                    on:click=move |_| view.has_muted.update(|has| *has = !*has)
                >
                    {move || tr_with("{} muted", &[&count(number() as u64)])}
                </button>
                <Show when=move || view.has_muted.get()>
                    <ol id="muted">
                        <For each=ids key=|id| id.clone() let:id>
                            <FindingItem id is_entry=Signal::stored(true) />
                        </For>
                    </ol>
                    <Show when=move || { rest() > 0 }>
                        <p class="findings-none">{move || tr_with("and {} more", &[&count(rest() as u64)])}</p>
                    </Show>
                </Show>
            </div>
        </Show>
    }
}

/// The way to the user's plugins.
#[component]
fn PluginsLine() -> impl IntoView {
    let app = App::of_page();
    let word = move || match app.plugins.with(Vec::len) {
        0 => tr("Plugins…").to_owned(),
        number => counted(number as u64, "plugin", "plugins"),
    };
    view! {
        <p class="findings-plugins">
            <button class="plain small" id="show-plugins" title=tr("Plugins (p)") on:click=move |_| app.run(Command::ShowPlugins)>
                {word}
            </button>
        </p>
    }
}
