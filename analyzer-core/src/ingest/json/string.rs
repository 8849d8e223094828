//! Where strings end.

use super::{Scan, Stop, broken};
use crate::bytes;

/// Where the closing quote is among the bytes of a string, if it is and nothing but plain ASCII comes before it. Less than
/// sixteen.
#[inline(always)]
pub(crate) fn quote_in(chunk: &[u8; 16]) -> Option<usize> {
    let found = bytes::not_plain(chunk);
    let first = found.trailing_zeros() as usize % 16;
    (found != 0 && chunk[first] == b'"').then_some(first)
}

/// The index of the closing quote of a string that goes on at `i`, if nothing but plain ASCII comes before it and it does
/// not end near the end of the bytes.
#[inline(always)]
pub(super) fn plain_end(b: &[u8], i: usize) -> Option<usize> {
    let (mut rest, mut at) = (b.get(i..)?, i);
    loop {
        let (chunk, behind) = rest.split_first_chunk()?;
        let found = bytes::not_plain(chunk);
        if found != 0 {
            let first = found.trailing_zeros() as usize % 16;
            return (chunk[first] == b'"').then_some(at + first);
        }
        (rest, at) = (behind, at + 16);
    }
}

/// Scans the rest of a string, from `i` on, whatever is in it.
pub(super) fn end(b: &[u8], mut i: usize) -> Scan {
    loop {
        let Some(rest) = b.get(i..) else { return Err(Stop::More) };
        let Some(found) = memchr::memchr2(b'"', b'\\', rest) else { return Err(Stop::More) };
        i += found;
        if b[i] == b'"' {
            return Ok(i + 1);
        }
        i = escape(b, i)?;
    }
}

fn escape(b: &[u8], at: usize) -> Scan {
    match b.get(at + 1) {
        None => Err(Stop::More),
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
        Some(b'u') => {
            for i in at + 2..at + 6 {
                match b.get(i) {
                    None => return Err(Stop::More),
                    Some(c) if c.is_ascii_hexdigit() => {}
                    Some(_) => return broken(i, "expected four hexadecimal digits"),
                }
            }
            Ok(at + 6)
        }
        Some(_) => broken(at + 1, "unknown escape in a string"),
    }
}
