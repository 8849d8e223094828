//! What guests do once they run, seen through the host's own interface.

use host_cli::host::Host;
use plugin_host::{Batch, Cause, Column, Limit, Limits, LogLevel, PluginFault, Stage};

use crate::{artefact, hostile};

/// Small enough that each test takes moments, large enough for honest plugins.
fn limits() -> Limits {
    Limits { fuel: 500_000_000, time_ms: 20_000, ..Limits::default() }
}

fn batch() -> Batch<'static> {
    Batch {
        rows: (100..110).collect(),
        times: (0..10).collect(),
        columns: Vec::new(),
        group_starts: vec![0],
        group_keys: Vec::new(),
    }
}

fn run_within(limits: Limits, name: &str) -> PluginFault {
    let host = Host::new(None).unwrap();
    let bytes = std::fs::read(hostile(name)).unwrap();
    let plugin = match host.load(name, &bytes, limits) {
        Ok(plugin) => plugin,
        Err(fault) => return fault,
    };
    match host.detect(&plugin, &batch()) {
        Ok(answer) => panic!("{name} got away with {} findings", answer.findings.len()),
        Err(fault) => fault,
    }
}

fn check_within(limits: Limits, name: &str, stage: Stage, expected: Limit) {
    let fault = run_within(limits, name);
    assert_eq!(fault.plugin, name);
    assert_eq!(fault.stage, stage, "{fault}");
    assert!(matches!(fault.cause, Cause::Limit { limit, .. } if limit == expected), "{fault}");
}

#[test]
fn each_ends_at_its_limit() {
    let check = |name, stage, limit| check_within(limits(), name, stage, limit);
    check("loops-in-describe", Stage::Describe, Limit::Fuel);
    check("loops-in-detect", Stage::Detect, Limit::Fuel);
    check("allocates-without-end", Stage::Detect, Limit::Memory);
    check("floods-findings", Stage::Detect, Limit::Findings);
    check("writes-a-novel", Stage::Detect, Limit::FindingText);
    // It takes a while to make a million.
    check_within(Limits::default(), "million-findings", Stage::Detect, Limit::Answer);
}

#[test]
fn the_clock_ends_what_fuel_does_not_see() {
    let limits = Limits { time_ms: 200, fuel: u64::MAX / 2, ..limits() };
    check_within(limits.clone(), "floods-log", Stage::Detect, Limit::Time);
    check_within(limits, "loops-in-detect", Stage::Detect, Limit::Time);
}

#[test]
fn a_flood_of_log_lines_is_cut() {
    // Enough for thousands of lines.
    let limits = Limits { fuel: 5_000_000, fuel_per_event: 0, ..limits() };
    let fault = run_within(limits.clone(), "floods-log");
    assert_eq!(fault.log.len() as u64, limits.log_lines);
    let longest = fault.log.iter().map(|line| line.message.len()).max();
    assert_eq!(longest, Some(limits.log_line_bytes as usize + "…".len()));
}

#[test]
fn a_memory_that_is_too_large_from_the_start_is_refused() {
    check_within(Limits { memory_bytes: 64 << 10, ..limits() }, "traps", Stage::Start, Limit::Memory);
}

#[test]
fn fuel_gives_the_same_verdict_to_the_last_unit() {
    let path = artefact("plugins/console-login-after-failures.wasm");
    let bytes = std::fs::read(path).unwrap();
    let passes = |fuel: u64| {
        let limits = Limits { fuel, fuel_per_event: 0, ..limits() };
        Host::new(None).unwrap().load("x", &bytes, limits).is_ok()
    };
    let (mut too_little, mut enough) = (0, 50_000_000);
    assert!(passes(enough) && !passes(too_little));
    for _ in 0..6 {
        let middle = (too_little + enough) / 2;
        *(if passes(middle) { &mut enough } else { &mut too_little }) = middle;
    }
    assert!(passes(enough) && !passes(too_little));
}

#[test]
fn a_trap_is_told_with_what_the_plugin_said_before_it() {
    let fault = run_within(limits(), "traps");
    assert_eq!(fault.stage, Stage::Detect);
    assert!(matches!(&fault.cause, Cause::Trap(what) if what.contains("unreachable")), "{fault}");
    let line = &fault.log[0];
    assert_eq!(line.level, LogLevel::Error);
    assert!(line.message.contains("cannot bear 10 events"), "{}", line.message);
}

#[test]
fn answers_that_break_the_contract() {
    let check = |name: &str, expected_stage, expected: &str| {
        let fault = run_within(limits(), name);
        assert_eq!(fault.stage, expected_stage, "{fault}");
        assert!(matches!(&fault.cause, Cause::BadAnswer(what) if what.contains(expected)), "{fault}");
    };
    check("invents-rows", Stage::Detect, "an event that is not in the batch");
    check("breaks-the-contract", Stage::Describe, "the id is not made of");
}

#[test]
fn the_host_serves_others_after_each_of_them() {
    let host = Host::new(None).unwrap();
    let load = |path| host.load("x", &std::fs::read(path).unwrap(), limits());
    let bad = load(hostile("loops-in-detect")).unwrap();
    let good = load(artefact("plugins/console-login-after-failures.wasm")).unwrap();
    let nothing = Batch { group_starts: Vec::new(), rows: Vec::new(), times: Vec::new(), ..batch() };
    let nothing = Batch {
        columns: good.manifest().fields.iter().map(|_| empty()).collect(),
        group_keys: vec![empty()],
        ..nothing
    };
    for _ in 0..3 {
        assert!(host.detect(&bad, &batch()).is_err());
        let answer = host.detect(&good, &nothing);
        assert!(answer.is_ok_and(|answer| answer.findings.is_empty()));
    }
}

fn empty() -> Column<'static> {
    Column::default()
}
