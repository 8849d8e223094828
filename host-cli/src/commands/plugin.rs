//! `trailglass plugin`.

use std::fs;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use analyzer_core::detect::Picked;
use analyzer_core::predicate::Predicate;
use plugin_host::PluginFault;

use super::{Exit, scan, watch};
use crate::args::{
    PluginArgs, PluginBenchArgs, PluginBuildArgs, PluginCommand, PluginInspectArgs, PluginNewArgs, PluginRunArgs,
    PluginTestArgs, SourceArgs,
};
use crate::host::Host;
use crate::kit::bench::{self, Hosts};
use crate::kit::cases::{self, Expected};
use crate::kit::project::Project;
use crate::kit::{build, template};
use crate::output::escape::Escaped;
use crate::output::plugin::{self as printed, Selected};
use crate::output::progress::Bar;
use crate::output::{counted, report};
use crate::scan::plugins::{self, Loaded, load_one};
use crate::scan::shards;
use crate::scan::walk::walk;
use crate::scan::wishes::{Wishes, wishes};

pub(super) fn run(command: &PluginCommand, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    match command {
        PluginCommand::New(args) => new(args, out, err),
        PluginCommand::Build(args) => build_it(args, out, err),
        PluginCommand::Test(args) => test(args, out, err),
        PluginCommand::Run(args) => run_it(args, out, err),
        PluginCommand::Inspect(args) => inspect(args, out, err),
        PluginCommand::Bench(args) => measure(args, out, err),
        PluginCommand::Watch(args) => watch::run(args, out, err),
    }
}

fn new(args: &PluginNewArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    match template::create(Path::new("."), &args.name, args.lang) {
        Ok(folder) => {
            writeln!(out, "{}", Escaped(&folder.display().to_string()))?;
            writeln!(err, "hint: cd {} && trailglass plugin test", Escaped(&args.name))?;
            Ok(Exit::Clean)
        }
        Err(why) => failed(&why, err),
    }
}

fn build_it(args: &PluginBuildArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let built = if args.source.is_file() { wrap(args) } else { build_project(args) };
    match built {
        Ok(path) => {
            writeln!(out, "{}", Escaped(&path.display().to_string()))?;
            Ok(Exit::Clean)
        }
        Err(why) => failed(&why, err),
    }
}

/// A component of a core module.
fn wrap(args: &PluginBuildArgs) -> Result<PathBuf, String> {
    let Some(output) = &args.output else { return Err("a module needs --output FILE.wasm".to_owned()) };
    let bytes = fs::read(&args.source).map_err(|error| format!("{error}: {}", args.source.display()))?;
    build::write(output, &build::component(&bytes)?)?;
    Ok(output.clone())
}

fn build_project(args: &PluginBuildArgs) -> Result<PathBuf, String> {
    let built = build::build(&Project::open(&args.source)?)?;
    let Some(output) = &args.output else { return Ok(built) };
    fs::copy(&built, output).map_err(|error| format!("{error}: {}", output.display()))?;
    Ok(output.clone())
}

/// The file of a plugin, built first if it is a project.
fn file(source: &SourceArgs) -> Result<PathBuf, String> {
    match &source.wasm {
        Some(file) => Ok(file.clone()),
        None => build::build(&Project::open(&source.project)?),
    }
}

fn test(args: &PluginTestArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let wasm = match file(&args.source) {
        Ok(wasm) => wasm,
        Err(why) => return failed(&why, err),
    };
    let folder = args.cases.clone().unwrap_or_else(|| args.source.project.join("cases"));
    try_cases(&wasm, &folder, args, out, err)
}

fn try_cases(
    wasm: &Path,
    folder: &Path,
    args: &PluginTestArgs,
    out: &mut impl Write,
    err: &mut impl Write,
) -> io::Result<Exit> {
    let (host, mut loaded) = match load(&Wishes::plain(wasm), &PluginArgs::default()) {
        Ok(ready) => ready,
        Err(fault) => return stopped(&fault, err),
    };
    let mut folders = match cases::folders(folder) {
        Ok(folders) => folders,
        Err(error) => return failed(&format!("the cases cannot be read: {error}: {}", folder.display()), err),
    };
    folders.retain(|case| args.names.is_empty() || args.names.iter().any(|name| case.ends_with(name)));
    if folders.is_empty() {
        return failed(&format!("there is no such case: {}", folder.display()), err);
    }
    let expected = if args.update { Expected::Update } else { Expected::Compare };
    let mut failed = 0;
    for case in &folders {
        let outcome = cases::run(&host, &mut loaded, case, expected);
        failed += usize::from(!outcome.wrong.is_empty());
        printed::outcome(out, &outcome)?;
    }
    let held = counted((folders.len() - failed) as u64, "case holds", "cases hold");
    writeln!(err, "{held}, {failed} failed.")?;
    Ok(if failed == 0 { Exit::Clean } else { Exit::Findings })
}

