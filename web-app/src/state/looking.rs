//! What is looked at: the filter, the rows that can be seen, the timeline, one event in full.

use super::{App, Side};
use crate::client::{Client, Order, Purpose};
use crate::platform::page;
use crate::platform::pump::breathe;
use crate::protocol::{self, Checking, Reread, Said};
use analyzer_core::event::EventRow;
use analyzer_core::predicate;
use analyzer_core::said::said;
use analyzer_core::view::row::TableRow;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// Rows that are fetched beyond those that can be seen, so that a little scrolling needs no question.
const AHEAD: u64 = 60;
/// While events come or become known, the screen is refreshed no more often than this, in milliseconds.
const REFRESH_EVERY: f64 = 250.0;
/// The part of the shards' time that refreshes may take meanwhile.
const REFRESH_SHARE: f64 = 0.03;

/// An event in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Its row.
    pub row: EventRow,
    /// Its record and what there is to say of it, or why it cannot be shown.
    pub reread: Result<Reread, Said>,
    /// The query that was in force when it was read.
    pub query: String,
}

/// An event with the values that the table shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    fields: Arc<Vec<&'static str>>,
    row: Arc<TableRow>,
}

impl Shown {
    /// Milliseconds since 1970, if it has a time.
    pub fn time_ms(&self) -> Option<i64> {
        self.row.time_ms
    }

    /// Its id.
    pub fn event_id(&self) -> String {
        self.row.event_id.clone()
    }

    /// The value of a field; `None` too if that was not asked for.
    pub fn value(&self, field: &str) -> Option<&String> {
        let place = self.fields.iter().position(|name| *name == field)?;
        self.row.values.get(place)?.as_ref()
    }
}

/// Rows that are at hand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    first: u64,
    /// The names of the fields whose values they have.
    fields: Arc<Vec<&'static str>>,
    rows: Vec<Arc<TableRow>>,
}

impl Block {
    fn new(first: u64, fields: Vec<&'static str>, rows: Vec<TableRow>) -> Block {
        Block { first, fields: Arc::new(fields), rows: rows.into_iter().map(Arc::new).collect() }
    }

    fn get(&self, number: u64) -> Option<Shown> {
        let row = self.rows.get(usize::try_from(number.checked_sub(self.first)?).ok()?)?.clone();
        Some(Shown { fields: self.fields.clone(), row })
    }

    fn holds(&self, first: u64, count: u64) -> bool {
        first >= self.first && first + count <= self.first + self.rows.len() as u64
    }
}

impl App {
    /// Whenever the filter changes, the shards are told and asked; whenever the grid moves, rows are fetched.
    pub(super) fn keep_asking(&self) {
        let app = *self;
        Effect::new(move |before: Option<_>| {
            let filter = app.filter.get();
            let meant = (filter.unordered(), app.chosen.with(Option::is_some));
            // The first time there is nobody to tell.
            if let Some(before) = before {
                // Another order is no other filter: what shards know of it they keep.
                if before != meant {
                    app.push_filter();
                }
                app.grid.rewind();
                app.refresh();
            }
            meant
        });
        // What is counted from the newest event means something else when a newer one comes.
        let now = Memo::new(move |_| {
            let uses_now = app.filter.with(|filter| predicate::parse(&filter.query, None).uses_now);
            app.newest.get().filter(|_| uses_now)
        });
        Effect::new(move |before: Option<()>| {
            now.track();
            if before.is_some() {
                app.push_filter();
                app.refresh();
            }
        });
        Effect::new(move |_| {
            let (first, count) = app.grid.window();
            if count > 0 && !app.rows.with_untracked(|block| block.holds(first, count)) {
                app.fetch(first, count);
            }
        });
    }

    /// Tells the shards what is looked for.
    pub(super) fn push_filter(&self) {
        let Some(session) = self.session() else { return };
        self.checking.set(Checking::default());
        session.client.set_filter(self.filter_with(self.filter.with_untracked(|filter| filter.query.clone())));
    }

    /// What is looked at, but for the query.
    pub(super) fn filter_with(&self, query: String) -> protocol::Filter {
        let range = self.filter.with_untracked(|filter| filter.range);
        let ids = self.chosen.with_untracked(|chosen| chosen.as_ref().map(|finding| finding.event_ids.clone()));
        protocol::Filter { query, now_ms: self.newest.get_untracked(), range, ids }
    }

    /// Hits show up as they are found, and once more when the last one is.
    pub(super) fn note_checking(&self, checking: Checking) {
        self.checking.set(checking);
        // The first hits need not wait: as long as there is none, answers are short.
        let seeks_first = self.matching.get_untracked() == 0 && self.refreshing.get_untracked() == 0;
        if seeks_first || !checking.is_running {
            self.refresh();
        } else {
            self.refresh_if_idle();
        }
    }

    /// The content of a row, once it is there.
    pub fn row(&self, number: u64) -> Option<Shown> {
        self.rows.with(|block| block.get(number))
    }

    pub(super) fn row_untracked(&self, number: u64) -> Option<Shown> {
        self.rows.with_untracked(|block| block.get(number))
    }

    fn order(&self) -> Order {
        self.filter.with_untracked(|filter| filter.order)
    }

