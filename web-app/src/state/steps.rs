//! The steps that change which events are looked at, and in which order. All but typing make an entry in the tab's history,
//! so that "back" takes them back.

use super::filter::{Filter, clicked};
use super::link::Link;
use super::{App, Ranking, Side};
use crate::platform::page;
use analyzer_core::predicate::{Predicate, parse, quote};
use leptos::prelude::*;

/// Moves along the time by wheel and pointer are one entry as long as they follow one another within this, in milliseconds.
const SAME_SLIDE: f64 = 10_000.0;
/// The clicks of a double click do so.
const SAME_CLICK: f64 = 600.0;

/// What the newest entry of the tab's history came from, if that goes on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Ongoing {
    /// Typing.
    Typing,
    /// Zooming and panning; when it was done last.
    Sliding(f64),
    /// Picking a range; when it was done last.
    Brushing(f64),
}

/// What counts as around an event, on either side of it, in milliseconds.
const AROUND: i64 = 5 * 60_000;

impl App {
    /// Looks for this text.
    pub fn set_query(&self, query: String) {
        self.change_filter(|filter| filter.query = query);
    }

    /// Looks for this text, which is being typed: until the typing ends, it is one entry in the tab's history.
    pub fn type_query(&self, query: String) {
        if self.ongoing.get_value() == Some(Ongoing::Typing) {
            self.take_filter(|filter| filter.query = query, page::replace_fragment);
        } else if self.take_filter(|filter| filter.query = query, page::push_fragment) {
            self.ongoing.set_value(Some(Ongoing::Typing));
        }
    }

    /// What is typed next is something else.
    pub fn end_typing(&self) {
        self.ongoing.set_value(None);
        self.note_query();
    }

    /// Looks at this time only: start and end (not included) in milliseconds since 1970.
    pub fn set_range(&self, range: Option<(i64, i64)>) {
        self.change_filter(|filter| filter.range = range);
    }

    /// Looks at another time, as wheel and pointer go.
    pub(super) fn slide_to(&self, range: Option<(i64, i64)>) {
        let goes_on =
            matches!(self.ongoing.get_value(), Some(Ongoing::Sliding(at)) if page::now_ms() - at < SAME_SLIDE);
        self.go_on_to(range, if goes_on { page::replace_fragment } else { page::push_fragment }, Ongoing::Sliding);
    }

    /// Looks at the time that was picked. A double click picks a bar before it shows all.
    pub(super) fn brush(&self, range: Option<(i64, i64)>) {
        let goes_on =
            matches!(self.ongoing.get_value(), Some(Ongoing::Brushing(at)) if page::now_ms() - at < SAME_CLICK);
        self.go_on_to(range, if goes_on { page::replace_fragment } else { page::push_fragment }, Ongoing::Brushing);
    }

    fn go_on_to(&self, range: Option<(i64, i64)>, note: fn(&str), ongoing: fn(f64) -> Ongoing) {
        if self.take_filter(|filter| filter.range = range, note) {
            self.ongoing.set_value(Some(ongoing(page::now_ms())));
        }
    }

    /// Adds `field:value` to the search.
    pub fn add_term(&self, field: &str, value: &str) {
        self.narrow(&format!("{field}:{}", quote(value)));
    }

    /// Adds to the search that `field:value` does not hold.
    pub fn exclude_term(&self, field: &str, value: &str) {
        self.narrow(&format!("NOT {field}:{}", quote(value)));
    }

    /// Adds to the search that an event has such a field.
    pub fn add_present(&self, field: &str) {
        self.narrow(&format!("{field}:*"));
    }

    /// Adds to the search that an event has no such field.
    pub fn add_missing(&self, field: &str) {
        self.narrow(&format!("NOT {field}:*"));
    }

    /// Adds a term to the search.
    pub fn narrow(&self, term: &str) {
        self.change_filter(|filter| filter.query = with_term(&filter.query, term));
    }

    /// Shows the events of the finding with this id, or all again.
    pub fn choose_finding(&self, id: Option<String>) {
        self.change_filter(|filter| filter.finding = id);
    }

    /// Shows everything that a query finds, and what it is made of.
    pub fn follow(&self, query: String) {
        self.change_filter(|filter| *filter = Filter { query, order: filter.order, ..Filter::default() });
        self.show_values();
    }

    /// The same, within a time: start and end (not included) in milliseconds since 1970.
    pub fn follow_within(&self, query: String, range: (i64, i64)) {
        self.change_filter(|filter| {
            *filter = Filter { query, range: Some(range), order: filter.order, ..Filter::default() };
        });
    }

