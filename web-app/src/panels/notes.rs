//! What the user marked: to read it, to save it as a file, and to make a report of it.

use super::marks::{Edit, MarkEditor, Star};
use crate::command::Command;
use crate::kit::drawer::Drawer;
use crate::kit::format::{count, counted, exact, timed, visible};
use crate::kit::words::{tr, tr_with};
use crate::protocol::{EventMark, FindingMark, Mark};
use crate::state::{App, Marked};
use analyzer_core::order;
use leptos::prelude::*;

/// So many findings and so many events are listed; the file and the report have all.
const AT_ONCE: usize = 200;

/// The panel.
#[component]
pub fn NotesPanel() -> impl IntoView {
    let app = App::of_page();
    let marks = app.marks;
    let findings = move || {
        marks.case.with(|case| {
            let marked = case.findings.iter().filter(|(_, finding)| !finding.mark.is_empty());
            marked.map(|(id, _)| id.clone()).take(AT_ONCE).collect::<Vec<_>>()
        })
    };
    let events = move || {
        marks.case.with(|case| {
            let mut events: Vec<_> = case.events.iter().map(|(id, event)| (event.time_ms, id.clone())).collect();
            order::sort(&mut events);
            events.into_iter().map(|(_, id)| id).take(AT_ONCE).collect::<Vec<_>>()
        })
    };
    let has_findings = Memo::new(move |_| !findings().is_empty());
    let has_events = Memo::new(move |_| !events().is_empty());
    view! {
        <Drawer title=tr("Starred and noted") on_close=Callback::new(move |()| app.close_side())>
            <div class="notes" id="notes">
                <Saving />
                <Show when=move || has_findings.get()>
                    <h3>{tr("Findings")}</h3>
                    <ul class="notes-list" id="noted-findings">
                        <For each=findings key=|id| id.clone() let:id>
                            <NotedFinding id />
                        </For>
                    </ul>
                </Show>
                <Show when=move || has_events.get()>
                    <h3>{tr("Events")}</h3>
                    <ul class="notes-list" id="noted-events">
                        <For each=events key=|id| id.clone() let:id>
                            <NotedEvent id />
                        </For>
                    </ul>
                </Show>
                <Mutes />
            </div>
        </Drawer>
    }
}

/// Where marks are, and the ways out.
#[component]
fn Saving() -> impl IntoView {
    let app = App::of_page();
    let state = move || match (app.marks.case.with(|case| case.is_empty()), app.marks.are_unsaved()) {
        (true, false) => tr("Nothing is starred yet."),
        (true, true) => tr("Nothing is starred any more."),
        (false, true) => tr("Not saved yet."),
        (false, false) => tr("All of this is saved."),
    };
    let button = move |command: Command, label: &'static str, title: &'static str| {
        view! {
            <button class="small" title=title disabled=move || !app.can(command) on:click=move |_| app.run(command)>
                {label}
            </button>
        }
    };
    view! {
        <p class="notes-state" id="notes-state" role="status">
            {state}
        </p>
        <p class="notes-lead">
            {tr("Stars, tags, notes and mutes are about your logs: this page keeps them in no store of the browser, and they are gone \
            with the tab. Save them as a file, and drop that file here to have them back.")}
        </p>
        <div class="notes-actions">
            {button(Command::SaveNotes, tr("Save notes…"), tr("Save stars and notes (Ctrl S)"))}
            {button(Command::SaveReport, tr("Report as HTML"), tr("One file without scripts and addresses"))}
            {button(Command::SaveMarkdown, tr("Report as Markdown"), tr("One file of text"))}
        </div>
    }
}

#[component]
fn NotedFinding(id: String) -> impl IntoView {
    let app = App::of_page();
    let marks = app.marks;
    let about = Marked::Finding(id.clone());
    let (looked, noted) = (id.clone(), id.clone());
    let known = Memo::new(move |_| marks.case.with(|case| case.findings.get(&looked).cloned()).unwrap_or_default());
    let is_here = Memo::new(move |_| app.findings.with(|all| all.iter().any(|finding| finding.id == noted)));
    let title = move || known.with(|known| visible(&known.title));
    let severity = known.with_untracked(|known| known.severity.clone());
    let detail = move || known.with(of_finding);
    let time_ms = move || known.with(|known| known.first_ms);
    view! {
        <li class="noted" data-finding=id>
            <span class=format!("severity {}", severity_class(&severity)) aria-hidden="true" />
            <Entry about=about is_here=Signal::from(is_here) title=Signal::derive(title) detail=Signal::derive(detail) time_ms=Signal::derive(time_ms) />
        </li>
    }
}