fn run_it(args: &PluginRunArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    match file(&args.source) {
        Ok(wasm) => {
            let mut scan = args.scan.clone();
            scan.rules.no_bundled = true;
            scan.plugins.plugins.push(wasm);
            scan::run(&scan, out, err)
        }
        Err(why) => failed(&why, err),
    }
}

fn inspect(args: &PluginInspectArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let (_, loaded) = match load(&Wishes::plain(&args.wasm), &PluginArgs::default()) {
        Ok(ready) => ready,
        Err(fault) => return stopped(&fault, err),
    };
    let bytes = fs::metadata(&args.wasm).map_or(0, |about| about.len());
    let selected = (!args.logs.is_empty()).then(|| {
        let (read, picked) = picked(&loaded, &args.logs);
        let grouped = picked.grouped(&loaded.detector);
        let sizes = (0..grouped.len()).map(|group| grouped.events(group).len() as u64);
        Selected { read, events: picked.len() as u64, groups: grouped.len() as u64, largest: sizes.max().unwrap_or(0) }
    });
    printed::inspected(out, &loaded.plugin, bytes, selected.as_ref(), args.format)?;
    Ok(Exit::Clean)
}

fn measure(args: &PluginBenchArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let arguments = PluginArgs { plugins: vec![args.wasm.clone()], ..args.settings.clone() };
    let (all, wrong) = wishes(&arguments);
    if let Some(why) = wrong.first() {
        return failed(why, err);
    }
    let wish = all.last().cloned().unwrap_or_else(|| Wishes::plain(&args.wasm));
    let (compiling, loaded) = match load(&wish, &PluginArgs { no_plugin_cache: true, ..arguments.clone() }) {
        Ok(ready) => ready,
        Err(fault) => return stopped(&fault, err),
    };
    let picked = match args.logs.as_slice() {
        [] => bench::generated(&loaded.detector, 10),
        logs => picked(&loaded, logs).1,
    };
    if picked.is_empty() {
        return failed("the plugin selects no event of these logs", err);
    }
    let keeping = plugins::cache(&arguments).and_then(|cache| Host::new(Some(cache)).ok());
    let bytes = fs::read(&args.wasm).unwrap_or_default();
    let hosts = Hosts { compiling: &compiling, keeping: keeping.as_ref() };
    match bench::measure(hosts, &loaded, &bytes, &picked, args.rounds.get()) {
        Ok(measured) => printed::measured(out, &measured, args.format).map(|()| Exit::Clean),
        Err(fault) => stopped(&fault, err),
    }
}

fn load(wish: &Wishes, args: &PluginArgs) -> Result<(Host, Loaded), PluginFault> {
    let host = plugins::host(args).map_err(|why| plugins::no_host(&wish.path, &why))?;
    let loaded = load_one(&host, wish, &|_| false)?;
    Ok((host, loaded))
}

/// How many events logs have, and those that a plugin selects.
fn picked(loaded: &Loaded, logs: &[PathBuf]) -> (u64, Picked) {
    let files = walk(logs).files;
    let detectors = [loaded.detector.clone()];
    let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let sessions = shards::ingest(&files, &detectors, &Predicate::Everything, threads, &Bar::hidden(&files));
    let read = sessions.iter().map(|session| session.totals().kept).sum();
    (read, shards::picked(&sessions, 0))
}

fn failed(why: &str, err: &mut impl Write) -> io::Result<Exit> {
    for line in why.lines() {
        writeln!(err, "{}", Escaped(line))?;
    }
    Ok(Exit::Error)
}

fn stopped(fault: &PluginFault, err: &mut impl Write) -> io::Result<Exit> {
    report::plugin_fault(err, fault)?;
    Ok(Exit::Error)
}
