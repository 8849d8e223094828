//! Reads zip from the front, entry by entry, as its bytes come; the directory at the end is counted and compared.

use super::crc::Crc32;
use super::flow::Flow;
use super::inflate::{End, Inflate, PIECE};
use super::member::Member;
use super::zip_record::{DESCRIPTOR, Descriptor, EntryHeader, Extent, Kind, extent};
use super::zstd::Unzstd;
use super::{ContainerFault, Wrapping};
use crate::problem::{Fault, NotCloudTrail};
use std::ops::ControlFlow;

/// Where in the archive the reader is.
enum Stage {
    /// Collecting a record in `head`.
    Record,
    /// Passing over what is behind a record.
    Skip { left: u64, then_end: bool },
    /// In the data of an entry, of which so many bytes are left.
    Data(Open, u64),
    /// In deflate data that says itself where it ends.
    Deflate(Open),
    /// In data that ends where a descriptor fits; what may be one is kept in `head`.
    Scan(Open),
    /// Behind the data of an entry; its descriptor is collected in `head`.
    Descriptor(Open),
    /// Behind the end of the archive.
    End,
    /// Nothing more will be read.
    Broken,
}

/// The entry that is open.
struct Open {
    /// Wrappings around the archive.
    depth: usize,
    member: Member,
    method: Method,
    crc: Crc32,
    /// Bytes of data so far.
    packed: u64,
    /// Unpacked bytes so far.
    size: u64,
    header: EntryHeader,
}

/// How an entry's data is unpacked.
enum Method {
    Stored,
    Deflate {
        ended: bool,
    },
    Zstd(Box<Unzstd>),
    /// Not at all, or no longer.
    Pass,
}

/// The state of reading one archive.
pub struct Unzip {
    depth: usize,
    stage: Stage,
    head: Vec<u8>,
    inflate: Inflate,
    /// Offset in the archive.
    at: u64,
    /// Entries found, and entries listed in the directory.
    found: u64,
    listed: u64,
    members: u64,
    trailing: bool,
}

impl Unzip {
    /// For an archive that has `depth` wrappings around it and is read from the offset `at`, where a record is.
    pub fn new(depth: usize, at: u64) -> Unzip {
        Unzip {
            depth,
            stage: Stage::Record,
            head: Vec::new(),
            inflate: Inflate::default(),
            at,
            found: 0,
            listed: 0,
            members: 0,
            trailing: false,
        }
    }

    /// Reads the next bytes.
    pub fn push(&mut self, mut bytes: &[u8], flow: &mut Flow) {
        while !bytes.is_empty() && !flow.shared.stopped {
            let taken = match std::mem::replace(&mut self.stage, Stage::Broken) {
                Stage::Record => self.record(bytes, flow),
                Stage::Skip { left, then_end } => self.skip(bytes, left, then_end),
                Stage::Data(open, left) => self.data(bytes, open, left, flow),
                Stage::Deflate(open) => self.deflate(bytes, open, flow),
                Stage::Scan(open) => self.scan(bytes, open, flow),
                Stage::Descriptor(open) => self.descriptor(bytes, open, flow),
                Stage::End => {
                    if !self.trailing {
                        flow.fault(ContainerFault::ZipTrailing { at: self.at });
                        self.trailing = true;
                    }
                    self.stage = Stage::End;
                    bytes.len()
                }
                Stage::Broken => return,
            };
            self.at += taken as u64;
            bytes = &bytes[taken..];
        }
    }

    fn record(&mut self, bytes: &[u8], flow: &mut Flow) -> usize {
        let mut taken = 0;
        loop {
            let (length, known) = match extent(&self.head) {
                Extent::AtLeast(length) => (length, None),
                Extent::Known { kind, length, rest } => (length, Some((kind, rest))),
                Extent::NotARecord => {
                    let at = self.at + taken as u64 - self.head.len() as u64;
                    flow.fault(ContainerFault::ZipCorrupt { at });
                    return bytes.len();
                }
            };
            let missing = length.saturating_sub(self.head.len());
            let piece = &bytes[taken..bytes.len().min(taken + missing)];
            self.head.extend_from_slice(piece);
            taken += piece.len();
            match known {
                _ if piece.len() < missing => {
                    self.stage = Stage::Record;
                    return taken;
                }
                Some((kind, rest)) => {
                    self.begin(kind, rest, self.at + taken as u64, flow);
                    return taken;
                }
                None => {}
            }
        }
    }

