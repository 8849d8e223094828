//! `trailglass rules`.

use std::io::{self, Write};

use analyzer_core::detect::attack::{self, Layer};
use analyzer_core::detect::cases;
use analyzer_core::detect::sigma::Work;
use analyzer_core::detect::sigma::yaml::Wrong;
use analyzer_core::detect::{Detector, Severity, TOLD_FROM};

use super::{Exit, beside, query, read, threads};
use crate::args::{RulesCommand, RulesCoverageArgs, RulesExplainArgs, RulesListArgs};
use crate::output::escape::{Escaped, escape_json};
use crate::output::{counted, report, rules as printed};
use crate::scan::rules::{Ready, ready};
use crate::scan::shards;

pub(super) fn run(command: &RulesCommand, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    match command {
        RulesCommand::List(args) => list(args, out, err),
        RulesCommand::Lint(args) => lint(args, out, err),
        RulesCommand::Test(args) => test(args, out, err),
        RulesCommand::Explain(args) => explain(args, out, err),
        RulesCommand::Coverage(args) => coverage(args, out, err),
    }
}

/// Tells what could not be had; whether that is nothing.
pub(super) fn told(ready: &Ready, err: &mut impl Write) -> io::Result<bool> {
    for fault in &ready.faults {
        report::line(err, format_args!("{}", Escaped(fault)))?;
    }
    for unknown in &ready.unknown {
        let (name, place) = (Escaped(&unknown.name), Escaped(&unknown.place));
        report::line(err, format_args!("{place}: there is no detector {name}"))?;
    }
    for refused in &ready.refused {
        report::line(err, format_args!("rule refused: {}", Escaped(&printed::refused(refused))))?;
    }
    Ok(ready.faults.is_empty() && ready.unknown.is_empty() && ready.refused.is_empty())
}

fn list(args: &RulesListArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let ready = ready(&args.rules, Severity::Informational);
    let is_fine = told(&ready, err)?;
    printed::list(out, ready.set.rules(), args.format)?;
    out.flush()?;
    Ok(if is_fine { Exit::Clean } else { Exit::Error })
}

fn lint(args: &RulesListArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let ready = ready(&args.rules, Severity::Informational);
    for fault in &ready.faults {
        report::line(err, format_args!("{}", Escaped(fault)))?;
    }
    printed::lint(out, &ready.refused, args.format)?;
    out.flush()?;
    let rules = counted(ready.set.rules().len() as u64, "rule is fine", "rules are fine");
    writeln!(err, "{rules}, {} refused.", ready.refused.len())?;
    Ok(match (ready.faults.is_empty(), ready.refused.is_empty()) {
        (false, _) => Exit::Error,
        (true, false) => Exit::Findings,
        (true, true) => Exit::Clean,
    })
}

fn test(args: &RulesListArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let ready = ready(&args.rules, Severity::Informational);
    let is_fine = told(&ready, err)?;
    let mut tried = Vec::new();
    let mut without: Vec<&str> = ready.set.rules().iter().map(|rule| rule.meta.title.as_str()).collect();
    for (file, cases) in &ready.cases {
        match cases {
            Err(Wrong { line, why }) => tried.push((file.clone(), String::new(), vec![(*line, why.clone())], 0)),
            Ok(all) => {
                for cases in all {
                    let outcome = cases::run(&ready.set, cases);
                    let rule = ready.set.rules().iter().find(|rule| rule.meta.is_meant(&cases.rule));
                    without.retain(|title| rule.is_none_or(|rule| rule.meta.title != *title));
                    let number = outcome.positive + outcome.negative;
                    tried.push((file.clone(), cases.rule.clone(), outcome.failed, number));
                }
            }
        }
    }
    printed::tried(out, &tried, &without, args.format)?;
    out.flush()?;
    let failed = tried.iter().any(|(.., failed, _)| !failed.is_empty());
    Ok(match (is_fine, failed || !without.is_empty()) {
        (false, _) => Exit::Error,
        (true, true) => Exit::Findings,
        (true, false) => Exit::Clean,
    })
}

fn explain(args: &RulesExplainArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let ready = ready(&args.rules, Severity::Informational);
    told(&ready, err)?;
    let rules = ready.set.rules();
    let Some(rule) = rules.iter().find(|rule| rule.meta.is_meant(&args.rule)) else {
        report::line(err, format_args!("there is no rule {}", Escaped(&args.rule)))?;
        return Ok(Exit::Error);
    };
    let input = read(&args.input, &[], err)?;
    let found = shards::record_of(&input.sessions, &input.walk.files, &args.event);
    let Some((record, place)) = found else {
        report::line(err, format_args!("no event has this id: {}", Escaped(&args.event)))?;
        return Ok(Exit::Error);
    };
    // Of a correlation, each of its rules is explained.
    let names: Vec<&String> = match &rule.work {
        Work::Select(_) => Vec::new(),
        Work::Correlate(correlation) => correlation.rules.iter().collect(),
    };
    let inner = rules.iter().filter(|other| names.iter().any(|name| other.meta.is_called(name)));
    let mut explained = Vec::new();
    for rule in std::iter::once(rule).chain(inner) {
        if let Work::Select(select) = &rule.work {
            let why = input.sessions[place].explain(select, &args.event, &record);
            explained.push((rule.meta.title.as_str(), why));
        }
    }
    printed::explained(out, &explained, args.input.format)?;
    out.flush()?;
    query::end(&args.input, &input, err)
}

fn coverage(args: &RulesCoverageArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let least = if args.logs.is_empty() { Severity::Informational } else { TOLD_FROM };
    let mut ready = ready(&args.rules, least);
    let own = ready.set.detectors().to_vec();
    let mut plugins = beside::load(&args.plugins, &mut ready, &own);
    let rules_are_fine = told(&ready, err)?;
    plugins.tell(err)?;
    if args.logs.is_empty() {
        let layer = Layer::of_rules(ready.set.rules()).and_of_plugins(plugins.told());
        print_layer(out, "Trailglass rules", &layer)?;
        return Ok(if rules_are_fine && plugins.are_fine() { Exit::Clean } else { Exit::Error });
    }
    let input = args.logs_input();
    let of_own = own.len();
    let detectors: Vec<Detector> = own.into_iter().chain(plugins.detectors().cloned()).collect();
    let logs = read(&input, &detectors, err)?;
    let mut found = ready.set.findings(shards::selection(&logs.sessions, of_own).events);
    found.extend(plugins.judge(&logs.sessions, of_own, threads(&input), err)?);
    print_layer(out, "Trailglass findings", &Layer::of_findings(&found))?;
    let exit = query::end(&input, &logs, err)?;
    Ok(if rules_are_fine && plugins.are_fine() { exit } else { Exit::Error })
}

/// Titles are an outsider's text.
fn print_layer(out: &mut impl Write, name: &str, layer: &Layer) -> io::Result<()> {
    writeln!(out, "{}", escape_json(&attack::layer(name, layer)))?;
    out.flush()
}
