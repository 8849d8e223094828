//! Questions of the page, asked of the session.

use super::Shard;
use crate::platform::pump;
use crate::protocol::{
    self, Account, Answer, Bytes, Filter, Finding, Fitting, Keys, Parcel, Profile, Question, RuleCard, RuleFile, Rules,
};
use analyzer_core::detect::sigma::Refused;
use analyzer_core::detect::{self, RuleSet, Selection, pack};
use analyzer_core::field::{Field, FieldRef, find};
use analyzer_core::predicate::{Case, Glob, Matcher, Predicate, Test, parse};
use analyzer_core::session::Among;
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

fn meant(among: &protocol::Among) -> Among {
    match among {
        protocol::Among::Matching => Among::Matching,
        protocol::Among::Subject => Among::Subject,
        protocol::Among::These(filter) => Among::These(predicate(filter)),
    }
}

impl Shard {
    pub(super) fn answer(&mut self, question: Question) -> Answer {
        match question {
            Question::Overview(among) => Answer::Overview(self.session.overview_of(&meant(&among)).into()),
            Question::Timeline { start_ms, bucket_ms, count, field, values, among } => {
                let buckets = Buckets { start_ms, bucket_ms, count };
                Answer::Timeline(find(&field).map_or_else(Vec::new, |field| {
                    let split = self.session.timeline_split_of(&meant(&among), buckets, field, &values);
                    [split.missing, split.others].into_iter().chain(split.of_values).collect()
                }))
            }
            Question::CountIds { lists, among } => {
                let among = meant(&among);
                let texts = lists.iter().map(|ids| ids.texts().unwrap_or_default());
                Answer::IdCounts(texts.map(|ids| self.session.count_ids(&among, &ids)).collect())
            }
            Question::Samples { by } => {
                let samples: protocol::Samples = match by.and_then(|by| find(&by)) {
                    Some(field) => self.session.samples_by(field).into(),
                    None => self.session.samples().into(),
                };
                if samples.count() > 0 {
                    self.hold_until = pump::now_ms() + HOLD;
                }
                Answer::Samples(samples)
            }
            Question::Keys { by, from, at_most } => self.keys(by, &from, at_most),
            Question::Rows { by, start, end, fields } => {
                self.hold_until = 0.0;
                let fields: Vec<&Field> = fields.iter().filter_map(|name| find(name)).collect();
                let rows = self.session.table_rows(by.and_then(|by| find(&by)), start..end, &fields);
                Answer::Rows(rows.as_slice().into())
            }
            Question::Cells { event_id, fields } => {
                let fields: Vec<&Field> = fields.iter().filter_map(|name| find(name)).collect();
                Answer::Rows(self.session.table_row_of(&event_id, &fields).as_slice().into())
            }
            Question::Tops { fields, fitting, limit, among } => {
                let fitting = match fitting {
                    Fitting::Any => None,
                    Fitting::Beginning(text) => Some(Glob::new([text.as_str(), ""], Case::Ignored)),
                    Fitting::Containing(text) => Some(Glob::new(["", text.as_str(), ""], Case::Ignored)),
                };
                let fields: Vec<&Field> = fields.iter().filter_map(|name| find(name)).collect();
                let tops = self.session.tops(&meant(&among), &fields, fitting.as_ref(), limit as usize);
                Answer::Tops(tops.into_iter().map(Into::into).collect())
            }
            Question::CountValues { asked, among } => {
                let asked: Vec<(&Field, &[String])> =
                    asked.iter().filter_map(|(name, values)| Some((find(name)?, values.as_slice()))).collect();
                Answer::Counts(self.session.count_values(&meant(&among), &asked))
            }
            Question::Marks { field, limit, among } => Answer::Marks(match find(&field) {
                Some(field) => self.session.marks(&meant(&among), field, limit as usize).into(),
                None => protocol::Marks::default(),
            }),
            // These need files: the pump answers them.
            Question::Reread { .. } => Answer::Reread(None),
            Question::Export { .. } => Answer::Export(protocol::Pieces::default()),
            Question::Ids => Answer::Packed(Bytes::of_claims(&self.session.claims()).into()),
            Question::DropDuplicates(claims) => {
                self.session.drop_duplicates(&claims.open().claims());
                Answer::Done
            }
            Question::Selection => {
                Answer::Packed(Bytes::of_selection(&self.session.selection_of(self.first_plugin())).into())
            }
            Question::Picked(plugin) => {
                Answer::Packed(Bytes::of_picked(&self.session.picked(self.first_plugin() + plugin as usize)).into())
            }
            Question::Judge(selections) => Answer::Findings(self.judge(&selections)),
            Question::Rules => Answer::Rules(self.rules()),
            Question::Rule(detector) => Answer::Rule(self.rule(&detector)),
            Question::These(ids) => {
                let rows = self.session.rows_of(ids.iter().map(String::as_str));
                Answer::These(rows.into_iter().map(Into::into).collect())
            }
            Question::Memory => Answer::Memory(self.session.memory() as u64),
            Question::Accounts => Answer::Accounts(self.session.accounts().iter().map(Account::from).collect()),
        }
    }

