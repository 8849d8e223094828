//! Searches to come back to: those of this tab, and those that the user gave a name. Both hold values of logs, so they stay
//! in memory; those with a name are in the file of the user's notes, if that is saved.

use super::{App, Side};
use crate::platform::page;
use crate::protocol::{Case, SavedQuery};
use leptos::prelude::*;

/// So many searches of this tab are remembered.
const MOST: usize = 100;

/// The searches.
#[derive(Clone, Copy)]
pub struct Queries {
    /// What was searched for in this tab, the newest first, each once.
    pub history: RwSignal<Vec<String>>,
    /// Has those with a name, beside all that the user marked.
    case: RwSignal<Case>,
    /// How far back in the history the search box is; nothing while it shows something else.
    at: StoredValue<Option<usize>>,
}

impl Queries {
    /// None so far.
    pub fn start(case: RwSignal<Case>) -> Queries {
        Queries { history: RwSignal::new(Vec::new()), case, at: StoredValue::new(None) }
    }

    /// Those with a name, by name.
    pub fn saved(&self) -> Vec<SavedQuery> {
        self.case.with(|case| case.queries.clone())
    }

    /// Gives a search a name. One that had it is replaced. A name or a search of blanks is none.
    pub fn save(&self, name: &str, query: &str) {
        let (name, query) = (name.trim().to_owned(), query.trim().to_owned());
        if !name.is_empty() && !query.is_empty() {
            self.case.update(|case| put(&mut case.queries, SavedQuery { name, query }));
        }
    }

    /// Forgets the search of this name.
    pub fn forget(&self, name: &str) {
        self.case.update(|case| case.queries.retain(|known| known.name != name));
    }

    /// The search that is so many further back in the history than the one in the box; behind the newest comes an
    /// empty box. `None` where there is none.
    pub fn step(&self, back: isize) -> Option<String> {
        let count = self.history.with_untracked(Vec::len);
        let place = stepped(self.at.get_value(), back, count)?;
        self.at.set_value(place);
        Some(place.map_or_else(String::new, |place| self.history.with_untracked(|all| all[place].clone())))
    }

    /// Whether the box shows a search of the history.
    pub fn is_stepping(&self) -> bool {
        self.at.get_value().is_some()
    }

    /// The box shows something else.
    pub fn end_stepping(&self) {
        self.at.set_value(None);
    }
}

/// Where one is after a step; behind the newest one there is no place. `None` if there is no such step.
fn stepped(at: Option<usize>, back: isize, count: usize) -> Option<Option<usize>> {
    let next = at.map_or(-1, |at| at as isize) + back;
    let next = usize::try_from(next).map(Some).or(if next == -1 { Ok(None) } else { Err(()) }).ok()?;
    (next != at && next.is_none_or(|next| next < count)).then_some(next)
}

fn put(saved: &mut Vec<SavedQuery>, query: SavedQuery) {
    saved.retain(|known| known.name != query.name);
    let place = saved.partition_point(|known| known.name < query.name);
    saved.insert(place, query);
}

/// The history with this search at its start.
fn remembered(history: &mut Vec<String>, query: &str) {
    if !query.trim().is_empty() && history.first().is_none_or(|newest| newest != query) {
        history.retain(|old| old != query);
        history.insert(0, query.to_owned());
        history.truncate(MOST);
    }
}

impl App {
    /// The filter's query belongs to the history.
    pub(super) fn note_query(&self) {
        let query = self.filter.with_untracked(|filter| filter.query.clone());
        let is_new = self.queries.history.with_untracked(|all| all.first() != Some(&query));
        // In its place while one goes through the history, which would turn under one's feet.
        if is_new && !self.queries.is_stepping() {
            self.queries.history.update(|history| remembered(history, &query));
        }
    }

    /// Opens the searches, with the focus on this element of theirs.
    pub(super) fn show_queries(&self, focus: &str) {
        if self.side.get_untracked() == Side::Queries && page::has_focus_within(focus) {
            self.close_side();
            return;
        }
        self.side.set(Side::Queries);
        page::focus_soon(focus);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_history_holds_each_search_once() {
        let mut history = Vec::new();
        ["a", "b", "  ", "b", "a", "c"].iter().for_each(|query| remembered(&mut history, query));
        assert_eq!(history, ["c", "a", "b"]);
        (0..200).for_each(|n| remembered(&mut history, &n.to_string()));
        assert_eq!((history.len(), history[0].as_str()), (MOST, "199"));
    }

    #[test]
    fn steps_through_the_history() {
        let check = |at, back, count, expected| assert_eq!(stepped(at, back, count), expected, "{at:?} {back} {count}");
        check(None, 1, 0, None);
        check(None, 1, 2, Some(Some(0)));
        check(Some(0), 1, 2, Some(Some(1)));
        check(Some(1), 1, 2, None);
        check(Some(1), -1, 2, Some(Some(0)));
        check(Some(0), -1, 2, Some(None));
        check(None, -1, 2, None);
    }

    #[test]
    fn names_are_kept_in_order_and_once() {
        let named = |name: &str, query: &str| SavedQuery { name: name.to_owned(), query: query.to_owned() };
        let mut saved = Vec::new();
        [named("b", "1"), named("a", "2"), named("b", "3")].into_iter().for_each(|query| put(&mut saved, query));
        assert_eq!(saved, [named("a", "2"), named("b", "3")]);
    }
}
