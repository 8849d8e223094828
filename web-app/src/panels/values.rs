//! What the matching events are made of: for each field its values with their counts, the most frequent or the most unusual
//! ones first. A value is a click away from being in the search, or out of it.

use super::add_field::AddField;
use super::subject::PageButton;
use crate::client::{FieldPortrait, Portrait};
use crate::command::Command;
use crate::kit::drawer::Drawer;
use crate::kit::format::{count, counted, exact_span, multiple, percent, spanned, visible};
use crate::kit::more::More;
use crate::kit::words::{tr, tr_with};
use crate::platform::page;
use crate::state::{App, Ranking, Stand, Within, ranked};
use analyzer_core::field::{FIELDS, Field, find};
use analyzer_core::view::overview::Overview;
use analyzer_core::view::share::{Share, lift};
use analyzer_core::view::subject::Subject;
use analyzer_core::view::top::Merged;
use leptos::prelude::*;

/// So many values of a field are shown at first.
const AT_FIRST: usize = 8;

/// The panel, wherever it stands.
#[component]
pub fn ValuesPanel() -> impl IntoView {
    let app = App::of_page();
    let values = app.values;
    view! {
        <Drawer title=tr("Values") on_close=Callback::new(move |()| app.toggle_values())>
            <div id="values">
                <Head />
                <For each=move || values.fields.get() key=|name| *name let:name>
                    <FieldValues name />
                </For>
                <AddCounted />
            </div>
        </Drawer>
    }
}

/// How many events, and the order of the values.
#[component]
fn Head() -> impl IntoView {
    let app = App::of_page();
    let values = app.values;
    let overview = move || values.portrait.with(|portrait| portrait.as_ref().map(|portrait| portrait.overview));
    let events = move || overview().map_or_else(|| "…".to_owned(), |o| counted(o.matching, "event", "events"));
    let errors = move || overview().map(|o| counted(o.errors, "error", "errors"));
    let span = move || overview().map(|o| span_text(&o));
    let exact = move || overview().and_then(|o| o.span_ms).map(|(first, last)| exact_span(first, last));
    let choice = move |ranking: Ranking, label: &'static str| {
        view! {
            <button
                class="small"
                aria-pressed=move || if values.ranking.get() == ranking { "true" } else { "false" }
                on:click=move |_| values.ranking.set(ranking)
            >
                {label}
            </button>
        }
    };
    view! {
        <div class="values-head">
            <p class="values-sum" id="values-sum">
                <strong>{events}</strong>
                <span class:bad=move || overview().is_some_and(|o| o.errors > 0)>{errors}</span>
            </p>
            <p class="values-span faint" id="values-span" title=exact>
                {span}
            </p>
            <div class="values-tools">
                <div class="switch" role="group" aria-label=tr("Order of the values")>
                    {choice(Ranking::Frequent, tr("Most frequent"))} {choice(Ranking::Unusual, tr("Most unusual"))}
                </div>
                <button
                    class="plain small values-move"
                    id="move-values"
                    title=tr("Where the values stand is remembered")
                    on:click=move |_| app.run(Command::MoveValues)
                >
                    {move || if values.stand.get() == Stand::Side { tr("Keep at the left") } else { tr("Move to the right") }}
                </button>
            </div>
            <Show when=move || values.ranking.get() == Ranking::Unusual>
                <p class="values-note faint">{move || unusual_note(overview())}</p>
            </Show>
        </div>
    }
}

fn span_text(overview: &Overview) -> String {
    let untimed = match overview.untimed {
        0 => String::new(),
        n => tr_with(", {} without a time", &[&count(n)]),
    };
    match overview.span_ms {
        Some((first, last)) => format!("{}{untimed}", spanned(first, last)),
        None => tr("No time").to_owned(),
    }
}

fn unusual_note(overview: Option<Overview>) -> &'static str {
    match overview {
        Some(o) if o.matching == o.events => tr("These are all events: search, and see what sets some of them apart."),
        _ => tr("More frequent here than in all events."),
    }
}

