//! Every command of the page, once: the palette, the hotkeys, the menu of an event, the list of keys, `docs/keys.md` and
//! the buttons all name one of these.

use crate::kit::words::tr;
use crate::platform::page::Focus;
use analyzer_core::order;

/// Something that the user can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Choose a command by its name.
    OpenPalette,
    /// Go to the search box.
    FocusSearch,
    /// Go to the events.
    FocusEvents,
    /// Select the next event.
    NextEvent,
    /// Select the event before.
    PreviousEvent,
    /// Go a page down.
    NextPage,
    /// Go a page up.
    PreviousPage,
    /// Select the first event.
    FirstEvent,
    /// Select the last event.
    LastEvent,
    /// Open the selected event.
    OpenEvent,
    /// Copy the selected event in some form.
    CopyEvent,
    /// Offer what can be done with the event.
    EventMenu,
    /// Choose the columns of the table.
    ShowColumns,
    /// Put the rows of the table closer, or less close.
    TurnDensity,
    /// Write the matching events to a file.
    Export,
    /// Close what stands at the side, or leave the search box.
    Close,
    /// Show the events of the next finding.
    NextFinding,
    /// Show the events of the finding before.
    PreviousFinding,
    /// Look at half of the time.
    ZoomIn,
    /// Look at twice the time.
    ZoomOut,
    /// Look half a range earlier.
    Earlier,
    /// Look half a range later.
    Later,
    /// Look at all of the time.
    WholeTime,
    /// Choose what the timeline is split by.
    SplitTimeline,
    /// Go to the findings on the timeline.
    FocusMarks,
    /// Show searches to come back to.
    ShowQueries,
    /// Give the search a name.
    SaveQuery,
    /// Open the page of who did the selected event.
    AboutIdentity,
    /// Open the page of where the selected event came from.
    AboutAddress,
    /// From somebody's page back to the events.
    BackToEvents,
    /// Move the values into a column of their own, or back to the side.
    MoveValues,
    /// Take the time range, the search and the chosen finding away.
    ClearFilter,
    /// Stop reading files.
    CancelLoading,
    /// Copy an address that shows the same.
    CopyLink,
    /// Show what the matching events are made of.
    ShowValues,
    /// Show what was read, kept and rejected.
    ShowAccount,
    /// Show the user's plugins.
    ShowPlugins,
    /// Show what the privacy claim rests on.
    ShowPrivacy,
    /// Show how the page tells times.
    ShowDisplay,
    /// From UTC to the other zone, and back.
    SwitchZone,
    /// Show the keys.
    ShowKeys,
    /// Go to the findings.
    FocusFindings,
    /// Star the event or finding that the user is at, or take its star away.
    Star,
    /// Show the finding that the user is at no more.
    Mute,
    /// Show ATT&CK's matrix of the findings.
    ShowMatrix,
    /// Show what is starred, tagged and noted.
    ShowNotes,
    /// Save stars, tags, notes and mutes as a file.
    SaveNotes,
    /// Save a report of what is marked, as a page.
    SaveReport,
    /// Save a report of what is marked, in Markdown.
    SaveMarkdown,
    /// Take the system's colours.
    SystemTheme,
    /// Dark on light.
    LightTheme,
    /// Light on dark.
    DarkTheme,
    /// Black and white.
    ContrastTheme,
}

/// Where a key means its command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Everywhere, also while text is typed.
    Everywhere,
    /// Where no text is typed.
    OutsideText,
    /// Where no text is typed and no button would take the key.
    OnEvents,
}

/// What belongs together in lists of commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Going through the events.
    Events,
    /// What is looked at.
    Filter,
    /// What was found, and what the user thinks of it.
    Findings,
    /// What stands beside the events.
    Panels,
    /// The page itself.
    Page,
}

impl Group {
    /// All, as lists have them.
    pub const ALL: [Group; 5] = [Group::Events, Group::Filter, Group::Findings, Group::Panels, Group::Page];

    /// Its heading.
    pub fn label(self) -> &'static str {
        match self {
            Group::Events => tr("Events"),
            Group::Filter => tr("Search and time"),
            Group::Findings => tr("Findings and notes"),
            Group::Panels => tr("Panels"),
            Group::Page => tr("Page"),
        }
    }
}

