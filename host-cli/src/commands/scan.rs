//! `trailglass scan`.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use analyzer_core::detect::tuning::Tuned;
use analyzer_core::detect::{Detector, Finding, Picked, Severity, TOLD_FROM, sort};
use analyzer_core::export::report::{html, markdown};
use analyzer_core::problem::SourceAccount;
use analyzer_core::session::Session;

use super::{Exit, close, filters, judge, read, tell, threads};
use crate::args::ScanArgs;
use crate::output::escape::Escaped;
use crate::output::findings::{self, Scan};
use crate::output::{account, counted, findings_report, grouped, report};
use crate::scan::plugins;
use crate::scan::rules::ready;
use crate::scan::{self, shards};

pub(super) fn run(args: &ScanArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let Some(filters) = filters::read(&args.metric_filters, err)? else { return Ok(Exit::Error) };
    let mut rules = ready(&args.rules, TOLD_FROM);
    let of_rules = rules.set.detectors().iter();
    let of_filters = filters.iter().map(|filter| &filter.detector);
    let own: Vec<&Detector> = of_rules.chain(of_filters).collect();
    let taken: Vec<&str> = own.iter().map(|detector| detector.id.as_str()).collect();
    let mut plugins = plugins::load(&args.plugins, &taken);
    let detectors: Vec<_> = own.into_iter().chain(plugins.detectors()).cloned().collect();
    let tuned: Vec<Tuned> = plugins.detectors().map(|plugin| rules.tuning.of(&plugin.id, &plugin.title)).collect();
    rules
        .unknown
        .retain(|unknown| !plugins.detectors().any(|plugin| [&plugin.id, &plugin.title].contains(&&unknown.name)));
    let rules_are_fine = super::rules::told(&rules, err)?;
    for wrong in &plugins.wrong {
        report::line(err, format_args!("{}", Escaped(wrong)))?;
    }
    for fault in &plugins.faults {
        report::plugin_fault(err, fault)?;
    }
    let input = read(&args.input, &detectors, err)?;
    let accounts = shards::accounts(&input.sessions);
    tell(&args.input, &accounts, err)?;

    let own_rules = rules.set.rules().len();
    let of_own = detectors.len() - plugins.loaded().len();
    let mut selected = shards::selection(&input.sessions, of_own).events.into_iter();
    let of_rules = selected.by_ref().take(own_rules).collect();
    let mut found: Vec<Finding> = rules.set.findings(of_rules);
    for filter in &filters {
        found.extend(filter.findings(selected.next().unwrap_or_default()));
    }
    if let Some((host, loaded)) = &plugins.ready {
        let picked = (of_own..).zip(&tuned).map(|(detector, tuned)| match tuned.is_ignored {
            true => Picked::default(),
            false => shards::picked(&input.sessions, detector),
        });
        let verdicts = scan::judge(host, loaded, &picked.collect::<Vec<_>>(), threads(&args.input));
        for ((plugin, tuned), verdict) in loaded.iter().zip(tuned).zip(verdicts) {
            report::plugin_log(err, &plugin.detector.id, &verdict.log, verdict.log_dropped)?;
            if let Some(fault) = &verdict.fault {
                report::plugin_fault(err, fault)?;
            }
            found.extend(told(verdict.findings, tuned, rules.asked));
            plugins.faults.extend(verdict.fault);
        }
    }
    sort(&mut found);

    findings::print(out, &Scan { findings: &found, accounts: &accounts, faults: &plugins.faults }, args.input.format)?;
    out.flush()?;
    let has_account = args.account.as_deref().map_or(Ok(true), |path| write_account(path, &accounts, err))?;
    let has_report =
        args.report.as_deref().map_or(Ok(true), |path| write_report(path, &found, &input.sessions, err))?;
    close(&args.input, &input, &accounts, err)?;
    if !args.input.quiet {
        writeln!(err, "{}", findings::tally(&found))?;
        let selected: usize = input.sessions.iter().map(|session| session.selected().sum::<usize>()).sum();
        let kilobytes = input.sessions.iter().map(Session::detection_memory).sum::<usize>().div_ceil(1 << 10);
        let selected = counted(selected as u64, "event", "events");
        let detectors = counted(detectors.len() as u64, "detector", "detectors");
        writeln!(err, "{detectors} selected {selected}, which take {} KiB.", grouped(kilobytes as u64))?;
    }
    let exit = judge(&input, &accounts, err)?;
    Ok(match exit {
        _ if !rules_are_fine => Exit::Error,
        Exit::Clean if !plugins.faults.is_empty() || !plugins.wrong.is_empty() => Exit::Error,
        Exit::Clean if !has_account || !has_report => Exit::Error,
        Exit::Clean if !found.is_empty() => Exit::Findings,
        exit => exit,
    })
}

/// A plugin's findings as they are told: with the severity that tuning gives them, and no less severe than asked for. Who runs a
/// plugin wants to see all that it finds, unlike the rules that come along.
fn told(findings: Vec<Finding>, tuned: Tuned, asked: Option<Severity>) -> impl Iterator<Item = Finding> {
    let levelled = findings.into_iter().map(move |mut finding| {
        finding.severity = tuned.severity.unwrap_or(finding.severity);
        finding
    });
    levelled.filter(move |finding| asked.is_none_or(|least| finding.severity >= least))
}

/// Writes the accounts to a file. Says whether it could.
fn write_account(path: &Path, accounts: &[&SourceAccount], err: &mut impl Write) -> io::Result<bool> {
    write_file(path, "the account", err, |file| account::lines(file, accounts))
}

/// Writes a report of the findings to a file. Says whether it could.
fn write_report(path: &Path, found: &[Finding], sessions: &[Session], err: &mut impl Write) -> io::Result<bool> {
    let report = findings_report::report(found, sessions);
    let is_markdown = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("md"));
    let text = if is_markdown { markdown(&report) } else { html(&report) };
    write_file(path, "the report", err, |file| file.write_all(text.as_bytes()))
}

fn write_file(
    path: &Path,
    what: &str,
    err: &mut impl Write,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> io::Result<bool> {
    let written = File::create(path).and_then(|file| {
        let mut file = BufWriter::new(file);
        write(&mut file)?;
        file.flush()
    });
    let Err(error) = written else { return Ok(true) };
    let path = path.display().to_string();
    report::line(err, format_args!("{what} cannot be written: {error}: {}", Escaped(&path)))?;
    Ok(false)
}
