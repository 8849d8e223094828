//! Everything that is told on stderr: what could not be read, which plugin was stopped, and the closing account.

use std::fmt;
use std::io::{self, Write};
use std::ops::Range;
use std::time::Duration;

use analyzer_core::predicate::QueryProblem;
use analyzer_core::problem::{Note, SourceAccount, Totals};

use super::escape::{Escaped, escape};
use super::{counted, grouped};
use crate::scan::walk::WalkProblem;
use plugin_host::{LogLevel, LogLine, PluginFault};

/// How many rejections of one file are listed.
const REJECTIONS_SHOWN: usize = 5;

/// So many characters of a query are shown before, in and behind the part that is wrong.
const MARKED: usize = 60;

/// The process's stderr. That nobody can hear must not stop what is done, so writing never fails.
pub struct Stderr;

impl Write for Stderr {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let _ = io::stderr().write_all(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A path that leads nowhere.
pub fn walk_problem(out: &mut impl Write, problem: &WalkProblem) -> io::Result<()> {
    let path = problem.path.display().to_string();
    line(out, format_args!("cannot be read: {}: {}", Escaped(&problem.message), Escaped(&path)))
}

/// What is wrong with a file, if anything is.
pub fn account(out: &mut impl Write, account: &SourceAccount) -> io::Result<()> {
    let name = Escaped(&account.name);
    for fault in account.faults.iter().filter(|fault| !fault.is_quiet()) {
        line(out, format_args!("{}: {name}", Escaped(&fault.to_string())))?;
    }
    for rejection in account.rejections.iter().take(REJECTIONS_SHOWN) {
        line(out, format_args!("rejected: {rejection}: {name}"))?;
    }
    let rest = account.rejected.saturating_sub(REJECTIONS_SHOWN as u64);
    if rest > 0 {
        line(out, format_args!("rejected: {} more: {name}", counted(rest, "record", "records")))?;
    }
    Ok(())
}

/// What there is to know about the files although nothing is wrong: each note once, with how many files have it.
pub fn notes(out: &mut impl Write, accounts: &[&SourceAccount]) -> io::Result<()> {
    let mut notes: Vec<(Note, u64)> = Vec::new();
    for note in accounts.iter().flat_map(|account| &account.notes) {
        match notes.iter_mut().find_map(|(known, files)| known.absorb(note).then_some(files)) {
            Some(files) => *files += 1,
            None => notes.push((note.clone(), 1)),
        }
    }
    notes.iter().try_for_each(|(note, files)| writeln!(out, "note: {note} ({})", counted(*files, "file", "files")))
}

/// A plugin that was refused or stopped.
pub fn plugin_fault(out: &mut impl Write, fault: &PluginFault) -> io::Result<()> {
    line(out, format_args!("{}", Escaped(&fault.to_string())))?;
    match fault.hint() {
        Some(hint) => writeln!(out, "hint: {hint}"),
        None => Ok(()),
    }
}

/// What a plugin logged.
pub fn plugin_log(out: &mut impl Write, id: &str, log: &[LogLine], dropped: u64) -> io::Result<()> {
    for LogLine { level, message } in log {
        let level = match level {
            LogLevel::Debug => "debug",
            LogLevel::Info => "info",
            LogLevel::Warning => "warning",
            LogLevel::Error => "error",
        };
        writeln!(out, "{id}: {level}: {}", Escaped(message))?;
    }
    if dropped > 0 {
        writeln!(out, "{id}: {} dropped", counted(dropped, "more log line was", "more log lines were"))?;
    }
    Ok(())
}

/// Files that rightly hold no records.
#[derive(Debug, Clone, Copy)]
pub struct WithoutRecords {
    /// How many there are.
    pub files: u64,
    /// How many of them are digests, or signatures of query results.
    pub digests: u64,
}

/// The closing account.
pub fn totals(out: &mut impl Write, totals: &Totals, without: WithoutRecords, took: Duration) -> io::Result<()> {
    let Totals { sources, sources_with_problems, bytes_read, seen, kept, duplicate, rejected, .. } = *totals;
    writeln!(
        out,
        "{} read, {} in {:.1} s: {} with problems, {} without records{}.",
        counted(sources, "file", "files"),
        counted(bytes_read, "byte", "bytes"),
        took.as_secs_f64(),
        grouped(sources_with_problems),
        grouped(without.files),
        match without.digests {
            0 => String::new(),
            digests => format!(", of these {}", counted(digests, "digest or signature", "digests and signatures")),
        },
    )?;
    writeln!(
        out,
        "{} = {} + {} + {} rejected.",
        counted(seen, "record", "records"),
        counted(kept, "event", "events"),
        counted(duplicate, "duplicate", "duplicates"),
        grouped(rejected),
    )
}

/// What is wrong with a query, and where.
pub fn query_problem(out: &mut impl Write, what: &str, query: &str, problem: &QueryProblem) -> io::Result<()> {
    line(out, format_args!("{what}: {}", Escaped(&problem.message.to_string())))?;
    match marked(query, problem.span.clone()) {
        Some([line, marks]) => writeln!(out, "  {line}\n  {marks}"),
        None => Ok(()),
    }
}

/// The line of a query where something is wrong, as far as it is near, and the marks below it.
fn marked(query: &str, span: Range<usize>) -> Option<[String; 2]> {
    let (before, part, behind) = (query.get(..span.start)?, query.get(span.clone())?, query.get(span.end..)?);
    let before = before.rsplit('\n').next()?;
    let (part, behind) = match part.split_once('\n') {
        Some((part, _)) => (part, ""),
        None => (part, behind.split('\n').next()?),
    };
    let far = before.chars().count().saturating_sub(MARKED);
    let first: String =
        if far > 0 { "…".chars().chain(before.chars().skip(far)).collect() } else { before.to_owned() };
    let part: String = part.chars().take(MARKED).collect();
    let last: String = behind.chars().take(MARKED).collect();
    let more = if last.len() < behind.len() { "…" } else { "" };
    let line = format!("{first}{part}{last}{more}");
    // What is escaped would not stand above its marks.
    let is_plain = !query.is_empty() && line.chars().all(|c| !c.is_control()) && escape(&line) == line;
    let marks = format!("{}{}", " ".repeat(first.chars().count()), "^".repeat(part.chars().count().max(1)));
    is_plain.then_some([line, marks])
}

/// A message, with the name of the program as others have it.
pub fn line(out: &mut impl Write, message: fmt::Arguments<'_>) -> io::Result<()> {
    writeln!(out, "trailglass: {message}")
}

#[cfg(test)]
mod tests {
    use super::marked;

    #[test]
    fn the_wrong_part_is_marked() {
        let check = |query: &str, span, expected: Option<[&str; 2]>| {
            assert_eq!(marked(query, span), expected.map(|lines| lines.map(str::to_owned)), "{query}");
        };
        check("a ä? b", 2..5, Some(["a ä? b", "  ^^"]));
        check("a", 1..1, Some(["a", " ^"]));
        check("a\nbc d\ne", 3..4, Some(["bc d", " ^"]));
        check("a\nbc d\ne", 3..8, Some(["bc d", " ^^^"]));
        check("", 0..0, None);
        check("a\tb", 2..3, None);
        check("a\u{202e}b", 0..1, None);
        let (long, dots) = ("x".repeat(200), "x".repeat(60));
        let line = format!("…{dots}y{dots}…");
        check(&format!("{long}y{long}"), 200..201, Some([&line, &format!("{}^", " ".repeat(61))]));
    }
}
