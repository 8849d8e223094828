//! What was measured, as ratios first: seconds mean little beside those of another machine. `xtask/README.md` says what
//! each figure means.

use crate::browser::Browser;
use crate::clock::Took;
use crate::duckdb::DuckDb;
use crate::memory::Memory;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// What this program measured itself.
pub struct Native {
    /// Inflating alone.
    pub inflate: Took,
    /// Reading, one thread.
    pub ingest: Took,
    /// Reading what is inflated.
    pub parse: Took,
    /// serde_json parsing what is inflated.
    pub serde: Took,
    /// Reading, two threads.
    pub two_threads: Took,
}

/// What another program measured.
pub struct Beside<T> {
    /// Records that it read, repeated deliveries included.
    pub events: u64,
    /// What it took.
    pub measured: T,
}

/// One run.
pub struct Report {
    /// Records, repeated deliveries included.
    pub events: u64,
    /// Events, each counted once.
    pub kept: u64,
    /// What the trail was generated from.
    pub seed: u64,
    /// How often everything was measured.
    pub rounds: u32,
    /// Files.
    pub files: usize,
    /// Their bytes.
    pub gz_bytes: u64,
    /// Their bytes, inflated.
    pub json_bytes: u64,
    /// What this program measured itself.
    pub native: Native,
    /// What a session took in memory.
    pub memory: Memory,
    /// What a browser took, if one was asked.
    pub browser: Option<Beside<Browser>>,
    /// What DuckDB took, if it is there.
    pub duckdb: Option<Beside<DuckDb>>,
}

/// The figures that somebody may rely on, with what they say. Each is in the JSON of every run, null where it was not
/// measured.
const FIGURES: [(&str, &str); 9] = [
    ("inflate_ratio", "reading / inflating alone, processor time"),
    ("parse_speedup_serde", "serde_json / reading, both without inflating, processor time"),
    ("two_thread_speedup", "one thread / two threads, time that passed"),
    ("wasm_ratio", "a worker of the app / one native thread, processor time per event"),
    ("worker_speedup", "the page with one worker / with two, time that passed"),
    ("js_speedup", "a worker written in JavaScript / the app's, time that passed"),
    ("bytes_per_event", "memory of a session per event it keeps"),
    ("peak_extra_mb", "megabytes at the peak of reading beside the session"),
    ("duckdb_speedup", "DuckDB loading a table / one native thread, processor time per event"),
];

/// The value of a figure.
fn figure(report: &Report, name: &str) -> Option<f64> {
    let Report { native, memory, browser, duckdb, .. } = report;
    let own_cpu = cpu(native.ingest) / report.events as f64;
    let browser = browser.as_ref();
    match name {
        "inflate_ratio" => Some(cpu(native.ingest) / cpu(native.inflate)),
        "parse_speedup_serde" => Some(cpu(native.serde) / cpu(native.parse)),
        "two_thread_speedup" => Some(wall(native.ingest) / wall(native.two_threads)),
        "wasm_ratio" => browser.and_then(|b| Some(b.measured.worker_cpu_s? / b.events as f64 / own_cpu)),
        "worker_speedup" => browser.map(|b| b.measured.page_one_worker_wall_s / b.measured.page_two_workers_wall_s),
        "js_speedup" => browser.map(|b| b.measured.js_wall_s / b.measured.worker_wall_s),
        "bytes_per_event" => Some(memory.session as f64 / report.kept as f64),
        "peak_extra_mb" => Some(memory.peak_extra as f64 / 1e6),
        "duckdb_speedup" => duckdb.as_ref().map(|d| d.measured.cpu_s / d.events as f64 / own_cpu),
        _ => None,
    }
}

