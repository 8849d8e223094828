//! How deep a component's types nest. Engines read nested types by recursion without a limit, and a small file can nest them
//! deeper than any stack: so this is looked at before anything else reads them.

use wasmparser::{BinaryReader, ComponentAlias, ComponentExternName, ComponentType, ComponentTypeRef, CoreType};

/// Types of instances and components may nest so deep; tools need two.
pub(crate) const MOST: usize = 16;

/// What is wrong with a section of types.
#[derive(Debug)]
pub(crate) enum Wrong {
    /// They nest deeper than [`MOST`].
    Deep,
    /// They are no types.
    Damaged(wasmparser::BinaryReaderError),
}

impl From<wasmparser::BinaryReaderError> for Wrong {
    fn from(error: wasmparser::BinaryReaderError) -> Self {
        Wrong::Damaged(error)
    }
}

/// Looks at the types of a section, which begins with their number.
pub(crate) fn check(mut section: BinaryReader<'_>) -> Result<(), Wrong> {
    for _ in 0..section.read_var_u32()? {
        one(&mut section, 0)?;
    }
    Ok(())
}

fn one(reader: &mut BinaryReader<'_>, depth: usize) -> Result<(), Wrong> {
    if depth > MOST {
        return Err(Wrong::Deep);
    }
    match reader.clone().read_u8()? {
        // Of a component, of an instance: declarations, which can be types again.
        0x41 | 0x42 => {
            reader.read_u8()?;
            for _ in 0..reader.read_var_u32()? {
                declaration(reader, depth)?;
            }
        }
        // Any other holds its own parts by number.
        _ => {
            reader.read::<ComponentType>()?;
        }
    }
    Ok(())
}

fn declaration(reader: &mut BinaryReader<'_>, depth: usize) -> Result<(), Wrong> {
    match reader.read_u8()? {
        0x00 => {
            reader.read::<CoreType>()?;
        }
        0x01 => one(reader, depth + 1)?,
        0x02 => {
            reader.read::<ComponentAlias>()?;
        }
        // What is imported or exported: a name and a type. An engine refuses any other kind.
        _ => {
            reader.read::<ComponentExternName>()?;
            reader.read::<ComponentTypeRef>()?;
        }
    }
    Ok(())
}
