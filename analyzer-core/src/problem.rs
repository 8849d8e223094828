//! Faults of the data, as values, and the account that every source ends in.
//!
//! A broken record in four hundred thousand is data, not an error: it is counted, named with its place and its
//! reason, and its neighbours are kept. [`SourceAccount::reconciles`] is the promise that nothing went missing.

use crate::ingest::container::{ContainerFault, Restart, Wrapping};
use crate::said::{Said, phrase, said, said_with};
use std::fmt;

/// How many rejections of one source are kept in full. Later ones are still counted.
pub const REJECTIONS_KEPT: usize = 100;

/// How many faults of one source are kept in full. [`Fault::More`] counts the later ones.
pub const FAULTS_KEPT: usize = 100;

/// Why one record was rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The JSON is malformed at `at` (bytes from the start of the record).
    Broken {
        /// Bytes from the start of the record to the first byte that does not fit.
        at: u64,
        /// What was expected there.
        what: &'static str,
    },
    /// The source ends inside the record.
    CutOff,
    /// The record holds bytes that are not UTF-8.
    NotUtf8 {
        /// Bytes from the start of the record to the first bad byte.
        at: u64,
    },
    /// The record is longer than the limit, in bytes.
    TooLong {
        /// The limit that was passed, in bytes.
        limit: u64,
    },
    /// An element of the record array is not an object.
    NotAnObject,
    /// An object without the fields that make an event.
    NotAnEvent,
    /// An event of the Open Cybersecurity Schema Framework, which Amazon Security Lake makes of a CloudTrail event.
    Ocsf,
    /// Text between documents that is not JSON.
    NotJson,
}

impl Reason {
    /// It, in words.
    pub fn said(&self) -> Said {
        match self {
            Reason::Broken { at, what } => {
                said_with("broken JSON {} bytes into the record: {}", [(*at).into(), said(what).into()])
            }
            Reason::CutOff => said("the data ends inside this record"),
            Reason::NotUtf8 { at } => said_with("invalid UTF-8 {} bytes into the record", [(*at).into()]),
            Reason::TooLong { limit } => said_with("record longer than the limit of {} bytes", [(*limit).into()]),
            Reason::NotAnObject => said("an element of the record array is not an object"),
            Reason::NotAnEvent => said("an object without the fields of a CloudTrail event"),
            Reason::Ocsf => said("an OCSF event, not a CloudTrail record"),
            Reason::NotJson => said("text that is not JSON"),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.said().fmt(f)
    }
}

/// One rejected record: where it stood and why it was rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Offset of its first byte in the inflated source.
    pub offset: u64,
    /// Its length in bytes, as far as it could be told.
    pub length: u64,
    /// Why.
    pub reason: Reason,
}

impl Rejection {
    /// It, in words.
    pub fn said(&self) -> Said {
        let Rejection { offset, length, reason } = self;
        said_with("{} (record at byte {}, {} bytes)", [reason.said().into(), (*offset).into(), (*length).into()])
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.said().fmt(f)
    }
}

/// What is wrong with a source as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No bytes at all.
    Empty,
    /// Not CloudTrail; says what it looks like.
    NotCloudTrail(NotCloudTrail),
    /// The gzip stream ends before its trailer.
    GzipTruncated {
        /// Compressed bytes read.
        read: u64,
    },
    /// The deflate data is corrupt.
    GzipCorrupt {
        /// Compressed offset at which inflation failed.
        at: u64,
    },
    /// The inflated bytes do not have the CRC-32 or length that the gzip trailer states.
    GzipChecksum {
        /// Compressed offset of the end of the member.
        at: u64,
    },
    /// Bytes after the gzip data that are no further gzip member.
    GzipTrailing {
        /// Compressed offset of the first such byte.
        at: u64,
    },
    /// Inflated size passed the limit on the ratio: a bomb, or as good as one.
    InflationLimit {
        /// The limit: inflated bytes for each compressed byte.
        ratio: u64,
    },
    /// Something is wrong with an archive, a member of one, or another wrapping.
    Container(ContainerFault),
    /// The JSON ends before its record array or object is closed.
    Unfinished,
    /// Broken JSON outside of any record; reading went on at the next record, if there was one.
    BrokenEnvelope {
        /// Offset in the inflated source.
        at: u64,
        /// What was expected there.
        what: &'static str,
    },
    /// The edge could not read the source to its end.
    Unreadable {
        /// What the system said.
        message: String,
    },
    /// The user cancelled before the source was read to its end.
    Cancelled,
    /// The edge ran out of memory before the source was read to its end.
    NoMemory,
    /// Further faults, of which only the number is kept.
    More {
        /// How many.
        count: u64,
    },
}

