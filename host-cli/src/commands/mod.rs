//! What each command does, and its exit code.

mod account;
mod around;
mod beside;
mod cis;
mod events;
mod export;
mod fields;
mod filters;
mod pivot;
mod plugin;
mod query;
mod rules;
mod scan;
mod summary;
mod timeline;
mod top;
mod watch;

use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::time::Instant;

use analyzer_core::detect::Detector;
use analyzer_core::predicate::Predicate;
use analyzer_core::problem::{Fault, NotCloudTrail, SourceAccount, Totals};
use analyzer_core::session::Session;

use crate::args::{Args, Command, InputArgs};
use crate::output::progress::Bar;
use crate::output::report;
use crate::scan::shards;
use crate::scan::walk::{Walk, walk};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, and nothing was found.
    Clean,
    /// Done, and something was found.
    Findings,
    /// Something that was asked for could not be done.
    Error,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Error => 2,
        })
    }
}

/// Runs a command on the process's own stdout and stderr.
pub fn run(args: Args) -> Exit {
    let (mut out, mut err) = (io::BufWriter::new(io::stdout().lock()), report::Stderr);
    let done = match args.command {
        Command::Scan(args) => scan::run(&args, &mut out, &mut err),
        Command::Summary(args) => summary::run(&args, &mut out, &mut err),
        Command::Search(args) => events::run(&args, &mut out, &mut err),
        Command::Export(args) => export::run(&args, &mut out, &mut err),
        Command::Top(args) => top::run(&args, &mut out, &mut err),
        Command::Timeline(args) => timeline::run(&args, &mut out, &mut err),
        Command::Pivot(args) => pivot::run(&args, &mut out, &mut err),
        Command::Plugin(command) => plugin::run(&command, &mut out, &mut err),
        Command::Rules(command) => rules::run(&command, &mut out, &mut err),
        Command::Around(args) => around::run(&args, &mut out, &mut err),
        Command::Cis(args) => cis::run(&args, &mut out, &mut err),
        Command::Fields => fields::run(&mut out),
        Command::Account(args) => account::run(&args, &mut out, &mut err),
    };
    match done.and_then(|exit| out.flush().map(|()| exit)) {
        Ok(exit) => exit,
        // Whoever read the output has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Clean,
        Err(error) => {
            let _ = report::line(&mut err, format_args!("the output cannot be written: {error}"));
            Exit::Error
        }
    }
}

/// What was read.
struct Input {
    sessions: Vec<Session>,
    walk: Walk,
    started: Instant,
}

/// Reads all that was asked for, and tells which paths lead nowhere.
fn read(args: &InputArgs, detectors: &[Detector], err: &mut impl Write) -> io::Result<Input> {
    read_for(args, detectors, &Predicate::Everything, err)
}

/// The same for a query, which meets every record while it is at hand.
fn read_for(args: &InputArgs, detectors: &[Detector], query: &Predicate, err: &mut impl Write) -> io::Result<Input> {
    let started = Instant::now();
    let walk = walk(&args.paths);
    let bar = if args.quiet { Bar::hidden(&walk.files) } else { Bar::on_terminal(&walk.files) };
    let sessions = shards::ingest(&walk.files, detectors, query, threads(args), &bar);
    bar.clear();
    for problem in &walk.problems {
        report::walk_problem(err, problem)?;
    }
    Ok(Input { sessions, walk, started })
}

/// Tells what is wrong with which file, and what else there is to know.
fn tell(args: &InputArgs, accounts: &[&SourceAccount], err: &mut impl Write) -> io::Result<()> {
    for account in accounts {
        report::account(err, account)?;
    }
    if args.quiet {
        return Ok(());
    }
    report::notes(err, accounts)
}

/// Whether all of it could be done: every path exists, and at least one file is CloudTrail.
fn judge(input: &Input, accounts: &[&SourceAccount], err: &mut impl Write) -> io::Result<Exit> {
    // Of other JSON, objects are counted before it is known that none of them is an event.
    let is_empty = |fault: &Fault| matches!(fault, Fault::NotCloudTrail(NotCloudTrail::NoRecords));
    let is_other = |fault: &Fault| matches!(fault, Fault::NotCloudTrail(_)) && !is_empty(fault);
    let is_log = |account: &&SourceAccount| {
        let has_events = account.kept + account.duplicate > 0;
        let may_have_had = account.seen > 0 || account.faults.iter().any(is_empty);
        has_events || may_have_had && !account.faults.iter().any(is_other)
    };
    if !accounts.iter().any(is_log) {
        let what = if input.walk.files.is_empty() { "there is no file" } else { "no file is a CloudTrail log" };
        report::line(err, format_args!("{what} in any of the paths"))?;
        writeln!(err, "hint: give logs as CloudTrail writes them or a query answers them, or a folder that has some")?;
        return Ok(Exit::Error);
    }
    Ok(if input.walk.problems.is_empty() { Exit::Clean } else { Exit::Error })
}

/// The closing account, and whether it adds up.
fn close(args: &InputArgs, input: &Input, accounts: &[&SourceAccount], err: &mut impl Write) -> io::Result<()> {
    for account in accounts.iter().filter(|account| !account.reconciles()) {
        report::line(err, format_args!("the account does not add up; please report this: {:?}", account.name))?;
    }
    if args.quiet {
        return Ok(());
    }
    let without_records = report::WithoutRecords {
        files: accounts.iter().filter(|account| account.is_quiet()).count() as u64,
        digests: input.sessions.iter().map(|session| session.digests().len() as u64).sum(),
    };
    report::totals(err, &Totals::of(accounts.iter().copied()), without_records, input.started.elapsed())
}

fn threads(args: &InputArgs) -> NonZeroUsize {
    let processors = || std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    args.threads.unwrap_or_else(processors)
}