    /// A record is complete; it ends at this offset.
    fn begin(&mut self, kind: Kind, rest: u64, end: u64, flow: &mut Flow) {
        let head = std::mem::take(&mut self.head);
        match kind {
            Kind::Entry => {
                self.found += 1;
                let start = end - head.len() as u64;
                self.stage = self.open(EntryHeader::read(&head), start, flow);
            }
            Kind::Listed | Kind::Other => {
                self.listed += u64::from(kind == Kind::Listed);
                self.stage = if rest > 0 { Stage::Skip { left: rest, then_end: false } } else { Stage::Record };
            }
            Kind::End => {
                self.stage = if rest > 0 { Stage::Skip { left: rest, then_end: true } } else { Stage::End };
                if self.found != self.listed {
                    let (listed, found) = (self.listed, self.found);
                    flow.fault(ContainerFault::ZipDirectory { listed, found });
                } else if self.members == 0 {
                    flow.fault(Fault::NotCloudTrail(NotCloudTrail::NoMembers));
                }
            }
        }
        self.head = head;
        self.head.clear();
    }

    fn skip(&mut self, bytes: &[u8], left: u64, then_end: bool) -> usize {
        let taken = (bytes.len() as u64).min(left);
        self.stage = match left - taken {
            0 if then_end => Stage::End,
            0 => Stage::Record,
            left => Stage::Skip { left, then_end },
        };
        taken as usize
    }

    /// An entry starts at this offset of the archive.
    fn open(&mut self, header: EntryHeader, start: u64, flow: &mut Flow) -> Stage {
        if self.depth == 0 {
            flow.entry(Wrapping::Zip, start);
        }
        let mut member = Member::start(&header.path, self.depth, flow);
        self.members += u64::from(member.is_open());
        let method = match header.method {
            _ if header.encrypted => {
                member.fault(ContainerFault::Encrypted, flow);
                Method::Pass
            }
            0 => Method::Stored,
            8 => {
                self.inflate.reset();
                Method::Deflate { ended: false }
            }
            93 => Method::Zstd(Box::default()),
            method => {
                member.fault(ContainerFault::Method { method }, flow);
                Method::Pass
            }
        };
        let packed = header.packed;
        let open = Open { depth: self.depth, member, method, crc: Crc32::default(), packed: 0, size: 0, header };
        match (packed, &open.method) {
            (Some(0), _) => self.end_of_data(open, flow),
            (Some(left), _) => Stage::Data(open, left),
            (None, Method::Deflate { .. }) => Stage::Deflate(open),
            (None, _) => Stage::Scan(open),
        }
    }

    fn data(&mut self, bytes: &[u8], mut open: Open, left: u64, flow: &mut Flow) -> usize {
        let taken = (bytes.len() as u64).min(left) as usize;
        let before = open.packed;
        open.unpack(&bytes[..taken], &mut self.inflate, flow);
        if let Method::Pass = open.method {
            // What stands behind the damage is data too, in this piece as in the next ones.
            open.packed = before + taken as u64;
        }
        self.stage = match left - taken as u64 {
            0 => self.end_of_data(open, flow),
            left => Stage::Data(open, left),
        };
        taken
    }

    /// All of the data is read, of which the header gave the length.
    fn end_of_data(&mut self, mut open: Open, flow: &mut Flow) -> Stage {
        open.check_end(flow);
        open.packed = open.header.packed.unwrap_or(open.packed);
        if open.header.described {
            return Stage::Descriptor(open);
        }
        let found = (open.crc.value(), open.size);
        if open.header.stated.is_some_and(|stated| stated != found) {
            open.mismatch(flow);
        }
        open.close(flow);
        Stage::Record
    }

