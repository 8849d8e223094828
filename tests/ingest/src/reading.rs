//! A source that was read by a session, and what must be true of it.

use crate::oracle;
use analyzer_core::event::{EventRow, Form, Location};
use analyzer_core::ingest::{Extractor, Restart};
use analyzer_core::problem::{REJECTIONS_KEPT, SourceAccount};
use analyzer_core::session::Session;

/// Records that are looked up one by one: the others are read in the same way.
const LOOKED_UP: usize = 12;

/// A session that read one source.
pub struct Reading {
    /// The session.
    pub session: Session,
    /// The accounts of the source and its members.
    pub accounts: Vec<SourceAccount>,
    /// The events that were kept, in time order.
    pub rows: Vec<EventRow>,
}

impl Reading {
    /// Reads a source in these pieces.
    pub fn of(pieces: &[&[u8]]) -> Reading {
        let mut session = Session::new(Vec::new(), 7);
        let mut intake = session.open(3, "source".to_owned());
        pieces.iter().for_each(|piece| session.push(&mut intake, piece));
        let accounts = session.close(intake, None).to_vec();
        let rows = session.rows(0..u64::MAX);
        Reading { session, accounts, rows }
    }
}

/// Every account adds up, every place is inside of its text, and every record comes back from the source.
pub fn check(reading: &Reading, data: &[u8]) {
    let Reading { session, accounts, rows } = reading;
    for (number, account) in accounts.iter().enumerate() {
        assert!(account.reconciles(), "{account:?}");
        assert_eq!((account.ordinal, account.member as usize), (3, number));
        assert_eq!(account.rejections.len() as u64, account.rejected.min(REJECTIONS_KEPT as u64));
        assert!(account.rejections.is_sorted_by_key(|rejection| rejection.offset), "{account:?}");
        let last = account.rejections.iter().map(|rejection| rejection.offset + rejection.length).max();
        assert!(last.unwrap_or(0) <= account.bytes_inflated, "{account:?}");
        assert!(!account.is_archive() || account.seen == 0);
    }
    assert_eq!(accounts[0].bytes_read, data.len() as u64);
    assert_eq!(session.totals().kept, rows.len() as u64);
    let untimed: u64 = accounts.iter().map(|account| account.untimed).sum();
    assert_eq!(untimed, rows.iter().filter(|row| row.time_ms.is_none()).count() as u64);
    for row in rows.iter().take(LOOKED_UP) {
        let place = session.locate(&row.event_id).expect("every row has a place");
        let member = &accounts[place.member as usize];
        assert!(place.offset + u64::from(place.length) <= member.bytes_inflated, "{place:?} {member:?}");
        check_extraction(session, place, row, data);
    }
}

/// The record comes back, from the start of the source and from the place next to it, and is the one that was kept.
fn check_extraction(session: &Session, place: Location, row: &EventRow, data: &[u8]) {
    let found = extract(data, place, Restart::Start, data.len()).expect("the record comes back");
    assert!(place.form != Form::Record || found.len() == place.length as usize, "{place:?}");
    assert_eq!(extract(data, place, session.restart(place), 11).as_ref(), Some(&found), "{place:?}");
    let record = oracle::read(&found).expect("a record that was kept is JSON");
    assert!(oracle::is_event(&record), "{record}");
    let id = oracle::event_id(&record, &found);
    assert_eq!(oracle::canonical(row.event_id.clone()), oracle::canonical(id));
}

fn extract(data: &[u8], place: Location, restart: Restart, piece: usize) -> Option<Vec<u8>> {
    let mut extractor = Extractor::resume(place, restart);
    let mut pieces = data[restart.at() as usize..].chunks(piece.max(1));
    let is_complete = pieces.any(|piece| extractor.push(piece)) || extractor.finish();
    extractor.record().filter(|_| is_complete).map(String::into_bytes)
}
