//! Reads tar: old v7, ustar, GNU (long names, base-256 sizes) and pax (POSIX.1-2001), from pieces of any size.

use super::flow::{Flow, cut};
use super::member::Member;
use super::{ContainerFault, Wrapping};
use crate::problem::{Fault, NotCloudTrail};
use crate::said::phrase;

/// Headers and data come in blocks of this many bytes.
const BLOCK: usize = 512;

/// A long name or a pax header may take so many bytes.
const MAX_EXTENSION: u64 = 1 << 20;

/// What the header said about the bytes behind it.
enum Stage {
    /// Collecting a block in `head`, where a header should be.
    Header,
    /// Collecting the blocks behind a sparse file's header, which go on as long as they say so.
    SparseMap,
    /// The text of a long name or a pax header, collected in `extension`.
    Extension { kind: u8, left: u64 },
    /// A file.
    Data { member: Member, left: u64 },
    /// What is passed over.
    Skip { left: u64 },
}

/// The state of reading one archive.
pub struct Untar {
    depth: usize,
    stage: Stage,
    head: Vec<u8>,
    extension: Vec<u8>,
    /// Offset in the archive.
    at: u64,
    /// Bytes that fill the last block of the data.
    padding: u64,
    /// Size of the entry's data.
    size: u64,
    /// What the extension headers say about the next entry.
    next: Extra,
    /// No header was where one should be, and none was found since.
    lost: bool,
    members: u64,
}

/// What extension headers say about the entry behind them.
#[derive(Default)]
struct Extra {
    /// Where the first of them starts.
    start: Option<u64>,
    path: Option<Vec<u8>>,
    size: Option<u64>,
    sparse: bool,
}

impl Untar {
    /// For an archive that has `depth` wrappings around it and is read from the offset `at`, where a header is.
    pub fn new(depth: usize, at: u64) -> Untar {
        Untar {
            depth,
            stage: Stage::Header,
            head: Vec::new(),
            extension: Vec::new(),
            at,
            padding: 0,
            size: 0,
            next: Extra::default(),
            lost: false,
            members: 0,
        }
    }

    /// Reads the next bytes.
    pub fn push(&mut self, mut bytes: &[u8], flow: &mut Flow) {
        while !bytes.is_empty() && !flow.shared.stopped {
            let wanted = match &self.stage {
                Stage::Header | Stage::SparseMap => (BLOCK - self.head.len()) as u64,
                Stage::Extension { left, .. } | Stage::Data { left, .. } | Stage::Skip { left } => *left,
            };
            let (mine, rest) = bytes.split_at((bytes.len() as u64).min(wanted) as usize);
            self.at += mine.len() as u64;
            self.take(mine, flow);
            bytes = rest;
        }
    }

    fn take(&mut self, bytes: &[u8], flow: &mut Flow) {
        let taken = bytes.len() as u64;
        match &mut self.stage {
            Stage::Header | Stage::SparseMap => {
                self.head.extend_from_slice(bytes);
                if self.head.len() == BLOCK {
                    let block = std::mem::take(&mut self.head);
                    self.block(&block, flow);
                    self.head = block;
                    self.head.clear();
                }
            }
            Stage::Skip { left } => {
                *left -= taken;
                if *left == 0 {
                    self.stage = Stage::Header;
                }
            }
            Stage::Data { member, left } => {
                member.push(bytes, flow);
                *left -= taken;
                self.end_of_data(flow);
            }
            Stage::Extension { left, .. } => {
                self.extension.extend_from_slice(bytes);
                *left -= taken;
                self.end_of_data(flow);
            }
        }
    }

    /// The data may be complete: then its padding follows.
    fn end_of_data(&mut self, flow: &mut Flow) {
        if !matches!(self.stage, Stage::Data { left: 0, .. } | Stage::Extension { left: 0, .. }) {
            return;
        }
        let after = if self.padding > 0 { Stage::Skip { left: self.padding } } else { Stage::Header };
        match std::mem::replace(&mut self.stage, after) {
            Stage::Data { member, .. } => member.finish(self.size, flow),
            Stage::Extension { kind, .. } => {
                let text = std::mem::take(&mut self.extension);
                self.next.read(kind, &text);
            }
            Stage::Header | Stage::SparseMap | Stage::Skip { .. } => {}
        }
    }

