//! An export of the matching events as a file that the browser saves.

use super::{App, Phase};
use crate::client::Interrupted;
use crate::kit::words::{tr, tr_with};
use crate::platform::download::{Made, Making, chance};
use crate::platform::files::{LogFile, ask_slice};
use crate::protocol::Exporting;
use analyzer_core::export::pieces::{Counts, Form};
use analyzer_core::export::records::RecordForm;
use analyzer_core::export::table::TableForm;
use analyzer_core::redact::SECRET_BYTES;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A key of pseudonyms that is larger is none.
const MOST_KEY: u64 = 1 << 20;

/// The forms, by the names that the command line has for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExportForm {
    /// Its name.
    pub name: &'static str,
    /// What the core calls it.
    pub form: Form,
    /// How a file of it ends.
    extension: &'static str,
    media_type: &'static str,
}

const fn form(name: &'static str, form: Form, extension: &'static str, media_type: &'static str) -> ExportForm {
    ExportForm { name, form, extension, media_type }
}

/// All of them.
pub const EXPORT_FORMS: [ExportForm; 6] = [
    form("csv", Form::Table(TableForm::Csv), "csv", "text/csv"),
    form("jsonl", Form::Table(TableForm::Jsonl), "jsonl", "application/x-ndjson"),
    form("markdown", Form::Table(TableForm::Markdown), "md", "text/markdown"),
    form("timesketch", Form::Table(TableForm::Timesketch), "timesketch.csv", "text/csv"),
    form("records", Form::Records(RecordForm::Document), "json", "application/json"),
    form("record-lines", Form::Records(RecordForm::Lines), "records.jsonl", "application/x-ndjson"),
];

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The user chooses.
    Choosing,
    /// So many events of so many are written.
    Running(u64, u64),
    /// The file is there, under this name.
    Made(Made, Counts, String),
    /// Why there is none.
    Failed(String),
}

/// A file whose bytes pseudonyms are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its name.
    pub name: String,
    bytes: Vec<u8>,
}

/// The export.
#[derive(Clone, Copy)]
pub struct Export {
    /// In which form.
    pub form: RwSignal<ExportForm>,
    /// Whether pseudonyms stand in the place of what identifies.
    pub is_redacted: RwSignal<bool>,
    /// What they are made of; of chance, without.
    pub key: RwSignal<Option<Key>>,
    /// How far it is.
    pub stage: RwSignal<Stage>,
    /// Goes up with every export and with every end of one: what was begun before is not gone on with.
    number: StoredValue<u32>,
}

impl Export {
    /// Nothing is exported yet.
    pub fn start() -> Export {
        Export {
            form: RwSignal::new(EXPORT_FORMS[0]),
            is_redacted: RwSignal::new(false),
            key: RwSignal::new(None),
            stage: RwSignal::new(Stage::Choosing),
            number: StoredValue::new(0),
        }
    }

    /// Ends what is being written, and lets the browser drop what was.
    pub fn end(&self) {
        self.number.update_value(|number| *number = number.wrapping_add(1));
        if let Stage::Made(made, ..) = self.stage.get_untracked() {
            made.forget();
        }
        self.stage.set(Stage::Choosing);
    }

    fn file_name(&self) -> String {
        let redacted = if self.is_redacted.get_untracked() { "-redacted" } else { "" };
        format!("trailglass-events{redacted}.{}", self.form.get_untracked().extension)
    }
}

fn not_held(why: &str) -> String {
    tr_with("The browser does not hold the file: {}.", &[why])
}

impl App {
    /// Why nothing can be exported now, if so.
    pub fn why_no_export(&self) -> Option<&'static str> {
        match (self.phase.get(), self.matching.get()) {
            (Phase::Loading, _) => Some(tr("Files are being read: the export can begin when all of them are.")),
            _ if self.checking.get().is_running => {
                Some(tr("The search goes on: the export can begin when it is done."))
            }
            (_, 0) => Some(tr("No event matches.")),
            _ => None,
        }
    }

    /// The names of the fields that rows of an export have: those of the table, and the event's id.
    pub fn exported_fields(&self) -> Vec<&'static str> {
        let mut fields = self.table.fields();
        if !fields.contains(&"eventID") {
            fields.push("eventID");
        }
        fields
    }

    /// Takes a file as the key of pseudonyms.
    pub fn take_key(&self, file: LogFile) {
        let export = self.export;
        spawn_local(async move {
            let bytes = match file.size {
                0..=MOST_KEY => ask_slice(&file.handle, 0, file.size).bytes().await,
                _ => Err(tr("it is too large for a key").to_owned()),
            };
            match bytes {
                Ok(bytes) if bytes.len() >= SECRET_BYTES => export.key.set(Some(Key { name: file.path, bytes })),
                Ok(_) => {
                    let least = SECRET_BYTES.to_string();
                    let why = tr_with("The key is too short: it needs {} bytes.", &[&least]);
                    export.stage.set(Stage::Failed(why));
                }
                Err(why) => export.stage.set(Stage::Failed(tr_with("The key cannot be read: {}.", &[&why]))),
            }
        });
    }

    /// Writes the matching events. The file is the browser's until it is saved.
    pub fn write_export(&self) {
        let (app, Some(session)) = (*self, self.session()) else { return };
        let export = self.export;
        export.end();
        let (number, form, name) = (export.number.get_value(), export.form.get_untracked(), export.file_name());
        let how = match self.how(form.form) {
            Ok(how) => how,
            Err(why) => {
                let why = tr_with("There is no chance to make pseudonyms of: {}.", &[&why]);
                return export.stage.set(Stage::Failed(why));
            }
        };
        export.stage.set(Stage::Running(0, self.matching.get_untracked()));
        spawn_local(async move {
            let (mut making, mut failed) = (Making::default(), None);
            let written = session.client.export(&how, |bytes, done, all| {
                if export.number.get_value() != number {
                    return false;
                }
                export.stage.set(Stage::Running(done, all));
                failed = making.push(bytes).err();
                failed.is_none()
            });
            let stage = match written.await {
                _ if export.number.get_value() != number => return,
                Ok(counts) => match making.finish(form.media_type) {
                    Ok(made) => Stage::Made(made, counts, name),
                    Err(why) => Stage::Failed(not_held(&why)),
                },
                Err(Interrupted::Cancelled) => Stage::Failed(not_held(&failed.unwrap_or_default())),
                Err(Interrupted::Changed) => Stage::Failed(tr("Other events match by now: begin again.").to_owned()),
            };
            app.export.stage.set(stage);
        });
    }

    fn how(&self, form: Form) -> Result<Exporting, String> {
        let fields = match form {
            Form::Table(_) => untrack(|| self.exported_fields()).into_iter().map(str::to_owned).collect(),
            Form::Records(_) => Vec::new(),
        };
        let secret = match (self.export.is_redacted.get_untracked(), self.export.key.get_untracked()) {
            (false, _) => None,
            (true, Some(key)) => Some(key.bytes),
            (true, None) => Some(chance()?.to_vec()),
        };
        Ok(Exporting::new(form, fields, secret))
    }
}
