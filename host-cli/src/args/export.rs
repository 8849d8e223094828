//! Arguments of `export`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use analyzer_core::export::pieces::Form;
use analyzer_core::export::records::RecordForm;
use analyzer_core::export::table::TableForm;
use clap::ValueEnum;

use super::{Format, InputArgs};

/// Arguments of `export`.
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    /// Which events; an empty text means everything
    pub query: String,
    /// Log files, plain or packed, and folders, which are searched to the bottom
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// What to write; docs/export.md describes each
    #[arg(long, value_enum, default_value_t = ExportForm::Csv)]
    pub format: ExportForm,
    /// The fields of each event, with commas between them: any field, such as requestParameters.bucketName. By default
    /// the columns of the page's table, and the event's id
    #[arg(long, value_name = "FIELD,…")]
    pub fields: Option<String>,
    /// Write pseudonyms in place of accounts, ARNs, addresses, keys and names. The same value has the same pseudonym in the
    /// whole export
    #[arg(long)]
    pub redact: bool,
    /// A file whose bytes are the secret that pseudonyms are made from: then other exports with it have the same ones. At
    /// least 16 bytes, from a source of chance
    #[arg(long, value_name = "FILE", requires = "redact")]
    pub redact_key: Option<PathBuf>,
    /// Write here instead of to stdout
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// How many threads read; by default one for each processor
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
    /// No progress, no notes and no closing account on stderr; problems are still told
    #[arg(long, short)]
    pub quiet: bool,
}

/// What an export is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportForm {
    /// Rows as CSV, which no spreadsheet takes for formulas
    Csv,
    /// Rows as JSON objects, one on each line
    Jsonl,
    /// Rows as a table of Markdown
    Markdown,
    /// Rows as CSV that Timesketch imports
    Timesketch,
    /// The original records as one document, {"Records":[…]}
    Records,
    /// The original records, one on each line
    RecordLines,
}

impl ExportForm {
    /// What the core calls it.
    pub fn form(self) -> Form {
        match self {
            Self::Csv => Form::Table(TableForm::Csv),
            Self::Jsonl => Form::Table(TableForm::Jsonl),
            Self::Markdown => Form::Table(TableForm::Markdown),
            Self::Timesketch => Form::Table(TableForm::Timesketch),
            Self::Records => Form::Records(RecordForm::Document),
            Self::RecordLines => Form::Records(RecordForm::Lines),
        }
    }
}

impl ExportArgs {
    /// What is read, and how.
    pub fn input(&self) -> InputArgs {
        InputArgs { paths: self.paths.clone(), format: Format::Jsonl, threads: self.threads, quiet: self.quiet }
    }
}
