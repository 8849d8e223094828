//! What the matching events are made of: which fields, in which order, and their values. Asked only while somebody looks.

use super::{App, Side};
use crate::client::{Client, Portrait};
use crate::platform::{page, storage};
use analyzer_core::field::{Field, PORTRAIT, find};
use analyzer_core::view::overview::Overview;
use analyzer_core::view::share::{Share, unusual};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// So many values of a field are asked for: among the most frequent ones are those that are worth to be compared.
const MOST: usize = 200;

const REMEMBERED_AS: &str = "trailglass-values";

/// In which order values stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ranking {
    /// Those that most events have first.
    Frequent,
    /// Those first that come more often than all events make expect; no others.
    Unusual,
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
}

impl Values {
    /// With the fields that were chosen the last time.
    pub fn start() -> Values {
        let fields = storage::recall(REMEMBERED_AS).map_or_else(|| PORTRAIT.to_vec(), |names| read_names(&names));
        Values {
            portrait: RwSignal::new(None),
            fields: RwSignal::new(fields),
            ranking: RwSignal::new(Ranking::Frequent),
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
    /// Asks when the panel is opened and when a field comes. What else changes is asked for with the table.
    pub(super) fn keep_portraying(&self) {
        let app = *self;
        let is_open = Memo::new(move |_| app.side.get() == Side::Values);
        Effect::new(move |_| {
            app.values.fields.track();
            let is_open = is_open.get();
            if let Some(session) = app.session().filter(|_| is_open) {
                spawn_local(async move {
                    app.ask_values(&session.client).await;
                });
            }
        });
    }

    /// Old values stay until the new ones are there. `None` if something newer was asked meanwhile, or nobody looks.
    pub(super) async fn ask_values(&self, client: &Client) -> Option<()> {
        if self.side.get_untracked() != Side::Values {
            return None;
        }
        let portrait = client.portrait(&self.values.fields.get_untracked(), MOST).await?;
        page::hold_focus();
        self.values.portrait.set(Some(portrait));
        Some(())
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
