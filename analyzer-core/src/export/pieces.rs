//! An export that several shards write together: each of them writes its own events in pieces, and whoever asked puts the
//! pieces into order. The whole is what one writer writes, to the byte.

use super::cells;
use super::records::{RecordForm, Records};
use super::table::{Table, TableForm};
use crate::field::FieldRef;
use crate::redact::Redactor;
use crate::session::ExportRow;

/// A shard stops when it has written so many bytes, so that no answer is large, whatever the records are.
pub const MAX_PIECES: usize = 8 << 20;

/// The form of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Rows of chosen fields.
    Table(TableForm),
    /// Original records.
    Records(RecordForm),
}

/// What became of the events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Events that were written.
    pub written: u64,
    /// Records that could not be read again, or not be redacted.
    pub unread: u64,
    /// Events that the form does not take, having no time.
    pub untimed: u64,
}

/// What becomes of one event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fate {
    /// It is written.
    #[default]
    Written,
    /// It is written, but without what its record says, which could not be read again.
    WithoutRecord,
    /// It is left out: its record could not be read again.
    Unread,
    /// It is left out: it has no time.
    Untimed,
}

impl Counts {
    fn add(&mut self, fate: Fate) {
        self.written += u64::from(matches!(fate, Fate::Written | Fate::WithoutRecord));
        self.unread += u64::from(matches!(fate, Fate::WithoutRecord | Fate::Unread));
        self.untimed += u64::from(fate == Fate::Untimed);
    }
}

/// The first of a shard's events that were asked for, each with its text: all, or as many as [`MAX_PIECES`] allows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pieces {
    /// The texts, one behind the other.
    pub text: Vec<u8>,
    /// Where each of them ends.
    pub ends: Vec<u32>,
    /// What becomes of each.
    pub fates: Vec<Fate>,
}

impl Pieces {
    fn push(&mut self, text: &str, fate: Fate) {
        self.text.extend_from_slice(text.as_bytes());
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        self.fates.push(fate);
    }

    fn is_full(&self) -> bool {
        self.text.len() >= MAX_PIECES
    }

    fn get(&self, place: usize) -> Option<(&[u8], Fate)> {
        let start = place.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        let text = self.text.get(start as usize..*self.ends.get(place)? as usize)?;
        Some((text, *self.fates.get(place)?))
    }
}

/// How an export is written, by each shard and by whoever puts it together.
#[derive(Clone, Debug)]
pub struct Writing {
    form: Form,
    table: Table,
    records: Records,
    /// What became of the events so far.
    pub counts: Counts,
}

impl Writing {
    /// Nothing is written yet. Records are whole and have no fields.
    pub fn new(form: Form, fields: &[FieldRef]) -> Writing {
        let (table, records) = match form {
            Form::Table(table) => (Table::new(table, fields), RecordForm::Lines),
            Form::Records(records) => (Table::new(TableForm::Jsonl, &[]), records),
        };
        Writing { form, table, records: Records::new(records), counts: Counts::default() }
    }

    /// The fields of which a shard has to tell cells.
    pub fn fields(&self) -> &[FieldRef] {
        self.table.fields()
    }

    /// Whether a shard has to read records again.
    pub fn needs_records(&self) -> bool {
        matches!(self.form, Form::Records(_)) || cells::needs_records(self.fields())
    }

    /// What a shard writes of these events. Their records come in the same order, if they are needed; those that cannot be
    /// read again are missing.
    pub fn pieces(&self, rows: Vec<ExportRow>, records: Vec<Option<String>>, redactor: Option<&Redactor>) -> Pieces {
        let mut pieces = Pieces::default();
        let mut records = records.into_iter();
        for mut row in rows {
            if pieces.is_full() {
                break;
            }
            let record = records.next().flatten().and_then(|record| redacted(record, redactor));
            let mut text = String::new();
            // Writing to a text cannot fail.
            let fate = match (self.form, &record) {
                (Form::Records(_), None) => Fate::Unread,
                (Form::Records(_), Some(record)) => {
                    let _ = self.records.body(&mut text, record);
                    Fate::Written
                }
                (Form::Table(_), _) => {
                    let is_read = !self.needs_records()
                        || record.is_some_and(|record| cells::fill(&mut row.cells, self.fields(), &record));
                    match self.table.row(&mut text, &row.cells) {
                        Ok(true) if is_read => Fate::Written,
                        Ok(true) => Fate::WithoutRecord,
                        _ => Fate::Untimed,
                    }
                }
            };
            pieces.push(&text, fate);
        }
        pieces
    }

