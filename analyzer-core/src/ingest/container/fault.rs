//! What can be wrong with what a log is wrapped in.

use super::zstd::MAX_WINDOW;
use super::{MAX_MEMBERS, MAX_NAMES, MAX_NESTING};
use crate::problem::Fault;
use crate::said::{Said, said, said_with};
use std::fmt;

/// A fault of an archive, of one of its members, or of another wrapping. Offsets count in the bytes of the container
/// itself, as they are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContainerFault {
    /// Wrapped more than [`MAX_NESTING`] times.
    Nesting,
    /// More than [`MAX_MEMBERS`] files in one source: the rest was not read.
    Members,
    /// The names of the files take more than [`MAX_NAMES`] bytes: the rest was not read.
    Names,
    /// The file ends inside the archive's member.
    MemberTruncated,
    /// The compressed data of the member is corrupt.
    MemberCorrupt {
        /// Compressed bytes of the member before the damage.
        at: u64,
    },
    /// The member does not have the CRC-32 or the size that the archive states.
    MemberChecksum,
    /// The member is encrypted.
    Encrypted,
    /// The member is compressed in a way that is not known here.
    Method {
        /// The number of the method (APPNOTE 4.4.5).
        method: u16,
    },
    /// The zip archive ends before its directory does.
    ZipTruncated {
        /// Bytes read.
        read: u64,
    },
    /// Neither an entry nor the directory is where one should be: the rest was not read.
    ZipCorrupt {
        /// Where.
        at: u64,
    },
    /// Bytes behind the end of the zip archive.
    ZipTrailing {
        /// Where they start.
        at: u64,
    },
    /// The directory of the zip archive lists another number of entries than there are.
    ZipDirectory {
        /// Entries in the directory.
        listed: u64,
        /// Entries in the archive.
        found: u64,
    },
    /// The tar archive ends inside of a header or a member.
    TarTruncated {
        /// Bytes read.
        read: u64,
    },
    /// No header is where one should be; reading went on at the next one, if there was one.
    TarCorrupt {
        /// Where.
        at: u64,
    },
    /// An entry of a tar archive that is neither a file nor a folder.
    NotAFile {
        /// What it is.
        kind: &'static str,
        /// Its path. Untrusted text.
        name: String,
    },
    /// The zstd data ends before its last frame does.
    ZstdTruncated {
        /// Compressed bytes read.
        read: u64,
    },
    /// The zstd data is corrupt.
    ZstdCorrupt {
        /// Where the frame or block starts that cannot be read.
        at: u64,
    },
    /// The content of a zstd frame does not have the checksum that the frame states.
    ZstdChecksum {
        /// Where the frame ends.
        at: u64,
    },
    /// A zstd frame needs more memory than [`MAX_WINDOW`].
    ZstdWindow {
        /// Bytes that it asks for.
        asked: u64,
    },
    /// A zstd frame needs a dictionary.
    ZstdDictionary,
    /// Bytes after the zstd data that are no further frame.
    ZstdTrailing {
        /// Where they start.
        at: u64,
    },
    /// Surrogates that stand alone, or half a character at the end: replaced by U+FFFD.
    Utf16 {
        /// Offset of the first in the UTF-8 text.
        at: u64,
        /// How many.
        count: u64,
    },
}

impl From<ContainerFault> for Fault {
    fn from(fault: ContainerFault) -> Fault {
        Fault::Container(fault)
    }
}

impl ContainerFault {
    /// It, in words.
    pub fn said(&self) -> Said {
        match self {
            Self::Nesting => said_with("packed more than {} times: not unpacked", [MAX_NESTING.into()]),
            Self::Members => {
                said_with("more than {} files in the archive: the rest was not read", [u64::from(MAX_MEMBERS).into()])
            }
            Self::Names => said_with(
                "the archive's file names pass the limit of {} bytes: the rest was not read",
                [MAX_NAMES.into()],
            ),
            Self::MemberTruncated => said("the archive is cut off inside this file; records before the cut were kept"),
            Self::MemberCorrupt { at } => said_with(
                "the compressed data is corrupt at byte {}; records before the damage were kept",
                [(*at).into()],
            ),
            Self::MemberChecksum => {
                said("checksum or size does not match what the archive states: the records may be damaged")
            }
            Self::Encrypted => said("encrypted: not read"),
            Self::Method { method } => {
                said_with("compressed by method {}, which is not supported: not read", [u64::from(*method).into()])
            }
            Self::ZipTruncated { read } => {
                said_with("zip archive is cut off after {} bytes; files before the cut were kept", [(*read).into()])
            }
            Self::ZipCorrupt { at } => {
                said_with("zip archive is corrupt at byte {}; the rest was not read", [(*at).into()])
            }
            Self::ZipTrailing { at } => {
                said_with("bytes after the zip archive at byte {} were not read", [(*at).into()])
            }
            Self::ZipDirectory { listed, found } => said_with(
                "the zip directory lists {} entries, but the archive has {}",
                [(*listed).into(), (*found).into()],
            ),
            Self::TarTruncated { read } => {
                said_with("tar archive is cut off after {} bytes; files before the cut were kept", [(*read).into()])
            }
            Self::TarCorrupt { at } => {
                said_with("tar archive is corrupt at byte {}; reading went on at the next header", [(*at).into()])
            }
            Self::NotAFile { kind, name } => {
                said_with("{} in the archive was not read: {}", [said(kind).into(), name.as_str().into()])
            }
            Self::ZstdTruncated { read } => {
                said_with("zstd data is cut off after {} bytes; records before the cut were kept", [(*read).into()])
            }
            Self::ZstdCorrupt { at } => {
                said_with("zstd data is corrupt at byte {}; records before the damage were kept", [(*at).into()])
            }
            Self::ZstdChecksum { at } => {
                said_with("zstd checksum at byte {} does not match: the records may be damaged", [(*at).into()])
            }
            Self::ZstdWindow { asked } => said_with(
                "zstd data needs {} bytes of memory, more than the limit of {}",
                [(*asked).into(), MAX_WINDOW.into()],
            ),
            Self::ZstdDictionary => said("zstd data that needs a dictionary cannot be read"),
            Self::ZstdTrailing { at } => {
                said_with("bytes after the zstd data at byte {} were not read", [(*at).into()])
            }
            Self::Utf16 { at, count } => said_with(
                "{} characters are not valid UTF-16, the first at byte {}: replaced",
                [(*count).into(), (*at).into()],
            ),
        }
    }
}

impl fmt::Display for ContainerFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.said().fmt(f)
    }
}
