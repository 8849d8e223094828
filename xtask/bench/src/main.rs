//! `cargo xtask bench`: what reading takes, beside other ways to do the same work in the same run. A program of its
//! own, compiled as users run the core, so that xtask itself stays small.

mod browser;
mod clock;
mod command;
mod duckdb;
mod files;
mod inflate;
mod ingest;
mod memory;
mod parse;
mod report;
mod run;
mod threads;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Measure reading, natively and in a browser
#[derive(Parser)]
#[command(name = "cargo xtask bench")]
struct Args {
    #[command(subcommand)]
    benchmark: Benchmark,
}

#[derive(Subcommand)]
enum Benchmark {
    /// Reading .json.gz files into columns, beside what else could be done with the same files
    Ingest(run::Options),
}

fn main() -> ExitCode {
    match Args::parse().benchmark {
        Benchmark::Ingest(options) => match run::ingest(&options) {
            Ok(report) => {
                println!("{report}");
                ExitCode::SUCCESS
            }
            Err(problem) => {
                eprintln!("error: {problem}");
                ExitCode::from(2)
            }
        },
    }
}
