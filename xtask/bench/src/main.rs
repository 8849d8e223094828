//! `cargo xtask bench`: what reading and asking take, beside other ways to do the same work in the same run. A program of its
//! own, compiled as users run the core, so that xtask itself stays small.

mod app;
mod browser;
mod clock;
mod command;
mod detect;
mod duckdb;
mod files;
mod inflate;
mod ingest;
mod memory;
mod parse;
mod plugin;
mod query;
mod report;
mod run;
mod threads;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Measure reading and asking
#[derive(Parser)]
#[command(name = "cargo xtask bench")]
struct Args {
    #[command(subcommand)]
    benchmark: Benchmark,
}

#[derive(Subcommand)]
enum Benchmark {
    /// The page: how soon it is there, what it transfers, and whether it stays quick
    App(app::Options),
    /// Reading .json.gz files into columns, beside what else could be done with the same files
    Ingest(run::Options),
    /// What rules cost, beside reading alone and beside RSigma's libraries
    Detect(detect::Options),
    /// What a plugin costs, natively and in a browser
    Plugin(plugin::Options),
    /// Answering questions about events that are there, at a tenth, a fifth, half and all of them
    Query(query::Options),
}

fn main() -> ExitCode {
    let done = match Args::parse().benchmark {
        Benchmark::App(options) => app::app(&options),
        Benchmark::Ingest(options) => run::ingest(&options),
        Benchmark::Detect(options) => detect::detect(&options),
        Benchmark::Plugin(options) => plugin::plugin(&options),
        Benchmark::Query(options) => query::query(&options),
    };
    match done {
        Ok(report) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::from(2)
        }
    }
}
