//! The questions of a screen, asked of all shards at once and merged, as the edges do it.

use super::middle;
use analyzer_core::export::cells::USUAL_FIELDS;
use analyzer_core::field::{self, Field};
use analyzer_core::predicate::{Predicate, parse};
use analyzer_core::session::{Among, Session};
use analyzer_core::view::overview::Overview;
use analyzer_core::view::page::{self, Samples};
use analyzer_core::view::row::TableRow;
use analyzer_core::view::timeline::{Buckets, Timeline};
use analyzer_core::view::top::{Merged, TopAsking};
use std::thread;
use std::time::{Duration, Instant};

/// Two columns and half of the week.
pub const QUERY: &str =
    "eventSource:s3.amazonaws.com AND awsRegion:us-east-1 AND eventTime>=2024-05-07 AND eventTime<2024-05-11";

/// The fields whose first values are shown beside the table.
pub const FACETS: [&str; 10] = [
    "eventName",
    "eventSource",
    "awsRegion",
    "sourceIPAddress",
    "userAgent",
    "errorCode",
    "principal",
    "userIdentity.type",
    "recipientAccountId",
    "readOnly",
];

/// Values of each that are shown.
pub const SHOWN: usize = 20;
/// Bars of the timeline.
pub const BARS: u32 = 200;

/// Rows of a page.
const ROWS: usize = 50;

/// What it takes to show everything anew.
pub struct Dashboard {
    /// Until the number of matching events is known.
    pub count: Duration,
    /// Until timeline and facets are there, too.
    pub all: Duration,
    /// Events that match.
    pub matching: u64,
    /// The same for no query at all.
    pub everything: Duration,
}

/// What it takes to show a page.
pub struct Pages {
    /// The first one after another query.
    pub first: Duration,
    /// Any other in time order, the slowest of them.
    pub by_time: Duration,
    /// The first one in the order of event names.
    pub first_by_name: Duration,
    /// Any other in that order, the slowest of them.
    pub by_name: Duration,
}

/// Asks all shards at once.
fn ask<T: Send>(shards: &mut [Session], question: impl Fn(&mut Session) -> T + Sync) -> Vec<T> {
    thread::scope(|scope| {
        let question = &question;
        let handles: Vec<_> = shards.iter_mut().map(|shard| scope.spawn(move || question(shard))).collect();
        handles.into_iter().filter_map(|handle| handle.join().ok()).collect()
    })
}

/// Asks each shard a question of its own.
fn ask_each<Q: Sync, T: Send>(
    shards: &mut [Session],
    questions: &[Q],
    ask: impl Fn(&mut Session, &Q) -> T + Sync,
) -> Vec<T> {
    thread::scope(|scope| {
        let ask = &ask;
        let pairs = shards.iter_mut().zip(questions);
        let handles: Vec<_> = pairs.map(|(shard, question)| scope.spawn(move || ask(shard, question))).collect();
        handles.into_iter().filter_map(|handle| handle.join().ok()).collect()
    })
}

fn set(shards: &mut [Session], query: &Predicate) {
    shards.iter_mut().for_each(|shard| shard.set_query(query.clone()));
}

fn overview(shards: &mut [Session]) -> Overview {
    let mut whole = Overview::default();
    ask(shards, Session::overview).iter().for_each(|part| whole.merge(part));
    whole
}