    fn deflate(&mut self, bytes: &[u8], mut open: Open, flow: &mut Flow) -> usize {
        let taken = open.unpack(bytes, &mut self.inflate, flow);
        self.stage = match open.method {
            Method::Deflate { ended: true } => Stage::Descriptor(open),
            Method::Deflate { ended: false } => Stage::Deflate(open),
            // It is corrupt: its end has to be looked for.
            Method::Stored | Method::Zstd(_) | Method::Pass => Stage::Scan(open),
        };
        taken
    }

    /// Looks for a descriptor that fits to the data before it.
    fn scan(&mut self, bytes: &[u8], mut open: Open, flow: &mut Flow) -> usize {
        const SIGNATURE: &[u8] = b"PK\x07\x08";
        let mut window = std::mem::take(&mut self.head);
        window.extend_from_slice(bytes);
        let mut at = 0;
        loop {
            let rest = &window[at..];
            // The signature may be cut at the end of what is there.
            let found = memchr::memmem::find(rest, SIGNATURE);
            let data = found.unwrap_or(rest.len().saturating_sub(SIGNATURE.len() - 1));
            open.unpack(&rest[..data], &mut self.inflate, flow);
            at += data;
            if found.is_none() || window.len() - at < DESCRIPTOR {
                window.drain(..at);
                self.head = window;
                self.stage = Stage::Scan(open);
                return bytes.len();
            }
            if let Some(descriptor) = Descriptor::find(&window[at..], open.packed)
                && (matches!(open.method, Method::Pass) || descriptor.fits(open.crc.value(), open.size))
            {
                open.check_end(flow);
                open.close(flow);
                // What is behind the descriptor is read as a record, and came in all but for what was kept before.
                let after = at + descriptor.length;
                let kept = window.len() - bytes.len();
                self.stage = Stage::Record;
                return self.give_back(&window, after, kept, bytes.len());
            }
            open.unpack(&window[at..=at], &mut self.inflate, flow);
            at += 1;
        }
    }

    /// Bytes of `window` behind `after` are to be read again; its first `kept` bytes came with an earlier piece. Says
    /// how many bytes of the new piece, of the given length, are read.
    fn give_back(&mut self, window: &[u8], after: usize, kept: usize, piece: usize) -> usize {
        match after.checked_sub(kept) {
            Some(taken) => taken.min(piece),
            None => {
                // Less than a descriptor was kept, so this is the start of a record that is not complete.
                self.head = window[after..kept].to_vec();
                0
            }
        }
    }

    fn descriptor(&mut self, bytes: &[u8], mut open: Open, flow: &mut Flow) -> usize {
        let kept = self.head.len();
        let piece = bytes.len().min(DESCRIPTOR - kept);
        self.head.extend_from_slice(&bytes[..piece]);
        if self.head.len() < DESCRIPTOR {
            self.stage = Stage::Descriptor(open);
            return piece;
        }
        let window = std::mem::take(&mut self.head);
        let after = if let Some(descriptor) = Descriptor::find(&window, open.packed) {
            if !descriptor.fits(open.crc.value(), open.size) {
                open.mismatch(flow);
            }
            open.close(flow);
            descriptor.length
        } else if open.header.packed.is_some() && matches!(&window[..4], b"PK\x03\x04" | b"PK\x01\x02") {
            // The header promised one, but gave the length too, and there is none.
            open.close(flow);
            0
        } else {
            open.member.fault(ContainerFault::MemberChecksum, flow);
            open.close(flow);
            flow.fault(ContainerFault::ZipCorrupt { at: self.at - kept as u64 });
            return bytes.len();
        };
        self.stage = Stage::Record;
        self.give_back(&window, after, kept, piece)
    }

