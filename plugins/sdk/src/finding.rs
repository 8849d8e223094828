//! What a detector returns.

use std::collections::BTreeSet;

use crate::bindings::exports::trailglass::detector::detector as wire;
use crate::{Row, Severity};

/// Something that was found in one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The events that show it, by the host's numbers.
    pub rows: Vec<u32>,
    /// Why it fired, in one sentence, with the numbers that decided.
    pub why: String,
    /// A title instead of the manifest's name.
    pub title: Option<String>,
    /// A severity instead of the manifest's.
    pub severity: Option<Severity>,
}

impl Finding {
    /// A finding that these events show (rows, or structs of [`rows!`](crate::rows!)), and why it fired. An event that comes
    /// several times counts once.
    pub fn new<'a>(rows: impl IntoIterator<Item = impl Into<Row<'a>>>, why: impl Into<String>) -> Self {
        let mut seen = BTreeSet::new();
        let rows = rows.into_iter().map(|row| row.into().number()).filter(|&row| seen.insert(row)).collect();
        Self { rows, why: why.into(), title: None, severity: None }
    }

    /// The same with a title of its own.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// The same with a severity of its own.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    pub(crate) fn into_wire(self) -> wire::Finding {
        let Self { rows, why, title, severity } = self;
        wire::Finding { rows, why, title, severity }
    }
}
