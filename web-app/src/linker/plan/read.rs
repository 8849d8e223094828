//! The outer form of a WebAssembly file: sections, one after the other. Component and core module share it.

use plugin_host::Cause;
use wasmparser::BinaryReader;

/// What follows the magic number of a core module.
const MODULE: [u8; 4] = [1, 0, 0, 0];
/// What follows that of a component.
const COMPONENT: [u8; 4] = [0x0d, 0, 1, 0];
/// Length of magic number and version.
const PREAMBLE: usize = 8;

const GET_AGAIN: &str = "get the file again";
const OTHER_TOOLS: &str = "build it with the tools that plugins/README.md names";

/// A section with its bytes, without its header.
#[derive(Clone, Copy, Debug)]
pub struct Section<'a> {
    /// Which kind of section it is.
    pub id: u8,
    /// Where its bytes begin in the whole file.
    pub at: usize,
    /// Its bytes.
    pub data: &'a [u8],
}

impl<'a> Section<'a> {
    /// A reader of its bytes.
    pub fn reader(&self) -> BinaryReader<'a> {
        BinaryReader::new(self.data, self.at)
    }
}

/// What a WebAssembly file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// A core module.
    Module,
    /// A component.
    Component,
}

/// What the file is, by its first bytes; `None` if it is no WebAssembly of a version that there is.
pub fn encoding(bytes: &[u8]) -> Option<Encoding> {
    match *bytes.strip_prefix(b"\0asm")?.first_chunk::<4>()? {
        MODULE => Some(Encoding::Module),
        COMPONENT => Some(Encoding::Component),
        _ => None,
    }
}

/// The sections of a file or of a part of one, `at` being where it begins in the whole file. Its first bytes have been
/// looked at.
pub fn sections(bytes: &[u8], at: usize) -> Sections<'_> {
    let body = bytes.get(PREAMBLE..).unwrap_or_default();
    Sections { reader: BinaryReader::new(body, at + PREAMBLE) }
}

/// Sections in their order, up to the first that is cut off.
pub struct Sections<'a> {
    reader: BinaryReader<'a>,
}

impl<'a> Iterator for Sections<'a> {
    type Item = Result<Section<'a>, Cause>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.reader.eof() {
            return None;
        }
        let section = self.read();
        if section.is_err() {
            // Nothing behind it can be found.
            self.reader = BinaryReader::new(&[], 0);
        }
        Some(section.map_err(|error| damaged(&error)))
    }
}

impl<'a> Sections<'a> {
    fn read(&mut self) -> wasmparser::Result<Section<'a>> {
        let id = self.reader.read_u8()?;
        let size = self.reader.read_var_u32()? as usize;
        let at = self.reader.original_position();
        Ok(Section { id, at, data: self.reader.read_bytes(size)? })
    }
}

/// The next number.
pub fn number(reader: &mut BinaryReader<'_>) -> Result<u32, Cause> {
    reader.read_var_u32().map_err(|error| damaged(&error))
}

/// The file is not what it should be.
pub fn damaged(error: &wasmparser::BinaryReaderError) -> Cause {
    let text = error.to_string();
    let reason = format!("the file is damaged: {}", text.lines().next().unwrap_or_default());
    Cause::Unfit { reason, hint: GET_AGAIN }
}

/// An index points nowhere.
pub fn dangling(what: &str, index: u32) -> Cause {
    Cause::Unfit { reason: format!("the file is damaged: there is no {what} {index}"), hint: GET_AGAIN }
}

/// The file uses something that a plugin cannot use here.
pub fn unsupported(what: &str) -> Cause {
    Cause::Unfit { reason: format!("it uses {what}, which plugins may not"), hint: OTHER_TOOLS }
}

/// The file is larger or deeper than any plugin that a tool makes.
pub fn excessive(what: &str, most: usize) -> Cause {
    Cause::Unfit { reason: format!("it has more than {most} {what}"), hint: OTHER_TOOLS }
}
