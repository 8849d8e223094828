//! Glue: the binary `trailglass`.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    host_cli::commands::run(host_cli::args::Args::parse()).into()
}
