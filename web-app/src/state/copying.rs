//! One event on the clipboard, in a form that somebody can use.

use super::language::told;
use super::{App, Side};
use crate::client::Client;
use crate::kit::words::{tr, tr_with};
use crate::platform::page;
use analyzer_core::event::EventRow;
use analyzer_core::export::lookup::lookup_events;
use analyzer_core::export::records::{RecordForm, Records};
use analyzer_core::export::table::{Table, TableForm};
use analyzer_core::export::tsv;
use analyzer_core::field::FieldRef;
use analyzer_core::predicate::quote;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What is copied of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyAs {
    /// The cells of its row, with tabs between them.
    Row,
    /// Its record.
    Record,
    /// A table of its row.
    Markdown,
    /// The call of the AWS CLI that finds it.
    Lookup,
    /// The query that finds it.
    Query,
}

impl App {
    /// The event that is shown in full, or that is selected.
    fn event_to_copy(&self) -> Option<String> {
        let opened = self.opened.with_untracked(|opened| opened.as_ref().map(|opened| opened.row.event_id.clone()));
        let selected = || self.row_untracked(self.grid.selected.get_untracked()?).map(|row| row.event_id());
        opened.filter(|_| self.side.get_untracked() == Side::Detail).or_else(selected)
    }

    /// Copies the event that is shown in full, or that is selected, and says so.
    pub fn copy_event(&self, form: CopyAs) {
        let (app, Some(session)) = (*self, self.session()) else { return };
        let Some(event_id) = self.event_to_copy() else {
            return self.complain(tr("Nothing is copied: no event is selected.").to_owned());
        };
        spawn_local(async move {
            let copied = match app.text_of(&session.client, event_id, form).await {
                Ok(text) => page::copy(&text).await,
                Err(why) => Err(why),
            };
            app.complain(match copied {
                Ok(()) => said(form).to_owned(),
                Err(why) => tr_with("Nothing is copied: {}", &[&why]),
            });
        });
    }

    /// Copies a text, and says `done` then.
    pub fn copy_text(&self, text: String, done: &'static str) {
        let app = *self;
        spawn_local(async move {
            app.complain(match page::copy(&text).await {
                Ok(()) => done.to_owned(),
                Err(why) => tr_with("Nothing is copied: {}", &[&why]),
            });
        });
    }

    async fn text_of(&self, client: &Client, event_id: String, form: CopyAs) -> Result<String, String> {
        match form {
            CopyAs::Query => Ok(query_for(&event_id)),
            CopyAs::Row | CopyAs::Markdown => {
                let fields = untrack(|| self.table.fields());
                let cells = client.cells(&event_id, &fields).await.flatten().ok_or_else(gone)?;
                let cells: Vec<String> = cells.values.into_iter().map(Option::unwrap_or_default).collect();
                Ok(if form == CopyAs::Row { row_text(&cells) } else { markdown_text(&fields, cells) })
            }
            CopyAs::Lookup | CopyAs::Record => {
                let (row, reread) = client.reread(&event_id, "", None).await.flatten().ok_or_else(gone)?;
                if form == CopyAs::Record {
                    reread.map(|reread| record_text(&reread.raw)).map_err(|why| told(&why))
                } else {
                    lookup(&row)
                }
            }
        }
    }
}

fn gone() -> String {
    tr("the event cannot be found again").to_owned()
}

fn said(form: CopyAs) -> &'static str {
    match form {
        CopyAs::Row => tr("The row is copied."),
        CopyAs::Record => tr("The record is copied."),
        CopyAs::Markdown => tr("The row is copied as a table."),
        CopyAs::Lookup => tr(
            "The call is copied. Event history has the management events of the last 90 days, in the account of the \
                event.",
        ),
        CopyAs::Query => tr("The query is copied."),
    }
}

// Writing to a text cannot fail.

fn row_text(cells: &[String]) -> String {
    let mut text = String::new();
    let _ = tsv::line(&mut text, cells.iter().map(String::as_str));
    text
}

fn markdown_text(fields: &[&'static str], cells: Vec<String>) -> String {
    let fields: Vec<FieldRef> = fields.iter().map(|name| FieldRef::parse(name)).collect();
    let table = Table::new(TableForm::Markdown, &fields);
    let cells: Vec<Vec<String>> = cells.into_iter().map(|cell| vec![cell]).collect();
    let mut text = String::new();
    let _ = table.head(&mut text);
    let _ = table.row(&mut text, &cells);
    text
}

fn record_text(raw: &str) -> String {
    let mut text = String::new();
    let _ = Records::new(RecordForm::Lines).record(&mut text, raw);
    text
}

fn lookup(row: &EventRow) -> Result<String, String> {
    lookup_events(&row.event_id, row.region.as_deref()).ok_or_else(|| tr("its id is none that AWS makes").to_owned())
}

/// The query that finds this event and no other.
fn query_for(event_id: &str) -> String {
    format!("eventID:{}", quote(event_id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_copied_stays_data() {
        let cells = ["=HYPERLINK(1)", "a|b\tc", ""].map(str::to_owned);
        assert_eq!(row_text(&cells), "'=HYPERLINK(1)\ta|b c\t\n");
        let table = markdown_text(&["eventName", "principal", "errorCode"], cells.to_vec());
        assert_eq!(table, "| eventName | principal | errorCode |\n|---|---|---|\n| =HYPERLINK(1) | a\\|b c |  |\n");
        assert_eq!(record_text("{\"a\":\n\"\u{202e}\"}"), "{\"a\": \"\\u202e\"}\n");
        assert_eq!(query_for("a b\""), "eventID:\"a b\\\"\"");
    }
}
