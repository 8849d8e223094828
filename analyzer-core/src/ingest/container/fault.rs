//! What can be wrong with what a log is wrapped in.

use super::zstd::MAX_WINDOW;
use super::{MAX_MEMBERS, MAX_NAMES, MAX_NESTING};
use crate::problem::Fault;
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

impl fmt::Display for ContainerFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nesting => write!(f, "packed more than {MAX_NESTING} times: not unpacked"),
            Self::Members => write!(f, "more than {MAX_MEMBERS} files in the archive: the rest was not read"),
            Self::Names => {
                write!(f, "the archive's file names pass the limit of {MAX_NAMES} bytes: the rest was not read")
            }
            Self::MemberTruncated => {
                f.write_str("the archive is cut off inside this file; records before the cut were kept")
            }
            Self::MemberCorrupt { at } => {
                write!(f, "the compressed data is corrupt at byte {at}; records before the damage were kept")
            }
            Self::MemberChecksum => {
                f.write_str("checksum or size does not match what the archive states: the records may be damaged")
            }
            Self::Encrypted => f.write_str("encrypted: not read"),
            Self::Method { method } => write!(f, "compressed by method {method}, which is not supported: not read"),
            Self::ZipTruncated { read } => {
                write!(f, "zip archive is cut off after {read} bytes; files before the cut were kept")
            }
            Self::ZipCorrupt { at } => write!(f, "zip archive is corrupt at byte {at}; the rest was not read"),
            Self::ZipTrailing { at } => write!(f, "bytes after the zip archive at byte {at} were not read"),
            Self::ZipDirectory { listed, found } => {
                write!(f, "the zip directory lists {listed} entries, but the archive has {found}")
            }
            Self::TarTruncated { read } => {
                write!(f, "tar archive is cut off after {read} bytes; files before the cut were kept")
            }
            Self::TarCorrupt { at } => {
                write!(f, "tar archive is corrupt at byte {at}; reading went on at the next header")
            }
            Self::NotAFile { kind, name } => write!(f, "{kind} in the archive was not read: {name}"),
            Self::ZstdTruncated { read } => {
                write!(f, "zstd data is cut off after {read} bytes; records before the cut were kept")
            }
            Self::ZstdCorrupt { at } => {
                write!(f, "zstd data is corrupt at byte {at}; records before the damage were kept")
            }
            Self::ZstdChecksum { at } => {
                write!(f, "zstd checksum at byte {at} does not match: the records may be damaged")
            }
            Self::ZstdWindow { asked } => {
                write!(f, "zstd data needs {asked} bytes of memory, more than the limit of {MAX_WINDOW}")
            }
            Self::ZstdDictionary => f.write_str("zstd data that needs a dictionary cannot be read"),
            Self::ZstdTrailing { at } => write!(f, "bytes after the zstd data at byte {at} were not read"),
            Self::Utf16 { at, count } => {
                write!(f, "{count} characters are not valid UTF-16, the first at byte {at}: replaced")
            }
        }
    }
}