/// What a source that holds no CloudTrail events looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotCloudTrail {
    /// Not JSON from the first byte on.
    NotJson,
    /// JSON, but no object in it has the fields of an event.
    OtherJson,
    /// A CloudTrail digest: a list of log files and their hashes, no events.
    Digest,
    /// The signature file of CloudTrail Lake query results: a list of result files and their hashes, no events.
    LakeSignature,
    /// Events of the Open Cybersecurity Schema Framework.
    Ocsf,
    /// `Records` exists but is not an array.
    RecordsNotArray,
    /// A record array without elements. CloudTrail writes such files for quiet periods.
    NoRecords,
    /// An archive without files.
    NoMembers,
}

impl Fault {
    /// It, in words.
    pub fn said(&self) -> Said {
        match self {
            Fault::Empty => said("empty: no bytes"),
            Fault::NotCloudTrail(NotCloudTrail::NotJson) => said("not CloudTrail: not JSON"),
            Fault::NotCloudTrail(NotCloudTrail::OtherJson) => said("not CloudTrail: JSON without CloudTrail events"),
            Fault::NotCloudTrail(NotCloudTrail::Digest) => said("a CloudTrail digest: it holds no events"),
            Fault::NotCloudTrail(NotCloudTrail::LakeSignature) => {
                said("the signature file of CloudTrail Lake query results: it holds no events")
            }
            Fault::NotCloudTrail(NotCloudTrail::Ocsf) => {
                said("not CloudTrail: OCSF events, as Amazon Security Lake keeps them")
            }
            Fault::NotCloudTrail(NotCloudTrail::RecordsNotArray) => said("not CloudTrail: \"Records\" is not an array"),
            Fault::NotCloudTrail(NotCloudTrail::NoRecords) => said("no events: the record array is empty"),
            Fault::NotCloudTrail(NotCloudTrail::NoMembers) => said("no events: the archive has no files"),
            Fault::GzipTruncated { read } => {
                said_with("gzip data is cut off after {} bytes; records before the cut were kept", [(*read).into()])
            }
            Fault::GzipCorrupt { at } => {
                said_with("gzip data is corrupt at byte {}; records before the damage were kept", [(*at).into()])
            }
            Fault::GzipChecksum { at } => {
                said_with("gzip checksum at byte {} does not match: the records may be damaged", [(*at).into()])
            }
            Fault::GzipTrailing { at } => {
                said_with("bytes after the gzip data at byte {} were not read", [(*at).into()])
            }
            Fault::InflationLimit { ratio } => {
                said_with("inflates to more than {} times its size: stopped as a possible bomb", [(*ratio).into()])
            }
            Fault::Container(fault) => fault.said(),
            Fault::Unfinished => said("the JSON ends before it is closed"),
            Fault::BrokenEnvelope { at, what } => {
                said_with("broken JSON between records at byte {}: {}", [(*at).into(), said(what).into()])
            }
            Fault::Unreadable { message } => said_with("could not be read to its end: {}", [message.as_str().into()]),
            Fault::Cancelled => said("cancelled before its end"),
            Fault::NoMemory => said("not read to its end: memory ran out"),
            Fault::More { count } => said_with("{} more faults", [(*count).into()]),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.said().fmt(f)
    }
}

impl Fault {
    /// Whether it is about the text, not about what that is wrapped in.
    pub(crate) fn is_of_text(&self) -> bool {
        use Fault::{BrokenEnvelope, Empty, More, NotCloudTrail, Unfinished};
        matches!(self, Empty | NotCloudTrail(_) | Unfinished | BrokenEnvelope { .. } | More { .. })
    }

    /// Whether nothing is wrong with a source of which this is all there is to say: CloudTrail writes files without
    /// records for quiet periods, an archive may be empty, and digests and signatures belong to its logs.
    pub fn is_quiet(&self) -> bool {
        use NotCloudTrail::{Digest, LakeSignature, NoMembers, NoRecords};
        matches!(self, Fault::NotCloudTrail(NoRecords | NoMembers | Digest | LakeSignature))
    }
}

/// How a source holds its records, told by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// `{"Records":[…]}`, as trails deliver it and the console saves its event history.
    TrailFile,
    /// An array of records.
    RecordArray,
    /// Records one after another, in lines or not.
    JsonLines,
    /// What `aws cloudtrail lookup-events` answers.
    LookupEvents,
    /// Event history, saved by the console as CSV.
    ConsoleCsv,
    /// EventBridge events with a record as their `detail`.
    EventBridge,
    /// CloudWatch Logs: what its commands answer, subscriptions deliver and exports hold.
    CloudWatchLogs,
    /// What a CloudWatch Logs Insights query answers.
    LogsInsights,
    /// What a CloudTrail Lake query answers.
    LakeQuery,
    /// What an Athena query answers.
    AthenaQuery,
    /// Another table with columns of events.
    Table,
    /// Elasticsearch documents.
    Elastic,
    /// Logstash events.
    Logstash,
    /// A Splunk export.
    Splunk,
}

