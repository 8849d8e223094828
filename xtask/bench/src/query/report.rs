//! What was measured. `xtask/README.md` says what each figure means.

use super::ask::{Dashboard, Pages};
use super::tab::Tab;
use super::text::Text;
use crate::report::{Beside, machine, three_digits};
use serde_json::{Map, json};
use std::fmt::Write as _;
use std::time::Duration;

/// What was measured with so many events.
pub struct Size {
    pub events: u64,
    /// Bytes of memory of all shards, before anything was listed.
    pub bytes: usize,
    /// The same with all events listed in time order and in that of their names.
    pub bytes_after_pages: usize,
    pub dashboard: Dashboard,
    pub pages: Pages,
}

/// One run.
pub struct Report {
    pub seed: u64,
    pub rounds: u32,
    pub bandwidth_gb_s: f64,
    /// In the order of their events.
    pub sizes: Vec<Size>,
    pub text: Text,
    /// What a browser took, if one was asked.
    pub tab: Option<Beside<Tab>>,
}

/// The figures that somebody may rely on, with what they say.
const FIGURES: [(&str, &str); 7] = [
    ("filter_ms_native", "milliseconds to filter by two columns and a time, count, draw the timeline and ten facets"),
    ("filter_ms_tab", "the same by the app's workers in the browser"),
    ("page_ms", "milliseconds to show any page of all events, in time order or in that of a column, the slowest"),
    ("fulltext_ratio", "inflating / inflating and looking for what only records hold, processor time"),
    ("bytes_per_event", "memory of the shards per event"),
    ("linearity", "time of filter_ms_native at all events / ten times that at a tenth of them"),
    ("bandwidth_gb_s", "gigabytes that all threads read from memory in a second"),
];

fn ms(took: Duration) -> f64 {
    took.as_secs_f64() * 1e3
}

fn figure(report: &Report, name: &str) -> Option<f64> {
    let (first, last) = (report.sizes.first()?, report.sizes.last()?);
    let Text { inflate, search, .. } = &report.text;
    match name {
        "filter_ms_native" => Some(ms(last.dashboard.all)),
        "filter_ms_tab" => report.tab.as_ref().map(|tab| tab.measured.filter_ms),
        "page_ms" => Some(ms(last.pages.by_time.max(last.pages.by_name))),
        "fulltext_ratio" => Some(inflate.cpu.as_secs_f64() / search.cpu.as_secs_f64()),
        "bytes_per_event" => Some(last.bytes as f64 / last.events as f64),
        "linearity" => {
            let growth = last.events as f64 / first.events as f64;
            Some(ms(last.dashboard.all) / (growth * ms(first.dashboard.all)))
        }
        "bandwidth_gb_s" => Some(report.bandwidth_gb_s),
        _ => None,
    }
}

