//! A timeline on stdout.

use std::io::{self, Write};

use analyzer_core::event::format_time;
use analyzer_core::view::overview::Overview;
use analyzer_core::view::timeline::{Buckets, SplitTimeline};
use serde_json::{Map, Value, json};

use super::escape::{escape, escape_json};
use super::{counted, grouped};
use crate::args::Format;

/// Characters of the longest bar.
const WIDTH: u64 = 50;

/// What is drawn.
pub struct Bars {
    /// Of the events that are counted.
    pub overview: Overview,
    /// The stretches of time.
    pub buckets: Buckets,
    /// One count each.
    pub counts: Vec<u64>,
    /// Values of a field with their counts.
    pub split: Option<(Vec<String>, SplitTimeline)>,
}

/// Prints one line for each stretch of time, empty ones included.
///
/// # Errors
/// When nothing can be written.
pub fn print(out: &mut impl Write, bars: &Bars, format: Format) -> io::Result<()> {
    match format {
        Format::Human => people(out, bars),
        Format::Jsonl => {
            (0..bars.counts.len()).try_for_each(|at| writeln!(out, "{}", escape_json(&bar(bars, at).to_string())))
        }
        Format::Json => {
            let all: Vec<Value> = (0..bars.counts.len()).map(|at| bar(bars, at)).collect();
            let document = json!({
                "matching": bars.overview.matching,
                "untimed": bars.overview.untimed,
                "bucketSeconds": bars.buckets.bucket_ms as f64 / 1e3,
                "buckets": all,
            });
            writeln!(out, "{}", escape_json(&format!("{document:#}")))
        }
    }
}

fn start_of(buckets: Buckets, at: usize) -> String {
    format_time(buckets.start_ms.saturating_add(buckets.bucket_ms.saturating_mul(at as i64)))
}

fn bar(bars: &Bars, at: usize) -> Value {
    let mut bar = Map::new();
    bar.insert("start".to_owned(), json!(start_of(bars.buckets, at)));
    bar.insert("count".to_owned(), json!(bars.counts.get(at)));
    if let Some((values, split)) = &bars.split {
        let of: Map<String, Value> =
            values.iter().zip(&split.of_values).map(|(value, counts)| (value.clone(), json!(counts.get(at)))).collect();
        bar.insert("values".to_owned(), Value::Object(of));
        bar.insert("others".to_owned(), json!(split.others.get(at)));
        bar.insert("missing".to_owned(), json!(split.missing.get(at)));
    }
    Value::Object(bar)
}

fn people(out: &mut impl Write, bars: &Bars) -> io::Result<()> {
    let tallest = bars.counts.iter().copied().max().unwrap_or(0).max(1);
    let width = grouped(tallest).len();
    for (at, &count) in bars.counts.iter().enumerate() {
        // Whatever happened at all is seen.
        let length = (count * WIDTH).div_ceil(tallest) as usize;
        let line = format!("{}  {:>width$}  {}", start_of(bars.buckets, at), grouped(count), "█".repeat(length));
        writeln!(out, "{}", line.trim_end())?;
    }
    if bars.overview.untimed > 0 {
        writeln!(out, "{} without a time", counted(bars.overview.untimed, "event", "events"))?;
    }
    let Some((values, split)) = &bars.split else { return Ok(()) };
    let sum = |counts: &[u64]| counts.iter().sum::<u64>();
    for (value, counts) in values.iter().zip(&split.of_values) {
        writeln!(out, "\n{}: {}", escape(value), grouped(sum(counts)))?;
        for (at, &count) in counts.iter().enumerate().filter(|&(_, &count)| count > 0) {
            let length = (count * WIDTH).div_ceil(tallest) as usize;
            writeln!(out, "{}  {:>width$}  {}", start_of(bars.buckets, at), grouped(count), "█".repeat(length))?;
        }
    }
    writeln!(out, "\nothers: {}, without: {}", grouped(sum(&split.others)), grouped(sum(&split.missing)))
}
