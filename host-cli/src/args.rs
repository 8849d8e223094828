//! What was typed.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use analyzer_core::detect::cis::{NEWEST, benchmarks};
use clap::builder::PossibleValuesParser;
use clap::{Parser, Subcommand, ValueEnum};

mod export;
mod plugin;

pub use export::{ExportArgs, ExportForm, Form};
pub use plugin::{
    PluginBenchArgs, PluginBuildArgs, PluginCommand, PluginInspectArgs, PluginNewArgs, PluginRunArgs, PluginTestArgs,
    PluginWatchArgs, SourceArgs,
};

const EXIT_CODES: &str = "\
Exit codes:
  0  nothing was found of the level asked for or above: with rules low, with plugins any, unless --min-level
     says otherwise
  1  something was found
  2  something could not be done: wrong arguments, a path that does not exist, no CloudTrail file
     in any of the paths, a plugin that was refused or stopped, an account that could not be written.
     Findings of the rest are still printed.

Damaged data is no error: records before and after the damage count, and what is wrong with which
file is told on stderr.";

const QUERY_HELP: &str = "\
Queries:
  eventName:ConsoleLogin AND NOT errorCode:*     fields, AND OR NOT, parentheses
  sourceIPAddress:10.0.0.0/8                     networks
  eventName:(Put* OR Delete*)                    wildcards and lists
  userAgent:/boto3\\/1\\.[0-9]+/                   regular expressions
  eventTime >= now-1h                            times, counted from the newest event
  requestParameters.bucketName:logs              any path of the record
  \"access denied\"                                any text of the record
`trailglass fields` lists the fields; docs/search.md has the whole language.

Exit codes: 0, or 2 when the query is not understood, no CloudTrail file could be read, or a path does not exist.";

const CIS_HELP: &str = "\
The benchmark asks for an alarm on each of these filters. What is printed is what the alarms would have had to report;
whether an account has them is not in its events. docs/metric-filters.md says how patterns are read.

Exit codes: 0, or 2 when no CloudTrail file could be read or a path does not exist.";

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
    /// Run detections - the bundled rules, Sigma rules and plugins - and print what they find
    #[command(after_help = EXIT_CODES)]
    Scan(ScanArgs),
    /// Print who did what: one line for each principal
    #[command(after_help = "Exit codes: 0, or 2 when no CloudTrail file could be read or a path does not exist.")]
    Summary(SummaryArgs),
    /// Print the events that match a query, in time order
    #[command(after_help = QUERY_HELP)]
    Search(SearchArgs),
    /// Write the events that match a query in a form for other programs and people, with pseudonyms if wanted
    #[command(after_help = QUERY_HELP)]
    Export(ExportArgs),
    /// Print the most frequent values of fields
    #[command(after_help = QUERY_HELP)]
    Top(TopArgs),
    /// Print how many events there are in each stretch of time
    #[command(after_help = QUERY_HELP)]
    Timeline(TimelineArgs),
    /// Print all that an identity, an address, an access key or a resource did: first and last seen, calls, errors, and
    /// from where
    #[command(after_help = QUERY_HELP)]
    Pivot(PivotArgs),
    /// Print what happened in the minutes around an event: how much of it is about the same identity, address or access
    /// key, and what is more frequent then than otherwise
    #[command(
        after_help = "Exit codes: 0, or 2 when no event has this id, no CloudTrail file could be read, or a path does not exist."
    )]
    Around(AroundArgs),
    /// Print what the metric filters of the CIS AWS Foundations Benchmark match: how many events, when, and whose
    #[command(after_help = CIS_HELP)]
    Cis(CisArgs),
    /// Print the fields that a query can name
    Fields,
    /// Look after Sigma rules: list them, find what is wrong with them, try their cases, explain them, show what they cover
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Make plugins: start, build, test, inspect and measure them
    #[command(subcommand)]
    Plugin(PluginCommand),
    /// Print what was read, file by file: what each is, how its records add up, and what is wrong with it
    #[command(after_help = "Exit codes: 0, or 2 when no CloudTrail file could be read or a path does not exist.")]
    Account(AccountArgs),
}

