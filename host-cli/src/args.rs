//! What was typed.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

const EXIT_CODES: &str = "\
Exit codes:
  0  nothing was found
  1  something was found
  2  something could not be done: wrong arguments, a path that does not exist, no CloudTrail file
     in any of the paths, a plugin that was refused or stopped, an account that could not be written.
     Findings of the rest are still printed.

Damaged data is no error: records before and after the damage count, and what is wrong with which
file is told on stderr.";

/// Analyse AWS CloudTrail logs where they are. Nothing is sent anywhere.
#[derive(Debug, Parser)]
#[command(name = "trailglass", version, arg_required_else_help = true)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the built-in detections and plugins, and print what they find
    #[command(after_help = EXIT_CODES)]
    Scan(ScanArgs),
    /// Print who did what: one line for each principal
    #[command(after_help = "Exit codes: 0, or 2 when no CloudTrail file could be read or a path does not exist.")]
    Summary(SummaryArgs),
    /// Print what was read, file by file: what each is, how its records add up, and what is wrong with it
    #[command(after_help = "Exit codes: 0, or 2 when no CloudTrail file could be read or a path does not exist.")]
    Account(AccountArgs),
}

/// Arguments of `scan`.
#[derive(Debug, clap::Args)]
pub struct ScanArgs {
    /// What to read, and how.
    #[command(flatten)]
    pub input: InputArgs,
    /// A detector plugin to run beside the built-in detections; may be given several times
    #[arg(long = "plugin", value_name = "FILE.wasm")]
    pub plugins: Vec<PathBuf>,
    /// Write the account of every file here too, as `trailglass account --format jsonl` prints it
    #[arg(long, value_name = "FILE")]
    pub account: Option<PathBuf>,
}

/// Arguments of `summary`.
#[derive(Debug, clap::Args)]
pub struct SummaryArgs {
    /// What to read, and how.
    #[command(flatten)]
    pub input: InputArgs,
}

/// Arguments of `account`.
#[derive(Debug, clap::Args)]
pub struct AccountArgs {
    /// What to read, and how.
    #[command(flatten)]
    pub input: InputArgs,
}

/// What all commands that read logs have in common.
#[derive(Debug, clap::Args)]
pub struct InputArgs {
    /// Log files, plain or packed, and folders, which are searched to the bottom. What a file is, is told by its
    /// content, whatever its name
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How to print on stdout
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// How many threads read; by default one for each processor
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
    /// No progress, no notes and no closing account on stderr; problems are still told
    #[arg(long, short)]
    pub quiet: bool,
}

/// How to print on stdout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Human,
    /// One JSON document
    Json,
    /// One JSON document on each line
    Jsonl,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_definition_is_sound() {
        super::Args::command().debug_assert();
    }
}
