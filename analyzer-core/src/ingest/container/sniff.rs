//! What bytes are, told by the first of them and never by a name.

use super::{gzip, tar};

/// What a layer's bytes turn out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text in UTF-8, or something else that the splitter will name.
    Text,
    /// Text in UTF-16 with a byte order mark.
    Utf16 {
        /// The byte order.
        order: Order,
    },
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
    /// A zip archive.
    Zip,
    /// A tar archive.
    Tar,
}

/// Which byte of two comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The low one.
    Little,
    /// The high one.
    Big,
}

/// Where a zip archive can start: with an entry, with its end if it is empty, with a marker if it was split once.
const ZIP: [&[u8]; 4] = [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK\x03\x04", b"PK00PK\x03\x04"];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Says what starts with `head`, or `None` if more bytes are needed to tell.
pub fn sniff(head: Head) -> Option<Kind> {
    let (bytes, ended) = match head {
        Head::Open(bytes) => (bytes, false),
        Head::Whole(bytes) => (bytes, true),
    };
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    let skippable = |b: &[u8]| b.len() == 4 && b[0] & 0xf0 == 0x50 && b[1..] == [0x2a, 0x4d, 0x18];
    let kind = if starts(&gzip::MAGIC) {
        Kind::Gzip
    } else if starts(&[0xff, 0xfe]) {
        Kind::Utf16 { order: Order::Little }
    } else if starts(&[0xfe, 0xff]) {
        Kind::Utf16 { order: Order::Big }
    } else if starts(&ZSTD) || bytes.get(..4).is_some_and(skippable) {
        Kind::Zstd
    } else if ZIP.iter().any(|magic| starts(magic)) {
        Kind::Zip
    } else if is_json(bytes) {
        Kind::Text
    } else if tar::is_header(bytes) {
        Kind::Tar
    // The longest of the magic numbers is shorter than what has to be there to say that it is no tar.
    } else if !ended && tar::may_be_header(bytes) {
        return None;
    } else {
        Kind::Text
    };
    Some(kind)
}

/// The first bytes of a layer.
#[derive(Clone, Copy)]
pub enum Head<'h> {
    /// More will come.
    Open(&'h [u8]),
    /// These are all.
    Whole(&'h [u8]),
}

/// Two brackets, or a bracket and a quote: no file in a tar has such a name, and so the usual log need not wait for the
/// 512 bytes of a header.
fn is_json(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut text = bytes.iter().filter(|byte| !byte.is_ascii_whitespace());
    matches!((text.next(), text.next()), (Some(b'{'), Some(b'"' | b'}')) | (Some(b'['), Some(b'{' | b'[' | b']')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: Kind) {
        assert_eq!(sniff(Head::Whole(bytes)), Some(expected), "{bytes:?}");
        // With fewer bytes it is the same, or not known yet.
        let early = (0..bytes.len()).find_map(|n| sniff(Head::Open(&bytes[..n])));
        assert!(early.is_none_or(|kind| kind == expected), "{bytes:?}: {early:?}");
    }

    #[test]
    fn magic_numbers() {
        check(&[0x1f, 0x8b, 8], Kind::Gzip);
        check(&[0x1f, 0x8c], Kind::Text);
        check(&[0x28, 0xb5, 0x2f, 0xfd, 4], Kind::Zstd);
        check(&[0x5e, 0x2a, 0x4d, 0x18, 0, 0], Kind::Zstd);
        check(b"PK\x03\x04\x14", Kind::Zip);
        check(b"PK\x05\x06\0\0", Kind::Zip);
        check(b"PK\x07\x08PK\x03\x04", Kind::Zip);
        check(b"PK or not", Kind::Text);
        check(b"\xff\xfe{\0", Kind::Utf16 { order: Order::Little });
        check(b"\xfe\xff\0{", Kind::Utf16 { order: Order::Big });
    }

    #[test]
    fn texts() {
        for text in ["", "{", "{}", " \n[{", "{\"Records\":[]}", "\u{feff}{\"a\":1}", "User name,AWS access key\n"] {
            check(text.as_bytes(), Kind::Text);
        }
        // A text is known before the length of a tar header is there.
        assert_eq!(sniff(Head::Open(b"{\"")), Some(Kind::Text));
        assert_eq!(sniff(Head::Open(&[b'a'; 108])), Some(Kind::Text));
    }
}