/// Arguments of `scan`.
#[derive(Debug, Clone, clap::Args)]
pub struct ScanArgs {
    /// What to read, and how.
    #[command(flatten)]
    pub input: InputArgs,
    /// Which rules run.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// Which plugins run.
    #[command(flatten)]
    pub plugins: PluginArgs,
    /// A metric filter of CloudWatch Logs to run too, such as 'root={ $.userIdentity.type = "Root" }'; may be given several
    /// times. See docs/metric-filters.md
    #[arg(long = "metric-filter", value_name = "NAME={ PATTERN }")]
    pub metric_filters: Vec<String>,
    /// Write the account of every file here too, as `trailglass account --format jsonl` prints it
    #[arg(long, value_name = "FILE")]
    pub account: Option<PathBuf>,
}

/// Which plugins run.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct PluginArgs {
    /// A detector plugin to run beside the rules; may be given several times
    #[arg(long = "plugin", value_name = "FILE.wasm")]
    pub plugins: Vec<PathBuf>,
    /// A file that names plugins, with their options and limits; see docs/plugins
    #[arg(long, value_name = "FILE")]
    pub plugin_settings: Option<PathBuf>,
    /// Set an option of a plugin, which is named as its file, or of all; may be given several times
    #[arg(long = "plugin-option", value_name = "[PLUGIN.]NAME=VALUE")]
    pub plugin_options: Vec<String>,
    /// Set what a plugin, or each, may take, such as memory-bytes=512MiB; may be given several times
    #[arg(long = "plugin-limit", value_name = "[PLUGIN.]NAME=NUMBER")]
    pub plugin_limits: Vec<String>,
    /// Where compiled plugins are kept, instead of the user's folder for caches
    #[arg(long, value_name = "DIR")]
    pub plugin_cache: Option<PathBuf>,
    /// Compile plugins in every run and keep nothing
    #[arg(long)]
    pub no_plugin_cache: bool,
}

/// Which rules run.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct RuleArgs {
    /// Sigma rules: a YAML file, or a folder of them; may be given several times
    #[arg(long = "rules", value_name = "PATH")]
    pub rule_paths: Vec<PathBuf>,
    /// Leave the rules out that come with Trailglass
    #[arg(long)]
    pub no_bundled: bool,
    /// A file that says which rules to ignore, and the levels of others: `ignore: [NAME, …]`, `levels: {NAME: low}`
    #[arg(long, value_name = "FILE")]
    pub tuning: Option<PathBuf>,
    /// A file with the values of placeholders: `NAME: [VALUE, …]`
    #[arg(long, value_name = "FILE")]
    pub placeholders: Option<PathBuf>,
    /// Only rules of this level and above; when logs are looked at, low unless told otherwise
    #[arg(long, value_name = "LEVEL", value_parser = ["informational", "low", "medium", "high", "critical"])]
    pub min_level: Option<String>,
}

/// What to do with rules.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Print the rules that would run
    #[command(after_help = "Exit codes: 0, or 2 when a rule was refused or a path does not exist.")]
    List(RulesListArgs),
    /// Print what is wrong with rules, each with its file and line
    #[command(after_help = "Exit codes: 0, 1 when a rule was refused, or 2 when a path does not exist.")]
    Lint(RulesListArgs),
    /// Try the cases that stand beside rules, in files that end in .cases.yml
    #[command(
        after_help = "Exit codes: 0, 1 when a case failed or a rule has none, or 2 when a rule was refused or a path does not exist."
    )]
    Test(RulesListArgs),
    /// Print which tests of a rule decide about an event
    #[command(after_help = "Exit codes: 0, or 2 when there is no such rule or event.")]
    Explain(RulesExplainArgs),
    /// Print an ATT&CK Navigator layer of the rules and plugins, or of what they find in logs
    #[command(
        after_help = "Exit codes: 0, or 2 when a rule was refused, a plugin was refused or stopped, or a path does not exist."
    )]
    Coverage(RulesCoverageArgs),
}

