//! The cells of one event: the values of the fields that somebody chose.

use crate::field::{Field, FieldRef, Place};
use crate::identity::Principal;
use crate::ingest::memo::Memo;
use crate::ingest::record::{self, Around};

/// The fields of an export for which nobody chose any: the columns of the table on the page, and the event's id.
pub const USUAL_FIELDS: [&str; 9] = [
    "eventTime",
    "eventName",
    "eventSource",
    "principal",
    "sourceIPAddress",
    "awsRegion",
    "errorCode",
    "userAgent",
    "eventID",
];

/// The values of one field in one event: none, one, or those of a path with arrays on its way.
pub type Cell = Vec<String>;

/// Whether columns hold the field's values; the others have to be asked of the record.
pub(crate) fn in_columns(field: &FieldRef) -> Option<&'static Field> {
    match field {
        FieldRef::Standard(Field { place: Place::Record, .. }) => None,
        FieldRef::Standard(field) => Some(field),
        _ => None,
    }
}

/// Whether the records have to be read again for these fields.
pub fn needs_records(fields: &[FieldRef]) -> bool {
    fields.iter().any(|field| in_columns(field).is_none())
}

/// Fills the cells of those fields that only the record has. For a redacted export, the record is the redacted one.
/// Says whether it is a record.
pub fn fill(cells: &mut [Cell], fields: &[FieldRef], record: &str) -> bool {
    let filled = record::read(record.as_bytes(), &mut Memo::new(0), |record| {
        let around = Around { principal: &Principal::default, event_id: &String::new };
        for (cell, field) in cells.iter_mut().zip(fields).filter(|(_, field)| in_columns(field).is_none()) {
            record.each_value(field, &around, &mut |value| cell.push(value.to_owned()));
        }
    });
    filled.is_some()
}
