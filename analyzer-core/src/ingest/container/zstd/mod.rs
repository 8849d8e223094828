//! Decompresses zstd (RFC 8878), frame by frame, from pieces of any size, and checks the checksums.
//!
//! Written here because a decoder of untrusted logs may neither panic nor use memory without bound, and needs no unsafe
//! code: a block never makes more than [`MAX_BLOCK`] bytes, and a window is never larger than [`MAX_WINDOW`].

mod bits;
mod block;
mod fse;
mod huffman;

use super::{ContainerFault, Pour};
use crate::problem::Fault;
use block::Decoder;
use std::hash::Hasher as _;
use twox_hash::XxHash64;

/// A frame may refer back so many bytes. `zstd` uses up to 8 MiB, but with `--ultra` or `--long`.
pub const MAX_WINDOW: u64 = 64 << 20;

/// A block makes at most so many bytes (RFC 8878, 3.1.1.2.4).
const MAX_BLOCK: usize = 128 << 10;

const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Compressed data that is not what it should be.
#[derive(Debug, PartialEq)]
struct Corrupt;

enum Stage {
    /// Collecting a frame's header.
    Frame,
    /// Inside a frame that holds no data.
    Skip { left: u64 },
    /// Collecting the three bytes before a block.
    BlockHeader,
    /// Collecting a block.
    Block { kind: u32, size: usize, is_last: bool },
    /// Collecting the checksum behind a frame.
    Checksum,
    /// Nothing more will be read.
    Done,
}

/// The state of decompressing one source.
pub struct Unzstd {
    stage: Stage,
    /// What is collected.
    head: Vec<u8>,
    decoder: Decoder,
    has_checksum: bool,
    hash: XxHash64,
    frames: u64,
    read: u64,
}

impl Default for Unzstd {
    fn default() -> Self {
        Unzstd {
            stage: Stage::Frame,
            head: Vec::new(),
            decoder: Decoder::default(),
            has_checksum: false,
            hash: XxHash64::with_seed(0),
            frames: 0,
            read: 0,
        }
    }
}

impl Unzstd {
    /// Reads compressed bytes and hands the others to `pour`, block by block. After a fault everything is ignored:
    /// what came out before it is good.
    pub fn push(&mut self, mut bytes: &[u8], pour: &mut Pour) -> Result<(), Fault> {
        while !bytes.is_empty() {
            let wanted = match &self.stage {
                Stage::Frame => frame_length(&self.head),
                Stage::Skip { left } => {
                    let taken = (bytes.len() as u64).min(*left);
                    let left = left - taken;
                    self.stage = if left > 0 { Stage::Skip { left } } else { Stage::Frame };
                    self.read += taken;
                    bytes = &bytes[taken as usize..];
                    continue;
                }
                Stage::BlockHeader => 3,
                Stage::Block { kind: 1, .. } => 1,
                Stage::Block { size, .. } => *size,
                Stage::Checksum => 4,
                Stage::Done => return Ok(()),
            };
            let (mine, rest) = bytes.split_at(bytes.len().min(wanted.saturating_sub(self.head.len())));
            self.head.extend_from_slice(mine);
            self.read += mine.len() as u64;
            bytes = rest;
            if self.head.len() >= wanted {
                self.step(pour).inspect_err(|_| self.stage = Stage::Done)?;
            }
        }
        Ok(())
    }

    /// The source is at its end: says so if the data is not.
    pub fn finish(&self) -> Result<(), Fault> {
        match self.stage {
            Stage::Done => Ok(()),
            Stage::Frame if self.frames > 0 && self.head.is_empty() => Ok(()),
            _ => Err(ContainerFault::ZstdTruncated { read: self.read }.into()),
        }
    }

    /// What was wanted is in the head, or more is wanted now.
    fn step(&mut self, pour: &mut Pour) -> Result<(), Fault> {
        let corrupt = ContainerFault::ZstdCorrupt { at: self.read - self.head.len() as u64 };
        match self.stage {
            Stage::Frame if self.head.len() < frame_length(&self.head) => return Ok(()),
            Stage::Frame => self.frame()?,
            Stage::BlockHeader => {
                let [a, b, c] = *self.head.first_chunk().ok_or(corrupt.clone())?;
                let header = u32::from_le_bytes([a, b, c, 0]);
                let (is_last, kind, size) = (header & 1 == 1, header >> 1 & 3, (header >> 3) as usize);
                if size > MAX_BLOCK || kind == 3 {
                    return Err(corrupt.into());
                }
                self.stage = Stage::Block { kind, size, is_last };
                if size == 0 && kind == 0 {
                    self.end_of_block(is_last);
                }
            }
            Stage::Block { kind, size, is_last } => {
                let made = match kind {
                    0 => self.decoder.raw(&self.head),
                    1 => self.decoder.repeat(self.head.first().copied().unwrap_or_default(), size),
                    _ => self.decoder.compressed(&self.head),
                };
                let piece = made.map_err(|Corrupt| corrupt)?;
                if self.has_checksum {
                    self.hash.write(piece);
                }
                if pour(piece).is_break() {
                    self.stage = Stage::Done;
                    return Ok(());
                }
                self.end_of_block(is_last);
            }
            Stage::Checksum => {
                let stated = self.head.first_chunk().map(|bytes| u32::from_le_bytes(*bytes));
                self.stage = Stage::Frame;
                if stated != Some(self.hash.finish() as u32) {
                    return Err(ContainerFault::ZstdChecksum { at: self.read }.into());
                }
            }
            Stage::Skip { .. } | Stage::Done => {}
        }
        self.head.clear();
        Ok(())
    }

