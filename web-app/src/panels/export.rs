//! Exports the matching events: in which form, with pseudonyms or without, and what the file will hold in words.

use crate::kit::format::{bytes, count, counted, counted_with, dated, visible, zone};
use crate::kit::words::{phrase, tr, tr_with};
use crate::platform::files::take_picked;
use crate::platform::page;
use crate::state::{App, EXPORT_FORMS, Stage};
use analyzer_core::export::pieces::{Counts, Form};
use leptos::html;
use leptos::prelude::*;

/// Id of the dialog, for those who open it.
pub const EXPORT_ID: &str = "export";
const SAVE_ID: &str = "export-save";

/// What each form is, in the order of the forms.
const FORMS: [(&str, &str); 6] = [
    ("CSV", phrase("A row for each event. No spreadsheet takes a cell for a formula.")),
    (phrase("JSON lines"), phrase("An object for each event.")),
    ("Markdown", phrase("A table for a report or a ticket.")),
    ("Timesketch", phrase("CSV as Timesketch imports it; events without a time are left out.")),
    (phrase("Original records"), phrase("One document, {\"Records\":[…]}, as a trail's own files are.")),
    (phrase("Original records, by line"), phrase("A record on each line.")),
];

/// The dialog; closed until it is asked for.
#[component]
pub fn ExportDialog() -> impl IntoView {
    let app = App::of_page();
    let export = app.export;
    let is_running = move || export.stage.with(|stage| matches!(stage, Stage::Running(..)));
    let status = move || export.stage.with(|stage| status(app, stage));
    // A file that is there is saved at once; the link is for those whose browser asks first, or who want it again.
    Effect::new(move |_| {
        if export.stage.with(|stage| matches!(stage, Stage::Made(..))) {
            page::click_soon(SAVE_ID);
        }
    });
    view! {
        <dialog id=EXPORT_ID class="dialog export" aria-labelledby="export-title" on:close=move |_| export.end()>
            <h2 id="export-title">{tr("Export events")}</h2>
            <p id="export-what">{move || what(app)}</p>
            <fieldset class="export-forms" disabled=is_running>
                <legend>{tr("Form")}</legend>
                {EXPORT_FORMS.into_iter().zip(FORMS).map(|(form, told)| view! { <FormChoice name=form.name told /> }).collect_view()}
            </fieldset>
            <Redaction />
            <p class="export-fields faint">{move || fields(app)}</p>
            <p id="export-status" role="status" class:bad=move || export.stage.with(|stage| matches!(stage, Stage::Failed(_)))>
                {status}
            </p>
            <progress
                class="export-progress"
                class:hidden=move || !is_running()
                aria-label=tr("Export")
                max="1"
                value=move || export.stage.with(part_done)
            />
            <div class="export-buttons">
                // It keeps the focus, which a button that is gone or disabled would lose.
                <button
                    class="primary"
                    id="export-start"
                    aria-disabled=move || (is_running() || app.why_no_export().is_some()).then_some("true")
                    on:click=move |_| {
                        if !untrack(|| is_running() || app.why_no_export().is_some()) {
                            app.write_export();
                        }
                    }
                >
                    {tr("Export")}
                </button>
                <Show when=is_running>
                    <button id="export-cancel" on:click=move |_| export.end()>
                        {tr("Cancel")}
                    </button>
                </Show>
                <SaveLink />
                <button class="plain export-close" on:click=move |_| page::close_dialog(EXPORT_ID)>
                    {tr("Close")}
                </button>
            </div>
        </dialog>
    }
}

#[component]
fn FormChoice(
    /// The form's name.
    name: &'static str,
    /// Its name for people, and what it is.
    told: (&'static str, &'static str),
) -> impl IntoView {
    let export = App::of_page().export;
    let choose = move |_| {
        if let Some(form) = EXPORT_FORMS.into_iter().find(|form| form.name == name) {
            export.end();
            export.form.set(form);
        }
    };
    view! {
        <label class="export-form">
            <input
                type="radio"
                name="export-form"
                value=name
                prop:checked=move || export.form.get().name == name
                on:change=choose
            />
            <span class="export-form-name">{tr(told.0)}</span>
            <span class="faint">{tr(told.1)}</span>
        </label>
    }
}

/// Whether pseudonyms are wanted, and what they are made of.
#[component]
fn Redaction() -> impl IntoView {
    let app = App::of_page();
    let export = app.export;
    let picker = NodeRef::<html::Input>::new();
    let pick = move |_| {
        if let Some(input) = picker.get_untracked() {
            input.click();
        }
    };
    let picked = move |_| {
        if let Some(file) = picker.get_untracked().and_then(|input| take_picked(&input).pop()) {
            app.take_key(file);
        }
    };
    let key = move || {
        export.key.with(|key| key.as_ref().map(|key| tr_with("Pseudonyms are made of {}.", &[&visible(&key.name)])))
    };
    let is_running = move || export.stage.with(|stage| matches!(stage, Stage::Running(..)));
    view! {
        <fieldset class="export-redaction" disabled=is_running>
            <legend>{tr("Pseudonyms")}</legend>
            <label class="export-form">
                <input
                    type="checkbox"
                    id="export-redact"
                    prop:checked=move || export.is_redacted.get()
                    on:change=move |event| {
                        export.end();
                        export.is_redacted.set(event_target_checked(&event));
                    }
                />
                <span class="export-form-name">{tr("Redact first")}</span>
                <span class="faint">
                    {tr("Accounts, ARNs, addresses, keys and names become pseudonyms, the same for the same value in the whole file.")}
                </span>
            </label>
            <Show when=move || export.is_redacted.get()>
                <p class="export-key">
                    <span class="faint">
                        {move || key().unwrap_or_else(|| tr("The secret behind them is made by chance and forgotten.").to_owned())}
                    </span>
                    <button class="small" id="export-key" on:click=pick>
                        {tr("Use a key file…")}
                    </button>
                    <Show when=move || export.key.with(Option::is_some)>
                        <button class="plain small" on:click=move |_| export.key.set(None)>
                            {tr("Use none")}
                        </button>
                    </Show>
                </p>
            </Show>
            <input type="file" id="export-key-input" aria-label=tr("Key file") tabindex="-1" node_ref=picker on:change=picked />
        </fieldset>
    }
}