    fn keys(&mut self, by: Option<String>, from: &Keys, at_most: u32) -> Answer {
        let Some(from) = from.keys().pop() else { return Answer::Done };
        let at_most = at_most as usize;
        Answer::Keys(match by.and_then(|by| find(&by)) {
            Some(field) => self.session.keys_by(field, &KeyQuestion { from, at_most }).into(),
            None => self.session.keys(KeyQuestion { from: from.1, at_most }).into(),
        })
    }

    /// The number of the first plugin among all detectors: they stand behind the rules.
    fn first_plugin(&self) -> usize {
        self.session.detectors().len() + self.own_rules.0.detectors().len()
    }

    /// These rules run beside the bundled ones from now on, and events are selected for these plugins.
    pub(super) fn set_rules(&mut self, files: &[RuleFile], plugins: Vec<Profile>) {
        let loaded = pack::beside(files.iter().map(|file| (file.path.as_str(), file.text.as_str())));
        let rules = RuleSet::new(loaded.rules);
        let mut late = rules.detectors().to_vec();
        // The plugin's own worker has said that the query is one.
        late.extend(plugins.into_iter().filter_map(|profile| plugin_host::detector(&profile.into()).ok()));
        self.session.set_late_detectors(late, pump::seed());
        self.own_rules = (rules, loaded.refused);
    }

    fn rules(&self) -> Rules {
        let (set, refused) = &self.own_rules;
        let own = set.rules().iter().filter(|rule| !rule.meta.is_bundled);
        let detectors = self.session.detectors().iter().chain(set.detectors());
        let text = |refused: &Refused| {
            let rule = refused.rule.as_ref().map_or(String::new(), |rule| format!(" ({rule})"));
            format!("{}:{}: {}{rule}", refused.file, refused.line, refused.why)
        };
        Rules {
            ids: detectors.map(|detector| detector.id.clone()).collect(),
            titles: own.map(|rule| rule.meta.title.clone()).collect(),
            refused: refused.iter().map(text).collect(),
        }
    }

    /// A rule of the user stands in the place of the bundled one with the same name.
    fn rule(&self, detector: &str) -> Option<RuleCard> {
        let in_set = |set: &RuleSet| {
            let at = set.detectors().iter().position(|known| known.id == detector)?;
            set.rules().get(at).map(|rule| RuleCard::from(&rule.meta))
        };
        in_set(&self.own_rules.0).or_else(|| in_set(&self.rules))
    }

    fn judge(&self, selections: &[Parcel]) -> Vec<Finding> {
        let mut merged = Selection::default();
        for part in selections.iter().filter_map(|parcel| parcel.open().selection().ok()) {
            merged.merge(part);
        }
        let own = merged.events.split_off(merged.events.len().min(self.rules.rules().len()));
        let mut findings = self.rules.findings(merged.events);
        // A rule of the user stands in the place of the bundled one with the same name.
        let names: Vec<&str> = self.own_rules.0.detectors().iter().map(|detector| detector.id.as_str()).collect();
        findings.retain(|finding| !names.contains(&finding.detector.as_str()));
        findings.extend(self.own_rules.0.findings(own));
        detect::sort(&mut findings);
        findings.into_iter().map(Finding::from).collect()
    }
}
