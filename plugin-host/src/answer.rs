//! Whether findings keep to the contract and to the limits.

use crate::fault::{Cause, Limit};
use crate::limits::Limits;
use crate::terms::PluginFinding;

/// Checks what `detect` returned for a batch with these [`rows`](crate::Batch::rows) and
/// [`group_starts`](crate::Batch::group_starts).
///
/// # Errors
/// The limit that was passed, or what breaks the contract.
pub fn check(findings: &[PluginFinding], rows: &[u32], group_starts: &[u32], limits: &Limits) -> Result<(), Cause> {
    if findings.len() as u64 > limits.findings {
        return Err(Cause::Limit { limit: Limit::Findings, allowed: limits.findings });
    }
    if findings.is_empty() {
        return Ok(());
    }
    let mut named = vec![0; rows.len()];
    for (number, finding) in (1..).zip(findings) {
        let text = finding.why.len() + finding.title.as_ref().map_or(0, String::len);
        if text as u64 > limits.finding_text_bytes {
            return Err(Cause::Limit { limit: Limit::FindingText, allowed: limits.finding_text_bytes });
        }
        if finding.why.is_empty() {
            return Err(bad("a finding does not say why"));
        }
        distinct_of_one_group(&finding.rows, rows, group_starts, (number, &mut named))?;
    }
    Ok(())
}

/// `named` has for each place of the batch the number of the last finding that named it.
fn distinct_of_one_group(
    of_finding: &[u32],
    rows: &[u32],
    group_starts: &[u32],
    (number, named): (u32, &mut [u32]),
) -> Result<(), Cause> {
    let mut group = None;
    for row in of_finding {
        let Ok(place) = rows.binary_search(row) else {
            return Err(bad("a finding names an event that is not in the batch"));
        };
        let its = group_starts.partition_point(|&start| start as usize <= place);
        if *group.get_or_insert(its) != its {
            return Err(bad("a finding names events of two groups"));
        }
        if std::mem::replace(&mut named[place], number) == number {
            return Err(bad("a finding names an event twice"));
        }
    }
    if group.is_none() { Err(bad("a finding names no events")) } else { Ok(()) }
}

fn bad(what: &str) -> Cause {
    Cause::BadAnswer(what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Groups: rows 5 and 7, row 9.
    const ROWS: [u32; 3] = [5, 7, 9];
    const STARTS: [u32; 2] = [0, 2];

    fn check_one(rows: &[u32], why: &str, expected: &str) {
        let finding = PluginFinding { rows: rows.to_vec(), why: why.to_owned(), title: None, severity: None };
        let found = check(&[finding], &ROWS, &STARTS, &Limits::default());
        let found = found.err().map(|cause| cause.to_string()).unwrap_or_default();
        assert!(found.contains(expected) && found.is_empty() == expected.is_empty(), "{found:?}, not {expected:?}");
    }

    #[test]
    fn what_a_finding_must_be() {
        check_one(&[5, 7], "why", "");
        check_one(&[9], "why", "");
        check_one(&[], "why", "names no events");
        check_one(&[0], "why", "not in the batch");
        check_one(&[7, 9], "why", "of two groups");
        check_one(&[7, 7], "why", "an event twice");
        check_one(&[7], "", "does not say why");
        check_one(&[7], &"x".repeat(8 << 10), "");
        check_one(&[7], &"x".repeat((8 << 10) + 1), "limit of 8,192 bytes of text");
    }
}
