//! What a source is wrapped in: layers of compression and archives, told by their first bytes and never by a name.
//!
//! [`Container`] is a push state machine. A layer unwraps its bytes and pushes what comes out into a layer of its own,
//! which is told by its first bytes again, and so on down to text. Nothing seeks, and memory is bounded by the layers'
//! windows.

mod crc;
mod encoding;
mod fault;
mod flow;
mod gzip;
mod inflate;
mod member;
mod sniff;
mod tar;
mod zip;
mod zip_record;
mod zstd;

pub use fault::ContainerFault;
pub use flow::{MAX_MEMBERS, MAX_NAME, MAX_NAMES, MAX_RATIO, Part, Sink};

use crate::problem::Fault;
use encoding::Utf16;
use flow::{Flow, Shared};
use gzip::Gunzip;
use sniff::{Head, Kind, sniff};
use std::fmt;
use std::ops::ControlFlow;
use tar::Untar;
use zip::Unzip;
use zstd::Unzstd;

/// A source may be wrapped so many times; text encodings do not count.
pub const MAX_NESTING: usize = 4;

/// Bytes go through the layers in blocks of at most this many, cut at multiples of it, so that the inflation limit
/// falls at the same byte however the source is cut.
const BLOCK: u64 = 64 << 10;

/// Gets unwrapped bytes; breaks off when nothing more is wanted.
type Pour<'p> = dyn FnMut(&[u8]) -> ControlFlow<()> + 'p;

/// One layer around the text of a source or a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrapping {
    /// Compressed by gzip.
    Gzip,
    /// Compressed by zstd.
    Zstd,
    /// A zip archive.
    Zip,
    /// A tar archive.
    Tar,
    /// Text in UTF-16.
    Utf16,
}

impl Wrapping {
    /// Whether it has members.
    pub fn is_archive(self) -> bool {
        matches!(self, Wrapping::Zip | Wrapping::Tar)
    }
}

impl fmt::Display for Wrapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Wrapping::Gzip => "gzip",
            Wrapping::Zstd => "zstd",
            Wrapping::Zip => "zip",
            Wrapping::Tar => "tar",
            Wrapping::Utf16 => "UTF-16",
        })
    }
}

/// From where a source can be read to get at a place in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Restart {
    /// From its first byte.
    #[default]
    Start,
    /// From this offset, since the source is plain text.
    Text(u64),
    /// From an entry of the outermost archive.
    Entry(Entry),
}

impl Restart {
    /// The offset in the source, in bytes.
    pub fn at(self) -> u64 {
        match self {
            Restart::Start => 0,
            Restart::Text(at) => at,
            Restart::Entry(entry) => entry.at,
        }
    }
}

/// Where an entry of the outermost archive starts, and how far the counters of the source were there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Offset of its header in the source, in bytes.
    pub at: u64,
    /// Which kind of archive: [`Wrapping::Zip`] or [`Wrapping::Tar`].
    pub archive: Wrapping,
    /// Members before it.
    pub members: u32,
}

/// The state of unwrapping one source.
pub struct Container {
    shared: Shared,
    layer: Layer,
}

impl Default for Container {
    fn default() -> Self {
        Container { shared: Shared::default(), layer: Layer::new(0) }
    }
}

impl Container {
    /// For a source that is pushed from `restart` on.
    pub fn resume(restart: Restart) -> Container {
        let state = match restart {
            Restart::Start => return Container::default(),
            Restart::Text(_) => State::Text,
            Restart::Entry(entry) if entry.archive == Wrapping::Tar => State::Tar(Box::new(Untar::new(0, entry.at))),
            Restart::Entry(entry) => State::Zip(Box::new(Unzip::new(0, entry.at))),
        };
        let shared = match restart {
            Restart::Entry(entry) => Shared::resumed(entry),
            Restart::Start | Restart::Text(_) => Shared::default(),
        };
        Container { shared, layer: Layer { depth: 0, state } }
    }

    /// Unwraps the next bytes of the source.
    pub fn push(&mut self, mut bytes: &[u8], sink: &mut Sink) {
        while !bytes.is_empty() && !self.shared.stopped {
            if let State::Text = self.layer.state {
                sink(Part::Text(bytes));
                return;
            }
            let room = BLOCK - self.shared.position % BLOCK;
            let (block, rest) = bytes.split_at((bytes.len() as u64).min(room) as usize);
            self.shared.read = self.shared.position + room;
            self.shared.position += block.len() as u64;
            self.layer.push(block, &mut Flow { shared: &mut self.shared, sink });
            bytes = rest;
        }
    }

    /// The source is at its end.
    pub fn finish(&mut self, sink: &mut Sink) {
        self.layer.finish(&mut Flow { shared: &mut self.shared, sink });
    }
}

/// Some bytes, from the first to the last: the source, what comes out of a compressed one, or a member.
struct Layer {
    /// Wrappings around it.
    depth: usize,
    state: State,
}

