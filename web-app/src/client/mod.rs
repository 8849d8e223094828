//! Typed calls to the shards.

mod exporting;
mod findings;
mod pages;
mod plugins;
mod queue;
mod subject;
mod timeline;
mod values;
mod wire;

pub use exporting::Interrupted;
pub use findings::Evidence;
pub use pages::{Order, Purpose};
pub use plugins::PluginLink;
pub use subject::Course;
pub use timeline::Split;
pub use values::{FieldPortrait, Portrait};

use crate::kit::words::{tr, tr_with};
use crate::platform::boot::BootKit;
use crate::platform::files::LogFile;
use crate::platform::workers::{self, Message, WorkerLink};
use crate::protocol::{
    Account, Among, Answer, Checking, FileToRead, Filter, Finding, FromShard, Left, Parcel, Profile, Question, Reread,
    RuleFile, Rules, Said, ToShard, VERSION, from_js, to_js,
};
use analyzer_core::event::EventRow;
use analyzer_core::view::overview::Overview;
use pages::Sampled;
use queue::Queue;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wire::{Kind, Wire};

/// Batches that a shard has at hand, so that it never waits for the page.
const BATCHES_AHEAD: u32 = 2;

/// What the shards report by themselves.
pub enum News {
    /// Every shard is there.
    Ready,
    /// Something was read.
    Progress {
        /// Bytes since the last report of this shard.
        bytes: u64,
        /// Events that all shards hold now.
        events: u64,
        /// Sources that were closed.
        closed: Vec<Account>,
    },
    /// No file waits and no shard reads.
    AllRead,
    /// Events were checked that only their records can tell to match: how far all shards are.
    Checking(Checking),
    /// The same for the subject.
    SubjectSeen(Checking),
    /// The user's rules met events that were there before them: how far all shards are.
    RulesSeen(Checking),
    /// A shard has no memory to read more.
    NoMemory,
    /// Something failed that no account of a file can tell.
    Failed(String),
}

/// The shards. A copy is a handle on the same ones.
#[derive(Clone)]
pub struct Client(Rc<Inner>);

struct Inner {
    shards: RefCell<Vec<Shard>>,
    wire: Wire,
    queue: RefCell<Queue<FileToRead>>,
    next_ordinal: Cell<u32>,
    /// The number of the filter.
    filter: Cell<u32>,
    /// The number of the subject.
    subject: Cell<u32>,
    /// The number of the user's rules.
    rules: Cell<u32>,
    /// The samples of all shards, while no event came and the filter stayed.
    samples: RefCell<Option<Sampled>>,
    /// Goes up when they are forgotten: those that were asked for before are not kept.
    samplings: Cell<u32>,
    news: Box<dyn Fn(News)>,
}

struct Shard {
    link: WorkerLink,
    ready: bool,
    /// Batches that it was given and has not read.
    batches: u32,
    events: u64,
    /// How long it has answered questions, in milliseconds.
    answering: f64,
    /// How far it has checked what columns cannot tell.
    checking: Checking,
    /// The same for the subject.
    subject: Checking,
    /// How far the user's rules are.
    rules: Checking,
}

impl Shard {
    fn new(link: WorkerLink) -> Shard {
        Shard {
            link,
            ready: false,
            batches: 0,
            events: 0,
            answering: 0.0,
            checking: Checking::default(),
            subject: Checking::default(),
            rules: Checking::default(),
        }
    }
}

/// Why a question has no answer: a newer one of its kind was asked, or a shard is gone.
pub type Asked<T> = Option<T>;

impl Client {
    /// Starts so many workers.
    pub fn start(kit: &BootKit, shards: usize, news: impl Fn(News) + 'static) -> Result<Client, String> {
        let inner = Rc::new(Inner {
            shards: RefCell::new(Vec::new()),
            wire: Wire::default(),
            queue: RefCell::new(Queue::default()),
            next_ordinal: Cell::new(0),
            filter: Cell::new(0),
            subject: Cell::new(0),
            rules: Cell::new(0),
            samples: RefCell::new(None),
            samplings: Cell::new(0),
            news: Box::new(news),
        });
        for number in 0..shards {
            let (hearing, failing) = (Rc::downgrade(&inner), Rc::downgrade(&inner));
            let link = workers::start(
                &kit.worker_url,
                &kit.worker_module,
                move |message| with(&hearing, |inner| inner.hear(number, message)),
                move |why| with(&failing, |inner| (inner.news)(News::Failed(lost_worker(&why)))),
            )?;
            inner.shards.borrow_mut().push(Shard::new(link));
        }
        Ok(Client(inner))
    }

