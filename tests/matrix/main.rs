//! Every shape in every container is read as if it were plain.

// A test that cannot go on is to fail.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod command_line;

use analyzer_core::event::EventRow;
use analyzer_core::ingest::Extractor;
use analyzer_core::problem::SourceAccount;
use analyzer_core::session::Session;
use fixtures::shapes::{Sample, all};
use fixtures::{CONTAINERS, Container};

/// An event, and its record as it is read again from the file.
#[derive(Debug, PartialEq)]
struct Event {
    /// Without the id that is made for an event that has none: it comes from the event's place.
    row: EventRow,
    record: String,
}

impl Event {
    fn has_id(&self) -> bool {
        !self.row.event_id.is_empty()
    }
}

/// All that is read of a file.
struct Reading {
    /// By their records.
    events: Vec<Event>,
    accounts: Vec<SourceAccount>,
    digests: Vec<String>,
}

fn read(bytes: &[u8], piece: usize) -> Reading {
    let mut session = Session::new(Vec::new(), 0);
    let mut intake = session.open(0, "file".to_owned());
    bytes.chunks(piece).for_each(|piece| session.push(&mut intake, piece));
    let accounts = session.close(intake, None).to_vec();
    let rows = session.rows(0..u64::MAX);
    let mut events: Vec<Event> = rows.into_iter().map(|row| read_again(&session, row, bytes, piece)).collect();
    events.sort_by(|a, b| a.record.cmp(&b.record));
    Reading { events, accounts, digests: session.digests().iter().map(|digest| digest.text.clone()).collect() }
}

fn read_again(session: &Session, mut row: EventRow, bytes: &[u8], piece: usize) -> Event {
    let location = session.locate(&row.event_id).expect("an event has a place");
    let restart = session.restart(location);
    let mut extractor = Extractor::resume(location, restart);
    let is_complete = bytes[restart.at() as usize..].chunks(piece).any(|piece| extractor.push(piece));
    assert!(is_complete || extractor.finish(), "the record of {row:?} is not at {location:?}, from {restart:?} on");
    let record = extractor.record().unwrap_or_else(|| panic!("there is no record of {row:?} at {location:?}"));
    if !record.contains(&row.event_id) {
        row.event_id.clear();
    }
    Event { row, record }
}

fn words<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

fn check(sample: &Sample, container: &Container, piece: usize) {
    let cell = format!("{} in {}, in pieces of {piece}", sample.name, container.name);
    let plain = read(&sample.bytes, usize::MAX);
    let packed = read(&(container.pack)(&sample.bytes), piece);

    let mut names: Vec<&str> =
        packed.events.iter().map(|event| event.row.event_name.as_deref().unwrap_or("")).collect();
    let mut expected = sample.events.clone();
    names.sort_unstable();
    expected.sort_unstable();
    assert_eq!(names, expected, "{cell}: {:?}", packed.accounts);
    assert_eq!(packed.events, plain.events, "{cell}");
    assert_eq!(packed.digests, plain.digests, "{cell}");

    let wrapping: Vec<Vec<String>> = packed.accounts.iter().map(|account| words(&account.wrapping)).collect();
    assert_eq!(wrapping, container.wrapping, "{cell}");
    let (text, archives) = packed.accounts.split_last().expect("every file has an account");
    for archive in archives {
        assert!(archive.is_archive() && archive.faults.is_empty() && archive.seen == 0, "{cell}: {archive:?}");
    }
    let shapes: Vec<&str> = [sample.shape].into_iter().filter(|shape| !shape.is_empty()).collect();
    assert_eq!(words(&text.shapes), shapes, "{cell}");
    assert_eq!(words(&text.notes), sample.notes, "{cell}");
    assert_eq!(words(&text.faults), sample.faults, "{cell}");
    let reasons: Vec<_> = text.rejections.iter().map(|rejection| rejection.reason).collect();
    assert_eq!(words(&reasons), sample.rejected, "{cell}");
    assert_eq!((text.kept, text.rejected), (expected.len() as u64, sample.rejected.len() as u64), "{cell}");
    assert!(text.reconciles(), "{cell}: {text:?}");
    let layers = container.wrapping.last().into_iter().flat_map(|layers| layers.iter().rev()).copied();
    let what: Vec<&str> = shapes.into_iter().chain(layers).collect();
    assert_eq!(text.what().map(|it| it.to_string()).unwrap_or_default(), what.join(" in "), "{cell}");
}

#[test]
fn every_shape_in_every_container() {
    let shapes = all();
    let mut cells = 0;
    for sample in &shapes {
        for container in &CONTAINERS {
            for piece in [7, usize::MAX] {
                check(sample, container, piece);
            }
            cells += 1;
        }
    }
    assert!(shapes.len() > 50, "only {} shapes", shapes.len());
    assert_eq!(cells, shapes.len() * CONTAINERS.len());
}

#[test]
fn archives_say_what_they_are() {
    let what = |name: &str| {
        let container = CONTAINERS.iter().find(|container| container.name == name).unwrap();
        read(&(container.pack)(&all()[0].bytes), usize::MAX).accounts[0].what().unwrap().to_string()
    };
    assert_eq!(what("tar in gzip"), "tar archive in gzip");
    assert_eq!(what("zip in zip"), "zip archive");
}
