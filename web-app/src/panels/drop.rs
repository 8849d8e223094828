//! Files come in: dropped anywhere on the page, picked, or the demo trail.

use crate::kit::words::tr;
use crate::platform::files::{pick_folders, take_dropped, take_many_picked, take_pasted};
use crate::platform::page::{self, Focus};
use crate::state::{App, Phase, Side};
use leptos::ev::{self, ClipboardEvent, DragEvent};
use leptos::html;
use leptos::prelude::*;

/// Makes the whole page a drop zone, and a place to paste to. Returns whether something is being dragged over it.
pub fn listen_for_drops(app: App) -> RwSignal<bool> {
    let over = RwSignal::new(false);
    let is_open = move || app.phase.get_untracked() != Phase::Booting;
    // Whatever is dropped must never make the browser leave the page for the file, sealed or not.
    window_event_listener(ev::dragover, move |event: DragEvent| {
        event.prevent_default();
        over.set(is_open());
    });
    window_event_listener(ev::dragleave, move |event: DragEvent| {
        if event.related_target().is_none() {
            over.set(false);
        }
    });
    window_event_listener(ev::drop, move |event: DragEvent| {
        event.prevent_default();
        over.set(false);
        if is_open() {
            app.add_dropped(take_dropped(&event));
        }
    });
    window_event_listener(ev::paste, move |event: ClipboardEvent| {
        // A field takes what is pasted into it; a dialog is in the way of what would happen behind it.
        if !is_open() || page::focus_kind() == Focus::Text || page::has_open_dialog() {
            return;
        }
        if let Some(pasted) = take_pasted(&event) {
            event.prevent_default();
            app.add_pasted(pasted);
        }
    });
    over
}

/// The buttons that open the pickers, with the hidden inputs that they stand for.
#[component]
pub fn Pickers(
    /// Prefix of the ids of its elements, since the page has several.
    id: &'static str,
    /// What the button for files says.
    for_files: &'static str,
    /// What the button for folders says.
    for_folder: &'static str,
) -> impl IntoView {
    let app = App::of_page();
    let files = NodeRef::<html::Input>::new();
    let folder = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(input) = folder.get() {
            pick_folders(&input);
        }
    });
    let pick = move |input: NodeRef<html::Input>| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let picked = move |input: NodeRef<html::Input>| {
        if let Some(input) = input.get_untracked() {
            app.add_dropped(take_many_picked(&input));
        }
    };
    let closed = move || app.phase.get() == Phase::Booting;
    view! {
        <button id=format!("{id}-files") disabled=closed on:click=move |_| pick(files)>
            {for_files}
        </button>
        <button id=format!("{id}-folder") disabled=closed on:click=move |_| pick(folder)>
            {for_folder}
        </button>
        <input
            type="file"
            multiple
            id=format!("{id}-files-input")
            aria-label=tr("Log files")
            node_ref=files
            on:change=move |_| picked(files)
        />
        <input
            type="file"
            multiple
            id=format!("{id}-folder-input")
            aria-label=tr("Folder of log files")
            node_ref=folder
            on:change=move |_| picked(folder)
        />
    }
}

/// The page before any file: what it is, where to drop, what holds it to its word.
#[component]
pub fn DropPanel() -> impl IntoView {
    let app = App::of_page();
    let closed = move || app.phase.get() == Phase::Booting;
    let demo = move || {
        app.phase.track();
        app.demo_size()
    };
    view! {
        <main class="welcome">
            <div class="welcome-inner">
                <h2 class="welcome-title">{tr("See through your CloudTrail without showing it to anyone")}</h2>
                <p class="welcome-lead">
                    {tr("Drop AWS CloudTrail logs to search them, see who did what and when, and find what should worry you. \
                    They are read in this tab and sent nowhere: the browser has taken this page's network away.")}
                </p>
                <section class="drop-zone" class:closed=closed aria-label=tr("Drop zone")>
                    <svg class="drop-icon" viewBox="0 0 48 48" aria-hidden="true">
                        <path d="M24 6v22m-8-8 8 8 8-8M8 30v8a3 3 0 0 0 3 3h26a3 3 0 0 0 3-3v-8" />
                    </svg>
                    <p class="drop-headline">{tr("Drop log files or whole folders anywhere on this page")}</p>
                    <p class="drop-hint">
                        {tr("Trail files, event history, CloudWatch Logs, Lake, Athena and other exports, as JSON or CSV, plain \
                        or in gzip, zip, tar or zstd. Names do not matter; folders are read to their last level. Events and rules \
                        can be pasted, too.")}
                    </p>
                    <div class="drop-buttons">
                        <Pickers id="choose" for_files=tr("Choose files…") for_folder=tr("Choose a folder…") />
                        <button
                            class="primary"
                            id="demo"
                            disabled=move || closed() || demo().is_none()
                            on:click=move |_| app.add_demo()
                        >
                            {tr("Try the demo trail")}
                        </button>
                    </div>
                    <p class="drop-status" id="boot" role="status">
                        {move || if closed() { tr("Loading, then closing the network…") } else { "" }}
                    </p>
                </section>
                <div class="facts">
                    <section>
                        <h3>{tr("Enforced, not promised")}</h3>
                        <p>
                            {tr("A policy without a single address is in force since this page finished loading. The browser \
                            applies it to the page and to the workers that read your files, and cannot take it back.")}
                        </p>
                    </section>
                    <section>
                        <h3>{tr("Check it in a minute")}</h3>
                        <p>
                            {tr("Go offline now and carry on, or watch the network panel of the developer tools: nothing more \
                            is asked of any server.")}
                        </p>
                    </section>
                    <section>
                        <h3>{tr("What it does not cover")}</h3>
                        <p>
                            {tr("Leaving for another page, browser extensions, and a server that hands out a changed copy.")} " "
                            <button class="link" on:click=move |_| app.toggle(Side::Privacy)>
                                {tr("Read how it works")}
                            </button>
                        </p>
                    </section>
                </div>
            </div>
        </main>
    }
}
