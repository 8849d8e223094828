//! From the bytes of a component to what has to be done to run it, with bounded work and without running anything.

mod caps;
mod contract;
mod module;
mod read;
mod scope;
mod types;
mod walk;

#[cfg(test)]
mod tests;

use caps::Growing;
use contract::{CONFIGURE, DESCRIBE, DETECT, Signature, missing};
use module::Memory;
use plugin_host::{Cause, Limits};
use read::unsupported;
use scope::{Exports, Extern, Func, Lifted};
use std::collections::BTreeMap;
use std::rc::Rc;
use trailglass_contract::{DETECTOR_INTERFACE, VERSION, Version};
use walk::Walk;

pub use caps::PAGE;

/// What there is to do.
#[derive(Debug)]
pub struct Plan {
    /// The core modules to compile. They cannot grow beyond the limits.
    pub modules: Vec<Vec<u8>>,
    /// The instances to make of them, in this order.
    pub instances: Vec<Make>,
    /// `describe` of the contract.
    pub describe: Export,
    /// `configure`.
    pub configure: Export,
    /// `detect`.
    pub detect: Export,
    /// How many bytes the memory of `detect` can grow to.
    pub memory_bytes: u64,
}

/// An instance to make.
#[derive(Debug, PartialEq, Eq)]
pub struct Make {
    /// Which of the modules.
    pub module: usize,
    /// Where its imports are found, by the name of the module that it imports them from.
    pub imports: Vec<(String, Source)>,
}

/// Where imports are found.
#[derive(Debug, PartialEq, Eq)]
pub enum Source {
    /// They are exports of this instance.
    Instance(usize),
    /// They are these, by name.
    Items(Vec<(String, Given)>),
}

/// What an import is.
#[derive(Debug, PartialEq, Eq)]
pub enum Given {
    /// An export of an instance.
    Export(At),
    /// The host's `log`; its texts are in this memory.
    Log(Option<At>),
    /// A function that traps, because the plugin tries to use this.
    Trap(&'static str),
}

/// An export of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At {
    /// The instance.
    pub instance: usize,
    /// The name of the export.
    pub name: String,
}

/// A function of the contract, with what belongs to calling it.
#[derive(Debug, PartialEq, Eq)]
pub struct Export {
    /// The core function.
    pub function: At,
    /// The memory in which texts and lists are.
    pub memory: At,
    /// The function that gives room in it; `describe` needs none.
    pub realloc: Option<At>,
    /// The function to call once the result was read.
    pub post_return: Option<At>,
}

/// An instance, in the words of the file.
struct Instance<'a> {
    module: usize,
    imports: Vec<(&'a str, Imports<'a>)>,
}

enum Imports<'a> {
    Instance(usize),
    Bundle(Rc<BTreeMap<&'a str, Item<'a>>>),
}