    fn block(&mut self, block: &[u8], flow: &mut Flow) {
        if let Stage::SparseMap = self.stage {
            if block.get(504) != Some(&1) {
                self.skip_data();
            }
            return;
        }
        // Two blocks of zeros end an archive; more may follow where archives were put together.
        if block.iter().all(|&byte| byte == 0) {
            return;
        }
        let start = self.at - BLOCK as u64;
        let Some(header) = Header::read(block) else {
            if !self.lost {
                flow.fault(ContainerFault::TarCorrupt { at: start });
            }
            self.lost = true;
            return;
        };
        self.lost = false;
        if header.is_extension() {
            self.next.start.get_or_insert(start);
            self.padding = padding(header.size);
            self.stage = match header.size {
                0 => Stage::Header,
                left if left > MAX_EXTENSION => {
                    flow.fault(ContainerFault::TarCorrupt { at: start });
                    Stage::Skip { left: left.saturating_add(self.padding) }
                }
                left => Stage::Extension { kind: header.kind, left },
            };
            return;
        }
        let extra = std::mem::take(&mut self.next);
        self.entry(header, extra, block, flow);
    }

    fn entry(&mut self, header: Header, extra: Extra, block: &[u8], flow: &mut Flow) {
        let start = extra.start.unwrap_or(self.at - BLOCK as u64);
        let path = extra.path.unwrap_or(header.path);
        let has_data = !matches!(header.kind, b'1'..=b'6');
        self.size = if has_data { extra.size.unwrap_or(header.size) } else { 0 };
        self.padding = padding(self.size);
        let other = match header.kind {
            _ if extra.sparse => Some(phrase("a sparse file")),
            b'0' | 0 | b'7' => None,
            b'5' | b'V' | b'D' => {
                self.skip_data();
                return;
            }
            b'1' | b'2' => Some(phrase("a link")),
            b'3' | b'4' => Some(phrase("a device")),
            b'6' => Some(phrase("a pipe")),
            b'S' => Some(phrase("a sparse file")),
            b'M' => Some(phrase("a part of a file")),
            _ => Some(phrase("an entry of unknown type")),
        };
        if let Some(kind) = other {
            let name = cut(&String::from_utf8_lossy(&path)).to_owned();
            flow.fault(ContainerFault::NotAFile { kind, name });
            let goes_on = header.kind == b'S' && block.get(482) == Some(&1);
            if goes_on {
                self.stage = Stage::SparseMap
            } else {
                self.skip_data()
            }
            return;
        }
        if self.depth == 0 {
            flow.entry(Wrapping::Tar, start);
        }
        let member = Member::start(&path, self.depth, flow);
        self.members += u64::from(member.is_open());
        self.stage = Stage::Data { member, left: self.size };
        self.end_of_data(flow);
    }

    fn skip_data(&mut self) {
        let left = self.size.saturating_add(self.padding);
        self.stage = if left > 0 { Stage::Skip { left } } else { Stage::Header };
    }

    /// No more bytes will come. Blocks of zeros at the end, and the padding of the last file, may be missing.
    pub fn finish(&mut self, flow: &mut Flow) {
        let is_whole = match std::mem::replace(&mut self.stage, Stage::Header) {
            Stage::Header => self.head.iter().all(|&byte| byte == 0) && self.next.start.is_none(),
            Stage::Skip { left } => left <= self.padding,
            Stage::SparseMap | Stage::Extension { .. } => false,
            Stage::Data { mut member, left } => {
                member.fault(ContainerFault::MemberTruncated, flow);
                member.finish(self.size - left, flow);
                false
            }
        };
        if flow.shared.stopped {
            return;
        }
        if !is_whole {
            flow.fault(ContainerFault::TarTruncated { read: self.at });
        } else if self.members == 0 {
            flow.fault(Fault::NotCloudTrail(NotCloudTrail::NoMembers));
        }
    }
}

impl Extra {
    /// Reads a long name (`L`) or a pax header (`x`); a long link (`K`) and what holds for all entries (`g`) are of no
    /// use here.
    fn read(&mut self, kind: u8, text: &[u8]) {
        match kind {
            b'L' => self.path = Some(until_zero(text).to_vec()),
            b'x' | b'X' => self.read_pax(text),
            _ => {}
        }
    }

