//! Sources in every wrapping, however they are cut: what is read, what is told, and how a record is found again.

use super::container::{ContainerFault, Wrapping};
use super::*;
use crate::problem::NotCloudTrail;
use crate::session::Session;

mod damage;
mod limits;
mod pack;
mod wrappings;

use pack::*;

/// The account of a source or member in short: its name, wrappings, kept events and faults.
type Short = (String, Vec<Wrapping>, u64, Vec<Fault>);

/// What was read of a source.
#[derive(Debug, PartialEq)]
struct Reading {
    accounts: Vec<SourceAccount>,
    /// Where the records are.
    places: Vec<Location>,
}

impl Reading {
    fn short(&self) -> Vec<Short> {
        let short = |a: &SourceAccount| (a.name.clone(), a.wrapping.clone(), a.kept, a.faults.clone());
        self.accounts.iter().map(short).collect()
    }

    /// Events kept in all members.
    fn kept(&self) -> u64 {
        self.accounts.iter().map(|account| account.kept).sum()
    }

    fn has_fault(&self) -> bool {
        self.accounts.iter().any(|account| !account.faults.is_empty())
    }
}

/// Reads a source in pieces of this size.
fn read(bytes: &[u8], piece: usize) -> Reading {
    let mut places = Vec::new();
    let mut keep = |_: &Record, place: Location| {
        places.push(place);
        Kept::Kept
    };
    let mut reader = Reader::new(3, "source".to_owned());
    let mut memo = memo::Memo::new(0);
    bytes.chunks(piece.max(1)).for_each(|piece| reader.push(piece, &mut memo, &mut keep));
    let kept = reader.kept();
    let (accounts, _) = reader.finish(&mut memo, &mut keep);
    assert!(kept <= places.len() as u64);
    assert!(accounts.iter().all(SourceAccount::reconciles), "{accounts:?}");
    for (number, account) in accounts.iter().enumerate() {
        assert_eq!((account.ordinal, account.member), (3, number as u32));
        let kept = places.iter().filter(|place| place.member == account.member).count();
        assert_eq!(kept as u64, account.kept);
    }
    assert_eq!(accounts[0].bytes_read, bytes.len() as u64);
    Reading { accounts, places }
}

/// Reads a source whole and in small pieces: it must be the same.
fn read_all_ways(bytes: &[u8]) -> Reading {
    let whole = read(bytes, usize::MAX);
    for piece in [1, 3, 17, 500] {
        assert_eq!(read(bytes, piece), whole, "in pieces of {piece}");
    }
    whole
}

/// Checks what a source holds: name, wrappings, events and faults of each account.
fn check(bytes: &[u8], expected: &[(&str, &[Wrapping], u64, &[Fault])]) -> Reading {
    let reading = read_all_ways(bytes);
    let expected: Vec<Short> = expected
        .iter()
        .map(|(name, wrapping, kept, faults)| (format!("source{name}"), wrapping.to_vec(), *kept, faults.to_vec()))
        .collect();
    assert_eq!(reading.short(), expected);
    check_extraction(bytes, &reading);
    reading
}

/// Every record comes back, from the start of the source and from its restart.
fn check_extraction(bytes: &[u8], reading: &Reading) {
    let mut session = Session::new(Vec::new(), 1);
    let mut intake = session.open(3, "source".to_owned());
    session.push(&mut intake, bytes);
    session.close(intake, None);
    for &place in &reading.places {
        let restart = session.restart(place);
        for (restart, piece) in [(Restart::Start, 1_000), (restart, 1_000), (restart, 7)] {
            let text = extract(bytes, place, restart, piece).unwrap_or_default();
            assert!(text.starts_with(r#"{"eventVersion""#) && text.ends_with('}'), "{place:?} {restart:?}: {text}");
            assert_eq!(Some(text), extract(bytes, place, Restart::Start, 1 << 20));
        }
    }
}

fn extract(bytes: &[u8], place: Location, restart: Restart, piece: usize) -> Option<String> {
    let mut extractor = Extractor::resume(place, restart);
    let _ = bytes[restart.at() as usize..].chunks(piece).any(|piece| extractor.push(piece)) || extractor.finish();
    extractor.record()
}
