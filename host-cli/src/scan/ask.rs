//! Questions to all shards at once, and their answers as one.

use std::num::NonZeroU64;

use analyzer_core::event::EventRow;
use analyzer_core::field::Field;
use analyzer_core::predicate::Predicate;
use analyzer_core::session::Session;
use analyzer_core::view::overview::Overview;
use analyzer_core::view::page;
use analyzer_core::view::timeline::{Buckets, SplitTimeline, Timeline};
use analyzer_core::view::top::{self, Merged};

use super::shards::joined;

/// Rows that are fetched at a time.
const PAGE: usize = 10_000;

/// How the rows of an answer follow one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By time.
    OldestFirst,
    /// By time, backwards.
    NewestFirst,
}

fn ask<T: Send>(sessions: &mut [Session], question: impl Fn(&mut Session) -> T + Sync) -> Vec<T> {
    std::thread::scope(|scope| {
        let question = &question;
        let handles: Vec<_> = sessions.iter_mut().map(|session| scope.spawn(move || question(session))).collect();
        handles.into_iter().filter_map(|handle| joined(handle.join())).collect()
    })
}

/// Answers from now on are about the events that match.
pub fn set_query(sessions: &mut [Session], query: &Predicate) {
    sessions.iter_mut().for_each(|session| session.set_query(query.clone()));
}

/// Time of the newest event.
pub fn newest_ms(sessions: &[Session]) -> Option<i64> {
    sessions.iter().filter_map(Session::newest_ms).max()
}

/// How many match, and over which time.
pub fn overview(sessions: &mut [Session]) -> Overview {
    let mut whole = Overview::default();
    ask(sessions, Session::overview).iter().for_each(|part| whole.merge(part));
    whole
}

/// How many match in each bucket.
pub fn timeline(sessions: &mut [Session], buckets: Buckets) -> Timeline {
    let mut whole = Timeline { buckets, counts: vec![0; buckets.count as usize] };
    ask(sessions, |session| session.timeline(buckets)).iter().for_each(|part| whole.merge(part));
    whole
}

/// The same, split by these values of a field.
pub fn timeline_split(
    sessions: &mut [Session],
    buckets: Buckets,
    field: &Field,
    values: &[String],
) -> Option<SplitTimeline> {
    let parts = ask(sessions, |session| session.timeline_split(buckets, field, values));
    parts.into_iter().reduce(|mut whole, part| {
        whole.merge(&part);
        whole
    })
}

/// The most frequent values of a field; nothing for a field that columns do not have.
pub fn top(sessions: &mut [Session], field: &Field, limit: usize) -> Option<Merged> {
    let mut told = limit.max(1);
    loop {
        let tops: Vec<_> =
            ask(sessions, |session| session.top(field, None, told)).into_iter().collect::<Option<_>>()?;
        let asked = top::missing(&tops);
        let counted: Vec<_> =
            sessions.iter_mut().zip(&asked).map(|(session, values)| session.count_values(field, values)).collect();
        let merged = top::merge(&tops, &asked, &counted, limit);
        if merged.is_exact {
            return Some(merged);
        }
        told = told.saturating_mul(4);
    }
}

/// How many distinct values a field has.
pub fn distinct(sessions: &mut [Session], field: &Field) -> u64 {
    top::distinct(&ask(sessions, |session| session.marks(field)))
}

/// Hands out the matching rows, some thousand at a time, each with the number of its shard.
///
/// # Errors
/// Those of `take`.
pub fn each_page<E, T: FnMut(&mut [Session], Vec<EventRow>) -> Result<(), E>>(
    sessions: &mut [Session],
    order: Order,
    limit: Option<NonZeroU64>,
    mut take: T,
) -> Result<(), E> {
    let samples = ask(sessions, Session::samples);
    let all: u64 = samples.iter().map(|samples| samples.count).sum();
    let wanted = limit.map_or(all, |limit| all.min(limit.get()));
    let mut done = 0;
    while done < wanted {
        let count = usize::try_from(wanted - done).unwrap_or(PAGE).min(PAGE);
        let first = match order {
            Order::OldestFirst => done,
            Order::NewestFirst => all - done - count as u64,
        };
        let Some(question) = page::plan(&samples, first, count) else { break };
        let runs = ask(sessions, |session| session.keys(question));
        let cut = page::cut(&runs, first, count);
        let rows = sessions.iter_mut().zip(&cut.ranges).map(|(session, range)| session.rows(range.clone())).collect();
        let mut rows = page::assemble(&cut, rows);
        if order == Order::NewestFirst {
            rows.reverse();
        }
        take(sessions, rows)?;
        done += count as u64;
    }
    Ok(())
}