/// What saves the file that was made.
#[component]
fn SaveLink() -> impl IntoView {
    let export = App::of_page().export;
    let link = move || {
        export.stage.with(|stage| match stage {
            Stage::Made(made, _, name) => Some(view! {
                <a id=SAVE_ID href=made.url.clone() download=name.clone()>
                    {tr_with("Save {} again ({})", &[name, &bytes(made.bytes)])}
                </a>
            }),
            _ => None,
        })
    };
    view! { {link} }
}

/// Which events, in words.
fn what(app: App) -> String {
    let matching = app.matching.get();
    let (query, range) = app.filter.with(|filter| (filter.query.trim().to_owned(), filter.range));
    let finding = app.chosen.with(|chosen| chosen.as_ref().map(|finding| finding.title.clone()));
    what_text(matching, &query, range, finding.as_deref())
}

fn what_text(matching: u64, query: &str, range: Option<(i64, i64)>, finding: Option<&str>) -> String {
    let all = query.is_empty() && range.is_none() && finding.is_none();
    let mut text = match (all, query.is_empty()) {
        (true, _) => counted_with(matching, "All {} event", "All {} events", &[]),
        (false, true) => counted(matching, "event", "events"),
        (false, false) => {
            counted_with(matching, "{} event that matches {}", "{} events that match {}", &[&visible(query)])
        }
    };
    if let Some(finding) = finding {
        text.push_str(&tr_with(", of the finding “{}”", &[&visible(finding)]));
    }
    if let Some((from, to)) = range {
        text.push_str(&tr_with(", from {} to {} {}", &[&dated(from), &dated(to), &zone()]));
    }
    tr_with("{}, oldest first.", &[&text])
}

/// What rows have.
fn fields(app: App) -> String {
    match app.export.form.get().form {
        Form::Records(_) => tr("Records are whole, as the logs have them.").to_owned(),
        Form::Table(_) => {
            tr_with("Columns of the table, and the event's id: {}.", &[&app.exported_fields().join(", ")])
        }
    }
}

fn part_done(stage: &Stage) -> String {
    match stage {
        Stage::Running(done, all) => format!("{:.3}", *done as f64 / (*all).max(1) as f64),
        _ => "0".to_owned(),
    }
}

fn status(app: App, stage: &Stage) -> String {
    match stage {
        Stage::Choosing => app.why_no_export().unwrap_or_default().to_owned(),
        Stage::Running(done, all) => {
            counted_with(*all, "{1} of {0} event written…", "{1} of {0} events written…", &[&count(*done)])
        }
        Stage::Failed(why) => why.clone(),
        Stage::Made(made, counts, _) => made_text(counts, made.bytes, app.export.is_redacted.get()),
    }
}

fn made_text(counts: &Counts, size: u64, is_redacted: bool) -> String {
    let size = bytes(size);
    let mut told =
        vec![counted_with(counts.written, "{} event is written, {}.", "{} events are written, {}.", &[&size])];
    if counts.unread > 0 {
        let unread = counted(counts.unread, "record", "records");
        told.push(match is_redacted {
            true => {
                tr_with("{} could not be read again, or not be redacted: what they say is not in the file.", &[&unread])
            }
            false => tr_with("{} could not be read again: what they say is not in the file.", &[&unread]),
        });
    }
    if counts.untimed > 0 {
        told.push(tr_with("{} without a time left out.", &[&counted(counts.untimed, "event", "events")]));
    }
    told.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_the_file_will_hold() {
        let check = |matching, query, range, finding, expected: &str| {
            assert_eq!(what_text(matching, query, range, finding), expected);
        };
        check(1_234, "", None, None, "All 1,234 events, oldest first.");
        check(1, "name:A", None, None, "1 event that matches name:A, oldest first.");
        check(
            2,
            "name:A",
            Some((0, 1_000)),
            Some("Root\u{202e}"),
            "2 events that match name:A, of the finding “Root\\u{202e}”, from 1970-01-01 00:00:00 to 1970-01-01 00:00:01 UTC, oldest first.",
        );
    }

    #[test]
    fn says_what_became_of_the_events() {
        let check = |written, unread, untimed, expected: &str| {
            assert_eq!(made_text(&Counts { written, unread, untimed }, 1_500, true), expected);
        };
        check(1, 0, 0, "1 event is written, 1.5 kB.");
        check(
            5,
            2,
            1,
            "5 events are written, 1.5 kB. 2 records could not be read again, or not be redacted: what they say is not in the file. 1 event without a time left out.",
        );
    }
}
