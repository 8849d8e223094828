//! A store that holds its plugin to the limits, and keeps what it logs.

use wasmtime::component::HasSelf;
use wasmtime::{Engine, ResourceLimiter, Store};

use super::bindings::trailglass::detector::host;
use super::fault::Limit;
use super::limits::Limits;
use super::ticker::ticks;

/// A line that a plugin logged. Untrusted text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// How much it matters.
    pub level: LogLevel,
    /// The line, cut to its limit.
    pub message: String,
}

pub use host::Level as LogLevel;

/// What belongs to one call.
pub(super) struct CallState {
    pub limits: Limits,
    /// How many events the batch has.
    pub events: usize,
    memory_bytes: usize,
    table_elements: usize,
    /// The limit at which a growth was refused, if one was. A guest that cannot grow traps soon
    /// after, and then this is the reason.
    pub refused: Option<Limit>,
    pub log: Vec<LogLine>,
    pub log_dropped: u64,
}

/// A fresh store for one call with so many events.
pub(super) fn new_store(engine: &Engine, limits: &Limits, events: usize) -> Store<CallState> {
    let state = CallState {
        limits: limits.clone(),
        events,
        memory_bytes: 0,
        table_elements: 0,
        refused: None,
        log: Vec::new(),
        log_dropped: 0,
    };
    let mut store = Store::new(engine, state);
    store.limiter(|state| state);
    if store.set_fuel(limits.fuel_for(events)).is_err() {
        // Only when the engine does not count fuel: then a store has none to use up, and a call ends at once.
        store.set_epoch_deadline(0);
        return store;
    }
    store.set_epoch_deadline(ticks(limits.deadline_for(events)));
    store.set_hostcall_fuel(limits.answer_bytes);
    store
}

/// Links the only import.
pub(super) fn link(linker: &mut wasmtime::component::Linker<CallState>) -> wasmtime::Result<()> {
    host::add_to_linker::<_, HasSelf<_>>(linker, |state| state)
}

impl host::Host for CallState {
    fn log(&mut self, level: LogLevel, mut message: String) {
        if self.log.len() == self.limits.log_lines {
            self.log_dropped += 1;
            return;
        }
        if message.len() > self.limits.log_line_bytes {
            message.truncate(message.floor_char_boundary(self.limits.log_line_bytes));
            message.push('…');
            message.shrink_to_fit();
        }
        self.log.push(LogLine { level, message });
    }
}

/// Refusing (rather than trapping) is what an engine in a browser does at a memory's maximum.
impl ResourceLimiter for CallState {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let wanted = self.memory_bytes.saturating_add(desired.saturating_sub(current));
        if wanted > self.limits.memory_bytes {
            self.refused = Some(Limit::Memory);
            return Ok(false);
        }
        self.memory_bytes = wanted;
        Ok(true)
    }

    fn table_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let wanted = self.table_elements.saturating_add(desired.saturating_sub(current));
        if wanted > self.limits.table_elements {
            self.refused = Some(Limit::Tables);
            return Ok(false);
        }
        self.table_elements = wanted;
        Ok(true)
    }

    fn instances(&self) -> usize {
        self.limits.instances
    }

    fn tables(&self) -> usize {
        self.limits.instances
    }

    fn memories(&self) -> usize {
        self.limits.instances
    }
}