    /// Records of the form "length key=value\n"; the length counts all of it.
    fn read_pax(&mut self, mut text: &[u8]) {
        while let Some(space) = memchr::memchr(b' ', text) {
            let length = decimal(&text[..space]).and_then(|length| usize::try_from(length).ok());
            let Some((record, rest)) = length.and_then(|length| text.split_at_checked(length)) else { return };
            let Some([pair @ .., b'\n']) = record.get(space + 1..) else { return };
            let Some(equals) = memchr::memchr(b'=', pair) else { return };
            let (key, value) = (&pair[..equals], &pair[equals + 1..]);
            match key {
                b"path" => self.path = Some(value.to_vec()),
                b"size" => self.size = decimal(value),
                _ => self.sparse |= key.starts_with(b"GNU.sparse."),
            }
            text = rest;
        }
    }
}

fn decimal(digits: &[u8]) -> Option<u64> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

struct Header {
    path: Vec<u8>,
    size: u64,
    kind: u8,
}

impl Header {
    /// Reads a block, if it is a header: the sum over its bytes says so.
    fn read(block: &[u8]) -> Option<Header> {
        let field = |range: std::ops::Range<usize>| block.get(range).unwrap_or_default();
        let stated = number(field(148..156))?;
        let others = || field(0..148).iter().chain(field(156..512));
        let spaces = 8 * i64::from(b' ');
        let sum = spaces + others().map(|&byte| i64::from(byte)).sum::<i64>();
        // Some old programs add up signed bytes.
        let signed = spaces + others().map(|&byte| i64::from(byte as i8)).sum::<i64>();
        if block.len() != BLOCK || ![sum, signed].contains(&i64::try_from(stated).ok()?) {
            return None;
        }
        let name = until_zero(field(0..100));
        let prefix = if field(257..263) == b"ustar\0" { until_zero(field(345..500)) } else { b"" };
        let mut path = prefix.to_vec();
        if !path.is_empty() {
            path.push(b'/');
        }
        path.extend_from_slice(name);
        Some(Header { path, size: number(field(124..136))?, kind: *block.get(156)? })
    }

    fn is_extension(&self) -> bool {
        matches!(self.kind, b'L' | b'K' | b'x' | b'g' | b'X')
    }
}

/// A number in octal digits, or in base 256 if its first bit is set.
fn number(field: &[u8]) -> Option<u64> {
    match field {
        // The sign bit of base 256 comes next: no size is negative.
        [0x80, rest @ ..] => rest.iter().try_fold(0u64, |n, &byte| n.checked_mul(256)?.checked_add(u64::from(byte))),
        _ => {
            let is_space = |byte: &u8| matches!(byte, b' ' | 0);
            let start = field.iter().position(|byte| !is_space(byte)).unwrap_or(field.len());
            let digits = field[start..].split(is_space).next().unwrap_or_default();
            digits.iter().try_fold(0u64, |n, &byte| {
                let digit = matches!(byte, b'0'..=b'7').then(|| u64::from(byte - b'0'))?;
                n.checked_mul(8)?.checked_add(digit)
            })
        }
    }
}

fn until_zero(bytes: &[u8]) -> &[u8] {
    bytes.split(|&byte| byte == 0).next().unwrap_or_default()
}

fn padding(size: u64) -> u64 {
    (BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64
}

/// Whether an archive starts with these bytes.
pub fn is_header(bytes: &[u8]) -> bool {
    let Some(block) = bytes.get(..BLOCK) else { return false };
    can_start_header(block) && Header::read(block).is_some_and(|header| !header.path.is_empty())
}

/// Whether more bytes can make it a header.
pub fn may_be_header(bytes: &[u8]) -> bool {
    bytes.len() < BLOCK && can_start_header(bytes)
}

/// Whether the name and the numbers of mode, owner and group are such as far as they are there. Both questions ask this,
/// so that the answer does not depend on how many bytes are there.
fn can_start_header(bytes: &[u8]) -> bool {
    let numbers = bytes.get(100..bytes.len().clamp(100, 124)).unwrap_or_default();
    let is_digit = |byte: &u8| matches!(byte, b'0'..=b'7' | b' ' | 0) || *byte >= 0x80;
    bytes.first().is_none_or(|&byte| byte != 0) && numbers.iter().all(is_digit)
}
