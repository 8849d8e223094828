//! What was measured. `xtask/README.md` says what each figure means.

use super::ask::{Dashboard, Pages};
use super::tab::{Tab, TabSize};
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

/// What was measured natively.
pub struct Native {
    /// In the order of their events.
    pub sizes: Vec<Size>,
    pub text: Text,
}

/// One run.
pub struct Report {
    pub seed: u64,
    pub rounds: u32,
    pub bandwidth_gb_s: f64,
    /// What this program measured itself, if it did.
    pub native: Option<Native>,
    /// What a browser took, if one was asked.
    pub tab: Option<Beside<Tab>>,
}

/// The figures that somebody may rely on, with what they say.
const FIGURES: [(&str, &str); 8] = [
    ("filter_ms_native", "milliseconds to filter by two columns and a time, count, draw the timeline and ten facets"),
    ("filter_ms_tab", "the same by the app's workers in the browser"),
    ("page_ms", "milliseconds to show any page of all events, in time order or in that of a column, the slowest"),
    ("fulltext_ratio", "inflating / inflating and looking for what only records hold, processor time"),
    ("bytes_per_event", "memory of the shards per event"),
    ("linearity", "time of filter_ms_native at all events / ten times that at a tenth of them"),
    ("linearity_tab", "the same of filter_ms_tab"),
    ("bandwidth_gb_s", "gigabytes that all threads read from memory in a second"),
];

fn ms(took: Duration) -> f64 {
    took.as_secs_f64() * 1e3
}

fn figure(report: &Report, name: &str) -> Option<f64> {
    match (name, &report.native, &report.tab) {
        ("bandwidth_gb_s", ..) => Some(report.bandwidth_gb_s),
        ("filter_ms_tab" | "linearity_tab", _, Some(tab)) => figure_of_tab(&tab.measured, name),
        (_, Some(native), _) => native_figure(native, name),
        _ => None,
    }
}

fn native_figure(Native { sizes, text }: &Native, name: &str) -> Option<f64> {
    let (first, last) = (sizes.first()?, sizes.last()?);
    match name {
        "filter_ms_native" => Some(ms(last.dashboard.all)),
        "page_ms" => Some(ms(last.pages.by_time.max(last.pages.by_name))),
        "fulltext_ratio" => Some(text.inflate.cpu.as_secs_f64() / text.search.cpu.as_secs_f64()),
        "bytes_per_event" => Some(last.bytes as f64 / last.events as f64),
        "linearity" => {
            let growth = last.events as f64 / first.events as f64;
            Some(ms(last.dashboard.all) / (growth * ms(first.dashboard.all)))
        }
        _ => None,
    }
}