/// Arguments of `rules list`, `lint` and `test`.
#[derive(Debug, clap::Args)]
pub struct RulesListArgs {
    /// Which rules.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// How to print on stdout
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

/// Arguments of `rules explain`.
#[derive(Debug, clap::Args)]
pub struct RulesExplainArgs {
    /// The rule's id, name or title
    pub rule: String,
    /// The event's eventID
    #[arg(value_name = "EVENT ID")]
    pub event: String,
    /// What to read, and how.
    #[command(flatten)]
    pub input: InputArgs,
    /// Which rules.
    #[command(flatten)]
    pub rules: RuleArgs,
}

/// Arguments of `rules coverage`.
#[derive(Debug, clap::Args)]
pub struct RulesCoverageArgs {
    /// Which rules.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// Which plugins count beside them.
    #[command(flatten)]
    pub plugins: PluginArgs,
    /// Logs: then the layer shows what was found in them
    #[arg(long = "logs", value_name = "PATH")]
    pub logs: Vec<PathBuf>,
}

/// Arguments of `summary`.
#[derive(Debug, clap::Args)]
pub struct SummaryArgs {
    /// What to read, and how.
    #[command(flatten)]
    pub input: InputArgs,
}

/// Arguments of `search`.
#[derive(Debug, clap::Args)]
pub struct SearchArgs {
    /// What to look for; an empty text means everything
    pub query: String,
    /// What to read, and how.
    #[command(flatten)]
    pub input: InputArgs,
    /// Print at most so many events; 0 for all
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub limit: u64,
    /// The newest event first
    #[arg(long)]
    pub newest_first: bool,
    /// Print the records as they are in the logs, one on each line
    #[arg(long)]
    pub raw: bool,
    /// Print which tests decided about the event with this id, and what they saw
    #[arg(long, value_name = "EVENT ID", conflicts_with_all = ["raw", "newest_first"])]
    pub explain: Option<String>,
}

/// Arguments of `top`.
#[derive(Debug, clap::Args)]
pub struct TopArgs {
    /// The fields, with commas between them: any field, such as requestParameters.bucketName. The logs are read twice for
    /// those without a star in `trailglass fields`
    #[arg(value_name = "FIELD,…")]
    pub fields: String,
    /// What to read, and how.
    #[command(flatten)]
    pub input: InputArgs,
    /// Count only the events that match
    #[arg(long, default_value = "")]
    pub query: String,
    /// Values of each field
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub limit: usize,
}

/// Arguments of `timeline`.
#[derive(Debug, clap::Args)]
pub struct TimelineArgs {
    /// What to read, and how.
    #[command(flatten)]
    pub input: InputArgs,
    /// Count only the events that match
    #[arg(long, default_value = "")]
    pub query: String,
    /// Stretches of time, at most
    #[arg(long, value_name = "N", default_value_t = 48, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub bars: u32,
    /// Count the most frequent values of this field apart
    #[arg(long, value_name = "FIELD")]
    pub split: Option<String>,
}

/// Arguments of `pivot`.
#[derive(Debug, clap::Args)]
pub struct PivotArgs {
    /// Who or what it is about, such as sourceIPAddress:198.51.100.7
    pub query: String,
    /// What to read, and how.
    #[command(flatten)]
    pub input: InputArgs,
    /// Values of each field
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub limit: usize,
}

/// Arguments of `around`.
#[derive(Debug, clap::Args)]
pub struct AroundArgs {
    /// The event's eventID
    #[arg(value_name = "EVENT ID")]
    pub event: String,
    /// What to read, and how.
    #[command(flatten)]
    pub input: InputArgs,
    /// Minutes before and after it
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub minutes: u32,
    /// Values of each field
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub limit: usize,
}

/// Arguments of `cis`.
#[derive(Debug, clap::Args)]
pub struct CisArgs {
    /// What to read, and how.
    #[command(flatten)]
    pub input: InputArgs,
    /// The version of the benchmark
    #[arg(long, value_name = "VERSION", default_value = NEWEST, value_parser = versions())]
    pub benchmark: String,
}

fn versions() -> PossibleValuesParser {
    PossibleValuesParser::new(benchmarks().iter().map(|benchmark| benchmark.version))
}

/// Arguments of `account`.
#[derive(Debug, clap::Args)]
pub struct AccountArgs {
    /// What to read, and how.
    #[command(flatten)]
    pub input: InputArgs,
}

impl RulesCoverageArgs {
    /// What to read.
    pub fn logs_input(&self) -> InputArgs {
        InputArgs { paths: self.logs.clone(), format: Format::Json, threads: None, quiet: false }
    }
}

/// What all commands that read logs have in common.
#[derive(Debug, Clone, clap::Args)]
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
