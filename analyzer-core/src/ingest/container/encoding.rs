//! UTF-16 becomes UTF-8.

use super::fault::ContainerFault;
use super::sniff::Order;
use crate::problem::Fault;

/// Bytes that are turned at a time: at most one and a half times as many come out.
const PIECE: usize = 64 << 10;

/// The state of turning one text, behind its byte order mark.
pub struct Utf16 {
    order: Order,
    /// The first byte of a pair that was cut.
    odd: Option<u8>,
    /// The first surrogate of a pair that was cut.
    high: Option<u16>,
    out: Vec<u8>,
    /// Bytes of UTF-8 that were handed on.
    written: u64,
    /// Where the first character is that is none, and how many there are.
    bad: Option<(u64, u64)>,
}

impl Utf16 {
    /// For a text in this byte order.
    pub fn new(order: Order) -> Utf16 {
        Utf16 { order, odd: None, high: None, out: Vec::new(), written: 0, bad: None }
    }

    /// Turns the next bytes.
    pub fn push(&mut self, bytes: &[u8], sink: &mut dyn FnMut(&[u8])) {
        for mut piece in bytes.chunks(PIECE) {
            if let (Some(first), Some((&second, rest))) = (self.odd, piece.split_first()) {
                self.unit([first, second]);
                self.odd = None;
                piece = rest;
            }
            let (pairs, rest) = piece.as_chunks::<2>();
            pairs.iter().for_each(|&pair| self.unit(pair));
            self.odd = rest.first().copied().or(self.odd);
            self.flush(sink);
        }
    }

    /// The text is at its end. Returns what was wrong with it.
    pub fn finish(&mut self, sink: &mut dyn FnMut(&[u8])) -> Option<Fault> {
        if self.high.take().is_some() {
            self.replace();
        }
        if self.odd.take().is_some() {
            self.replace();
        }
        self.flush(sink);
        self.bad.map(|(at, count)| ContainerFault::Utf16 { at, count }.into())
    }

    fn unit(&mut self, pair: [u8; 2]) {
        let unit = match self.order {
            Order::Little => u16::from_le_bytes(pair),
            Order::Big => u16::from_be_bytes(pair),
        };
        if unit < 0x80 && self.high.is_none() {
            self.out.push(unit as u8);
            return;
        }
        let is_low = (0xdc00..0xe000).contains(&unit);
        match self.high.take() {
            Some(high) if is_low => {
                let code = 0x1_0000 + (u32::from(high - 0xd800) << 10) + u32::from(unit - 0xdc00);
                self.char(code);
                return;
            }
            Some(_) => self.replace(),
            None => {}
        }
        match unit {
            0xd800..0xdc00 => self.high = Some(unit),
            0xdc00..0xe000 => self.replace(),
            _ => self.char(u32::from(unit)),
        }
    }

    fn char(&mut self, code: u32) {
        let char = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
        self.out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
    }

    fn replace(&mut self) {
        let here = self.written + self.out.len() as u64;
        let (at, count) = self.bad.unwrap_or((here, 0));
        self.bad = Some((at, count + 1));
        self.char(u32::from(char::REPLACEMENT_CHARACTER));
    }

    fn flush(&mut self, sink: &mut dyn FnMut(&[u8])) {
        if !self.out.is_empty() {
            sink(&self.out);
            self.written += self.out.len() as u64;
            self.out.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(units: &[u16], expected: &str, fault: Option<ContainerFault>) {
        for order in [Order::Little, Order::Big] {
            let pair = |unit: &u16| match order {
                Order::Little => unit.to_le_bytes(),
                Order::Big => unit.to_be_bytes(),
            };
            let bytes: Vec<u8> = units.iter().flat_map(pair).collect();
            for piece in 1..=bytes.len().max(1) {
                let (mut turn, mut out) = (Utf16::new(order), Vec::new());
                for piece in bytes.chunks(piece) {
                    turn.push(piece, &mut |bytes| out.extend_from_slice(bytes));
                }
                let found = turn.finish(&mut |bytes| out.extend_from_slice(bytes));
                assert_eq!(String::from_utf8(out).unwrap(), expected, "pieces of {piece}");
                assert_eq!(found, fault.clone().map(Fault::from), "pieces of {piece}");
            }
        }
    }

    #[test]
    fn characters_of_every_length() {
        let text = "a é € 😀\n";
        check(&text.encode_utf16().collect::<Vec<_>>(), text, None);
        check(&[], "", None);
    }

    #[test]
    fn surrogates_that_stand_alone() {
        let fault = |at, count| Some(ContainerFault::Utf16 { at, count });
        check(&[0x61, 0xdc00, 0x62], "a\u{fffd}b", fault(1, 1));
        check(&[0xd83d, 0x62], "\u{fffd}b", fault(0, 1));
        check(&[0x62, 0xd83d], "b\u{fffd}", fault(1, 1));
        check(&[0xd83d, 0xd83d, 0xde00, 0xdc00], "\u{fffd}😀\u{fffd}", fault(0, 2));
    }

    #[test]
    fn half_a_unit_at_the_end() {
        let (mut turn, mut out) = (Utf16::new(Order::Little), Vec::new());
        turn.push(&[b'a', 0, b'b'], &mut |bytes| out.extend_from_slice(bytes));
        let fault = turn.finish(&mut |bytes| out.extend_from_slice(bytes));
        assert_eq!(
            (out.as_slice(), fault),
            ("a\u{fffd}".as_bytes(), Some(ContainerFault::Utf16 { at: 1, count: 1 }.into()))
        );
    }
}
