//! `trailglass search`.

use std::io::{self, Write};
use std::num::NonZeroU64;

use analyzer_core::event::EventRow;
use analyzer_core::predicate::parse;
use analyzer_core::session::Session;

use super::{Exit, query};
use crate::args::{Format, SearchArgs};
use crate::output::{counted, escape::Escaped, events, report};
use crate::scan::ask::{self, Order};
use crate::scan::shards;

pub(super) fn run(args: &SearchArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let Some(mut input) = query::read_matching(&args.query, &args.input, err)? else { return Ok(Exit::Error) };
    let overview = ask::overview(&mut input.sessions);
    if let Some(event_id) = &args.explain {
        let now = ask::newest_ms(&input.sessions);
        let Some((record, place)) = shards::record_of(&input.sessions, &input.walk.files, event_id) else {
            report::line(err, format_args!("no event has this id: {}", Escaped(event_id)))?;
            return Ok(Exit::Error);
        };
        let predicate = parse(&args.query, now).predicate;
        events::explain(out, &input.sessions[place].explain(&predicate, event_id, &record), args.input.format)?;
    } else {
        let order = if args.newest_first { Order::NewestFirst } else { Order::OldestFirst };
        let files = &input.walk.files;
        let mut printer = events::Printer::new(args.input.format, args.query.clone(), overview);
        ask::each_page(&mut input.sessions, order, NonZeroU64::new(args.limit), |sessions, rows| {
            if args.raw {
                let places: Vec<_> = rows.iter().filter_map(|row| locate(sessions, row)).collect();
                for record in shards::records(files, &places) {
                    events::raw(out, record.as_deref())?;
                }
                return Ok(());
            }
            printer.rows(out, &rows)
        })?;
        if !args.raw {
            printer.end(out)?;
        }
    }
    out.flush()?;
    if !args.input.quiet && args.explain.is_none() {
        let shown = if args.limit == 0 { overview.matching } else { overview.matching.min(args.limit) };
        let matching = counted(overview.matching, "event matches", "events match");
        match shown == overview.matching {
            true => writeln!(err, "{matching}.")?,
            false => writeln!(err, "{matching}; the first {shown} are shown, --limit shows more.")?,
        }
    }
    if args.input.format == Format::Human && overview.matching == 0 && args.explain.is_none() {
        writeln!(err, "hint: an empty query, \"\", shows all events")?;
    }
    query::end(&args.input, &input, err)
}

fn locate(sessions: &[Session], row: &EventRow) -> Option<analyzer_core::event::Location> {
    sessions.iter().find_map(|session| session.locate(&row.event_id))
}
