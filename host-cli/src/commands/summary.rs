//! `trailglass summary`.

use std::io::{self, Write};

use analyzer_core::view::summary::Summary;

use super::{Exit, close, judge, read, tell};
use crate::args::SummaryArgs;
use crate::output::summary;
use crate::scan::shards;

pub(super) fn run(args: &SummaryArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let mut input = read(&args.input, &[], err)?;
    tell(&args.input, &shards::accounts(&input.sessions), err)?;
    let mut all = Summary::default();
    for session in &mut input.sessions {
        all.merge(session.summary());
    }
    let accounts = shards::accounts(&input.sessions);
    summary::print(out, &all, &accounts, args.input.format)?;
    out.flush()?;
    close(&args.input, &input, &accounts, err)?;
    judge(&input, &accounts, err)
}
