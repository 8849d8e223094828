//! The page of somebody or something: when it was seen, what it did or what was done to it, and the way back. All events
//! count here, whatever is searched for.

use super::layers::bars;
use super::subject_lists::{FindingList, ServiceTimes, ValueList};
use super::timeline::checking_text;
use crate::command::Command;
use crate::kit::bars::Bars;
use crate::kit::format::{count, counted_with, duration, exact, percent, shortened, timed, visible};
use crate::kit::histogram::{Gesture, Histogram};
use crate::kit::words::{tr, tr_with};
use crate::state::{App, Course, Known, TOLD};
use analyzer_core::view::overview::Overview;
use analyzer_core::view::subject::Subject;
use leptos::prelude::*;

/// Id of the page, for those who move the focus to it.
pub const SUBJECT_ID: &str = "subject";
/// A name on the way is cut after so many characters.
const CRUMB: usize = 40;

/// The way to a page from wherever a name stands.
#[component]
pub fn PageButton(
    /// Whose page.
    subject: Subject,
) -> impl IntoView {
    let app = App::of_page();
    let label = tr_with("Page of {} {}", &[tr(subject.kind), &visible(&subject.value)]);
    view! {
        <button
            class="plain page-button"
            aria-label=label
            title=tr("Open its page: when it was seen, what it did, and with whom")
            on:click=move |_| app.look_at(subject.clone())
        >
            <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                <path d="M5 11l6-6M6 5h5v5" />
            </svg>
        </button>
    }
}

/// The page that is open.
#[component]
pub fn SubjectPage() -> impl IntoView {
    let app = App::of_page();
    let subject = Memo::new(move |_| app.subjects.trail.with(|trail| trail.last().cloned()));
    let of_subject = move |subject: Subject| view! { <Content subject /> };
    view! {
        <section class="subject" id=SUBJECT_ID aria-label=tr("Page") tabindex="0">
            <Way />
            {move || subject.get().map(of_subject)}
        </section>
    }
}

/// The way that led here, and back.
#[component]
fn Way() -> impl IntoView {
    let app = App::of_page();
    let crumbs = move || {
        let trail = app.subjects.trail.get();
        let last = trail.len().saturating_sub(1);
        let crumb = move |(number, subject): (usize, Subject)| {
            let text = format!("{} {}", tr(subject.kind), shortened(&visible(&subject.value), CRUMB));
            let current = (number == last).then_some("page");
            view! {
                <li>
                    <button
                        class="plain small crumb"
                        aria-current=current
                        on:click=move |_| app.go_back_to(number + 1)
                    >
                        {text}
                    </button>
                </li>
            }
        };
        trail.into_iter().enumerate().map(crumb).collect_view()
    };
    view! {
        <nav class="way" aria-label=tr("The way to this page")>
            <ol class="crumbs">
                <li>
                    <button
                        class="plain small crumb"
                        id="back-to-events"
                        title=tr("Back to the events (Esc)")
                        on:click=move |_| app.run(Command::BackToEvents)
                    >
                        {tr("Events")}
                    </button>
                </li>
                {crumbs}
            </ol>
        </nav>
    }
}

#[component]
fn Content(subject: Subject) -> impl IntoView {
    let app = App::of_page();
    let known = app.subjects.known;
    let (kind, name) = (tr(subject.kind), visible(&subject.value));
    let of = subject.clone();
    let lists = TOLD.into_iter().filter(|field| *field != subject.field);
    let lists = lists.map(|field| view! { <ValueList field subject=of.clone() /> }).collect_view();
    let query = StoredValue::new(subject.query.clone());
    let is_known = Memo::new(move |_| known.with(Option::is_some));
    let is_empty =
        Memo::new(move |_| known.with(|known| known.as_ref().is_some_and(|k| k.portrait.overview.matching == 0)));
    let checking = move || checking_text(app.subjects.checking.get());
    let none = move || match app.subjects.checking.get().is_running {
        true => tr("No event with it so far."),
        false => tr("No event has it."),
    };
    view! {
        <header class="subject-head">
            <p class="subject-kind">{kind}</p>
            <h2 class="subject-name">{name}</h2>
            <p class="subject-note faint">
                {tr("All events count here, whatever is searched for.")} " "
                <span id="subject-checking" role="status">
                    {checking}
                </span>
            </p>
            <Actions subject=subject.clone() />
        </header>
        <Show when=move || is_known.get() fallback=|| view! { <p class="subject-wait faint">"…"</p> }>
            <Show when=move || !is_empty.get() fallback=move || view! { <p class="subject-wait">{none}</p> }>
                <Facts />
                <Times query />
            </Show>
        </Show>
        <div class="subject-lists" class:hidden=move || !is_known.get() || is_empty.get()>
            <FindingList />
            <ServiceTimes subject=of />
            {lists}
        </div>
    }
}