    /// Shows all events of the minutes around this time, in milliseconds since 1970, and what sets them apart.
    pub fn look_around(&self, time_ms: i64) {
        // The end of a range is not included, and CloudTrail tells the time in whole seconds.
        let range = Some((time_ms.saturating_sub(AROUND), time_ms.saturating_add(AROUND + 1_000)));
        self.change_filter(|filter| *filter = Filter { range, order: filter.order, ..Filter::default() });
        self.values.ranking.set(Ranking::Unusual);
        self.show_values();
    }

    /// Where they stand open already, what is at the side stays.
    fn show_values(&self) {
        if !self.values.open_beside() {
            self.side.set(Side::Values);
            self.opened.set(None);
        }
    }

    /// Shows all events again, in the order that they are in.
    pub fn clear_filter(&self) {
        self.change_filter(|filter| *filter = Filter { order: filter.order, ..Filter::default() });
    }

    /// Puts the events in the order of this field's values; the same again reverses it, and a third time it is time's.
    pub fn sort_by(&self, field: &'static str) {
        self.change_filter(|filter| filter.order = clicked(filter.order, field));
    }

    /// Takes what is looked at from the address, and leaves out there what cannot be understood.
    pub(super) fn read_address(&self) {
        let Link { filter, trail, split } = Link::from_fragment(&page::fragment());
        self.ongoing.set_value(None);
        // What is the same is not set: whoever follows it would ask again.
        if self.subjects.trail.with_untracked(|old| *old != trail) {
            self.subjects.trail.set(trail);
        }
        if self.chart.split.get_untracked() != split {
            self.chart.split.set(split);
        }
        if self.filter.with_untracked(|old| *old != filter) {
            self.filter.set(filter);
            self.note_query();
        }
        let fragment = self.link().to_fragment();
        if page::fragment().trim_start_matches('#') != fragment {
            page::replace_fragment(&fragment);
        }
    }

    /// What the address says.
    pub(super) fn link(&self) -> Link {
        let trail = self.subjects.trail.get_untracked();
        Link { filter: self.filter.get_untracked(), trail, split: self.chart.split.get_untracked() }
    }

    /// Writes into the address what is looked at now; what follows is another step.
    pub(super) fn note_address(&self, note: impl Fn(&str)) {
        self.ongoing.set_value(None);
        note(&self.link().to_fragment());
    }

    fn change_filter(&self, change: impl FnOnce(&mut Filter)) {
        if self.take_filter(change, page::push_fragment) {
            self.ongoing.set_value(None);
            self.note_query();
        }
    }

    /// Changes the filter and the address with it, and shows the events if somebody's page is open; false if nothing
    /// changes.
    fn take_filter(&self, change: impl FnOnce(&mut Filter), note: impl Fn(&str)) -> bool {
        let mut filter = self.filter.get_untracked();
        change(&mut filter);
        let is_same = self.filter.with_untracked(|old| *old == filter);
        let is_about = self.subjects.trail.with_untracked(|trail| !trail.is_empty());
        if is_same && !is_about {
            return false;
        }
        if is_about {
            self.subjects.trail.set(Vec::new());
        }
        if !is_same {
            self.filter.set(filter);
        }
        note(&self.link().to_fragment());
        true
    }
}

/// A query of whose events the term holds, too.
fn with_term(query: &str, term: &str) -> String {
    let query = query.trim();
    let (whole, part) = (parse(query, None).predicate, parse(term, None).predicate);
    match &whole {
        _ if query.is_empty() => term.to_owned(),
        _ if whole == part => query.to_owned(),
        Predicate::All(parts) if parts.contains(&part) => query.to_owned(),
        // `AND` binds closer.
        Predicate::Any(_) => format!("({query}) AND {term}"),
        _ => format!("{query} AND {term}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_added() {
        let check = |query, term, expected| assert_eq!(with_term(query, term), expected);
        check("", "readOnly:true", "readOnly:true");
        check("  ", "readOnly:true", "readOnly:true");
        check("name:A", "NOT region:x", "name:A AND NOT region:x");
        check("name:A OR name:B", "NOT region:x", "(name:A OR name:B) AND NOT region:x");
        check("name:(A OR B)", "region:x", "(name:(A OR B)) AND region:x");
        check("name:(A OR B) key:k", "region:x", "name:(A OR B) key:k AND region:x");
        // What is there already changes nothing.
        check("name:A", "eventName:A", "name:A");
        check("name:A AND NOT region:x", "NOT awsRegion:x", "name:A AND NOT region:x");
        check("NOT name:A", "eventName:A", "NOT name:A AND eventName:A");
    }
}
