//! What the indices of one component mean.

use super::read::{dangling, number, unsupported};
use super::types::{TypeId, type_at};
use super::{Item, Place};
use plugin_host::Cause;
use std::collections::BTreeMap;
use std::rc::Rc;
use wasmparser::{BinaryReader, ComponentAlias, ComponentExternalKind, ComponentOuterAliasKind, ExternalKind};

/// A function of a component.
#[derive(Clone, Debug)]
pub enum Func<'a> {
    /// The host's `log`.
    Log,
    /// A core function.
    Lifted(Rc<Lifted<'a>>),
}

/// A core function that is a function of a component, by the canonical ABI.
#[derive(Debug)]
pub struct Lifted<'a> {
    /// Its type.
    pub ty: TypeId,
    /// The core function.
    pub function: Item<'a>,
    /// How it is called.
    pub options: Options<'a>,
}

/// How a function is lifted or lowered.
#[derive(Clone, Debug, Default)]
pub struct Options<'a> {
    /// Where its texts and lists are.
    pub memory: Option<Item<'a>>,
    /// What gives room there.
    pub realloc: Option<Item<'a>>,
    /// What is called once its result was read.
    pub post_return: Option<Item<'a>>,
}

/// Something that a component exports or is given.
#[derive(Clone)]
pub enum Extern<'a> {
    /// A function.
    Func(Func<'a>),
    /// An instance.
    Instance(Rc<Exports<'a>>),
    /// A type.
    Type(TypeId),
    /// A core module, by its number in the walk.
    Module(usize),
}

/// What an instance exports.
pub type Exports<'a> = BTreeMap<&'a str, Extern<'a>>;

/// A component that can be instantiated.
#[derive(Clone, Copy)]
pub struct Component<'a> {
    /// Its bytes.
    pub bytes: &'a [u8],
    /// Where they begin in the file.
    pub at: usize,
    /// How many scopes stand around its own.
    pub around: usize,
}

/// A core instance.
#[derive(Clone)]
pub enum Core<'a> {
    /// The plan's instance of this number.
    Instantiated(usize),
    /// Items put together.
    Bundle(Rc<BTreeMap<&'a str, Item<'a>>>),
}

/// What the indices of one component mean.
#[derive(Default)]
pub struct Scope<'a> {
    /// Core modules, by their numbers in the walk.
    pub modules: Vec<usize>,
    /// Core instances.
    pub cores: Vec<Core<'a>>,
    /// Core functions.
    pub core_funcs: Vec<Item<'a>>,
    /// Core memories.
    pub core_memories: Vec<Item<'a>>,
    /// Core tables.
    pub core_tables: Vec<Item<'a>>,
    /// Core globals.
    pub core_globals: Vec<Item<'a>>,
    /// Components.
    pub components: Vec<Component<'a>>,
    /// Instances.
    pub instances: Vec<Rc<Exports<'a>>>,
    /// Functions.
    pub funcs: Vec<Func<'a>>,
    /// Types.
    pub types: Vec<TypeId>,
    /// What the component exports, by name.
    pub exports: Exports<'a>,
}

impl<'a> Scope<'a> {
    /// The space of one kind of core items.
    pub fn core_space(&self, kind: ExternalKind) -> Result<CoreSpace<'_, 'a>, Cause> {
        Ok(CoreSpace(match kind {
            ExternalKind::Func | ExternalKind::FuncExact => &self.core_funcs,
            ExternalKind::Memory => &self.core_memories,
            ExternalKind::Table => &self.core_tables,
            ExternalKind::Global => &self.core_globals,
            ExternalKind::Tag => return Err(unsupported("exceptions")),
        }))
    }

