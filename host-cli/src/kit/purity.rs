//! Whether a plugin judges each group by itself, as the contract demands: a host may hand out groups in any order, on several
//! instances, and twice.

use analyzer_core::detect::{Finding, Group, sort};
use plugin_host::batch;

use crate::host::Host;
use crate::scan::plugins::Loaded;

/// Judges the groups once more, each in a call of its own and the last first, and says where that gives other findings.
pub fn wrong(host: &Host, loaded: &Loaded, groups: &[Group], findings: &[Finding]) -> Option<String> {
    let mut alone = Vec::new();
    for group in groups.iter().rev() {
        let one = std::slice::from_ref(group);
        match host.detect(&loaded.plugin, batch::batch(&loaded.detector, one)) {
            Ok(answer) => alone.extend(batch::findings(&loaded.detector, one, answer.findings)),
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
