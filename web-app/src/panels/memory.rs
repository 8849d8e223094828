//! Says that memory ran out, how much was read, and that it stays.

use crate::kit::format::counted_with;
use crate::kit::words::tr;
use crate::platform::page;
use crate::state::{App, RanOut};
use leptos::prelude::*;

const DIALOG_ID: &str = "ran-out";

/// The dialog; closed until memory runs out.
#[component]
pub fn MemoryDialog() -> impl IntoView {
    let app = App::of_page();
    Effect::new(move |_| {
        if app.ran_out.get().is_some() {
            page::open_dialog(DIALOG_ID);
        }
    });
    view! {
        <dialog
            id=DIALOG_ID
            class="dialog"
            aria-labelledby="ran-out-title"
            aria-describedby="ran-out-text"
            on:close=move |_| app.ran_out.set(None)
        >
            <h2 id="ran-out-title">{tr("The memory of this tab is used up")}</h2>
            <div id="ran-out-text">{move || app.ran_out.get().map(text)}</div>
            <button class="primary" on:click=move |_| page::close_dialog(DIALOG_ID)>
                {tr("Go on with what was read")}
            </button>
        </dialog>
    }
}

fn text(ran_out: RanOut) -> impl IntoView {
    let (read, left) = (read_text(ran_out), left_text(ran_out));
    view! {
        <p>{read}</p>
        <p>{left}</p>
    }
}

fn read_text(RanOut { events, files, .. }: RanOut) -> String {
    [
        counted_with(events, "{} event is here,", "{} events are here,", &[]),
        counted_with(files, "and {} file was read to the end.", "and {} files were read to the end.", &[]),
        tr("All of it stays usable.").to_owned(),
    ]
    .join(" ")
}

fn left_text(RanOut { left, .. }: RanOut) -> String {
    [
        &counted_with(left, "{} file was not, or not to the end:", "{} files were not, or not to the end:", &[]),
        tr("the list of what was read names each. To see the rest, open it in another tab, or without files that you do \
            not need."),
    ]
    .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_how_much_was_read() {
        let check = |events, files, left, expected: &str| {
            let ran_out = RanOut { events, files, left };
            let all = format!("{} {}", read_text(ran_out), left_text(ran_out));
            assert!(all.starts_with(expected), "{all}");
        };
        check(1, 0, 1, "1 event is here, and 0 files were read to the end. All of it stays usable. 1 file was not,");
        check(
            2_000,
            1,
            2,
            "2,000 events are here, and 1 file was read to the end. All of it stays usable. 2 files were",
        );
    }
}
