//! Twins of the core's answers.

use super::packed::Bytes;
use super::said::Said;
use analyzer_core::detect;
use analyzer_core::detect::sigma::Meta;
use analyzer_core::event::EventRow;
use analyzer_core::predicate::{Explanation, Part};
use analyzer_core::problem::{Fault, SourceAccount};
use analyzer_core::view::page::FieldKey;
use analyzer_core::view::{distinct, overview, page, subject, top};
use serde::{Deserialize, Serialize};

/// Two moments in milliseconds since 1970.
pub type Span = (i64, i64);

/// Twin of [`overview::Overview`].
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Overview {
    events: u64,
    matching: u64,
    untimed: u64,
    errors: u64,
    span_ms: Option<Span>,
    extent_ms: Option<Span>,
}

impl From<overview::Overview> for Overview {
    fn from(o: overview::Overview) -> Overview {
        let overview::Overview { events, matching, untimed, errors, span_ms, extent_ms } = o;
        Overview { events, matching, untimed, errors, span_ms, extent_ms }
    }
}

impl From<Overview> for overview::Overview {
    fn from(o: Overview) -> overview::Overview {
        let Overview { events, matching, untimed, errors, span_ms, extent_ms } = o;
        overview::Overview { events, matching, untimed, errors, span_ms, extent_ms }
    }
}

/// Keys of events in the order of a field's values, or of time: then no values are named.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Keys {
    keys: Bytes,
    values: Option<Bytes>,
}

impl Keys {
    /// Of keys in the order of a field's values.
    pub fn of(keys: &[FieldKey]) -> Keys {
        let values = keys.iter().map(|(value, _)| value.as_deref());
        let are_named = values.clone().any(|value| value.is_some());
        Keys {
            keys: Bytes::of_keys(keys.iter().map(|(_, key)| key)),
            values: are_named.then(|| Bytes::of_values(values)),
        }
    }

    /// The keys again.
    pub fn keys(&self) -> Vec<FieldKey> {
        let keys = self.keys.keys();
        let values = self.values.as_ref().and_then(|values| values.values().ok()).unwrap_or_default();
        let values = values.into_iter().chain(std::iter::repeat(None));
        values.zip(keys).collect()
    }
}

/// Twin of [`page::Samples`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Samples {
    count: u64,
    keys: Keys,
}

impl Samples {
    /// How many events match.
    pub fn count(&self) -> u64 {
        self.count
    }
}

impl From<page::Samples<FieldKey>> for Samples {
    fn from(s: page::Samples<FieldKey>) -> Samples {
        Samples { count: s.count, keys: Keys::of(&s.keys) }
    }
}

impl From<page::Samples> for Samples {
    fn from(s: page::Samples) -> Samples {
        Samples { count: s.count, keys: Keys { keys: Bytes::of_keys(&s.keys), values: None } }
    }
}

impl From<Samples> for page::Samples<FieldKey> {
    fn from(s: Samples) -> page::Samples<FieldKey> {
        page::Samples { count: s.count, keys: s.keys.keys() }
    }
}

/// Twin of [`page::KeyRun`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeyRun {
    before: u64,
    keys: Keys,
}

impl From<page::KeyRun<FieldKey>> for KeyRun {
    fn from(r: page::KeyRun<FieldKey>) -> KeyRun {
        KeyRun { before: r.before, keys: Keys::of(&r.keys) }
    }
}

impl From<page::KeyRun> for KeyRun {
    fn from(r: page::KeyRun) -> KeyRun {
        KeyRun { before: r.before, keys: Keys { keys: Bytes::of_keys(&r.keys), values: None } }
    }
}

impl From<KeyRun> for page::KeyRun<FieldKey> {
    fn from(r: KeyRun) -> page::KeyRun<FieldKey> {
        page::KeyRun { before: r.before, keys: r.keys.keys() }
    }
}

/// Twin of [`distinct::Marks`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Marks {
    lowest: Bytes,
    is_whole: bool,
}

impl From<distinct::Marks> for Marks {
    fn from(m: distinct::Marks) -> Marks {
        Marks { lowest: Bytes(m.lowest.iter().flat_map(|mark| mark.to_le_bytes()).collect()), is_whole: m.is_whole }
    }
}

impl From<Marks> for distinct::Marks {
    fn from(m: Marks) -> distinct::Marks {
        let lowest = m.lowest.0.as_chunks().0.iter().map(|mark| u64::from_le_bytes(*mark)).collect();
        distinct::Marks { lowest, is_whole: m.is_whole }
    }
}

