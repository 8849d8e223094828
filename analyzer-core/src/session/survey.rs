//! What only records hold is counted while sources are read again, each once. The edge reads the bytes, as it does for
//! the first time.

use super::{OpenSource, Session, sources};
use crate::ingest::memo::Memo;
use crate::ingest::record::{self, Around};
use crate::ingest::sift::Sift;
use crate::store::Store;
use crate::view::tally::Tally;

/// A source that is read again for those of its events that match.
pub struct Survey {
    sift: Sift,
    memo: Memo,
}

impl Session {
    /// Sources that hold events that match, by ordinal, and how many.
    pub fn matching_sources(&mut self) -> Vec<OpenSource> {
        sources::of_rows(&self.store, self.matching.rows(&self.store))
    }

    /// Starts to read a source again, from its first byte.
    pub fn survey(&mut self, ordinal: u32) -> Survey {
        let store = &self.store;
        let matching = self.matching.rows(store);
        Survey { sift: sources::sift(store, ordinal, |row| matching.contains(row)), memo: Memo::new(0) }
    }

    /// Reads the next bytes of the source, and counts. Says whether more are needed.
    pub fn survey_push(&self, survey: &mut Survey, tally: &mut Tally, bytes: &[u8]) -> bool {
        let Survey { sift, memo } = survey;
        sift.push(bytes, &mut |row, record| count(&self.store, row, record, memo, tally))
    }

    /// The source is at its end.
    pub fn survey_end(&self, survey: Survey, tally: &mut Tally) {
        let Survey { sift, mut memo } = survey;
        sift.finish(&mut |row, record| count(&self.store, row, record, &mut memo, tally));
    }
}

fn count(store: &Store, row: u32, bytes: &[u8], memo: &mut Memo, tally: &mut Tally) {
    record::read(bytes, memo, |record| {
        let around = Around { principal: &|| store.principal(row), event_id: &|| store.event_id(row) };
        tally.add(|field, each| record.each_value(field, &around, each));
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::FieldRef;
    use crate::predicate::parse;

    const TRAIL: &str = r#"{"Records":[
        {"eventVersion":"1.08","eventName":"A","eventID":"1","requestParameters":{"b":"x","tags":[{"k":"p"},{"k":"q"},{"k":"p"}]}},
        {"eventVersion":"1.08","eventName":"A","eventID":"2","requestParameters":{"b":"y"}},
        {"eventVersion":"1.08","eventName":"B","eventID":"3","requestParameters":{"b":"x"}},
        {"eventVersion":"1.08","eventName":"B","eventID":"3","requestParameters":{"b":"x"}},
        {"eventVersion":"1.08","eventName":"C","eventID":"4","requestParameters":null}]}"#;

    /// The values of a field in the events that match, and how many have none.
    fn check(query: &str, field: &str, expected: &[(&str, u64)], missing: u64) {
        for piece in [7, TRAIL.len()] {
            let mut session = Session::new(Vec::new(), 1);
            let mut intake = session.open(4, String::new());
            session.push(&mut intake, TRAIL.as_bytes());
            session.close(intake, None);
            session.set_query(parse(query, None).predicate);
            let mut tally = Tally::new([FieldRef::parse(field)]);
            for source in session.matching_sources() {
                let mut survey = session.survey(source.ordinal);
                TRAIL.as_bytes().chunks(piece).all(|piece| session.survey_push(&mut survey, &mut tally, piece));
                session.survey_end(survey, &mut tally);
            }
            // Another shard without events changes nothing.
            tally.merge(Tally::new([FieldRef::parse(field)]));
            let top = tally.firsts(10).remove(0);
            let found: Vec<_> = top.values.iter().map(|(value, n)| (value.as_str(), *n)).collect();
            assert_eq!((found.as_slice(), top.missing), (expected, missing), "{query} {field}");
            assert_eq!(top.present + top.missing, session.overview().matching);
        }
    }

    #[test]
    fn records_are_counted() {
        check("", "requestParameters.b", &[("x", 2), ("y", 1)], 1);
        check("name:A", "requestParameters.b", &[("x", 1), ("y", 1)], 0);
        check("", "requestParameters.tags.k", &[("p", 1), ("q", 1)], 3);
        check("name:C", "requestParameters.b", &[], 1);
        check("name:Z", "requestParameters.b", &[], 0);
        check("", "eventID", &[("1", 1), ("2", 1), ("3", 1), ("4", 1)], 0);
        check("", "eventName", &[("A", 2), ("B", 1), ("C", 1)], 0);
    }
}