/// A tab that ran out of memory has not told what all events take.
fn figure_of_tab(Tab { sizes, ran_out }: &Tab, name: &str) -> Option<f64> {
    let (first, last) = (&sizes.first()?.answers, &sizes.last()?.answers);
    match name {
        "filter_ms_tab" if !ran_out => Some(last.filter_ms),
        "linearity_tab" if !ran_out => Some(last.filter_ms * first.held as f64 / (last.held as f64 * first.filter_ms)),
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
    all.insert("machine".to_owned(), json!(machine()));
    all.insert("seed".to_owned(), json!(report.seed));
    all.insert("rounds".to_owned(), json!(report.rounds));
    let sizes = report.native.as_ref().map_or(&[][..], |native| &native.sizes);
    all.insert("events".to_owned(), json!(sizes.last().map(|size| size.events)));
    for size in sizes {
        for (name, value) in steps(size) {
            all.insert(format!("{name}_ms_at_{}", size.events), json!(three_digits(value)));
        }
        all.insert(format!("matching_at_{}", size.events), json!(size.dashboard.matching));
        all.insert(format!("bytes_at_{}", size.events), json!(size.bytes));
        all.insert(format!("bytes_listed_at_{}", size.events), json!(size.bytes_after_pages));
    }
    let last = report.tab.as_ref().and_then(|tab| tab.measured.sizes.last());
    let ran_out = report.tab.as_ref().is_some_and(|tab| tab.measured.ran_out);
    all.insert("tab_events".to_owned(), json!(report.tab.as_ref().map(|tab| tab.events)));
    all.insert("tab_load_s".to_owned(), json!(last.map(|size| three_digits(size.load_s))));
    all.insert("tab_everything_ms".to_owned(), json!(last.map(|size| three_digits(size.answers.everything_ms))));
    all.insert("tab_ran_out_at".to_owned(), json!(last.filter(|_| ran_out).map(|size| size.answers.held)));
    for size in report.tab.iter().flat_map(|tab| &tab.measured.sizes) {
        for (name, value) in tab_steps(size) {
            all.insert(format!("{name}_tab_{}", short(size.events)), json!(three_digits(value)));
        }
        all.insert(format!("held_tab_{}", short(size.events)), json!(size.answers.held));
        all.insert(format!("matching_tab_{}", short(size.events)), json!(size.answers.matching));
    }
    serde_json::Value::Object(all).to_string()
}

/// What is measured at each size of the tab.
fn tab_steps(TabSize { load_s, answers, .. }: &TabSize) -> [(&'static str, f64); 4] {
    [
        ("filter_ms", answers.filter_ms),
        ("everything_ms", answers.everything_ms),
        ("load_s", *load_s),
        ("bytes_per_event", answers.bytes as f64 / answers.held as f64),
    ]
}

/// A number of events in a name: `5m`.
fn short(events: u64) -> String {
    match events {
        n if n.is_multiple_of(1_000_000) => format!("{}m", n / 1_000_000),
        n if n.is_multiple_of(1_000) => format!("{}k", n / 1_000),
        n => n.to_string(),
    }
}

/// A table for people.
pub fn as_table(report: &Report) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{}; {:.1} GB/s from memory", machine(), report.bandwidth_gb_s);
    let _ = writeln!(
        out,
        "two shards, each on a thread of its own; milliseconds, the middle of {} rounds\n",
        report.rounds
    );
    if let Some(native) = &report.native {
        table_of_native(&mut out, native);
    }
    if let Some(tab) = &report.tab {
        table_of_tab(&mut out, tab);
    }
    for (name, meaning) in FIGURES {
        let value = figure(report, name).map_or("-".to_owned(), |value| format!("{value:.2}"));
        let _ = writeln!(out, "{name:<22} {value:>9}  {meaning}");
    }
    out.trim_end().to_owned()
}

fn table_of_native(out: &mut String, Native { sizes, text }: &Native) {
    line(out, sizes, "events", &|size| size.events.to_string());
    let names = sizes.first().map(steps).into_iter().flatten().map(|(name, _)| name);
    for (at, name) in names.enumerate() {
        line(out, sizes, name, &|size| format!("{:.2}", steps(size)[at].1));
    }
    let each = |bytes: usize, size: &Size| format!("{:.1}", bytes as f64 / size.events as f64);
    line(out, sizes, "matching", &|size| size.dashboard.matching.to_string());
    line(out, sizes, "bytes an event", &|size| each(size.bytes, size));
    line(out, sizes, "with both lists", &|size| each(size.bytes_after_pages, size));
    let Text { events, matching, inflate, search } = text;
    let each = |seconds: f64| seconds * 1e9 / *events as f64;
    let _ = writeln!(
        out,
        "\nfree text in {events} events ({matching} match): {:.0} ns an event, inflating alone {:.0} ns\n",
        each(search.cpu.as_secs_f64()),
        each(inflate.cpu.as_secs_f64())
    );
}

fn table_of_tab(out: &mut String, Beside { events, measured: Tab { sizes, ran_out } }: &Beside<Tab>) {
    let _ = writeln!(out, "in one tab of the browser, two of the app's workers");
    line(out, sizes, "events held", &|size| size.answers.held.to_string());
    for (at, name) in ["filter", "everything", "seconds to read", "bytes an event"].into_iter().enumerate() {
        line(out, sizes, name, &|size| format!("{:.1}", tab_steps(size)[at].1));
    }
    line(out, sizes, "matching", &|size| size.answers.matching.to_string());
    if *ran_out {
        let _ = writeln!(
            out,
            "A worker had no memory to read on: the last column is what the tab holds of {events} events."
        );
    }
    out.push('\n');
}

/// One value of each size.
fn line<T>(out: &mut String, sizes: &[T], name: &str, value: &dyn Fn(&T) -> String) {
    let values: String = sizes.iter().map(|size| format!(" {:>11}", value(size))).collect();
    let _ = writeln!(out, "{name:<20}{values}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Took;
    use crate::query::tab::Answers;

    /// Names that others read; they are never renamed.
    const NAMES: [&str; 10] = [
        "filter_ms_native",
        "filter_ms_tab",
        "page_ms",
        "fulltext_ratio",
        "bytes_per_event",
        "linearity",
        "linearity_tab",
        "bandwidth_gb_s",
        "events",
        "machine",
    ];

    fn native() -> Native {
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
        Native { sizes: vec![size(1), size(10)], text }
    }

    fn tab() -> Tab {
        let size = |millions: u64, ms: f64| {
            let held = millions * 999_000;
            let answers =
                Answers { held, bytes: held * 50, filter_ms: ms, everything_ms: 2.0 * ms, matching: held / 10 };
            TabSize { events: millions * 1_000_000, load_s: ms, answers }
        };
        Tab { sizes: vec![size(5, 20.0), size(50, 300.0)], ran_out: false }
    }

    fn json_of(native: Option<Native>, tab: Option<Tab>) -> serde_json::Value {
        let tab = tab.map(|measured| Beside { events: 50_000_000, measured });
        let report = Report { seed: 1, rounds: 3, bandwidth_gb_s: 20.0, native, tab };
        let table = as_table(&report);
        assert!(FIGURES.iter().all(|(name, _)| table.contains(name)), "{table}");
        let all: serde_json::Value = serde_json::from_str(&as_json(&report)).unwrap();
        assert!(NAMES.iter().all(|name| all.get(name).is_some()), "{all}");
        assert!(all.as_object().unwrap().values().all(|value| !value.is_object() && !value.is_array()), "{all}");
        all
    }

    #[test]
    fn every_figure_is_in_the_json_of_every_run() {
        for (tab, expected) in [(None, json!(null)), (Some(tab()), json!(300.0))] {
            let all = json_of(Some(native()), tab);
            assert_eq!(all["filter_ms_tab"], expected);
            assert_eq!((&all["filter_ms_native"], &all["page_ms"]), (&json!(20.0), &json!(70.0)));
            assert_eq!((&all["linearity"], &all["fulltext_ratio"]), (&json!(1.0), &json!(0.9)));
            assert_eq!((&all["bytes_per_event"], &all["events"]), (&json!(60.0), &json!(10)));
        }
    }

    #[test]
    fn a_tab_tells_what_it_took_at_each_size() {
        let all = json_of(None, Some(tab()));
        assert_eq!((&all["filter_ms_native"], &all["linearity_tab"]), (&json!(null), &json!(1.5)));
        assert_eq!((&all["filter_ms_tab_5m"], &all["filter_ms_tab_50m"]), (&json!(20.0), &json!(300.0)));
        assert_eq!((&all["bytes_per_event_tab_50m"], &all["tab_ran_out_at"]), (&json!(50.0), &json!(null)));
    }

    #[test]
    fn a_tab_that_ran_out_of_memory_says_so() {
        let all = json_of(None, Some(Tab { ran_out: true, ..tab() }));
        assert_eq!((&all["filter_ms_tab"], &all["tab_ran_out_at"]), (&json!(null), &json!(49_950_000)));
    }
}