/// A command with all that is said of it.
pub struct Entry {
    /// The command.
    pub command: Command,
    /// What it does, in a few words of English.
    pub label: &'static str,
    /// Where it stands in lists.
    pub group: Group,
    /// Its keys as `KeyboardEvent.key` names them.
    keys: &'static [&'static str],
    place: Place,
}

const fn entry(command: Command, group: Group, label: &'static str, keys: &'static [&'static str]) -> Entry {
    Entry { command, label, group, keys, place: Place::OutsideText }
}

const fn at(place: Place, entry: Entry) -> Entry {
    Entry { place, ..entry }
}

/// All commands, in the order of lists.
pub const COMMANDS: &[Entry] = &[
    entry(Command::FocusEvents, Group::Events, "Go to the events", &["e"]),
    entry(Command::NextEvent, Group::Events, "Next event", &["j", "ArrowDown"]),
    entry(Command::PreviousEvent, Group::Events, "Previous event", &["k", "ArrowUp"]),
    entry(Command::NextPage, Group::Events, "Page down", &["PageDown"]),
    entry(Command::PreviousPage, Group::Events, "Page up", &["PageUp"]),
    entry(Command::FirstEvent, Group::Events, "First event", &["Home"]),
    entry(Command::LastEvent, Group::Events, "Last event", &["End"]),
    at(Place::OnEvents, entry(Command::OpenEvent, Group::Events, "Open the event", &["Enter"])),
    entry(Command::CopyEvent, Group::Events, "Copy the event as…", &["y"]),
    entry(Command::EventMenu, Group::Events, "Menu of the event", &["ContextMenu", "Shift+F10"]),
    entry(Command::TurnDensity, Group::Events, "Rows closer, or less close", &[]),
    entry(Command::Export, Group::Events, "Export the events…", &["E"]),
    entry(Command::AboutIdentity, Group::Events, "Page of who did the event", &["i"]),
    entry(Command::AboutAddress, Group::Events, "Page of the address that the event came from", &["o"]),
    entry(Command::BackToEvents, Group::Events, "From a page back to the events", &[]),
    entry(Command::FocusSearch, Group::Filter, "Search", &["/"]),
    entry(Command::Earlier, Group::Filter, "Look earlier", &["["]),
    entry(Command::Later, Group::Filter, "Look later", &["]"]),
    entry(Command::ZoomIn, Group::Filter, "Look at half of the time", &["+"]),
    entry(Command::ZoomOut, Group::Filter, "Look at twice the time", &["-"]),
    entry(Command::WholeTime, Group::Filter, "Look at all of the time", &["0"]),
    entry(Command::SplitTimeline, Group::Filter, "Choose what the timeline is split by", &["l"]),
    entry(Command::FocusMarks, Group::Filter, "Go to the findings on the timeline", &["M"]),
    entry(Command::ShowQueries, Group::Filter, "Saved and ready-made searches", &["q"]),
    entry(Command::SaveQuery, Group::Filter, "Save the search under a name", &["S"]),
    entry(Command::ClearFilter, Group::Filter, "Show all events again", &["x"]),
    entry(Command::FocusFindings, Group::Findings, "Go to the findings", &["f"]),
    entry(Command::NextFinding, Group::Findings, "Events of the next finding", &["n"]),
    entry(Command::PreviousFinding, Group::Findings, "Events of the finding before", &["N"]),
    entry(Command::Star, Group::Findings, "Star this event or finding", &["s"]),
    entry(Command::Mute, Group::Findings, "Mute this finding", &["m"]),
    entry(Command::ShowMatrix, Group::Findings, "ATT&CK matrix", &["T"]),
    entry(Command::ShowNotes, Group::Findings, "What is starred and noted", &["b"]),
    at(Place::Everywhere, entry(Command::SaveNotes, Group::Findings, "Save stars and notes", &["Ctrl+s"])),
    entry(Command::SaveReport, Group::Findings, "Save a report as HTML", &[]),
    entry(Command::SaveMarkdown, Group::Findings, "Save a report as Markdown", &[]),
    entry(Command::ShowValues, Group::Panels, "What the events are made of", &["v"]),
    entry(Command::ShowColumns, Group::Panels, "Columns of the table", &["t"]),
    entry(Command::MoveValues, Group::Panels, "Keep the values open at the left, or at the right again", &[]),
    entry(Command::ShowAccount, Group::Panels, "What was read", &["a"]),
    entry(Command::ShowPlugins, Group::Panels, "Plugins", &["p"]),
    entry(Command::ShowPrivacy, Group::Panels, "Privacy", &[]),
    entry(Command::ShowDisplay, Group::Panels, "Display: time zone and style", &["d"]),
    entry(Command::ShowKeys, Group::Panels, "Keys", &["?"]),
    at(Place::Everywhere, entry(Command::Close, Group::Panels, "Close the panel, leave the search", &["Escape"])),
    at(Place::Everywhere, entry(Command::OpenPalette, Group::Page, "Choose a command by its name", &[PALETTE])),
    entry(Command::CopyLink, Group::Page, "Copy a link to what is shown", &["c"]),
    entry(Command::CancelLoading, Group::Page, "Stop reading files", &[]),
    entry(Command::SwitchZone, Group::Page, "Times in UTC, or in your zone", &["u"]),
    entry(Command::SystemTheme, Group::Page, "Theme: as the system", &[]),
    entry(Command::LightTheme, Group::Page, "Theme: light", &[]),
    entry(Command::DarkTheme, Group::Page, "Theme: dark", &[]),
    entry(Command::ContrastTheme, Group::Page, "Theme: high contrast", &[]),
];

/// Ctrl or Cmd with k, as the table names it.
const PALETTE: &str = "Ctrl+k";

/// What was held while a key was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// Nothing, or Shift, which the key's name tells.
    Nothing,
    /// Ctrl, or Cmd on a Mac.
    Control,
    /// Something that makes a key the browser's own.
    Other,
}

