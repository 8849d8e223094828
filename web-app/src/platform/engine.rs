//! The browser's own WebAssembly engine, for plugins: compiling, instantiating, calling, and their memory.

use super::files::describe;
use crate::linker::abi::guest::Guest;
use crate::linker::plan::{At, Given, Make, Source};
use js_sys::{Array, Function, Object, Reflect, Uint8Array, WebAssembly};
use plugin_host::Cause;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};

/// A function of a plugin.
pub type Callable = Function;

/// A module of our own that asks a plugin for room many times in one call from here: numbers from `at` to `end` in this
/// module's memory are sizes, and become what `realloc` answers. Its text is in the tests.
const ALLOCATE: [u8; 106] = [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 15, 2, 96, 4, 127, 127, 127, 127, 1, 127, 96, 3, 127, 127, 127, 0, 2, 23, 2, 0, 7,
    114, 101, 97, 108, 108, 111, 99, 0, 0, 0, 6, 109, 101, 109, 111, 114, 121, 2, 0, 0, 3, 2, 1, 1, 7, 4, 1, 0, 0, 1,
    10, 44, 1, 42, 0, 2, 64, 3, 64, 32, 0, 32, 1, 79, 13, 1, 32, 0, 65, 0, 65, 0, 32, 2, 32, 0, 40, 2, 0, 16, 0, 54, 2,
    0, 32, 0, 65, 4, 106, 33, 0, 12, 0, 11, 11, 11,
];

/// Core modules, compiled.
pub struct Modules {
    modules: Vec<WebAssembly::Module>,
    allocate: WebAssembly::Module,
}

impl Modules {
    /// Compiles modules.
    ///
    /// # Errors
    /// What the engine finds wrong with one.
    pub fn compile(modules: &[Vec<u8>]) -> Result<Modules, String> {
        let compile =
            |bytes: &[u8]| WebAssembly::Module::new(&Uint8Array::from(bytes).into()).map_err(|error| describe(&error));
        let modules = modules.iter().map(|bytes| compile(bytes)).collect::<Result<_, _>>()?;
        Ok(Modules { modules, allocate: compile(&ALLOCATE)? })
    }
}

/// Why something was not instantiated.
pub enum NotStarted {
    /// The parts do not fit together: the engine's description.
    Unfit(String),
    /// Its own code trapped, or the engine has no room: the engine's description.
    Stopped(String),
}

/// What plugins ask of the host while they run.
pub trait Asked {
    /// `log`: level, and where the text is. An error ends the call.
    fn log(&self, guest: &Memory, level: u32, at: u32, length: u32) -> Result<(), String>;
    /// It uses what there is not. Ends the call.
    fn lacks(&self, what: &'static str) -> String;
}

type OnLog = Closure<dyn FnMut(JsValue, JsValue, JsValue) -> Result<(), JsValue>>;
type OnTrap = Closure<dyn FnMut() -> Result<(), JsValue>>;

/// Instances of a plugin's modules, put together.
pub struct Instances {
    allocate: WebAssembly::Module,
    /// The instances of that, by the function that gives room: to make one takes as long as to judge some hundred events.
    rooms: RefCell<Vec<(At, Function)>>,
    exports: Rc<RefCell<Vec<Object>>>,
    // They live as long as what may call them.
    logs: Vec<OnLog>,
    traps: Vec<(&'static str, OnTrap)>,
}

impl Instances {
    /// Makes instances in their order. Start functions run.
    ///
    /// # Errors
    /// What stopped one of them.
    pub fn make<A: Asked + 'static>(modules: &Modules, plan: &[Make], asked: &Rc<A>) -> Result<Instances, NotStarted> {
        let mut instances = Instances {
            allocate: modules.allocate.clone(),
            rooms: RefCell::default(),
            exports: Rc::default(),
            logs: Vec::new(),
            traps: Vec::new(),
        };
        for make in plan {
            let unfit = |error: JsValue| NotStarted::Unfit(describe(&error));
            let imports = nothing();
            for (name, source) in &make.imports {
                let given = match source {
                    Source::Instance(number) => instances.exports.borrow().get(*number).cloned(),
                    Source::Items(items) => Some(instances.items(items, asked).map_err(unfit)?),
                };
                Reflect::set(&imports, &name.into(), &given.into()).map_err(unfit)?;
            }
            let module =
                modules.modules.get(make.module).ok_or_else(|| NotStarted::Unfit("a module is missing".to_owned()))?;
            let instance = WebAssembly::Instance::new(module, &imports).map_err(not_started)?;
            instances.exports.borrow_mut().push(instance.exports());
        }
        Ok(instances)
    }

