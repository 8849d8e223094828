//! Somebody or something that is looked at beside the filter.

use super::values::Portrait;
use super::wire::Kind;
use super::{Asked, Client, Split};
use crate::protocol::{Among, Answer, Bytes, Checking, Filter, Question, ToShard};
use analyzer_core::view::timeline::Buckets;

/// How the events of a subject lie in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// The stretches that are counted.
    pub buckets: Buckets,
    /// Those with an error, and the others: split by the error, of which no value is named.
    pub errors: Split,
    /// Split by the services that were called.
    pub services: Split,
}

impl Client {
    /// Answers about the subject are about these events from now on.
    pub fn set_subject(&self, filter: Filter) {
        let inner = &self.0;
        inner.subject.set(inner.subject.get().wrapping_add(1));
        inner.shards.borrow_mut().iter_mut().for_each(|shard| shard.subject = Checking::default());
        let message = ToShard::Subject(inner.subject.get(), filter);
        (0..self.shards()).for_each(|shard| inner.post(shard, &message));
    }

    /// What the subject's events are made of, beside all events. No answer if another one is looked at meanwhile.
    pub async fn subject_portrait(&self, fields: &[&'static str], limit: usize) -> Asked<Portrait> {
        let number = self.0.subject.get();
        let portrait = self.portrait_of(Kind::Subject, Among::Subject, fields, limit).await?;
        (number == self.0.subject.get()).then_some(portrait)
    }

    /// When the subject's events happened, in at most so many stretches, with so many services named.
    pub async fn subject_course(&self, buckets: Buckets, services: usize) -> Asked<Course> {
        let (kind, number) = (Kind::Subject, self.0.subject.get());
        let errors = self.split(kind, buckets, "errorCode", 0, Among::Subject).await?;
        let services = self.split(kind, buckets, "eventSource", services, Among::Subject).await?;
        (number == self.0.subject.get()).then_some(Course { buckets, errors, services })
    }

    /// How many events of each of these lists of ids are the subject's.
    pub async fn subject_among(&self, lists: Vec<Bytes>) -> Asked<Vec<u64>> {
        let (mut sums, number) = (vec![0; lists.len()], self.0.subject.get());
        for answer in self.ask_all(Kind::Subject, Question::CountIds { lists, among: Among::Subject }).await? {
            if let Answer::IdCounts(counts) = answer {
                sums.iter_mut().zip(counts).for_each(|(sum, n)| *sum += n);
            }
        }
        (number == self.0.subject.get()).then_some(sums)
    }
}
