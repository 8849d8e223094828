//! Plugins as detectors of the core.

use std::path::Path;

use analyzer_core::detect::Detector;
use plugin_host::{Cause, Limit, Limits, PluginFault, Stage, detector, id_is_taken, query_is_wrong, unfit};

use super::wishes::{Wishes, wishes};
use crate::args::PluginArgs;
use crate::host::{Cache, Host, Plugin, default_folder};

/// A plugin that is ready to run, and what it looks like to the core.
pub struct Loaded {
    /// The plugin.
    pub plugin: Plugin,
    /// The same as a detector.
    pub detector: Detector,
}

/// Plugins and the host that runs them.
#[derive(Default)]
pub struct Plugins {
    /// The host and what it loaded; nothing when no plugin was asked for.
    pub ready: Option<(Host, Vec<Loaded>)>,
    /// What could not be loaded.
    pub faults: Vec<PluginFault>,
    /// What could not be understood of arguments and of the file of settings, each in one sentence.
    pub wrong: Vec<String>,
}

impl Plugins {
    /// What was loaded.
    #[must_use]
    pub fn loaded(&self) -> &[Loaded] {
        self.ready.as_ref().map_or(&[], |(_, loaded)| loaded)
    }

    /// The plugins as detectors, in the order of [`Plugins::ready`].
    pub fn detectors(&self) -> impl Iterator<Item = &Detector> {
        self.loaded().iter().map(|plugin| &plugin.detector)
    }
}

/// Loads the plugins that arguments name. `taken` are ids of detectors that no plugin may have. What cannot be loaded is a
/// fault, and the others go on.
pub fn load(args: &PluginArgs, taken: &[&str]) -> Plugins {
    let (wishes, wrong) = wishes(args);
    let mut plugins = Plugins { wrong, ..Plugins::default() };
    if wishes.is_empty() {
        return plugins;
    }
    let host = match host(args) {
        Ok(host) => host,
        Err(error) => {
            plugins.faults = wishes.iter().map(|wish| no_host(&wish.path, &error)).collect();
            return plugins;
        }
    };
    let mut loaded: Vec<Loaded> = Vec::new();
    for wish in &wishes {
        let known = |id: &str| taken.contains(&id) || loaded.iter().any(|other| other.detector.id == id);
        match load_one(&host, wish, &known) {
            Ok(plugin) => loaded.push(plugin),
            Err(fault) => plugins.faults.push(fault),
        }
    }
    plugins.ready = Some((host, loaded));
    plugins
}

/// The fault of a plugin for which there is no host.
#[must_use]
pub fn no_host(path: &Path, why: &str) -> PluginFault {
    unfit_file(path, format!("this machine cannot run plugins: {why}"), "the rules need no plugin host")
}

/// A host that keeps what it compiles where arguments say.
///
/// # Errors
/// When this machine cannot run the engine.
pub fn host(args: &PluginArgs) -> Result<Host, String> {
    let cache = cache(args);
    Host::new(cache).map_err(|error| error.to_string())
}

/// Where compiled plugins are kept. Without it every plugin is compiled in each run, which only takes longer.
#[must_use]
pub fn cache(args: &PluginArgs) -> Option<Cache> {
    let folder = args.plugin_cache.clone().or_else(default_folder);
    folder.filter(|_| !args.no_plugin_cache).and_then(|folder| Cache::open(&folder).ok())
}

/// Loads one plugin. `known` says whether an id is taken.
///
/// # Errors
/// Why it cannot run.
pub fn load_one(host: &Host, wish: &Wishes, known: &dyn Fn(&str) -> bool) -> Result<Loaded, PluginFault> {
    let path = &wish.path;
    let bytes = read(path, &wish.limits)?;
    let mut plugin = host.load(&path.display().to_string(), &bytes, wish.limits.clone())?;
    if known(&plugin.manifest().id) {
        return Err(fault(path, id_is_taken(&plugin.manifest().id)));
    }
    let set = wish.settings(plugin.manifest()).and_then(|settings| plugin.set(&settings));
    set.map_err(|why| unfit_file(path, why, "`trailglass plugin inspect` lists the options of a plugin"))?;
    let detector = detector(plugin.manifest()).map_err(|why| fault(path, query_is_wrong(&why)))?;
    Ok(Loaded { plugin, detector })
}

fn read(path: &Path, limits: &Limits) -> Result<Vec<u8>, PluginFault> {
    let unreadable = |error: std::io::Error| {
        unfit_file(path, format!("the file cannot be read: {error}"), "check the path of the plugin")
    };
    // Not even looked at, since it may be larger than memory.
    if std::fs::metadata(path).map_err(unreadable)?.len() > limits.file_bytes {
        return Err(fault(path, Cause::Limit { limit: Limit::FileBytes, allowed: limits.file_bytes }));
    }
    std::fs::read(path).map_err(unreadable)
}

fn unfit_file(path: &Path, reason: String, hint: &'static str) -> PluginFault {
    fault(path, unfit(reason, hint))
}

fn fault(path: &Path, cause: Cause) -> PluginFault {
    PluginFault { plugin: path.display().to_string(), stage: Stage::Load, cause, log: Vec::new() }
}
