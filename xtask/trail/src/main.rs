//! `cargo xtask trail`: writes a generated trail. A program of its own, compiled for speed, so that
//! xtask compiles fast and works while the generator does not.

use clap::{Parser, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;
use time::macros::{date, format_description};
use time::{Date, Time};
use trail_generator::{Plan, Written};

/// Write a trail of realistic events in the S3 layout: the same numbers give the same bytes
#[derive(Parser)]
#[command(name = "cargo xtask trail")]
struct Args {
    /// Records in all files together
    #[arg(long)]
    events: u64,
    /// What chance starts from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The folder, made if it is not there; files of the same name are replaced
    #[arg(long)]
    out: PathBuf,
    /// The first day, UTC
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_date, default_value = "2024-05-06")]
    start: Date,
    /// How many days it lasts
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=3660))]
    days: u32,
    /// What happens beside ordinary work
    #[arg(long, value_enum, default_value_t = Story::Attack)]
    story: Story,
}

#[derive(Clone, Copy, ValueEnum)]
enum Story {
    /// Nothing
    Benign,
    /// A console password is guessed, an account taken over
    Attack,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let plan = Plan {
        events: args.events,
        seed: args.seed,
        start: args.start.with_time(Time::MIDNIGHT).assume_utc().unix_timestamp(),
        days: args.days,
        story: match args.story {
            Story::Benign => trail_generator::Story::Benign,
            Story::Attack => trail_generator::Story::Attack,
        },
    };
    let start = Instant::now();
    let mut shown = 0;
    let progress = |written: Written| {
        // A line for each tenth, so that a long run is seen to live.
        let tenth = written.events * 10 / plan.records().max(1);
        if tenth > shown {
            shown = tenth;
            eprintln!("trail: {} of {} events", written.events, plan.records());
        }
    };
    match trail_generator::write(plan, &args.out, progress) {
        Ok(Written { files, events, bytes, json_bytes }) => {
            eprintln!(
                "trail: {events} events in {files} files, {:.1} MB ({:.1} MB inflated), in {:.1} s",
                bytes as f64 / 1e6,
                json_bytes as f64 / 1e6,
                start.elapsed().as_secs_f64()
            );
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: the trail could not be written: {error}: {}", args.out.display());
            eprintln!("hint: choose a folder that can be written to with --out");
            ExitCode::from(2)
        }
    }
}

fn parse_date(text: &str) -> Result<Date, String> {
    let range = date!(1970 - 01 - 01)..=date!(2200 - 01 - 01);
    match Date::parse(text, format_description!("[year]-[month]-[day]")) {
        Ok(date) if range.contains(&date) => Ok(date),
        Ok(_) => Err("a year from 1970 to 2199 is wanted".to_owned()),
        Err(error) => Err(format!("not a date like 2024-05-06: {error}")),
    }
}