    fn items<A: Asked + 'static>(&mut self, items: &[(String, Given)], asked: &Rc<A>) -> Result<Object, JsValue> {
        let object = nothing();
        for (name, given) in items {
            let value = match given {
                Given::Export(at) => export(&self.exports.borrow(), at),
                Given::Log(memory) => self.on_log(memory.clone(), asked.clone()),
                Given::Trap(what) => self.on_trap(what, asked),
            };
            Reflect::set(&object, &name.into(), &value)?;
        }
        Ok(object)
    }

    fn on_log<A: Asked + 'static>(&mut self, memory: Option<At>, asked: Rc<A>) -> JsValue {
        let exports = Rc::downgrade(&self.exports);
        let on_log: OnLog = Closure::new(move |level: JsValue, at: JsValue, length: JsValue| {
            let exports = exports.upgrade();
            let memory = exports.zip(memory.as_ref()).and_then(|(exports, at)| Memory::of(&exports.borrow(), at));
            let said = match memory {
                Some(memory) => asked.log(&memory, word(&level), word(&at), word(&length)),
                None => Err(asked.lacks("log before its memory is there")),
            };
            said.map_err(|why| js_sys::Error::new(&why).into())
        });
        let function = on_log.as_ref().clone();
        self.logs.push(on_log);
        function
    }

    fn on_trap<A: Asked + 'static>(&mut self, what: &'static str, asked: &Rc<A>) -> JsValue {
        if let Some((_, known)) = self.traps.iter().find(|(known, _)| *known == what) {
            return known.as_ref().clone();
        }
        let asked = asked.clone();
        let on_trap: OnTrap = Closure::new(move || Err(js_sys::Error::new(&asked.lacks(what)).into()));
        let function = on_trap.as_ref().clone();
        self.traps.push((what, on_trap));
        function
    }

    /// An exported function.
    pub fn function(&self, at: &At) -> Option<Function> {
        export(&self.exports.borrow(), at).dyn_into().ok()
    }

    /// An exported memory, with the exported function that gives room in it.
    pub fn memory(&self, at: &At, realloc: Option<&At>) -> Option<Memory> {
        let memory = Memory::of(&self.exports.borrow(), at)?;
        let allocate = realloc.and_then(|realloc| self.allocate(realloc));
        Some(Memory { allocate, ..memory })
    }

    fn allocate(&self, realloc: &At) -> Option<Function> {
        let mut rooms = self.rooms.borrow_mut();
        if let Some((_, known)) = rooms.iter().find(|(at, _)| at == realloc) {
            return Some(known.clone());
        }
        let (imports, items) = (nothing(), nothing());
        let gives = self.function(realloc)?;
        Reflect::set(&items, &"realloc".into(), &gives).ok()?;
        Reflect::set(&items, &"memory".into(), &wasm_bindgen::memory()).ok()?;
        Reflect::set(&imports, &"".into(), &items).ok()?;
        let instance = WebAssembly::Instance::new(&self.allocate, &imports).ok()?;
        let function: Function = Reflect::get(&instance.exports(), &"".into()).ok()?.dyn_into().ok()?;
        rooms.push((realloc.clone(), function.clone()));
        Some(function)
    }
}

/// An object without anything, not even what every object has, so that no name means something.
fn nothing() -> Object {
    Object::create(JsValue::NULL.unchecked_ref())
}