    fn end_of_block(&mut self, is_last: bool) {
        self.stage = match is_last {
            false => Stage::BlockHeader,
            true if self.has_checksum => Stage::Checksum,
            true => Stage::Frame,
        };
    }

    /// A frame's header is in the head.
    fn frame(&mut self) -> Result<(), Fault> {
        let at = self.read - self.head.len() as u64;
        let Some((&magic, rest)) = self.head.split_first_chunk::<4>() else { return Ok(()) };
        if is_skippable(magic) {
            let left = rest.first_chunk().map_or(0, |bytes| u64::from(u32::from_le_bytes(*bytes)));
            self.frames += 1;
            self.stage = if left > 0 { Stage::Skip { left } } else { Stage::Frame };
            return Ok(());
        }
        if magic != MAGIC {
            let trailing = self.frames > 0;
            let fault = if trailing { ContainerFault::ZstdTrailing { at } } else { ContainerFault::ZstdCorrupt { at } };
            return Err(fault.into());
        }
        let header = FrameHeader::read(rest).ok_or(ContainerFault::ZstdCorrupt { at })?;
        if header.dictionary != 0 {
            return Err(ContainerFault::ZstdDictionary.into());
        }
        if header.window > MAX_WINDOW {
            return Err(ContainerFault::ZstdWindow { asked: header.window }.into());
        }
        self.frames += 1;
        self.decoder.reset(header.window as usize);
        self.has_checksum = header.has_checksum;
        self.hash = XxHash64::with_seed(0);
        self.stage = Stage::BlockHeader;
        Ok(())
    }
}

struct FrameHeader {
    window: u64,
    dictionary: u64,
    has_checksum: bool,
}

impl FrameHeader {
    /// Reads what is behind the magic number.
    fn read(bytes: &[u8]) -> Option<FrameHeader> {
        let (&flags, mut rest) = bytes.split_first()?;
        let mut take = |length: usize| {
            let (field, others) = rest.split_at_checked(length)?;
            rest = others;
            let mut wide = [0; 8];
            wide.get_mut(..length)?.copy_from_slice(field);
            Some(u64::from_le_bytes(wide))
        };
        let lengths = FieldLengths::of(flags);
        let window = take(lengths.window)?;
        let base = 1u64 << (10 + (window >> 3));
        let dictionary = take(lengths.dictionary)?;
        let size = take(lengths.size)?;
        let size = if lengths.size == 2 { size + 256 } else { size };
        // Without a window all of the content is in reach.
        let window = if lengths.window == 0 { size } else { base + base / 8 * (window & 7) };
        Some(FrameHeader { window, dictionary, has_checksum: flags & 4 != 0 })
    }
}

struct FieldLengths {
    window: usize,
    dictionary: usize,
    size: usize,
}

impl FieldLengths {
    fn of(flags: u8) -> FieldLengths {
        let is_single = flags & 0x20 != 0;
        FieldLengths {
            window: if is_single { 0 } else { 1 },
            dictionary: [0, 1, 2, 4][usize::from(flags & 3)],
            size: match flags >> 6 {
                0 if is_single => 1,
                0 => 0,
                1 => 2,
                2 => 4,
                _ => 8,
            },
        }
    }
}

/// The length of the header that `head` starts with, as far as it can be told.
fn frame_length(head: &[u8]) -> usize {
    match head.split_first_chunk::<4>() {
        None => 4,
        Some((&magic, _)) if is_skippable(magic) => 8,
        Some((&MAGIC, [])) => 5,
        Some((&MAGIC, [flags, ..])) => {
            let FieldLengths { window, dictionary, size } = FieldLengths::of(*flags);
            5 + window + dictionary + size
        }
        Some(_) => 4,
    }
}

fn is_skippable([first, rest @ ..]: [u8; 4]) -> bool {
    first & 0xf0 == 0x50 && rest == [0x2a, 0x4d, 0x18]
}

#[cfg(test)]
mod tests;
