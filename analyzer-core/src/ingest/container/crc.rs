//! CRC-32 as gzip and zip use it (reflected, polynomial 0xEDB88320).
//!
//! Natively this is `crc32fast`, which uses the processor's carry-less multiply. WebAssembly has none, and there the
//! crate's table lookups cost as much as inflating; so [`Folded`] stands in, which needs only XOR. Both give the same
//! values, and the tests compile both.

#[cfg(not(target_arch = "wasm32"))]
pub use native::Crc32;
#[cfg(target_arch = "wasm32")]
pub type Crc32 = Folded;

#[cfg(not(target_arch = "wasm32"))]
mod native {
    /// A running checksum.
    #[derive(Clone, Default)]
    pub struct Crc32(crc32fast::Hasher);

    impl Crc32 {
        /// Takes in the next bytes.
        pub fn update(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }

        /// The checksum of all bytes so far.
        pub fn value(&self) -> u32 {
            self.0.clone().finalize()
        }
    }
}

/// The polynomial divides x³⁰⁷ + x¹⁴⁴ + x¹¹⁰ + x⁹³ + x⁵⁵ + 1 (found by search), and so, squared six times, also the same
/// polynomial in x⁶⁴. A word of 64 bits may therefore be taken away if it is added (XOR) to the words that stand this
/// far behind it: the remainder stays the same. No table and no shift is needed, and 160 words in a row do not depend on
/// one another, so that the compiler can use vectors.
#[cfg(any(test, target_arch = "wasm32"))]
const DISTANCES: [usize; 5] = [307 - 144, 307 - 110, 307 - 93, 307 - 55, 307];

/// Words that have to be known to fold the next.
#[cfg(any(test, target_arch = "wasm32"))]
const HISTORY: usize = 307;

/// Words that are folded at a time; less than the smallest distance.
#[cfg(any(test, target_arch = "wasm32"))]
const RUN: usize = 160;

/// Words of one round: the history is moved once for each.
#[cfg(any(test, target_arch = "wasm32"))]
const ROUND: usize = RUN * 12;

/// From this many bytes on folding is quicker than tables.
#[cfg(any(test, target_arch = "wasm32"))]
const WORTH_IT: usize = 4 * HISTORY * 8;

#[cfg(any(test, target_arch = "wasm32"))]
pub use folded::Folded;

#[cfg(any(test, target_arch = "wasm32"))]
mod folded {
    use super::{DISTANCES, HISTORY, ROUND, RUN, WORTH_IT};

    /// A running checksum without carry-less multiply.
    #[derive(Clone, Default)]
    pub struct Folded {
        /// The checksum so far, as [`Folded::value`] gives it.
        value: u32,
        scratch: Vec<u64>,
    }

    impl Folded {
        /// Takes in the next bytes.
        pub fn update(&mut self, bytes: &[u8]) {
            let state = !self.value;
            let state = if bytes.len() < WORTH_IT { by_tables(state, bytes) } else { self.fold(state, bytes) };
            self.value = !state;
        }

        /// The checksum of all bytes so far.
        pub fn value(&self) -> u32 {
            self.value
        }

        fn fold(&mut self, state: u32, bytes: &[u8]) -> u32 {
            let runs = (bytes.len() / 8 - HISTORY) / RUN;
            let (folded, rest) = bytes.split_at(runs * RUN * 8);
            self.scratch.clear();
            self.scratch.resize(HISTORY + ROUND, 0);
            // What stands before the first word is nothing, and the state belongs to the first word.
            let mut first = u64::from(state);
            let mut known = HISTORY;
            for run in folded.chunks_exact(RUN * 8) {
                if known == HISTORY + ROUND {
                    self.scratch.copy_within(ROUND.., 0);
                    known = HISTORY;
                }
                fold_run(&mut self.scratch, known, run, first);
                first = 0;
                known += RUN;
            }
            self.scratch.copy_within(known - HISTORY..known, 0);
            let (tail, rest) = rest.split_at(HISTORY * 8);
            by_tables(by_tables(0, &self.unfolded(tail)), rest)
        }

