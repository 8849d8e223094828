//! Arguments of `trailglass plugin`.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::Subcommand;

use super::{Format, PluginArgs, ScanArgs};
use crate::kit::project::Language;

/// What to do with plugins.
#[derive(Debug, Subcommand)]
pub enum PluginCommand {
    /// Write a new plugin, which builds at once, into a folder of its name
    #[command(after_help = "Exit codes: 0, or 2 when it cannot be written.")]
    New(PluginNewArgs),
    /// Build a plugin's source, or make a component of a core module
    #[command(after_help = "Exit codes: 0, or 2 when it does not build.")]
    Build(PluginBuildArgs),
    /// Build a plugin and try its cases: folders in cases/ with logs, options.json and findings.json
    #[command(
        after_help = "Exit codes: 0, 1 when a case failed, or 2 when there is none or the plugin does not build."
    )]
    Test(PluginTestArgs),
    /// Build a plugin and run it over logs, without the bundled rules
    #[command(after_help = super::EXIT_CODES)]
    Run(Box<PluginRunArgs>),
    /// Print what a plugin is, what it asks for, and what it would select from logs. Its detector is not run
    #[command(after_help = "Exit codes: 0, or 2 when it cannot be loaded.")]
    Inspect(PluginInspectArgs),
    /// Measure a plugin: time, fuel and memory for each event, and how long it takes to load
    #[command(after_help = "Exit codes: 0, or 2 when it cannot be loaded or was stopped.")]
    Bench(PluginBenchArgs),
    /// Build, test and run a plugin again after every change of its source; ends with Ctrl-C
    Watch(PluginWatchArgs),
}

/// Arguments of `plugin new`.
#[derive(Debug, clap::Args)]
pub struct PluginNewArgs {
    /// Its name: lower-case words with dashes
    pub name: String,
    /// What it is written in
    #[arg(long, value_enum, default_value_t = Language::Rust)]
    pub lang: Language,
}

/// Arguments of `plugin build`.
#[derive(Debug, clap::Args)]
pub struct PluginBuildArgs {
    /// A folder with a plugin's source, or a core module
    #[arg(default_value = ".", value_name = "FOLDER | MODULE.wasm")]
    pub source: PathBuf,
    /// Where to write the component; by default dist/NAME.wasm in the folder. A module needs it
    #[arg(long, short, value_name = "FILE.wasm")]
    pub output: Option<PathBuf>,
}

/// Where a plugin comes from.
#[derive(Debug, clap::Args)]
pub struct SourceArgs {
    /// The folder with its source, which is built first
    #[arg(long, default_value = ".", value_name = "FOLDER")]
    pub project: PathBuf,
    /// Nothing is built: the plugin is this file
    #[arg(long, value_name = "FILE.wasm")]
    pub wasm: Option<PathBuf>,
}

/// Arguments of `plugin test`.
#[derive(Debug, clap::Args)]
pub struct PluginTestArgs {
    /// The plugin.
    #[command(flatten)]
    pub source: SourceArgs,
    /// Where the cases are; by default cases/ in the project's folder
    #[arg(long, value_name = "FOLDER")]
    pub cases: Option<PathBuf>,
    /// Only these cases
    #[arg(value_name = "CASE")]
    pub names: Vec<String>,
    /// Write what is found into each findings.json: read it before it is kept
    #[arg(long)]
    pub update: bool,
}

/// Arguments of `plugin run`.
#[derive(Debug, clap::Args)]
pub struct PluginRunArgs {
    /// The plugin.
    #[command(flatten)]
    pub source: SourceArgs,
    /// The rest is as for `scan`.
    #[command(flatten)]
    pub scan: ScanArgs,
}

/// Arguments of `plugin inspect`.
#[derive(Debug, clap::Args)]
pub struct PluginInspectArgs {
    /// The plugin
    #[arg(value_name = "FILE.wasm")]
    pub wasm: PathBuf,
    /// Logs: how many of their events it would see, in which groups; may be given several times
    #[arg(long, value_name = "PATH")]
    pub logs: Vec<PathBuf>,
    /// How to print on stdout
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

/// Arguments of `plugin bench`.
#[derive(Debug, clap::Args)]
pub struct PluginBenchArgs {
    /// The plugin
    #[arg(value_name = "FILE.wasm")]
    pub wasm: PathBuf,
    /// Logs whose events are judged, instead of generated ones; may be given several times
    #[arg(long, value_name = "PATH")]
    pub logs: Vec<PathBuf>,
    /// Measure so many times and report the quickest
    #[arg(long, default_value = "5", value_name = "N")]
    pub rounds: NonZeroU32,
    /// Options, limits and where compiled plugins are kept.
    #[command(flatten)]
    pub settings: PluginArgs,
    /// How to print on stdout
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

/// Arguments of `plugin watch`.
#[derive(Debug, clap::Args)]
pub struct PluginWatchArgs {
    /// The folder with its source
    #[arg(long, default_value = ".", value_name = "FOLDER")]
    pub project: PathBuf,
    /// Logs to run it over
    #[arg(value_name = "LOGS")]
    pub logs: Vec<PathBuf>,
}
