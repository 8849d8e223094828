//! What the privacy claim rests on, what it does not cover, and how to check it without trusting this page.

use crate::kit::drawer::Drawer;
use crate::kit::words::tr;
use crate::platform::page;
use crate::state::{App, Phase, Side};
use leptos::prelude::*;

/// Sealed or not, in a word, for the bar at the top.
#[component]
pub fn SealBadge() -> impl IntoView {
    let app = App::of_page();
    let text = move || match app.phase.get() {
        Phase::Booting => tr("Not sealed yet"),
        _ => tr("Sealed"),
    };
    view! {
        <button
            class="seal-badge"
            class:sealed=move || app.phase.get() != Phase::Booting
            title=tr("What keeps your logs in this tab")
            aria-pressed=move || if app.side.get() == Side::Privacy { "true" } else { "false" }
            on:click=move |_| app.toggle(Side::Privacy)
        >
            <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                <path d="M4 7V5a4 4 0 0 1 8 0v2M3 7h10v6.5H3z" />
            </svg>
            {text}
        </button>
    }
}

/// The panel.
#[component]
pub fn PrivacyPanel() -> impl IntoView {
    let app = App::of_page();
    let state = move || match app.phase.get() {
        Phase::Booting => tr("This page is not sealed yet and takes no files."),
        _ => tr("This page is sealed. Before it took any file it asked its own server for something, and the browser \
                refused."),
    };
    // As it stands in the document, not as this text would like it to be.
    let policy = move || {
        app.phase.track();
        page::last_policy()
    };
    view! {
        <Drawer title=tr("Privacy") on_close=Callback::new(move |()| app.close_side())>
            <div class="prose">
                <p class="prose-lead">{state}</p>
                <h3>{tr("What enforces it")}</h3>
                <p>
                    {tr("When everything is loaded, the page adds a Content-Security-Policy to itself that names no place to \
                    load from or send to. The browser applies it at once and has no way to take it back while the page \
                    lives. The workers that read your files are started after that and inherit it, so the code that \
                    touches a log has never had a network.")}
                </p>
                <pre class="policy" id="policy">{policy}</pre>
                <p>
                    {tr("Independently of that, the shipped WebAssembly modules import none of the browser's functions that \
                    load or send. They can only compute.")}
                </p>
                <h3>{tr("What it does not cover")}</h3>
                <ul class="prose-list">
                    <li>
                        {tr("Going somewhere else: a link, the address bar or a script could still take the whole tab to \
                        another page. This page has no links.")}
                    </li>
                    <li>
                        {tr("WebRTC and empty connections: no browser lets a page's policy govern these yet. Only a script \
                        could open them; no script can be added to this page, and its own modules do not import them.")}
                    </li>
                    <li>{tr("Browser extensions, which stand above every page's policy. Use a profile without any.")}</li>
                    <li>
                        {tr("A server that gives you another page than the one you trust. Host your own copy: it is a folder \
                        of static files.")}
                    </li>
                    <li>{tr("Whoever can read this computer's memory or screen.")}</li>
                </ul>
                <h3>{tr("Check it yourself")}</h3>
                <Checks />
                <h3>{tr("What is kept")}</h3>
                <p>
                    {tr("Events live in the memory of this tab and are gone when you close it. The browser keeps the app's \
                    own files, so that the page opens without a network, and what you chose for the display; the search and \
                    the time range stand in the fragment of the address, which browsers do not send.")}
                </p>
            </div>
        </Drawer>
    }
}

/// What anybody can try.
#[component]
fn Checks() -> impl IntoView {
    view! {
        <ol class="prose-list">
            <li>
                {tr("Go offline once this page is open, then drop your logs: everything works, because nothing is \
                asked of a server.")}
            </li>
            <li>
                {with_code(
                    tr("Or open the developer tools, choose Network, and watch: no line is added after the page is \
                        sealed, but one for {} at times: the browser itself looks whether what opens the page \
                        without a network has changed."),
                    "sw.js",
                )}
            </li>
            <li>
                {with_code(
                    tr("In the console, run {}: the browser refuses and names the policy."),
                    "fetch(location.href)",
                )}
            </li>
            <li>
                {with_code(
                    tr("Read {}, the one short file of this page that uses the network, and the test that attacks \
                        the page in every known way while a server counts."),
                    "boot.js",
                )}
            </li>
        </ol>
    }
}

/// A text with a piece of code in its place.
fn with_code(text: &'static str, code: &'static str) -> impl IntoView {
    let (before, after) = text.split_once("{}").unwrap_or((text, ""));
    view! {
        {before}
        <code>{code}</code>
        {after}
    }
}
