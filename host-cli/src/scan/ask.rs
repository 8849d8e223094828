//! Questions to all shards at once, and their answers as one.

use std::num::NonZeroU64;
use std::ops::Range;

use analyzer_core::event::EventRow;
use analyzer_core::field::Field;
use analyzer_core::predicate::Predicate;
use analyzer_core::session::{Among, Session};
use analyzer_core::view::distinct;
use analyzer_core::view::overview::Overview;
use analyzer_core::view::page;
use analyzer_core::view::timeline::{Buckets, SplitTimeline, Timeline};
use analyzer_core::view::top::{Merged, TopAsking};

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

/// Asks each session a question of its own.
fn ask_each<Q: Send, T: Send>(
    sessions: &mut [Session],
    questions: Vec<Q>,
    answer: impl Fn(&mut Session, Q) -> T + Sync,
) -> Vec<T> {
    std::thread::scope(|scope| {
        let answer = &answer;
        let pairs = sessions.iter_mut().zip(questions);
        let handles: Vec<_> = pairs.map(|(session, question)| scope.spawn(move || answer(session, question))).collect();
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
    overview_of(sessions, &Among::Matching)
}

/// How many these are, and over which time.
pub fn overview_of(sessions: &mut [Session], among: &Among) -> Overview {
    let mut whole = Overview::default();
    ask(sessions, |session| session.overview_of(among)).iter().for_each(|part| whole.merge(part));
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

/// The most frequent values of these fields, which are counted ones.
pub fn tops(sessions: &mut [Session], among: &Among, fields: &[&'static Field], limit: usize) -> Vec<Merged> {
    let mut asking = TopAsking::new(limit, usize::MAX);
    loop {
        let tops = ask(sessions, |session| session.tops(among, fields, None, asking.told));
        let asked = TopAsking::missing(&tops);
        let questions = asked.iter().map(|values| pairs(fields, values)).collect();
        let counted = ask_each(sessions, questions, |session, asked| session.count_values(among, &asked));
        if let Some(merged) = asking.merge(&tops, &asked, &counted) {
            return merged;
        }
    }
}

/// How often these values of each field come.
pub fn count_values(
    sessions: &mut [Session],
    among: &Among,
    fields: &[&'static Field],
    values: &[Vec<String>],
) -> Vec<Vec<u64>> {
    let mut whole: Vec<Vec<u64>> = values.iter().map(|values| vec![0; values.len()]).collect();
    let asked = pairs(fields, values);
    for part in ask(sessions, |session| session.count_values(among, &asked)) {
        let counts = whole.iter_mut().flatten().zip(part.into_iter().flatten());
        counts.for_each(|(sum, n)| *sum += n);
    }
    whole
}

fn pairs<'a>(fields: &[&'a Field], values: &'a [Vec<String>]) -> Vec<(&'a Field, &'a [String])> {
    fields.iter().copied().zip(values.iter().map(Vec::as_slice)).collect()
}

/// How many distinct values a field has.
pub fn distinct(sessions: &mut [Session], field: &Field) -> u64 {
    distinct::distinct(&ask(sessions, |session| session.marks(&Among::Matching, field, usize::MAX))).count
}

/// Hands out the matching rows, some thousand at a time, each with the number of its shard.
///
/// # Errors
/// Those of `take`.
pub fn each_page<E, T: FnMut(&mut [Session], Vec<EventRow>) -> Result<(), E>>(
    sessions: &mut [Session],
    order: Order,
    limit: Option<NonZeroU64>,
    take: T,
) -> Result<(), E> {
    each_page_of(sessions, order, limit, Session::rows, take)
}

/// The same for rows of another kind: `rows` answers for a range of a session's matching rows, counted in time order.
///
/// # Errors
/// Those of `take`.
pub fn each_page_of<R, E, T: FnMut(&mut [Session], Vec<R>) -> Result<(), E>>(
    sessions: &mut [Session],
    order: Order,
    limit: Option<NonZeroU64>,
    rows: impl Fn(&mut Session, Range<u64>) -> Vec<R>,
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
        let parts = sessions.iter_mut().zip(&cut.ranges).map(|(session, range)| rows(session, range.clone())).collect();
        let mut page = page::assemble(&cut, parts);
        if order == Order::NewestFirst {
            page.reverse();
        }
        take(sessions, page)?;
        done += count as u64;
    }
    Ok(())
}
