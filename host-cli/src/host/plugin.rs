//! Loading a plugin and calling it.

use plugin_host::{
    Batch, Cause, Inspected, Limit, Limits, LogLine, MANIFEST_BYTES, Manifest, OptionSetting, PluginFault,
    PluginFinding, Stage, answer, check_manifest, check_nesting, first_line, inspect, settings, unfit,
};
use sha2::{Digest, Sha256};
use wasmtime::component::{Component, Linker};
use wasmtime::{Store, Trap};

use super::bindings::{self, Plugin as Instance, PluginPre};
use super::cache::Cache;
use super::engines::Engines;
use super::store::{CallState, link, new_store};
use super::ticker::Ticker;

/// The engines that run plugins, and where they keep what was compiled.
pub struct Host {
    engines: Engines,
    cache: Option<Cache>,
    _ticker: Ticker,
}

/// A plugin that was compiled and has described itself. Calls may run on several threads at once.
pub struct Plugin {
    name: String,
    digest: [u8; 32],
    inspected: Inspected,
    manifest: Manifest,
    settings: Vec<OptionSetting>,
    limits: Limits,
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
    /// Units of fuel that the call took.
    pub fuel: u64,
    /// Bytes of its memories at the end; they never shrink.
    pub memory_bytes: u64,
}

impl Host {
    /// A host that keeps what it compiled in `cache`, if there is one.
    ///
    /// # Errors
    /// When this machine cannot run the engine, or has no thread for its clock.
    pub fn new(cache: Option<Cache>) -> wasmtime::Result<Self> {
        let engines = Engines::new()?;
        let ticker = Ticker::start(engines.each())?;
        Ok(Self { engines, cache, _ticker: ticker })
    }

    /// Loads a plugin: reads what it was built for, compiles it, and asks it to describe itself. `name` is what faults
    /// call it: its path, say. All options have their defaults.
    ///
    /// # Errors
    /// Why it is no plugin, or what stopped it in `describe`.
    pub fn load(&self, name: &str, bytes: &[u8], limits: Limits) -> Result<Plugin, PluginFault> {
        let fault = |stage, cause, log| PluginFault { plugin: name.to_owned(), stage, cause, log };
        let digest = Sha256::digest(bytes).into();
        let loaded = check_and_compile(self, bytes, &digest, &limits);
        let (inspected, ready) = loaded.map_err(|cause| fault(Stage::Load, cause, Vec::new()))?;
        let _permit = self.engines.permit(ready.engine());
        let mut store = new_store(ready.engine(), &limits, 0);
        store.set_hostcall_fuel(MANIFEST_BYTES);
        let manifest =
            describe(&mut store, &ready).map_err(|(stage, cause)| fault(stage, cause, store.into_data().log))?;
        let settings = settings::settings(&manifest, &[]).unwrap_or_default();
        Ok(Plugin { name: name.to_owned(), digest, inspected, manifest, settings, limits, ready })
    }

