//! `trailglass top`.

use std::io::{self, Write};

use analyzer_core::field::FieldRef;

use super::{Exit, query};
use crate::args::{InputArgs, TopArgs};
use crate::output::{report, tops};
use crate::scan::ask;

pub(super) fn run(args: &TopArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let Some(fields) = query::fields(&args.fields, err)? else { return Ok(Exit::Error) };
    tell(&args.query, &args.input, &fields, args.limit, out, err)
}

/// Prints the most frequent values of these fields among the events that match.
pub(super) fn tell(
    query: &str,
    args: &InputArgs,
    fields: &[FieldRef],
    limit: usize,
    out: &mut impl Write,
    err: &mut impl Write,
) -> io::Result<Exit> {
    let Some(mut input) = query::read_matching(query, args, err)? else { return Ok(Exit::Error) };
    let overview = ask::overview(&mut input.sessions);
    let tops = tops::of(&mut input.sessions, &input.walk.files, fields, limit);
    let unread = tops.iter().map(|top| top.unread(overview.matching)).max().unwrap_or(0);
    if unread > 0 {
        report::line(err, format_args!("{unread} events could not be read again: their values are not counted"))?;
    }
    tops::print(out, &overview, &tops, args.format)?;
    out.flush()?;
    query::end(args, &input, err)
}
