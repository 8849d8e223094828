//! What the matching events are made of: which fields, in which order, and their values. Asked only while somebody looks.

use super::{App, Side};
use crate::client::{Client, Portrait};
use crate::platform::{page, storage};
use analyzer_core::field::{Field, PORTRAIT, find};
use analyzer_core::view::overview::Overview;
use analyzer_core::view::share::{Share, unusual};
use analyzer_core::view::top::Merged;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// So many values of a field are asked for: among the most frequent ones are those that are worth to be compared.
const MOST: usize = 200;

const REMEMBERED_AS: &str = "trailglass-values";
const STAND_REMEMBERED_AS: &str = "trailglass-values-stand";
/// A page that is so many CSS pixels wide has room for values beside events and findings.
const ROOM: u32 = 1200;

/// In which order values stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ranking {
    /// Those that most events have first.
    Frequent,
    /// Those first that come more often than all events make expect; no others.
    Unusual,
}

/// Where the panel stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// At the side, in the place of the findings, while it is asked for.
    Side,
    /// In a column of its own beside the events.
    Column,
    /// In that column, but closed.
    Closed,
}

impl Stand {
    const ALL: [Stand; 3] = [Stand::Side, Stand::Column, Stand::Closed];

    /// The name by which it is remembered.
    fn name(self) -> &'static str {
        match self {
            Stand::Side => "side",
            Stand::Column => "column",
            Stand::Closed => "closed",
        }
    }
}

/// The values of one field that have a text in them.
#[derive(Clone, Debug, PartialEq)]
pub struct Within {
    /// Name of the field.
    pub field: &'static str,
    /// The text.
    pub text: String,
    /// The values, most frequent first; nothing while they are asked for.
    pub found: Option<Merged>,
}

/// What the panel shows.
#[derive(Clone, Copy)]
pub struct Values {
    /// The newest answer.
    pub portrait: RwSignal<Option<Portrait>>,
    /// Names of the fields that are asked for, in the order in which they stand.
    pub fields: RwSignal<Vec<&'static str>>,
    /// The order of the values.
    pub ranking: RwSignal<Ranking>,
    /// The field within whose values is looked for some.
    pub within: RwSignal<Option<Within>>,
    /// Where the panel stands, if there is room for a column.
    pub stand: RwSignal<Stand>,
    /// Whether there is room for a column of its own.
    has_room: RwSignal<bool>,
}

impl Values {
    /// With the fields that were chosen the last time.
    pub fn start() -> Values {
        let fields = storage::recall(REMEMBERED_AS).map_or_else(|| PORTRAIT.to_vec(), |names| read_names(&names));
        let stand = storage::recall(STAND_REMEMBERED_AS)
            .and_then(|name| Stand::ALL.into_iter().find(|stand| stand.name() == name));
        let has_room = RwSignal::new(false);
        page::on_width(ROOM, move |is_wide| has_room.set(is_wide));
        Values {
            portrait: RwSignal::new(None),
            fields: RwSignal::new(fields),
            ranking: RwSignal::new(Ranking::Frequent),
            within: RwSignal::new(None),
            stand: RwSignal::new(stand.unwrap_or(Stand::Side)),
            has_room,
        }
    }

    /// Whether the panel is open in a column of its own.
    pub fn is_beside(&self) -> bool {
        self.has_room.get() && self.stand.get() == Stand::Column
    }

    /// Opens that column if it is closed; false if there is none.
    pub(super) fn open_beside(&self) -> bool {
        let has_one = self.has_room.get_untracked() && self.stand.get_untracked() != Stand::Side;
        if has_one {
            self.put(Stand::Column);
        }
        has_one
    }

    /// From the side into a column of its own, or back.
    pub(super) fn move_over(&self, side: &RwSignal<Side>) {
        if self.stand.get_untracked() == Stand::Side {
            self.put(Stand::Column);
            side.set(Side::Findings);
        } else {
            self.put(Stand::Side);
            side.set(Side::Values);
        }
    }

    fn put(&self, stand: Stand) {
        if self.stand.get_untracked() != stand {
            self.stand.set(stand);
            storage::remember(STAND_REMEMBERED_AS, stand.name());
        }
    }

    /// Shows the values of a field, behind the others.
    pub fn add(&self, name: &str) {
        let Some(field) = find(name).filter(|field| field.is_counted()) else { return };
        if self.fields.with_untracked(|fields| !fields.contains(&field.name)) {
            self.fields.update(|fields| fields.push(field.name));
            self.remember();
        }
    }

    /// Shows the values of a field no more.
    pub fn remove(&self, name: &str) {
        self.fields.update(|fields| fields.retain(|field| *field != name));
        self.remember();
    }

