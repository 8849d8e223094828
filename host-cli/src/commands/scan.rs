//! `trailglass scan`.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use analyzer_core::detect::{Detector, Finding, TOLD_FROM, sort};
use analyzer_core::problem::SourceAccount;
use analyzer_core::session::Session;

use super::{Exit, beside, close, filters, judge, read, tell, threads};
use crate::args::ScanArgs;
use crate::output::escape::Escaped;
use crate::output::findings::{self, Scan};
use crate::output::{account, counted, grouped, report};
use crate::scan::rules::ready;
use crate::scan::shards;

pub(super) fn run(args: &ScanArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let Some(filters) = filters::read(&args.metric_filters, err)? else { return Ok(Exit::Error) };
    let mut rules = ready(&args.rules, TOLD_FROM);
    let of_rules = rules.set.detectors().iter();
    let of_filters = filters.iter().map(|filter| &filter.detector);
    let own: Vec<Detector> = of_rules.chain(of_filters).cloned().collect();
    let mut plugins = beside::load(&args.plugins, &mut rules, &own);
    let of_own = own.len();
    let detectors: Vec<Detector> = own.into_iter().chain(plugins.detectors().cloned()).collect();
    let rules_are_fine = super::rules::told(&rules, err)?;
    plugins.tell(err)?;
    let input = read(&args.input, &detectors, err)?;
    let accounts = shards::accounts(&input.sessions);
    tell(&args.input, &accounts, err)?;

    let own_rules = rules.set.rules().len();
    let mut selected = shards::selection(&input.sessions, of_own).events.into_iter();
    let of_rules = selected.by_ref().take(own_rules).collect();
    let mut found: Vec<Finding> = rules.set.findings(of_rules);
    for filter in &filters {
        found.extend(filter.findings(selected.next().unwrap_or_default()));
    }
    found.extend(plugins.judge(&input.sessions, of_own, threads(&args.input), err)?);
    sort(&mut found);

    findings::print(out, &Scan { findings: &found, accounts: &accounts, faults: plugins.faults() }, args.input.format)?;
    out.flush()?;
    let is_written = args.account.as_deref().map_or(Ok(true), |path| write_account(path, &accounts, err))?;
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
        Exit::Clean if !plugins.are_fine() || !is_written => Exit::Error,
        Exit::Clean if !found.is_empty() => Exit::Findings,
        exit => exit,
    })
}

/// Writes the accounts to a file. Says whether it could.
fn write_account(path: &Path, accounts: &[&SourceAccount], err: &mut impl Write) -> io::Result<bool> {
    let written = File::create(path).and_then(|file| {
        let mut file = BufWriter::new(file);
        account::lines(&mut file, accounts)?;
        file.flush()
    });
    let Err(error) = written else { return Ok(true) };
    let path = path.display().to_string();
    report::line(err, format_args!("the account cannot be written: {error}: {}", Escaped(&path)))?;
    Ok(false)
}
