//! `trailglass top`.

use std::io::{self, Write};

use analyzer_core::field::Field;

use super::{Exit, query};
use crate::args::{InputArgs, TopArgs};
use crate::output::tops;
use crate::scan::ask;

pub(super) fn run(args: &TopArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let names: Vec<String> = args.fields.split(',').map(|name| name.trim().to_owned()).collect();
    let Some(fields) = query::columns(&names, err)? else { return Ok(Exit::Error) };
    tell(&args.query, &args.input, &fields, args.limit, out, err)
}

/// Prints the most frequent values of these columns among the events that match.
pub(super) fn tell(
    query: &str,
    args: &InputArgs,
    fields: &[&'static Field],
    limit: usize,
    out: &mut impl Write,
    err: &mut impl Write,
) -> io::Result<Exit> {
    let Some(mut input) = query::read_matching(query, args, err)? else { return Ok(Exit::Error) };
    let overview = ask::overview(&mut input.sessions);
    let tops = tops::of(&mut input.sessions, fields, limit);
    tops::print(out, &overview, &tops, args.format)?;
    out.flush()?;
    query::end(args, &input, err)
}
