//! The most frequent values of a field, over all shards.

use super::wire::Kind;
use super::{Asked, Client};
use crate::protocol::{Answer, Filter, Question};
use analyzer_core::view::top::{self, Top};

/// A shard tells no more values than this. Where more come equally often it does not matter which ones are shown.
const MOST_TOLD: u32 = 1_000;

impl Client {
    /// The most frequent values of a field that begin with `prefix`, and how often each comes among these events. None of
    /// a field that columns do not have.
    pub async fn values(&self, field: &str, prefix: &str, limit: u32, among: &Filter) -> Asked<Vec<(String, u64)>> {
        let mut told = limit;
        loop {
            let (field, prefix, among) = (field.to_owned(), prefix.to_owned(), among.clone());
            let question = Question::Top { field: field.clone(), prefix, limit: told, among: Some(among.clone()) };
            let tops: Vec<Top> = self.ask_all(Kind::Values, question).await?.into_iter().map(top_of).collect();
            let asked = top::missing(&tops);
            let count = |values: &Vec<String>| Question::CountValues {
                field: field.clone(),
                values: values.clone(),
                among: Some(among.clone()),
            };
            let questions = asked.iter().map(count).enumerate().collect();
            let counted = self.ask_each(Kind::Values, questions).await?;
            let counted: Vec<Vec<u64>> = counted.into_iter().map(counts_of).collect();
            let merged = top::merge(&tops, &asked, &counted, limit as usize);
            if merged.is_exact || told >= MOST_TOLD {
                return Some(merged.values);
            }
            told *= 4;
        }
    }
}

fn top_of(answer: Answer) -> Top {
    if let Answer::Top(Some(top)) = answer { top.into() } else { Top::default() }
}

fn counts_of(answer: Answer) -> Vec<u64> {
    if let Answer::Counts(counts) = answer { counts } else { Vec::new() }
}
