//! The messages.

use super::export::{Exporting, Pieces};
use super::packed::Bytes;
use super::parcel::Parcel;
use super::plugin::Profile;
use super::said::Said;
use super::table::TableRows;
use super::twin::{Account, Finding, KeyRun, Keys, Marks, Overview, Reread, Row, RuleCard, Rules, Samples, Span, Top};
use crate::platform::files::FileHandle;
use serde::{Deserialize, Serialize};

/// Version of the messages: the first thing that a worker says.
pub const VERSION: u32 = 11;

/// A file for a shard to read.
#[derive(Clone, Serialize, Deserialize)]
pub struct FileToRead {
    /// Its number; unique over all shards.
    pub ordinal: u32,
    /// The path by which the user knows it.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
    /// What it is read through.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub handle: FileHandle,
}

/// From the page to a shard.
#[derive(Serialize, Deserialize)]
pub enum ToShard {
    /// Read these files, after those that wait already.
    Read(Vec<FileToRead>),
    /// Read no further: what waits is closed unread.
    Leave(Left),
    /// Answers from now on are about the events that match. The number is another one for each filter.
    Filter(u32, Filter),
    /// These rules run beside the bundled ones, in the place of those that did, and events are selected for these plugins.
    /// The number is another one each time.
    Rules(u32, Vec<RuleFile>, Vec<Profile>),
    /// Answers about [`Among::Subject`] from now on are about the events that match. The number is another one each time.
    Subject(u32, Filter),
    /// A question with its number.
    Ask(u32, Question),
}

/// A file of Sigma rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleFile {
    /// The path by which the user knows it.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Why files are left before their end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Left {
    /// The user cancelled.
    #[default]
    Cancelled,
    /// A shard ran out of memory.
    NoMemory,
}

/// Which events are meant.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Filter {
    /// Text in the search language.
    pub query: String,
    /// The time of the newest event, from which times such as `now-1h` are counted, in milliseconds since 1970.
    pub now_ms: Option<i64>,
    /// Start and end (not included) in milliseconds since 1970.
    pub range: Option<Span>,
    /// Only events with these ids.
    pub ids: Option<Bytes>,
}

/// Which events a question is about.
#[derive(Clone, Serialize, Deserialize)]
pub enum Among {
    /// Those that match the filter.
    Matching,
    /// Those of the subject.
    Subject,
    /// Those that match this one, as far as columns can tell.
    These(Filter),
}

/// Which values of a field are meant. ASCII case does not matter.
#[derive(Clone, Serialize, Deserialize)]
pub enum Fitting {
    /// All.
    Any,
    /// Those that begin so.
    Beginning(String),
    /// Those that have this anywhere.
    Containing(String),
}

/// What a shard can be asked.
#[derive(Clone, Serialize, Deserialize)]
pub enum Question {
    /// How many events there are, and over which time.
    Overview(Among),
    /// How many events are in each bucket, split by some values of a field.
    Timeline {
        /// Start of the first bucket, in milliseconds since 1970.
        start_ms: i64,
        /// Width of a bucket in milliseconds.
        bucket_ms: i64,
        /// How many buckets.
        count: u32,
        /// Name of the field.
        field: String,
        /// The values.
        values: Vec<String>,
        /// Of which events.
        among: Among,
    },
    /// For each of these lists of event ids, how many of these events are meant.
    CountIds {
        /// The lists, packed.
        lists: Vec<Bytes>,
        /// Among which events.
        among: Among,
    },
    /// First step of a page (see the core's `view::page`). The shard reads no further for a moment, so that all three
    /// steps see the same events.
    Samples {
        /// In the order of this field's values; of time, if none is named.
        by: Option<String>,
    },
    /// Second step of a page.
    Keys {
        /// In the order of this field's values.
        by: Option<String>,
        /// From this key on: one key.
        from: Keys,
        /// And not more than these.
        at_most: u32,
    },
    /// Third step of a page.
    Rows {
        /// In the order of this field's values.
        by: Option<String>,
        /// First matching row, counted in that order.
        start: u64,
        /// Behind the last.
        end: u64,
        /// Names of the fields whose values are asked for.
        fields: Vec<String>,
    },
    /// What the shard writes of an export of these matching rows, counted in time order. It may be fewer.
    Export {
        /// First row.
        start: u64,
        /// Behind the last.
        end: u64,
        /// How they are written.
        how: Exporting,
    },
    /// The most frequent values of fields. First step of the core's `view::top`.
    Tops {
        /// Names of the fields.
        fields: Vec<String>,
        /// Which values.
        fitting: Fitting,
        /// At most so many of each field.
        limit: u32,
        /// Of which events.
        among: Among,
    },
    /// Its second step: how often each of these values comes.
    CountValues {
        /// Names of fields, each with values.
        asked: Vec<(String, Vec<String>)>,
        /// Among which events.
        among: Among,
    },
    /// Marks of a field's values: see the core's `view::distinct`.
    Marks {
        /// Name of the field.
        field: String,
        /// At most so many.
        limit: u32,
        /// Of which events.
        among: Among,
    },
    /// One event in full.
    Reread {
        /// Its id.
        event_id: String,
        /// What is looked for: why it matches is told.
        query: String,
        /// What `now` is in it.
        now_ms: Option<i64>,
    },
    /// The row of one event.
    Cells {
        /// Its id.
        event_id: String,
        /// Names of the fields whose values are asked for.
        fields: Vec<String>,
    },
    /// The ids of all events with the numbers of their sources.
    Ids,
    /// Another shard's ids: drop what it has from an earlier source.
    DropDuplicates(Parcel),
    /// What the rules selected.
    Selection,
    /// What was selected for the plugin of this place among those that were given with the rules.
    Picked(u32),
    /// What the built-in detections find in these selections of all shards.
    Judge(Vec<Parcel>),
    /// The user's rules.
    Rules,
    /// The rule behind a detector with this id.
    Rule(String),
    /// The events with these ids, as rows of a table.
    These(Vec<String>),
    /// The accounts of all closed sources.
    Accounts,
    /// How many bytes of memory the events take.
    Memory,
}

