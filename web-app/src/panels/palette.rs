//! The palette: every command that has something to do, by its name. The focus stays in the box, as with completions.

use crate::command::{COMMANDS, Entry, meant_by};
use crate::kit::words::tr;
use crate::platform::page;
use crate::state::App;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// Id of the dialog, for those who open it.
pub const PALETTE_ID: &str = "palette";
const LIST_ID: &str = "palette-list";

/// What was typed, and which of the commands that it may mean the keys are at.
#[derive(Clone, Copy)]
struct Choosing {
    app: App,
    typed: RwSignal<String>,
    active: RwSignal<usize>,
    found: Memo<Vec<usize>>,
}

fn entries(typed: &str, app: App) -> Vec<&'static Entry> {
    meant_by(typed).into_iter().filter(|entry| app.can(entry.command)).collect()
}

impl Choosing {
    fn start(app: App) -> Choosing {
        let typed = RwSignal::new(String::new());
        // Places in the table of commands: what a memo can compare.
        let place = |entry: &Entry| COMMANDS.iter().position(|known| known.command == entry.command);
        let found = Memo::new(move |_| entries(&typed.get(), app).into_iter().filter_map(place).collect());
        Choosing { app, typed, active: RwSignal::new(0), found }
    }

    fn entry(self, number: usize) -> Option<&'static Entry> {
        self.found.with(|found| found.get(number).and_then(|&place| COMMANDS.get(place)))
    }

    fn typed(self, text: String) {
        self.typed.set(text);
        self.active.set(0);
    }

    fn step(self, by: isize) {
        let count = self.found.with_untracked(Vec::len);
        if count > 0 {
            self.active.update(|active| *active = (*active + count).saturating_add_signed(by) % count);
            page::reveal(&id_of(self.active.get_untracked()));
        }
    }

    fn run(self, number: usize) {
        let entry = untrack(|| self.entry(number));
        // First, so that the command finds the focus where it was.
        page::close_dialog(PALETTE_ID);
        if let Some(entry) = entry {
            self.app.run(entry.command);
        }
    }

    fn press(self, event: &KeyboardEvent) {
        match event.key().as_str() {
            "ArrowDown" => self.step(1),
            "ArrowUp" => self.step(-1),
            "Enter" => self.run(self.active.get_untracked()),
            // By hand, so that the focus is back at once.
            "Escape" => page::close_dialog(PALETTE_ID),
            "k" | "K" if event.ctrl_key() || event.meta_key() => page::close_dialog(PALETTE_ID),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }
}

fn id_of(number: usize) -> String {
    format!("palette-{number}")
}

/// The palette; closed until it is asked for.
#[component]
pub fn Palette() -> impl IntoView {
    let choosing = Choosing::start(App::of_page());
    let active = move || choosing.entry(choosing.active.get()).map(|_| id_of(choosing.active.get()));
    let choices = move || {
        (0..choosing.found.with(Vec::len))
            .filter_map(move |number| Some(choice(choosing, number, choosing.entry(number)?)))
    };
    view! {
        <dialog
            id=PALETTE_ID
            class="palette"
            aria-label=tr("Commands")
            on:close=move |_| choosing.typed(String::new())
            // What is outside of the box is the dialog itself.
            on:mousedown=|event| page::close_if_target(&event, PALETTE_ID)
        >
            <div class="palette-box">
                <input
                    class="palette-input"
                    type="text"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder=tr("What do you want to do?")
                    aria-label=tr("Command")
                    role="combobox"
                    aria-autocomplete="list"
                    aria-expanded="true"
                    aria-controls=LIST_ID
                    aria-activedescendant=active
                    prop:value=choosing.typed
                    on:input=move |event| choosing.typed(event_target_value(&event))
                    on:keydown=move |event| choosing.press(&event)
                />
                <ul id=LIST_ID class="palette-list" role="listbox" aria-label=tr("Commands")>
                    {move || choices().collect_view()}
                </ul>
                <p class="palette-none" role="status">
                    {move || choosing.found.with(Vec::is_empty).then(|| tr("No command has such a name."))}
                </p>
            </div>
        </dialog>
    }
}

fn choice(choosing: Choosing, number: usize, entry: &'static Entry) -> impl IntoView {
    let is_active = move || choosing.active.get() == number;
    let keys = entry.shown_keys().into_iter().map(|key| view! { <kbd>{key}</kbd> }).collect_view();
    view! {
        <li
            id=id_of(number)
            class="palette-choice"
            class:active=is_active
            role="option"
            aria-selected=move || if is_active() { "true" } else { "false" }
            // The focus stays where it is.
            on:mousedown=|event| event.prevent_default()
            on:click=move |_| choosing.run(number)
        >
            <span class="palette-label">{tr(entry.label)}</span>
            <span class="palette-group">{entry.group.label()}</span>
            <span class="palette-keys">{keys}</span>
        </li>
    }
}