    /// Reads these files, after those that wait already.
    pub fn read(&self, files: Vec<LogFile>) {
        let inner = &self.0;
        for file in files {
            let ordinal = inner.next_ordinal.get();
            inner.next_ordinal.set(ordinal + 1);
            let LogFile { path, size, handle } = file;
            inner.queue.borrow_mut().push(size, FileToRead { ordinal, path, size, handle });
        }
        // By turns, so that few files are spread too.
        for _ in 0..BATCHES_AHEAD {
            (0..self.shards()).for_each(|shard| inner.feed(shard));
        }
    }

    /// Reads no further. Returns the paths of the files that no shard will see.
    pub fn leave(&self, why: Left) -> Vec<String> {
        let unread = self.0.queue.borrow_mut().take_all();
        (0..self.shards()).for_each(|shard| self.0.post(shard, &ToShard::Leave(why)));
        unread.into_iter().map(|file| file.path).collect()
    }

    /// Whether a shard has files that it has not read.
    pub fn is_reading(&self) -> bool {
        self.0.shards.borrow().iter().any(|shard| shard.batches > 0)
    }

    /// How long each shard has answered questions so far, in milliseconds; the mean of all.
    pub fn answering_ms(&self) -> f64 {
        let shards = self.0.shards.borrow();
        shards.iter().map(|shard| shard.answering).sum::<f64>() / shards.len().max(1) as f64
    }

    /// Answers from now on are about the events that match.
    pub fn set_filter(&self, filter: Filter) {
        let inner = &self.0;
        self.forget_samples();
        inner.filter.set(inner.filter.get().wrapping_add(1));
        inner.shards.borrow_mut().iter_mut().for_each(|shard| shard.checking = Checking::default());
        let message = ToShard::Filter(inner.filter.get(), filter);
        (0..self.shards()).for_each(|shard| inner.post(shard, &message));
    }

    /// These rules run beside the bundled ones, in the place of those that did, and events are selected for these plugins.
    pub fn set_rules(&self, files: Vec<RuleFile>, plugins: Vec<Profile>) {
        let inner = &self.0;
        inner.rules.set(inner.rules.get().wrapping_add(1));
        let running = Checking { is_running: true, ..Checking::default() };
        inner.shards.borrow_mut().iter_mut().for_each(|shard| shard.rules = running);
        let message = ToShard::Rules(inner.rules.get(), files, plugins);
        (0..self.shards()).for_each(|shard| inner.post(shard, &message));
    }

    /// The user's rules: which run, and which were refused.
    pub async fn rules(&self) -> Asked<Rules> {
        let answers = self.ask_each(Kind::Settling, vec![(0, Question::Rules)]).await?;
        answers.into_iter().find_map(|answer| if let Answer::Rules(rules) = answer { Some(rules) } else { None })
    }

    /// Events came or went.
    pub fn forget_samples(&self) {
        self.0.forget_samples();
    }

    /// How many events match, and over which time.
    pub async fn overview(&self) -> Asked<Overview> {
        self.overview_of(Kind::Overview, Among::Matching).await
    }

    async fn overview_of(&self, kind: Kind, among: Among) -> Asked<Overview> {
        let mut whole = Overview::default();
        for answer in self.ask_all(kind, Question::Overview(among)).await? {
            if let Answer::Overview(part) = answer {
                whole.merge(&part.into());
            }
        }
        Some(whole)
    }

