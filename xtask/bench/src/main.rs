//! `cargo xtask bench`: what the core takes, beside what cannot be avoided. A program of its own,
//! compiled as users run the core, so that xtask itself stays small.

mod clock;
mod ingest;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Measure the core
#[derive(Parser)]
#[command(name = "cargo xtask bench")]
struct Args {
    #[command(subcommand)]
    benchmark: Benchmark,
}

#[derive(Subcommand)]
enum Benchmark {
    /// Reading .json.gz files into columns, beside inflating them alone; one thread
    Ingest(ingest::Options),
}

fn main() -> ExitCode {
    match Args::parse().benchmark {
        Benchmark::Ingest(options) => match ingest::run(&options) {
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
