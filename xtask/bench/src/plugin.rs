//! `bench plugin`: what a plugin costs, natively and in a browser.

use crate::clock::{Took, measure};
use crate::{command, files, ingest};
use analyzer_core::detect::{Detector, Grouping, Severity};
use analyzer_core::field::{self, FieldRef};
use analyzer_core::predicate;
use analyzer_core::session::{Among, Session};
use serde::Deserialize;
use serde_json::{Value, json};
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What to measure.
#[derive(clap::Args)]
pub struct Options {
    /// Events of the generated trail of which a plugin selects a thousandth
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1_000..))]
    events: u64,
    /// Measure so many times and report the quickest, which is the least disturbed
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
    /// Leave the browser out
    #[arg(long)]
    no_browser: bool,
    /// Leave Python out, whose plugin takes long to compile
    #[arg(long)]
    no_python: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Events of the generated trail that plugins judge: ten batches, with the values that such a trail has.
const JUDGED: u64 = 100_000;

/// What `trailglass plugin bench` says.
#[derive(Clone, Copy, Deserialize)]
struct Native {
    ns_per_event: f64,
    fuel_per_event: f64,
    empty_call_ms: f64,
    load_compiled_ms: f64,
    load_kept_ms: Option<f64>,
}

/// What the script in the browser says.
#[derive(Clone, Copy, Deserialize)]
struct Tab {
    ns_per_event: f64,
    first_ns_per_event: f64,
    load_ms: f64,
    linker_kb: f64,
}

/// Measures, and returns what is to be printed.
pub fn plugin(options: &Options) -> Result<String, String> {
    let target = PathBuf::from(env::var_os("TRAILGLASS_TARGET").ok_or("run it as `cargo xtask bench plugin`")?);
    let rust = target.join("plugins/nameless-events.wasm");
    let folder = tempfile::tempdir().map_err(|error| format!("there is no room for temporary files: {error}"))?;
    let judged = files::generate(JUDGED, 1);
    let paths = files::write(&judged, folder.path()).map_err(|error| format!("cannot write files: {error}"))?;
    let native = |path: &Path| native(&target, path, folder.path(), options.rounds);
    let in_rust = native(&rust)?;
    let in_js = native(&target.join("languages/nameless-events-js.wasm"))?;
    let in_python = match options.no_python {
        true => None,
        false => Some(native(&target.join("languages/nameless-events-python.wasm"))?),
    };
    let tab = if options.no_browser { None } else { Some(tab(&rust, &paths, options.rounds)?) };
    let selective = selective(options, &in_rust)?;
    let figures: [(&str, &str, Value); 15] = [
        ("rust_ns_native", "at most 30", json!(in_rust.ns_per_event)),
        ("rust_ns_tab", "at most 40", json!(tab.map(|tab| tab.ns_per_event))),
        ("js_ns_native", "at most 1,000", json!(in_js.ns_per_event)),
        ("python_ns_native", "at most 3,000", json!(in_python.map(|python| python.ns_per_event))),
        ("selective_overhead", "at most 0.03", json!(selective.overhead)),
        ("load_cached_ms", "at most 5", json!(in_rust.load_kept_ms)),
        ("load_tab_ms", "at most 20", json!(tab.map(|tab| tab.load_ms))),
        ("linker_kb", "at most 150", json!(tab.map(|tab| tab.linker_kb))),
        ("rust_ns_tab_first_run", "", json!(tab.map(|tab| tab.first_ns_per_event))),
        ("rust_fuel", "", json!(in_rust.fuel_per_event)),
        ("rust_empty_call_ms", "", json!(in_rust.empty_call_ms)),
        ("js_empty_call_ms", "", json!(in_js.empty_call_ms)),
        ("load_compiled_ms", "", json!(in_rust.load_compiled_ms)),
        ("selected", "", json!(selective.selected)),
        ("events", "", json!(options.events)),
    ];
    if options.json {
        let all: serde_json::Map<String, Value> =
            figures.into_iter().map(|(name, _, figure)| (name.to_owned(), figure)).collect();
        return Ok(Value::Object(all).to_string());
    }
    let line = |(name, goal, figure): &(&str, &str, Value)| {
        let figure = figure.as_f64().map_or("–".to_owned(), |figure| format!("{figure:.3}"));
        format!("{name:<20} {figure:>14}  {goal}").trim_end().to_owned()
    };
    Ok(figures.iter().map(line).collect::<Vec<_>>().join("\n"))
}