/// A shard's answer.
#[derive(Clone, Serialize, Deserialize)]
pub enum Answer {
    /// To [`Question::Overview`].
    Overview(Overview),
    /// To [`Question::Timeline`]: one count a bucket for events without the field, for those with another value, and for
    /// those with each of the values.
    Timeline(Vec<Vec<u64>>),
    /// To [`Question::CountIds`], in their order.
    IdCounts(Vec<u64>),
    /// To [`Question::Samples`].
    Samples(Samples),
    /// To [`Question::Keys`].
    Keys(KeyRun),
    /// To [`Question::These`]: those that this shard has.
    These(Vec<Row>),
    /// To [`Question::Rows`], and to [`Question::Cells`], if this shard has the event.
    Rows(TableRows),
    /// To [`Question::Export`].
    Export(Pieces),
    /// To [`Question::Tops`], in the order of the fields.
    Tops(Vec<Top>),
    /// To [`Question::CountValues`], in their order.
    Counts(Vec<Vec<u64>>),
    /// To [`Question::Marks`].
    Marks(Marks),
    /// To [`Question::Reread`], if this shard has the event: its row, and its record or why that cannot be read again.
    Reread(Option<Box<(Row, Result<Reread, Said>)>>),
    /// To [`Question::Ids`], [`Question::Selection`] and [`Question::Picked`].
    Packed(Parcel),
    /// To [`Question::DropDuplicates`].
    Done,
    /// To [`Question::Judge`], worst first.
    Findings(Vec<Finding>),
    /// To [`Question::Rules`].
    Rules(Rules),
    /// To [`Question::Rule`], if there is one.
    Rule(Option<RuleCard>),
    /// To [`Question::Accounts`].
    Accounts(Vec<Account>),
    /// To [`Question::Memory`].
    Memory(u64),
}

/// How far events are checked that only their records can tell to match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checking {
    /// Events of which it was not known when the filter came.
    pub events: u64,
    /// Those of which it is not known yet; in the end those whose files cannot be read again.
    pub open: u64,
    /// More will become known.
    pub is_running: bool,
}

impl Checking {
    /// Adds what another shard says.
    pub fn add(&mut self, other: Checking) {
        self.events += other.events;
        self.open += other.open;
        self.is_running |= other.is_running;
    }
}

/// From a shard to the page.
#[derive(Serialize, Deserialize)]
pub enum FromShard {
    /// The shard is there and speaks this version.
    Ready(u32),
    /// What it has read since it last said so.
    Progress {
        /// Bytes.
        bytes: u64,
        /// Events that it holds now.
        events: u64,
        /// Sources that were closed.
        closed: Vec<Account>,
    },
    /// A batch of files is read.
    BatchDone,
    /// It has no memory to read more and leaves its files.
    NoMemory,
    /// How far it is with reading again what columns cannot tell of the filter with this number. Said only if there is
    /// something to read.
    Checking(u32, Checking),
    /// The same for the subject with this number.
    SubjectSeen(u32, Checking),
    /// How far the user's rules with this number are with the events that were there before them.
    RulesSeen(u32, Checking),
    /// The answer to the question with this number, and how long the shard did nothing else for it, in milliseconds.
    Answer(u32, Answer, f64),
}