/// What is measured at each size, in milliseconds.
fn steps(size: &Size) -> [(&'static str, f64); 7] {
    let Size { dashboard, pages, .. } = size;
    [
        ("count", ms(dashboard.count)),
        ("filter", ms(dashboard.all)),
        ("everything", ms(dashboard.everything)),
        ("first_page", ms(pages.first)),
        ("page", ms(pages.by_time)),
        ("first_page_by_name", ms(pages.first_by_name)),
        ("page_by_name", ms(pages.by_name)),
    ]
}

/// One flat object.
pub fn as_json(report: &Report) -> String {
    let mut all = Map::new();
    all.insert("benchmark".to_owned(), json!("query"));
    for (name, _) in FIGURES {
        all.insert(name.to_owned(), json!(figure(report, name).map(three_digits)));
    }
    let tab = report.tab.as_ref();
    all.insert("tab_events".to_owned(), json!(tab.map(|tab| tab.events)));
    all.insert("tab_load_s".to_owned(), json!(tab.map(|tab| three_digits(tab.measured.load_s))));
    all.insert("tab_everything_ms".to_owned(), json!(tab.map(|tab| three_digits(tab.measured.everything_ms))));
    all.insert("machine".to_owned(), json!(machine()));
    all.insert("events".to_owned(), json!(report.sizes.last().map(|size| size.events)));
    all.insert("seed".to_owned(), json!(report.seed));
    all.insert("rounds".to_owned(), json!(report.rounds));
    for size in &report.sizes {
        for (name, value) in steps(size) {
            all.insert(format!("{name}_ms_at_{}", size.events), json!(three_digits(value)));
        }
        all.insert(format!("matching_at_{}", size.events), json!(size.dashboard.matching));
        all.insert(format!("bytes_at_{}", size.events), json!(size.bytes));
        all.insert(format!("bytes_listed_at_{}", size.events), json!(size.bytes_after_pages));
    }
    serde_json::Value::Object(all).to_string()
}

/// A table for people.
pub fn as_table(report: &Report) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{}; {:.1} GB/s from memory", machine(), report.bandwidth_gb_s);
    let _ = writeln!(out, "two threads with a shard each; milliseconds, the middle of {} rounds\n", report.rounds);
    line(&mut out, report, "events", &|size| size.events.to_string());
    let names = report.sizes.first().map(steps).into_iter().flatten().map(|(name, _)| name);
    for (at, name) in names.enumerate() {
        line(&mut out, report, name, &|size| format!("{:.2}", steps(size)[at].1));
    }
    let each = |bytes: usize, size: &Size| format!("{:.1}", bytes as f64 / size.events as f64);
    line(&mut out, report, "matching", &|size| size.dashboard.matching.to_string());
    line(&mut out, report, "bytes an event", &|size| each(size.bytes, size));
    line(&mut out, report, "with both lists", &|size| each(size.bytes_after_pages, size));
    let Text { events, matching, inflate, search } = &report.text;
    let each = |seconds: f64| seconds * 1e9 / *events as f64;
    let _ = writeln!(
        out,
        "\nfree text in {events} events ({matching} match): {:.0} ns an event, inflating alone {:.0} ns\n",
        each(search.cpu.as_secs_f64()),
        each(inflate.cpu.as_secs_f64())
    );
    if let Some(Beside { events, measured: Tab { load_s, filter_ms, everything_ms, matching } }) = &report.tab {
        let _ = writeln!(
            out,
            "in the browser, {events} events in two workers: read in {load_s:.1} s; \
             filter {filter_ms:.1} ms ({matching} match), everything {everything_ms:.1} ms\n"
        );
    }
    for (name, meaning) in FIGURES {
        let value = figure(report, name).map_or("-".to_owned(), |value| format!("{value:.2}"));
        let _ = writeln!(out, "{name:<22} {value:>9}  {meaning}");
    }
    out.trim_end().to_owned()
}

/// One value of each size.
fn line(out: &mut String, report: &Report, name: &str, value: &dyn Fn(&Size) -> String) {
    let values: String = report.sizes.iter().map(|size| format!(" {:>11}", value(size))).collect();
    let _ = writeln!(out, "{name:<20}{values}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Took;

    /// Names that others read; they are never renamed.
    const NAMES: [&str; 9] = [
        "filter_ms_native",
        "filter_ms_tab",
        "page_ms",
        "fulltext_ratio",
        "bytes_per_event",
        "linearity",
        "bandwidth_gb_s",
        "events",
        "machine",
    ];

    fn report(tab: Option<Beside<Tab>>) -> Report {
        let size = |events: u64| {
            let took = |ms: u64| Duration::from_millis(ms * events);
            Size {
                events,
                bytes: 60 * events as usize,
                bytes_after_pages: 68 * events as usize,
                dashboard: Dashboard { count: took(1), all: took(2), matching: events / 2, everything: took(3) },
                pages: Pages { first: took(4), by_time: took(5), first_by_name: took(6), by_name: took(7) },
            }
        };
        let took = |ms| Took { wall: Duration::from_millis(ms), cpu: Duration::from_millis(ms) };
        let text = Text { events: 10, matching: 1, inflate: took(90), search: took(100) };
        Report { seed: 1, rounds: 3, bandwidth_gb_s: 20.0, sizes: vec![size(1), size(10)], text, tab }
    }

    #[test]
    fn every_figure_is_in_the_json_of_every_run() {
        let tab = Tab { load_s: 1.0, filter_ms: 33.0, everything_ms: 44.0, matching: 5 };
        for (tab, expected) in [(None, json!(null)), (Some(Beside { events: 10, measured: tab }), json!(33.0))] {
            let all: serde_json::Value = serde_json::from_str(&as_json(&report(tab))).unwrap();
            assert!(NAMES.iter().all(|name| all.get(name).is_some()), "{all}");
            assert_eq!(all["filter_ms_tab"], expected);
            assert_eq!((&all["filter_ms_native"], &all["page_ms"]), (&json!(20.0), &json!(70.0)));
            assert_eq!((&all["linearity"], &all["fulltext_ratio"]), (&json!(1.0), &json!(0.9)));
            assert_eq!((&all["bytes_per_event"], &all["events"]), (&json!(60.0), &json!(10)));
            assert!(all.as_object().unwrap().values().all(|value| !value.is_object() && !value.is_array()), "{all}");
        }
    }
}
