//! Findings on stdout.

use std::io::{self, Write};

use analyzer_core::detect::{Finding, SEVERITIES};
use analyzer_core::event::format_time;
use analyzer_core::export::finding_json;
use analyzer_core::problem::SourceAccount;
use serde_json::{Value, json};

use super::account::{account_json, totals_json};
use super::counted;
use super::escape::{Escaped, escape_json};
use crate::args::Format;
use plugin_host::PluginFault;

/// All that a scan has to say.
pub struct Scan<'a> {
    /// In the core's order.
    pub findings: &'a [Finding],
    /// All sources, by ordinal.
    pub accounts: &'a [&'a SourceAccount],
    /// Plugins that were refused or stopped.
    pub faults: &'a [PluginFault],
}

/// Prints the findings of a scan.
///
/// # Errors
/// When nothing can be written.
pub fn print(out: &mut impl Write, scan: &Scan<'_>, format: Format) -> io::Result<()> {
    let source = |ordinal, member| source_name(scan.accounts, (ordinal, member));
    match format {
        Format::Human => scan.findings.iter().try_for_each(|finding| human(out, finding)),
        Format::Jsonl => scan
            .findings
            .iter()
            .try_for_each(|finding| writeln!(out, "{}", escape_json(&finding_json(finding, &source).to_string()))),
        Format::Json => {
            let findings: Vec<Value> = scan.findings.iter().map(|finding| finding_json(finding, &source)).collect();
            let sources = scan.accounts.iter().filter(|account| !account.is_clean());
            let document = json!({
                "findings": findings,
                "totals": totals_json(scan.accounts),
                "problems": sources.map(|account| account_json(account)).collect::<Vec<_>>(),
                "pluginFaults": scan.faults.iter().map(fault_json).collect::<Vec<_>>(),
            });
            writeln!(out, "{}", escape_json(&format!("{document:#}")))
        }
    }
}

/// `3 findings: 1 high, 2 medium.`
pub fn tally(findings: &[Finding]) -> String {
    let of = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let parts: Vec<String> = SEVERITIES
        .iter()
        .rev()
        .map(|&severity| (of(severity), severity))
        .filter(|&(count, _)| count > 0)
        .map(|(count, severity)| format!("{count} {severity}"))
        .collect();
    let count = counted(findings.len() as u64, "finding", "findings");
    if parts.is_empty() { format!("{count}.") } else { format!("{count}: {}.", parts.join(", ")) }
}

fn fault_json(fault: &PluginFault) -> Value {
    json!({ "plugin": fault.plugin, "stage": fault.stage.to_string(), "cause": fault.cause.to_string() })
}

fn source_name(accounts: &[&SourceAccount], place: (u32, u32)) -> String {
    let at = accounts.binary_search_by_key(&place, |account| (account.ordinal, account.member));
    at.map(|at| accounts[at].name.clone()).unwrap_or_default()
}

fn human(out: &mut impl Write, finding: &Finding) -> io::Result<()> {
    writeln!(out, "{:<13}  {}", finding.severity.name().to_uppercase(), Escaped(&finding.title))?;
    writeln!(out, "    {}", Escaped(&finding.why))?;
    let events = counted(finding.count, "event", "events");
    let (first, last) = (format_time(finding.first_ms), format_time(finding.last_ms));
    match first == last {
        true => writeln!(out, "    {events}, {first}")?,
        false => writeln!(out, "    {events}, {first} – {last}")?,
    }
    for (name, value) in &finding.group {
        writeln!(out, "    {}: {}", Escaped(name), Escaped(value.as_deref().unwrap_or("–")))?;
    }
    let attack: Vec<&str> = finding.tactics.iter().chain(&finding.techniques).map(String::as_str).collect();
    if !attack.is_empty() {
        writeln!(out, "    ATT&CK: {}", Escaped(&attack.join(", ")))?;
    }
    if let Some(event) = finding.events.first() {
        writeln!(out, "    first event: {}", Escaped(&event.event_id))?;
    }
    // Sigma rules have no version.
    let version = [" ", finding.detector_version.as_str()].concat();
    let version = version.trim_end();
    writeln!(out, "    {}{}, finding {}", Escaped(&finding.detector), Escaped(version), finding.id)?;
    writeln!(out)
}