        /// The words behind the folded ones, with all that was added to them.
        fn unfolded(&self, tail: &[u8]) -> Vec<u8> {
            let mut bytes = Vec::with_capacity(tail.len());
            for (at, word) in tail.as_chunks::<8>().0.iter().enumerate() {
                let added = DISTANCES.iter().filter(|&&distance| distance > at);
                let added = added.fold(0, |sum, distance| sum ^ self.scratch[HISTORY + at - distance]);
                bytes.extend_from_slice(&(u64::from_le_bytes(*word) ^ added).to_le_bytes());
            }
            bytes
        }
    }

    /// Folds the words of `run` into the scratch from `at` on.
    fn fold_run(scratch: &mut [u64], at: usize, run: &[u8], first: u64) {
        let (known, new) = scratch.split_at_mut(at);
        let behind = |distance: usize| &known[at - distance..][..RUN];
        let [a, b, c, d, e] = DISTANCES.map(behind);
        let words = run.as_chunks::<8>().0;
        for (i, (new, word)) in new[..RUN].iter_mut().zip(words).enumerate() {
            *new = u64::from_le_bytes(*word) ^ a[i] ^ b[i] ^ c[i] ^ d[i] ^ e[i];
        }
        new[0] ^= first;
    }

    /// Eight bytes at a time by eight tables, for short texts and for the end of long ones.
    fn by_tables(mut state: u32, bytes: &[u8]) -> u32 {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            let mixed = (u64::from_le_bytes(*word) ^ u64::from(state)).to_le_bytes();
            state = (0..8).fold(0, |sum, i| sum ^ TABLES[7 - i][usize::from(mixed[i])]);
        }
        for &byte in rest {
            state = TABLES[0][usize::from(state as u8 ^ byte)] ^ (state >> 8);
        }
        state
    }

    static TABLES: [[u32; 256]; 8] = tables();

    const fn tables() -> [[u32; 256]; 8] {
        let mut tables = [[0; 256]; 8];
        let mut i = 0;
        while i < 256 {
            let mut value = i as u32;
            let mut bit = 0;
            while bit < 8 {
                value = if value & 1 == 1 { value >> 1 ^ 0xedb8_8320 } else { value >> 1 };
                bit += 1;
            }
            tables[0][i] = value;
            i += 1;
        }
        let mut n = 1;
        while n < 8 {
            let mut i = 0;
            while i < 256 {
                let before: u32 = tables[n - 1][i];
                tables[n][i] = before >> 8 ^ tables[0][(before & 0xff) as usize];
                i += 1;
            }
            n += 1;
        }
        tables
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Bytes that repeat at no distance.
    fn noise(length: usize, seed: u64) -> Vec<u8> {
        let mut state = seed | 1;
        let next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        };
        std::iter::repeat_with(next).take(length).collect()
    }

    fn check(bytes: &[u8], piece: usize) {
        let (mut native, mut folded) = (Crc32::default(), Folded::default());
        for piece in bytes.chunks(piece.max(1)) {
            native.update(piece);
            folded.update(piece);
            assert_eq!(
                native.value(),
                folded.value(),
                "{} bytes in pieces of {piece:?}",
                bytes.len(),
                piece = piece.len()
            );
        }
        assert_eq!(folded.value(), crc32fast::hash(bytes));
    }

    #[test]
    fn the_check_value_of_the_polynomial() {
        let mut crc = Folded::default();
        crc.update(b"123456789");
        assert_eq!(crc.value(), 0xcbf4_3926);
    }

    #[test]
    fn every_length_around_the_borders() {
        let bytes = noise(WORTH_IT + 2 * (HISTORY + ROUND) * 8 + 40, 7);
        for border in [0, HISTORY * 8, WORTH_IT, WORTH_IT + RUN * 8, (HISTORY + ROUND) * 8, bytes.len() - 20] {
            for length in border.saturating_sub(17)..border + 17 {
                check(&bytes[..length], usize::MAX);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn both_give_the_same_value(length in 0usize..300_000, seed: u64, piece in 1usize..140_000) {
            check(&noise(length, seed), piece);
        }
    }
}
