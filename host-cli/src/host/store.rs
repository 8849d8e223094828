//! A store that holds its plugin to the limits, and keeps what it logs.

use wasmtime::component::HasSelf;
use wasmtime::{Engine, ResourceLimiter, Store};

use plugin_host::{Limit, Limits, LogLine};

use super::bindings::trailglass::detector::host;
use super::ticker::ticks;

/// What belongs to one call.
pub(super) struct CallState {
    pub limits: Limits,
    /// How many events the batch has.
    pub events: usize,
    pub memory_bytes: u64,
    table_elements: u64,
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
    store.set_epoch_deadline(ticks(limits.time_ms_for(events)));
    store.set_hostcall_fuel(usize::try_from(limits.answer_bytes).unwrap_or(usize::MAX));
    store
}

/// Links the only import.
pub(super) fn link(linker: &mut wasmtime::component::Linker<CallState>) -> wasmtime::Result<()> {
    host::add_to_linker::<_, HasSelf<_>>(linker, |state| state)
}

impl host::Host for CallState {
    fn log(&mut self, level: host::Level, mut message: String) {
        if self.log.len() as u64 >= self.limits.log_lines {
            self.log_dropped += 1;
            return;
        }
        let kept = usize::try_from(self.limits.log_line_bytes).unwrap_or(usize::MAX);
        if message.len() > kept {
            message.truncate(message.floor_char_boundary(kept));
            message.push('…');
            message.shrink_to_fit();
        }
        self.log.push(LogLine { level: level.into(), message });
    }
}

/// Refusing (rather than trapping) is what an engine in a browser does at a memory's maximum.
impl ResourceLimiter for CallState {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let wanted = self.memory_bytes.saturating_add(desired.saturating_sub(current) as u64);
        if wanted > self.limits.memory_bytes {
            self.refused = Some(Limit::Memory);
            return Ok(false);
        }
        self.memory_bytes = wanted;
        Ok(true)
    }

    fn table_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let wanted = self.table_elements.saturating_add(desired.saturating_sub(current) as u64);
        if wanted > self.limits.table_elements {
            self.refused = Some(Limit::Tables);
            return Ok(false);
        }
        self.table_elements = wanted;
        Ok(true)
    }

    fn instances(&self) -> usize {
        usize::try_from(self.limits.instances).unwrap_or(usize::MAX)
    }

    fn tables(&self) -> usize {
        usize::try_from(self.limits.instances).unwrap_or(usize::MAX)
    }

    fn memories(&self) -> usize {
        usize::try_from(self.limits.instances).unwrap_or(usize::MAX)
    }
}
