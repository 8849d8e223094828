//! `trailglass top`.

use std::io::{self, Write};

use super::{Exit, query};
use crate::args::TopArgs;
use crate::output::tops;
use crate::scan::ask;

pub(super) fn run(args: &TopArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let names: Vec<String> = args.fields.split(',').map(|name| name.trim().to_owned()).collect();
    let Some(fields) = query::columns(&names, err)? else { return Ok(Exit::Error) };
    let Some(mut input) = query::read_matching(&args.query, &args.input, err)? else { return Ok(Exit::Error) };
    let overview = ask::overview(&mut input.sessions);
    let tops = tops::of(&mut input.sessions, &fields, args.limit);
    tops::print(out, &overview, &tops, args.input.format)?;
    out.flush()?;
    query::end(&args.input, &input, err)
}
