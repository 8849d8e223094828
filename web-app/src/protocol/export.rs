//! What a shard is asked for an export, and what it writes of it.

use super::packed::Bytes;
use analyzer_core::export::pieces::{self, Fate, Form};
use analyzer_core::export::records::RecordForm;
use analyzer_core::export::table::TableForm;
use serde::{Deserialize, Serialize};

/// How events are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exporting {
    form: FormTwin,
    /// Names of the fields; records have none.
    pub fields: Vec<String>,
    /// What pseudonyms are made of, if there are to be any.
    pub secret: Option<Bytes>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum FormTwin {
    Csv,
    Jsonl,
    Markdown,
    Timesketch,
    RecordLines,
    RecordDocument,
}

impl Exporting {
    /// Of this form.
    pub fn new(form: Form, fields: Vec<String>, secret: Option<Vec<u8>>) -> Exporting {
        let form = match form {
            Form::Table(TableForm::Csv) => FormTwin::Csv,
            Form::Table(TableForm::Jsonl) => FormTwin::Jsonl,
            Form::Table(TableForm::Markdown) => FormTwin::Markdown,
            Form::Table(TableForm::Timesketch) => FormTwin::Timesketch,
            Form::Records(RecordForm::Lines) => FormTwin::RecordLines,
            Form::Records(RecordForm::Document) => FormTwin::RecordDocument,
        };
        Exporting { form, fields, secret: secret.map(Bytes) }
    }

    /// The form.
    pub fn form(&self) -> Form {
        match self.form {
            FormTwin::Csv => Form::Table(TableForm::Csv),
            FormTwin::Jsonl => Form::Table(TableForm::Jsonl),
            FormTwin::Markdown => Form::Table(TableForm::Markdown),
            FormTwin::Timesketch => Form::Table(TableForm::Timesketch),
            FormTwin::RecordLines => Form::Records(RecordForm::Lines),
            FormTwin::RecordDocument => Form::Records(RecordForm::Document),
        }
    }
}

/// Twin of [`pieces::Pieces`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Pieces {
    text: Bytes,
    ends: Bytes,
    fates: Bytes,
}

const FATES: [Fate; 4] = [Fate::Written, Fate::WithoutRecord, Fate::Unread, Fate::Untimed];

impl From<pieces::Pieces> for Pieces {
    fn from(p: pieces::Pieces) -> Pieces {
        Pieces {
            text: Bytes(p.text),
            ends: Bytes(p.ends.iter().flat_map(|end| end.to_le_bytes()).collect()),
            fates: Bytes(p.fates.iter().map(|&fate| fate as u8).collect()),
        }
    }
}

impl From<Pieces> for pieces::Pieces {
    fn from(p: Pieces) -> pieces::Pieces {
        pieces::Pieces {
            text: p.text.0,
            ends: p.ends.0.as_chunks().0.iter().map(|end| u32::from_le_bytes(*end)).collect(),
            // Shards and page are of one build, so there is no other number.
            fates: p.fates.0.iter().map(|&fate| FATES.get(usize::from(fate)).copied().unwrap_or_default()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let pieces = pieces::Pieces { text: b"ab".to_vec(), ends: vec![0, 2, 2, 2], fates: FATES.to_vec() };
        assert_eq!(pieces::Pieces::from(Pieces::from(pieces.clone())), pieces);
        let tables = [TableForm::Csv, TableForm::Jsonl, TableForm::Markdown, TableForm::Timesketch].map(Form::Table);
        let records = [RecordForm::Lines, RecordForm::Document].map(Form::Records);
        for form in tables.into_iter().chain(records) {
            assert_eq!(Exporting::new(form, Vec::new(), None).form(), form);
        }
    }
}
