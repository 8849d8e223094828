//! `trailglass top`.

use std::io::{self, Write};

use analyzer_core::field::{FieldRef, name};
use analyzer_core::predicate::parse;

use super::{Exit, query};
use crate::args::{InputArgs, TopArgs};
use crate::output::escape::Escaped;
use crate::output::{report, tops};
use crate::scan::ask;

pub(super) fn run(args: &TopArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let mut fields = Vec::new();
    for name in args.fields.split(',').map(str::trim) {
        if name::read(name).is_none_or(|(_, length)| length < name.len()) {
            report::line(err, format_args!("not the name of a field: {}", Escaped(name)))?;
            return Ok(Exit::Error);
        }
        // A name that is nearly that of a standard field is told.
        let test = format!("{name}:*");
        query::told(&test, &parse(&test, None), err)?;
        fields.push(FieldRef::parse(name));
    }
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
