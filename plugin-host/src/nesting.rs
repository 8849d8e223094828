//! How deep a component's types nest. Engines read nested types by recursion without a limit, and a small file can nest them
//! deeper than any stack: so this is looked at before anything else reads them.

use wasmparser::{BinaryReader, ComponentAlias, ComponentExternName, ComponentType, ComponentTypeRef, CoreType};
use wasmparser::{BinaryReaderError, Parser, Payload};

use crate::fault::Cause;
use crate::inspect::{damaged, unfit};

/// Types of instances and components may nest so deep; tools need two.
const MOST: usize = 16;

/// Looks at all types of a component, for an engine that recurses into them. (The page's does not: it reads them with a bound of
/// its own.)
///
/// # Errors
/// When they nest too deep, or are no types.
pub fn check_nesting(bytes: &[u8]) -> Result<(), Cause> {
    for payload in Parser::new(0).parse_all(bytes) {
        if let Payload::ComponentTypeSection(section) = payload.map_err(damaged)? {
            let range = section.range();
            types(BinaryReader::new(bytes.get(range.clone()).unwrap_or_default(), range.start))?;
        }
    }
    Ok(())
}

/// The types of a section, which begins with their number.
fn types(mut section: BinaryReader<'_>) -> Result<(), Cause> {
    for _ in 0..section.read_var_u32().map_err(damaged)? {
        match one(&mut section, 0) {
            Ok(()) => {}
            Err(Wrong::Damaged(error)) => return Err(damaged(error)),
            Err(Wrong::Deep) => {
                let reason = format!("its types nest deeper than {MOST}");
                return Err(unfit(
                    reason,
                    "a plugin's types are those of the contract; build it with the tools that the docs name",
                ));
            }
        }
    }
    Ok(())
}

/// What is wrong with a type.
enum Wrong {
    Deep,
    Damaged(BinaryReaderError),
}

impl From<BinaryReaderError> for Wrong {
    fn from(error: BinaryReaderError) -> Self {
        Wrong::Damaged(error)
    }
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