/// One field.
#[component]
fn FieldValues(name: &'static str) -> impl IntoView {
    let app = App::of_page();
    let values = app.values;
    let is_whole = RwSignal::new(false);
    let portrait = Memo::new(move |_| values.portrait.with(|portrait| of_field(portrait.as_ref()?, name)));
    let within = Memo::new(move |_| values.within.with(|within| within.clone().filter(|within| within.field == name)));
    // What is looked for among the values; nothing if nobody looks for some.
    let text = Memo::new(move |_| {
        within.with(|within| within.as_ref().map(|within| within.text.clone()).filter(|text| !text.is_empty()))
    });
    let lines = Memo::new(move |_| {
        let ranking = values.ranking.get();
        let found =
            within.with(|w| w.as_ref().filter(|w| !w.text.is_empty()).map(|w| w.found.clone().unwrap_or_default()));
        portrait.with(|portrait| match (portrait, found) {
            (Some((overview, _)), Some(found)) => found_lines(overview, found),
            (Some((overview, field)), None) => lines(overview, field, ranking),
            (None, _) => Vec::new(),
        })
    });
    let shown = move || {
        let most = if is_whole.get() { usize::MAX } else { AT_FIRST };
        lines.with(|lines| lines.iter().take(most).map(|line| line.value.clone()).collect::<Vec<_>>())
    };
    let none = move || match (portrait.with(Option::is_some), values.ranking.get()) {
        _ if text.with(Option::is_some) => tr("No value has this in it."),
        (false, _) => "…",
        (true, Ranking::Frequent) => tr("None of these events has a value here."),
        (true, Ranking::Unusual) => tr("Nothing stands out."),
    };
    let more = move || lines.with(Vec::len).saturating_sub(AT_FIRST);
    view! {
        <section class="values-field" data-field=name aria-label=name>
            <FieldHead name portrait within />
            <Show when=move || within.with(Option::is_some)>
                <WithinBox name text />
            </Show>
            <ul class="values-list">
                <For each=shown key=|value| value.clone() let:value>
                    <ValueLine name value lines />
                </For>
            </ul>
            <Show when=move || lines.with(Vec::is_empty)>
                <p class="values-none faint">{none}</p>
            </Show>
            <More is_whole rest=Signal::derive(more) />
        </section>
    }
}

/// The name of a field, how many values it has, and what can be done with it.
#[component]
fn FieldHead(
    name: &'static str,
    portrait: Memo<Option<(Overview, FieldPortrait)>>,
    within: Memo<Option<Within>>,
) -> impl IntoView {
    let app = App::of_page();
    let values = app.values;
    let distinct = move || portrait.with(|p| p.as_ref().map(|(_, field)| distinct_text(field)));
    let missing = move || portrait.with(|p| p.as_ref().map_or(0, |(_, field)| field.missing));
    view! {
        <header class="values-field-head">
            <h3 class="values-name" title=find(name).map(|field| tr(field.doc))>{name}</h3>
            <span class="values-distinct faint">{distinct}</span>
            <Show when=move || { missing() > 0 }>
                <button
                    class="plain small values-missing"
                    aria-label=move || tr_with("{} without {}, only these", &[&count(missing()), name])
                    title=tr("Add to the search: events without it")
                    on:click=move |_| app.add_missing(name)
                >
                    {move || tr_with("{} without", &[&count(missing())])}
                </button>
            </Show>
            <button
                class="plain values-remove"
                aria-label=tr_with("Look within {}", &[name])
                title=tr("Look for values of this field")
                aria-expanded=move || if within.with(Option::is_some) { "true" } else { "false" }
                on:click=move |_| look_within(app, name, within.with_untracked(Option::is_none))
            >
                <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                    <circle cx="7" cy="7" r="3.5" />
                    <path d="m9.8 9.8 2.7 2.7" />
                </svg>
            </button>
            <button
                class="plain values-remove"
                aria-label=tr_with("Remove {}", &[name])
                title=tr("Remove this field")
                on:click=move |_| values.remove(name)
            >
                <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                    <path d="M4 4l8 8M12 4l-8 8" />
                </svg>
            </button>
        </header>
    }
}

/// The box in which one looks for values of a field.
#[component]
fn WithinBox(name: &'static str, text: Memo<Option<String>>) -> impl IntoView {
    let app = App::of_page();
    view! {
        <input
            id=within_id(name)
            class="values-within"
            type="text"
            autocomplete="off"
            spellcheck="false"
            aria-label=tr_with("Values of {} that contain", &[name])
            placeholder=tr("Values that contain, anywhere, …")
            prop:value=move || text.get().unwrap_or_default()
            on:input=move |event| app.look_within(name, event_target_value(&event))
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    event.stop_propagation();
                    look_within(app, name, false);
                }
            }
        />
    }
}

fn within_id(name: &str) -> String {
    format!("within-{}", name.replace('.', "-"))
}

/// Opens the box in which one looks for values of a field, or closes it.
fn look_within(app: App, name: &'static str, is_wanted: bool) {
    if is_wanted {
        app.look_within(name, String::new());
        page::focus_soon(&within_id(name));
    } else {
        app.values.within.set(None);
    }
}

fn of_field(portrait: &Portrait, name: &str) -> Option<(Overview, FieldPortrait)> {
    let field = portrait.fields.iter().find(|field| field.field == name)?;
    Some((portrait.overview, field.clone()))
}

fn distinct_text(field: &FieldPortrait) -> String {
    let about = if field.distinct.is_exact { "" } else { "≈ " };
    format!("{about}{}", counted(field.distinct.count, "value", "values"))
}

/// A value as it is shown.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    /// Untrusted text, as it is.
    value: String,
    count: String,
    /// How much of the events, in percent.
    part: f64,
    /// The same, or how unusual that is.
    measure: String,
}

