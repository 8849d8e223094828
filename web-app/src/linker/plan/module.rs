//! Core modules: what the plan has to know of one, and the same module with bounds on what it can take.

use super::read::{Encoding, Section, damaged, encoding, excessive, number, sections, unsupported};
use plugin_host::Cause;
use wasmparser::{BinaryReader, ExternalKind, Import, SectionLimited, TypeRef};

/// Memories, and tables, of one module.
const MOST_DEFINED: usize = 64;
/// Where the sections stand that are looked at.
const TYPES: u8 = 1;
const IMPORTS: u8 = 2;
const TABLES: u8 = 4;
const MEMORIES: u8 = 5;
const EXPORTS: u8 = 7;
const CODE: u8 = 10;
const TAGS: u8 = 13;

/// A body without locals that does nothing but trap.
const TRAPS: [u8; 3] = [0, 0, 0x0b];

/// How large something may be: pages of a memory, elements of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// What it is from the start.
    pub min: u64,
    /// What it says that it never grows beyond.
    pub max: Option<u64>,
}

/// A core module of the file.
pub struct Module<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The memories that it defines.
    pub memories: Vec<Bounds>,
    /// The tables that it defines.
    pub tables: Vec<Bounds>,
    /// The kind of reference of each table.
    references: Vec<u8>,
}

/// Where a memory of a module comes from.
#[derive(Debug, PartialEq, Eq)]
pub enum Memory<'a> {
    /// It is the module's own, by its place among those that it defines.
    Own(usize),
    /// It is imported, under these names.
    Imported(&'a str, &'a str),
}

