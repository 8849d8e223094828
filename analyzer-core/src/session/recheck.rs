//! What columns cannot decide, records do: sources are read again, each once, and every event in them that is open is
//! asked. The edge reads the bytes, as it does for the first time.

use super::matching::Matching;
use super::{OpenSource, Session, sources};
use crate::field::{FieldRef, Place};
use crate::ingest::memo::Memo;
use crate::ingest::record::{self, Around, Record};
use crate::ingest::sift::Sift;
use crate::predicate::{Matcher, Predicate, Test};
use crate::store::Store;

/// For whom a source is read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sought {
    /// The query.
    Query,
    /// The subject: see [`Session::set_subject`].
    Subject,
}

/// A source that is read again for the events in it that are open. It is of no use for another query.
pub struct Recheck {
    sift: Sift,
    memo: Memo,
    sought: Sought,
    generation: u64,
}

impl Session {
    /// Sources that have to be read again until it is known which events match the query, by ordinal. Those that could
    /// not be read again stay among them.
    pub fn open_sources(&mut self) -> Vec<OpenSource> {
        self.open_sources_of(Sought::Query)
    }

    /// The same for the query or the subject.
    pub fn open_sources_of(&mut self, sought: Sought) -> Vec<OpenSource> {
        let (store, matching) = self.sought(sought);
        sources::of_rows(store, &matching.open(store))
    }

    /// Starts to read a source again for the query, from its first byte.
    pub fn recheck(&mut self, ordinal: u32) -> Recheck {
        self.recheck_of(Sought::Query, ordinal)
    }

    /// The same for the query or the subject.
    pub fn recheck_of(&mut self, sought: Sought, ordinal: u32) -> Recheck {
        let (store, matching) = self.sought(sought);
        let sift = sources::sift(store, ordinal, |row| matching.is_open(store, row));
        Recheck { sift, memo: Memo::new(0), sought, generation: matching.generation }
    }

    /// Reads the next bytes of the source. Says whether more are needed: not if another query was set meanwhile.
    pub fn recheck_push(&mut self, recheck: &mut Recheck, bytes: &[u8]) -> bool {
        let Recheck { sift, memo, sought, generation } = recheck;
        let (store, matching) = self.sought(*sought);
        if *generation != matching.generation {
            return false;
        }
        sift.push(bytes, &mut |row, record| {
            let holds = holds(store, row, matching.query(), record, memo);
            matching.settle(row, holds);
        })
    }

    /// The source is at its end.
    pub fn recheck_end(&mut self, recheck: Recheck) {
        let Recheck { sift, mut memo, sought, generation } = recheck;
        let (store, matching) = self.sought(sought);
        if generation == matching.generation {
            sift.finish(&mut |row, record| {
                let holds = holds(store, row, matching.query(), record, &mut memo);
                matching.settle(row, holds);
            });
        }
    }

    fn sought(&mut self, sought: Sought) -> (&Store, &mut Matching) {
        match sought {
            Sought::Query => (&self.store, &mut self.matching),
            Sought::Subject => (&self.store, &mut self.subject),
        }
    }
}

/// Whether the predicate holds for a row whose record is at hand, as UTF-8.
fn holds(store: &Store, row: u32, predicate: &Predicate, bytes: &[u8], memo: &mut Memo) -> bool {
    let known = predicate.decide(&mut |test| match test.field {
        FieldRef::Raw => Some(holds_in_text(&test.matcher, bytes)),
        _ => holds_in_columns(store, row, test),
    });
    if let Some(holds) = known {
        return holds;
    }
    let decided = record::read(bytes, memo, |record| holds_for(store, row, predicate, record));
    decided.unwrap_or(false)
}

/// Whether the predicate holds for a row whose record was read.
pub(super) fn holds_for(store: &Store, row: u32, predicate: &Predicate, record: &Record) -> bool {
    let mut test_holds = |test: &Test| {
        let around = Around { principal: &|| store.principal(row), event_id: &|| store.event_id(row) };
        holds_in_columns(store, row, test).or_else(|| Some(record.holds(test, &around)))
    };
    predicate.decide(&mut test_holds) == Some(true)
}

/// What the columns say of a test; nothing of one that only a record can answer.
fn holds_in_columns(store: &Store, row: u32, test: &Test) -> Option<bool> {
    match &test.field {
        _ if test.matcher.needs_record() => None,
        FieldRef::Standard(field) => match field.place {
            Place::Time => Some(store.time(row).is_some_and(|ms| test.matcher.matches_time(ms))),
            Place::Record => None,
            _ => Some(store.value(row, field).is_some_and(|value| test.matcher.matches(&value))),
        },
        FieldRef::Path(_) | FieldRef::Selector(_) | FieldRef::Raw | FieldRef::Anywhere => None,
    }
}