fn lines(overview: &Overview, field: &FieldPortrait, ranking: Ranking) -> Vec<Line> {
    let line = |(value, share): (String, Share)| Line {
        value,
        count: count(share.count),
        part: (share.count as f64 * 100.0 / overview.matching.max(1) as f64).min(100.0),
        measure: measure(share, overview, ranking),
    };
    ranked(&field.values, overview, ranking).into_iter().map(line).collect()
}

/// Values that were looked for; only how frequent they are is known.
fn found_lines(overview: &Overview, found: Merged) -> Vec<Line> {
    let line = |(value, n): (String, u64)| Line {
        value,
        count: count(n),
        part: (n as f64 * 100.0 / overview.matching.max(1) as f64).min(100.0),
        measure: percent(n, overview.matching),
    };
    found.values.into_iter().map(line).collect()
}

fn measure(share: Share, overview: &Overview, ranking: Ranking) -> String {
    match ranking {
        Ranking::Frequent => percent(share.count, overview.matching),
        Ranking::Unusual if share.is_only_here() => tr("only here").to_owned(),
        Ranking::Unusual => lift(share, overview.matching, overview.events).map(multiple).unwrap_or_default(),
    }
}

/// One value. It keeps its place in the page while its numbers change, so that the focus stays on it.
#[component]
fn ValueLine(name: &'static str, value: String, lines: Memo<Vec<Line>>) -> impl IntoView {
    let app = App::of_page();
    let text = visible(&value);
    let (only, without) = (tr_with("Only {} {}", &[name, &text]), tr_with("Exclude {} {}", &[name, &text]));
    let page = Subject::named(name, &value).map(|subject| view! { <PageButton subject /> });
    let value = StoredValue::new(value);
    let line = Memo::new(move |old: Option<&Option<Line>>| {
        let found =
            lines.with(|lines| value.with_value(|value| lines.iter().find(|line| line.value == *value).cloned()));
        // One that is about to go away keeps its numbers.
        found.or_else(|| old.cloned().flatten())
    });
    let told = move |part: fn(&Line) -> String| line.with(|line| line.as_ref().map(part));
    view! {
        <li class="value-line">
            <button
                class="plain value-pick"
                aria-label=only
                title=format!("{text}\n{}", tr("Add to the search"))
                on:click=move |_| value.with_value(|value| app.add_term(name, value))
            >
                <span class="value-bar" style:width=move || told(|line| format!("{:.2}%", line.part)) />
                <span class="value-text">{text.clone()}</span>
            </button>
            <span class="value-count">{move || told(|line| line.count.clone())}</span>
            <span class="value-measure faint">{move || told(|line| line.measure.clone())}</span>
            {page}
            <button
                class="plain value-exclude"
                aria-label=without
                title=tr("Exclude from the search")
                on:click=move |_| value.with_value(|value| app.exclude_term(name, value))
            >
                <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                    <circle cx="8" cy="8" r="5.5" />
                    <path d="M5.5 8h5" />
                </svg>
            </button>
        </li>
    }
}

/// Every other field whose values can be counted.
#[component]
fn AddCounted() -> impl IntoView {
    let values = App::of_page().values;
    let offered = move || {
        let shown = values.fields.get();
        let is_offered = |field: &&'static Field| field.is_counted() && !shown.contains(&field.name);
        FIELDS.iter().filter(is_offered).collect::<Vec<_>>()
    };
    view! {
        <AddField
            id="add-field"
            label=tr("Add a field")
            first=tr("Add a field…")
            offered=Signal::derive(offered)
            on_add=Callback::new(move |name: String| values.add(&name))
        />
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use analyzer_core::view::distinct::Distinct;

    #[test]
    fn says_how_much_and_how_unusual() {
        let overview = Overview { events: 1_000, matching: 100, ..Overview::default() };
        let field = FieldPortrait {
            field: "eventName",
            values: vec![
                ("A".to_owned(), Share { count: 60, among_others: 600 }),
                ("B".to_owned(), Share { count: 30, among_others: 60 }),
                ("C".to_owned(), Share { count: 2, among_others: 2 }),
            ],
            distinct: Distinct { count: 12_345, is_exact: false },
            missing: 8,
        };
        let check = |ranking, expected: &[(&str, &str)]| {
            let lines = lines(&overview, &field, ranking);
            let told: Vec<_> = lines.iter().map(|line| (line.value.as_str(), line.measure.as_str())).collect();
            assert_eq!(told, expected);
        };
        check(Ranking::Frequent, &[("A", "60.0%"), ("B", "30.0%"), ("C", "2.0%")]);
        check(Ranking::Unusual, &[("B", "×5.0"), ("C", "only here")]);
        assert_eq!(distinct_text(&field), "≈ 12,345 values");
    }
}
