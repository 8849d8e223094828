//! What the timeline is split into: the layers of its bars, and their legend, which is a filter.

use crate::client::Split;
use crate::kit::bars::{Bars, Layer, Look};
use crate::kit::format::{count, counted, visible};
use crate::kit::words::{tr, tr_with};
use crate::state::{App, Course};
use analyzer_core::view::distinct::Distinct;
use leptos::prelude::*;

/// What a layer means.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Meaning {
    /// Events with an error.
    Failed,
    /// Events without one.
    Succeeded,
    /// Events with this value. Untrusted text.
    Value(String),
    /// Events with a value that is not named; how many there are, in words.
    Others(String),
    /// Events without the field.
    Missing,
}

impl Meaning {
    /// What it is called behind a number.
    fn label(&self) -> String {
        match self {
            Meaning::Failed => tr("with an error").to_owned(),
            Meaning::Succeeded => tr("succeeded").to_owned(),
            Meaning::Value(value) => visible(value),
            Meaning::Others(values) => tr_with("with {}", &[values]),
            Meaning::Missing => tr("without").to_owned(),
        }
    }
}

/// A layer of the legend.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    meaning: Meaning,
    look: Look,
    events: u64,
}

/// The layers from below.
fn layers(course: &Course) -> Vec<(Meaning, Look, &[u64])> {
    let Split { missing, others, of_values, unnamed } = &course.split;
    if course.by.is_none() {
        return vec![
            (Meaning::Failed, Look::Marked, others.as_slice()),
            (Meaning::Succeeded, Look::Plain, missing.as_slice()),
        ];
    }
    let named = of_values.iter().enumerate();
    named
        .map(|(number, (value, counts))| (Meaning::Value(value.clone()), Look::Hue(number), counts.as_slice()))
        .chain([
            (Meaning::Others(others_text(*unnamed)), Look::Others, others.as_slice()),
            (Meaning::Missing, Look::Missing, missing.as_slice()),
        ])
        .collect()
}

fn others_text(values: Distinct) -> String {
    let about = if values.is_exact { "" } else { "≈ " };
    format!("{about}{}", counted(values.count, "other value", "other values"))
}

/// The bars of a timeline.
pub fn bars(course: &Course) -> Bars {
    let layer = |(meaning, look, counts): (Meaning, Look, &[u64])| Layer {
        label: meaning.label(),
        look,
        counts: counts.to_vec(),
    };
    Bars {
        from_ms: course.buckets.start_ms,
        step_ms: course.buckets.bucket_ms,
        layers: layers(course).into_iter().map(layer).collect(),
    }
}

/// The layers that have an event; without a split, both.
fn lines(course: &Course) -> Vec<Line> {
    let line = |(meaning, look, counts): (Meaning, Look, &[u64])| Line { meaning, look, events: counts.iter().sum() };
    layers(course).into_iter().map(line).filter(|line| course.by.is_none() || line.events > 0).collect()
}

/// The legend.
#[component]
pub fn Legend() -> impl IntoView {
    let app = App::of_page();
    let field = Memo::new(move |_| {
        let of = |course: &Course| course.by.map_or("errorCode", |field| field.name);
        app.chart.course.with(|course| course.as_ref().map_or("", of))
    });
    let shown = Memo::new(move |_| app.chart.course.with(|course| course.as_ref().map_or_else(Vec::new, lines)));
    let meanings = move || {
        let field = field.get();
        shown.with(|lines| lines.iter().map(|line| (field, line.meaning.clone())).collect::<Vec<_>>())
    };
    view! {
        <ul class="legends" id="legend" aria-label=tr("Layers of the timeline")>
            <For each=meanings key=|meaning| meaning.clone() let((field, meaning))>
                <LegendLine field meaning shown />
            </For>
        </ul>
    }
}

