//! Bits from both ends: tables are read forwards, all else backwards.

use super::Corrupt;

/// Reads from the lowest bit of the first byte on.
pub struct Forward<'b> {
    bytes: &'b [u8],
    /// Bits read.
    at: usize,
}

impl<'b> Forward<'b> {
    pub fn new(bytes: &'b [u8]) -> Forward<'b> {
        Forward { bytes, at: 0 }
    }

    /// The next bits without taking them, at most 16; zeros behind the end.
    pub fn peek(&self, count: u32) -> u32 {
        let byte = |n: usize| u32::from(self.bytes.get(self.at / 8 + n).copied().unwrap_or_default());
        let three = byte(0) | byte(1) << 8 | byte(2) << 16;
        three >> (self.at % 8) & ((1 << count) - 1)
    }

    pub fn take(&mut self, count: u32) -> Result<u32, Corrupt> {
        let value = self.peek(count);
        self.at += count as usize;
        if self.at > self.bytes.len() * 8 { Err(Corrupt) } else { Ok(value) }
    }

    /// What is behind the byte that was begun.
    pub fn rest(&self) -> &'b [u8] {
        self.bytes.get(self.at.div_ceil(8)..).unwrap_or_default()
    }
}

/// Reads from the end on: the highest bit that is set in the last byte only marks the end.
pub struct Backward<'b> {
    bytes: &'b [u8],
    /// Bits that are left; below zero once more were taken than there are.
    left: i64,
}

impl<'b> Backward<'b> {
    pub fn new(bytes: &'b [u8]) -> Result<Backward<'b>, Corrupt> {
        let last = bytes.last().filter(|&&last| last != 0).ok_or(Corrupt)?;
        Ok(Backward { bytes, left: bytes.len() as i64 * 8 - 1 - i64::from(last.leading_zeros()) })
    }

    /// The next bits without taking them, at most 32; zeros before the start.
    #[inline]
    pub fn peek(&self, count: u32) -> u32 {
        let mask = (1u64 << count) - 1;
        let start = self.left - i64::from(count);
        if start < 0 {
            let there = self.left.max(0) as u32;
            let value = load(self.bytes, 0) & ((1u64 << there) - 1);
            // What is missing counts as zeros below.
            return ((value << (count - there)) & mask) as u32;
        }
        (load(self.bytes, start as usize / 8) >> (start % 8) & mask) as u32
    }

    #[inline]
    pub fn skip(&mut self, count: u32) {
        self.left -= i64::from(count);
    }

    #[inline]
    pub fn take(&mut self, count: u32) -> u32 {
        let value = self.peek(count);
        self.skip(count);
        value
    }

    /// More was taken than there is.
    pub fn is_overdrawn(&self) -> bool {
        self.left < 0
    }

    /// Everything was taken, and no more.
    pub fn is_at_end(&self) -> bool {
        self.left == 0
    }
}

#[inline]
fn load(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.first_chunk().map_or_else(
        || rest.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte)),
        |eight| u64::from_le_bytes(*eight),
    )
}