/// The user's rules: how many run, and which were refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// Ids of all detectors, those of the bundled rules too: no plugin may have one of them. Untrusted text.
    pub ids: Vec<String>,
    /// Titles of those that run. Untrusted text.
    pub titles: Vec<String>,
    /// What was refused: file, line and why in one text each. Untrusted text.
    pub refused: Vec<String>,
}

/// What a rule says of itself. Untrusted texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleCard {
    /// What it looks for and why that matters.
    pub description: String,
    /// Where to read more.
    pub references: Vec<String>,
    /// File and line; `None` for one that comes with Trailglass.
    pub place: Option<String>,
}

impl From<&Meta> for RuleCard {
    fn from(meta: &Meta) -> RuleCard {
        RuleCard {
            description: meta.description.clone(),
            references: meta.references.clone(),
            place: (!meta.is_bundled).then(|| meta.place()),
        }
    }
}

/// One event whose record was read again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reread {
    /// Its record. Untrusted text.
    pub raw: String,
    /// The path of its file, with that of the member in it.
    pub path: String,
    /// The event in a sentence.
    pub sentence: Option<Said>,
    /// Who and what it is about.
    pub subjects: Vec<Subject>,
    /// The tests of the query, in their order; empty without a query.
    pub why: Vec<WhyTest>,
}

/// Twin of [`subject::Subject`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// What it is, such as `Access key`.
    pub kind: String,
    /// The field that names it.
    pub field: String,
    /// Its name, address or ARN. Untrusted text.
    pub value: String,
    /// The query that finds all about it.
    pub query: String,
}

impl From<subject::Subject> for Subject {
    fn from(s: subject::Subject) -> Subject {
        Subject { kind: s.kind.to_owned(), field: s.field, value: s.value, query: s.query }
    }
}

/// What became of a test of the query for one event. Twin of a part of [`Explanation`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhyTest {
    /// The test, as a query.
    pub test: String,
    /// Whether it holds.
    pub holds: bool,
    /// Whether the whole matches, or does not, because of it.
    pub decided: bool,
    /// What the field holds. Untrusted text.
    pub values: Vec<String>,
}

impl From<&Explanation> for WhyTest {
    fn from(e: &Explanation) -> WhyTest {
        let values = if let Part::Test { values } = &e.part { values.clone() } else { Vec::new() };
        WhyTest { test: e.text.clone(), holds: e.holds, decided: e.decided, values }
    }
}

/// Twin of [`top::Top`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Top {
    values: Vec<(String, u64)>,
    next: u64,
    distinct: u64,
    present: u64,
    missing: u64,
}

impl From<top::Top> for Top {
    fn from(t: top::Top) -> Top {
        Top { values: t.values, next: t.next, distinct: t.distinct, present: t.present, missing: t.missing }
    }
}

impl From<Top> for top::Top {
    fn from(t: Top) -> top::Top {
        top::Top { values: t.values, next: t.next, distinct: t.distinct, present: t.present, missing: t.missing }
    }
}

/// Twin of [`EventRow`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    time_ms: Option<i64>,
    event_id: String,
    event_name: Option<String>,
    event_source: Option<String>,
    region: Option<String>,
    principal: String,
    source_address: Option<String>,
    user_agent: Option<String>,
    error_code: Option<String>,
    account: Option<String>,
}

impl From<EventRow> for Row {
    fn from(r: EventRow) -> Row {
        Row {
            time_ms: r.time_ms,
            event_id: r.event_id,
            event_name: r.event_name,
            event_source: r.event_source,
            region: r.region,
            principal: r.principal,
            source_address: r.source_address,
            user_agent: r.user_agent,
            error_code: r.error_code,
            account: r.account,
        }
    }
}

impl From<Row> for EventRow {
    fn from(r: Row) -> EventRow {
        EventRow {
            time_ms: r.time_ms,
            event_id: r.event_id,
            event_name: r.event_name,
            event_source: r.event_source,
            region: r.region,
            principal: r.principal,
            source_address: r.source_address,
            user_agent: r.user_agent,
            error_code: r.error_code,
            account: r.account,
        }
    }
}