/// One flat object.
pub fn as_json(report: &Report) -> String {
    let mut all = Map::new();
    let mut put = |name: &str, value: Value| {
        let value = if value.is_f64() { json!(value.as_f64().map(three_digits)) } else { value };
        all.insert(name.to_owned(), value);
    };
    put("benchmark", json!("ingest"));
    for (name, _) in FIGURES {
        put(name, json!(figure(report, name)));
    }
    put("machine", json!(machine()));
    put("events", json!(report.events));
    put("kept", json!(report.kept));
    put("seed", json!(report.seed));
    put("rounds", json!(report.rounds));
    put("files", json!(report.files));
    put("gz_bytes", json!(report.gz_bytes));
    put("json_bytes", json!(report.json_bytes));
    for (name, took) in steps(&report.native) {
        put(&format!("{name}_wall_s"), json!(wall(took)));
        put(&format!("{name}_cpu_s"), json!(cpu(took)));
    }
    put("session_bytes", json!(report.memory.session));
    put("session_allocated_bytes", json!(report.memory.allocated));
    let browser = report.browser.as_ref();
    put("browser_events", json!(browser.map(|b| b.events)));
    put("worker_wall_s", json!(browser.map(|b| b.measured.worker_wall_s)));
    put("worker_cpu_s", json!(browser.and_then(|b| b.measured.worker_cpu_s)));
    put("js_wall_s", json!(browser.map(|b| b.measured.js_wall_s)));
    put("js_cpu_s", json!(browser.and_then(|b| b.measured.js_cpu_s)));
    put("page_one_worker_wall_s", json!(browser.map(|b| b.measured.page_one_worker_wall_s)));
    put("page_two_workers_wall_s", json!(browser.map(|b| b.measured.page_two_workers_wall_s)));
    let duckdb = report.duckdb.as_ref();
    put("duckdb_version", json!(duckdb.map(|d| &d.measured.version)));
    put("duckdb_events", json!(duckdb.map(|d| d.events)));
    put("duckdb_wall_s", json!(duckdb.map(|d| d.measured.wall_s)));
    put("duckdb_cpu_s", json!(duckdb.map(|d| d.measured.cpu_s)));
    Value::Object(all).to_string()
}

/// A table for people.
pub fn as_table(report: &Report) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{}", machine());
    let _ = writeln!(
        out,
        "{} events, {} files, {:.1} MB compressed, {:.1} MB of JSON; best of {}\n",
        report.events,
        report.files,
        report.gz_bytes as f64 / 1e6,
        report.json_bytes as f64 / 1e6,
        report.rounds
    );
    let _ = writeln!(out, "{:<22} {:>9} {:>11} {:>10}", "", "passed", "processor", "per event");
    for (name, took) in steps(&report.native) {
        row(&mut out, name, report.events, Some(wall(took)), Some(cpu(took)));
    }
    if let Some(Beside { events, measured: b }) = &report.browser {
        row(&mut out, "worker", *events, Some(b.worker_wall_s), b.worker_cpu_s);
        row(&mut out, "js", *events, Some(b.js_wall_s), b.js_cpu_s);
        row(&mut out, "page_one_worker", *events, Some(b.page_one_worker_wall_s), None);
        row(&mut out, "page_two_workers", *events, Some(b.page_two_workers_wall_s), None);
    }
    if let Some(Beside { events, measured: d }) = &report.duckdb {
        row(&mut out, "duckdb", *events, Some(d.wall_s), Some(d.cpu_s));
    }
    out.push('\n');
    for (name, meaning) in FIGURES {
        let value = figure(report, name).map_or("-".to_owned(), |value| format!("{value:.2}"));
        let _ = writeln!(out, "{name:<22} {value:>9}  {meaning}");
    }
    out.trim_end().to_owned()
}

fn row(out: &mut String, name: &str, events: u64, wall_s: Option<f64>, cpu_s: Option<f64>) {
    let seconds = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.3} s"));
    let each = cpu_s.or(wall_s).map_or("-".to_owned(), |value| format!("{:.0} ns", value * 1e9 / events as f64));
    let _ = writeln!(out, "{name:<22} {:>9} {:>11} {each:>10}", seconds(wall_s), seconds(cpu_s));
}