    /// Judges a batch in a fresh instance.
    ///
    /// # Errors
    /// What stopped the plugin; all that it found in this batch is lost.
    pub fn detect(&self, plugin: &Plugin, batch: &Batch<'_>) -> Result<Answer, PluginFault> {
        let events = batch.rows.len();
        let _permit = self.engines.permit(plugin.ready.engine());
        let mut store = new_store(plugin.ready.engine(), &plugin.limits, events);
        let found = detect(&mut store, plugin, batch);
        let fuel = plugin.limits.fuel_for(events).saturating_sub(store.get_fuel().unwrap_or_default());
        let CallState { log, log_dropped, memory_bytes, .. } = store.into_data();
        match found {
            Ok(findings) => Ok(Answer { findings, log, log_dropped, fuel, memory_bytes }),
            Err((stage, cause)) => Err(PluginFault { plugin: plugin.name.clone(), stage, cause, log }),
        }
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

    /// The SHA-256 of its file.
    #[must_use]
    pub fn digest(&self) -> String {
        self.digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The version of the contract that it was built for, and what it imports.
    #[must_use]
    pub fn inspected(&self) -> &Inspected {
        &self.inspected
    }

    /// The value of each option.
    #[must_use]
    pub fn settings(&self) -> &[OptionSetting] {
        &self.settings
    }

    /// Sets options; those that are not named have their defaults.
    ///
    /// # Errors
    /// A sentence: which option there is not, or what it takes.
    pub fn set(&mut self, wanted: &[OptionSetting]) -> Result<(), String> {
        self.settings = settings::settings(&self.manifest, wanted)?;
        Ok(())
    }
}

fn check_and_compile(
    host: &Host,
    bytes: &[u8],
    digest: &[u8; 32],
    limits: &Limits,
) -> Result<(Inspected, PluginPre<CallState>), Cause> {
    if bytes.len() as u64 > limits.file_bytes {
        return Err(Cause::Limit { limit: Limit::FileBytes, allowed: limits.file_bytes });
    }
    let inspected = inspect(bytes)?;
    check_nesting(bytes)?;
    let unsound = |error: wasmtime::Error| {
        let reason = format!("the component is not valid: {}", first_line(&error.root_cause().to_string()));
        unfit(reason, "build it with the tools that plugins/README.md names")
    };
    let component = match &host.cache {
        Some(cache) => cache.component(&host.engines, limits, bytes, digest),
        None => host.engines.choose(limits, |engine| Component::from_binary(engine, bytes)),
    };
    let component = component.map_err(unsound)?;
    let mismatch = |error: wasmtime::Error| {
        let reason = format!("it does not keep to the contract: {}", first_line(&format!("{error:#}")));
        unfit(reason, "build it against the contract's own WIT, plugins/contract/wit")
    };
    let mut linker = Linker::new(component.engine());
    link(&mut linker).map_err(mismatch)?;
    let ready = PluginPre::new(linker.instantiate_pre(&component).map_err(mismatch)?).map_err(mismatch)?;
    Ok((inspected, ready))
}

fn describe(store: &mut Store<CallState>, ready: &PluginPre<CallState>) -> Result<Manifest, (Stage, Cause)> {
    let instance = start(store, ready)?;
    let described = instance.trailglass_detector_detector().call_describe(&mut *store);
    let manifest = described.map_err(|error| (Stage::Describe, stopped(store, &error)))?.into();
    check_manifest(&manifest).map_err(|what| (Stage::Describe, Cause::BadAnswer(what)))?;
    Ok(manifest)
}

fn detect(
    store: &mut Store<CallState>,
    plugin: &Plugin,
    batch: &Batch<'_>,
) -> Result<Vec<PluginFinding>, (Stage, Cause)> {
    let instance = start(store, &plugin.ready)?;
    let exports = instance.trailglass_detector_detector();
    let configured = bindings::configure(exports, &mut *store, &plugin.settings);
    let configured = configured.map_err(|error| (Stage::Configure, stopped(store, &error)))?;
    configured.map_err(|why| (Stage::Configure, Cause::Refused(why)))?;
    let detected = bindings::detect(exports, &mut *store, batch);
    let detected = detected.map_err(|error| (Stage::Detect, stopped(store, &error)))?;
    let found = detected.map_err(|why| (Stage::Detect, Cause::Refused(why)))?;
    answer::check(&found, &batch.rows, &batch.group_starts, &plugin.limits).map_err(|cause| (Stage::Detect, cause))?;
    Ok(found)
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
        (Some(Trap::Interrupt), _) => limit(Limit::Time, limits.time_ms_for(events)),
        (_, Some(Limit::Tables)) => limit(Limit::Tables, limits.table_elements),
        (_, Some(_)) => limit(Limit::Memory, limits.memory_bytes),
        (Some(trap), None) => Cause::Trap(trap.to_string()),
        (None, None) => {
            let text = error.root_cause().to_string();
            // wasmtime has no types for these.
            if text.contains("fuel allocated for hostcalls") {
                return limit(Limit::Answer, store.hostcall_fuel() as u64);
            }
            if text.contains("resource limit exceeded") {
                return limit(Limit::Instances, limits.instances);
            }
            Cause::Trap(first_line(&text))
        }
    }
}
