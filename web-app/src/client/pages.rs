//! Pages of the table, in the order of time or of a field's values, over all shards.

use super::wire::Kind;
use super::{Asked, Client};
use crate::protocol::{Answer, Keys, Question};
use analyzer_core::view::page::{self, Cut, FieldKey, KeyRun, Samples};
use analyzer_core::view::row::TableRow;
use std::ops::Range;
use std::rc::Rc;

/// The samples of all shards, with the field in whose order they are.
pub(super) type Sampled = (Option<&'static str>, Rc<Vec<Samples<FieldKey>>>);

/// What a page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// The user scrolled.
    Scroll,
    /// The events or the filter changed.
    Refresh,
    /// An event is opened whose row is not at hand.
    Open,
}

/// In which order rows follow one another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// That of this field's values, and of time where they are equal; that of time alone, if none is named.
    pub by: Option<&'static str>,
    /// From the last to the first.
    pub is_reversed: bool,
}

impl Client {
    /// Matching rows with the values of these fields. A page that the user scrolls to and one that is refreshed do not
    /// compete.
    pub async fn page(
        &self,
        purpose: Purpose,
        order: Order,
        first: u64,
        count: usize,
        fields: &[&'static str],
    ) -> Asked<Vec<TableRow>> {
        let kind = Kind::Page(purpose);
        let samples = self.samples(kind, order.by).await?;
        let all: u64 = samples.iter().map(|samples| samples.count).sum();
        let count = usize::try_from(all.saturating_sub(first)).unwrap_or(usize::MAX).min(count);
        let first = if order.is_reversed { all.saturating_sub(first + count as u64) } else { first };
        let Some(cut) = self.cut(kind, order.by, &samples, first, count).await? else { return Some(Vec::new()) };
        let names: Vec<String> = fields.iter().map(|&name| name.to_owned()).collect();
        let question = |range: &Range<u64>| Question::Rows {
            by: order.by.map(str::to_owned),
            start: range.start,
            end: range.end,
            fields: names.clone(),
        };
        let answers = self.ask_each(kind, cut.ranges.iter().map(question).enumerate().collect()).await?;
        let rows = answers.into_iter().map(|answer| match answer {
            Answer::Rows(rows) => rows.rows(fields.len()).unwrap_or_default(),
            _ => Vec::new(),
        });
        let mut rows = page::assemble(&cut, rows.collect());
        if order.is_reversed {
            rows.reverse();
        }
        Some(rows)
    }

    /// The row of one event, if a shard has it.
    pub async fn cells(&self, event_id: &str, fields: &[&'static str]) -> Asked<Option<TableRow>> {
        let names = fields.iter().map(|&name| name.to_owned()).collect();
        let question = Question::Cells { event_id: event_id.to_owned(), fields: names };
        let answers = self.ask_all(Kind::Cells, question).await?;
        let rows = |answer| match answer {
            Answer::Rows(rows) => rows.rows(fields.len()).unwrap_or_default(),
            _ => Vec::new(),
        };
        Some(answers.into_iter().flat_map(rows).next())
    }

    /// Which rows of which shard make a page; nothing if there are none.
    pub(super) async fn cut(
        &self,
        kind: Kind,
        by: Option<&'static str>,
        samples: &[Samples<FieldKey>],
        first: u64,
        count: usize,
    ) -> Asked<Option<Cut>> {
        let Some(question) = page::plan(samples, first, count) else { return Some(None) };
        let at_most = u32::try_from(question.at_most).unwrap_or(u32::MAX);
        let from = Keys::of(&[question.from]);
        let answers = self.ask_all(kind, Question::Keys { by: by.map(str::to_owned), from, at_most }).await?;
        let runs: Vec<KeyRun<FieldKey>> = answers
            .into_iter()
            .map(|answer| if let Answer::Keys(run) = answer { run.into() } else { KeyRun::default() })
            .collect();
        Some(Some(page::cut(&runs, first, count)))
    }

    pub(super) async fn samples(&self, kind: Kind, by: Option<&'static str>) -> Asked<Rc<Vec<Samples<FieldKey>>>> {
        if let Some((kept_by, samples)) = &*self.0.samples.borrow()
            && *kept_by == by
        {
            return Some(samples.clone());
        }
        let sampling = self.0.samplings.get();
        let answers = self.ask_all(kind, Question::Samples { by: by.map(str::to_owned) }).await?;
        let samples: Vec<Samples<FieldKey>> = answers
            .into_iter()
            .map(|answer| if let Answer::Samples(s) = answer { s.into() } else { Samples::default() })
            .collect();
        let samples = Rc::new(samples);
        // While events come or become known, every page samples anew: the shard waits for it then.
        let is_settled = !self.is_reading() && !self.0.checking().is_running;
        if is_settled && sampling == self.0.samplings.get() {
            self.0.samples.replace(Some((by, samples.clone())));
        }
        Some(samples)
    }
}
