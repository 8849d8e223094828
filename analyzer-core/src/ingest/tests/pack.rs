//! Packs logs with encoders that are not ours, and archives by hand where those cannot.

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use std::io::Write as _;

/// A log of so many records; the first is number `first`.
pub fn log(first: u32, count: u32) -> Vec<u8> {
    let record = |n: u32| {
        format!(
            r#"{{"eventVersion":"1.08","eventTime":"2024-05-01T00:00:{:02}Z","eventName":"Get€","eventID":"00000000-0000-4000-8000-{n:012}"}}"#,
            n % 60
        )
    };
    let records: Vec<_> = (first..first + count).map(record).collect();
    format!(r#"{{"Records":[{}]}}"#, records.join(",")).into_bytes()
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn utf16(bytes: &[u8], pair: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(pair).collect()
}

/// A zip by the crate of that name.
pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    zip_with(files, zip::write::SimpleFileOptions::default())
}

pub fn zip_with(files: &[(&str, &[u8])], options: zip::write::SimpleFileOptions) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        match name.strip_suffix('/') {
            Some(folder) => writer.add_directory(folder, options).unwrap(),
            None => {
                writer.start_file(*name, options).unwrap();
                writer.write_all(bytes).unwrap();
            }
        }
    }
    writer.finish().unwrap().into_inner()
}

/// A tar by the crate of that name; it writes GNU headers.
pub fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_entry_type(if name.ends_with('/') { tar::EntryType::Directory } else { tar::EntryType::Regular });
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

/// How an entry of a zip says how long it is.
#[derive(Clone, Copy, PartialEq)]
pub enum Sizes {
    Header,
    Zip64,
    /// In a descriptor behind the data.
    Signed,
    Bare,
    SignedWide,
    BareWide,
    /// In the header, and in a descriptor too.
    Both,
}

/// An entry of a zip that is written by hand.
#[derive(Clone)]
pub struct Entry {
    pub name: Vec<u8>,
    pub method: u16,
    pub flags: u16,
    pub data: Vec<u8>,
    pub crc: u32,
    pub size: u64,
    pub sizes: Sizes,
}

impl Entry {
    pub fn new(name: &str, method: u16, bytes: &[u8], sizes: Sizes) -> Entry {
        let data = match method {
            8 => deflate(bytes),
            93 => zstd(bytes),
            _ => bytes.to_vec(),
        };
        let (crc, size) = (crc32fast::hash(bytes), bytes.len() as u64);
        Entry { name: name.as_bytes().to_vec(), method, flags: 0, data, crc, size, sizes }
    }

    fn local(&self) -> Vec<u8> {
        let described = !matches!(self.sizes, Sizes::Header | Sizes::Zip64);
        let flags = self.flags | if described { 8 } else { 0 };
        let packed = self.data.len() as u64;
        let mut extra = Vec::new();
        let (crc, narrow_packed, narrow_size) = match self.sizes {
            Sizes::Header | Sizes::Both => (self.crc, packed as u32, self.size as u32),
            Sizes::Zip64 => {
                extra.extend([9, 9, 2, 0, 7, 7, 1, 0, 16, 0]);
                extra.extend(self.size.to_le_bytes());
                extra.extend(packed.to_le_bytes());
                (self.crc, u32::MAX, u32::MAX)
            }
            _ => (0, 0, 0),
        };
        let mut out = b"PK\x03\x04\x14\0".to_vec();
        out.extend([flags.to_le_bytes(), self.method.to_le_bytes(), [0; 2], [0; 2]].concat());
        out.extend([crc.to_le_bytes(), narrow_packed.to_le_bytes(), narrow_size.to_le_bytes()].concat());
        out.extend([(self.name.len() as u16).to_le_bytes(), (extra.len() as u16).to_le_bytes()].concat());
        out.extend(&self.name);
        out.extend(extra);
        out.extend(&self.data);
        if matches!(self.sizes, Sizes::Signed | Sizes::SignedWide | Sizes::Both) {
            out.extend(b"PK\x07\x08");
        }
        if described {
            out.extend(self.crc.to_le_bytes());
            match self.sizes {
                Sizes::SignedWide | Sizes::BareWide => {
                    out.extend([packed.to_le_bytes(), self.size.to_le_bytes()].concat())
                }
                _ => out.extend([(packed as u32).to_le_bytes(), (self.size as u32).to_le_bytes()].concat()),
            }
        }
        out
    }
}

/// A zip by hand.
pub fn zip_of(entries: &[Entry]) -> Vec<u8> {
    let mut out: Vec<u8> = entries.iter().flat_map(Entry::local).collect();
    let directory = out.len() as u32;
    for entry in entries {
        let mut listed = [0; 46];
        listed[..4].copy_from_slice(b"PK\x01\x02");
        listed[28..30].copy_from_slice(&(entry.name.len() as u16).to_le_bytes());
        out.extend(listed);
        out.extend(&entry.name);
    }
    let mut end = [0; 22];
    end[..4].copy_from_slice(b"PK\x05\x06");
    end[16..20].copy_from_slice(&directory.to_le_bytes());
    out.extend(end);
    out
}

/// A tar header by hand, with its checksum.
pub fn tar_header(name: &[u8], kind: u8, size: &[u8], magic: &[u8]) -> Vec<u8> {
    let mut block = vec![0; 512];
    block[..name.len()].copy_from_slice(name);
    block[100..108].copy_from_slice(b"0000644\0");
    block[124..124 + size.len()].copy_from_slice(size);
    block[156] = kind;
    block[257..257 + magic.len()].copy_from_slice(magic);
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// Data of a tar, filled up to blocks.
pub fn blocks(bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    out.resize(bytes.len().next_multiple_of(512), 0);
    out
}

/// A size as tar writes it.
pub fn octal(size: usize) -> Vec<u8> {
    format!("{size:011o}\0").into_bytes()
}