/// A core item, in the words of the file.
#[derive(Clone, Debug)]
enum Item<'a> {
    Export(Place<'a>),
    Log(Option<Place<'a>>),
    Trap(&'static str),
}

/// An export of an instance, in the words of the file.
#[derive(Clone, Copy, Debug)]
struct Place<'a> {
    instance: usize,
    name: &'a str,
}

/// Plans how to run a component.
///
/// # Errors
/// Why it cannot be run here: what in it is damaged, is no part of the contract, or passes a limit.
pub fn plan(bytes: &[u8], limits: &Limits) -> Result<Plan, Cause> {
    let mut walk = Walk::new(usize::try_from(limits.instances).unwrap_or(usize::MAX));
    let exports = walk.root(bytes)?;
    let detector = detector(&exports).ok_or_else(|| missing(DETECTOR_INTERFACE))?;
    let function = |signature: &Signature| {
        let lifted = lifted(detector, signature)?;
        signature.check(&walk.types, lifted.ty)?;
        export(lifted, signature)
    };
    let (describe, configure, detect) = (function(&DESCRIBE)?, function(&CONFIGURE)?, function(&DETECT)?);
    if configure.realloc.is_none() || detect.realloc.is_none() {
        return Err(unsupported("a function with parameters but without realloc"));
    }
    let (modules, memory_bytes) = bounded(&walk, &detect.memory, limits)?;
    let instances = walk.instances.iter().map(make).collect();
    Ok(Plan { modules, instances, describe, configure, detect, memory_bytes })
}

/// The exported interface, in a version that this host runs.
fn detector<'e, 'a>(exports: &'e Exports<'a>) -> Option<&'e Exports<'a>> {
    exports.iter().find_map(|(name, item)| {
        let version = Version::parse(name.strip_prefix(DETECTOR_INTERFACE)?.strip_prefix('@')?)?;
        match item {
            Extern::Instance(exports) if VERSION.runs(version) => Some(&**exports),
            _ => None,
        }
    })
}

fn lifted<'e, 'a>(detector: &'e Exports<'a>, signature: &Signature) -> Result<&'e Lifted<'a>, Cause> {
    match detector.get(signature.name) {
        Some(Extern::Func(Func::Lifted(lifted))) => Ok(lifted),
        _ => Err(missing(signature.name)),
    }
}

fn export(lifted: &Lifted<'_>, signature: &Signature) -> Result<Export, Cause> {
    let missing = || missing(signature.name);
    let place = |item: &Option<Item<'_>>| item.as_ref().and_then(Item::place).map(At::from);
    Ok(Export {
        function: lifted.function.place().map(At::from).ok_or_else(missing)?,
        memory: place(&lifted.options.memory).ok_or_else(missing)?,
        realloc: place(&lifted.options.realloc),
        post_return: place(&lifted.options.post_return),
    })
}

/// The modules, with bounds for what can grow, and the bound of the detector's memory in bytes.
fn bounded(walk: &Walk<'_>, main: &At, limits: &Limits) -> Result<(Vec<Vec<u8>>, u64), Cause> {
    let mut instances = vec![0; walk.modules.len()];
    for instance in &walk.instances {
        instances[instance.module] += 1;
    }
    let main = owner(walk, main)?;
    let used = || walk.modules.iter().zip(&instances).enumerate();
    let memories: Vec<Growing> = used()
        .flat_map(|(number, (module, &instances))| {
            module.memories.iter().enumerate().map(move |(place, &bounds)| Growing {
                bounds,
                instances,
                is_main: (number, place) == main,
            })
        })
        .collect();
    let tables: Vec<Growing> = used()
        .flat_map(|(_, (module, &instances))| {
            module.tables.iter().map(move |&bounds| Growing { bounds, instances, is_main: false })
        })
        .collect();
    let (memory_caps, table_caps) = (caps::memories(&memories, limits)?, caps::tables(&tables, limits)?);
    let main_cap = memories.iter().zip(&memory_caps).find(|(memory, _)| memory.is_main).map_or(0, |(_, cap)| *cap);
    let (mut memory_caps, mut table_caps) = (memory_caps.as_slice(), table_caps.as_slice());
    let bounded = walk.modules.iter().map(|module| {
        let (memories, tables);
        (memories, memory_caps) = memory_caps.split_at(module.memories.len());
        (tables, table_caps) = table_caps.split_at(module.tables.len());
        module.bounded(memories, tables)
    });
    Ok((bounded.collect(), main_cap * PAGE))
}

/// Which module defines the memory that an instance exports, and which of that module's memories it is.
fn owner(walk: &Walk<'_>, memory: &At) -> Result<(usize, usize), Cause> {
    let (mut instance, mut name) = (memory.instance, memory.name.as_str());
    // What an instance imports comes from one before it, so this ends.
    loop {
        let none = || unsupported("a memory that is not there");
        let made = walk.instances.get(instance).ok_or_else(none)?;
        let module = walk.modules.get(made.module).ok_or_else(none)?;
        let (from, import) = match module.memory(name)?.ok_or_else(none)? {
            Memory::Own(place) => return Ok((made.module, place)),
            Memory::Imported(from, import) => (from, import),
        };
        let imports = made.imports.iter().find(|(name, _)| *name == from);
        let place = match imports.map(|(_, imports)| imports).ok_or_else(none)? {
            Imports::Instance(instance) => Place { instance: *instance, name: import },
            Imports::Bundle(items) => items.get(import).and_then(Item::place).ok_or_else(none)?,
        };
        if place.instance >= instance {
            return Err(none());
        }
        (instance, name) = (place.instance, place.name);
    }
}

fn make(instance: &Instance<'_>) -> Make {
    let given = |(name, item): (&&str, &Item<'_>)| ((*name).to_owned(), Given::from(item));
    let from = |imports: &Imports<'_>| match imports {
        Imports::Instance(number) => Source::Instance(*number),
        Imports::Bundle(items) => Source::Items(items.iter().map(given).collect()),
    };
    let imports = instance.imports.iter().map(|(name, imports)| ((*name).to_owned(), from(imports)));
    Make { module: instance.module, imports: imports.collect() }
}

impl<'a> Item<'a> {
    fn place(&self) -> Option<Place<'a>> {
        match self {
            Item::Export(place) => Some(*place),
            Item::Log(_) | Item::Trap(_) => None,
        }
    }
}

impl From<Place<'_>> for At {
    fn from(place: Place<'_>) -> At {
        At { instance: place.instance, name: place.name.to_owned() }
    }
}

impl From<&Item<'_>> for Given {
    fn from(item: &Item<'_>) -> Given {
        match item {
            Item::Export(place) => Given::Export((*place).into()),
            Item::Log(memory) => Given::Log(memory.map(At::from)),
            Item::Trap(what) => Given::Trap(what),
        }
    }
}
