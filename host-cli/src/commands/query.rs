//! Commands that take a query: it is read, told what is wrong with it, and asked.

use std::io::{self, Write};

use analyzer_core::field::{self, Field, FieldRef, name};
use analyzer_core::predicate::{Parsed, Severity, parse};
use analyzer_core::problem::SourceAccount;

use super::{Exit, Input, close, judge, read, read_for, tell};
use crate::args::InputArgs;
use crate::output::escape::Escaped;
use crate::output::report;
use crate::scan::{ask, shards};

/// Reads what was asked for. The sessions' answers are about the query from then on. Nothing if the query is not
/// understood: half a query must not look like an answer.
pub(super) fn read_matching(query: &str, args: &InputArgs, err: &mut impl Write) -> io::Result<Option<Input>> {
    let parsed = parse(query, None);
    if parsed.uses_now {
        // Wrong parts are told before anything is read. What time it is now is known behind that.
        if !told(query, &parse(query, Some(0)), err)? {
            return Ok(None);
        }
        let mut input = read(args, &[], err)?;
        let parsed = parse(query, ask::newest_ms(&input.sessions));
        ask::set_query(&mut input.sessions, &parsed.predicate);
        let unread = shards::recheck(&mut input.sessions, &input.walk.files);
        if unread > 0 {
            report::line(
                err,
                format_args!("{unread} events could not be read again: whether they match is not known"),
            )?;
        }
        return Ok(Some(input));
    }
    if !told(query, &parsed, err)? {
        return Ok(None);
    }
    read_for(args, &[], &parsed.predicate, err).map(Some)
}

/// Tells what is wrong with a query; whether it can be asked.
pub(super) fn told(query: &str, parsed: &Parsed, err: &mut impl Write) -> io::Result<bool> {
    for problem in &parsed.problems {
        let what = match problem.severity {
            Severity::Wrong => "the query is not understood",
            Severity::Hint => "note",
        };
        report::query_problem(err, what, query, problem)?;
    }
    Ok(parsed.first_wrong().is_none())
}

/// The fields with these names, which commas part, or `None` when one is none, which is told.
pub(super) fn fields(names: &str, err: &mut impl Write) -> io::Result<Option<Vec<FieldRef>>> {
    let mut fields = Vec::new();
    for name in names.split(',').map(str::trim) {
        if name::read(name).is_none_or(|(_, length)| length < name.len()) {
            report::line(err, format_args!("not the name of a field: {}", Escaped(name)))?;
            return Ok(None);
        }
        // A name that is nearly that of a standard field is told.
        let test = format!("{name}:*");
        told(&test, &parse(&test, None), err)?;
        fields.push(FieldRef::parse(name));
    }
    Ok(Some(fields))
}

/// The columns with these names, or `None` when one is none, which is told.
pub(super) fn columns(names: &[String], err: &mut impl Write) -> io::Result<Option<Vec<&'static Field>>> {
    let mut columns = Vec::new();
    for name in names {
        match field::find(name) {
            Some(field) if field.is_counted() => columns.push(field),
            _ => {
                report::line(err, format_args!("not a field that can be counted: {}", Escaped(name)))?;
                writeln!(err, "hint: `trailglass fields` marks those that can with a star")?;
                return Ok(None);
            }
        }
    }
    Ok(Some(columns))
}

/// What every such command ends with.
pub(super) fn end(args: &InputArgs, input: &Input, err: &mut impl Write) -> io::Result<Exit> {
    let accounts: Vec<&SourceAccount> = shards::accounts(&input.sessions);
    tell(args, &accounts, err)?;
    close(args, input, &accounts, err)?;
    judge(input, &accounts, err)
}
