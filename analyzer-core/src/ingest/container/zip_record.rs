//! The records of a zip archive (PKWARE's APPNOTE 6.3), as plain data.

/// What the four bytes at the start of a record say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The header of an entry, with the entry's data behind it.
    Entry,
    /// An entry as the directory lists it.
    Listed,
    /// The end, with a comment behind it.
    End,
    /// Something that is passed over.
    Other,
}

/// A header of an entry may end at byte 30 and hold a name and an extra field of 65,535 bytes each.
const ENTRY: usize = 30;
const LISTED: usize = 46;
const END: usize = 22;

/// What is wanted to know a record's length, or its length.
pub enum Extent {
    /// So many bytes are needed to tell.
    AtLeast(usize),
    /// The record has so many bytes to collect, and so many behind them that are passed over.
    Known { kind: Kind, length: usize, rest: u64 },
    /// No record starts like this.
    NotARecord,
}

/// How long the record is that starts with `head`.
pub fn extent(head: &[u8]) -> Extent {
    let Some(signature) = head.first_chunk::<4>() else { return Extent::AtLeast(4) };
    let (kind, fixed) = match signature {
        b"PK\x03\x04" => (Kind::Entry, ENTRY),
        b"PK\x01\x02" => (Kind::Listed, LISTED),
        b"PK\x05\x06" => (Kind::End, END),
        // The end of a zip64 archive, and where that is; a signature; extra data of the archive.
        b"PK\x06\x06" => (Kind::Other, 12),
        b"PK\x06\x07" => (Kind::Other, 20),
        b"PK\x05\x05" => (Kind::Other, 6),
        b"PK\x06\x08" => (Kind::Other, 8),
        // Markers of archives that were split, or could have been.
        b"PK\x07\x08" | b"PK00" => (Kind::Other, 4),
        _ => return Extent::NotARecord,
    };
    if head.len() < fixed {
        return Extent::AtLeast(fixed);
    }
    let short = |at| usize::from(u16_at(head, at));
    let (length, rest) = match signature {
        b"PK\x03\x04" => (fixed + short(26) + short(28), 0),
        b"PK\x01\x02" => (fixed, (short(28) + short(30) + short(32)) as u64),
        b"PK\x05\x06" => (fixed, short(20) as u64),
        b"PK\x06\x06" => (fixed, u64_at(head, 4)),
        b"PK\x05\x05" => (fixed, short(4) as u64),
        b"PK\x06\x08" => (fixed, u64::from(u32_at(head, 4))),
        _ => (fixed, 0),
    };
    Extent::Known { kind, length, rest }
}

/// The header of an entry.
pub struct EntryHeader {
    /// Its path, in an encoding that is not known for certain.
    pub path: Vec<u8>,
    /// 0 stored, 8 deflate, 93 zstd (APPNOTE 4.4.5).
    pub method: u16,
    /// Whether the data is encrypted.
    pub encrypted: bool,
    /// Whether a descriptor stands behind the data.
    pub described: bool,
    /// Bytes of data, if the header says so.
    pub packed: Option<u64>,
    /// CRC-32 and size of the unpacked data, if the header says so.
    pub stated: Option<(u32, u64)>,
}

impl EntryHeader {
    /// Reads a whole record.
    pub fn read(head: &[u8]) -> EntryHeader {
        let flags = u16_at(head, 6);
        let name_end = ENTRY + usize::from(u16_at(head, 26));
        let (mut packed, mut size) = (u64::from(u32_at(head, 18)), u64::from(u32_at(head, 22)));
        // The zip64 field holds, in this order, those of the two that do not fit into 32 bits.
        let mut wide = zip64(head.get(name_end..).unwrap_or_default()).as_chunks::<8>().0.iter();
        for value in [&mut size, &mut packed] {
            if *value == u64::from(u32::MAX)
                && let Some(bytes) = wide.next()
            {
                *value = u64::from_le_bytes(*bytes);
            }
        }
        let described = flags & 8 != 0;
        let is_known = !described || packed > 0;
        EntryHeader {
            path: head.get(ENTRY..name_end).unwrap_or_default().to_vec(),
            method: u16_at(head, 8),
            // Bit 13: parts of the header are masked, which goes with encryption.
            encrypted: flags & (1 | 1 << 13) != 0,
            described,
            packed: is_known.then_some(packed),
            stated: (!described).then(|| (u32_at(head, 14), size)),
        }
    }
}

/// The content of the zip64 field of an extra field.
fn zip64(mut extra: &[u8]) -> &[u8] {
    while let Some((&[a, b, c, d], rest)) = extra.split_first_chunk::<4>() {
        let length = usize::from(u16::from_le_bytes([c, d]));
        let Some((field, others)) = rest.split_at_checked(length) else { break };
        if [a, b] == [1, 0] {
            return field;
        }
        extra = others;
    }
    &[]
}

/// The longest descriptor and the signature behind it: every whole archive has so many bytes behind an entry's data.
pub const DESCRIPTOR: usize = 28;

/// What stands behind the data of an entry.
pub struct Descriptor {
    /// Its own length in bytes.
    pub length: usize,
    /// CRC-32 of the unpacked data.
    pub crc: u32,
    /// The size of the unpacked data; its lower half if the descriptor is short.
    pub size: u64,
    /// Whether `size` is all of the size.
    pub wide: bool,
}

impl Descriptor {
    /// Finds a descriptor at the start of `bytes`: with or without a signature, in 32 or 64 bits, but for this many
    /// bytes of data, and with the start of a record behind it.
    pub fn find(bytes: &[u8], packed: u64) -> Option<Descriptor> {
        let signed = bytes.starts_with(b"PK\x07\x08");
        let forms = [(true, true), (true, false), (false, true), (false, false)];
        forms.into_iter().filter(|&(with, _)| signed || !with).find_map(|(with, wide)| {
            let start = if with { 4 } else { 0 };
            let length = start + if wide { 20 } else { 12 };
            let behind = bytes.get(length..length + 4)?;
            let (found, size) = match wide {
                true => (u64_at(bytes, start + 4), u64_at(bytes, start + 12)),
                false => (u64::from(u32_at(bytes, start + 4)), u64::from(u32_at(bytes, start + 8))),
            };
            let expected = if wide { packed } else { packed & u64::from(u32::MAX) };
            let is_record = matches!(behind, b"PK\x03\x04" | b"PK\x01\x02");
            (is_record && found == expected).then(|| Descriptor { length, crc: u32_at(bytes, start), size, wide })
        })
    }

    /// Whether this is what the unpacked data has.
    pub fn fits(&self, crc: u32, size: u64) -> bool {
        let size = if self.wide { size } else { size & u64::from(u32::MAX) };
        (self.crc, self.size) == (crc, size)
    }
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..).and_then(|b| b.first_chunk()).map_or(0, |b| u16::from_le_bytes(*b))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(|b| b.first_chunk()).map_or(0, |b| u32::from_le_bytes(*b))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..).and_then(|b| b.first_chunk()).map_or(0, |b| u64::from_le_bytes(*b))
}
