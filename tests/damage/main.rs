//! Damage at random places: nothing panics, every account reconciles, and no record outside of the damage is lost.

// A test that cannot go on is to fail.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use analyzer_core::problem::{Reason, SourceAccount};
use analyzer_core::session::Session;
use proptest::prelude::*;
use trail_generator::gzip;

const RECORDS: usize = 8;

static GOOD: LazyLock<Vec<String>> = LazyLock::new(|| fixtures::records(RECORDS));

/// What was read: the account, and for each event its id and its place.
struct Reading {
    account: SourceAccount,
    events: HashMap<String, Range<u64>>,
}

/// Reads bytes in pieces.
fn read(bytes: &[u8], piece: usize) -> Reading {
    let mut session = Session::new(Vec::new(), 1);
    let mut intake = session.open(0, "damaged".to_owned());
    for piece in bytes.chunks(piece.max(1)) {
        session.push(&mut intake, piece);
    }
    let account = session.close(intake, None)[0].clone();
    let rows = session.rows(0..u64::MAX);
    let place = |id: &str| {
        // An event that lost its own id to the damage has a made one, and is not asked for here.
        let location = session.locate(id)?;
        Some(location.offset..location.offset + u64::from(location.length))
    };
    let ids: Vec<String> = rows.into_iter().map(|row| row.event_id).collect();
    let events = ids.into_iter().filter_map(|id| place(&id).map(|place| (id, place))).collect();
    Reading { account, events }
}

fn id(record: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(record).expect("a good record");
    value["eventID"].as_str().expect("an id").to_owned()
}

/// What becomes of a stretch of bytes.
#[derive(Clone, Debug)]
enum Damage {
    Replaced(Vec<u8>),
    Removed(usize),
    Added(Vec<u8>),
}

fn any_damage() -> impl Strategy<Value = Damage> {
    let bytes = || {
        prop_oneof![
            prop::collection::vec(any::<u8>(), 1..20),
            "[\\[\\]{}\",:\\\\ a]{1,12}".prop_map(String::into_bytes)
        ]
    };
    prop_oneof![
        bytes().prop_map(Damage::Replaced),
        (1usize..40).prop_map(Damage::Removed),
        bytes().prop_map(Damage::Added)
    ]
}

fn damage(bytes: &[u8], at: usize, damage: &Damage) -> Vec<u8> {
    let (before, after) = bytes.split_at(at);
    let rest = |length: usize| &after[length.min(after.len())..];
    match damage {
        Damage::Replaced(bytes) => [before, bytes, rest(bytes.len())].concat(),
        Damage::Removed(length) => [before, rest(*length)].concat(),
        Damage::Added(bytes) => [before, bytes, after].concat(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_record_takes_no_other_with_it(
        victim in 0..RECORDS,
        at in any::<prop::sample::Index>(),
        how in any_damage(),
        piece in 1usize..4_000,
    ) {
        let at = at.index(GOOD[victim].len());
        let mut text = br#"{"Records":["#.to_vec();
        let mut starts = Vec::new();
        for (number, record) in GOOD.iter().enumerate() {
            if number > 0 {
                text.push(b',');
            }
            starts.push(text.len() as u64);
            text.extend(if number == victim { damage(record.as_bytes(), at, &how) } else { record.clone().into_bytes() });
        }
        text.extend(b"]}");
        let Reading { account, events } = read(&text, piece);
        prop_assert!(account.reconciles());
        for number in (0..RECORDS).filter(|&number| number != victim) {
            // Damage can open a bracket that the records behind it close: then they are parts of one object that is
            // well-formed as far as its brackets go, and no reader could tell.
            let kept = events.contains_key(&id(&GOOD[number]));
            let parted = account.rejections.iter().filter(|rejection| !matches!(rejection.reason, Reason::Broken { .. }));
            let parted = parted.map(|rejection| rejection.offset..rejection.offset + rejection.length);
            let mut objects = events.values().cloned().chain(parted);
            let mut inside = || objects.any(|place| place.start < starts[number] && starts[number] < place.end);
            prop_assert!(kept || inside(), "lost record {number}: {account:?}\n{}", String::from_utf8_lossy(&text));
        }
    }

    #[test]
    fn a_damaged_gzip_file_ends_in_an_account(
        at in any::<prop::sample::Index>(),
        how in any_damage(),
        piece in 1usize..4_000,
    ) {
        let packed = gzip(fixtures::document(&GOOD).as_bytes());
        let text = damage(&packed, at.index(packed.len()), &how);
        let Reading { account, events } = read(&text, piece);
        prop_assert!(account.reconciles());
        prop_assert!(text == packed || !account.is_clean() || account.kept == RECORDS as u64, "{account:?}");
        // The same events, however it is cut into pieces.
        let whole = read(&text, usize::MAX);
        prop_assert_eq!(whole.account.is_clean(), account.is_clean(), "{:?}\n{:?}", whole.account, account);
        prop_assert_eq!(whole.events, events);
    }
}