    /// No more bytes will come.
    pub fn finish(&mut self, flow: &mut Flow) {
        match std::mem::replace(&mut self.stage, Stage::Broken) {
            Stage::End | Stage::Broken => return,
            // The comment is cut off: nothing of the archive is missing.
            Stage::Skip { then_end: true, .. } => return,
            Stage::Record | Stage::Skip { .. } => {}
            Stage::Data(mut open, _) | Stage::Deflate(mut open) | Stage::Scan(mut open) => {
                open.member.fault(ContainerFault::MemberTruncated, flow);
                open.close(flow);
            }
            Stage::Descriptor(open) => open.close(flow),
        }
        if !flow.shared.stopped {
            flow.fault(ContainerFault::ZipTruncated { read: self.at });
        }
    }
}

impl Open {
    /// Unpacks bytes of the data. Says how many were data: all, but for deflate that ended.
    fn unpack(&mut self, bytes: &[u8], inflate: &mut Inflate, flow: &mut Flow) -> usize {
        let taken = match &mut self.method {
            Method::Pass => bytes.len(),
            Method::Stored => {
                self.crc.update(bytes);
                self.size += bytes.len() as u64;
                self.member.push(bytes, flow);
                bytes.len()
            }
            Method::Deflate { ended: true } => 0,
            Method::Deflate { ended: false } => self.inflate(bytes, inflate, flow),
            Method::Zstd(unzstd) => {
                let (member, crc, size) = (&mut self.member, &mut self.crc, &mut self.size);
                let result = unzstd.push(bytes, &mut |piece| {
                    crc.update(piece);
                    *size += piece.len() as u64;
                    flow.inflated(self.depth, piece, |piece, flow| member.push(piece, flow))
                });
                if let Err(fault) = result {
                    self.member.fault(fault, flow);
                    self.method = Method::Pass;
                }
                bytes.len()
            }
        };
        self.packed += taken as u64;
        taken
    }

    fn inflate(&mut self, bytes: &[u8], inflate: &mut Inflate, flow: &mut Flow) -> usize {
        let mut taken = 0;
        loop {
            let step = inflate.step(&bytes[taken..]);
            taken += step.taken;
            let piece = inflate.made(step.made);
            self.crc.update(piece);
            self.size += piece.len() as u64;
            if let ControlFlow::Break(()) =
                flow.inflated(self.depth, piece, |piece, flow| self.member.push(piece, flow))
            {
                self.method = Method::Pass;
                return bytes.len();
            }
            match step.end {
                End::Ended => {
                    self.method = Method::Deflate { ended: true };
                    return taken;
                }
                End::Corrupt => {
                    self.member.fault(ContainerFault::MemberCorrupt { at: self.packed + taken as u64 }, flow);
                    self.method = Method::Pass;
                    return taken;
                }
                // A full piece: more may be there without more data.
                End::Open if taken == bytes.len() && step.made < PIECE => return taken,
                End::Open => {}
            }
        }
    }

    /// The data is at its end: so must be what was packed.
    fn check_end(&mut self, flow: &mut Flow) {
        let fault = match &self.method {
            Method::Stored | Method::Pass => None,
            Method::Deflate { ended } => {
                let is_empty = self.header.packed == Some(0);
                let is_all = *ended && self.header.packed.is_none_or(|packed| packed == self.packed);
                let fault = ContainerFault::MemberCorrupt { at: self.packed };
                (!is_all && !is_empty).then(|| fault.into())
            }
            Method::Zstd(_) if self.header.packed == Some(0) => None,
            Method::Zstd(unzstd) => unzstd.finish().err(),
        };
        if let Some(fault) = fault {
            self.member.fault(fault, flow);
            self.method = Method::Pass;
        }
    }

    /// Checksum or size are not as stated.
    fn mismatch(&mut self, flow: &mut Flow) {
        // Of what was not unpacked, the fault is known.
        if !matches!(self.method, Method::Pass) {
            self.member.fault(ContainerFault::MemberChecksum, flow);
        }
    }

    fn close(self, flow: &mut Flow) {
        self.member.finish(self.packed, flow);
    }
}
