//! Sixteen bytes at a time: what is worth a processor's own instructions.

use wide::u8x16;

/// A bit for each byte that a string cannot hold as it is, or that is beyond ASCII: quotes, backslashes, and those from
/// 0x80 on. The first byte is the lowest bit.
#[inline(always)]
pub fn not_plain(chunk: &[u8; 16]) -> u32 {
    let bytes = u8x16::new(*chunk);
    let quotes = bytes.simd_eq(u8x16::splat(b'"'));
    let escapes = bytes.simd_eq(u8x16::splat(b'\\'));
    // The mask is made of the highest bits.
    (quotes | escapes | bytes).to_bitmask()
}

/// Whether `bytes` starts with `prefix`. The comparison that WebAssembly gets from the compiler goes byte by byte.
#[inline(always)]
pub fn starts_with(bytes: &[u8], prefix: &[u8]) -> bool {
    let Some(bytes) = bytes.get(..prefix.len()) else { return false };
    let (left, right) = (bytes.as_chunks::<16>(), prefix.as_chunks::<16>());
    let tails = match (bytes.last_chunk::<16>(), prefix.last_chunk::<16>()) {
        // The last sixteen bytes once more, rather than those that are left one by one.
        (Some(left), Some(right)) => same(left, right),
        _ => left.1 == right.1,
    };
    tails && left.0.iter().zip(right.0).all(|(left, right)| same(left, right))
}

/// Whether these are the same bytes, however many.
#[inline(always)]
pub fn equal(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len() && starts_with(left, right)
}

/// Whether these are the same bytes.
#[inline(always)]
fn same(left: &[u8; 16], right: &[u8; 16]) -> bool {
    u8x16::new(*left).simd_eq(u8x16::new(*right)).all()
}

/// Whether the bytes that the mask has set are these.
#[inline(always)]
pub fn same_where(window: &[u8; 32], mask: &[[u8; 16]; 2], expected: &[[u8; 16]; 2]) -> bool {
    let (halves, _) = window.as_chunks::<16>();
    let differs = halves.iter().zip(mask).zip(expected).fold(u8x16::default(), |differs, ((half, mask), expected)| {
        differs | ((u8x16::new(*half) & u8x16::new(*mask)) ^ u8x16::new(*expected))
    });
    differs == u8x16::default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_not_plain_is_found_and_nothing_else(chunk in prop::array::uniform16(prop_oneof![3 => any::<u8>(), 1 => Just(b'"'), 1 => Just(b'\\')])) {
            let is_odd = |b: u8| b == b'"' || b == b'\\' || b >= 0x80;
            let expected = chunk.iter().rev().fold(0, |mask, &b| mask << 1 | u32::from(is_odd(b)));
            prop_assert_eq!(not_plain(&chunk), expected);
        }

        #[test]
        fn prefixes(bytes in prop::collection::vec(0u8..3, 0..80), length in 0usize..90, changed in any::<prop::sample::Index>()) {
            let mut prefix: Vec<u8> = bytes.iter().copied().chain([7; 10]).take(length).collect();
            prop_assert_eq!(starts_with(&bytes, &prefix), bytes.starts_with(&prefix));
            if !prefix.is_empty() {
                let at = changed.index(prefix.len());
                prefix[at] ^= 1;
                prop_assert_eq!(starts_with(&bytes, &prefix), bytes.starts_with(&prefix));
            }
        }
    }
}