    /// What an index of some kind means.
    pub fn item(&self, kind: ComponentExternalKind, index: u32) -> Result<Extern<'a>, Cause> {
        Ok(match kind {
            ComponentExternalKind::Func => Extern::Func(at(&self.funcs, index, "function")?.clone()),
            ComponentExternalKind::Instance => Extern::Instance(at(&self.instances, index, "instance")?.clone()),
            ComponentExternalKind::Type => Extern::Type(type_at(&self.types, index)?),
            ComponentExternalKind::Module => Extern::Module(*at(&self.modules, index, "core module")?),
            ComponentExternalKind::Component => return Err(unsupported("a component that is handed on")),
            ComponentExternalKind::Value => return Err(unsupported("values of components")),
        })
    }

    /// Gives something the next index of its kind.
    pub fn add(&mut self, item: Extern<'a>) {
        match item {
            Extern::Func(func) => self.funcs.push(func),
            Extern::Instance(instance) => self.instances.push(instance),
            Extern::Type(ty) => self.types.push(ty),
            Extern::Module(module) => self.modules.push(module),
        }
    }

    /// Reads the options of a lifted or lowered function.
    pub fn options(&self, reader: &mut BinaryReader<'a>) -> Result<Options<'a>, Cause> {
        let mut read = Options::default();
        let func = |index: u32| at(&self.core_funcs, index, "core function").cloned();
        for _ in 0..number(reader)? {
            match number(reader)? {
                // Texts are UTF-8.
                0 => {}
                1 | 2 => return Err(unsupported("texts that are not UTF-8")),
                3 => read.memory = Some(at(&self.core_memories, number(reader)?, "core memory")?.clone()),
                4 => read.realloc = Some(func(number(reader)?)?),
                5 => read.post_return = Some(func(number(reader)?)?),
                6 | 7 => return Err(unsupported("asynchronous functions")),
                _ => return Err(unsupported("garbage-collected types")),
            }
        }
        Ok(read)
    }
}

/// Core items of one kind.
pub struct CoreSpace<'s, 'a>(&'s [Item<'a>]);

impl<'a> CoreSpace<'_, 'a> {
    /// What an index means.
    pub fn item(&self, index: u32) -> Result<Item<'a>, Cause> {
        at(self.0, index, "core item").cloned()
    }
}

/// An alias has an index of its own.
pub fn alias_of<'a>(scope: &mut Scope<'a>, around: &[&Scope<'a>], alias: &ComponentAlias<'a>) -> Result<(), Cause> {
    match *alias {
        ComponentAlias::CoreInstanceExport { kind, instance_index, name } => {
            let item = match at(&scope.cores, instance_index, "core instance")? {
                Core::Instantiated(instance) => Item::Export(Place { instance: *instance, name }),
                Core::Bundle(items) => {
                    items.get(name).cloned().ok_or_else(|| unsupported("an export that is not there"))?
                }
            };
            match kind {
                ExternalKind::Func | ExternalKind::FuncExact => scope.core_funcs.push(item),
                ExternalKind::Memory => scope.core_memories.push(item),
                ExternalKind::Table => scope.core_tables.push(item),
                ExternalKind::Global => scope.core_globals.push(item),
                ExternalKind::Tag => return Err(unsupported("exceptions")),
            }
        }
        ComponentAlias::InstanceExport { kind, instance_index, name } => {
            let found = at(&scope.instances, instance_index, "instance")?.get(name).cloned();
            let found = found.ok_or_else(|| unsupported("an export that is not there"))?;
            if !is_kind(&found, kind) {
                return Err(unsupported("an export of another kind"));
            }
            scope.add(found);
        }
        ComponentAlias::Outer { kind, count, index } => {
            let outer = match (count as usize).checked_sub(1) {
                None => &*scope,
                Some(up) => around
                    .len()
                    .checked_sub(1 + up)
                    .and_then(|at| around.get(at).copied())
                    .ok_or_else(|| dangling("component around", count))?,
            };
            match kind {
                ComponentOuterAliasKind::Type => {
                    let ty = type_at(&outer.types, index)?;
                    scope.types.push(ty);
                }
                ComponentOuterAliasKind::CoreModule => {
                    let module = *at(&outer.modules, index, "core module")?;
                    scope.modules.push(module);
                }
                ComponentOuterAliasKind::Component => {
                    let component = *at(&outer.components, index, "component")?;
                    scope.components.push(component);
                }
                ComponentOuterAliasKind::CoreType => {}
            }
        }
    }
    Ok(())
}

/// An export of a component has an index of its own, too.
pub fn export_from<'a>(scope: &mut Scope<'a>, export: &wasmparser::ComponentExport<'a>) -> Result<(), Cause> {
    let item = scope.item(export.kind, export.index)?;
    scope.exports.insert(export.name.name, item.clone());
    scope.add(item);
    Ok(())
}

/// Whether something is of this kind.
pub fn is_kind(item: &Extern<'_>, kind: ComponentExternalKind) -> bool {
    matches!(
        (item, kind),
        (Extern::Func(_), ComponentExternalKind::Func)
            | (Extern::Instance(_), ComponentExternalKind::Instance)
            | (Extern::Type(_), ComponentExternalKind::Type)
            | (Extern::Module(_), ComponentExternalKind::Module)
    )
}

/// What an index of a space means.
pub fn at<'s, T>(space: &'s [T], index: u32, what: &str) -> Result<&'s T, Cause> {
    space.get(index as usize).ok_or_else(|| dangling(what, index))
}
