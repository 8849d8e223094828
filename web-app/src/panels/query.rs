//! The search box. What it cannot read is shown with its place in the text; the rest still applies.

use super::completion::{COMPLETIONS_ID, Completions, Meant, active_id, byte_at, meant, units_before};
use crate::command::Command;
use crate::kit::words::tr;
use crate::platform::page;
use crate::protocol::Said;
use crate::state::language::told;
use crate::state::{App, Side};
use analyzer_core::predicate::{self, Severity};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use std::time::Duration;

/// Id of the input, for those who move the focus to it.
pub const SEARCH_ID: &str = "search";
/// How long the typing must rest before it is searched for.
const REST: Duration = Duration::from_millis(120);

/// The text in the box, on its way to the filter.
#[derive(Clone, Copy)]
struct Typing {
    app: App,
    text: RwSignal<String>,
    /// What will happen when the typing has rested.
    waiting: StoredValue<Option<TimeoutHandle>>,
}

impl Typing {
    /// The filter's query. It changes elsewhere too: the box follows, but never while its own text is on the way there.
    fn start(app: App) -> Typing {
        let text = RwSignal::new(app.filter.with_untracked(|f| f.query.clone()));
        Effect::new(move |_| {
            let query = app.filter.with(|f| f.query.clone());
            if text.with_untracked(|t| *t != query) {
                text.set(query);
            }
        });
        let typing = Typing { app, text, waiting: StoredValue::new(None) };
        // The box may be drawn anew while something waits.
        on_cleanup(move || typing.leave());
        typing
    }

    fn typed(self, text: String) {
        self.app.queries.end_stepping();
        self.text.set(text);
        self.apply_soon();
        self.offer();
    }

    fn apply(self) {
        self.app.type_query(self.text.get_untracked());
    }

    /// The typing has ended.
    fn leave(self) {
        self.app.completing.close();
        // What was typed last may still be waiting.
        if let Some(handle) = self.waiting.try_update_value(Option::take).flatten() {
            handle.clear();
            self.apply();
        }
        self.app.queries.end_stepping();
        self.app.end_typing();
    }

    /// Once nothing more was typed for [`REST`].
    fn apply_soon(self) {
        if let Some(handle) = self.waiting.get_value() {
            handle.clear();
        }
        self.waiting.set_value(set_timeout_with_handle(move || self.apply(), REST).ok());
    }

    /// Offers what can stand where the caret is.
    fn offer(self) {
        let query = self.text.get_untracked();
        let caret = page::caret(SEARCH_ID).map_or(query.len(), |units| byte_at(&query, units));
        self.app.complete(&query, caret);
    }

    /// Puts a choice into the query.
    fn accept(self, number: usize) {
        let Some((query, caret)) = self.app.completing.accept(number) else { return };
        page::write(SEARCH_ID, &query, units_before(&query, caret));
        // A field waits for its value, and an operator for what follows.
        if query.get(..caret).is_some_and(|before| before.ends_with([':', ' '])) {
            self.app.complete(&query, caret);
        }
        self.text.set(query);
        self.apply_soon();
    }

    /// Puts a search of the history into the box, so many further back; false if there is none.
    fn step(self, back: isize) -> bool {
        let queries = self.app.queries;
        let may_step = self.text.with_untracked(|text| text.is_empty()) || queries.is_stepping();
        let Some(query) = may_step.then(|| queries.step(back)).flatten() else { return false };
        page::write(SEARCH_ID, &query, units_before(&query, query.len()));
        self.text.set(query);
        self.app.completing.close();
        self.apply_soon();
        true
    }

    fn press(self, event: &KeyboardEvent) {
        let completing = self.app.completing;
        let choices = completing.choices.with_untracked(Vec::len);
        let has_modifier = event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key();
        let meant = meant(&event.key(), choices, completing.active.get_untracked()).filter(|_| !has_modifier);
        let back = match event.key().as_str() {
            "ArrowUp" => 1,
            "ArrowDown" => -1,
            _ => 0,
        };
        let chooses = completing.active.with_untracked(Option::is_some);
        if back != 0 && !has_modifier && !chooses && self.step(back) {
            event.prevent_default();
            event.stop_propagation();
            return;
        }
        match meant {
            Some(Meant::Open) => self.offer(),
            Some(Meant::Step(by)) => completing.step(by),
            Some(Meant::Accept(number)) => self.accept(number),
            Some(Meant::Close) => completing.close(),
            None if event.key() == "Enter" => {
                completing.close();
                self.apply();
                self.app.queries.end_stepping();
                self.app.end_typing();
                self.app.run(Command::FocusEvents);
            }
            None => {}
        }
        if meant.is_some() {
            event.prevent_default();
            // The page has meanings of its own for these keys.
            event.stop_propagation();
        }
    }
}

