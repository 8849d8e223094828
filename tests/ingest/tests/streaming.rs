//! Memory while reading is bounded by one record, one piece and what is kept, whatever the size of the source. Every
//! allocation of this program is counted, so its tests take their turns.

// A test that cannot go on is to fail.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use analyzer_core::ingest::split::MAX_RECORD;
use analyzer_core::problem::{Reason, SourceAccount};
use analyzer_core::session::Session;
use cap::Cap;
use std::alloc::System;
use std::hint::black_box;
use std::sync::Mutex;

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

static TURN: Mutex<()> = Mutex::new(());

/// What an edge pushes at a time.
const PIECE: usize = 256 << 10;

const MEGABYTE: usize = 1 << 20;

/// Reads pieces, and says how many bytes were allocated at once for it, the pieces themselves not counted.
fn read<'p>(pieces: impl Iterator<Item = &'p [u8]>) -> (SourceAccount, usize) {
    // The allocator remembers the highest peak of the program's life: see xtask/bench/src/memory.rs.
    let ground = black_box(Vec::<u8>::with_capacity(ALLOCATOR.max_allocated().saturating_sub(ALLOCATOR.allocated())));
    let before = ALLOCATOR.allocated();
    let mut session = Session::new(Vec::new(), 3);
    let mut intake = session.open(0, "stream".to_owned());
    pieces.for_each(|piece| session.push(&mut intake, piece));
    let account = session.close(intake, None)[0].clone();
    let peak = ALLOCATOR.max_allocated().saturating_sub(before);
    drop(ground);
    assert!(account.reconciles(), "{account:?}");
    (account, peak)
}

fn event(number: usize) -> String {
    format!(
        r#"{{"eventVersion":"1.08","eventTime":"2024-05-06T07:08:09Z","eventName":"GetObject","userIdentity":{{"type":"IAMUser","userName":"user{}"}},"requestParameters":{{"bucketName":"logs","key":"{}"}},"eventID":"00000000-0000-4000-8000-{number:012}"}}"#,
        number % 50,
        "k".repeat(600)
    )
}

#[test]
fn lines_without_end() {
    let _turn = TURN.lock();
    const ROUNDS: usize = 800;
    let lines: String = (0..PIECE / 800).map(|number| event(number) + "\n").collect();
    let events = lines.lines().count() as u64;
    // Pieces that end anywhere in a record.
    let pieces = (0..ROUNDS).flat_map(|round| {
        let (first, second) = lines.as_bytes().split_at(round * 977 % lines.len());
        [first, second]
    });
    let (account, peak) = read(pieces);
    let all = ROUNDS as u64;
    assert_eq!((account.kept, account.duplicate, account.rejected), (events, (all - 1) * events, 0));
    assert!(account.bytes_read > 190 << 20 && account.is_clean(), "{account:?}");
    assert!(peak < 2 * MEGABYTE, "{peak} bytes for {} of text", account.bytes_read);
}

/// Between two good records one that starts and ends like this, with `rounds` pieces of `filling` in it.
fn check_long(start: &str, filling: &str, rounds: usize, end: &str) -> SourceAccount {
    let _turn = TURN.lock();
    let piece = filling.repeat(PIECE / filling.len());
    let first = format!("{{\"Records\":[{},{start}", event(1));
    let last = format!("{end},{}]}}", event(2));
    let inside = std::iter::repeat_n(piece.as_bytes(), rounds);
    let (account, peak) = read(std::iter::once(first.as_bytes()).chain(inside).chain([last.as_bytes()]));
    // A buffer that grows is there twice, for a moment.
    assert!(peak < 3 * MAX_RECORD, "{peak} bytes for {} of text", account.bytes_read);
    account
}

#[test]
fn a_string_of_a_gigabyte_is_rejected_and_passed_over() {
    let start = r#"{"eventVersion":"1.08","userAgent":""#;
    let account = check_long(start, "agent ", (1 << 30) / PIECE + 1, "\"}");
    assert!(account.bytes_read > 1 << 30);
    assert_eq!((account.kept, account.rejected, account.faults.len()), (2, 1, 0), "{account:?}");
    assert_eq!(account.rejections[0].reason, Reason::TooLong { limit: MAX_RECORD as u64 });
    assert!(account.rejections[0].length > 1 << 30);
}

#[test]
fn keys_without_number_are_rejected_and_passed_over() {
    let account = check_long(r#"{"eventVersion":"1.08""#, r#","k":1"#, 36, "}");
    assert_eq!((account.kept, account.rejected, account.faults.len()), (2, 1, 0), "{account:?}");
    assert_eq!(account.rejections[0].reason, Reason::TooLong { limit: MAX_RECORD as u64 });
}

#[test]
fn brackets_without_end_are_rejected_and_passed_over() {
    let account = check_long(r#"{"eventVersion":"1.08","x":"#, "[", 60, "");
    assert_eq!((account.kept, account.rejected), (2, 1), "{account:?}");
    let what = "nested deeper than 128 levels";
    assert_eq!(account.rejections[0].reason, Reason::Broken { at: 27 + 128, what });
}

#[test]
fn rejections_without_end_are_counted_only() {
    let _turn = TURN.lock();
    let broken = r#"{"eventVersion":tru},"#.repeat(1_000);
    let start = br#"{"Records":["#.as_slice();
    let pieces = std::iter::once(start).chain(std::iter::repeat_n(broken.as_bytes(), 200)).chain([b"]}".as_slice()]);
    let (account, peak) = read(pieces);
    assert_eq!((account.kept, account.rejected), (0, 200_000));
    assert!(peak < MEGABYTE, "{peak} bytes");
}