impl Shape {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Shape::TrailFile => phrase("trail file"),
            Shape::RecordArray => phrase("array of records"),
            Shape::JsonLines => phrase("records one after another"),
            Shape::LookupEvents => phrase("lookup-events output"),
            Shape::ConsoleCsv => phrase("event history CSV"),
            Shape::EventBridge => phrase("EventBridge events"),
            Shape::CloudWatchLogs => phrase("CloudWatch Logs"),
            Shape::LogsInsights => phrase("Logs Insights results"),
            Shape::LakeQuery => phrase("CloudTrail Lake results"),
            Shape::AthenaQuery => phrase("Athena results"),
            Shape::Table => phrase("table of events"),
            Shape::Elastic => phrase("Elasticsearch documents"),
            Shape::Logstash => phrase("Logstash events"),
            Shape::Splunk => phrase("Splunk export"),
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What the user should know about a source although nothing is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// Messages by which CloudWatch Logs tests a subscription. They hold no record and were passed over.
    ControlMessages {
        /// How many.
        count: u64,
    },
    /// The shape cannot hold, or was not asked for, a part of what a record says.
    Lacks {
        /// Which shape.
        shape: Shape,
        /// The fields that no event of it has, of those that detections read.
        fields: Vec<&'static str>,
    },
    /// A spreadsheet rounded account numbers (`5.28758E+11`): they were left out.
    RoundedAccounts {
        /// In how many rows.
        count: u64,
    },
}

impl Note {
    /// Takes in another note that says the same: counts add up. False if that says something else.
    pub fn absorb(&mut self, other: &Note) -> bool {
        match (self, other) {
            (Note::ControlMessages { count }, Note::ControlMessages { count: more })
            | (Note::RoundedAccounts { count }, Note::RoundedAccounts { count: more }) => {
                *count += more;
                true
            }
            (known, other) => *known == *other,
        }
    }
}

impl Note {
    /// It, in words.
    pub fn said(&self) -> Said {
        match self {
            Note::ControlMessages { count } => {
                said_with("control messages of CloudWatch Logs, which hold no record: {}", [(*count).into()])
            }
            Note::Lacks { shape, fields } => {
                let fields = fields.join(", ");
                let shape = said(shape.name());
                said_with("{} without {}: detections that read them find nothing here", [shape.into(), fields.into()])
            }
            Note::RoundedAccounts { count } => {
                said_with("account numbers that a spreadsheet rounded were left out, rows: {}", [(*count).into()])
            }
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.said().fmt(f)
    }
}

/// The account of one source, or of one file in an archive: `seen = kept + duplicate + rejected`, always.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceAccount {
    /// The number that the edge gave the source; unique over all shards.
    pub ordinal: u32,
    /// 0 for the source itself. The files of an archive are counted from 1 in their order; those of an archive in it
    /// come behind that archive.
    pub member: u32,
    /// Its name or path, as the user would recognise it; "archive › path" for a member. Untrusted text.
    pub name: String,
    /// What its text is wrapped in, from outside in. An archive ends the list: what its files are wrapped in is in
    /// their accounts.
    pub wrapping: Vec<Wrapping>,
    /// From where it can be read again.
    pub restart: Restart,
    /// Bytes as they came in, compressed if the source is. For a member, the bytes that it takes in its archive: they
    /// are bytes of the source too, and [`Totals`] count only those of sources.
    pub bytes_read: u64,
    /// Bytes of text, after inflation and in UTF-8. An archive has none of its own: its members have them.
    pub bytes_inflated: u64,
    /// Records found.
    pub seen: u64,
    /// Records that became events.
    pub kept: u64,
    /// Records whose eventID an earlier record had.
    pub duplicate: u64,
    /// Records that could not be read.
    pub rejected: u64,
    /// Kept events without a readable eventTime. They sort before all others.
    pub untimed: u64,
    /// The first [`REJECTIONS_KEPT`] rejections, in order of their offsets.
    pub rejections: Vec<Rejection>,
    /// What is wrong with the source as a whole: the first [`FAULTS_KEPT`], and how many more there are.
    pub faults: Vec<Fault>,
    /// How it holds its events: each shape that was found, in order of appearance.
    pub shapes: Vec<Shape>,
    /// What there is to know about it although nothing is wrong.
    pub notes: Vec<Note>,
}

