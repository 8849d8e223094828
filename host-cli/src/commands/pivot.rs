//! `trailglass pivot`.

use std::io::{self, Write};

use analyzer_core::field::find;

use super::{Exit, query};
use crate::args::PivotArgs;
use crate::output::tops;
use crate::scan::ask;

/// What one wants to know of somebody.
const FIELDS: [&str; 9] = [
    "eventSource",
    "eventName",
    "errorCode",
    "awsRegion",
    "sourceIPAddress",
    "userAgent",
    "principal",
    "userIdentity.accessKeyId",
    "recipientAccountId",
];

pub(super) fn run(args: &PivotArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let Some(mut input) = query::read_matching(&args.query, &args.input, err)? else { return Ok(Exit::Error) };
    let fields: Vec<_> = FIELDS.iter().filter_map(|name| find(name)).collect();
    let overview = ask::overview(&mut input.sessions);
    let tops = tops::of(&mut input.sessions, &fields, args.limit);
    tops::print(out, &overview, &tops, args.input.format)?;
    out.flush()?;
    query::end(&args.input, &input, err)
}
