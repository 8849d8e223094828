//! Input that is bad on purpose: cut, flipped, huge, odd. Whatever can be kept is kept, and all of it is accounted for.

// A test that cannot go on is to fail.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use analyzer_core::ingest::split::MAX_RECORD;
use analyzer_core::problem::Reason;
use ingest_proof::cut::{Random, at_random};
use ingest_proof::reading::{Reading, check};
use std::io::Read as _;
use trail_generator::gzip;

fn event(number: u32) -> String {
    format!(
        r#"{{"eventVersion":"1.08","eventTime":"2024-05-06T07:08:{number:02}Z","eventName":"Get","eventID":"00000000-0000-4000-8000-{number:012}"}}"#
    )
}

/// A trail file, and where its records end.
fn trail(records: &[String]) -> (String, Vec<usize>) {
    let mut text = r#"{"Records":["#.to_owned();
    let mut ends = Vec::new();
    for record in records {
        text.push_str(if ends.is_empty() { "" } else { "," });
        text.push_str(record);
        ends.push(text.len());
    }
    (text + "]}", ends)
}

fn small_trail() -> (Vec<u8>, Vec<usize>) {
    let (text, ends) = trail(&[event(1), event(2), event(3), event(4)]);
    (text.into_bytes(), ends)
}

/// Reads a source whole, checks what must always hold, and returns what was read.
fn read(data: &[u8]) -> Reading {
    let reading = Reading::of(&[data]);
    check(&reading, data);
    reading
}

#[test]
fn a_cut_costs_the_record_that_it_is_in_and_no_other() {
    let (text, ends) = small_trail();
    let whole_before = |length: usize| ends.iter().filter(|&&end| end <= length).count() as u64;
    for cut in 0..text.len() {
        let reading = read(&text[..cut]);
        assert_eq!(reading.session.totals().kept, whole_before(cut), "cut at {cut}");
        assert!(!reading.accounts[0].is_clean());
    }
    let packed = gzip(&text);
    for cut in 0..packed.len() {
        let reading = read(&packed[..cut]);
        // What another library inflates of the same bytes.
        let mut inflated = Vec::new();
        let _ = flate2::read::GzDecoder::new(&packed[..cut]).read_to_end(&mut inflated);
        assert!(reading.session.totals().kept >= whole_before(inflated.len()), "cut at {cut}");
        assert!(!reading.accounts[0].is_clean());
    }
}

/// Flips one bit, or a few, of a file: reading it in pieces must find the same as reading it whole.
fn flip(data: &[u8], seed: u64) -> (Vec<u8>, usize) {
    let mut random = Random(seed);
    let (mut flipped, mut last) = (data.to_vec(), 0);
    for _ in 0..1 + (seed % 16 / 15) * 3 {
        last = random.below(data.len());
        flipped[last] ^= 1 << random.below(8);
    }
    (flipped, last)
}

#[test]
fn flipped_bits_of_a_trail_file() {
    let (text, ends) = small_trail();
    for seed in 0..10_000 {
        let (flipped, at) = flip(&text, seed);
        let reading = Reading::of(&[&flipped]);
        let account = &reading.accounts[0];
        assert!(account.reconciles(), "{account:?}");
        if seed % 16 < 15 && at > r#"{"Records":["#.len() && at < ends[3] {
            assert!(account.kept >= 3, "bit of byte {at}: {account:?}\n{}", String::from_utf8_lossy(&flipped));
        }
        if seed % 32 == 0 {
            assert_eq!(Reading::of(&at_random(&flipped, seed)).accounts, reading.accounts, "seed {seed}");
            check(&reading, &flipped);
        }
    }
}

#[test]
fn flipped_bits_of_a_packed_trail_file() {
    let packed = gzip(&small_trail().0);
    for seed in 0..10_000 {
        let (flipped, _) = flip(&packed, seed);
        let reading = Reading::of(&[&flipped]);
        let account = &reading.accounts[0];
        assert!(account.reconciles(), "{account:?}");
        assert!(account.kept == 4 || !account.is_clean(), "seed {seed}: {account:?}");
        if seed % 32 == 0 {
            assert_eq!(Reading::of(&at_random(&flipped, seed)).accounts, reading.accounts, "seed {seed}");
            check(&reading, &flipped);
        }
    }
}

/// In the corpus it would make fuzzing slow.
#[test]
fn a_bomb_inside_of_a_bomb_is_stopped_at_the_same_byte() {
    let bomb = gzip(&gzip(&vec![b' '; 70 << 20]));
    assert!(bomb.len() < 2_000);
    ingest_proof::inflate(&bomb);
}

/// Reads a record between two small ones, and says why it was rejected; both small ones must be kept.
fn check_between(record: &str, rejected: Option<Reason>) -> Reading {
    let (text, _) = trail(&[event(1), record.to_owned(), event(2)]);
    let reading = Reading::of(&[text.as_bytes()]);
    check(&reading, text.as_bytes());
    let account = &reading.accounts[0];
    assert_eq!(account.kept, 3 - u64::from(rejected.is_some()), "{account:?}");
    assert_eq!(account.rejections.first().map(|rejection| rejection.reason), rejected);
    assert!(account.faults.is_empty(), "{account:?}");
    for row in &reading.rows {
        assert!(reading.session.locate(&row.event_id).is_some());
    }
    reading
}

#[test]
fn records_of_all_sizes_up_to_the_limit() {
    let large = |length: usize| {
        let record = event(9);
        let filling = "f".repeat(length - record.len() - r#","responseElements":"""#.len());
        format!(r#"{},"responseElements":"{filling}"}}"#, &record[..record.len() - 1])
    };
    for length in [300 << 10, 1 << 20, MAX_RECORD - 1, MAX_RECORD] {
        let reading = check_between(&large(length), None);
        assert!(reading.rows.iter().any(|row| row.event_id.ends_with("009")));
    }
    check_between(&large(MAX_RECORD + 1), Some(Reason::TooLong { limit: MAX_RECORD as u64 }));
}

#[test]
fn a_record_with_a_million_keys() {
    let keys = |count: u32| {
        let members: String = (0..count).map(|number| format!(",\"{number:x}\":0")).collect();
        let record = event(9);
        format!("{}{members}}}", &record[..record.len() - 1])
    };
    let many = keys(800_000);
    assert!(many.len() < MAX_RECORD);
    check_between(&many, None);
    let too_many = keys(1_000_000);
    assert!(too_many.len() > MAX_RECORD);
    check_between(&too_many, Some(Reason::TooLong { limit: MAX_RECORD as u64 }));
}

#[test]
fn a_time_that_is_none_is_kept_without_time() {
    for time in
        ["\"yesterday\"", "\"\"", "\"2024-02-30T00:00:00Z\"", "1e999", "{}", "[\"2024-05-06T07:08:09Z\"]", "null"]
    {
        let record = format!(r#"{{"eventVersion":"1.08","eventName":"Get","eventID":"x","eventTime":{time}}}"#);
        let reading = check_between(&record, None);
        assert_eq!(reading.accounts[0].untimed, 1, "{time}");
        // It sorts before all others.
        assert_eq!((reading.rows[0].time_ms, reading.rows[0].event_id.as_str()), (None, "x"));
    }
}