    /// An event's row, and its record read again with what becomes of the tests of a query for it, or why it cannot be
    /// read; `None` inside if no shard has the event.
    pub async fn reread(
        &self,
        event_id: &str,
        query: &str,
        now_ms: Option<i64>,
    ) -> Asked<Option<(EventRow, Result<Reread, Said>)>> {
        let question = Question::Reread { event_id: event_id.to_owned(), query: query.to_owned(), now_ms };
        let answers = self.ask_all(Kind::Raw, question).await?;
        let mut found =
            answers.into_iter().filter_map(|answer| if let Answer::Reread(found) = answer { found } else { None });
        Some(found.next().map(|found| {
            let (row, reread) = *found;
            (row.into(), reread)
        }))
    }

    /// Makes every event count once over all shards.
    pub async fn drop_duplicates(&self) -> Asked<()> {
        let shards = self.shards();
        // One shard has settled its own while it read.
        if shards == 1 {
            return Some(());
        }
        let ids = packed(self.ask_all(Kind::Settling, Question::Ids).await?);
        for (owner, ids) in ids.into_iter().enumerate() {
            let others = (0..shards).filter(|&shard| shard != owner);
            let questions = others.map(|shard| (shard, Question::DropDuplicates(ids.clone()))).collect();
            self.ask_each(Kind::Settling, questions).await?;
        }
        self.forget_samples();
        Some(())
    }

    /// What the built-in detections find, worst first. One shard judges, so that the page's own thread does not.
    pub async fn findings(&self) -> Asked<Vec<Finding>> {
        let selections = packed(self.ask_all(Kind::Settling, Question::Selection).await?);
        let answers = self.ask_each(Kind::Settling, vec![(0, Question::Judge(selections))]).await?;
        answers.into_iter().find_map(|answer| if let Answer::Findings(found) = answer { Some(found) } else { None })
    }

    /// What each shard selected for the plugin of this place among those that were given with the rules.
    pub async fn selected_for(&self, plugin: u32) -> Asked<Vec<Parcel>> {
        Some(packed(self.ask_all(Kind::Settling, Question::Picked(plugin)).await?))
    }

    /// Whether the rules and plugins have met every event that was there before them.
    pub fn is_selecting(&self) -> bool {
        self.0.shards.borrow().iter().any(|shard| shard.rules.is_running)
    }

    /// The accounts of all closed sources.
    pub async fn accounts(&self) -> Asked<Vec<Account>> {
        let answers = self.ask_all(Kind::Settling, Question::Accounts).await?;
        Some(answers.into_iter().flat_map(|a| if let Answer::Accounts(list) = a { list } else { Vec::new() }).collect())
    }

    /// How many bytes of memory the events of each shard take.
    pub async fn memory(&self) -> Asked<Vec<u64>> {
        let answers = self.ask_all(Kind::Memory, Question::Memory).await?;
        Some(answers.into_iter().map(|answer| if let Answer::Memory(bytes) = answer { bytes } else { 0 }).collect())
    }

    fn shards(&self) -> usize {
        self.0.shards.borrow().len()
    }

    async fn ask_all(&self, kind: Kind, question: Question) -> Asked<Vec<Answer>> {
        self.ask_each(kind, (0..self.shards()).map(|shard| (shard, question.clone())).collect()).await
    }

    /// Asks each of these shards its question; the answers come in the same order.
    async fn ask_each(&self, kind: Kind, questions: Vec<(usize, Question)>) -> Asked<Vec<Answer>> {
        if questions.is_empty() {
            return Some(Vec::new());
        }
        let (number, answers) = self.0.wire.open(kind, questions.iter().map(|(shard, _)| *shard));
        for (shard, question) in questions {
            self.0.post(shard, &ToShard::Ask(number, question));
        }
        answers.await.ok()
    }
}

fn lost_worker(why: &str) -> String {
    let text =
        tr("A worker stopped, and the events that it held are gone. Reload the page; if it happens again, open fewer \
        files at once.");
    format!("{text} ({why})")
}

fn packed(answers: Vec<Answer>) -> Vec<Parcel> {
    answers
        .into_iter()
        .filter_map(|answer| if let Answer::Packed(parcel) = answer { Some(parcel) } else { None })
        .collect()
}

