//! Stars, tags and notes: the same for findings and events.

use crate::kit::words::{tr, tr_with};
use crate::protocol::Mark;
use crate::state::{App, Marked, tags_in};
use analyzer_core::event::EventRow;
use leptos::prelude::*;

/// A change of a mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// These tags instead of those that there were.
    Tags(Vec<String>),
    /// This note.
    Note(String),
}

impl Edit {
    /// Does it.
    pub fn apply(self, mark: &mut Mark) {
        match self {
            Edit::Tags(tags) => mark.tags = tags,
            Edit::Note(note) => mark.note = note,
        }
    }
}

/// A star, empty or filled.
#[component]
pub fn Star(
    /// What it is about.
    about: Marked,
    /// That in words.
    #[prop(into)]
    what: String,
    /// Whether Tab comes to it; its key is `s`.
    #[prop(into)]
    in_order: Signal<bool>,
    /// Called when the user clicks it.
    on_star: Callback<()>,
) -> impl IntoView {
    let marks = App::of_page().marks;
    let is_starred = Memo::new(move |_| marks.is_starred(&about));
    view! {
        <button
            class="plain star"
            aria-label=tr_with("Star {}", &[&what])
            title=tr("Star (s)")
            tabindex=move || if in_order.get() { "0" } else { "-1" }
            aria-pressed=move || if is_starred.get() { "true" } else { "false" }
            on:click=move |_| on_star.run(())
        >
            <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                <path d="M8 1.9 9.9 5.7l4.2.6-3 3 .7 4.2L8 11.5l-3.8 2 .7-4.2-3-3 4.2-.6z" />
            </svg>
        </button>
    }
}

/// Fields for tags and a note.
#[component]
pub fn MarkEditor(
    /// What they are about.
    about: Marked,
    /// Called with each change.
    on_edit: Callback<Edit>,
) -> impl IntoView {
    let marks = App::of_page().marks;
    let mark = Memo::new(move |_| marks.of(&about));
    view! {
        <div class="mark-editor">
            <label>
                <span>{tr("Tags")}</span>
                <input
                    class="field mark-tags"
                    type="text"
                    autocomplete="off"
                    placeholder=tr("with commas between them")
                    prop:value=move || mark.with(|mark| mark.tags.join(", "))
                    on:change=move |event| on_edit.run(Edit::Tags(tags_in(&event_target_value(&event))))
                />
            </label>
            <label>
                <span>{tr("Note")}</span>
                <textarea
                    class="field mark-note"
                    rows="3"
                    prop:value=move || mark.with(|mark| mark.note.clone())
                    on:input=move |event| on_edit.run(Edit::Note(event_target_value(&event)))
                />
            </label>
        </div>
    }
}

/// The star of an event that is shown in full; with it, tags and a note.
#[component]
pub fn EventMark(
    /// The event.
    row: EventRow,
) -> impl IntoView {
    let marks = App::of_page().marks;
    let about = Marked::Event(row.event_id.clone());
    let is_marked = Memo::new({
        let about = about.clone();
        move |_| !marks.of(&about).is_empty()
    });
    let row = StoredValue::new(row);
    let edit = Callback::new(move |edit: Edit| {
        row.with_value(|row| marks.change_event(row, |mark| edit.apply(mark)));
    });
    let edited = about.clone();
    view! {
        <div class="event-mark">
            <Star
                about
                what=tr("this event")
                in_order=Signal::stored(true)
                on_star=Callback::new(move |()| row.with_value(|row| marks.star_event(row)))
            />
            <Show when=move || is_marked.get() fallback=|| view! { <span class="faint">{tr("Star it to add tags and a note")}</span> }>
                <MarkEditor about=edited.clone() on_edit=edit />
            </Show>
        </div>
    }
}