impl SourceAccount {
    /// Whether every record that was seen is accounted for.
    pub fn reconciles(&self) -> bool {
        self.seen == self.kept + self.duplicate + self.rejected
    }

    /// Whether there is nothing to tell the user about this source.
    pub fn is_clean(&self) -> bool {
        self.rejected == 0 && self.faults.iter().all(Fault::is_quiet)
    }

    /// Whether it rightly holds no events: see [`Fault::is_quiet`].
    pub fn is_quiet(&self) -> bool {
        self.is_clean() && !self.faults.is_empty()
    }

    /// What it is, in words, from inside out: "trail file in gzip". Nothing if it is neither wrapped nor holds events.
    pub fn what(&self) -> Option<Said> {
        let joined = |text: &'static str, parts: &mut dyn Iterator<Item = Said>| {
            parts.reduce(|inner, outer| said_with(text, [inner.into(), outer.into()]))
        };
        let shapes = joined(phrase("{} and {}"), &mut self.shapes.iter().map(|shape| said(shape.name())));
        let wrapping = self.wrapping.iter().rev().map(|wrapping| match wrapping.is_archive() {
            true => said_with("{} archive", [wrapping.to_string().into()]),
            false => Said::from(wrapping.to_string()),
        });
        joined(phrase("{} in {}"), &mut shapes.into_iter().chain(wrapping))
    }

    /// Writes down that events have this shape.
    pub(crate) fn has_shape(&mut self, shape: Shape) {
        if !self.shapes.contains(&shape) {
            self.shapes.push(shape);
        }
    }

    /// Writes a note down. Counts of several members of a source add up.
    pub(crate) fn note(&mut self, note: Note) {
        if !self.notes.iter_mut().any(|known| known.absorb(&note)) {
            self.notes.push(note);
        }
    }

    /// Whether it is an archive: then it has no records, but its members may.
    pub fn is_archive(&self) -> bool {
        self.wrapping.last().is_some_and(|wrapping| wrapping.is_archive())
    }

    pub(crate) fn fault(&mut self, fault: Fault) {
        if self.faults.len() < FAULTS_KEPT {
            self.faults.push(fault);
        } else if let Some(Fault::More { count }) = self.faults.last_mut() {
            *count += 1;
        } else {
            self.faults.push(Fault::More { count: 1 });
        }
    }

    pub(crate) fn reject(&mut self, rejection: Rejection) {
        self.seen += 1;
        self.rejected += 1;
        if self.rejections.len() < REJECTIONS_KEPT {
            self.rejections.push(rejection);
        }
    }
}

/// The accounts of all sources, added up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Sources opened, and members of archives.
    pub sources: u64,
    /// Sources with a rejection or a fault.
    pub sources_with_problems: u64,
    /// Bytes as they came in.
    pub bytes_read: u64,
    /// Bytes after inflation.
    pub bytes_inflated: u64,
    /// Records found.
    pub seen: u64,
    /// Records that became events.
    pub kept: u64,
    /// Records whose eventID an earlier record had.
    pub duplicate: u64,
    /// Records that could not be read.
    pub rejected: u64,
}

impl Totals {
    /// Adds one account.
    pub fn add(&mut self, account: &SourceAccount) {
        self.sources += 1;
        self.sources_with_problems += u64::from(!account.is_clean());
        if account.member == 0 {
            self.bytes_read += account.bytes_read;
        }
        self.bytes_inflated += account.bytes_inflated;
        self.seen += account.seen;
        self.kept += account.kept;
        self.duplicate += account.duplicate;
        self.rejected += account.rejected;
    }

    /// Adds up many accounts.
    pub fn of<'a>(accounts: impl IntoIterator<Item = &'a SourceAccount>) -> Totals {
        let mut totals = Totals::default();
        for account in accounts {
            totals.add(account);
        }
        totals
    }

    /// Adds the totals of another shard. Sources are disjoint, so everything adds.
    pub fn merge(&mut self, other: &Totals) {
        self.sources += other.sources;
        self.sources_with_problems += other.sources_with_problems;
        self.bytes_read += other.bytes_read;
        self.bytes_inflated += other.bytes_inflated;
        self.seen += other.seen;
        self.kept += other.kept;
        self.duplicate += other.duplicate;
        self.rejected += other.rejected;
    }
}
