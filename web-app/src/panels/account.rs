//! What was read and what became of it: the strip above the events, and the list of sources behind it.

use crate::command::Command;
use crate::kit::drawer::Drawer;
use crate::kit::format::{bytes, count, counted, counted_with, exact_span, spanned, visible};
use crate::kit::words::{tr, tr_with};
use crate::protocol::{Account, Said};
use crate::state::language::told;
use crate::state::{App, Phase, Side};
use analyzer_core::order;
use leptos::prelude::*;

/// How many sources the list shows at once; the next ones come with a button.
const AT_ONCE: usize = 100;
/// How many rejections of a source are shown at once.
const REJECTIONS_AT_ONCE: usize = 6;

/// The strip: while loading how far it is, afterwards how it adds up.
#[component]
pub fn AccountStrip() -> impl IntoView {
    let app = App::of_page();
    view! {
        <section class="strip" id="account" aria-label=tr("What was read")>
            <Show when=move || app.phase.get() == Phase::Loading fallback=|| view! { <Summed /> }>
                <Progress />
            </Show>
            <button
                class="small strip-values"
                id="show-values"
                title=tr("What the events are made of (v)")
                aria-expanded=move || if app.shows_values() { "true" } else { "false" }
                on:click=move |_| app.run(Command::ShowValues)
            >
                {tr("Values")}
            </button>
        </section>
    }
}

/// How it adds up.
#[component]
fn Summed() -> impl IntoView {
    let app = App::of_page();
    view! {
            <button
                class="plain strip-sum"
                title=tr("What was read, file by file")
                aria-expanded=move || if app.side.get() == Side::Account { "true" } else { "false" }
                on:click=move |_| app.toggle(Side::Account)
            >
                {move || app.totals.with(|t| counted(t.sources, "file", "files"))}
                <span class="strip-equation">
                    <span>{move || app.totals.with(|t| counted(t.seen, "record", "records"))}</span>
                    <span class="faint">"="</span>
                    <span class="strip-kept">{move || app.totals.with(|t| counted(t.kept, "event", "events"))}</span>
                    <span class="faint">"+"</span>
                    <span>{move || app.totals.with(|t| counted(t.duplicate, "duplicate", "duplicates"))}</span>
                    <span class="faint">"+"</span>
                    <span class:bad=move || {
                        app.totals.with(|t| t.rejected > 0)
                    }>{move || app.totals.with(|t| tr_with("{} rejected", &[&count(t.rejected)]))}</span>
                </span>
                <span class="strip-problems" class:hidden=move || app.totals.with(|t| t.sources_with_problems == 0)>
                    {move || {
                        app.totals.with(|t| counted(t.sources_with_problems, "file with problems", "files with problems"))
                    }}
                </span>
            </button>
            <span class="strip-range faint" title=move || app.span.get().map(|(from, to)| exact_span(from, to))>
                {move || app.span.get().map(|(from, to)| spanned(from, to))}
            </span>
    }
}

/// How far reading is, with the thin line under the bar.
#[component]
fn Progress() -> impl IntoView {
    let app = App::of_page();
    let share = move || {
        let p = app.progress.get();
        if p.bytes_total == 0 { 0.0 } else { p.bytes_read as f64 / p.bytes_total as f64 * 100.0 }
    };
    let text = move || {
        let p = app.progress.get();
        let (files, events) = (counted(p.files_total, "file", "files"), counted(p.events, "event", "events"));
        tr_with(
            "Reading: {} of {}, {} of {}, {}",
            &[&bytes(p.bytes_read), &bytes(p.bytes_total), &count(p.files_done), &files, &events],
        )
    };
    view! {
        <div
            class="progress"
            role="progressbar"
            aria-label=tr("Reading files")
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=move || share() as u64
        >
            <div class="progress-done" style:width=move || format!("{}%", share()) />
        </div>
        <span class="strip-loading" id="progress-text">
            {text}
        </span>
        <button class="small" id="cancel" on:click=move |_| app.run(Command::CancelLoading)>
            {tr("Cancel")}
        </button>
    }
}

/// A source, followed by its members if it is an archive.
type Group = [Account];

/// In the order of the list: groups with problems first, and in a group, behind the archive itself, members with
/// problems first.
fn in_order(accounts: &[Account]) -> Vec<(Account, usize)> {
    let mut groups: Vec<&Group> = accounts.chunk_by(|_, next| next.member > 0).collect();
    let is_clean = |group: &Group| group.iter().all(|account| account.is_clean);
    order::sort_by(&mut groups, |a, b| {
        is_clean(a).cmp(&is_clean(b)).then_with(|| a.first().map(name).cmp(&b.first().map(name)))
    });
    let mut sorted = Vec::with_capacity(accounts.len());
    for group in groups {
        let from = sorted.len();
        sorted.extend(
            group.iter().map(|account| (account.clone(), if account.member == 0 { group.len() - 1 } else { 0 })),
        );
        order::sort_by_key(&mut sorted[from..], |(account, _)| (account.member > 0, account.is_clean, account.member));
    }
    sorted
}