/// The box.
#[component]
pub fn SearchBox() -> impl IntoView {
    let app = App::of_page();
    let (typing, completing) = (Typing::start(app), app.completing);
    let typed = typing.text;
    let problems = Memo::new(move |_| problems(&typed.get(), app.newest.get()));
    let is_wrong = move || problems.with(|p| p.iter().any(|problem| problem.severity == Severity::Wrong));
    view! {
        <div class="search" role="search">
            <svg class="icon search-icon" viewBox="0 0 16 16" aria-hidden="true">
                <circle cx="7" cy="7" r="4.5" />
                <path d="m10.5 10.5 3.5 3.5" />
            </svg>
            <input
                id=SEARCH_ID
                class="search-input"
                class:wrong=is_wrong
                type="text"
                autocomplete="off"
                spellcheck="false"
                placeholder="eventName:ConsoleLogin AND sourceIPAddress:10.0.0.0/8"
                aria-label=tr("Search")
                aria-invalid=move || if is_wrong() { "true" } else { "false" }
                aria-describedby="search-problems"
                role="combobox"
                aria-autocomplete="list"
                aria-controls=COMPLETIONS_ID
                aria-expanded=move || if completing.is_open() { "true" } else { "false" }
                aria-activedescendant=move || active_id(completing)
                prop:value=typed
                on:input=move |event| typing.typed(event_target_value(&event))
                on:keydown=move |event| typing.press(&event)
                on:blur=move |_| typing.leave()
            />
            <button
                class="plain search-more"
                id="show-queries"
                aria-label=tr("Saved and ready-made searches")
                title=tr("Saved and ready-made searches (q)")
                aria-expanded=move || if app.side.get() == Side::Queries { "true" } else { "false" }
                on:click=move |_| app.run(Command::ShowQueries)
            >
                <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                    <path d="M4.5 2.5h7v11L8 10.5l-3.5 3z" />
                </svg>
            </button>
            <Show when=move || !typed.with(String::is_empty) fallback=|| view! { <kbd class="search-key">"/"</kbd> }>
                <button
                    class="plain search-clear"
                    aria-label=tr("Clear the search")
                    on:click=move |_| app.set_query(String::new())
                >
                    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                        <path d="M4.5 4.5l7 7M11.5 4.5l-7 7" />
                    </svg>
                </button>
            </Show>
            <div class="search-below">
                <Completions on_choice=move |number| typing.accept(number) />
                <Problems problems />
            </div>
        </div>
    }
}

#[component]
fn Problems(problems: Memo<Vec<Problem>>) -> impl IntoView {
    let problem = |problem: Problem| {
        view! {
            <p class="search-problem" class:hint=problem.severity == Severity::Hint>
                <span class="search-message">{sentence(&told(&problem.message))}</span>
                <code>
                    {problem.before} <mark>{problem.wrong}</mark> {problem.after}
                </code>
            </p>
        }
    };
    let is_empty = move || problems.with(Vec::is_empty);
    view! {
        <div id="search-problems" class="search-problems" class:hidden=is_empty role="status">
            {move || problems.get().into_iter().map(problem).collect_view()}
        </div>
    }
}

/// A part of the query that could not be read or was probably not meant, within the text around it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Problem {
    severity: Severity,
    message: Said,
    before: String,
    wrong: String,
    after: String,
}

fn problems(query: &str, now_ms: Option<i64>) -> Vec<Problem> {
    let parsed = predicate::parse(query, now_ms);
    let part = |from: usize, to: usize| query.get(from..to).unwrap_or_default().to_owned();
    let within = |severity: Severity, message: Said, from: usize, to: usize| {
        // A problem at the end of the text has no width: a space is underlined for it.
        let wrong = if from == to { " ".to_owned() } else { part(from, to) };
        Problem { severity, message, before: part(0, from), wrong, after: part(to, query.len()) }
    };
    parsed.problems.into_iter().map(|p| within(p.severity, p.message.into(), p.span.start, p.span.end)).collect()
}

/// The core starts its messages small, for use within a line.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
