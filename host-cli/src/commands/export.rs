//! `trailglass export`.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use analyzer_core::event::Location;
use analyzer_core::export::cells::{self, USUAL_FIELDS};
use analyzer_core::export::pieces::{Counts, Form};
use analyzer_core::export::records::{RecordForm, Records};
use analyzer_core::export::table::{Table, TableForm};
use analyzer_core::field::FieldRef;
use analyzer_core::redact::{Redactor, SECRET_BYTES};
use analyzer_core::session::ExportRow;

use super::{Exit, Input, query};
use crate::args::ExportArgs;
use crate::output::escape::Escaped;
use crate::output::{counted, report};
use crate::scan::ask::{self, Order};
use crate::scan::shards;

pub(super) fn run(args: &ExportArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let form = args.format.form();
    let Some(fields) = fields(args, form, err)? else { return Ok(Exit::Error) };
    let redactor = match args.redact.then(|| redactor(args.redact_key.as_deref())).transpose() {
        Ok(redactor) => redactor,
        Err(why) => {
            report::line(err, format_args!("{}", Escaped(&why)))?;
            return Ok(Exit::Error);
        }
    };
    let input_args = args.input();
    let Some(mut input) = query::read_matching(&args.query, &input_args, err)? else { return Ok(Exit::Error) };
    let counts = match &args.output {
        None => export(&mut input, form, &fields, redactor.as_ref(), out)?,
        Some(path) => match to_file(path, &mut input, form, &fields, redactor.as_ref()) {
            Ok(counts) => counts,
            Err(why) => {
                let path = path.display().to_string();
                report::line(err, format_args!("the export cannot be written: {why}: {}", Escaped(&path)))?;
                return Ok(Exit::Error);
            }
        },
    };
    out.flush()?;
    tell(&counts, form, args.quiet, err)?;
    let exit = query::end(&input_args, &input, err)?;
    Ok(if counts.unread > 0 { Exit::Error } else { exit })
}

/// The fields that were asked for; nothing if one is none, which is told.
fn fields(args: &ExportArgs, form: Form, err: &mut impl Write) -> io::Result<Option<Vec<FieldRef>>> {
    match (form, &args.fields) {
        (Form::Records(_), Some(_)) => {
            report::line(
                err,
                format_args!("records are whole: --fields goes with csv, jsonl, markdown and timesketch"),
            )?;
            Ok(None)
        }
        (Form::Table(_), Some(names)) => query::fields(names, err),
        (_, None) => Ok(Some(USUAL_FIELDS.iter().map(|name| FieldRef::parse(name)).collect())),
    }
}

/// Pseudonyms of the secret in this file, or of one that nobody will know.
fn redactor(key: Option<&Path>) -> Result<Redactor, String> {
    let Some(path) = key else {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(|error| format!("there is no chance to make pseudonyms of: {error}"))?;
        return Ok(Redactor::new(&secret));
    };
    let name = path.display();
    match fs::read(path) {
        Ok(secret) if secret.len() >= SECRET_BYTES => Ok(Redactor::new(&secret)),
        Ok(_) => Err(format!("the key is too short, it needs {SECRET_BYTES} bytes: {name}")),
        Err(error) => Err(format!("the key cannot be read: {error}: {name}")),
    }
}

/// Writes to a file, which must be none of those that are read.
fn to_file(
    path: &Path,
    input: &mut Input,
    form: Form,
    fields: &[FieldRef],
    redactor: Option<&Redactor>,
) -> io::Result<Counts> {
    let mut files = input.walk.files.iter();
    if fs::canonicalize(path).is_ok_and(|path| files.any(|file| fs::canonicalize(&file.path).is_ok_and(|f| f == path)))
    {
        return Err(io::Error::other("it is one of the logs"));
    }
    let mut file = BufWriter::new(File::create(path)?);
    let counts = export(input, form, fields, redactor, &mut file)?;
    file.flush().map(|()| counts)
}

fn export(
    input: &mut Input,
    form: Form,
    fields: &[FieldRef],
    redactor: Option<&Redactor>,
    out: &mut impl Write,
) -> io::Result<Counts> {
    match form {
        Form::Table(form) => table(input, form, fields, redactor, out),
        Form::Records(form) => records(input, form, redactor, out),
    }
}

fn table(
    input: &mut Input,
    form: TableForm,
    fields: &[FieldRef],
    redactor: Option<&Redactor>,
    out: &mut impl Write,
) -> io::Result<Counts> {
    let table = Table::new(form, fields);
    let (files, fields) = (&input.walk.files, table.fields());
    let mut counts = Counts::default();
    let mut text = String::new();
    let _ = table.head(&mut text);
    ask::each_page_of(
        &mut input.sessions,
        Order::OldestFirst,
        None,
        |session, range| session.export_rows(range, fields, redactor),
        |_, mut rows| {
            if cells::needs_records(fields) {
                let places: Vec<Location> = rows.iter().map(|row| row.location).collect();
                for (row, record) in rows.iter_mut().zip(shards::records(files, &places)) {
                    let record = redacted(record, redactor);
                    let is_read = record.is_some_and(|record| cells::fill(&mut row.cells, fields, &record));
                    counts.unread += u64::from(!is_read);
                }
            }
            for row in &rows {
                // Writing to a text cannot fail.
                let is_written = table.row(&mut text, &row.cells) == Ok(true);
                counts.written += u64::from(is_written);
                counts.untimed += u64::from(!is_written);
                out.write_all(text.as_bytes())?;
                text.clear();
            }
            io::Result::Ok(())
        },
    )?;
    out.write_all(text.as_bytes())?;
    Ok(counts)
}

fn records(
    input: &mut Input,
    form: RecordForm,
    redactor: Option<&Redactor>,
    out: &mut impl Write,
) -> io::Result<Counts> {
    let files = &input.walk.files;
    let mut writing = Records::new(form);
    let mut counts = Counts::default();
    let mut text = String::new();
    let _ = writing.head(&mut text);
    ask::each_page_of(
        &mut input.sessions,
        Order::OldestFirst,
        None,
        |session, range| session.export_rows(range, &[], None),
        |_, rows: Vec<ExportRow>| {
            let places: Vec<Location> = rows.iter().map(|row| row.location).collect();
            for record in shards::records(files, &places) {
                match redacted(record, redactor) {
                    Some(record) => {
                        let _ = writing.record(&mut text, &record);
                        counts.written += 1;
                    }
                    None => counts.unread += 1,
                }
                out.write_all(text.as_bytes())?;
                text.clear();
            }
            io::Result::Ok(())
        },
    )?;
    let _ = writing.end(&mut text);
    out.write_all(text.as_bytes())?;
    Ok(counts)
}

fn redacted(record: Option<String>, redactor: Option<&Redactor>) -> Option<String> {
    match redactor {
        Some(redactor) => redactor.record(&record?),
        None => record,
    }
}

fn tell(counts: &Counts, form: Form, is_quiet: bool, err: &mut impl Write) -> io::Result<()> {
    if counts.unread > 0 {
        let unread = counted(counts.unread, "record", "records");
        let loss = match form {
            Form::Table(_) => "their cells are empty",
            Form::Records(_) => "they are not in the export",
        };
        report::line(err, format_args!("{unread} could not be read again, or not be redacted: {loss}"))?;
    }
    if counts.untimed > 0 {
        let untimed = counted(counts.untimed, "event has", "events have");
        report::line(err, format_args!("{untimed} no time, and Timesketch takes none without: left out"))?;
    }
    if is_quiet {
        return Ok(());
    }
    writeln!(err, "{} written.", counted(counts.written, "event is", "events are"))
}