    fn fetch(&self, first: u64, count: u64) {
        let (app, Some(session)) = (*self, self.session()) else { return };
        let (revision, order, fields) = (self.revision.get_untracked(), self.order(), untrack(|| self.table.fields()));
        spawn_local(async move {
            let from = first.saturating_sub(AHEAD);
            let limit = (first - from + count + AHEAD) as usize;
            let Some(rows) = session.client.page(Purpose::Scroll, order, from, limit, &fields).await else { return };
            // Rows of another filter, or from before more files came, are no answer any more.
            if app.revision.get_untracked() == revision {
                app.rows.set(Block::new(from, fields, rows));
            }
        });
    }

    /// Asks everything that is on the screen again, and shows the answers once all are there.
    pub(super) fn refresh(&self) {
        let app = *self;
        spawn_local(async move { app.refreshed().await });
    }

    /// The same, until it is shown, or something newer was asked.
    pub(super) async fn refreshed(&self) {
        let Some(session) = self.session() else { return };
        self.refreshing.update(|n| *n += 1);
        let before = session.client.answering_ms();
        // What the table shows comes first.
        if self.ask_all(&session.client).await.is_some() {
            self.ask_values(&session.client).await;
            self.ask_subject(&session.client).await;
        }
        self.last_refresh.set((page::now_ms(), session.client.answering_ms() - before));
        self.refreshing.update(|n| *n -= 1);
    }

    /// While events come or become known, refreshes never pile up, and take little of the shards' time.
    pub(super) fn refresh_if_idle(&self) {
        let (ended, took) = self.last_refresh.get_untracked();
        if self.refreshing.get_untracked() == 0 && page::now_ms() - ended > (took / REFRESH_SHARE).max(REFRESH_EVERY) {
            self.refresh();
        }
    }

    /// `None` if something newer was asked meanwhile: then that shows its answers.
    async fn ask_all(&self, client: &Client) -> Option<()> {
        let overview = client.overview().await?;
        let (first, count) = self.grid.window_of(overview.matching);
        let from = first.saturating_sub(AHEAD);
        let (fields, limit) = (untrack(|| self.table.fields()), (first - from + count + AHEAD) as usize);
        let rows = client.page(Purpose::Refresh, self.order(), from, limit, &fields).await?;
        let course = self.ask_course(client, &overview).await?;
        self.revision.update(|n| *n += 1);
        self.rows.set(Block::new(from, fields, rows));
        self.grid.set_rows(overview.matching);
        self.matching.set(overview.matching);
        self.span.set(overview.extent_ms);
        let newest = self.newest.get_untracked().max(overview.span_ms.map(|(_, last)| last));
        self.newest.set(newest);
        // Table and timeline are drawn in a turn each: both together would hold up what is typed.
        let revision = self.revision.get_untracked();
        breathe().await;
        if self.revision.get_untracked() != revision {
            return None;
        }
        page::hold_focus();
        self.chart.course.set(course);
        Some(())
    }

    /// Moves the selection; an event that is open gives way to the selected one.
    pub(super) fn select(&self, step: impl FnOnce()) {
        step();
        if self.side.get_untracked() == Side::Detail
            && let Some(row) = self.grid.selected.get_untracked()
        {
            self.open_event(row);
        }
    }

    /// Selects the event of a row, which is shown in full if one is.
    pub fn select_event(&self, number: u64) {
        self.select(|| self.grid.select(number));
    }

    /// Shows the event of a row in full.
    pub fn open_event(&self, number: u64) {
        let (app, Some(session)) = (*self, self.session()) else { return };
        self.grid.select(number);
        if self.side.get_untracked() != Side::Detail {
            self.opened.set(None);
            self.side.set(Side::Detail);
        }
        spawn_local(async move {
            let client = &session.client;
            // A key that jumps far opens a row that is not at hand yet.
            let event_id = match app.row_untracked(number) {
                Some(row) => Some(row.event_id()),
                None => client
                    .page(Purpose::Open, app.order(), number, 1, &[])
                    .await
                    .and_then(|mut rows| Some(rows.pop()?.event_id)),
            };
            if let Some(event_id) = event_id {
                app.show_in_full(client, EventRow { event_id, ..EventRow::default() }).await;
            }
        });
    }

    /// Shows an event in full that need not be in the table.
    pub fn open_row(&self, row: EventRow) {
        let (app, Some(session)) = (*self, self.session()) else { return };
        self.opened.set(None);
        self.side.set(Side::Detail);
        spawn_local(async move { app.show_in_full(&session.client, row).await });
    }

    /// What is known of the event before its record is found is shown if that cannot be.
    async fn show_in_full(&self, client: &Client, row: EventRow) {
        let query = self.filter.with_untracked(|filter| filter.query.clone());
        let now_ms = self.newest.get_untracked();
        let Some(found) = client.reread(&row.event_id, &query, now_ms).await else { return };
        let (row, reread) = found.unwrap_or_else(|| {
            let why = said("This event has no eventID, so it cannot be found in its file again.");
            (row, Err(why.into()))
        });
        if self.side.get_untracked() == Side::Detail {
            self.opened.set(Some(Opened { row, reread, query }));
        }
    }
}