#[component]
fn NotedEvent(id: String) -> impl IntoView {
    let marks = App::of_page().marks;
    let about = Marked::Event(id.clone());
    let known = Memo::new(move |_| marks.case.with(|case| case.events.get(&id).cloned()).unwrap_or_default());
    let title = move || known.with(|known| visible(known.event_name.as_deref().unwrap_or(tr("Event"))));
    let detail = move || known.with(of_event);
    let time_ms = move || known.with(|known| known.time_ms);
    view! {
        <li class="noted">
            // Whether its record is among the logs is told when it is opened.
            <Entry about=about is_here=Signal::stored(true) title=Signal::derive(title) detail=Signal::derive(detail) time_ms=Signal::derive(time_ms) />
        </li>
    }
}

/// What finding and event have in common: a way to them, their star, tags and note.
#[component]
fn Entry(
    about: Marked,
    /// Whether it can be opened.
    is_here: Signal<bool>,
    title: Signal<String>,
    detail: Signal<String>,
    /// When it was.
    time_ms: Signal<Option<i64>>,
) -> impl IntoView {
    let app = App::of_page();
    let marks = app.marks;
    let mark = Memo::new({
        let about = about.clone();
        move |_| marks.of(&about)
    });
    let note = move || mark.with(|mark| mark.note.trim().to_owned());
    let tags = move || mark.with(|mark| mark.tags.iter().map(|tag| visible(tag)).collect::<Vec<_>>().join(" · "));
    let kept = StoredValue::new(about.clone());
    let change = move |change: &dyn Fn(&mut Mark)| kept.with_value(|about| marks.change(about, change));
    let star = Callback::new(move |()| change(&|mark| mark.starred = !mark.starred));
    let edit = Callback::new(move |edit: Edit| change(&|mark| edit.clone().apply(mark)));
    let edited = about.clone();
    view! {
        <div class="noted-text">
            <button
                class="link noted-open"
                disabled=move || !is_here.get()
                on:click=move |_| kept.with_value(|about| app.show_marked(about))
            >
                {title}
            </button>
            <p class="faint" title=move || time_ms.get().map(exact)>
                {detail} {move || (!is_here.get()).then(|| format!(" {}", tr("(not among the findings of these logs)")))}
            </p>
            <Show when=move || !tags().is_empty()>
                <p class="noted-tags">{tags}</p>
            </Show>
            <Show when=move || !note().is_empty()>
                <p class="noted-note">{move || note().lines().map(visible).collect::<Vec<_>>().join("\n")}</p>
            </Show>
            <details>
                <summary>{tr("Edit")}</summary>
                <MarkEditor about=edited on_edit=edit />
            </details>
        </div>
        <Star about what=title.get_untracked() in_order=Signal::stored(true) on_star=star />
    }
}

fn of_finding(finding: &FindingMark) -> String {
    let who = finding.group.iter().find_map(|(_, value)| value.as_deref()).map(visible);
    let events = counted(finding.count, "event", "events");
    let when = finding.first_ms.map(timed);
    [who, Some(events), when].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn of_event(event: &EventMark) -> String {
    let when = event.time_ms.map_or_else(|| tr("no time").to_owned(), timed);
    let who = Some(visible(&event.principal)).filter(|who| !who.is_empty());
    let error = event.error_code.as_deref().map(visible);
    [Some(when), who, error].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// A file can name anything as a severity.
fn severity_class(name: &str) -> &'static str {
    analyzer_core::detect::Severity::from_name(name).map_or("", |severity| severity.name())
}

/// What does not show, and the way back.
#[component]
fn Mutes() -> impl IntoView {
    let app = App::of_page();
    let case = app.marks.case;
    let muted = move || case.with(|case| case.findings.values().filter(|finding| finding.muted).count());
    let detectors = move || {
        case.with(|case| case.muted_detectors.iter().map(|(id, title)| (id.clone(), title.clone())).collect::<Vec<_>>())
    };
    let has_any = Memo::new(move |_| muted() > 0 || !detectors().is_empty());
    let line = move |(id, title): (String, String)| {
        let text = format!("{} ({})", visible(&title), visible(&id));
        view! {
            <li class="noted-muted">
                <span>{text.clone()}</span>
                <button
                    class="plain small"
                    aria-label=tr_with("Unmute {}", &[&text])
                    on:click=move |_| {
                        case.update(|case| {
                            case.muted_detectors.remove(&id);
                        });
                    }
                >
                    {tr("Unmute")}
                </button>
            </li>
        }
    };
    view! {
        <Show when=move || has_any.get()>
            <h3>{tr("Muted")}</h3>
            <p class="faint">
                {move || match muted() {
                    0 => String::new(),
                    number => tr_with("{} by itself, at the end of the list of findings", &[&count(number as u64)]),
                }}
            </p>
            <ul>
                <For each=detectors key=|(id, _)| id.clone() let:it>
                    {line(it)}
                </For>
            </ul>
        </Show>
    }
}
