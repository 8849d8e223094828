//! Loads files as an edge does, over several sessions, and writes every answer down.

use std::fmt::Write as _;

use analyzer_core::detect::{self, Selection, pack};
use analyzer_core::event::{EventRow, Location};
use analyzer_core::export::finding_json;
use analyzer_core::field::{FIELDS, Field};
use analyzer_core::ingest::{Extractor, Restart};
use analyzer_core::predicate::parse;
use analyzer_core::problem::{SourceAccount, Totals};
use analyzer_core::session::{Among, Session};
use analyzer_core::view::detail::detail;
use analyzer_core::view::overview::Overview;
use analyzer_core::view::page;
use analyzer_core::view::summary::Summary;
use analyzer_core::view::timeline::{Buckets, Timeline};
use analyzer_core::view::top::{Merged, TopAsking};

use crate::{File, Input};

/// What is asked for each query; the last ones cannot be read in full.
const QUERIES: [&str; 9] = [
    "",
    "eventName:ConsoleLogin",
    "userIdentity.type:Root OR errorCode:*",
    "eventSource:s3* AND NOT readOnly:true",
    "sourceIPAddress:198.51.100.0/24",
    "eventTime>=2024-05-08T00:00 AND eventTime<2024-05-09T12:00:00Z",
    "principal:*novak* AND userAgent:*Mozilla*",
    "eventName:Nothing",
    "eventName: AND (eventSource:\"iam",
];

/// Values of a facet that are written down.
const VALUES: usize = 40;

/// `write!` into a String, which cannot fail.
macro_rules! line {
    ($out:expr, $($part:tt)*) => {{ let _ = writeln!($out, $($part)*); }};
}

/// Every answer about the files, as text.
pub fn dump(input: &Input) -> String {
    let mut shards = load(input);
    let mut out = String::new();
    write_accounts(&mut out, &shards);
    for query in QUERIES {
        let parsed = parse(query, None);
        line!(out, "\n# query {query:?}: {:?}\n# problems: {:?}", parsed.predicate, parsed.problems);
        shards.iter_mut().for_each(|shard| shard.set_query(parsed.predicate.clone()));
        write_answers(&mut out, &mut shards, &input.files);
    }
    write_findings(&mut out, &shards, &input.files);
    out
}

fn load(input: &Input) -> Vec<Session> {
    let count = input.shards.max(1);
    let rules = pack::rule_set();
    let detectors = || rules.detectors().to_vec();
    let mut shards: Vec<Session> =
        (0..count).map(|shard| Session::new(detectors(), input.seed.wrapping_add(shard as u64))).collect();
    for (ordinal, file) in input.files.iter().enumerate() {
        let session = &mut shards[ordinal % count];
        let mut intake = session.open(ordinal as u32, file.name.clone());
        for piece in file.bytes.chunks(input.piece.max(1)) {
            session.push(&mut intake, piece);
        }
        session.close(intake, None);
    }
    let ids: Vec<_> = shards.iter().map(Session::claims).collect();
    for (mine, session) in shards.iter_mut().enumerate() {
        for (_, others) in ids.iter().enumerate().filter(|(other, _)| *other != mine) {
            session.drop_duplicates(others);
        }
    }
    shards
}

fn write_accounts(out: &mut String, shards: &[Session]) {
    let mut accounts: Vec<&SourceAccount> = shards.iter().flat_map(|shard| shard.accounts()).collect();
    accounts.sort_by_key(|account| (account.ordinal, account.member));
    for account in &accounts {
        line!(out, "{account:?}");
        for fault in &account.faults {
            line!(out, "  {fault}");
        }
        for rejection in &account.rejections {
            line!(out, "  {rejection}");
        }
    }
    line!(out, "{:?}", Totals::of(accounts));
}

fn write_answers(out: &mut String, shards: &mut [Session], files: &[File]) {
    let mut overview = Overview::default();
    shards.iter_mut().for_each(|shard| overview.merge(&shard.overview()));
    line!(out, "{overview:?}");
    if let Some(span) = overview.span_ms {
        let buckets = Buckets::over(span, 60);
        line!(out, "{:?}", timeline(shards, buckets));
    }
    for field in FIELDS {
        let Merged { values, missing, .. } = values(shards, field);
        line!(
            out,
            "{}: {} values, {missing} missing, {:?}",
            field.name,
            values.len(),
            &values[..values.len().min(VALUES)]
        );
    }
    let mut summary = Summary::default();
    shards.iter_mut().for_each(|shard| summary.merge(shard.summary()));
    for (who, deeds) in &summary.principals {
        line!(out, "{who:?} {deeds:?}");
    }
    for offset in [0, 3, overview.matching / 2, overview.matching.saturating_sub(9), overview.matching] {
        for (number, row) in rows(shards, offset, 25).iter().enumerate() {
            line!(out, "{} {row:?}", offset + number as u64);
            if number == 0 {
                write_detail(out, shards, files, &row.event_id);
            }
        }
    }
}

fn timeline(shards: &mut [Session], buckets: Buckets) -> Timeline {
    let mut timeline = Timeline { buckets, counts: vec![0; buckets.count as usize] };
    shards.iter_mut().for_each(|shard| timeline.merge(&shard.timeline(buckets)));
    timeline
}

fn values(shards: &mut [Session], field: &Field) -> Merged {
    let tops: Vec<_> =
        shards.iter_mut().map(|shard| shard.tops(&Among::Matching, &[field], None, usize::MAX)).collect();
    // Every shard told all: there is nothing to count.
    let merged = TopAsking::new(usize::MAX, usize::MAX).merge(&tops, &[], &[]);
    merged.and_then(|mut merged| merged.pop()).unwrap_or_default()
}

fn rows(shards: &mut [Session], offset: u64, limit: usize) -> Vec<EventRow> {
    let samples: Vec<_> = shards.iter_mut().map(Session::samples).collect();
    let Some(question) = page::plan(&samples, offset, limit) else { return Vec::new() };
    let runs: Vec<_> = shards.iter_mut().map(|shard| shard.keys(question)).collect();
    let cut = page::cut(&runs, offset, limit);
    let rows = shards.iter_mut().zip(&cut.ranges).map(|(shard, range)| shard.rows(range.clone())).collect();
    page::assemble(&cut, rows)
}

fn write_detail(out: &mut String, shards: &[Session], files: &[File], event_id: &str) {
    let locate = |shard: &Session| shard.locate(event_id).map(|location| (location, shard.restart(location)));
    let Some((location, restart)) = shards.iter().find_map(locate) else {
        line!(out, "no place for {event_id}");
        return;
    };
    let raw = extract(location, restart, files);
    line!(out, "{location:?} {:?}", raw.as_deref().map(detail));
}

fn extract(location: Location, restart: Restart, files: &[File]) -> Option<String> {
    let mut extractor = Extractor::resume(location, restart);
    let bytes = files.get(location.source as usize)?.bytes.get(restart.at() as usize..)?;
    let _ = bytes.chunks(1_000).any(|piece| extractor.push(piece)) || extractor.finish();
    extractor.record()
}

fn write_findings(out: &mut String, shards: &[Session], files: &[File]) {
    let mut selection = Selection::default();
    shards.iter().for_each(|shard| selection.merge(shard.selection()));
    let mut findings = pack::rule_set().findings(selection.events);
    detect::sort(&mut findings);
    let name =
        |ordinal: u32, _member: u32| files.get(ordinal as usize).map_or_else(String::new, |file| file.name.clone());
    line!(out, "\n# {} findings", findings.len());
    for finding in &findings {
        line!(out, "{}", finding_json(finding, &name));
    }
}