    fn remember(&self) {
        storage::remember(REMEMBERED_AS, &self.fields.with_untracked(|fields| fields.join(",")));
    }
}

/// Names that were remembered. Another version may have known other fields.
fn read_names(text: &str) -> Vec<&'static str> {
    let known = text.split(',').filter_map(find).filter(|field| Field::is_counted(field));
    let mut names: Vec<&'static str> = Vec::new();
    for field in known {
        if !names.contains(&field.name) {
            names.push(field.name);
        }
    }
    names
}

/// Values in an order, given most frequent first, of events of which the overview tells.
pub fn ranked(values: &[(String, Share)], overview: &Overview, ranking: Ranking) -> Vec<(String, Share)> {
    if ranking == Ranking::Frequent {
        return values.to_vec();
    }
    unusual(values.iter().cloned(), overview.matching, overview.events)
}

impl App {
    /// Whether the values can be seen.
    pub fn shows_values(&self) -> bool {
        self.side.get() == Side::Values || self.values.is_beside()
    }

    /// Opens the values where they stand, or closes them.
    pub fn toggle_values(&self) {
        if !self.values.has_room.get_untracked() || self.values.stand.get_untracked() == Stand::Side {
            self.toggle(Side::Values);
        } else if self.values.stand.get_untracked() == Stand::Column {
            self.values.put(Stand::Closed);
        } else {
            self.values.put(Stand::Column);
        }
    }

    /// Asks when the panel is opened and when a field comes. What else changes is asked for with the table.
    pub(super) fn keep_portraying(&self) {
        let app = *self;
        let is_open = Memo::new(move |_| app.shows_values());
        Effect::new(move |_| {
            app.values.fields.track();
            let is_open = is_open.get();
            if let Some(session) = app.session().filter(|_| is_open) {
                spawn_local(async move {
                    app.ask_values(&session.client).await;
                });
            }
        });
        // A page that becomes wider shows them once.
        Effect::new(move |_| {
            if app.values.is_beside() && app.side.get() == Side::Values {
                app.close_side();
            }
        });
    }

    /// Looks for values of a field that have a text in them; for none without a text.
    pub fn look_within(&self, field: &'static str, text: String) {
        let (app, Some(session)) = (*self, self.session()) else { return };
        self.values.within.update(|within| {
            let found = within.take().filter(|old| old.field == field).and_then(|old| old.found);
            *within = Some(Within { field, text, found });
        });
        spawn_local(async move {
            app.ask_within(&session.client).await;
        });
    }

    async fn ask_within(&self, client: &Client) -> Option<()> {
        let Within { field, text, .. } = self.values.within.get_untracked().filter(|within| !within.text.is_empty())?;
        let found = client.values_within(field, &text, MOST).await?;
        self.values.within.update(|within| {
            if let Some(within) = within.as_mut().filter(|within| within.field == field && within.text == text) {
                within.found = Some(found);
            }
        });
        Some(())
    }

    /// Old values stay until the new ones are there. `None` if something newer was asked meanwhile, or nobody looks.
    pub(super) async fn ask_values(&self, client: &Client) -> Option<()> {
        if !untrack(|| self.shows_values()) {
            return None;
        }
        let portrait = client.portrait(&self.values.fields.get_untracked(), MOST).await?;
        page::hold_focus();
        self.values.portrait.set(Some(portrait));
        self.ask_within(client).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembered_names() {
        let check = |text, expected: &[&str]| assert_eq!(read_names(text), expected);
        check("", &[]);
        check("eventName,principal", &["eventName", "principal"]);
        check("awsRegion,gone,awsRegion,requestParameters,eventID", &["awsRegion"]);
    }

    #[test]
    fn orders() {
        // 100 of 10,000 events.
        let overview = Overview { events: 10_000, matching: 100, ..Overview::default() };
        let value = |name: &str, count, among_others| (name.to_owned(), Share { count, among_others });
        let values = [
            value("usual", 50, 5_000),
            value("often", 30, 1_000),
            value("less", 10, 3_000),
            value("twin b", 5, 5),
            value("twin a", 5, 5),
        ];
        let names = |ranking| ranked(&values, &overview, ranking).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(names(Ranking::Frequent), ["usual", "often", "less", "twin b", "twin a"]);
        assert_eq!(names(Ranking::Unusual), ["twin a", "twin b", "often"]);
        assert_eq!(ranked(&values, &Overview::default(), Ranking::Unusual), []);
        assert!(values[3].1.is_only_here() && !values[0].1.is_only_here());
    }
}
