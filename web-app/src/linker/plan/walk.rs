//! Walks a component as its engine would instantiate it, and writes down what there is to do: which core modules are
//! instantiated with what, and which core function stands behind each function. Nothing runs.

use super::contract::LOG;
use super::module::Module;
use super::read::{Encoding, Section, damaged, encoding, excessive, number, sections, unsupported};
use super::scope::{Component, Core, Exports, Extern, Func, Lifted, Scope, alias_of, at, export_from, is_kind};
use super::types::{Exported, Type, TypeId, Types, type_at};
use super::{Imports, Instance, Item};
use plugin_host::{Cause, Limit};
use std::collections::BTreeMap;
use std::rc::Rc;
use wasmparser::{BinaryReader, ComponentInstance, ComponentTypeRef, FromReader, SectionLimited, TypeBounds};

/// Components inside components; tools need four.
const MOST_DEPTH: usize = 16;
/// Bytes of definitions that are looked at, those of a component that is instantiated again counted again. A Python
/// interpreter with its libraries has 200 KiB of them.
const MOST_WORK: usize = 4 << 20;

/// A walk.
#[derive(Default)]
pub struct Walk<'a> {
    /// The core modules of the file, by where they begin in it.
    known: BTreeMap<usize, usize>,
    /// The core modules that were met.
    pub modules: Vec<Module<'a>>,
    /// The core instances, in the order in which they have to be made.
    pub instances: Vec<Instance<'a>>,
    /// All types.
    pub types: Types<'a>,
    most_instances: usize,
    work: usize,
}

