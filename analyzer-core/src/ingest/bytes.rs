//! Sixteen bytes at a time: the one primitive of scanning that is worth a processor's own instructions.

use wide::u8x16;

/// A bit for each byte that is a quote or a backslash, the first byte lowest.
#[inline(always)]
pub fn quotes_and_escapes(chunk: &[u8; 16]) -> u32 {
    let bytes = u8x16::new(*chunk);
    let quotes = bytes.simd_eq(u8x16::splat(b'"'));
    let escapes = bytes.simd_eq(u8x16::splat(b'\\'));
    (quotes | escapes).to_bitmask()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn quotes_and_escapes_are_found_and_nothing_else(chunk in prop::array::uniform16(prop_oneof![3 => any::<u8>(), 1 => Just(b'"'), 1 => Just(b'\\')])) {
            let expected = chunk.iter().rev().fold(0, |mask, &b| mask << 1 | u32::from(b == b'"' || b == b'\\'));
            prop_assert_eq!(quotes_and_escapes(&chunk), expected);
        }
    }
}
