//! The timeline, split by the values of a field, over all shards.

use super::wire::Kind;
use super::{Asked, Client};
use crate::protocol::{Among, Answer, Fitting, Question};
use analyzer_core::view::distinct::Distinct;
use analyzer_core::view::timeline::Buckets;
use analyzer_core::view::top::Merged;

/// Events in each bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// Those without the field.
    pub missing: Vec<u64>,
    /// Those with a value that is not named.
    pub others: Vec<u64>,
    /// The most frequent values, each with its own.
    pub of_values: Vec<(String, Vec<u64>)>,
    /// How many values are not named.
    pub unnamed: Distinct,
}

impl Client {
    /// When events happened, split by so many of the most frequent values of a field.
    pub async fn timeline(&self, buckets: Buckets, field: &str, named: usize) -> Asked<Split> {
        self.split(Kind::Timeline, buckets, field, named, Among::Matching).await
    }

    pub(super) async fn split(
        &self,
        kind: Kind,
        buckets: Buckets,
        field: &str,
        named: usize,
        among: Among,
    ) -> Asked<Split> {
        let tops = match named {
            0 => Vec::new(),
            _ => self.tops(kind, &[field], Fitting::Any, named, &among).await?,
        };
        // Nobody asks for the number of values of which none is named.
        let top = tops.into_iter().next().unwrap_or_else(|| Merged { distinct: Some(0), ..Merged::default() });
        let values: Vec<String> = top.values.into_iter().map(|(value, _)| value).collect();
        let all = match top.distinct {
            Some(count) => Distinct { count, is_exact: true },
            None => self.distinct(kind, field, &among).await?,
        };
        let unnamed = Distinct { count: all.count.saturating_sub(values.len() as u64), ..all };
        let Buckets { start_ms, bucket_ms, count } = buckets;
        let field = field.to_owned();
        let question = Question::Timeline { start_ms, bucket_ms, count, field, values: values.clone(), among };
        let mut layers = vec![vec![0; count as usize]; values.len() + 2];
        for answer in self.ask_all(kind, question).await? {
            let Answer::Timeline(parts) = answer else { continue };
            let sums = layers.iter_mut().flatten();
            sums.zip(parts.into_iter().flatten()).for_each(|(sum, n)| *sum += n);
        }
        let mut layers = layers.into_iter();
        let mut next = || layers.next().unwrap_or_default();
        let (missing, others) = (next(), next());
        Some(Split { missing, others, of_values: values.into_iter().zip(layers).collect(), unnamed })
    }
}
