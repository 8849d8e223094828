//! Free text over all raw records: compressed files are read again, beside inflating them and throwing the bytes away.

use crate::clock::{Took, measure as clock};
use crate::files::{self, File};
use crate::{inflate, ingest};
use analyzer_core::predicate::parse;

/// Events of the trail that is read again.
const EVENTS: u64 = 300_000;

/// Two texts that few records have, as people type them: their case does not matter.
const QUERY: &str = "\"AWS-KMS\" OR snapshot";

/// What reading again takes.
pub struct Text {
    /// Records that were read.
    pub events: u64,
    /// Of these match.
    pub matching: u64,
    /// Inflating alone, one thread.
    pub inflate: Took,
    /// Inflating and looking for the words, one thread.
    pub search: Took,
}

/// The least of so many rounds of each.
pub fn measure(seed: u64, rounds: u32) -> Result<Text, String> {
    let files = files::generate(EVENTS, seed);
    let mut session = ingest::all(&files);
    let query = parse(QUERY, None).predicate;
    let (mut inflated, mut searched, mut matching) = (None::<Took>, None::<Took>, 0);
    for _ in 0..rounds {
        let (bytes, took) = clock(|| inflate::discard(&files));
        bytes?;
        inflated = Some(took.least(inflated));
        session.set_query(parse("", None).predicate);
        session.set_query(query.clone());
        let (found, took) = clock(|| {
            files.iter().enumerate().for_each(|(number, file)| again(&mut session, number, file));
            session.overview().matching
        });
        searched = Some(took.least(searched));
        if !session.open_sources().is_empty() || found == 0 {
            return Err("the measurement is void: not every record was read again".to_owned());
        }
        matching = found;
    }
    let (Some(inflate), Some(search)) = (inflated, searched) else { return Err("nothing was measured".to_owned()) };
    Ok(Text { events: files::counts(&files).kept, matching, inflate, search })
}

fn again(session: &mut analyzer_core::session::Session, number: usize, file: &File) {
    let mut recheck = session.recheck(u32::try_from(number).unwrap_or(u32::MAX));
    session.recheck_push(&mut recheck, &file.packed);
    session.recheck_end(recheck);
}
