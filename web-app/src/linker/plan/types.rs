//! Types of components: read into one arena, and compared with those of the contract.
//!
//! wasmparser reads nested types by recursion without a limit, and a small file can nest them deeper than any stack. So
//! they are read here.

use super::read::{damaged, dangling, excessive, unsupported};
use plugin_host::Cause;
use std::collections::BTreeMap;
use wasmparser::{BinaryReader, ComponentAlias, ComponentTypeRef, TypeBounds};

/// Instance types may nest so deep; tools need two.
const MOST_DEPTH: usize = 8;

/// Place of a type in the arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeId(u32);

/// A type that a value can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// A primitive, by its byte in the file.
    Primitive(u8),
    /// One of the arena.
    Type(TypeId),
}

/// A type.
#[derive(Debug)]
pub enum Type<'a> {
    /// Another name for a type of values.
    Alias(Value),
    /// Named fields.
    Record(Vec<(&'a str, Value)>),
    /// Named cases.
    Variant(Vec<(&'a str, Option<Value>)>),
    /// A list of any length.
    List(Value),
    /// Names without values.
    Enum(Vec<&'a str>),
    /// A value or none.
    Option(Value),
    /// A value or an error.
    Result(Option<Value>, Option<Value>),
    /// A function.
    Func(Vec<Value>, Option<Value>),
    /// What an instance exports.
    Instance(BTreeMap<&'a str, Exported>),
    /// Something that the contract has no use for: resources, tuples, flags, …
    Other,
}

/// What an instance type says of an export.
#[derive(Clone, Copy, Debug)]
pub enum Exported {
    /// A function of this type.
    Func(TypeId),
    /// A type.
    Type(TypeId),
    /// An instance or anything else.
    Other,
}

/// All types of a file.
#[derive(Default)]
pub struct Types<'a>(Vec<Type<'a>>);

/// The types that an index can mean, from the outermost scope to the innermost.
pub type Scopes<'s> = [&'s [TypeId]];

impl<'a> Types<'a> {
    /// Adds a type.
    pub fn add(&mut self, ty: Type<'a>) -> TypeId {
        self.0.push(ty);
        TypeId(self.0.len() as u32 - 1)
    }

    /// The type at a place; places come from [`Types::add`].
    pub fn get(&self, id: TypeId) -> &Type<'a> {
        self.0.get(id.0 as usize).unwrap_or(&Type::Other)
    }

    /// Reads the next type of a type section.
    pub fn read(&mut self, reader: &mut BinaryReader<'a>, scopes: &Scopes<'_>) -> Result<TypeId, Cause> {
        self.read_nested(reader, scopes, 0)
    }

    fn read_nested(
        &mut self,
        reader: &mut BinaryReader<'a>,
        scopes: &Scopes<'_>,
        depth: usize,
    ) -> Result<TypeId, Cause> {
        if depth > MOST_DEPTH {
            return Err(excessive("types inside one another", MOST_DEPTH));
        }
        let local = scopes.last().copied().unwrap_or_default();
        let ty = match reader.read_u8().map_err(|e| damaged(&e))? {
            0x41 => self.component(reader, scopes, depth)?,
            0x42 => self.instance(reader, scopes, depth)?,
            byte => Plain { reader, local }.read(byte)?,
        };
        Ok(self.add(ty))
    }

    /// What an instance of it exports.
    fn instance(
        &mut self,
        reader: &mut BinaryReader<'a>,
        scopes: &Scopes<'_>,
        depth: usize,
    ) -> Result<Type<'a>, Cause> {
        let mut inner = Declared::default();
        for _ in 0..reader.read_var_u32().map_err(|e| damaged(&e))? {
            let kind = reader.read_u8().map_err(|e| damaged(&e))?;
            self.declaration(kind, reader, scopes, &mut inner, depth)?;
        }
        Ok(Type::Instance(inner.exports))
    }

    /// Nothing asks what is in it.
    fn component(
        &mut self,
        reader: &mut BinaryReader<'a>,
        scopes: &Scopes<'_>,
        depth: usize,
    ) -> Result<Type<'a>, Cause> {
        let mut inner = Declared::default();
        for _ in 0..reader.read_var_u32().map_err(|e| damaged(&e))? {
            let kind = match reader.read_u8().map_err(|e| damaged(&e))? {
                // An import is declared like an export.
                0x03 => 0x04,
                kind => kind,
            };
            self.declaration(kind, reader, scopes, &mut inner, depth)?;
        }
        Ok(Type::Other)
    }

    fn declaration(
        &mut self,
        kind: u8,
        reader: &mut BinaryReader<'a>,
        scopes: &Scopes<'_>,
        inner: &mut Declared<'a>,
        depth: usize,
    ) -> Result<(), Cause> {
        match kind {
            0x01 => {
                let scopes: Vec<&[TypeId]> = scopes.iter().copied().chain([inner.types.as_slice()]).collect();
                let ty = self.read_nested(reader, &scopes, depth + 1)?;
                inner.types.push(ty);
            }
            0x02 => {
                let ty = match reader.read::<ComponentAlias>().map_err(|e| damaged(&e))? {
                    ComponentAlias::Outer { kind: wasmparser::ComponentOuterAliasKind::Type, count, index } => {
                        // Zero would be the scope of these declarations themselves.
                        let outer = match count.checked_sub(1) {
                            None => Some(inner.types.as_slice()),
                            Some(up) => {
                                scopes.len().checked_sub(1 + up as usize).and_then(|at| scopes.get(at).copied())
                            }
                        };
                        type_at(outer.unwrap_or_default(), index)?
                    }
                    ComponentAlias::InstanceExport { kind: wasmparser::ComponentExternalKind::Type, .. } => {
                        self.add(Type::Other)
                    }
                    _ => return Err(unsupported("an alias in a type that names no type")),
                };
                inner.types.push(ty);
            }
            0x04 => {
                let name = reader.read::<wasmparser::ComponentExternName>().map_err(|e| damaged(&e))?.name;
                let exported = match reader.read::<ComponentTypeRef>().map_err(|e| damaged(&e))? {
                    ComponentTypeRef::Func(index) => Exported::Func(type_at(&inner.types, index)?),
                    ComponentTypeRef::Type(bounds) => {
                        let ty = match bounds {
                            TypeBounds::Eq(index) => type_at(&inner.types, index)?,
                            TypeBounds::SubResource => self.add(Type::Other),
                        };
                        inner.types.push(ty);
                        Exported::Type(ty)
                    }
                    _ => Exported::Other,
                };
                inner.exports.insert(name, exported);
            }
            _ => return Err(unsupported("core types inside component types")),
        }
        Ok(())
    }
}

