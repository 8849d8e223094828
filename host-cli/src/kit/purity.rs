//! Whether a plugin judges each group by itself, as the contract demands: a host may hand out groups in any order, on several
//! instances, and twice.

use analyzer_core::detect::{Finding, Picked, sort};
use plugin_host::batch;

use crate::host::Host;
use crate::scan::plugins::Loaded;

/// Judges the groups once more, each in a call of its own and the last first, and says where that gives other findings.
pub fn wrong(host: &Host, loaded: &Loaded, picked: &Picked, findings: &[Finding]) -> Option<String> {
    let Loaded { plugin, detector } = loaded;
    let grouped = picked.grouped(detector);
    let mut alone = Vec::new();
    for group in (0..grouped.len()).rev() {
        let one = group..group + 1;
        match host.detect(plugin, &batch::batch(detector, picked, &grouped, one.clone())) {
            Ok(answer) => alone.extend(batch::findings(detector, picked, &grouped, one, answer.findings)),
            Err(fault) => return Some(format!("with a group alone: {fault}")),
        }
    }
    let mut together = findings.to_vec();
    sort(&mut together);
    sort(&mut alone);
    let differing = together.iter().zip(&alone).find(|(a, b)| a != b);
    let differing = differing.map(|(finding, _)| finding).or_else(|| {
        let (shorter, longer) = if together.len() < alone.len() { (&together, &alone) } else { (&alone, &together) };
        longer.get(shorter.len())
    });
    differing.map(|finding| format!("not the same when groups are judged one at a time: {}", finding.why))
}
