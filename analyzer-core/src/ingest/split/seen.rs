//! What was found in a source, to say at its end what it is.

use crate::ingest::shape::row::Columns;
use crate::problem::{Fault, NotCloudTrail, Note, Shape};

/// What was found so far, to say at the end what a source is.
#[derive(Default)]
pub(super) struct Seen {
    pub text: bool,
    pub event: bool,
    /// A record that could not be read.
    pub damage: bool,
    /// Well-formed JSON that is no event.
    pub foreign: bool,
    pub ocsf: bool,
    pub record_array: bool,
    pub digest: bool,
    pub signature: bool,
    /// The source was already said to be something else.
    pub classified: bool,
    /// Broken JSON between records was reported; once is enough.
    pub broken_envelope: bool,
    /// Messages by which CloudWatch Logs tests a subscription.
    pub control_messages: u64,
    /// The shape of the rows that records were made of, and their columns.
    pub rows: Option<(Shape, Columns)>,
    /// Rows in which a spreadsheet rounded an account number.
    pub rounded: u64,
}

impl Seen {
    /// Why there are no events, if there are none.
    pub fn nothing(&self) -> Option<Fault> {
        Some(match self {
            _ if self.event || self.classified => return None,
            Seen { signature: true, .. } => Fault::NotCloudTrail(NotCloudTrail::LakeSignature),
            Seen { digest: true, .. } => Fault::NotCloudTrail(NotCloudTrail::Digest),
            Seen { record_array: true, damage: true, .. } => return None,
            Seen { record_array: true, foreign: false, .. } => Fault::NotCloudTrail(NotCloudTrail::NoRecords),
            Seen { ocsf: true, .. } => Fault::NotCloudTrail(NotCloudTrail::Ocsf),
            Seen { text: true, .. } => Fault::NotCloudTrail(NotCloudTrail::OtherJson),
            _ => Fault::Empty,
        })
    }

    pub fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        if self.control_messages > 0 {
            notes.push(Note::ControlMessages { count: self.control_messages });
        }
        if let Some((shape, columns)) = self.rows
            && !columns.lacking().is_empty()
        {
            notes.push(Note::Lacks { shape, fields: columns.lacking() });
        }
        if self.rounded > 0 {
            notes.push(Note::RoundedAccounts { count: self.rounded });
        }
        notes
    }
}

/// A digest lists log files and their hashes (CloudTrail user guide, "CloudTrail digest file structure").
pub(super) fn is_digest(object: &str) -> bool {
    let has = |key: &str| memchr::memmem::find(object.as_bytes(), key.as_bytes()).is_some();
    has("\"digestStartTime\"") && has("\"logFiles\"")
}

/// The signature file of CloudTrail Lake results lists result files and their hashes (user guide, "Validate saved query
/// results").
pub(super) fn is_signature(object: &str) -> bool {
    let has = |key: &str| memchr::memmem::find(object.as_bytes(), key.as_bytes()).is_some();
    has("\"hashSignature\"") && has("\"fileHashValue\"")
}
