//! The events that match, as an export needs them.
//!
//! An export goes page by page, as the table does ([`crate::view::page`]). For each page the edge asks every shard for
//! [`Session::export_rows`], reads the records again if the form or a field needs them
//! ([`crate::export::cells::needs_records`]), fills their cells in ([`crate::export::cells::fill`]) and writes the page.

use super::{Session, these};
use crate::event::Location;
use crate::export::cells::{Cell, in_columns};
use crate::field::{Field, FieldRef, Place};
use crate::redact::Redactor;
use crate::store::Store;
use std::ops::Range;

/// One event of an export.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportRow {
    /// Where its record is.
    pub location: Location,
    /// A cell for each field. Those of fields that only the record has are empty until they are filled in.
    pub cells: Vec<Cell>,
}

impl Session {
    /// These of the matching rows, counted in time order as in [`Session::rows`], redacted if there is a redactor.
    pub fn export_rows(
        &mut self,
        range: Range<u64>,
        fields: &[FieldRef],
        redactor: Option<&Redactor>,
    ) -> Vec<ExportRow> {
        let store = &self.store;
        let row = |&row: &u32| ExportRow {
            location: store.location(row),
            cells: fields.iter().map(|field| cell(store, row, field, redactor)).collect(),
        };
        these(self.matching.listed(store), range).iter().map(row).collect()
    }
}

fn cell(store: &Store, row: u32, field: &FieldRef, redactor: Option<&Redactor>) -> Cell {
    let Some(field) = in_columns(field) else { return Cell::new() };
    match (redactor, field) {
        (None, _) => store.value(row, field).map(String::from),
        (Some(redactor), Field { place: Place::IdentityLabel, .. }) => Some(redactor.label(&store.principal(row))),
        (Some(redactor), _) => store.value(row, field).map(|value| redactor.field(field, &value)),
    }
    .into_iter()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::cells::{fill, needs_records};
    use crate::field::FIELDS;
    use crate::predicate::parse;

    const RECORD: &str = r#"{"eventVersion":"1.08","eventTime":"2024-05-06T10:00:00Z","eventName":"GetObject",
        "eventSource":"s3.amazonaws.com","awsRegion":"eu-west-1","sourceIPAddress":"198.51.100.7","userAgent":"aws-cli/2.1 x",
        "eventID":"7c1a3f9e-0b52-4e7d-9d7a-0123456789ab","userIdentity":{"type":"AssumedRole",
        "arn":"arn:aws:sts::111122223333:assumed-role/Ops/alice","accountId":"111122223333",
        "sessionContext":{"sessionIssuer":{"userName":"Ops"}}},"requestParameters":{"bucketName":"logs"},
        "resources":[{"ARN":"arn:aws:s3:::logs"},{"ARN":"arn:aws:s3:::logs/x"}],"recipientAccountId":"111122223333"}"#;

    fn session() -> Session {
        let mut session = Session::new(Vec::new(), 1);
        let mut intake = session.open(3, String::new());
        session.push(&mut intake, RECORD.as_bytes());
        session.close(intake, None);
        session
    }

    #[test]
    fn cells_come_from_columns_and_records() {
        let fields = ["name", "who", "resources.ARN", "requestParameters.bucketName", "errorCode"].map(FieldRef::parse);
        assert!(needs_records(&fields) && !needs_records(&fields[..2]));
        let mut row = session().export_rows(0..9, &fields, None).remove(0);
        assert_eq!((row.location.source, row.location.length), (3, RECORD.len() as u32));
        assert!(fill(&mut row.cells, &fields, RECORD));
        let expected: [&[&str]; 5] =
            [&["GetObject"], &["Ops/alice"], &["arn:aws:s3:::logs", "arn:aws:s3:::logs/x"], &["logs"], &[]];
        assert_eq!(row.cells, expected);
        let mut session = session();
        session.set_query(parse("name:Nothing", None).predicate);
        assert_eq!(session.export_rows(0..9, &fields, None), []);
        assert!(!fill(&mut row.cells, &fields, "no record"));
    }

    #[test]
    fn columns_are_redacted_as_records_are() {
        let redactor = Redactor::new(b"a secret of a test");
        let record = redactor.record(RECORD).unwrap();
        let mut of_redacted = Session::new(Vec::new(), 1);
        let mut intake = of_redacted.open(3, String::new());
        of_redacted.push(&mut intake, record.as_bytes());
        of_redacted.close(intake, None);
        let fields: Vec<FieldRef> = FIELDS.iter().map(FieldRef::Standard).collect();
        let expected = of_redacted.export_rows(0..1, &fields, None).remove(0).cells;
        let found = session().export_rows(0..1, &fields, Some(&redactor)).remove(0).cells;
        assert_eq!(found, expected);
        assert!(!format!("{found:?}").contains("alice"));
    }
}
