//! What authors of plugins are told on stdout.

use std::io::{self, Write};
use std::time::Duration;

use plugin_host::{Grouping, settings};
use serde_json::{Value, json};

use super::escape::{Escaped, escape_json};
use super::{counted, grouped};
use crate::args::Format;
use crate::host::Plugin;
use crate::kit::bench::Measured;
use crate::kit::cases::Outcome;

/// What a plugin would select from logs.
#[derive(Debug, Clone, Copy)]
pub struct Selected {
    /// Events of the logs.
    pub read: u64,
    /// Those that it would see.
    pub events: u64,
    /// Groups of them.
    pub groups: u64,
    /// Events of the largest group.
    pub largest: u64,
}

/// How a case ended.
///
/// # Errors
/// When nothing can be written.
pub fn outcome(out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
    let findings = counted(outcome.findings as u64, "finding", "findings");
    let verdict = if outcome.wrong.is_empty() { "ok" } else { "FAILED" };
    writeln!(out, "{verdict:<6}  {}: {findings}", Escaped(&outcome.name))?;
    outcome.wrong.iter().try_for_each(|line| writeln!(out, "        {}", Escaped(line)))
}

/// What a plugin is.
///
/// # Errors
/// When nothing can be written.
pub fn inspected(
    out: &mut impl Write,
    plugin: &Plugin,
    bytes: u64,
    selected: Option<&Selected>,
    format: Format,
) -> io::Result<()> {
    match format {
        Format::Human => human(out, plugin, bytes, selected),
        Format::Json => writeln!(out, "{}", escape_json(&format!("{:#}", about(plugin, bytes, selected)))),
        Format::Jsonl => writeln!(out, "{}", escape_json(&about(plugin, bytes, selected).to_string())),
    }
}

fn human(out: &mut impl Write, plugin: &Plugin, bytes: u64, selected: Option<&Selected>) -> io::Result<()> {
    let manifest = plugin.manifest();
    let imports = &plugin.inspected().imports;
    let select = if manifest.select.is_empty() { "every event" } else { &manifest.select };
    let lists = |all: &[String]| if all.is_empty() { "–".to_owned() } else { all.join(", ") };
    let attack: Vec<String> = manifest.tactics.iter().chain(&manifest.techniques).cloned().collect();
    let lines = [
        ("name", manifest.name.clone()),
        ("id", manifest.id.clone()),
        ("version", manifest.version.clone()),
        ("file", format!("{} bytes", grouped(bytes))),
        ("sha-256", plugin.digest()),
        ("contract", plugin.inspected().contract.to_string()),
        ("imports", lists(imports)),
        ("severity", manifest.severity.name().to_owned()),
        ("att&ck", lists(&attack)),
        ("selects", select.to_owned()),
        ("fields", lists(&manifest.fields)),
        ("groups", groups_by(&manifest.grouping)),
    ];
    for (name, text) in lines {
        writeln!(out, "{name:<9}  {}", Escaped(&text))?;
    }
    manifest.description.lines().try_for_each(|line| writeln!(out, "\n{}", Escaped(line)))?;
    for (title, lines) in [("False positives", &manifest.false_positives), ("References", &manifest.references)] {
        if !lines.is_empty() {
            writeln!(out, "\n{title}:")?;
            lines.iter().try_for_each(|line| writeln!(out, "  {}", Escaped(line)))?;
        }
    }
    if !manifest.options.is_empty() {
        writeln!(out, "\nOptions:")?;
        for option in &manifest.options {
            let (kind, default) = (settings::kind(&option.default), settings::written(&option.default));
            writeln!(out, "  {}: {kind}, {}", Escaped(&option.name), Escaped(&default))?;
            writeln!(out, "      {}", Escaped(&option.description))?;
        }
    }
    let Some(selected) = selected else { return Ok(()) };
    let of = counted(selected.read, "event", "events");
    let groups = counted(selected.groups, "group", "groups");
    let largest = grouped(selected.largest);
    writeln!(out, "\nIt would see {} of {of}, in {groups} of at most {largest}.", grouped(selected.events))
}

fn groups_by(grouping: &Grouping) -> String {
    match grouping {
        Grouping::EachEvent => "each event alone".to_owned(),
        Grouping::ByFields(fields) => format!("by {}", fields.join(", ")),
        Grouping::AllEvents => "all events together".to_owned(),
    }
}

fn about(plugin: &Plugin, bytes: u64, selected: Option<&Selected>) -> Value {
    let manifest = plugin.manifest();
    let options: Vec<Value> = manifest
        .options
        .iter()
        .map(|option| {
            json!({
                "name": option.name,
                "takes": settings::kind(&option.default),
                "default": settings::written(&option.default),
                "description": option.description,
            })
        })
        .collect();
    json!({
        "id": manifest.id,
        "name": manifest.name,
        "version": manifest.version,
        "description": manifest.description,
        "severity": manifest.severity.name(),
        "tactics": manifest.tactics,
        "techniques": manifest.techniques,
        "falsePositives": manifest.false_positives,
        "references": manifest.references,
        "select": manifest.select,
        "fields": manifest.fields,
        "grouping": groups_by(&manifest.grouping),
        "options": options,
        "bytes": bytes,
        "sha256": plugin.digest(),
        "contract": plugin.inspected().contract.to_string(),
        "imports": plugin.inspected().imports,
        "selected": selected.map(|selected| json!({
            "read": selected.read,
            "events": selected.events,
            "groups": selected.groups,
            "largestGroup": selected.largest,
        })),
    })
}

/// What a plugin costs.
///
/// # Errors
/// When nothing can be written.
pub fn measured(out: &mut impl Write, measured: &Measured, format: Format) -> io::Result<()> {
    let round = &measured.round;
    let milliseconds = |took: Duration| took.as_secs_f64() * 1e3;
    let kept = measured.load_kept.map(milliseconds);
    match format {
        Format::Human => {
            let (events, findings) = (counted(round.events as u64, "event", "events"), round.findings as u64);
            writeln!(out, "{events}, {}", counted(findings, "finding", "findings"))?;
            writeln!(out, "{:>12.1} ns for each event", round.ns_per_event())?;
            writeln!(out, "{:>12.1} units of fuel for each event", round.fuel_per_event())?;
            writeln!(out, "{:>12} bytes of memory at most", grouped(round.memory_bytes))?;
            writeln!(out, "{:>12.3} ms for a call without events", milliseconds(measured.empty_call))?;
            writeln!(out, "{:>12.3} ms to load and compile", milliseconds(measured.load_compiled))?;
            kept.map_or(Ok(()), |kept| writeln!(out, "{kept:>12.3} ms to load what was compiled before"))
        }
        Format::Json | Format::Jsonl => {
            let figures = json!({
                "events": round.events,
                "findings": round.findings,
                "ns_per_event": round.ns_per_event(),
                "fuel_per_event": round.fuel_per_event(),
                "memory_bytes": round.memory_bytes,
                "empty_call_ms": milliseconds(measured.empty_call),
                "load_compiled_ms": milliseconds(measured.load_compiled),
                "load_kept_ms": kept,
            });
            writeln!(out, "{figures}")
        }
    }
}
