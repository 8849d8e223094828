//! Loading a plugin and calling it.

use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine, Store, Trap};

use super::bindings::{Plugin as Instance, PluginPre};
use super::fault::{Cause, Limit, PluginFault, Stage};
use super::inspect::{first_line, inspect, unfit};
use super::limits::Limits;
use super::store::{CallState, LogLine, link, new_store};
use super::ticker::Ticker;
use super::{Batch, Manifest, OptionSetting, OptionSpec, PluginFinding, answer, manifest};

/// The engine that runs plugins, and what they may take.
pub struct Host {
    engine: Engine,
    limits: Limits,
    _ticker: Ticker,
}

/// A plugin that was compiled and has described itself. Calls may run on several threads at once.
pub struct Plugin {
    name: String,
    manifest: Manifest,
    settings: Vec<OptionSetting>,
    ready: PluginPre<CallState>,
}

/// What a call with a batch gave.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The findings, checked: each has rows of the batch, all of one group.
    pub findings: Vec<PluginFinding>,
    /// What the plugin logged, up to the limit.
    pub log: Vec<LogLine>,
    /// How many log lines were dropped.
    pub log_dropped: u64,
}

impl Host {
    /// A host with these limits.
    ///
    /// # Errors
    /// When this machine cannot run the engine, or has no thread for its clock.
    pub fn new(limits: Limits) -> wasmtime::Result<Self> {
        let mut config = Config::new();
        config
            .consume_fuel(true)
            .epoch_interruption(true)
            // The same answer on every machine.
            .cranelift_nan_canonicalization(true)
            .relaxed_simd_deterministic(true);
        let engine = Engine::new(&config)?;
        let ticker = Ticker::start(&engine)?;
        Ok(Self { engine, limits, _ticker: ticker })
    }

    /// Loads a plugin: reads what it was built for, compiles it, and asks it to describe itself. `name` is what faults
    /// call it: its path, say. All options have their defaults.
    ///
    /// # Errors
    /// Why it is no plugin, or what stopped it in `describe`.
    pub fn load(&self, name: &str, bytes: &[u8]) -> Result<Plugin, PluginFault> {
        let fault = |stage, cause, log| PluginFault { plugin: name.to_owned(), stage, cause, log };
        let ready = self.compile(bytes).map_err(|cause| fault(Stage::Load, cause, Vec::new()))?;
        let mut store = new_store(&self.engine, &self.limits, 0);
        store.set_hostcall_fuel(manifest::BYTES);
        let manifest =
            describe(&mut store, &ready).map_err(|(stage, cause)| fault(stage, cause, store.into_data().log))?;
        let setting = |spec: &OptionSpec| OptionSetting { name: spec.name.clone(), value: spec.default.clone() };
        let settings = manifest.options.iter().map(setting).collect();
        Ok(Plugin { name: name.to_owned(), manifest, settings, ready })
    }

    /// Judges a batch in a fresh instance.
    ///
    /// # Errors
    /// What stopped the plugin; all that it found in this batch is lost.
    pub fn detect(&self, plugin: &Plugin, batch: &Batch) -> Result<Answer, PluginFault> {
        let mut store = new_store(&self.engine, &self.limits, batch.rows.len());
        let found = detect(&mut store, plugin, batch).and_then(|findings| {
            answer::check(&findings, batch, &self.limits).map_err(|cause| (Stage::Detect, cause))?;
            Ok(findings)
        });
        let CallState { log, log_dropped, .. } = store.into_data();
        match found {
            Ok(findings) => Ok(Answer { findings, log, log_dropped }),
            Err((stage, cause)) => Err(PluginFault { plugin: plugin.name.clone(), stage, cause, log }),
        }
    }

    fn compile(&self, bytes: &[u8]) -> Result<PluginPre<CallState>, Cause> {
        let allowed = self.limits.file_bytes;
        if bytes.len() > allowed {
            return Err(Cause::Limit { limit: Limit::FileBytes, allowed: allowed as u64 });
        }
        inspect(bytes)?;
        let unsound = |error: wasmtime::Error| {
            let reason = format!("the component is not valid: {}", first_line(&error.root_cause().to_string()));
            unfit(reason, "build it with the tools that plugins/README.md names")
        };
        let component = Component::from_binary(&self.engine, bytes).map_err(unsound)?;
        let mismatch = |error: wasmtime::Error| {
            let reason = format!("it does not keep to the contract: {}", first_line(&format!("{error:#}")));
            unfit(reason, "build it against the contract's own WIT, plugins/contract/wit")
        };
        let mut linker = Linker::new(&self.engine);
        link(&mut linker).map_err(mismatch)?;
        PluginPre::new(linker.instantiate_pre(&component).map_err(mismatch)?).map_err(mismatch)
    }
}

impl Plugin {
    /// What the plugin says about itself; checked against the contract.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// What faults call the plugin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

fn describe(store: &mut Store<CallState>, ready: &PluginPre<CallState>) -> Result<Manifest, (Stage, Cause)> {
    let instance = start(store, ready)?;
    let described = instance.trailglass_detector_detector().call_describe(&mut *store);
    let manifest = described.map_err(|error| (Stage::Describe, stopped(store, &error)))?;
    manifest::check(&manifest).map_err(|what| (Stage::Describe, Cause::BadAnswer(what)))?;
    Ok(manifest)
}

fn detect(store: &mut Store<CallState>, plugin: &Plugin, batch: &Batch) -> Result<Vec<PluginFinding>, (Stage, Cause)> {
    let instance = start(store, &plugin.ready)?;
    let exports = instance.trailglass_detector_detector();
    let configured = exports.call_configure(&mut *store, &plugin.settings);
    let configured = configured.map_err(|error| (Stage::Configure, stopped(store, &error)))?;
    configured.map_err(|why| (Stage::Configure, Cause::Refused(why)))?;
    let detected = exports.call_detect(&mut *store, batch);
    let detected = detected.map_err(|error| (Stage::Detect, stopped(store, &error)))?;
    detected.map_err(|why| (Stage::Detect, Cause::Refused(why)))
}

fn start(store: &mut Store<CallState>, ready: &PluginPre<CallState>) -> Result<Instance, (Stage, Cause)> {
    ready.instantiate(&mut *store).map_err(|error| (Stage::Start, stopped(store, &error)))
}

/// Why the engine ended a call.
fn stopped(store: &Store<CallState>, error: &wasmtime::Error) -> Cause {
    let limits = &store.data().limits;
    let events = store.data().events;
    let limit = |limit, allowed| Cause::Limit { limit, allowed };
    match (error.downcast_ref::<Trap>(), store.data().refused) {
        (Some(Trap::OutOfFuel), _) => limit(Limit::Fuel, limits.fuel_for(events)),
        (Some(Trap::Interrupt), _) => limit(Limit::Deadline, limits.deadline_for(events).as_millis() as u64),
        (_, Some(Limit::Tables)) => limit(Limit::Tables, limits.table_elements as u64),
        (_, Some(_)) => limit(Limit::Memory, limits.memory_bytes as u64),
        (Some(trap), None) => Cause::Trap(trap.to_string()),
        (None, None) => {
            let text = error.root_cause().to_string();
            // wasmtime has no type for this one.
            if text.contains("fuel allocated for hostcalls") {
                return limit(Limit::Answer, store.hostcall_fuel() as u64);
            }
            Cause::Trap(first_line(&text))
        }
    }
}
