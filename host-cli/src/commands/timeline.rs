//! `trailglass timeline`.

use std::io::{self, Write};

use analyzer_core::session::Among;
use analyzer_core::view::timeline::Buckets;

use super::{Exit, query};
use crate::args::TimelineArgs;
use crate::output::bars::{self, Bars};
use crate::scan::ask;

/// Values that are counted apart.
const SPLIT: usize = 5;

pub(super) fn run(args: &TimelineArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let names: Vec<String> = args.split.iter().cloned().collect();
    let Some(fields) = query::columns(&names, err)? else { return Ok(Exit::Error) };
    let Some(mut input) = query::read_matching(&args.query, &args.input, err)? else { return Ok(Exit::Error) };
    let overview = ask::overview(&mut input.sessions);
    if let Some(span) = overview.span_ms {
        let buckets = Buckets::over(span, args.bars);
        let counts = ask::timeline(&mut input.sessions, buckets).counts;
        let split = fields.first().and_then(|field| {
            let top = ask::tops(&mut input.sessions, &Among::Matching, &[field], SPLIT).pop()?;
            let values: Vec<String> = top.values.into_iter().map(|(value, _)| value).collect();
            let split = ask::timeline_split(&mut input.sessions, buckets, field, &values)?;
            Some((values, split))
        });
        bars::print(out, &Bars { overview, buckets, counts, split }, args.input.format)?;
    }
    out.flush()?;
    query::end(&args.input, &input, err)
}
