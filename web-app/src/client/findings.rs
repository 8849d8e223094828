//! What there is to know about a finding beside itself: its events, and the rule behind it.

use super::wire::Kind;
use super::{Asked, Client};
use crate::protocol::{Answer, Question, RuleCard};
use analyzer_core::event::EventRow;
use std::collections::HashMap;

/// For whom events are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The finding that is open: the newest question is answered.
    Shown,
    /// A report: every question is.
    Reported,
}

impl Client {
    /// The events with these ids, in their order; those that no shard has are left out.
    pub async fn rows_of(&self, evidence: Evidence, ids: Vec<String>) -> Asked<Vec<EventRow>> {
        let kind = match evidence {
            Evidence::Shown => Kind::Evidence,
            Evidence::Reported => Kind::Settling,
        };
        let mut found = HashMap::new();
        for answer in self.ask_all(kind, Question::These(ids.clone())).await? {
            if let Answer::These(rows) = answer {
                found.extend(rows.into_iter().map(EventRow::from).map(|row| (row.event_id.clone(), row)));
            }
        }
        Some(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// The rule behind a detector; `None` inside if no rule is.
    pub async fn rule(&self, detector: &str) -> Asked<Option<RuleCard>> {
        let answers = self.ask_each(Kind::Settling, vec![(0, Question::Rule(detector.to_owned()))]).await?;
        answers.into_iter().find_map(|answer| if let Answer::Rule(card) = answer { Some(card) } else { None })
    }
}
