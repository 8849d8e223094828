//! The search box. What it cannot read is shown with its place in the text; the rest still applies.

use crate::command::Command;
use crate::state::App;
use analyzer_core::predicate::{self, Severity};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use std::time::Duration;

/// Id of the input, for those who move the focus to it.
pub const SEARCH_ID: &str = "search";
/// How long the typing must rest before it is searched for.
const REST: Duration = Duration::from_millis(120);

/// The box.
#[component]
pub fn SearchBox() -> impl IntoView {
    let app = App::of_page();
    let typed = RwSignal::new(app.filter.with_untracked(|f| f.query.clone()));
    // The filter changes elsewhere too: the box follows, but never while its own text is on the way there.
    Effect::new(move |_| {
        let query = app.filter.with(|f| f.query.clone());
        if typed.with_untracked(|t| *t != query) {
            typed.set(query);
        }
    });
    let apply = debounced(move || app.set_query(typed.get_untracked()));
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            app.set_query(typed.get_untracked());
            app.run(Command::FocusEvents);
        }
    };
    let problems = Memo::new(move |_| problems(&typed.get(), app.newest.get()));
    let is_wrong = move || problems.with(|p| p.iter().any(|problem| problem.severity == Severity::Wrong));
    let has_problems = move || problems.with(|p| !p.is_empty());
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
                aria-label="Search"
                aria-invalid=move || if is_wrong() { "true" } else { "false" }
                aria-describedby="search-problems"
                prop:value=typed
                on:input=move |event| {
                    typed.set(event_target_value(&event));
                    apply();
                }
                on:keydown=on_key
            />
            <Show when=move || !typed.with(String::is_empty) fallback=|| view! { <kbd class="search-key">"/"</kbd> }>
                <button
                    class="plain search-clear"
                    aria-label="Clear the search"
                    on:click=move |_| app.set_query(String::new())
                >
                    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                        <path d="M4.5 4.5l7 7M11.5 4.5l-7 7" />
                    </svg>
                </button>
            </Show>
            <div id="search-problems" class="search-problems" class:hidden=move || !has_problems() role="status">
                {move || {
                    problems
                        .get()
                        .into_iter()
                        .map(|problem| {
                            view! {
                                <p class="search-problem" class:hint=problem.severity == Severity::Hint>
                                    <span class="search-message">{sentence(&problem.message)}</span>
                                    <code>
                                        {problem.before} <mark>{problem.wrong}</mark> {problem.after}
                                    </code>
                                </p>
                            }
                        })
                        .collect_view()
                }}
            </div>
        </div>
    }
}

/// A part of the query that could not be read or was probably not meant, within the text around it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Problem {
    severity: Severity,
    message: String,
    before: String,
    wrong: String,
    after: String,
}

fn problems(query: &str, now_ms: Option<i64>) -> Vec<Problem> {
    let parsed = predicate::parse(query, now_ms);
    let part = |from: usize, to: usize| query.get(from..to).unwrap_or_default().to_owned();
    let within = |severity: Severity, message: String, from: usize, to: usize| {
        // A problem at the end of the text has no width: a space is underlined for it.
        let wrong = if from == to { " ".to_owned() } else { part(from, to) };
        Problem { severity, message, before: part(0, from), wrong, after: part(to, query.len()) }
    };
    parsed.problems.into_iter().map(|p| within(p.severity, p.message, p.span.start, p.span.end)).collect()
}

/// The core starts its messages small, for use within a line.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Runs `action` once the calls have stopped for [`REST`].
fn debounced(action: impl Fn() + Copy + 'static) -> impl Fn() + Copy {
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    move || {
        if let Some(handle) = waiting.get_value() {
            handle.clear();
        }
        waiting.set_value(set_timeout_with_handle(action, REST).ok());
    }
}