enum State {
    /// The first bytes, which do not tell yet what they are.
    Unknown(Vec<u8>),
    Text,
    Utf16(Utf16),
    Gzip(Box<(Gunzip, Layer)>),
    Zstd(Box<(Unzstd, Layer)>),
    Zip(Box<Unzip>),
    Tar(Box<Untar>),
    /// The rest is not looked at.
    Ignored,
}

impl Layer {
    fn new(depth: usize) -> Layer {
        Layer { depth, state: State::Unknown(Vec::new()) }
    }

    fn push(&mut self, bytes: &[u8], flow: &mut Flow) {
        let depth = self.depth;
        let result = match &mut self.state {
            State::Unknown(head) => {
                head.extend_from_slice(bytes);
                if let Some(kind) = sniff(Head::Open(head)) {
                    self.begin(kind, flow);
                }
                return;
            }
            State::Text => return flow.text(bytes),
            State::Utf16(utf16) => return utf16.push(bytes, &mut |text| flow.text(text)),
            State::Gzip(layers) => {
                let (gunzip, inner) = &mut **layers;
                gunzip.push(bytes, &mut |piece| flow.inflated(depth, piece, |piece, flow| inner.push(piece, flow)))
            }
            State::Zstd(layers) => {
                let (unzstd, inner) = &mut **layers;
                unzstd.push(bytes, &mut |piece| flow.inflated(depth, piece, |piece, flow| inner.push(piece, flow)))
            }
            State::Zip(unzip) => return unzip.push(bytes, flow),
            State::Tar(untar) => return untar.push(bytes, flow),
            State::Ignored => return,
        };
        if let Err(fault) = result {
            self.leave(fault, flow);
        }
    }

    /// It is known what the bytes are.
    fn begin(&mut self, kind: Kind, flow: &mut Flow) {
        let State::Unknown(head) = std::mem::replace(&mut self.state, State::Text) else { return };
        let (depth, mut rest) = (self.depth + 1, head.as_slice());
        let wrapping = match kind {
            Kind::Text => None,
            Kind::Utf16 { .. } => Some(Wrapping::Utf16),
            Kind::Gzip => Some(Wrapping::Gzip),
            Kind::Zstd => Some(Wrapping::Zstd),
            Kind::Zip => Some(Wrapping::Zip),
            Kind::Tar => Some(Wrapping::Tar),
        };
        if depth > MAX_NESTING && !matches!(kind, Kind::Text | Kind::Utf16 { .. }) {
            flow.fault(ContainerFault::Nesting);
            self.state = State::Ignored;
            return;
        }
        if let Some(wrapping) = wrapping {
            (flow.sink)(Part::Wrapped(wrapping));
        }
        self.state = match kind {
            Kind::Text => State::Text,
            Kind::Utf16 { order } => {
                rest = &head[2..];
                State::Utf16(Utf16::new(order))
            }
            Kind::Gzip => State::Gzip(Box::new((Gunzip::default(), Layer::new(depth)))),
            Kind::Zstd => State::Zstd(Box::new((Unzstd::default(), Layer::new(depth)))),
            Kind::Zip => State::Zip(Box::new(Unzip::new(self.depth, 0))),
            Kind::Tar => State::Tar(Box::new(Untar::new(self.depth, 0))),
        };
        self.push(rest, flow);
    }

    /// Compressed data is broken: what is inside ends here too.
    fn leave(&mut self, fault: Fault, flow: &mut Flow) {
        if let State::Gzip(layers) = &mut self.state {
            layers.1.finish(flow);
        } else if let State::Zstd(layers) = &mut self.state {
            layers.1.finish(flow);
        }
        flow.fault(fault);
        self.state = State::Ignored;
    }

    /// No more bytes will come.
    fn finish(&mut self, flow: &mut Flow) {
        if let State::Unknown(head) = &self.state {
            // Whatever is in the head is less than any wrapping needs, but it may be a whole archive without files.
            if let Some(kind) = sniff(Head::Whole(head)) {
                self.begin(kind, flow);
            }
        }
        let end = match &mut self.state {
            State::Unknown(_) | State::Text | State::Ignored => return,
            State::Utf16(utf16) => {
                if let Some(fault) = utf16.finish(&mut |text| flow.text(text)) {
                    flow.fault(fault);
                }
                return;
            }
            State::Zip(unzip) => return unzip.finish(flow),
            State::Tar(untar) => return untar.finish(flow),
            State::Gzip(layers) => layers.0.finish(),
            State::Zstd(layers) => layers.0.finish(),
        };
        match end {
            Err(fault) if !flow.shared.stopped => self.leave(fault, flow),
            _ => {
                if let State::Gzip(layers) = &mut self.state {
                    layers.1.finish(flow);
                } else if let State::Zstd(layers) = &mut self.state {
                    layers.1.finish(flow);
                }
            }
        }
    }
}
