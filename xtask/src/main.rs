//! The habits of the project: `cargo xtask setup|build|serve|test|fuzz|trail|bench`.
//!
//! Every command does the set-up that it needs and says on stderr what it does and how long that
//! took. See `xtask/README.md`.

mod build;
mod fresh;
mod fuzz;
mod process;
mod report;
mod serve;
mod setup;
mod test;
mod workspace;

use clap::{Parser, Subcommand};
use process::run_through;
use report::Outcome;
use std::ffi::OsString;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The habits of the project", version)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what is missing: the wasm32 target, trunk, wasm-bindgen, npm's packages
    Setup {
        /// Also look for the browsers of the tests, and install them where apt-get can
        #[arg(long)]
        browser: bool,
    },
    /// Build the site (dist/), the plugins (target/plugins/) and the command line, in release
    Build {
        /// Build the plugins in other languages instead, into target/languages/, and install what that takes
        #[arg(long)]
        languages: bool,
        /// Build the site alone
        #[arg(long, conflicts_with = "languages")]
        site: bool,
        /// Build the site twice, with nothing kept between, and fail if a byte differs
        #[arg(long, conflicts_with_all = ["languages", "site", "single_file"])]
        twice: bool,
        /// Build the site as one file instead, target/single-file/trailglass.html, which opens from a disk
        #[arg(long, conflicts_with_all = ["languages", "site"])]
        single_file: bool,
    },
    /// Build, then serve the site on 127.0.0.1
    Serve {
        /// The port; the next free one is taken when it is in use
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// Write a generated trail (see `cargo xtask trail --help`)
    #[command(disable_help_flag = true)]
    Trail {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Measure reading and asking, natively and in a browser (see `cargo xtask bench --help`)
    #[command(disable_help_flag = true)]
    Bench {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Run every test there is, formatting and clippy first
    Test {
        /// Run one part only
        #[arg(long, value_enum)]
        only: Option<test::Part>,
        /// Build and test the plugins in Python too: a minute more, most of it for compiling 18 MB
        #[arg(long)]
        all_languages: bool,
    },
    /// Fuzz the reading of logs with cargo-fuzz (see tests/fuzz/README.md)
    Fuzz {
        /// Fuzz this target only
        #[arg(long, value_enum)]
        target: Option<fuzz::Target>,
        /// For how many seconds each target is fuzzed
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
}

fn main() -> ExitCode {
    match run(Args::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> Outcome {
    match command {
        Command::Setup { browser } => {
            setup::for_building()?;
            if browser {
                setup::for_browser_tests()?;
                setup::other_engines();
            }
            Ok(())
        }
        Command::Build { languages: true, .. } => build::languages::build(&build::languages::ALL),
        Command::Build { site: true, .. } => setup::for_building().and_then(build::site),
        Command::Build { twice: true, .. } => setup::for_building().and_then(build::site_twice),
        Command::Build { single_file: true, .. } => setup::for_building().and_then(build::single_file),
        Command::Build { .. } => {
            let toolchain = setup::for_building()?;
            build::web(toolchain)?;
            build::command_line(build::Profile::Release)
        }
        Command::Serve { port } => serve::serve(port),
        Command::Trail { arguments } => run_through(&mut helper("xtask-trail", &arguments)),
        Command::Bench { arguments } => bench(&arguments),
        Command::Test { only, all_languages: true } => test::test(only, &build::languages::ALL),
        Command::Test { only, all_languages: false } => test::test(only, &build::languages::QUICK),
        Command::Fuzz { target, seconds } => fuzz::fuzz(target, seconds),
    }
}

/// Measures. What is measured in a browser needs the site and the browser first.
fn bench(arguments: &[OsString]) -> Outcome {
    let mut program = helper("xtask-bench", arguments);
    let has = |wanted: &str| arguments.iter().any(|argument| argument == wanted);
    if ["app", "ingest", "query", "plugin"].into_iter().any(has)
        && !["--no-browser", "--help", "-h"].into_iter().any(has)
    {
        let prepared = setup::for_building().and_then(build::site).and_then(|()| setup::for_browser_tests());
        let browser = prepared.map_err(|failure| failure.or_hint("measure without a browser: --no-browser"))?;
        program.env("TRAILGLASS_CHROMIUM", browser);
    }
    let help = ["--help", "-h"].into_iter().any(has);
    if has("plugin") && !help {
        let toolchain = setup::for_building()?;
        build::plugins(toolchain)?;
        build::languages::build(if has("--no-python") { &build::languages::QUICK } else { &build::languages::ALL })?;
        build::command_line(build::Profile::Release)?;
        program.env("TRAILGLASS_TARGET", workspace::target());
    }
    run_through(&mut program)
}

/// One of our helper programs, compiled for speed, where the user stands.
fn helper(package: &str, arguments: &[OsString]) -> std::process::Command {
    let mut cargo = process::command("cargo");
    cargo.args(["run", "--quiet", "--release", "--package", package, "--manifest-path"]);
    cargo.arg(workspace::root().join("Cargo.toml")).arg("--").args(arguments);
    cargo
}