/// A layer. It keeps its place in the page while its numbers change, so that the focus stays on it.
#[component]
fn LegendLine(field: &'static str, meaning: Meaning, shown: Memo<Vec<Line>>) -> impl IntoView {
    let app = App::of_page();
    let text = match &meaning {
        Meaning::Failed => tr("With an error").to_owned(),
        Meaning::Succeeded => tr("Succeeded").to_owned(),
        Meaning::Value(value) => visible(value),
        Meaning::Others(values) => values.clone(),
        Meaning::Missing => tr_with("Without {}", &[field]),
    };
    let only = meaning.clone();
    let line = Memo::new(move |_| shown.with(|all| all.iter().find(|line| line.meaning == only).cloned()));
    let number = move || line.with(|line| line.as_ref().map_or_else(String::new, |line| count(line.events)));
    let swatch = move || line.with(|line| format!("swatch {}", line.as_ref().map_or("", |line| line.look.class())));
    let content = view! {
        <span class=swatch aria-hidden="true" />
        <span class="legend-text">{text.clone()}</span>
    };
    let told = view! { <span class="legend-count">{number}</span> };
    if let Meaning::Others(_) = meaning {
        return view! { <li class="legend">{content} {told}</li> }.into_any();
    }
    let not = meaning.clone();
    let exclude = matches!(meaning, Meaning::Value(_)).then(|| {
        view! {
            <button
                class="plain value-exclude"
                aria-label=tr_with("Exclude {} {}", &[field, &text])
                title=tr("Exclude from the search")
                on:click=move |_| take(app, field, &not, false)
            >
                <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                    <circle cx="8" cy="8" r="5.5" />
                    <path d="M5.5 8h5" />
                </svg>
            </button>
        }
    });
    let (label, title) = (tr_with("Show only {}", &[&text]), format!("{text}\n{}", tr("Add to the search")));
    view! {
        <li class="legend">
            <button
                class="plain legend-pick"
                aria-label=label
                title=title
                on:click=move |_| take(app, field, &meaning, true)
            >
                {content}
            </button>
            {told}
            {exclude}
        </li>
    }
    .into_any()
}

/// Into the search or out of it.
fn take(app: App, field: &str, meaning: &Meaning, is_wanted: bool) {
    match meaning {
        Meaning::Failed => app.add_present(field),
        Meaning::Succeeded | Meaning::Missing => app.add_missing(field),
        Meaning::Value(value) if is_wanted => app.add_term(field, value),
        Meaning::Value(value) => app.exclude_term(field, value),
        Meaning::Others(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use analyzer_core::field::find;
    use analyzer_core::view::timeline::Buckets;

    fn course(by: Option<&str>) -> Course {
        let of_values = match by {
            None => Vec::new(),
            Some(_) => vec![("s3\u{202e}".to_owned(), vec![5, 0]), ("iam".to_owned(), vec![0, 2])],
        };
        Course {
            buckets: Buckets { start_ms: 1_000, bucket_ms: 10, count: 2 },
            by: by.and_then(find),
            split: Split {
                missing: vec![1, 0],
                others: vec![0, 3],
                of_values,
                unnamed: Distinct { count: 4, is_exact: true },
            },
        }
    }

    #[test]
    fn layers_and_what_they_are_called() {
        let check = |by, expected: &[(&str, Look, u64)]| {
            let course = course(by);
            let told: Vec<_> = lines(&course).iter().map(|l| (l.meaning.label(), l.look, l.events)).collect();
            let expected: Vec<_> = expected.iter().map(|&(label, look, n)| (label.to_owned(), look, n)).collect();
            assert_eq!(told, expected);
            let bars = bars(&course);
            assert_eq!((bars.from_ms, bars.step_ms, bars.len()), (1_000, 10, 2));
        };
        check(None, &[("with an error", Look::Marked, 3), ("succeeded", Look::Plain, 1)]);
        check(
            Some("eventSource"),
            &[
                ("s3\\u{202e}", Look::Hue(0), 5),
                ("iam", Look::Hue(1), 2),
                ("with 4 other values", Look::Others, 3),
                ("without", Look::Missing, 1),
            ],
        );
    }
}