impl<'a> Walk<'a> {
    /// A walk that makes at most so many core instances.
    pub fn new(most_instances: usize) -> Walk<'a> {
        Walk { most_instances, ..Walk::default() }
    }

    /// What the outermost component exports.
    pub fn root(&mut self, bytes: &'a [u8]) -> Result<Exports<'a>, Cause> {
        self.component(Component { bytes, at: 0, around: 0 }, &[], &BTreeMap::new())
    }

    fn component(
        &mut self,
        component: Component<'a>,
        around: &[&Scope<'a>],
        given: &Exports<'a>,
    ) -> Result<Exports<'a>, Cause> {
        if around.len() >= MOST_DEPTH {
            return Err(excessive("components inside one another", MOST_DEPTH));
        }
        if encoding(component.bytes) != Some(Encoding::Component) {
            return Err(unsupported("a part that is no component of the version that there is"));
        }
        let mut scope = Scope::default();
        for section in sections(component.bytes, component.at) {
            let section = section?;
            self.section(section, &mut scope, around, given)?;
        }
        Ok(scope.exports)
    }

    fn section(
        &mut self,
        section: Section<'a>,
        scope: &mut Scope<'a>,
        around: &[&Scope<'a>],
        given: &Exports<'a>,
    ) -> Result<(), Cause> {
        // Whatever a section costs grows with its length; parts that are files of their own are only noted.
        self.charge(if matches!(section.id, 0 | 1 | 4) { 16 } else { section.data.len() + 16 })?;
        match section.id {
            // Names and such, and types that only modules' declarations use.
            0 | 3 => {}
            1 => {
                let module = self.module(section)?;
                scope.modules.push(module);
            }
            2 => each(section, |instance| self.core_instance(instance, scope))?,
            4 => scope.components.push(Component { bytes: section.data, at: section.at, around: around.len() + 1 }),
            5 => each(section, |instance| self.instance(instance, scope, around))?,
            6 => each(section, |alias| alias_of(scope, around, &alias))?,
            7 => {
                let mut reader = section.reader();
                for _ in 0..reader.read_var_u32().map_err(|e| damaged(&e))? {
                    let scopes: Vec<&[TypeId]> =
                        around.iter().map(|s| &s.types[..]).chain([&scope.types[..]]).collect();
                    let ty = self.types.read(&mut reader, &scopes)?;
                    scope.types.push(ty);
                }
            }
            8 => {
                let mut reader = section.reader();
                for _ in 0..number(&mut reader)? {
                    self.canonical(&mut reader, scope)?;
                }
            }
            9 => return Err(unsupported("a start function of a component")),
            10 => each(section, |import| self.import(&import, scope, around.is_empty(), given))?,
            11 => each(section, |export| export_from(scope, &export))?,
            12 => return Err(unsupported("values of components")),
            id => return Err(unsupported(&format!("a section of the unknown kind {id}"))),
        }
        Ok(())
    }

    fn charge(&mut self, bytes: usize) -> Result<(), Cause> {
        self.work += bytes;
        if self.work > MOST_WORK { Err(excessive("bytes of definitions", MOST_WORK)) } else { Ok(()) }
    }

    /// The number of a module; one that was met before, because its component is instantiated again, keeps its number.
    fn module(&mut self, section: Section<'a>) -> Result<usize, Cause> {
        if let Some(&known) = self.known.get(&section.at) {
            return Ok(known);
        }
        self.modules.push(Module::read(section.data, section.at)?);
        self.known.insert(section.at, self.modules.len() - 1);
        Ok(self.modules.len() - 1)
    }

    fn core_instance(&mut self, instance: wasmparser::Instance<'a>, scope: &mut Scope<'a>) -> Result<(), Cause> {
        let core = match instance {
            wasmparser::Instance::Instantiate { module_index, args } => {
                if self.instances.len() >= self.most_instances {
                    return Err(Cause::Limit { limit: Limit::Instances, allowed: self.most_instances as u64 });
                }
                let module = *at(&scope.modules, module_index, "core module")?;
                let mut imports = Vec::new();
                for arg in &args {
                    imports.push((
                        arg.name,
                        match at(&scope.cores, arg.index, "core instance")? {
                            Core::Instantiated(number) => Imports::Instance(*number),
                            Core::Bundle(items) => Imports::Bundle(items.clone()),
                        },
                    ));
                }
                self.instances.push(Instance { module, imports });
                Core::Instantiated(self.instances.len() - 1)
            }
            wasmparser::Instance::FromExports(exports) => {
                let mut items = BTreeMap::new();
                for export in &exports {
                    items.insert(export.name, scope.core_space(export.kind)?.item(export.index)?);
                }
                Core::Bundle(Rc::new(items))
            }
        };
        scope.cores.push(core);
        Ok(())
    }

    fn instance(
        &mut self,
        instance: ComponentInstance<'a>,
        scope: &mut Scope<'a>,
        around: &[&Scope<'a>],
    ) -> Result<(), Cause> {
        let exports = match instance {
            ComponentInstance::Instantiate { component_index, args } => {
                let component = *at(&scope.components, component_index, "component")?;
                let mut given = BTreeMap::new();
                for arg in &args {
                    given.insert(arg.name, scope.item(arg.kind, arg.index)?);
                }
                // The scopes that its own definitions may mean: those around the place where it was defined.
                let chain: Vec<&Scope<'a>> = around.iter().copied().chain([&*scope]).take(component.around).collect();
                self.component(component, &chain, &given)?
            }
            ComponentInstance::FromExports(exports) => {
                let mut items = BTreeMap::new();
                for export in &exports {
                    items.insert(export.name.name, scope.item(export.kind, export.index)?);
                }
                items
            }
        };
        scope.instances.push(Rc::new(exports));
        Ok(())
    }

    fn canonical(&mut self, reader: &mut BinaryReader<'a>, scope: &mut Scope<'a>) -> Result<(), Cause> {
        match number(reader)? {
            // A lifted function: its core function, options and type.
            0 => {
                number(reader)?;
                let function = at(&scope.core_funcs, number(reader)?, "core function")?.clone();
                let options = scope.options(reader)?;
                let ty = type_at(&scope.types, number(reader)?)?;
                scope.funcs.push(Func::Lifted(Rc::new(Lifted { ty, function, options })));
            }
            // A lowered one: its function, and options.
            1 => {
                number(reader)?;
                let function = at(&scope.funcs, number(reader)?, "function")?.clone();
                let options = scope.options(reader)?;
                let item = match function {
                    Func::Log => Item::Log(options.memory.as_ref().and_then(Item::place)),
                    Func::Lifted(lifted) => self.inner_call(&lifted.function)?,
                };
                scope.core_funcs.push(item);
            }
            // No resource ever comes to be: what makes one traps, and so there is none to look at or to drop.
            2..=4 => {
                number(reader)?;
                scope.core_funcs.push(Item::Trap("a resource"));
            }
            _ => return Err(unsupported("tasks or threads")),
        }
        Ok(())
    }

    /// A call from one of the file's components into another. Tools put a second one in the place of WASI, whose functions
    /// only trap; more than that would take copying between memories.
    fn inner_call(&mut self, function: &Item<'a>) -> Result<Item<'a>, Cause> {
        let traps = match function.place() {
            Some(place) => {
                let module = self.instances.get(place.instance).and_then(|found| self.modules.get(found.module));
                let (traps, cost) = match module {
                    Some(module) => (module.traps(place.name)?, module.len()),
                    None => (false, 0),
                };
                self.charge(cost)?;
                traps
            }
            None => matches!(function, Item::Trap(_)),
        };
        if traps {
            Ok(Item::Trap("something that plugins may not have"))
        } else {
            Err(unsupported("a component that calls another one inside the same file"))
        }
    }

    fn import(
        &mut self,
        import: &wasmparser::ComponentImport<'a>,
        scope: &mut Scope<'a>,
        is_root: bool,
        given: &Exports<'a>,
    ) -> Result<(), Cause> {
        let name = import.name.name;
        if is_root {
            return match import.ty {
                ComponentTypeRef::Instance(index) => self.host(type_at(&scope.types, index)?, scope),
                _ => Err(unsupported("an import that is no interface")),
            };
        }
        if let ComponentTypeRef::Type(TypeBounds::Eq(index)) = import.ty {
            // It has the same meaning whether it is given or not.
            let ty = type_at(&scope.types, index)?;
            scope.types.push(ty);
            return Ok(());
        }
        let found = given.get(name).cloned();
        let found = found.ok_or_else(|| unsupported("a component that lacks one of its imports"))?;
        if !is_kind(&found, import.ty.kind()) {
            return Err(unsupported("a component that is given an import of another kind"));
        }
        scope.add(found);
        Ok(())
    }

    /// The host's interface: `log` and its types.
    fn host(&mut self, ty: TypeId, scope: &mut Scope<'a>) -> Result<(), Cause> {
        let Type::Instance(declared) = self.types.get(ty) else {
            return Err(unsupported("an import that is no interface"));
        };
        let mut exports = Exports::new();
        for (&name, exported) in declared {
            let given = match exported {
                Exported::Type(ty) => Extern::Type(*ty),
                Exported::Func(ty) if name == LOG.name => {
                    LOG.check(&self.types, *ty)?;
                    Extern::Func(Func::Log)
                }
                _ => return Err(unsupported("an import of the host's interface that is not log")),
            };
            exports.insert(name, given);
        }
        scope.instances.push(Rc::new(exports));
        Ok(())
    }
}

fn each<'a, T: FromReader<'a>>(section: Section<'a>, mut act: impl FnMut(T) -> Result<(), Cause>) -> Result<(), Cause> {
    let items = SectionLimited::<T>::new(section.reader()).map_err(|e| damaged(&e))?;
    for item in items {
        act(item.map_err(|e| damaged(&e))?)?;
    }
    Ok(())
}