    /// Writes what stands before the first event.
    pub fn head(&self, out: &mut Vec<u8>) {
        let mut text = String::new();
        let _ = match self.form {
            Form::Table(_) => self.table.head(&mut text),
            Form::Records(_) => self.records.head(&mut text),
        };
        out.extend_from_slice(text.as_bytes());
    }

    /// Writes the pieces of some shards in this order of shards, until one has no more. Returns how many events it went
    /// through.
    pub fn weave(&mut self, order: &[usize], parts: &[Pieces], out: &mut Vec<u8>) -> usize {
        let mut next = vec![0; parts.len()];
        for (done, &shard) in order.iter().enumerate() {
            let place = next.get(shard).copied().unwrap_or_default();
            let Some((text, fate)) = parts.get(shard).and_then(|part| part.get(place)) else { return done };
            next[shard] += 1;
            self.counts.add(fate);
            if let (Form::Records(_), Fate::Written) = (self.form, fate) {
                out.extend_from_slice(self.records.lead().as_bytes());
            }
            out.extend_from_slice(text);
        }
        order.len()
    }

    /// Writes what stands behind the last event.
    pub fn end(&self, out: &mut Vec<u8>) {
        let mut text = String::new();
        if let Form::Records(_) = self.form {
            let _ = self.records.clone().end(&mut text);
        }
        out.extend_from_slice(text.as_bytes());
    }
}

fn redacted(record: String, redactor: Option<&Redactor>) -> Option<String> {
    match redactor {
        Some(redactor) => redactor.record(&record),
        None => Some(record),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str) -> ExportRow {
        ExportRow { cells: vec![vec![name.to_owned()]], ..ExportRow::default() }
    }

    fn check(form: Form, fields: &[&str], expected: &str) -> Counts {
        let fields: Vec<FieldRef> = fields.iter().map(|name| FieldRef::parse(name)).collect();
        let mut writing = Writing::new(form, &fields);
        let record = |id: &str| Some(format!(r#"{{"eventVersion":"1.08","requestID":"{id}"}}"#));
        let pieces =
            |names: &[&str], records| writing.pieces(names.iter().map(|name| row(name)).collect(), records, None);
        let parts = [pieces(&["a", "c"], vec![record("1"), record("3")]), pieces(&["b"], vec![None])];
        let mut out = Vec::new();
        writing.head(&mut out);
        // The last event is not there.
        assert_eq!(writing.weave(&[0, 1, 0, 1], &parts, &mut out), 3);
        writing.end(&mut out);
        assert_eq!(String::from_utf8(out).unwrap(), expected);
        writing.counts
    }

    #[test]
    fn pieces_of_shards_are_one_export() {
        let all = Counts { written: 3, ..Counts::default() };
        assert_eq!(check(Form::Table(TableForm::Csv), &["eventName"], "eventName\r\na\r\nb\r\nc\r\n"), all);
        let one_unread = Counts { written: 2, unread: 1, untimed: 0 };
        let records = "{\"Records\":[\n{\"eventVersion\":\"1.08\",\"requestID\":\"1\"},\n{\"eventVersion\":\"1.08\",\"requestID\":\"3\"}\n]}\n";
        assert_eq!(check(Form::Records(RecordForm::Document), &[], records), one_unread);
        let without_record = Counts { written: 3, unread: 1, untimed: 0 };
        assert_eq!(
            check(Form::Table(TableForm::Csv), &["requestID"], "requestID\r\n\"a; 1\"\r\nb\r\n\"c; 3\"\r\n"),
            without_record
        );
    }

    #[test]
    fn no_answer_is_large() {
        let writing = Writing::new(Form::Table(TableForm::Csv), &[FieldRef::parse("eventName")]);
        let long = "x".repeat(MAX_PIECES / 2);
        let pieces = writing.pieces((0..9).map(|_| row(&long)).collect(), Vec::new(), None);
        assert_eq!(pieces.ends.len(), 2);
    }
}