/// What the text of a record says of a test of it.
fn holds_in_text(matcher: &Matcher, bytes: &[u8]) -> bool {
    match matcher {
        Matcher::Contains(contains) => contains.is_in(bytes),
        _ => std::str::from_utf8(bytes).is_ok_and(|text| matcher.matches(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::shape::samples::all;
    use crate::predicate::parse;
    use crate::session::Among;

    fn load(session: &mut Session, ordinal: u32, bytes: &[u8]) {
        let mut intake = session.open(ordinal, String::new());
        session.push(&mut intake, bytes);
        session.close(intake, None);
    }

    fn names(session: &mut Session) -> Vec<String> {
        let rows = session.rows(0..u64::MAX).into_iter();
        let mut names: Vec<_> = rows.map(|row| row.event_name.unwrap_or_default()).collect();
        names.sort_unstable();
        names
    }

    fn recheck(session: &mut Session, ordinal: u32, bytes: &[u8], piece: usize) {
        let mut recheck = session.recheck(ordinal);
        bytes.chunks(piece.max(1)).all(|piece| session.recheck_push(&mut recheck, piece));
        session.recheck_end(recheck);
    }

    /// A query that is asked behind the events finds what it finds when it is asked before them.
    fn check(query: &str, bytes: &[u8]) -> Vec<String> {
        let query = parse(query, None).predicate;
        let (mut before, mut behind) = (Session::new(Vec::new(), 1), Session::new(Vec::new(), 1));
        before.set_query(query.clone());
        load(&mut before, 3, bytes);
        load(&mut behind, 3, bytes);
        behind.set_query(query);
        assert_eq!(before.open_sources(), []);
        for piece in [bytes.len(), 7] {
            for source in behind.open_sources() {
                assert_eq!(source.ordinal, 3);
                recheck(&mut behind, 3, bytes, piece);
            }
            assert_eq!(behind.open_sources(), []);
        }
        assert_eq!(names(&mut behind), names(&mut before));
        names(&mut before)
    }

    #[test]
    fn every_shape_is_asked_again() {
        for sample in all() {
            let found = check("requestParameters:* OR requestID:*", &sample.bytes);
            let others = check("NOT (requestParameters:* OR requestID:*)", &sample.bytes);
            let mut all: Vec<_> = found.into_iter().chain(others).collect();
            all.sort_unstable();
            let mut expected = sample.events.clone();
            expected.sort_unstable();
            assert_eq!(all, expected, "{}", sample.name);
        }
    }

    const TRAIL: &str = r#"{"Records":[
        {"eventVersion":"1.08","eventName":"A","eventID":"1","requestParameters":{"bucketName":"logs","n":[1,{"deep":"x"}]}},
        {"eventVersion":"1.08","eventName":"B","eventID":"2","requestParameters":{"bucketName":"web"},"responseElements":null},
        {"eventVersion":"1.08","eventName":"C","eventID":"3","requestParameters":null,"apiVersion":"2016-11-15"}]}"#;

    #[test]
    fn paths() {
        let check = |query: &str, expected: &[&str]| assert_eq!(check(query, TRAIL.as_bytes()), expected, "{query}");
        check("requestParameters.bucketName:LOGS", &["A"]);
        check("requestParameters.n.deep:x", &["A"]);
        check("requestParameters:*", &["A", "B"]);
        check("NOT requestParameters.bucketName:logs", &["B", "C"]);
        check("name:B AND requestParameters.bucketName:*", &["B"]);
        check("name:C OR requestParameters.bucketName:logs", &["A", "C"]);
        check("apiVersion:2016*", &["C"]);
        check("responseElements:*", &[]);
        check("buCKetname", &["A", "B"]);
        check("logs OR apiVersion", &["A", "C"]);
        check("name:B AND NOT logs", &["B"]);
        check(r"/n.:\[1/", &["A"]);
    }

    #[test]
    fn a_subject_is_looked_for_beside_the_query() {
        let mut session = Session::new(Vec::new(), 1);
        session.set_query(parse("name:B", None).predicate);
        load(&mut session, 0, TRAIL.as_bytes());
        session.set_subject(parse("requestParameters.bucketName=logs", None).predicate);
        let count = |session: &mut Session| session.overview_of(&Among::Subject).matching;
        assert_eq!((count(&mut session), session.open_sources()), (0, vec![]));
        assert_eq!(session.open_sources_of(Sought::Subject), [OpenSource { ordinal: 0, events: 3 }]);
        let mut recheck = session.recheck_of(Sought::Subject, 0);
        // Another query changes nothing for the subject.
        session.set_query(parse("name:C", None).predicate);
        session.recheck_push(&mut recheck, TRAIL.as_bytes());
        session.recheck_end(recheck);
        assert_eq!((count(&mut session), session.open_sources_of(Sought::Subject)), (1, vec![]));
        assert_eq!(names(&mut session), ["C"]);
        // What comes behind it is asked at once.
        load(&mut session, 1, TRAIL.replace("\"eventID\":\"", "\"eventID\":\"again ").as_bytes());
        assert_eq!((count(&mut session), session.open_sources_of(Sought::Subject)), (2, vec![]));
        let ids = ["1", "again 1", "2", "nobody's"].map(str::to_owned);
        assert_eq!(session.count_ids(&Among::Subject, &ids), 2);
        assert_eq!(session.count_ids(&Among::Matching, &["3".to_owned()]), 1);
    }

    #[test]
    fn only_what_is_open_is_read_again_and_only_for_the_query_of_now() {
        let mut session = Session::new(Vec::new(), 1);
        load(&mut session, 0, TRAIL.as_bytes());
        load(&mut session, 5, TRAIL.replace("\"eventID\":\"", "\"eventID\":\"again ").as_bytes());
        session.set_query(parse("name:A AND requestParameters.bucketName:logs", None).predicate);
        let open = |ordinal| OpenSource { ordinal, events: 1 };
        assert_eq!(session.open_sources(), [open(0), open(5)]);
        let mut late = session.recheck(5);
        recheck(&mut session, 0, TRAIL.as_bytes(), 100);
        assert_eq!((session.open_sources(), names(&mut session)), (vec![open(5)], vec!["A".to_owned()]));
        session.set_query(parse("apiVersion:*", None).predicate);
        assert!(!session.recheck_push(&mut late, TRAIL.as_bytes()));
        session.recheck_end(late);
        assert_eq!(names(&mut session), [""; 0]);
        // A source that has changed: its events stay open.
        recheck(&mut session, 0, b"something else", 100);
        assert_eq!(session.open_sources().len(), 2);
    }
}
