//! Every command of the page, once: the hotkeys, the list of keys and the buttons all name one of these.

use crate::platform::page::Focus;

/// Something that the user can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
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
    /// Close what stands at the side, or leave the search box.
    Close,
    /// Take the time range, the search and the chosen finding away.
    ClearFilter,
    /// Stop reading files.
    CancelLoading,
    /// Show what the matching events are made of.
    ShowValues,
    /// Show what was read, kept and rejected.
    ShowAccount,
    /// Show the user's plugins.
    ShowPlugins,
    /// Show what the privacy claim rests on.
    ShowPrivacy,
    /// Show the keys.
    ShowKeys,
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

struct Hotkey {
    /// As `KeyboardEvent.key` names it.
    key: &'static str,
    command: Command,
    place: Place,
}

const fn hotkey(key: &'static str, command: Command, place: Place) -> Hotkey {
    Hotkey { key, command, place }
}

const HOTKEYS: &[Hotkey] = &[
    hotkey("/", Command::FocusSearch, Place::OutsideText),
    hotkey("j", Command::NextEvent, Place::OutsideText),
    hotkey("ArrowDown", Command::NextEvent, Place::OutsideText),
    hotkey("k", Command::PreviousEvent, Place::OutsideText),
    hotkey("ArrowUp", Command::PreviousEvent, Place::OutsideText),
    hotkey("PageDown", Command::NextPage, Place::OutsideText),
    hotkey("PageUp", Command::PreviousPage, Place::OutsideText),
    hotkey("Home", Command::FirstEvent, Place::OutsideText),
    hotkey("End", Command::LastEvent, Place::OutsideText),
    hotkey("Enter", Command::OpenEvent, Place::OnEvents),
    hotkey("Escape", Command::Close, Place::Everywhere),
    hotkey("x", Command::ClearFilter, Place::OutsideText),
    hotkey("v", Command::ShowValues, Place::OutsideText),
    hotkey("p", Command::ShowPlugins, Place::OutsideText),
    hotkey("?", Command::ShowKeys, Place::OutsideText),
];

/// The command of a key, pressed without Ctrl, Alt or Meta.
pub fn for_key(key: &str, focus: Focus) -> Option<Command> {
    let hotkey = HOTKEYS.iter().find(|h| h.key == key)?;
    let heard = match hotkey.place {
        Place::Everywhere => true,
        Place::OutsideText => focus != Focus::Text,
        Place::OnEvents => focus == Focus::Elsewhere,
    };
    heard.then_some(hotkey.command)
}

/// The keys of every command that has one, and what it does.
pub fn key_list() -> Vec<(String, &'static str)> {
    let mut list: Vec<(String, &'static str)> = Vec::new();
    for hotkey in HOTKEYS {
        let label = describe(hotkey.command);
        let key = match hotkey.key {
            "ArrowDown" => "↓",
            "ArrowUp" => "↑",
            "Escape" => "Esc",
            key => key,
        };
        match list.last_mut() {
            Some((keys, last)) if *last == label => *keys = format!("{keys}  {key}"),
            _ => list.push((key.to_owned(), label)),
        }
    }
    list
}

/// What a command does, as the list of keys and the tooltips say it.
pub fn describe(command: Command) -> &'static str {
    match command {
        Command::FocusSearch => "Search",
        Command::FocusEvents => "Events",
        Command::NextEvent => "Next event",
        Command::PreviousEvent => "Previous event",
        Command::NextPage => "Page down",
        Command::PreviousPage => "Page up",
        Command::FirstEvent => "First event",
        Command::LastEvent => "Last event",
        Command::OpenEvent => "Open the event",
        Command::Close => "Close the panel, leave the search",
        Command::ClearFilter => "Show all events again",
        Command::CancelLoading => "Cancel",
        Command::ShowValues => "What the events are made of",
        Command::ShowAccount => "What was read",
        Command::ShowPlugins => "Plugins",
        Command::ShowPrivacy => "Privacy",
        Command::ShowKeys => "Keys",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_that_is_typed_is_a_letter() {
        assert_eq!(for_key("j", Focus::Elsewhere), Some(Command::NextEvent));
        assert_eq!(for_key("j", Focus::Text), None);
        assert_eq!(for_key("Escape", Focus::Text), Some(Command::Close));
        assert_eq!(for_key("Enter", Focus::Control), None);
        assert_eq!(for_key("q", Focus::Elsewhere), None);
    }

    #[test]
    fn no_key_means_two_things() {
        for (i, hotkey) in HOTKEYS.iter().enumerate() {
            assert!(HOTKEYS[..i].iter().all(|other| other.key != hotkey.key), "{}", hotkey.key);
        }
    }

    #[test]
    fn keys_of_one_command_stand_together() {
        let list = key_list();
        assert!(list.contains(&("j  ↓".to_owned(), "Next event")), "{list:?}");
        assert_eq!(list.iter().filter(|(_, label)| *label == "Next event").count(), 1);
    }
}