fn steps(native: &Native) -> [(&'static str, Took); 5] {
    [
        ("inflate", native.inflate),
        ("ingest", native.ingest),
        ("parse", native.parse),
        ("serde", native.serde),
        ("two_threads", native.two_threads),
    ]
}

/// The processor, how many of its cores there are, and the system; nothing that names the machine.
pub fn machine() -> String {
    let listed = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = listed.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("unknown processor", |(_, model)| model.trim());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{model}, {cores} cores, {} {}", std::env::consts::OS, std::env::consts::ARCH)
}

fn wall(took: Took) -> f64 {
    took.wall.as_secs_f64()
}

fn cpu(took: Took) -> f64 {
    took.cpu.as_secs_f64()
}

/// More than a thousandth of a second, or of a ratio, is noise.
pub fn three_digits(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// What others read from the JSON: a name that is taken away breaks them.
    const PROMISED: [&str; 11] = [
        "inflate_ratio",
        "parse_speedup_serde",
        "two_thread_speedup",
        "wasm_ratio",
        "worker_speedup",
        "js_speedup",
        "bytes_per_event",
        "peak_extra_mb",
        "duckdb_speedup",
        "events",
        "machine",
    ];

    fn report() -> Report {
        let took = |seconds| Took { wall: Duration::from_secs(seconds), cpu: Duration::from_secs(seconds * 2) };
        Report {
            events: 10,
            kept: 8,
            seed: 1,
            rounds: 1,
            files: 1,
            gz_bytes: 100,
            json_bytes: 1000,
            native: Native { inflate: took(1), ingest: took(4), parse: took(3), serde: took(6), two_threads: took(2) },
            memory: Memory { session: 800, allocated: 900, peak_extra: 2_000_000 },
            browser: None,
            duckdb: None,
        }
    }

    fn browser() -> Browser {
        Browser {
            worker_wall_s: 5.0,
            worker_cpu_s: Some(6.0),
            js_wall_s: 20.0,
            js_cpu_s: None,
            page_one_worker_wall_s: 9.0,
            page_two_workers_wall_s: 6.0,
        }
    }

    fn parsed(report: &Report) -> Value {
        serde_json::from_str(&as_json(report)).unwrap()
    }

    #[test]
    fn every_promised_key_is_there_whatever_was_measured() {
        let mut full = report();
        full.browser = Some(Beside { events: 5, measured: browser() });
        let duckdb = DuckDb { rows: 4, cpu_s: 32.0, wall_s: 40.0, version: "1".to_owned() };
        full.duckdb = Some(Beside { events: 4, measured: duckdb });
        for report in [report(), full] {
            let json = parsed(&report);
            let object = json.as_object().unwrap();
            for name in PROMISED {
                assert!(object.contains_key(name), "{name}");
            }
            assert!(object.values().all(|value| !value.is_array() && !value.is_object()), "{json}");
        }
    }

    #[test]
    fn figures_are_ratios_of_the_right_clocks() {
        fn check(report: &Report, name: &str, expected: Option<f64>) {
            assert_eq!(parsed(report)[name].as_f64(), expected, "{name}");
        }
        let mut report = report();
        check(&report, "inflate_ratio", Some(4.0));
        check(&report, "parse_speedup_serde", Some(2.0));
        check(&report, "two_thread_speedup", Some(2.0));
        check(&report, "bytes_per_event", Some(100.0));
        check(&report, "peak_extra_mb", Some(2.0));
        for name in ["wasm_ratio", "worker_speedup", "js_speedup", "duckdb_speedup"] {
            check(&report, name, None);
        }
        // Half of the events in the browser: 6 s for 5 of them, where one native thread takes 8 s for 10.
        report.browser = Some(Beside { events: 5, measured: browser() });
        check(&report, "wasm_ratio", Some(1.5));
        check(&report, "worker_speedup", Some(1.5));
        check(&report, "js_speedup", Some(4.0));
        let duckdb = DuckDb { rows: 4, cpu_s: 32.0, wall_s: 40.0, version: "1".to_owned() };
        report.duckdb = Some(Beside { events: 4, measured: duckdb });
        check(&report, "duckdb_speedup", Some(10.0));
    }

    #[test]
    fn the_table_shows_every_figure() {
        let table = as_table(&report());
        for (name, _) in FIGURES {
            assert!(table.lines().any(|line| line.starts_with(name)), "{name}\n{table}");
        }
    }
}
