//! What was read, file by file: on stdout, in a file, and as a part of other answers.

use std::io::{self, Write};

use analyzer_core::problem::{Fault, Rejection, SourceAccount, Totals};
use serde_json::{Value, json};

use super::escape::{Escaped, escape, escape_json};
use super::{counted, grouped, table};
use crate::args::Format;

/// Prints the accounts of all files and members, and how they add up.
///
/// # Errors
/// When nothing can be written.
pub fn print(out: &mut impl Write, accounts: &[&SourceAccount], format: Format) -> io::Result<()> {
    match format {
        Format::Human => human(out, accounts),
        Format::Jsonl => lines(out, accounts),
        Format::Json => {
            let document = json!({
                "sources": accounts.iter().map(|account| account_json(account)).collect::<Vec<_>>(),
                "totals": totals_json(accounts),
            });
            writeln!(out, "{}", escape_json(&format!("{document:#}")))
        }
    }
}

/// One JSON document on each line: the accounts, and at the end how they add up.
///
/// # Errors
/// When nothing can be written.
pub fn lines(out: &mut impl Write, accounts: &[&SourceAccount]) -> io::Result<()> {
    for account in accounts {
        writeln!(out, "{}", escape_json(&account_json(account).to_string()))?;
    }
    writeln!(out, "{}", escape_json(&json!({ "totals": totals_json(accounts) }).to_string()))
}

/// The totals of all sources, as they are printed.
pub fn totals_json(accounts: &[&SourceAccount]) -> Value {
    let totals = Totals::of(accounts.iter().copied());
    json!({
        "files": totals.sources,
        "bytes": totals.bytes_read,
        "bytesInflated": totals.bytes_inflated,
        "records": totals.seen,
        "events": totals.kept,
        "duplicates": totals.duplicate,
        "rejected": totals.rejected,
    })
}

/// All there is to say about a source.
pub fn account_json(account: &SourceAccount) -> Value {
    let rejection = |r: &Rejection| json!({ "offset": r.offset, "length": r.length, "reason": r.reason.to_string() });
    json!({
        "source": account.name,
        "member": account.member,
        "wrapping": words(&account.wrapping),
        "shapes": words(&account.shapes),
        "bytes": account.bytes_read,
        "bytesInflated": account.bytes_inflated,
        "records": account.seen,
        "events": account.kept,
        "duplicates": account.duplicate,
        "rejected": account.rejected,
        "untimed": account.untimed,
        "rejections": account.rejections.iter().map(rejection).collect::<Vec<_>>(),
        "faults": words(&account.faults),
        "notes": words(&account.notes),
    })
}

fn words<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

const HEAD: [&str; 7] = ["Records", "Events", "Duplicates", "Rejected", "Bytes", "What", "File"];

/// Numbers stand to the right.
const RIGHT: [bool; 7] = [true, true, true, true, true, false, false];

/// Below each file stands what there is to say about it; the last line adds everything up.
fn human(out: &mut impl Write, accounts: &[&SourceAccount]) -> io::Result<()> {
    if accounts.is_empty() {
        return Ok(());
    }
    let mut rows = vec![HEAD.map(str::to_owned)];
    rows.extend(accounts.iter().map(|account| row(account)));
    rows.push(sum(&Totals::of(accounts.iter().copied())));
    let mut lines = table::lines(&rows, RIGHT);
    for line in lines.by_ref().take(1) {
        writeln!(out, "{line}")?;
    }
    for (account, line) in accounts.iter().zip(lines.by_ref()) {
        writeln!(out, "{line}")?;
        remarks(account).iter().try_for_each(|remark| writeln!(out, "    {}", Escaped(remark)))?;
    }
    lines.try_for_each(|line| writeln!(out, "{line}"))
}

fn row(account: &SourceAccount) -> [String; 7] {
    let what = account.what().map_or_else(|| "–".to_owned(), |what| what.to_string());
    let indent = if account.member > 0 { "  " } else { "" };
    [
        grouped(account.seen),
        grouped(account.kept),
        grouped(account.duplicate),
        grouped(account.rejected),
        grouped(account.bytes_read),
        what,
        format!("{indent}{}", escape(&account.name)),
    ]
}

fn sum(totals: &Totals) -> [String; 7] {
    let files = counted(totals.sources, "file", "files");
    [
        grouped(totals.seen),
        grouped(totals.kept),
        grouped(totals.duplicate),
        grouped(totals.rejected),
        grouped(totals.bytes_read),
        "total".to_owned(),
        format!("{files}, {} with problems", grouped(totals.sources_with_problems)),
    ]
}

fn remarks(account: &SourceAccount) -> Vec<String> {
    let fault = |fault: &Fault| format!("{}: {fault}", if fault.is_quiet() { "note" } else { "problem" });
    let mut remarks: Vec<String> = account.faults.iter().map(fault).collect();
    remarks.extend(account.rejections.iter().map(|rejection| format!("rejected: {rejection}")));
    let unlisted = account.rejected.saturating_sub(account.rejections.len() as u64);
    if unlisted > 0 {
        remarks.push(format!("rejected: {} more", counted(unlisted, "record", "records")));
    }
    if account.untimed > 0 {
        remarks.push(format!("note: events without a readable time: {}", grouped(account.untimed)));
    }
    remarks.extend(account.notes.iter().map(|note| format!("note: {note}")));
    remarks
}
