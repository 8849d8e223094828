//! Questions of the page, asked of the session.

use super::Shard;
use crate::platform::pump;
use crate::protocol::{Account, Answer, Bytes, Filter, Finding, Question};
use analyzer_core::detect::{self, Selection};
use analyzer_core::event::EventKey;
use analyzer_core::field::{FieldRef, find};
use analyzer_core::predicate::{Case, Glob, Matcher, Predicate, Test, parse};
use analyzer_core::view::page::KeyQuestion;
use analyzer_core::view::timeline::Buckets;

/// How long reading waits for the rest of a page, in milliseconds, if the page has lost interest.
const HOLD: f64 = 200.0;

/// What the page wants to see, as a predicate of the core.
pub(super) fn predicate(filter: &Filter) -> Predicate {
    let mut all = vec![parse(&filter.query, filter.now_ms).predicate];
    if let Some((from_ms, end_ms)) = filter.range {
        let matcher = Matcher::TimeRange { from_ms, to_ms: end_ms.saturating_sub(1) };
        all.push(Predicate::Test(Test { field: FieldRef::parse("eventTime"), matcher }));
    }
    if let Some(ids) = &filter.ids {
        let test = |id| Predicate::Test(Test { field: FieldRef::parse("eventID"), matcher: Matcher::Text(id) });
        all.push(Predicate::Any(ids.texts().unwrap_or_default().into_iter().map(test).collect()));
    }
    Predicate::All(all)
}

impl Shard {
    pub(super) fn answer(&mut self, question: Question) -> Answer {
        match question {
            Question::Overview => Answer::Overview(self.session.overview().into()),
            Question::Timeline { start_ms, bucket_ms, count } => self.timeline(Buckets { start_ms, bucket_ms, count }),
            Question::Samples => {
                let samples = self.session.samples();
                if samples.count > 0 {
                    self.hold_until = pump::now_ms() + HOLD;
                }
                Answer::Samples(samples.into())
            }
            Question::Keys { from, at_most } => match from.keys().first() {
                Some(&from) => Answer::Keys(self.keys(from, at_most).into()),
                None => Answer::Done,
            },
            Question::Rows { start, end } => {
                self.hold_until = 0.0;
                Answer::Rows(self.session.rows(start..end).into_iter().map(Into::into).collect())
            }
            Question::Top { field, prefix, limit, among } => {
                let fitting = Glob::new([prefix.as_str(), ""], Case::Ignored);
                let (fitting, limit) = ((!prefix.is_empty()).then_some(&fitting), limit as usize);
                let top = find(&field).and_then(|field| match among {
                    Some(among) => self.session.top_among(&predicate(&among), field, fitting, limit),
                    None => self.session.top(field, fitting, limit),
                });
                Answer::Top(top.map(Into::into))
            }
            Question::CountValues { field, values, among } => {
                let counts = find(&field).map(|field| match among {
                    Some(among) => self.session.count_values_among(&predicate(&among), field, &values),
                    None => self.session.count_values(field, &values),
                });
                Answer::Counts(counts.unwrap_or_default())
            }
            // Needs the file: the pump answers it.
            Question::Raw { .. } => Answer::Raw(None),
            Question::Ids => Answer::Packed(Bytes::of_claims(&self.session.claims())),
            Question::DropDuplicates(claims) => {
                self.session.drop_duplicates(&claims.claims());
                Answer::Done
            }
            Question::Selection => Answer::Packed(Bytes::of_selection(self.session.selection())),
            Question::Judge(selections) => Answer::Findings(self.judge(&selections)),
            Question::Memory => Answer::Memory(self.session.memory() as u64),
            Question::Accounts => Answer::Accounts(self.session.accounts().iter().map(Account::from).collect()),
        }
    }

    fn keys(&mut self, from: EventKey, at_most: u32) -> analyzer_core::view::page::KeyRun {
        self.session.keys(KeyQuestion { from, at_most: at_most as usize })
    }

    /// All matching events, and those with an error.
    fn timeline(&mut self, buckets: Buckets) -> Answer {
        let failed = Predicate::Test(Test { field: FieldRef::parse("errorCode"), matcher: Matcher::Exists });
        let all = self.session.timeline(buckets).counts;
        Answer::Timeline(all, self.session.timeline_where(buckets, &failed).counts)
    }

    fn judge(&self, selections: &[Bytes]) -> Vec<Finding> {
        let mut merged = Selection::default();
        for part in selections.iter().filter_map(|bytes| bytes.selection().ok()) {
            merged.merge(part);
        }
        let mut findings: Vec<detect::Finding> =
            self.builtins.iter().zip(merged.events).flat_map(|(builtin, events)| builtin.findings(events)).collect();
        detect::sort(&mut findings);
        findings.into_iter().map(Finding::from).collect()
    }
}