fn export(exports: &[Object], at: &At) -> JsValue {
    let value = exports.get(at.instance).and_then(|exports| Reflect::get(exports, &at.name.as_str().into()).ok());
    value.unwrap_or(JsValue::UNDEFINED)
}

fn not_started(error: JsValue) -> NotStarted {
    let what = describe(&error);
    let is_trap = error.is_instance_of::<WebAssembly::RuntimeError>() || error.is_instance_of::<js_sys::RangeError>();
    if is_trap { NotStarted::Stopped(what) } else { NotStarted::Unfit(what) }
}

/// Calls a function with addresses and lengths; its answer, if it is one.
///
/// # Errors
/// The engine's description of what stopped it.
pub fn call(function: &Function, arguments: &[u32]) -> Result<Option<u32>, String> {
    let arguments: Array = arguments.iter().map(|&argument| JsValue::from(argument)).collect();
    let answer = function.apply(&JsValue::UNDEFINED, &arguments).map_err(|error| describe(&error))?;
    Ok(answer.as_f64().map(|_| word(&answer)))
}

/// A number as the 32 bits that WebAssembly means.
fn word(value: &JsValue) -> u32 {
    value.as_f64().map_or(0, |number| number as i64 as u32)
}

/// A plugin's memory.
pub struct Memory {
    memory: WebAssembly::Memory,
    /// All of its bytes; it has to be asked for again after it grew.
    bytes: RefCell<Uint8Array>,
    size: Cell<u32>,
    /// See [`ALLOCATE`].
    allocate: Option<Function>,
}

impl Memory {
    fn of(exports: &[Object], at: &At) -> Option<Memory> {
        let memory: WebAssembly::Memory = export(exports, at).dyn_into().ok()?;
        let bytes = Uint8Array::new(&memory.buffer());
        let size = Cell::new(bytes.length());
        Some(Memory { memory, bytes: RefCell::new(bytes), size, allocate: None })
    }

    /// Code of the plugin has run since, and may have made it grow.
    pub fn look_again(&self) {
        let bytes = Uint8Array::new(&self.memory.buffer());
        self.size.set(bytes.length());
        self.bytes.replace(bytes);
    }
}

impl Guest for Memory {
    fn size(&self) -> u64 {
        u64::from(self.size.get())
    }

    fn read(&self, at: u32, into: &mut [u8]) {
        self.bytes.borrow().subarray(at, at + into.len() as u32).copy_to(into);
    }

    fn write(&self, at: u32, bytes: &[u8]) {
        self.bytes.borrow().subarray(at, at + bytes.len() as u32).copy_from(bytes);
    }

    fn allocate(&self, align: u32, sizes: &[u32]) -> Result<Vec<u32>, Cause> {
        let allocate = self.allocate.as_ref().ok_or_else(|| Cause::BadAnswer("it has no realloc".to_owned()))?;
        let mut places = sizes.to_vec();
        let at = places.as_mut_ptr() as usize as u32;
        let end = at + size_of_val(sizes) as u32;
        let called = allocate.call3(&JsValue::UNDEFINED, &at.into(), &end.into(), &align.into());
        self.look_again();
        called.map_err(|error| Cause::Trap(describe(&error)))?;
        // Other code than the compiler sees has written there.
        Ok(std::hint::black_box(places))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"(module
      (import "" "realloc" (func (param i32 i32 i32 i32) (result i32)))
      (import "" "memory" (memory 0))
      (func (export "") (param (; at ;) i32) (param (; end ;) i32) (param (; align ;) i32)
        (block
          (loop
            (br_if 1 (i32.ge_u (local.get 0) (local.get 1)))
            (i32.store (local.get 0)
              (call 0 (i32.const 0) (i32.const 0) (local.get 2) (i32.load (local.get 0))))
            (local.set 0 (i32.add (local.get 0) (i32.const 4)))
            (br 0)))))"#;

    #[test]
    fn the_module_is_what_its_text_says() {
        assert_eq!(wat::parse_str(TEXT).unwrap(), ALLOCATE);
    }
}
