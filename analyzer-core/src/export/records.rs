//! Original records, as the logs have them.

use super::escape::json_line;
use std::fmt::{self, Write};

/// The form of an export of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordForm {
    /// A record on each line.
    Lines,
    /// `{"Records":[…]}`, as a trail's own files are.
    Document,
}

/// Records that are being written. Their JSON says what it said, though characters that steer a terminal become escapes,
/// and line ends between values blanks.
#[derive(Clone, Debug)]
pub struct Records {
    form: RecordForm,
    count: u64,
}

impl Records {
    /// Nothing written yet.
    pub fn new(form: RecordForm) -> Records {
        Records { form, count: 0 }
    }

    /// Writes what stands before the first record.
    ///
    /// # Errors
    /// Those of the sink.
    pub fn head(&self, out: &mut impl Write) -> fmt::Result {
        if self.form == RecordForm::Document { out.write_str("{\"Records\":[") } else { Ok(()) }
    }

    /// Writes a record.
    ///
    /// # Errors
    /// Those of the sink.
    pub fn record(&mut self, out: &mut impl Write, json: &str) -> fmt::Result {
        out.write_str(self.lead())?;
        self.body(out, json)
    }

    /// What stands before the next record, which is counted.
    pub(super) fn lead(&mut self) -> &'static str {
        self.count += 1;
        match self.form {
            RecordForm::Lines => "",
            RecordForm::Document if self.count == 1 => "\n",
            RecordForm::Document => ",\n",
        }
    }

    /// Writes a record without what stands before it.
    pub(super) fn body(&self, out: &mut impl Write, json: &str) -> fmt::Result {
        json_line(out, json)?;
        if self.form == RecordForm::Lines { out.write_char('\n') } else { Ok(()) }
    }

    /// Writes what stands behind the last record.
    ///
    /// # Errors
    /// Those of the sink.
    pub fn end(self, out: &mut impl Write) -> fmt::Result {
        if self.form == RecordForm::Document { out.write_str("\n]}\n") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn forms() {
        for (count, form, expected) in [
            (0, RecordForm::Lines, ""),
            (2, RecordForm::Lines, "{\"a\":  \"\\u202e\"}\n{\"a\":  \"\\u202e\"}\n"),
            (0, RecordForm::Document, "{\"Records\":[\n]}\n"),
            (2, RecordForm::Document, "{\"Records\":[\n{\"a\":  \"\\u202e\"},\n{\"a\":  \"\\u202e\"}\n]}\n"),
        ] {
            let (mut records, mut out) = (Records::new(form), String::new());
            records.head(&mut out).unwrap();
            (0..count).for_each(|_| records.record(&mut out, "{\"a\":\r\n\"\u{202e}\"}").unwrap());
            records.end(&mut out).unwrap();
            assert_eq!(out, expected);
            if form == RecordForm::Document {
                let value: Value = serde_json::from_str(&out).unwrap();
                assert_eq!(value["Records"], Value::from(vec![json!({ "a": "\u{202e}" }); count]));
            }
        }
    }
}