/// What one can do with it.
#[component]
fn Actions(subject: Subject) -> impl IntoView {
    let app = App::of_page();
    let (all, more) = (subject.query.clone(), subject.clone());
    let (field, value) = (more.field, more.value);
    let (excluded_field, excluded) = (field.clone(), value.clone());
    let is_searching = move || app.filter.with(|filter| !filter.is_empty());
    let around = move |label: &'static str, at: fn(&Overview) -> Option<i64>| {
        let at = move || app.subjects.known.with(|known| known.as_ref().and_then(|k| at(&k.portrait.overview)));
        view! {
            <button
                class="small"
                disabled=move || at().is_none()
                title=tr("All events of the five minutes around it")
                on:click=move |_| {
                    if let Some(ms) = untrack(at) {
                        app.look_around(ms);
                    }
                }
            >
                {label}
            </button>
        }
    };
    view! {
        <div class="subject-actions">
            <button class="small" id="subject-events" on:click=move |_| app.follow(all.clone())>
                {tr("Show its events")}
            </button>
            {around(tr("Around the first"), |overview| overview.span_ms.map(|(first, _)| first))}
            {around(tr("Around the last"), |overview| overview.span_ms.map(|(_, last)| last))}
            <Show when=is_searching>
                <button class="small" on:click={
                    let (field, value) = (field.clone(), value.clone());
                    move |_| app.add_term(&field, &value)
                }>
                    {tr("Add to the search")}
                </button>
            </Show>
            <button class="small" on:click=move |_| app.exclude_term(&excluded_field, &excluded)>
                {tr("Exclude from the search")}
            </button>
        </div>
    }
}

/// When it was seen, and how much there is of it.
#[component]
fn Facts() -> impl IntoView {
    let known = App::of_page().subjects.known;
    let overview = move || known.with(|known| known.as_ref().map(|k| k.portrait.overview).unwrap_or_default());
    let fact = |label: &'static str, id: &'static str, value: Signal<String>| {
        view! {
            <div class="subject-fact">
                <dt>{label}</dt>
                <dd id=id>{value}</dd>
            </div>
        }
    };
    let moment = move |label: &'static str, id: &'static str, at: fn((i64, i64)) -> i64| {
        let ms = move || overview().span_ms.map(at);
        view! {
            <div class="subject-fact">
                <dt>{label}</dt>
                <dd id=id title=move || ms().map(exact)>{move || ms().map_or_else(|| tr("no time").to_owned(), timed)}</dd>
            </div>
        }
    };
    let lasted = Signal::derive(move || overview().span_ms.map_or_else(|| "–".to_owned(), |(a, b)| duration(b - a)));
    let events = Signal::derive(move || {
        let o = overview();
        counted_with(o.events, "{1} of {0} event", "{1} of {0} events", &[&count(o.matching)])
    });
    let errors = Signal::derive(move || {
        let o = overview();
        if o.errors == 0 {
            tr("none").to_owned()
        } else {
            format!("{}, {}", count(o.errors), percent(o.errors, o.matching))
        }
    });
    view! {
        <dl class="subject-facts">
            {moment(tr("First seen"), "subject-first", |(first, _)| first)}
            {moment(tr("Last seen"), "subject-last", |(_, last)| last)} {fact(tr("Over"), "subject-over", lasted)}
            {fact(tr("Events"), "subject-count", events)} {fact(tr("Errors"), "subject-errors", errors)}
        </dl>
    }
}

/// When its events happened. What is brushed becomes the time range of a search for it.
#[component]
fn Times(query: StoredValue<String>) -> impl IntoView {
    let app = App::of_page();
    let drawn = Memo::new(move |_| app.subjects.known.with(|known| known.as_ref().and_then(times).unwrap_or_default()));
    let go = move |gesture: Gesture| {
        if let Gesture::Range(from, to) = gesture {
            app.follow_within(query.get_value(), (from, to));
        }
    };
    view! {
        <div class="subject-times" title=tr("Brush to see the events of a time")>
            <Histogram bars=drawn theme=app.theme.changes on_gesture=Callback::new(go) />
        </div>
    }
}

fn times(known: &Known) -> Option<Bars> {
    let course = known.course.as_ref()?;
    Some(bars(&Course { buckets: course.buckets, by: None, split: course.errors.clone() }))
}
