//! `bench detect`: what rules cost beside reading alone, and beside RSigma's libraries with the same rules on the same events.

mod bundled;
mod rsigma;
mod rules;

use crate::clock::{Took, measure};
use crate::files::{self, File};
use crate::{inflate, ingest};
use analyzer_core::detect::sigma::{Loaded, Placeholders};
use analyzer_core::detect::{RuleSet, pack};
use analyzer_core::field;
use analyzer_core::session::{Among, Session};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What to measure.
#[derive(clap::Args)]
pub struct Options {
    /// Events of the generated trail
    #[arg(long, default_value_t = 300_000, value_parser = clap::value_parser!(u64).range(1..))]
    events: u64,
    /// What the trail and the rules are generated from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Measure so many times and report the quickest, which is the least disturbed
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
    /// Measure RSigma on so many events; it is slower
    #[arg(long, default_value_t = 50_000, value_parser = clap::value_parser!(u64).range(1..))]
    rsigma_events: u64,
    /// Look with the bundled rules for a technique in each JSON file of this folder
    #[arg(long, value_name = "DIR")]
    techniques: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Numbers of rules beside which reading alone is put.
const FEW: usize = 57;
const MANY: usize = 1_000;
/// The number of rules with which RSigma is compared.
const COMPARED: usize = 800;

/// Measures, and returns what is to be printed.
pub fn detect(options: &Options) -> Result<String, String> {
    let files = files::generate(options.events, options.seed);
    let calls = calls(&files);
    let set = |count| rule_set(&rules::generate(count, options.seed, &calls));
    let sets = [RuleSet::default(), set(FEW)?, set(MANY)?, pack::rule_set()];
    let mut best: [Option<Took>; 4] = [None; 4];
    let mut selected = [0; 4];
    let (mut memory, mut grave) = (0, 0);
    for round in 1..=options.rounds {
        eprintln!("bench: round {round} of {}", options.rounds);
        // In turns, so that a disturbance does not hit one side of a ratio only.
        for (at, set) in sets.iter().enumerate() {
            let (session, took) = measure(|| read(&files, set));
            best[at] = Some(took.least(best[at]));
            selected[at] = session.selected().sum::<usize>();
            match at {
                2 => memory = session.detection_memory(),
                3 => grave = bundled::grave(&bundled::findings(&session, set)),
                _ => {}
            }
        }
    }
    let cpu = best.map(|took| took.unwrap_or_default().cpu.as_secs_f64());
    let more = |at: usize| cpu[at] / cpu[0] - 1.0;
    let yaml = rules::generate(COMPARED, options.seed, &calls);
    let rsigma = beside_rsigma(options, &files, &yaml)?;
    let us = |at: usize| cpu[at] * 1e6 / options.events as f64;
    let mut figures: Vec<(&str, f64)> = vec![
        ("events", options.events as f64),
        ("ingest_us", us(0)),
        ("rules_57_overhead", more(1)),
        ("rules_1000_overhead", more(2)),
        ("bundled_rules", sets[3].rules().len() as f64),
        ("bundled_overhead", more(3)),
        ("benign_false_positives", grave as f64),
        ("selected_57", selected[1] as f64),
        ("selected_1000", selected[2] as f64),
        ("selected_bundled", selected[3] as f64),
        ("detection_memory_kb_1000", memory as f64 / 1024.0),
        ("rsigma_events", rsigma.events as f64),
        ("rsigma_us", rsigma.theirs.cpu.as_secs_f64() * 1e6 / rsigma.events as f64),
        ("ours_800_us", rsigma.ours.cpu.as_secs_f64() * 1e6 / rsigma.events as f64),
        ("rsigma_speedup", rsigma.theirs.cpu.as_secs_f64() / rsigma.ours.cpu.as_secs_f64()),
        ("rsigma_matches", rsigma.matches as f64),
    ];
    if let Some(folder) = &options.techniques {
        let techniques = bundled::techniques(folder, &sets[3])?;
        figures.push(("techniques_found", techniques.found as f64));
        figures.push(("techniques_total", techniques.total as f64));
    }
    Ok(if options.json { as_json(&figures) } else { as_table(&figures) })
}

fn as_json(figures: &[(&str, f64)]) -> String {
    let number = |number: f64| if number.fract() == 0.0 { json!(number as u64) } else { json!(number) };
    let members: BTreeMap<&str, Value> = figures.iter().map(|&(name, figure)| (name, number(figure))).collect();
    json!(members).to_string()
}

fn as_table(figures: &[(&str, f64)]) -> String {
    let goal = |name: &str| match name {
        "rules_57_overhead" => "at most 0.10",
        "rules_1000_overhead" => "at most 0.30",
        "rsigma_speedup" => "at least 10",
        _ => "",
    };
    let line =
        |(name, number): &(&str, f64)| format!("{name:<26} {number:>14.3}  {}", goal(name)).trim_end().to_owned();
    figures.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn rule_set(yaml: &str) -> Result<RuleSet, String> {
    let mut loaded = Loaded::default();
    loaded.add("generated", yaml, &Placeholders::new());
    let loaded = loaded.finish();
    match loaded.refused.first() {
        None => Ok(RuleSet::new(loaded.rules)),
        Some(refused) => Err(format!("a generated rule was refused: {refused:?}")),
    }
}

fn read(files: &[File], set: &RuleSet) -> Session {
    let mut session = Session::new(set.detectors().to_vec(), 1);
    for (ordinal, file) in (0..).zip(files) {
        ingest::one(&mut session, ordinal, file, &file.packed);
    }
    session
}

/// Calls that the trail has, with their services: those that come seldom, as rules mean them.
fn calls(files: &[File]) -> Vec<(String, String)> {
    let mut session = read(files, &RuleSet::default());
    let mut calls = Vec::new();
    let (Some(source), Some(name)) = (field::find("eventSource"), field::find("eventName")) else { return calls };
    for (service, _) in session.tops(&Among::Matching, &[source], None, 100).remove(0).values {
        let query = format!("eventSource={}", analyzer_core::predicate::quote(&service));
        let among = Among::These(analyzer_core::predicate::parse(&query, None).predicate);
        let names = session.tops(&among, &[name], None, 1_000).remove(0).values;
        calls.extend(names.into_iter().rev().take(3).map(|(name, _)| (service.clone(), name)));
    }
    calls
}

/// Both sides of a comparison.
struct Beside {
    events: u64,
    ours: Took,
    theirs: Took,
    matches: u64,
}

/// The same rules on the same JSON, which both get inflated: a record at a time for RSigma, as it takes events.
fn beside_rsigma(options: &Options, files: &[File], yaml: &str) -> Result<Beside, String> {
    let mut taken: Vec<(&File, Vec<u8>)> = Vec::new();
    let mut events = 0;
    for file in files {
        if events >= options.rsigma_events {
            break;
        }
        events += file.records;
        taken.push((file, inflate::whole(file)?));
    }
    let lines: Vec<String> = taken.iter().map(|(_, json)| rsigma::lines(json)).collect::<Result<Vec<_>, _>>()?.concat();
    let (set, engine) = (rule_set(yaml)?, rsigma::engine(yaml)?);
    let (mut ours, mut theirs, mut matches, mut mine) = (None::<Took>, None::<Took>, 0, 0);
    for _ in 0..options.rounds {
        let (session, took) = measure(|| {
            let mut session = Session::new(set.detectors().to_vec(), 1);
            for (ordinal, (file, json)) in (0..).zip(&taken) {
                ingest::one(&mut session, ordinal, file, json);
            }
            session
        });
        ours = Some(took.least(ours));
        mine = session.selected().sum::<usize>() as u64 + session.totals().duplicate;
        let (found, took) = measure(|| rsigma::matches(&engine, &lines));
        theirs = Some(took.least(theirs));
        matches = found?;
    }
    eprintln!("bench: RSigma matches {matches} times, we select {mine} (duplicates counted once for each event)");
    let (Some(ours), Some(theirs)) = (ours, theirs) else { return Err("nothing was measured".to_owned()) };
    Ok(Beside { events: lines.len() as u64, ours, theirs, matches })
}
