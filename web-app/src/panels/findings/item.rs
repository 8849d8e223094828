//! The lines of the list: a finding, and the heading of a group.

use super::body::FindingBody;
use crate::kit::format::{count, counted, exact, exact_span, spanned, timed, visible};
use crate::kit::words::{tr, tr_known};
use crate::panels::marks::Star;
use crate::protocol::Finding;
use crate::state::findings::NO_ENTITY;
use crate::state::{App, Marked, id_of_finding};
use leptos::prelude::*;

/// A finding. What it says never changes: its id is made of that.
#[component]
pub fn FindingItem(
    /// Its id.
    id: String,
    /// Whether Tab comes to it; arrows come to all.
    is_entry: Signal<bool>,
) -> impl IntoView {
    let app = App::of_page();
    let finding = app.finding(&id)?;
    let about = Marked::Finding(id.clone());
    let mark = Memo::new({
        let about = about.clone();
        move |_| app.marks.of(&about)
    });
    let said = move || mark.with(|mark| said(&mark.tags, &mark.note));
    let kept = StoredValue::new(id.clone());
    let is_chosen = move || app.chosen.with(|c| c.as_ref().is_some_and(|c| kept.with_value(|id| c.id == *id)));
    let is_open =
        Memo::new(move |_| app.findings_view.open.with(|open| kept.with_value(|id| open.as_ref() == Some(id))));
    let (title, why, when, severity) =
        (visible(&finding.title), visible(&finding.why), when(&finding), finding.severity.clone());
    let exactly = told(&finding, exact, exact_span);
    let events = counted(finding.count, "event", "events");
    let name = title.clone();
    let finding = StoredValue::new(finding);
    let element = id_of_finding(&id);
    Some(view! {
        <li class="finding-item" class:open=is_open data-finding=id.clone()>
            <button
                class="finding"
                id=element
                data-id=id.clone()
                tabindex=move || if is_entry.get() { "0" } else { "-1" }
                aria-pressed=move || if is_chosen() { "true" } else { "false" }
                aria-expanded=move || if is_open.get() { "true" } else { "false" }
                on:click=move |_| kept.with_value(|id| app.toggle_finding(id))
            >
                <span class="finding-top">
                    <span class=format!("severity {severity}")>{capitalised(&tr_known(&severity))}</span>
                    <span class="faint">{events}</span>
                </span>
                <span class="finding-title" lang="en">{title}</span>
                <span class="finding-why" lang="en">{why}</span>
                <span class="finding-when" title=exactly>{when}</span>
                <Show when=move || said().is_some()>
                    <span class="finding-said">{said}</span>
                </Show>
            </button>
            <Star
                about
                what=name
                in_order=is_open
                on_star=Callback::new(move |()| finding.with_value(|finding| app.star_finding(finding)))
            />
            <Show when=move || is_open.get()>
                <FindingBody finding=finding.get_value() />
            </Show>
        </li>
    })
}

/// Tags, and whether there is a note.
fn said(tags: &[String], note: &str) -> Option<String> {
    let note = (!note.trim().is_empty()).then(|| tr("note").to_owned());
    let parts: Vec<String> = tags.iter().map(|tag| visible(tag)).chain(note).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// The heading of a group.
#[component]
pub fn GroupHead(
    /// Its key.
    key: String,
    /// Whether Tab comes to it.
    is_entry: Signal<bool>,
) -> impl IntoView {
    let view = App::of_page().findings_view;
    let key = StoredValue::new(key);
    let group = Memo::new(move |old: Option<&crate::state::findings::Group>| {
        let found = view.arranged.with(|it| key.with_value(|key| it.groups.get(key).cloned()));
        // One that is about to go away stays as it was.
        found.or_else(|| old.cloned()).unwrap_or_default()
    });
    view! {
        <li class="finding-group-item">
            <button
                class="finding-group"
                tabindex=move || if is_entry.get() { "0" } else { "-1" }
                aria-expanded=move || if group.with(|group| group.is_closed) { "false" } else { "true" }
                on:click=move |_| key.with_value(|key| view.toggle_group(key))
            >
                <span class=move || format!("severity {}", group.with(|group| group.worst)) aria-hidden="true" />
                <span class="finding-group-label">{move || group.with(|group| group_label(&group.label))}</span>
                <span class="finding-group-detail faint">{move || group.with(|group| visible(&group.detail))}</span>
                <span class="finding-group-count">
                    {move || group.with(|group| count(group.count as u64))}
                </span>
            </button>
        </li>
    }
}

fn group_label(label: &str) -> String {
    if label == NO_ENTITY { tr(NO_ENTITY).to_owned() } else { visible(label) }
}

fn when(finding: &Finding) -> String {
    told(finding, timed, spanned).unwrap_or_else(|| tr("no time").to_owned())
}

/// When it was, told as a moment or from one to another.
fn told(finding: &Finding, moment: fn(i64) -> String, span: fn(i64, i64) -> String) -> Option<String> {
    let first = finding.first_ms?;
    let last = finding.last_ms.unwrap_or(first);
    Some(if first == last { moment(first) } else { span(first, last) })
}

/// `High` of `high`.
pub fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_was_noted() {
        let check = |tags: &[&str], note: &str, expected: Option<&str>| {
            let tags: Vec<String> = tags.iter().map(|&tag| tag.to_owned()).collect();
            assert_eq!(said(&tags, note).as_deref(), expected);
        };
        check(&[], " \n", None);
        check(&["a\u{202e}", "b"], "", Some("a\\u{202e} · b"));
        check(&["a"], "n", Some("a · note"));
    }
}
