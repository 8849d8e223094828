//! Who did what, on stdout.

use std::collections::BTreeMap;
use std::io::{self, Write};

use analyzer_core::event::format_time;
use analyzer_core::problem::SourceAccount;
use analyzer_core::view::summary::{Deeds, Summary, Who};
use serde_json::{Value, json};

use super::account::{account_json, totals_json};
use super::escape::{escape, escape_json};
use super::{grouped, table};
use crate::args::Format;

/// How many source addresses of a principal the table names.
const ADDRESSES: usize = 3;

/// Prints a summary, most calls first.
///
/// # Errors
/// When nothing can be written.
pub fn print(out: &mut impl Write, summary: &Summary, accounts: &[&SourceAccount], format: Format) -> io::Result<()> {
    let mut principals: Vec<(&Who, &Deeds)> = summary.principals.iter().collect();
    principals.sort_by(|(a_who, a), (b_who, b)| b.calls.cmp(&a.calls).then_with(|| a_who.cmp(b_who)));
    match format {
        Format::Human => people(out, &principals),
        Format::Jsonl => principals
            .iter()
            .try_for_each(|(who, deeds)| writeln!(out, "{}", escape_json(&to_json(who, deeds).to_string()))),
        Format::Json => {
            let troubled = accounts.iter().filter(|account| !account.is_clean());
            let document = json!({
                "principals": principals.iter().map(|(who, deeds)| to_json(who, deeds)).collect::<Vec<_>>(),
                "totals": totals_json(accounts),
                "problems": troubled.map(|account| account_json(account)).collect::<Vec<_>>(),
            });
            writeln!(out, "{}", escape_json(&format!("{document:#}")))
        }
    }
}

fn to_json(who: &Who, deeds: &Deeds) -> Value {
    json!({
        "principal": who.label,
        "account": who.account,
        "type": who.kind,
        "calls": deeds.calls,
        "errors": deeds.errors,
        "first": deeds.first_ms.map(format_time),
        "last": deeds.last_ms.map(format_time),
        "services": counts_json(&deeds.services),
        "regions": counts_json(&deeds.regions),
        "addresses": counts_json(&deeds.addresses),
    })
}

/// Most first.
fn counts_json(counts: &BTreeMap<String, u64>) -> Value {
    let pair = |(value, count): (&str, u64)| json!({ "value": value, "count": count });
    ranked(counts).into_iter().map(pair).collect()
}

fn ranked(counts: &BTreeMap<String, u64>) -> Vec<(&str, u64)> {
    let mut ranked: Vec<(&str, u64)> = counts.iter().map(|(value, &count)| (value.as_str(), count)).collect();
    ranked.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    ranked
}

const HEAD: [&str; 9] =
    ["Principal", "Type", "Account", "Calls", "Errors", "Services", "First (UTC)", "Last (UTC)", "Addresses"];

/// Numbers stand to the right.
const RIGHT: [bool; 9] = [false, false, false, true, true, true, false, false, false];

fn people(out: &mut impl Write, principals: &[(&Who, &Deeds)]) -> io::Result<()> {
    if principals.is_empty() {
        return Ok(());
    }
    let mut rows: Vec<[String; 9]> = vec![HEAD.map(str::to_owned)];
    rows.extend(principals.iter().map(|(who, deeds)| row(who, deeds)));
    table::lines(&rows, RIGHT).try_for_each(|line| writeln!(out, "{line}"))
}

fn row(who: &Who, deeds: &Deeds) -> [String; 9] {
    let time = |ms: Option<i64>| ms.map_or("–".to_owned(), format_time);
    [
        escape(&who.label),
        or_dash(&who.kind),
        or_dash(&who.account),
        grouped(deeds.calls),
        grouped(deeds.errors),
        grouped(deeds.services.len() as u64),
        time(deeds.first_ms),
        time(deeds.last_ms),
        addresses(&deeds.addresses),
    ]
}

fn addresses(counts: &BTreeMap<String, u64>) -> String {
    let ranked = ranked(counts);
    let named: Vec<String> = ranked.iter().take(ADDRESSES).map(|(address, _)| escape(address)).collect();
    match ranked.len().saturating_sub(ADDRESSES) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

fn or_dash(text: &str) -> String {
    if text.is_empty() { "–".to_owned() } else { escape(text) }
}