/// Twin of [`detect::Finding`], as far as the page shows it. The evidence stays packed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Its stable id.
    pub id: String,
    /// Id of the detector.
    pub detector: String,
    /// Version of the detector; empty if it has none.
    pub version: String,
    /// The headline.
    pub title: String,
    /// Name of the severity.
    pub severity: String,
    /// ATT&CK tactic ids.
    pub tactics: Vec<String>,
    /// ATT&CK technique ids.
    pub techniques: Vec<String>,
    /// Why the detector fired. May hold text from the logs.
    pub why: String,
    /// The values that its events have in common, with the names of their fields. May hold text from the logs.
    pub group: Vec<(String, Option<String>)>,
    /// Time of the first event in milliseconds since 1970, if it has one.
    pub first_ms: Option<i64>,
    /// Time of the last event.
    pub last_ms: Option<i64>,
    /// How many events are evidence.
    pub count: u64,
    /// The ids of these events, packed.
    pub event_ids: Bytes,
    /// What else could explain it.
    pub false_positives: Vec<String>,
}

impl From<detect::Finding> for Finding {
    fn from(f: detect::Finding) -> Finding {
        let timed = |ms: i64| (ms != analyzer_core::event::NO_TIME).then_some(ms);
        Finding {
            event_ids: Bytes::of_texts(f.events.iter().map(|event| event.event_id.as_str())),
            id: f.id,
            detector: f.detector,
            version: f.detector_version,
            title: f.title,
            severity: f.severity.name().to_owned(),
            tactics: f.tactics,
            techniques: f.techniques,
            why: f.why,
            group: f.group,
            first_ms: timed(f.first_ms),
            last_ms: timed(f.last_ms),
            count: f.count,
            false_positives: f.false_positives,
        }
    }
}

/// Twin of [`SourceAccount`], with its problems in words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Number of the source; `None` if no shard ever saw it.
    pub ordinal: Option<u32>,
    /// 0 for a source, 1 and up for the files of an archive.
    pub member: u32,
    /// Name or path of the source. Untrusted text.
    pub name: String,
    /// What it is, in words, if it is wrapped or holds events.
    pub what: Option<Said>,
    /// Bytes as they came in.
    pub bytes_read: u64,
    /// Bytes after inflation.
    pub bytes_inflated: u64,
    /// Records found.
    pub seen: u64,
    /// Records that became events.
    pub kept: u64,
    /// Records that were there before.
    pub duplicate: u64,
    /// Records that could not be read.
    pub rejected: u64,
    /// Kept events without a readable time.
    pub untimed: u64,
    /// The first rejections, in words.
    pub rejections: Vec<Said>,
    /// What is wrong with the source as a whole, in words.
    pub faults: Vec<Said>,
    /// What there is to know about it although nothing is wrong, in words.
    pub notes: Vec<Said>,
    /// Whether nothing is wrong.
    pub is_clean: bool,
    /// Whether it was left because memory ran out.
    pub lacked_memory: bool,
}

impl From<&SourceAccount> for Account {
    fn from(a: &SourceAccount) -> Account {
        let (quiet, faults): (Vec<&Fault>, Vec<&Fault>) = a.faults.iter().partition(|fault| fault.is_quiet());
        let notes = a.notes.iter().map(|note| note.said().into());
        Account {
            ordinal: Some(a.ordinal),
            member: a.member,
            name: a.name.clone(),
            what: a.what().map(Into::into),
            bytes_read: a.bytes_read,
            bytes_inflated: a.bytes_inflated,
            seen: a.seen,
            kept: a.kept,
            duplicate: a.duplicate,
            rejected: a.rejected,
            untimed: a.untimed,
            rejections: a.rejections.iter().map(|rejection| rejection.said().into()).collect(),
            faults: faults.into_iter().map(|fault| fault.said().into()).collect(),
            notes: quiet.into_iter().map(|fault| fault.said().into()).chain(notes).collect(),
            is_clean: a.is_clean(),
            lacked_memory: a.faults.contains(&Fault::NoMemory),
        }
    }
}

/// Accounts added up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Sources.
    pub sources: u64,
    /// Sources with a problem.
    pub sources_with_problems: u64,
    /// Bytes as they came in.
    pub bytes_read: u64,
    /// Bytes after inflation.
    pub bytes_inflated: u64,
    /// Records found.
    pub seen: u64,
    /// Records that became events.
    pub kept: u64,
    /// Records that were there before.
    pub duplicate: u64,
    /// Records that could not be read.
    pub rejected: u64,
}

impl Totals {
    /// Adds one account.
    pub fn add(&mut self, account: &Account) {
        self.sources += 1;
        self.sources_with_problems += u64::from(!account.is_clean);
        // What a file takes in its archive is read as a part of that.
        if account.member == 0 {
            self.bytes_read += account.bytes_read;
        }
        self.bytes_inflated += account.bytes_inflated;
        self.seen += account.seen;
        self.kept += account.kept;
        self.duplicate += account.duplicate;
        self.rejected += account.rejected;
    }
}