fn native(target: &Path, plugin: &Path, logs: &Path, rounds: u32) -> Result<Native, String> {
    let mut bench = Command::new(target.join("release").join("trailglass").with_extension(env::consts::EXE_EXTENSION));
    bench.args(["plugin", "bench", "--format", "json", "--rounds", &rounds.to_string(), "--plugin-cache"]);
    bench.arg(target.join("bench-plugins")).arg(plugin).arg("--logs").arg(logs);
    command::ask(&mut bench, &Value::Null)
}

fn tab(plugin: &Path, logs: &[PathBuf], rounds: u32) -> Result<Tab, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("js/plugin.mjs");
    command::ask(Command::new("node").arg(script), &json!({ "plugin": plugin, "logs": logs, "rounds": rounds }))
        .map_err(|problem| format!("{problem}; is the site built? `--no-browser` measures without"))
}

/// What a plugin adds to reading that selects a thousandth of the events.
struct Selective {
    overhead: f64,
    selected: u64,
}

/// Reading without and with the plugin's selection, in turns; its judgement is what the native host took for each event.
fn selective(options: &Options, in_rust: &Native) -> Result<Selective, String> {
    let files = files::generate(options.events, 1);
    let detector = a_thousandth(&files, options.events)?;
    let (mut without, mut with, mut selected) = (None::<Took>, None::<Took>, 0);
    for round in 1..=options.rounds {
        eprintln!("bench: reading, round {round} of {}", options.rounds);
        without = Some(measure(|| read(&files, Vec::new())).1.least(without));
        let (picked, took) = measure(|| {
            let picked = read(&files, vec![detector.clone()]).picked(0);
            let grouped = picked.grouped(&detector);
            (picked, grouped)
        });
        with = Some(took.least(with));
        selected = picked.0.len() as u64;
    }
    let (Some(without), Some(with)) = (without, with) else { return Err("nothing was measured".to_owned()) };
    let (without, with) = (without.cpu.as_secs_f64(), with.cpu.as_secs_f64());
    let judging = in_rust.ns_per_event * 1e-9 * selected as f64 + in_rust.empty_call_ms * 1e-3;
    Ok(Selective { overhead: (with + judging) / without - 1.0, selected })
}

fn read(files: &[files::File], detectors: Vec<Detector>) -> Session {
    let mut session = Session::new(detectors, 1);
    for (ordinal, file) in (0..).zip(files) {
        ingest::one(&mut session, ordinal, file, &file.packed);
    }
    session
}

/// A detector of calls that make about a thousandth of the events.
fn a_thousandth(files: &[files::File], events: u64) -> Result<Detector, String> {
    let mut session = read(files, Vec::new());
    let name = field::find("eventName").ok_or("there is no field eventName")?;
    let (mut names, mut left) = (Vec::new(), events / 1_000);
    for (call, count) in session.tops(&Among::Matching, &[name], None, 10_000).remove(0).values {
        if count <= left {
            left -= count;
            names.push(predicate::quote(&call));
        }
    }
    let query = format!("eventName:({})", names.join(" OR "));
    let fields = ["eventSource", "eventName", "sourceIPAddress"].map(FieldRef::parse);
    Ok(Detector {
        id: "a-thousandth".to_owned(),
        version: String::new(),
        title: String::new(),
        description: String::new(),
        severity: Severity::Informational,
        tactics: Vec::new(),
        techniques: Vec::new(),
        false_positives: Vec::new(),
        select: predicate::parse(&query, None).predicate,
        grouping: Grouping::By(vec![fields[2].clone()]),
        fields: fields.to_vec(),
    })
}