/// What the declarations of an instance type have said so far.
#[derive(Default)]
struct Declared<'a> {
    types: Vec<TypeId>,
    exports: BTreeMap<&'a str, Exported>,
}

/// A type without declarations of its own.
struct Plain<'r, 'a, 's> {
    reader: &'r mut BinaryReader<'a>,
    local: &'s [TypeId],
}

impl<'a> Plain<'_, 'a, '_> {
    fn read(&mut self, byte: u8) -> Result<Type<'a>, Cause> {
        Ok(match byte {
            0x73..=0x7f | 0x64 => Type::Alias(Value::Primitive(byte)),
            0x72 => Type::Record(self.list(|it| Ok((it.name()?, it.value()?)))?),
            0x71 => Type::Variant(self.list(Plain::case)?),
            0x70 => Type::List(self.value()?),
            0x6f => {
                self.list(Plain::value)?;
                Type::Other
            }
            0x6e => {
                self.list(Plain::name)?;
                Type::Other
            }
            0x6d => Type::Enum(self.list(Plain::name)?),
            0x6b => Type::Option(self.value()?),
            0x6a => Type::Result(self.optional()?, self.optional()?),
            // A resource that is owned or borrowed.
            0x68 | 0x69 => {
                self.number()?;
                Type::Other
            }
            0x40 => {
                let params = self.list(|it| it.name().and_then(|_| it.value()))?;
                let result = match self.byte()? {
                    0 => Some(self.value()?),
                    _ => {
                        self.byte()?;
                        None
                    }
                };
                Type::Func(params, result)
            }
            // A resource: how it is represented, and what destroys it.
            0x3f => {
                self.byte()?;
                if self.byte()? != 0 {
                    self.number()?;
                }
                Type::Other
            }
            0x43 => return Err(unsupported("asynchronous functions")),
            0x65 | 0x66 => return Err(unsupported("streams or futures")),
            _ => return Err(unsupported(&format!("a type of the unknown kind 0x{byte:02x}"))),
        })
    }

    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Result<T, Cause>) -> Result<Vec<T>, Cause> {
        // Not reserved: the number is the file's claim.
        let mut items = Vec::new();
        for _ in 0..self.number()? {
            items.push(item(self)?);
        }
        Ok(items)
    }

    fn case(&mut self) -> Result<(&'a str, Option<Value>), Cause> {
        let case = (self.name()?, self.optional()?);
        self.byte()?;
        Ok(case)
    }

    fn optional(&mut self) -> Result<Option<Value>, Cause> {
        Ok(if self.byte()? == 0 { None } else { Some(self.value()?) })
    }

    fn value(&mut self) -> Result<Value, Cause> {
        let index = self.reader.read_var_s33().map_err(|e| damaged(&e))?;
        // A primitive is a negative number of one byte.
        match u32::try_from(index) {
            Ok(index) => Ok(Value::Type(type_at(self.local, index)?)),
            Err(_) => Ok(Value::Primitive((index & 0x7f) as u8)),
        }
    }

    fn name(&mut self) -> Result<&'a str, Cause> {
        self.reader.read_string().map_err(|e| damaged(&e))
    }

    fn number(&mut self) -> Result<u32, Cause> {
        self.reader.read_var_u32().map_err(|e| damaged(&e))
    }

    fn byte(&mut self) -> Result<u8, Cause> {
        self.reader.read_u8().map_err(|e| damaged(&e))
    }
}

/// The type that an index of a scope means.
pub fn type_at(scope: &[TypeId], index: u32) -> Result<TypeId, Cause> {
    scope.get(index as usize).copied().ok_or_else(|| dangling("type", index))
}
