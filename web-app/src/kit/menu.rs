//! A menu of things to do with what the user points at. One for the page: it stands in front of everything else.

use crate::platform::page;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

const MENU_ID: &str = "menu";

/// One thing to do.
#[derive(Clone)]
pub struct MenuItem {
    /// What it does, in a few words.
    pub label: &'static str,
    /// The key that does it without the menu, as people read it; empty if there is none.
    pub key: &'static str,
    /// Does it.
    pub run: Callback<()>,
}

/// What the menu offers.
#[derive(Clone, Copy, Default)]
pub struct MenuState {
    label: RwSignal<String>,
    items: RwSignal<Vec<MenuItem>>,
}

impl MenuState {
    /// Opens it at a point of the window, in CSS pixels. The label says what it is about.
    pub fn open(&self, label: String, items: Vec<MenuItem>, at: (f64, f64)) {
        self.label.set(label);
        self.items.set(items);
        page::open_dialog_at(MENU_ID, at, item_id(0));
    }

    fn run(&self, number: usize) {
        let item = self.items.with_untracked(|items| items.get(number).cloned());
        // First, so that the focus is back where it was.
        page::close_dialog(MENU_ID);
        if let Some(item) = item {
            item.run.run(());
        }
    }

    fn press(&self, event: &KeyboardEvent, number: usize) {
        let count = self.items.with_untracked(Vec::len).max(1);
        let next = match event.key().as_str() {
            "ArrowDown" => (number + 1) % count,
            "ArrowUp" => (number + count - 1) % count,
            "Home" => 0,
            "End" => count - 1,
            // By hand, so that the focus is back at once; a menu is no place to tab through.
            "Escape" | "Tab" => {
                page::close_dialog(MENU_ID);
                number
            }
            _ => return,
        };
        page::focus(&item_id(next));
        event.prevent_default();
        event.stop_propagation();
    }
}

fn item_id(number: usize) -> String {
    format!("menu-{number}")
}

/// The menu; closed until something opens it.
#[component]
pub fn Menu(
    /// What it offers.
    state: MenuState,
) -> impl IntoView {
    let item = move |(number, item): (usize, MenuItem)| {
        view! {
            <li role="none">
                <button
                    id=item_id(number)
                    class="plain menu-item"
                    role="menuitem"
                    tabindex="-1"
                    on:keydown=move |event| state.press(&event, number)
                    on:click=move |_| state.run(number)
                >
                    {item.label}
                    {(!item.key.is_empty()).then(|| view! { <kbd aria-hidden="true">{item.key}</kbd> })}
                </button>
            </li>
        }
    };
    view! {
        <dialog
            id=MENU_ID
            class="menu"
            aria-label=state.label
            // What is outside of the list is the dialog itself.
            on:mousedown=|event| page::close_if_target(&event, MENU_ID)
            on:contextmenu=|event| event.prevent_default()
        >
            <ul role="menu" aria-label=state.label>
                {move || state.items.get().into_iter().enumerate().map(item).collect_view()}
            </ul>
        </dialog>
    }
}