/// The command of a key.
pub fn for_key(key: &str, held: Held, focus: Focus) -> Option<Command> {
    let name = match held {
        Held::Nothing => key.to_owned(),
        Held::Control => format!("Ctrl+{}", key.to_ascii_lowercase()),
        Held::Other => return None,
    };
    let entry = COMMANDS.iter().find(|entry| entry.keys.contains(&name.as_str()))?;
    let is_heard = match entry.place {
        Place::Everywhere => true,
        Place::OutsideText => focus != Focus::Text,
        Place::OnEvents => focus == Focus::Elsewhere,
    };
    is_heard.then_some(entry.command)
}

/// What is said of a command, if it is in the table.
pub fn entry_of(command: Command) -> Option<&'static Entry> {
    COMMANDS.iter().find(|entry| entry.command == command)
}

impl Entry {
    /// Its keys as people read them.
    pub fn shown_keys(&self) -> Vec<&'static str> {
        let shown = |&key: &&'static str| match key {
            "ArrowDown" => "↓",
            "ArrowUp" => "↑",
            "Escape" => tr("Esc"),
            PALETTE => tr("Ctrl K or ⌘ K"),
            "Enter" => tr("Enter"),
            "Home" => tr("Home"),
            "End" => tr("End"),
            "PageDown" => tr("Page down"),
            "PageUp" => tr("Page up"),
            "Ctrl+s" => tr("Ctrl S or ⌘ S"),
            "N" => tr("Shift N"),
            "E" => tr("Shift E"),
            "M" => tr("Shift M"),
            "S" => tr("Shift S"),
            "T" => tr("Shift T"),
            "ContextMenu" => tr("Menu"),
            "Shift+F10" => tr("Shift F10"),
            key => key,
        };
        self.keys.iter().map(shown).collect()
    }
}

