//! Against the reference encoder at many levels, and against noise.

use super::*;
use proptest::prelude::*;
use std::io::Write as _;
use std::ops::ControlFlow;

fn unpack(bytes: &[u8], piece: usize) -> (Vec<u8>, Result<(), Fault>) {
    let (mut unzstd, mut out) = (Unzstd::default(), Vec::new());
    let mut result = Ok(());
    for piece in bytes.chunks(piece) {
        result = result.and_then(|()| {
            unzstd.push(piece, &mut |bytes| {
                assert!(bytes.len() <= MAX_BLOCK);
                out.extend_from_slice(bytes);
                ControlFlow::Continue(())
            })
        });
    }
    let result = result.and_then(|()| unzstd.finish());
    (out, result)
}

fn check(data: &[u8], level: i32) {
    let mut encoder = ::zstd::Encoder::new(Vec::new(), level).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(data).unwrap();
    let packed = encoder.finish().unwrap();
    for piece in [if data.len() < 2_000 { 1 } else { 999 }, usize::MAX] {
        let (out, result) = unpack(&packed, piece);
        assert_eq!(result, Ok(()), "level {level}, {} bytes", data.len());
        assert!(out == data, "level {level}, {} bytes", data.len());
    }
    // In one go the encoder writes the size instead of a window.
    let packed = ::zstd::bulk::compress(data, level).unwrap();
    let (out, result) = unpack(&packed, usize::MAX);
    assert!(result == Ok(()) && out == data, "level {level}, {} bytes", data.len());
}

/// Text like a log's: the same words, and numbers.
fn text(length: usize, words: u64) -> Vec<u8> {
    let (mut out, mut state) = (Vec::with_capacity(length + 20), 7u64);
    while out.len() < length {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        out.extend(format!("\"w{}\":{},", (state >> 33) % words, state >> 60).bytes());
    }
    out.truncate(length);
    out
}

#[test]
fn every_level_and_length() {
    for level in [-5, 1, 3, 6, 9, 12, 15, 19] {
        for length in [0, 1, 2, 3, 10, 100, 255, 256, 1_000, 65_791, 131_072, 131_073] {
            check(&text(length, 50), level);
        }
        check(&vec![b'a'; 300_000], level);
        check(&text(200_000, u64::MAX), level);
    }
}

#[test]
fn a_text_that_is_larger_than_its_window() {
    // Level 1 has a window of 512 KiB.
    check(&text(3 << 20, 5_000), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_come_back(data in prop::collection::vec(0u8..20, 0..5_000), level in 1i32..19) {
        check(&data, level);
    }

    #[test]
    fn damage_is_no_panic(
        length in 1usize..20_000,
        level in 1i32..19,
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut packed = ::zstd::bulk::compress(&text(length, 30), level).unwrap();
        for (at, value) in flips {
            let at = at.index(packed.len());
            packed[at] = value;
        }
        let _ = unpack(&packed, 700);
    }
}
