//! `trailglass around`.

use std::io::{self, Write};

use analyzer_core::event::format_time;
use analyzer_core::field::{Field, find};
use analyzer_core::predicate::parse;
use analyzer_core::session::Among;

use super::{Exit, query, read};
use crate::args::AroundArgs;
use crate::output::around::{self, Around, Linked};
use crate::output::escape::Escaped;
use crate::output::report;
use crate::scan::{ask, shards};

const MINUTE_MS: i64 = 60_000;

pub(super) fn run(args: &AroundArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let mut input = read(&args.input, &[], err)?;
    let found =
        input.sessions.iter().enumerate().find_map(|(place, session)| Some((place, session.locate(&args.event)?)));
    let Some((place, location)) = found else {
        report::line(err, format_args!("no event has this id: {}", Escaped(&args.event)))?;
        return Ok(Exit::Error);
    };
    let Some(at_ms) = input.sessions[place].time_of(&args.event) else {
        report::line(err, format_args!("this event has no time: {}", Escaped(&args.event)))?;
        return Ok(Exit::Error);
    };
    let reach = i64::from(args.minutes) * MINUTE_MS;
    let query = format!("eventTime:[{} TO {}]", format_time(at_ms - reach), format_time(at_ms + reach));
    let window = Among::These(parse(&query, None).predicate);
    let subjects = shards::records(&input.walk.files, &[location])
        .pop()
        .flatten()
        .map(|record| input.sessions[place].subjects(&args.event, &record))
        .unwrap_or_default();
    let mut linked = Vec::new();
    for subject in subjects {
        // What only records hold would have to be read again to be counted.
        let is_counted = find(&subject.field).is_some_and(Field::is_counted);
        let events = is_counted.then(|| {
            let both = parse(&format!("{query} AND {}", subject.query), None).predicate;
            ask::overview_of(&mut input.sessions, &Among::These(both)).matching
        });
        linked.push(Linked { subject, events });
    }
    let there = ask::overview_of(&mut input.sessions, &window);
    let fields = around::compare(&mut input.sessions, &window, &there, args.limit);
    around::print(out, &Around { query, overview: there, linked, fields }, args.input.format)?;
    out.flush()?;
    query::end(&args.input, &input, err)
}