/// The commands that somebody may mean who typed this: those with all of its words, and those before the others in which
/// a word begins with the first one typed.
pub fn meant_by(typed: &str) -> Vec<&'static Entry> {
    let typed = typed.to_lowercase();
    let words: Vec<&str> = typed.split_whitespace().collect();
    let mut found: Vec<(bool, &Entry)> = Vec::new();
    for entry in COMMANDS.iter().filter(|entry| entry.command != Command::OpenPalette) {
        let label = tr(entry.label).to_lowercase();
        if words.iter().all(|word| label.contains(word)) {
            let begins =
                |first: &&str| label.split(|letter: char| !letter.is_alphanumeric()).any(|w| w.starts_with(first));
            found.push((!words.first().is_none_or(begins), entry));
        }
    }
    order::sort_by_key(&mut found, |(is_within, _)| *is_within);
    found.into_iter().map(|(_, entry)| entry).collect()
}

/// `docs/keys.md`, as it must be.
pub fn reference_page() -> String {
    let mut page =
        "# Commands and keys\n\nThe page lists these under `?`, and finds them by name under Ctrl K (⌘ K on a Mac). \
        Letters are keys only while\nno text is typed.\n\nThis page is written by\n\
        `cargo run --package web-app --example keys > docs/keys.md`.\n"
            .to_owned();
    for group in Group::ALL {
        page.push_str(&format!("\n## {}\n\n| command | keys |\n|---|---|\n", group.label()));
        for entry in COMMANDS.iter().filter(|entry| entry.group == group) {
            let keys: Vec<String> = entry.shown_keys().iter().map(|key| format!("`{key}`")).collect();
            page.push_str(&format!("| {} | {} |\n", entry.label, keys.join(" ")));
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_that_is_typed_is_a_letter() {
        let check = |key, held, focus, expected| assert_eq!(for_key(key, held, focus), expected, "{key}");
        check("j", Held::Nothing, Focus::Elsewhere, Some(Command::NextEvent));
        check("j", Held::Nothing, Focus::Text, None);
        check("j", Held::Control, Focus::Elsewhere, None);
        check("Escape", Held::Nothing, Focus::Text, Some(Command::Close));
        check("Enter", Held::Nothing, Focus::Control, None);
        check("g", Held::Nothing, Focus::Elsewhere, None);
        check("k", Held::Control, Focus::Text, Some(Command::OpenPalette));
        check("K", Held::Control, Focus::Text, Some(Command::OpenPalette));
        check("k", Held::Other, Focus::Elsewhere, None);
        check("N", Held::Nothing, Focus::Elsewhere, Some(Command::PreviousFinding));
        check("F10", Held::Nothing, Focus::Elsewhere, None);
        check("Shift+F10", Held::Nothing, Focus::Elsewhere, Some(Command::EventMenu));
    }

    #[test]
    fn no_key_means_two_things_and_no_command_stands_twice() {
        let keys: Vec<&str> = COMMANDS.iter().flat_map(|entry| entry.keys).copied().collect();
        for (number, key) in keys.iter().enumerate() {
            assert!(!keys[..number].contains(key), "{key}");
        }
        for (number, entry) in COMMANDS.iter().enumerate() {
            let others = &COMMANDS[..number];
            assert!(others.iter().all(|o| o.command != entry.command && o.label != entry.label), "{}", entry.label);
        }
    }

    #[test]
    fn names_are_found_by_words_and_beginnings() {
        let check = |typed, expected: &[&str]| {
            let found: Vec<&str> = meant_by(typed).iter().map(|entry| entry.label).collect();
            assert_eq!(found, expected, "{typed}");
        };
        check("theme dark", &["Theme: dark"]);
        check("DARK the", &["Theme: dark"]);
        check("find next", &["Events of the next finding"]);
        check("rea", &["Saved and ready-made searches", "What was read", "Stop reading files"]);
        check("ade", &["Saved and ready-made searches", "What the events are made of"]);
        check("ead", &["Saved and ready-made searches", "What was read", "Stop reading files"]);
        check("page d", &["Page down", "Page of who did the event", "Page of the address that the event came from"]);
        check("nothing like it", &[]);
        assert_eq!(meant_by("").len(), COMMANDS.len() - 1);
    }

    #[test]
    fn the_page_of_keys_is_what_the_table_says() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/keys.md");
        let page = std::fs::read_to_string(path).unwrap();
        assert_eq!(page, reference_page(), "run `cargo run --package web-app --example keys > docs/keys.md`");
    }
}
