//! Plugins as detectors of the core.

use std::path::{Path, PathBuf};

use analyzer_core::detect::{Detector, Grouping, Severity};
use analyzer_core::field::FieldRef;
use analyzer_core::predicate;

use crate::host::{self, Cause, Host, Limits, Manifest, Plugin, PluginFault, Stage};

/// A plugin that is ready to run, and what it looks like to the core.
pub struct Loaded {
    /// The plugin.
    pub plugin: Plugin,
    /// The same as a detector.
    pub detector: Detector,
}

/// Plugins and the host that runs them.
pub struct Plugins {
    /// The host and what it loaded; nothing when no plugin was asked for.
    pub ready: Option<(Host, Vec<Loaded>)>,
    /// What could not be loaded.
    pub faults: Vec<PluginFault>,
}

impl Plugins {
    /// The plugins as detectors, in the order of [`Plugins::ready`].
    pub fn detectors(&self) -> impl Iterator<Item = &Detector> {
        self.ready.iter().flat_map(|(_, loaded)| loaded).map(|plugin| &plugin.detector)
    }
}

/// Loads plugins. `taken` are ids of detectors that no plugin may have. What cannot be loaded is a fault, and the others
/// go on.
pub fn load(paths: &[PathBuf], limits: Limits, taken: &[&str]) -> Plugins {
    let mut plugins = Plugins { ready: None, faults: Vec::new() };
    if paths.is_empty() {
        return plugins;
    }
    let host = match Host::new(limits) {
        Ok(host) => host,
        Err(error) => {
            let reason = format!("this machine cannot run plugins: {error}");
            let fault = |path: &PathBuf| unfit(path, reason.clone(), "the built-in detections need no plugin host");
            plugins.faults = paths.iter().map(fault).collect();
            return plugins;
        }
    };
    let mut loaded: Vec<Loaded> = Vec::new();
    for path in paths {
        let known = |id: &str| taken.contains(&id) || loaded.iter().any(|other| other.detector.id == id);
        match load_one(&host, path, &known) {
            Ok(plugin) => loaded.push(plugin),
            Err(fault) => plugins.faults.push(fault),
        }
    }
    plugins.ready = Some((host, loaded));
    plugins
}

fn load_one(host: &Host, path: &Path, known: &dyn Fn(&str) -> bool) -> Result<Loaded, PluginFault> {
    let unfit = |reason, hint| unfit(path, reason, hint);
    let bytes = std::fs::read(path)
        .map_err(|error| unfit(format!("the file cannot be read: {error}"), "check the path given to --plugin"))?;
    let plugin = host.load(&path.display().to_string(), &bytes)?;
    if known(&plugin.manifest().id) {
        let reason = format!("there is another detector with the id {}", plugin.manifest().id);
        return Err(unfit(reason, "give each plugin once; two plugins need two ids"));
    }
    let detector = detector(plugin.manifest()).map_err(|why| {
        let reason = format!("its select is no valid query: {why}");
        unfit(reason, "the query has to be mended in the plugin's manifest")
    })?;
    Ok(Loaded { plugin, detector })
}

fn unfit(path: &Path, reason: String, hint: &'static str) -> PluginFault {
    let cause = Cause::Unfit { reason, hint };
    PluginFault { plugin: path.display().to_string(), stage: Stage::Load, cause, log: Vec::new() }
}

/// The core's description of a plugin, or what is wrong with its query.
fn detector(manifest: &Manifest) -> Result<Detector, String> {
    // Events are selected while they are read: nobody knows yet which will be the newest.
    let parsed = predicate::parse(&manifest.select, None);
    if let Some(problem) = parsed.first_wrong() {
        return Err(problem.message.clone());
    }
    let refs = |names: &[String]| names.iter().map(|name| FieldRef::parse(name)).collect();
    Ok(Detector {
        id: manifest.id.clone(),
        version: manifest.version.clone(),
        title: manifest.name.clone(),
        description: manifest.description.clone(),
        severity: severity(manifest.severity),
        tactics: manifest.tactics.clone(),
        techniques: manifest.techniques.clone(),
        false_positives: manifest.false_positives.clone(),
        select: parsed.predicate,
        fields: refs(&manifest.fields),
        grouping: match &manifest.grouping {
            host::Grouping::EachEvent => Grouping::Each,
            host::Grouping::ByFields(fields) => Grouping::By(refs(fields)),
            host::Grouping::AllEvents => Grouping::All,
        },
    })
}

pub(super) fn severity(severity: host::Severity) -> Severity {
    match severity {
        host::Severity::Informational => Severity::Informational,
        host::Severity::Low => Severity::Low,
        host::Severity::Medium => Severity::Medium,
        host::Severity::High => Severity::High,
        host::Severity::Critical => Severity::Critical,
    }
}
