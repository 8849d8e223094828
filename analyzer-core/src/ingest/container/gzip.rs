//! Inflates gzip (RFC 1952), member by member, from pieces of any size, and checks what each trailer states.

use super::Pour;
use super::crc::Crc32;
use super::inflate::{End, Inflate};
use crate::problem::Fault;

/// The two bytes that every gzip member starts with.
pub const MAGIC: [u8; 2] = [0x1f, 0x8b];

enum Stage {
    /// Collecting the header in `head`.
    Header,
    /// Inside the deflate data.
    Body,
    /// Collecting the eight bytes of the trailer in `head`.
    Trailer,
    /// Nothing more will be read.
    Done,
}

/// The state of inflating one source.
pub struct Gunzip {
    stage: Stage,
    head: Vec<u8>,
    inflate: Inflate,
    crc: Crc32,
    member_bytes: u32,
    members: u32,
    read: u64,
}

impl Default for Gunzip {
    fn default() -> Self {
        Gunzip {
            stage: Stage::Header,
            head: Vec::new(),
            inflate: Inflate::default(),
            crc: Crc32::default(),
            member_bytes: 0,
            members: 0,
            read: 0,
        }
    }
}

impl Gunzip {
    /// Reads compressed bytes and hands the inflated ones to `pour`, piece by piece. After a fault everything is
    /// ignored: what was inflated before it is good.
    pub fn push(&mut self, mut bytes: &[u8], pour: &mut Pour) -> Result<(), Fault> {
        while !bytes.is_empty() {
            let taken = match self.stage {
                Stage::Header => self.header(bytes),
                Stage::Body => self.body(bytes, pour),
                Stage::Trailer => self.trailer(bytes),
                Stage::Done => return Ok(()),
            };
            match taken {
                Ok(taken) => {
                    self.read += taken as u64;
                    bytes = &bytes[taken..];
                }
                Err(fault) => {
                    self.stage = Stage::Done;
                    return Err(fault);
                }
            }
        }
        Ok(())
    }

    /// The source is at its end: says so if the data is not.
    pub fn finish(&self) -> Result<(), Fault> {
        match self.stage {
            Stage::Done => Ok(()),
            Stage::Header if self.members > 0 && self.head.is_empty() => Ok(()),
            Stage::Header if self.members > 0 => Err(Fault::GzipTrailing { at: self.read - self.head.len() as u64 }),
            Stage::Header | Stage::Body | Stage::Trailer => Err(Fault::GzipTruncated { read: self.read }),
        }
    }

    fn header(&mut self, bytes: &[u8]) -> Result<usize, Fault> {
        // Headers are a few bytes: collecting them one by one keeps their parts together, however they were cut.
        for (i, &byte) in bytes.iter().enumerate() {
            self.head.push(byte);
            match header_length(&self.head) {
                Ok(None) => {}
                Ok(Some(_)) => {
                    self.head.clear();
                    self.stage = Stage::Body;
                    self.inflate.reset();
                    self.crc = Crc32::default();
                    self.member_bytes = 0;
                    return Ok(i + 1);
                }
                Err(NotAMember) => {
                    let at = self.read + i as u64 + 1 - self.head.len() as u64;
                    let fault = if self.members > 0 { Fault::GzipTrailing { at } } else { Fault::GzipCorrupt { at } };
                    return Err(fault);
                }
            }
        }
        Ok(bytes.len())
    }

    fn body(&mut self, bytes: &[u8], pour: &mut Pour) -> Result<usize, Fault> {
        let step = self.inflate.step(bytes);
        let piece = self.inflate.made(step.made);
        self.crc.update(piece);
        self.member_bytes = self.member_bytes.wrapping_add(piece.len() as u32);
        if pour(piece).is_break() {
            self.stage = Stage::Done;
            return Ok(step.taken);
        }
        match step.end {
            End::Open => {}
            End::Ended => self.stage = Stage::Trailer,
            End::Corrupt => return Err(Fault::GzipCorrupt { at: self.read + step.taken as u64 }),
        }
        Ok(step.taken)
    }

    fn trailer(&mut self, bytes: &[u8]) -> Result<usize, Fault> {
        let taken = bytes.len().min(8 - self.head.len());
        self.head.extend_from_slice(&bytes[..taken]);
        if let Ok([c0, c1, c2, c3, n0, n1, n2, n3]) = <[u8; 8]>::try_from(self.head.as_slice()) {
            let stated = (u32::from_le_bytes([c0, c1, c2, c3]), u32::from_le_bytes([n0, n1, n2, n3]));
            let found = (self.crc.value(), self.member_bytes);
            self.head.clear();
            self.members += 1;
            self.stage = Stage::Header;
            if stated != found {
                return Err(Fault::GzipChecksum { at: self.read + taken as u64 });
            }
        }
        Ok(taken)
    }
}

