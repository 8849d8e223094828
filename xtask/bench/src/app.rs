//! `bench app`: the page as a user meets it, in a browser that has never seen it: how soon it is there, how much of it is
//! transferred, and whether it stays quick with a million events.

use crate::report::three_digits;
use crate::{command, files};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::path::Path;
use std::process::Command;

/// What to measure.
#[derive(clap::Args)]
pub struct Options {
    /// Events of the generated trail that is loaded beside the demo trail
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1_000..))]
    events: u64,
    /// Open the page so many times, in a new browser each time, and report the middle
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// The figures with what they should be, in the order of the table. The script has a figure for each.
const FIGURES: [(&str, &str); 32] = [
    ("fcp_ms", "at most 1,000"),
    ("sealed_ms", "at most 1,000"),
    ("transfer_kb", "at most 700"),
    ("long_tasks", "0"),
    ("worst_task_ms", "at most 50"),
    ("dropped_frames_percent", "below 1"),
    ("axe_violations", "0"),
    ("requests_after_seal", "0"),
    ("transfer_brotli_kb", ""),
    ("app_kb", ""),
    ("plugin_kb", ""),
    ("page_kb", ""),
    ("demo_kb", ""),
    ("long_tasks_boot", ""),
    ("worst_task_ms_boot", ""),
    ("long_tasks_loading", ""),
    ("long_tasks_typing", ""),
    ("worst_task_cpu_ms_loading", ""),
    ("worst_task_cpu_ms_typing", ""),
    ("dropped_frames_percent_idle", ""),
    ("load_s", ""),
    ("long_tasks_demo", ""),
    ("worst_task_ms_demo", ""),
    ("long_tasks_loading_demo", ""),
    ("long_tasks_typing_demo", ""),
    ("worst_task_cpu_ms_loading_demo", ""),
    ("worst_task_cpu_ms_typing_demo", ""),
    ("dropped_frames_percent_demo", ""),
    ("dropped_frames_percent_idle_demo", ""),
    ("load_s_demo", ""),
    ("events", ""),
    ("rounds", ""),
];

/// What the script in the browser says.
#[derive(Deserialize)]
#[serde(transparent)]
struct Tab(Map<String, Value>);

/// Measures, and returns what is to be printed.
pub fn app(options: &Options) -> Result<String, String> {
    let folder = tempfile::tempdir().map_err(|error| format!("there is no room for temporary files: {error}"))?;
    eprintln!("bench: a trail of {} events is made", options.events);
    files::write(&files::generate(options.events, 1), folder.path())
        .map_err(|error| format!("cannot write files: {error}"))?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("js/app.mjs");
    let question = json!({ "folder": folder.path(), "events": options.events, "rounds": options.rounds });
    let Tab(mut said) = command::ask(Command::new("node").arg(script), &question)?;
    said.insert("events".to_owned(), json!(options.events));
    said.insert("rounds".to_owned(), json!(options.rounds));
    let figures = figures(&said)?;
    Ok(if options.json { Value::Object(figures).to_string() } else { table(&figures) })
}

/// Every figure, in its order.
fn figures(said: &Map<String, Value>) -> Result<Map<String, Value>, String> {
    let figure = |(name, _): (&str, &str)| {
        let number = said.get(name).and_then(Value::as_f64).ok_or_else(|| format!("{name} was not measured"))?;
        Ok((name.to_owned(), json!(three_digits(number))))
    };
    FIGURES.into_iter().map(figure).collect()
}

fn table(figures: &Map<String, Value>) -> String {
    let line = |(name, goal): (&str, &str)| {
        let figure = figures.get(name).map(Value::to_string).unwrap_or_default();
        format!("{name:<34} {figure:>14}  {goal}").trim_end().to_owned()
    };
    FIGURES.map(line).join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Map<String, Value> {
        FIGURES.into_iter().map(|(name, _)| (name.to_owned(), json!(1234.56))).collect()
    }

    #[test]
    fn every_promised_key_is_there_and_a_number() {
        let promised = [
            "fcp_ms",
            "sealed_ms",
            "transfer_kb",
            "long_tasks",
            "worst_task_ms",
            "dropped_frames_percent",
            "axe_violations",
            "requests_after_seal",
        ];
        let figures = figures(&all()).unwrap();
        assert_eq!(figures.keys().take(promised.len()).collect::<Vec<_>>(), promised.iter().collect::<Vec<_>>());
        assert!(figures.values().all(Value::is_number), "one flat object");
        assert_eq!(figures.len(), FIGURES.len());
    }

    #[test]
    fn a_figure_that_was_not_measured_is_no_figure() {
        let check = |value: Value| {
            let mut said = all();
            said.insert("worst_task_ms".to_owned(), value);
            assert_eq!(figures(&said), Err("worst_task_ms was not measured".to_owned()));
        };
        check(Value::Null);
        check(json!("50"));
    }

    #[test]
    fn the_table_has_the_goals() {
        let table = table(&figures(&all()).unwrap());
        assert!(table.starts_with("fcp_ms"), "{table}");
        assert!(table.lines().next().unwrap().ends_with("at most 1,000"), "{table}");
    }
}
