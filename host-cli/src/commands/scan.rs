//! `trailglass scan`.

use std::io::{self, Write};

use analyzer_core::detect::{Finding, builtins, sort};

use super::{Exit, close, judge, read, threads};
use crate::args::ScanArgs;
use crate::host::Limits;
use crate::output::findings::{self, Scan};
use crate::output::report;
use crate::scan::plugins;
use crate::scan::{self, shards};

pub(super) fn run(args: &ScanArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let builtins = builtins();
    let taken: Vec<&str> = builtins.iter().map(|builtin| builtin.detector.id.as_str()).collect();
    let mut plugins = plugins::load(&args.plugins, Limits::default(), &taken);
    for fault in &plugins.faults {
        report::plugin_fault(err, fault)?;
    }
    let detectors: Vec<_> =
        builtins.iter().map(|builtin| &builtin.detector).chain(plugins.detectors()).cloned().collect();
    let input = read(&args.input, &detectors, err)?;

    let mut selected = shards::selection(&input.sessions).events.into_iter();
    let mut found: Vec<Finding> = Vec::new();
    for builtin in &builtins {
        found.extend(builtin.findings(selected.next().unwrap_or_default()));
    }
    if let Some((host, loaded)) = &plugins.ready {
        for plugin in loaded {
            let events = selected.next().unwrap_or_default();
            let verdict = scan::judge(host, plugin, events, threads(&args.input));
            report::plugin_log(err, &plugin.detector.id, &verdict.log, verdict.log_dropped)?;
            if let Some(fault) = &verdict.fault {
                report::plugin_fault(err, fault)?;
            }
            found.extend(verdict.findings);
            plugins.faults.extend(verdict.fault);
        }
    }
    sort(&mut found);

    let accounts = shards::accounts(&input.sessions);
    findings::print(out, &Scan { findings: &found, accounts: &accounts, faults: &plugins.faults }, args.input.format)?;
    out.flush()?;
    close(&args.input, &input, &accounts, err)?;
    if !args.input.quiet {
        writeln!(err, "{}", findings::tally(&found))?;
    }
    let exit = judge(&input, &accounts, err)?;
    Ok(match exit {
        Exit::Clean if !plugins.faults.is_empty() => Exit::Error,
        Exit::Clean if !found.is_empty() => Exit::Findings,
        exit => exit,
    })
}