fn with(inner: &Weak<Inner>, act: impl FnOnce(&Inner)) {
    if let Some(inner) = inner.upgrade() {
        act(&inner);
    }
}

impl Inner {
    fn post(&self, shard: usize, message: &ToShard) {
        let posted = to_js(message).and_then(|message| match self.shards.borrow().get(shard) {
            Some(shard) => shard.link.post(&message),
            None => Err(tr_with("there is no worker {}", &[&shard.to_string()])),
        });
        if let Err(why) = posted {
            (self.news)(News::Failed(why));
        }
    }

    fn forget_samples(&self) {
        self.samples.replace(None);
        self.samplings.set(self.samplings.get().wrapping_add(1));
    }

    /// Gives a shard a batch if it has room for one.
    fn feed(&self, shard: usize) {
        let room = self.shards.borrow().get(shard).is_some_and(|s| s.batches < BATCHES_AHEAD);
        let batch = if room { self.queue.borrow_mut().take_batch() } else { Vec::new() };
        if batch.is_empty() {
            return;
        }
        if let Some(shard) = self.shards.borrow_mut().get_mut(shard) {
            shard.batches += 1;
        }
        self.post(shard, &ToShard::Read(batch));
    }

    /// How far all shards are with what columns cannot tell.
    fn checking(&self) -> Checking {
        let mut whole = Checking::default();
        self.shards.borrow().iter().for_each(|shard| whole.add(shard.checking));
        whole
    }

    fn hear(&self, number: usize, message: Message) {
        match from_js::<FromShard>(message) {
            Err(why) => (self.news)(News::Failed(why)),
            Ok(FromShard::Answer(question, answer, took)) => {
                self.shards.borrow_mut()[number].answering += took;
                self.wire.answered(question, number, answer);
            }
            Ok(FromShard::Ready(VERSION)) => {
                let all = {
                    let mut shards = self.shards.borrow_mut();
                    shards[number].ready = true;
                    shards.iter().all(|shard| shard.ready)
                };
                if all {
                    (self.news)(News::Ready);
                }
            }
            Ok(FromShard::Ready(version)) => (self.news)(News::Failed(tr_with(
                "This page and its worker come from different builds ({} and {}). Reload the page without its cache.",
                &[&VERSION.to_string(), &version.to_string()],
            ))),
            Ok(FromShard::Progress { bytes, events, closed }) => {
                let events = {
                    let mut shards = self.shards.borrow_mut();
                    shards[number].events = events;
                    shards.iter().map(|shard| shard.events).sum()
                };
                self.forget_samples();
                (self.news)(News::Progress { bytes, events, closed });
            }
            Ok(FromShard::Checking(filter, checking)) if filter == self.filter.get() => {
                self.shards.borrow_mut()[number].checking = checking;
                self.forget_samples();
                (self.news)(News::Checking(self.checking()));
            }
            Ok(FromShard::RulesSeen(rules, seen)) if rules == self.rules.get() => {
                self.shards.borrow_mut()[number].rules = seen;
                let mut whole = Checking::default();
                self.shards.borrow().iter().for_each(|shard| whole.add(shard.rules));
                (self.news)(News::RulesSeen(whole));
            }
            Ok(FromShard::SubjectSeen(subject, seen)) if subject == self.subject.get() => {
                self.shards.borrow_mut()[number].subject = seen;
                let mut whole = Checking::default();
                self.shards.borrow().iter().for_each(|shard| whole.add(shard.subject));
                (self.news)(News::SubjectSeen(whole));
            }
            // Of a filter, of a subject, or of rules, that are no more.
            Ok(FromShard::Checking(..) | FromShard::RulesSeen(..) | FromShard::SubjectSeen(..)) => {}
            Ok(FromShard::NoMemory) => (self.news)(News::NoMemory),
            Ok(FromShard::BatchDone) => {
                self.shards.borrow_mut()[number].batches -= 1;
                self.feed(number);
                if self.shards.borrow().iter().all(|shard| shard.batches == 0) {
                    (self.news)(News::AllRead);
                }
            }
        }
    }
}