struct NotAMember;

/// The length of the header that `head` starts with, once it is all there.
fn header_length(head: &[u8]) -> Result<Option<usize>, NotAMember> {
    if !MAGIC.starts_with(&head[..head.len().min(2)]) {
        return Err(NotAMember);
    }
    if head.len() < 10 {
        return Ok(None);
    }
    let (method, flags) = (head[2], head[3]);
    if method != 8 || flags & 0xe0 != 0 {
        return Err(NotAMember);
    }
    let mut end = 10;
    if flags & 4 != 0 {
        let Some(&[low, high]) = head.get(end..end + 2).and_then(|b| <&[u8; 2]>::try_from(b).ok()) else {
            return Ok(None);
        };
        end += 2 + usize::from(u16::from_le_bytes([low, high]));
    }
    // The original name and the comment, each ended by a zero.
    for flag in [8, 16] {
        if flags & flag != 0 {
            match head.get(end..).and_then(|rest| memchr::memchr(0, rest)) {
                Some(zero) => end += zero + 1,
                None => return Ok(None),
            }
        }
    }
    if flags & 2 != 0 {
        end += 2;
    }
    Ok((head.len() >= end).then_some(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, GzBuilder, write::GzEncoder};
    use std::io::Write as _;
    use std::ops::ControlFlow;

    fn gzip(data: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn pour_into(out: &mut Vec<u8>, bytes: &[u8]) -> ControlFlow<()> {
        out.extend_from_slice(bytes);
        ControlFlow::Continue(())
    }

    fn gunzip(bytes: &[u8], piece: usize) -> (Vec<u8>, Result<(), Fault>) {
        let (mut gunzip, mut out) = (Gunzip::default(), Vec::new());
        for piece in bytes.chunks(piece) {
            if let Err(fault) = gunzip.push(piece, &mut |b| pour_into(&mut out, b)) {
                return (out, Err(fault));
            }
        }
        let end = gunzip.finish();
        (out, end)
    }

    fn check(bytes: &[u8], expected: &[u8], end: Result<(), Fault>) {
        for piece in [1, 7, 1 << 20] {
            let (out, found) = gunzip(bytes, piece);
            assert_eq!(String::from_utf8_lossy(&out), String::from_utf8_lossy(expected), "pieces of {piece}");
            assert_eq!(found, end, "pieces of {piece}");
        }
    }

    #[test]
    fn members_and_headers() {
        check(&gzip(b"hello"), b"hello", Ok(()));
        check(&gzip(b""), b"", Ok(()));
        check(&[gzip(b"one "), gzip(b"two")].concat(), b"one two", Ok(()));
        let mut encoder = GzBuilder::new()
            .filename("name")
            .comment("comment")
            .extra(vec![1, 2, 3])
            .write(Vec::new(), Compression::fast());
        encoder.write_all(b"named").unwrap();
        check(&encoder.finish().unwrap(), b"named", Ok(()));
    }

    #[test]
    fn damage() {
        let good = gzip(b"hello");
        let n = good.len() as u64;
        check(&good[..good.len() - 3], b"hello", Err(Fault::GzipTruncated { read: n - 3 }));
        check(&good[..5], b"", Err(Fault::GzipTruncated { read: 5 }));
        let mut wrong = good.clone();
        wrong[good.len() - 8] ^= 1;
        check(&wrong, b"hello", Err(Fault::GzipChecksum { at: n }));
        check(&[good.clone(), b"xx".to_vec()].concat(), b"hello", Err(Fault::GzipTrailing { at: n }));
        check(&[good.clone(), vec![0x1f]].concat(), b"hello", Err(Fault::GzipTrailing { at: n }));
        check(&[MAGIC[0], MAGIC[1], 9, 0, 0, 0, 0, 0, 0, 0], b"", Err(Fault::GzipCorrupt { at: 0 }));
    }

    #[test]
    fn what_came_before_corrupt_data_is_kept() {
        let text: Vec<u8> = (0..200_000u32).flat_map(|i| i.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        let mut bytes = gzip(&text);
        let middle = bytes.len() / 2;
        for byte in &mut bytes[middle..middle + 64] {
            *byte = 0xff;
        }
        let (out, end) = gunzip(&bytes, 4096);
        assert!(end.is_err());
        assert!(text.starts_with(&out[..out.len().min(text.len() / 4)]));
    }
}
