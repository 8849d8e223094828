//! The most frequent values of fields, over all shards.

use super::wire::Kind;
use super::{Asked, Client};
use crate::protocol::{Among, Answer, Filter, Fitting, Question};
use analyzer_core::view::distinct::{self, Distinct};
use analyzer_core::view::overview::Overview;
use analyzer_core::view::share::Share;
use analyzer_core::view::top::{Merged, Top, TopAsking};

/// A shard tells no more values than this. Where more come equally often it does not matter which ones are shown.
const MOST_TOLD: usize = 1_000;
/// Marks of values that a shard tells: how many there are is then known to about one in a hundred.
const MARKS: u32 = 8_192;

/// What some events are made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Portrait {
    /// How many, over which time, and how many errors among them.
    pub overview: Overview,
    /// Their values.
    pub fields: Vec<FieldPortrait>,
}

/// The most frequent values of a field.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldPortrait {
    /// Name of the field.
    pub field: &'static str,
    /// Values, most frequent first, each with how often it comes here and among all events.
    pub values: Vec<(String, Share)>,
    /// How many different ones there are.
    pub distinct: Distinct,
    /// Events without a value.
    pub missing: u64,
}

impl Client {
    /// The most frequent values of a field that begin with `prefix`, and how often each comes among these events. None of
    /// a field that columns do not have.
    pub async fn values(&self, field: &str, prefix: &str, limit: u32, among: &Filter) -> Asked<Vec<(String, u64)>> {
        let among = Among::These(among.clone());
        let fitting = if prefix.is_empty() { Fitting::Any } else { Fitting::Beginning(prefix.to_owned()) };
        let merged = self.tops(Kind::Values, &[field], fitting, limit as usize, &among).await?;
        Some(merged.into_iter().next().map(|merged| merged.values).unwrap_or_default())
    }

    /// The most frequent values of a field, among those of the matching events, that have this text in them.
    pub async fn values_within(&self, field: &str, text: &str, limit: usize) -> Asked<Merged> {
        let fitting = Fitting::Containing(text.to_owned());
        let merged = self.tops(Kind::Within, &[field], fitting, limit, &Among::Matching).await?;
        Some(merged.into_iter().next().unwrap_or_default())
    }

    /// What the matching events are made of: the first values of each of these fields, beside how often they come among
    /// all events. No answer if the filter changes meanwhile: its parts would be of different events.
    pub async fn portrait(&self, fields: &[&'static str], limit: usize) -> Asked<Portrait> {
        let filter = self.0.filter.get();
        let portrait = self.portrait_of(Kind::Portrait, Among::Matching, fields, limit).await?;
        (filter == self.0.filter.get()).then_some(portrait)
    }

    pub(super) async fn portrait_of(
        &self,
        kind: Kind,
        among: Among,
        fields: &[&'static str],
        limit: usize,
    ) -> Asked<Portrait> {
        let overview = self.overview_of(kind, among.clone()).await?;
        let tops = self.tops(kind, fields, Fitting::Any, limit, &among).await?;
        let values = tops.iter().map(|top| top.values.iter().map(|(value, _)| value.clone()).collect());
        let asked: Vec<(String, Vec<String>)> = fields.iter().map(|&field| field.to_owned()).zip(values).collect();
        let all = Among::These(Filter::default());
        let mut others: Vec<Vec<u64>> = asked.iter().map(|(_, values)| vec![0; values.len()]).collect();
        for answer in self.ask_all(kind, Question::CountValues { asked, among: all }).await? {
            let counts = counts_of(answer).into_iter().flatten();
            others.iter_mut().flatten().zip(counts).for_each(|(sum, n)| *sum += n);
        }
        let mut portraits = Vec::new();
        for ((&field, top), others) in fields.iter().zip(tops).zip(others) {
            let distinct = match top.distinct {
                Some(count) => Distinct { count, is_exact: true },
                None => self.distinct(kind, field, &among).await?,
            };
            let shares = top.values.into_iter().zip(others);
            let values = shares.map(|((value, count), among_others)| (value, Share { count, among_others })).collect();
            portraits.push(FieldPortrait { field, values, distinct, missing: top.missing });
        }
        Some(Portrait { overview, fields: portraits })
    }

    /// The most frequent of the values of each of these fields that fit.
    pub(super) async fn tops(
        &self,
        kind: Kind,
        fields: &[&str],
        fitting: Fitting,
        limit: usize,
        among: &Among,
    ) -> Asked<Vec<Merged>> {
        let mut asking = TopAsking::new(limit, MOST_TOLD);
        let names: Vec<String> = fields.iter().map(|&field| field.to_owned()).collect();
        loop {
            let limit = u32::try_from(asking.told).unwrap_or(u32::MAX);
            let question =
                Question::Tops { fields: names.clone(), fitting: fitting.clone(), limit, among: among.clone() };
            let tops: Vec<Vec<Top>> = self.ask_all(kind, question).await?.into_iter().map(tops_of).collect();
            let asked = TopAsking::missing(&tops);
            let count = |values: &Vec<Vec<String>>| Question::CountValues {
                asked: names.iter().cloned().zip(values.iter().cloned()).collect(),
                among: among.clone(),
            };
            let questions = asked.iter().map(count).enumerate().collect();
            let counted: Vec<_> = self.ask_each(kind, questions).await?.into_iter().map(counts_of).collect();
            if let Some(merged) = asking.merge(&tops, &asked, &counted) {
                return Some(merged);
            }
        }
    }

    /// How many values a field has.
    pub(super) async fn distinct(&self, kind: Kind, field: &str, among: &Among) -> Asked<Distinct> {
        let question = Question::Marks { field: field.to_owned(), limit: MARKS, among: among.clone() };
        let answers = self.ask_all(kind, question).await?.into_iter();
        let marks: Vec<_> = answers
            .filter_map(|answer| if let Answer::Marks(marks) = answer { Some(marks.into()) } else { None })
            .collect();
        Some(distinct::distinct(&marks))
    }
}

fn tops_of(answer: Answer) -> Vec<Top> {
    if let Answer::Tops(tops) = answer { tops.into_iter().map(Into::into).collect() } else { Vec::new() }
}

fn counts_of(answer: Answer) -> Vec<Vec<u64>> {
    if let Answer::Counts(counts) = answer { counts } else { Vec::new() }
}
