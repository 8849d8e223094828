//! `trailglass cis`.

use std::io::{self, Write};

use analyzer_core::detect::cis::{Control, controls};
use analyzer_core::detect::metric::Filter;
use analyzer_core::detect::{Detector, groups};

use super::{Exit, close, judge, read, tell};
use crate::args::CisArgs;
use crate::output::cis::{self, Outcome, Report};
use crate::scan::{ask, shards};

pub(super) fn run(args: &CisArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let controls = controls(&args.benchmark);
    let filters: Vec<Option<Filter>> = controls.iter().map(Control::detector).collect();
    let detectors: Vec<Detector> = filters.iter().flatten().map(|filter| filter.detector.clone()).collect();
    let mut input = read(&args.input, &detectors, err)?;
    let overview = ask::overview(&mut input.sessions);
    let accounts = shards::accounts(&input.sessions);
    tell(&args.input, &accounts, err)?;

    let mut selected = shards::selection(&input.sessions, usize::MAX).events.into_iter();
    let mut events = |filter: &Filter| {
        let all = groups(&filter.detector, selected.next().unwrap_or_default());
        all.into_iter().flat_map(|group| group.events).collect()
    };
    let outcomes: Vec<Outcome> = controls
        .iter()
        .zip(&filters)
        .map(|(control, filter)| Outcome { control, events: filter.as_ref().map(&mut events) })
        .collect();
    cis::print(out, &Report { overview, outcomes: &outcomes, accounts: &accounts }, args.input.format)?;
    out.flush()?;
    close(&args.input, &input, &accounts, err)?;
    if !args.input.quiet {
        writeln!(err, "{}", cis::tally(&outcomes))?;
    }
    judge(&input, &accounts, err)
}
