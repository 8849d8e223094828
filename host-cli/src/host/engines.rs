//! The engines that run plugins. Both make the same of a plugin, to the byte; one of them keeps memories from call to call.

use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, PoisonError};

use plugin_host::Limits;
use wasmtime::component::Component;
use wasmtime::{Config, Enabled, Engine, PoolingAllocationConfig};

/// What a plugin may have of each to run in memories that are kept. Those of all tools for authors need less.
const INSTANCES: u32 = 32;
const MEMORIES: u32 = 2;
const TABLES: u32 = 4;
/// Bytes of a memory that are cleared and stay with the process; what a call took beyond goes back to the system.
const KEPT: usize = 8 << 20;

/// The engines.
pub(super) struct Engines {
    /// Makes memories for each call, of any plugin.
    fresh: Engine,
    /// `None` where the system does not give the addresses for it.
    kept: Option<Kept>,
}

/// An engine whose calls take memories out of a pool: pages that are there already do not have to be asked of the system, which
/// takes longer than a plugin takes for its events.
struct Kept {
    engine: Engine,
    /// Calls that can begin now. The pool has room for so many of any plugin that it takes at all, so it never runs out, and no
    /// verdict depends on how many calls there are.
    free: Mutex<usize>,
    freed: Condvar,
}

/// The right to run one call, until it is dropped.
pub(super) struct Permit<'a>(Option<&'a Kept>);

impl Engines {
    /// # Errors
    /// When this machine cannot run an engine.
    pub fn new() -> wasmtime::Result<Self> {
        let mut config = Config::new();
        config
            .consume_fuel(true)
            .epoch_interruption(true)
            // The same answer on every machine.
            .cranelift_nan_canonicalization(true)
            .relaxed_simd_deterministic(true);
        let fresh = Engine::new(&config)?;
        let calls = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        config.allocation_strategy(pool(u32::try_from(calls).unwrap_or(u32::MAX)));
        let kept = Engine::new(&config).ok();
        let kept = kept.map(|engine| Kept { engine, free: Mutex::new(calls), freed: Condvar::new() });
        Ok(Self { fresh, kept })
    }

    /// All of them.
    pub fn each(&self) -> impl Iterator<Item = &Engine> {
        self.kept.iter().map(|kept| &kept.engine).chain([&self.fresh])
    }

    /// The engine for which code is compiled; the others run it too.
    pub fn compiling(&self) -> &Engine {
        &self.fresh
    }

    /// A component in the engine that runs it quickest within these limits. It depends on nothing else which one that is.
    ///
    /// # Errors
    /// Those of `make` with an engine that takes everything.
    pub fn choose(
        &self,
        limits: &Limits,
        make: impl Fn(&Engine) -> wasmtime::Result<Component>,
    ) -> wasmtime::Result<Component> {
        let kept = self.kept.as_ref().filter(|_| limits.table_elements <= Limits::default().table_elements);
        match kept.and_then(|kept| make(&kept.engine).ok()) {
            Some(component) => Ok(component),
            None => make(&self.fresh),
        }
    }

    /// Waits until a call can begin in an engine.
    pub fn permit(&self, engine: &Engine) -> Permit<'_> {
        let kept = self.kept.as_ref().filter(|kept| Engine::same(&kept.engine, engine));
        if let Some(Kept { free, freed, .. }) = kept {
            let free = free.lock().unwrap_or_else(PoisonError::into_inner);
            *freed.wait_while(free, |free| *free == 0).unwrap_or_else(PoisonError::into_inner) -= 1;
        }
        Permit(kept)
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if let Some(Kept { free, freed, .. }) = self.0 {
            *free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
            freed.notify_one();
        }
    }
}

/// Room for so many calls at once.
fn pool(calls: u32) -> PoolingAllocationConfig {
    let all = |each: u32| each.saturating_mul(calls);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(calls)
        .total_core_instances(all(INSTANCES))
        .total_memories(all(MEMORIES))
        .total_tables(all(TABLES))
        .max_core_instances_per_component(INSTANCES)
        .max_memories_per_component(MEMORIES)
        .max_tables_per_component(TABLES)
        .max_memories_per_module(MEMORIES)
        .max_tables_per_module(TABLES)
        .table_elements(usize::try_from(Limits::default().table_elements).unwrap_or(usize::MAX))
        .linear_memory_keep_resident(KEPT)
        .table_keep_resident(KEPT)
        // Looks only at the pages that a call wrote to, where the system can tell.
        .pagemap_scan(Enabled::Auto);
    pool
}