impl<'a> Module<'a> {
    /// Reads what the plan needs. The rest is left to the browser, which validates the module as a whole.
    pub fn read(bytes: &'a [u8], at: usize) -> Result<Module<'a>, Cause> {
        if encoding(bytes) != Some(Encoding::Module) {
            return Err(unsupported("a part that is no core module of WebAssembly 1"));
        }
        let mut module = Module { bytes, at, memories: Vec::new(), tables: Vec::new(), references: Vec::new() };
        for section in sections(bytes, at) {
            let section = section?;
            match section.id {
                TYPES => only_functions(section)?,
                TABLES => module.read_tables(section)?,
                MEMORIES => module.read_memories(section)?,
                TAGS => return Err(unsupported("exceptions")),
                _ => {}
            }
        }
        Ok(module)
    }

    fn read_memories(&mut self, section: Section<'a>) -> Result<(), Cause> {
        let mut reader = section.reader();
        for _ in 0..number(&mut reader)? {
            let flags = byte(&mut reader)?;
            self.memories.push(match flags {
                0 | 1 => limits(&mut reader, flags)?,
                2 | 3 => return Err(unsupported("shared memory")),
                _ => return Err(unsupported("a memory with 64-bit addresses or pages of its own size")),
            });
            if self.memories.len() > MOST_DEFINED {
                return Err(excessive("memories in a module", MOST_DEFINED));
            }
        }
        Ok(())
    }

    fn read_tables(&mut self, section: Section<'a>) -> Result<(), Cause> {
        let mut reader = section.reader();
        for _ in 0..number(&mut reader)? {
            let reference = byte(&mut reader)?;
            if !matches!(reference, 0x70 | 0x6f) {
                return Err(unsupported("a table of other references than functions"));
            }
            let flags = byte(&mut reader)?;
            if flags > 1 {
                return Err(unsupported("a table with 64-bit indices"));
            }
            self.references.push(reference);
            self.tables.push(limits(&mut reader, flags)?);
            if self.tables.len() > MOST_DEFINED {
                return Err(excessive("tables in a module", MOST_DEFINED));
            }
        }
        Ok(())
    }

    /// The module with these maxima in the place of those that it states, one for each memory and table that it defines,
    /// and without custom sections.
    pub fn bounded(&self, memories: &[u64], tables: &[u64]) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.bytes.len() + 16 * (memories.len() + tables.len()));
        out.extend(self.bytes.iter().take(8));
        for section in sections(self.bytes, self.at).filter_map(Result::ok) {
            match section.id {
                0 => {}
                TABLES => {
                    let mut body = Vec::new();
                    leb(&mut body, self.tables.len() as u64);
                    for ((table, reference), max) in self.tables.iter().zip(&self.references).zip(tables) {
                        body.push(*reference);
                        write_limits(&mut body, table.min, *max);
                    }
                    write_section(&mut out, section.id, &body);
                }
                MEMORIES => {
                    let mut body = Vec::new();
                    leb(&mut body, self.memories.len() as u64);
                    for (memory, max) in self.memories.iter().zip(memories) {
                        write_limits(&mut body, memory.min, *max);
                    }
                    write_section(&mut out, section.id, &body);
                }
                id => write_section(&mut out, id, section.data),
            }
        }
        out
    }

    /// Where the memory comes from that the module exports under this name, if it does.
    pub fn memory(&self, name: &str) -> Result<Option<Memory<'a>>, Cause> {
        let Some(index) = self.export(name, ExternalKind::Memory)? else { return Ok(None) };
        let mut imported = 0;
        for import in self.imports()? {
            let import = import?;
            if matches!(import.ty, TypeRef::Memory(_)) {
                if imported == index {
                    return Ok(Some(Memory::Imported(import.module, import.name)));
                }
                imported += 1;
            }
        }
        Ok(Some(Memory::Own((index - imported) as usize)))
    }

    /// Whether the function that the module exports under this name does nothing but trap, as one that stands in for what
    /// a plugin may not have.
    pub fn traps(&self, name: &str) -> Result<bool, Cause> {
        let Some(index) = self.export(name, ExternalKind::Func)? else { return Ok(false) };
        let mut imported = 0;
        for import in self.imports()? {
            imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
        }
        let Some(own) = index.checked_sub(imported) else { return Ok(false) };
        let Some(code) = self.section(CODE)? else { return Ok(false) };
        let mut reader = code.reader();
        let bodies = number(&mut reader)?;
        for body in 0..bodies {
            let size = number(&mut reader)? as usize;
            let bytes = reader.read_bytes(size).map_err(|e| damaged(&e))?;
            if body == own {
                return Ok(bytes == TRAPS);
            }
        }
        Ok(false)
    }

    fn export(&self, name: &str, kind: ExternalKind) -> Result<Option<u32>, Cause> {
        let Some(section) = self.section(EXPORTS)? else { return Ok(None) };
        let exports = SectionLimited::<wasmparser::Export>::new(section.reader()).map_err(|e| damaged(&e))?;
        for export in exports {
            let export = export.map_err(|e| damaged(&e))?;
            if export.kind == kind && export.name == name {
                return Ok(Some(export.index));
            }
        }
        Ok(None)
    }

    fn imports(&self) -> Result<Vec<Result<Import<'a>, Cause>>, Cause> {
        let Some(section) = self.section(IMPORTS)? else { return Ok(Vec::new()) };
        let imports = wasmparser::ImportSectionReader::new(section.reader()).map_err(|e| damaged(&e))?;
        Ok(imports.into_imports().map(|import| import.map_err(|e| damaged(&e))).collect())
    }

    /// How many bytes it has.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    fn section(&self, id: u8) -> Result<Option<Section<'a>>, Cause> {
        sections(self.bytes, self.at).find(|section| section.as_ref().map_or(true, |found| found.id == id)).transpose()
    }
}

/// Types other than those of functions are for objects that the browser would collect, which no cap on memory bounds.
fn only_functions(section: Section<'_>) -> Result<(), Cause> {
    let mut reader = section.reader();
    for _ in 0..number(&mut reader)? {
        if byte(&mut reader)? != 0x60 {
            return Err(unsupported("garbage-collected types"));
        }
        // Parameters and results: a byte each, unless it is a reference with a type of its own.
        for _ in 0..2 {
            for _ in 0..number(&mut reader)? {
                if matches!(byte(&mut reader)?, 0x63 | 0x64) {
                    return Err(unsupported("typed references"));
                }
            }
        }
    }
    Ok(())
}

fn limits(reader: &mut BinaryReader<'_>, flags: u8) -> Result<Bounds, Cause> {
    let min = u64::from(number(reader)?);
    let max = if flags & 1 == 1 { Some(u64::from(number(reader)?)) } else { None };
    Ok(Bounds { min, max })
}

fn write_limits(out: &mut Vec<u8>, min: u64, max: u64) {
    out.push(1);
    leb(out, min);
    leb(out, max);
}

fn write_section(out: &mut Vec<u8>, id: u8, body: &[u8]) {
    out.push(id);
    leb(out, body.len() as u64);
    out.extend_from_slice(body);
}

fn leb(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn byte(reader: &mut BinaryReader<'_>) -> Result<u8, Cause> {
    reader.read_u8().map_err(|e| damaged(&e))
}