fn name(account: &Account) -> &str {
    &account.name
}

/// The list of sources.
#[component]
pub fn AccountPanel() -> impl IntoView {
    let app = App::of_page();
    let shown = RwSignal::new(AT_ONCE);
    let sorted = Memo::new(move |_| app.accounts.with(|accounts| in_order(accounts)));
    let list = move || {
        sorted.with(|all| all.iter().take(shown.get()).map(|(account, files)| source(account, *files)).collect_view())
    };
    let more = move || sorted.with(|all| all.len().saturating_sub(shown.get()));
    view! {
        <Drawer title=tr("What was read") on_close=Callback::new(move |()| app.close_side())>
            <Sum />
            <ul class="sources" id="sources">
                {list}
            </ul>
            <Show when=move || { more() > 0 }>
                <button class="more" on:click=move |_| shown.update(|n| *n += AT_ONCE)>
                    {move || tr_with("Show {} more", &[&count(more().min(AT_ONCE) as u64)])}
                </button>
            </Show>
        </Drawer>
    }
}

#[component]
fn Sum() -> impl IntoView {
    let app = App::of_page();
    Effect::new(move |_| {
        app.phase.track();
        app.measure_memory();
    });
    let line = move |label: &'static str, value: fn(&crate::protocol::Totals) -> String| {
        view! {
            <div class="sum-line">
                <dt>{label}</dt>
                <dd>{move || app.totals.with(value)}</dd>
            </div>
        }
    };
    view! {
        <dl class="sum">
            {line(tr("Files"), |t| count(t.sources))}
            {line(tr("Read"), |t| bytes(t.bytes_read))}
            {line(tr("Inflated"), |t| bytes(t.bytes_inflated))}
            {line(tr("Records seen"), |t| count(t.seen))}
            {line(tr("Kept as events"), |t| count(t.kept))}
            {line(tr("Duplicates"), |t| count(t.duplicate))}
            {line(tr("Rejected"), |t| count(t.rejected))}
            <div class="sum-line">
                <dt>{tr("Memory")}</dt>
                <dd id="memory">{move || app.memory.with(|shards| memory_text(shards))}</dd>
            </div>
        </dl>
    }
}

/// What the events of each shard take.
fn memory_text(shards: &[u64]) -> String {
    let each: Vec<String> = shards.iter().map(|&shard| bytes(shard)).collect();
    let whole =
        counted_with(shards.len() as u64, "{} shard holds {}", "{} shards hold {}", &[&bytes(shards.iter().sum())]);
    if shards.len() < 2 { whole } else { format!("{whole} ({})", each.join(" + ")) }
}

/// A source or member. An archive has no records of its own, but so many files.
fn source(account: &Account, files: usize) -> AnyView {
    let counts = match files {
        0 => tr_with(
            "{} seen = {} kept + {} duplicate + {} rejected, {}",
            &[
                &count(account.seen),
                &count(account.kept),
                &count(account.duplicate),
                &count(account.rejected),
                &bytes(account.bytes_read),
            ],
        ),
        files => format!("{}, {}", counted(files as u64, "file in it", "files in it"), bytes(account.bytes_read)),
    };
    let what = account.what.as_ref().map(|what| view! { <p class="source-what">{told(what)}</p> });
    let note = |said: &Said| view! { <li class="source-note">{visible(&told(said))}</li> };
    let problem = |said: &Said| view! { <li class="source-problem">{visible(&told(said))}</li> };
    let (first, others) = account.rejections.split_at(account.rejections.len().min(REJECTIONS_AT_ONCE));
    let others = (!others.is_empty()).then(|| {
        view! {
            <li>
                <details class="source-more">
                    <summary>{tr_with("{} more rejected records", &[&count(others.len() as u64)])}</summary>
                    <ul>{others.iter().map(problem).collect_view()}</ul>
                </details>
            </li>
        }
    });
    let untold = account.rejected.saturating_sub(account.rejections.len() as u64);
    let untimed = (account.untimed > 0)
        .then(|| counted(account.untimed, "event without a readable time", "events without a readable time"));
    view! {
        <li class="source" class:clean=account.is_clean class:member={account.member > 0}>
            <p class="source-name">{visible(&account.name)}</p>
            {what}
            <p class="source-counts faint">{counts}</p>
            <ul>
                {account.faults.iter().map(problem).collect_view()}
                {first.iter().map(problem).collect_view()} {others}
                {(untold > 0)
                    .then(|| view! { <li class="source-problem">{tr_with("and {} more that were counted only", &[&count(untold)])}</li> })}
                {untimed.map(|text| view! { <li class="source-problem">{text}</li> })}
                {account.notes.iter().map(note).collect_view()}
            </ul>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_shards_hold() {
        assert_eq!(memory_text(&[1_500_000]), "1 shard holds 1.5 MB");
        assert_eq!(memory_text(&[1_500_000, 500]), "2 shards hold 1.5 MB (1.5 MB + 500 B)");
    }
}