fn facets(shards: &mut [Session], fields: &[&'static Field]) -> Vec<Merged> {
    let mut asking = TopAsking::new(SHOWN, usize::MAX);
    loop {
        let tops = ask(shards, |shard| shard.tops(&Among::Matching, fields, None, asking.told));
        let asked = TopAsking::missing(&tops);
        let counted = ask_each(shards, &asked, |shard, asked| {
            let asked: Vec<(&Field, &[String])> = fields.iter().copied().zip(asked.iter().map(Vec::as_slice)).collect();
            shard.count_values(&Among::Matching, &asked)
        });
        if let Some(merged) = asking.merge(&tops, &asked, &counted) {
            return merged;
        }
    }
}

/// Filter, count, timeline and ten facets; the middle of so many rounds.
pub fn dashboard(shards: &mut [Session], rounds: u32) -> Result<Dashboard, String> {
    let fields: Vec<&Field> = FACETS.iter().filter_map(|name| field::find(name)).collect();
    let queries = [QUERY, ""].map(|query| parse(query, None).predicate);
    let [query, everything] = &queries;
    let (mut counts, mut alls, mut everythings, mut matching) = (Vec::new(), Vec::new(), Vec::new(), 0);
    set(shards, everything);
    let span = overview(shards).span_ms.ok_or("no event has a time")?;
    for _ in 0..rounds {
        for (query, took) in [(query, &mut alls), (everything, &mut everythings)] {
            // Another one before, so that nothing is known of this one.
            set(shards, &parse("eventName:nothing", None).predicate);
            let start = Instant::now();
            set(shards, query);
            let found = overview(shards);
            let counted = start.elapsed();
            let buckets = Buckets::over(span, BARS);
            let bars = ask(shards, |shard| shard.timeline(buckets));
            let timeline = bars.into_iter().reduce(|mut whole: Timeline, part| {
                whole.merge(&part);
                whole
            });
            let facets = facets(shards, &fields);
            took.push(start.elapsed());
            let bars: u64 = timeline.map_or(0, |timeline| timeline.counts.iter().sum());
            let agree = facets.iter().all(|facet| facet.present + facet.missing == found.matching);
            if bars + found.untimed != found.matching || !agree || found.matching == 0 {
                return Err("the measurement is void: the answers do not agree".to_owned());
            }
            if found.matching < found.events {
                counts.push(counted);
                matching = found.matching;
            }
        }
    }
    Ok(Dashboard { count: middle(counts), all: middle(alls), matching, everything: middle(everythings) })
}

/// Pages all over the matching events.
pub fn pages(shards: &mut [Session], rounds: u32) -> Result<Pages, String> {
    let name = field::find("eventName").ok_or("no field eventName")?;
    let (mut first, mut by_time, mut first_by_name, mut by_name) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        set(shards, &parse("eventName:nothing", None).predicate);
        set(shards, &parse("", None).predicate);
        let all = overview(shards).matching;
        let start = Instant::now();
        let samples = ask(shards, Session::samples);
        full(page_by_time(shards, &samples, 0), all)?;
        first.push(start.elapsed());
        for part in 1..10 {
            let start = Instant::now();
            full(page_by_time(shards, &samples, all * part / 10), all)?;
            by_time.push(start.elapsed());
        }
        let start = Instant::now();
        let samples = ask(shards, |shard| shard.samples_by(name));
        full(page_by_name(shards, name, &samples, 0), all)?;
        first_by_name.push(start.elapsed());
        for part in 1..10 {
            let start = Instant::now();
            full(page_by_name(shards, name, &samples, all * part / 10), all)?;
            by_name.push(start.elapsed());
        }
    }
    let slowest = |all: Vec<Duration>| all.into_iter().max().unwrap_or_default();
    Ok(Pages {
        first: middle(first),
        by_time: slowest(by_time),
        first_by_name: middle(first_by_name),
        by_name: slowest(by_name),
    })
}

fn full(rows: Vec<TableRow>, all: u64) -> Result<(), String> {
    let expected = ROWS.min(usize::try_from(all / 10).unwrap_or(ROWS));
    if rows.len() < expected { Err("the measurement is void: a page is not full".to_owned()) } else { Ok(()) }
}

/// The columns of the page's table.
fn columns() -> Vec<&'static Field> {
    USUAL_FIELDS.iter().filter_map(|name| field::find(name)).collect()
}

fn page_by_time(shards: &mut [Session], samples: &[Samples], offset: u64) -> Vec<TableRow> {
    let Some(question) = page::plan(samples, offset, ROWS) else { return Vec::new() };
    let runs = ask(shards, |shard| shard.keys(question));
    let cut = page::cut(&runs, offset, ROWS);
    let fields = columns();
    let rows = ask_each(shards, &cut.ranges, |shard, range| shard.table_rows(None, range.clone(), &fields));
    page::assemble(&cut, rows)
}

fn page_by_name(
    shards: &mut [Session],
    field: &'static Field,
    samples: &[Samples<page::FieldKey>],
    offset: u64,
) -> Vec<TableRow> {
    let Some(question) = page::plan(samples, offset, ROWS) else { return Vec::new() };
    let runs = ask(shards, |shard| shard.keys_by(field, &question));
    let cut = page::cut(&runs, offset, ROWS);
    let fields = columns();
    let rows = ask_each(shards, &cut.ranges, |shard, range| shard.table_rows(Some(field), range.clone(), &fields));
    page::assemble(&cut, rows)
}
