//! Rules on stdout: which there are, what is wrong with them, how their cases came out.

use std::io::{self, Write};

use analyzer_core::detect::sigma::{Refused, Rule, Work};
use analyzer_core::predicate::Explanation;
use serde_json::{Value, json};

use super::escape::{escape, escape_json};
use super::{events, table};
use crate::args::Format;

/// A refused rule in one line.
pub fn refused(refused: &Refused) -> String {
    let Refused { file, line, rule, why } = refused;
    let rule = rule.as_ref().map_or(String::new(), |rule| format!(" ({rule})"));
    format!("{file}:{line}: {why}{rule}")
}

/// Prints the rules, one line each.
///
/// # Errors
/// When nothing can be written.
pub fn list(out: &mut impl Write, rules: &[Rule], format: Format) -> io::Result<()> {
    if format != Format::Human {
        return documents(out, rules.iter().map(to_json).collect(), format);
    }
    let head = ["Level", "Techniques", "Rule", "Name"].map(str::to_owned);
    let row = |rule: &Rule| {
        let meta = &rule.meta;
        let name = if meta.name.is_empty() { &meta.id } else { &meta.name };
        let level = if meta.is_muted { "ignored" } else { meta.severity.name() };
        [level.to_owned(), escape(&meta.techniques().join(" ")), escape(&meta.title), escape(name)]
    };
    let rows: Vec<_> = [head].into_iter().chain(rules.iter().map(row)).collect();
    table::lines(&rows, [false; 4]).try_for_each(|line| writeln!(out, "{line}"))
}

fn to_json(rule: &Rule) -> Value {
    let meta = &rule.meta;
    let what = match &rule.work {
        Work::Select(select) => json!({ "select": select.to_string() }),
        Work::Correlate(correlation) => json!({ "correlates": correlation.rules }),
    };
    json!({
        "file": meta.file, "line": meta.line, "id": meta.id, "name": meta.name, "title": meta.title,
        "level": meta.severity.name(), "status": meta.status, "ignored": meta.is_muted,
        "techniques": meta.techniques(), "tactics": meta.tactics(), "description": meta.description,
        "falsePositives": meta.false_positives, "work": what,
    })
}

/// Prints what was refused, one line each.
///
/// # Errors
/// When nothing can be written.
pub fn lint(out: &mut impl Write, all: &[Refused], format: Format) -> io::Result<()> {
    if format == Format::Human {
        return all.iter().try_for_each(|one| writeln!(out, "{}", escape(&refused(one))));
    }
    let one = |one: &Refused| json!({ "file": one.file, "line": one.line, "rule": one.rule, "why": one.why });
    documents(out, all.iter().map(one).collect(), format)
}

/// Of a rule's cases: their file, the rule, what failed on which lines, and how many there are.
pub type Tried = (String, String, Vec<(usize, String)>, usize);

/// Prints how cases came out, and which rules have none.
///
/// # Errors
/// When nothing can be written.
pub fn tried(out: &mut impl Write, all: &[Tried], without: &[&str], format: Format) -> io::Result<()> {
    if format != Format::Human {
        let failure = |(line, what): &(usize, String)| json!({ "line": line, "what": what });
        let one = |(file, rule, failed, number): &Tried| json!({ "file": file, "rule": rule, "cases": number, "failed": failed.iter().map(failure).collect::<Vec<_>>() });
        let none = without.iter().map(|rule| json!({ "rule": rule, "cases": 0 }));
        return documents(out, all.iter().map(one).chain(none).collect(), format);
    }
    for (file, rule, failed, _) in all {
        for (line, what) in failed {
            writeln!(out, "{}", escape(&format!("{file}:{line}: {what} ({rule})")))?;
        }
    }
    for rule in without {
        writeln!(out, "{}", escape(&format!("no cases: {rule}")))?;
    }
    let cases: usize = all.iter().map(|(.., number)| number).sum();
    let failed: usize = all.iter().map(|(.., failed, _)| failed.len()).sum();
    writeln!(out, "{cases} cases of {} rules, {failed} failed; {} rules without cases", all.len(), without.len())
}

/// Prints why each of these rules, by title, selects an event or does not.
///
/// # Errors
/// When nothing can be written.
pub fn explained(out: &mut impl Write, all: &[(&str, Explanation)], format: Format) -> io::Result<()> {
    if format != Format::Human {
        let one = |(rule, explanation): &(&str, Explanation)| {
            let mut document = events::explanation_json(explanation);
            document["rule"] = (*rule).into();
            document
        };
        return documents(out, all.iter().map(one).collect(), format);
    }
    for (rule, explanation) in all {
        writeln!(out, "{}", escape(rule))?;
        events::explain(out, explanation, format)?;
    }
    Ok(())
}

/// Prints documents, one on each line or as one list.
fn documents(out: &mut impl Write, all: Vec<Value>, format: Format) -> io::Result<()> {
    if format == Format::Jsonl {
        return all.iter().try_for_each(|one| writeln!(out, "{}", escape_json(&one.to_string())));
    }
    writeln!(out, "{}", escape_json(&format!("{:#}", Value::Array(all))))
}
