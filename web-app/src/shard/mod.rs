//! A shard: a session of the core and a message pump.

mod answers;
mod checking;
mod exporting;
mod memory;
mod parts;
mod reading;

use crate::platform::pump;
use crate::platform::workers::Message;
use crate::protocol::{Account, Answer, FileToRead, FromShard, Left, Question, ToShard, VERSION, from_js, to_js};
use analyzer_core::detect::sigma::Refused;
use analyzer_core::detect::{RuleSet, pack};
use analyzer_core::predicate::parse;
use analyzer_core::session::Session;
use checking::Job;
use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

/// At most this often progress is reported, in milliseconds.
const REPORT_EVERY: f64 = 80.0;

/// The shard of this worker. It is borrowed for the length of a step, never across one.
type Shared = Rc<RefCell<Shard>>;

struct Shard {
    session: Session,
    rules: RuleSet,
    /// Those of the user, which run beside them, and what was refused of theirs.
    own_rules: (RuleSet, Vec<Refused>),
    /// The number of the user's rules. What is read again for others is not gone on with.
    rules_number: u32,
    /// Files by the number of their source, to read one again.
    files: HashMap<u32, FileToRead>,
    /// What is still to be read, in this order.
    steps: VecDeque<reading::Step>,
    is_reading: bool,
    /// Goes up when files are left: what was begun before is not gone on with.
    cancelled: u32,
    /// Why they were left the last time.
    left: Left,
    /// The number of the filter. What is checked for another one is not gone on with.
    filter: u32,
    /// The number of the subject, in the same way.
    subject: u32,
    /// No event is added before this time, in milliseconds: a page is being put together.
    hold_until: f64,
    /// Events of the sources that are closed, duplicates of other shards included.
    kept_in_closed: u64,
    /// Events so far of the source that is being read.
    kept_in_open: u64,
    report: Report,
}

/// What was read and not yet reported.
#[derive(Default)]
struct Report {
    bytes: u64,
    closed: Vec<Account>,
    at: f64,
}

/// Starts the shard of this worker.
pub fn start() {
    let rules = pack::rule_set();
    let detectors = rules.detectors().to_vec();
    let shard = Rc::new(RefCell::new(Shard {
        session: Session::new(detectors, pump::seed()),
        rules,
        own_rules: (RuleSet::default(), Vec::new()),
        rules_number: 0,
        files: HashMap::new(),
        steps: VecDeque::new(),
        is_reading: false,
        cancelled: 0,
        left: Left::default(),
        filter: 0,
        subject: 0,
        hold_until: 0.0,
        kept_in_closed: 0,
        kept_in_open: 0,
        report: Report::default(),
    }));
    pump::listen(move |message| hear(&shard, message));
    say(&FromShard::Ready(VERSION));
}

fn say(message: &FromShard) {
    let said = to_js(message).and_then(|message| pump::post(&message));
    if let Err(why) = said {
        // Nobody hears a worker that cannot post, but its own error handler: the page sees what is thrown.
        pump::throw(&why);
    }
}

fn hear(shared: &Shared, message: Message) {
    match from_js::<ToShard>(message) {
        Err(why) => pump::throw(&why),
        Ok(ToShard::Read(files)) => {
            let mut shard = shared.borrow_mut();
            shard.files.extend(files.iter().map(|file| (file.ordinal, file.clone())));
            let generation = shard.cancelled;
            shard.steps.extend(reading::steps(files, generation));
            if !shard.is_reading {
                shard.is_reading = true;
                pump::spawn(reading::read_all(shared.clone()));
            }
        }
        Ok(ToShard::Leave(why)) => shared.borrow_mut().leave(why),
        Ok(ToShard::Filter(number, filter)) => {
            let mut shard = shared.borrow_mut();
            shard.session.set_query(answers::predicate(&filter));
            shard.filter = number;
            drop(shard);
            checking::start(shared, Job::Filter);
        }
        Ok(ToShard::Subject(number, filter)) => {
            let mut shard = shared.borrow_mut();
            shard.session.set_subject(answers::predicate(&filter));
            shard.subject = number;
            drop(shard);
            checking::start(shared, Job::Subject);
        }
        Ok(ToShard::Rules(number, files, plugins)) => {
            let mut shard = shared.borrow_mut();
            shard.rules_number = number;
            shard.set_rules(&files, plugins);
            drop(shard);
            checking::start(shared, Job::Rules);
        }
        Ok(ToShard::Ask(number, Question::Reread { event_id, query, now_ms })) => {
            let shared = shared.clone();
            pump::spawn(async move {
                let query = parse(&query, now_ms).predicate;
                let answer = Answer::Reread(reading::read_again(&shared, &event_id, &query).await.map(Box::new));
                // It is read between other things.
                say(&FromShard::Answer(number, answer, 0.0));
            });
        }
        Ok(ToShard::Ask(number, Question::Export { start, end, how })) => {
            let shared = shared.clone();
            pump::spawn(async move {
                let answer = Answer::Export(exporting::pieces(&shared, start..end, &how).await.into());
                say(&FromShard::Answer(number, answer, 0.0));
            });
        }
        Ok(ToShard::Ask(number, question)) => {
            let start = pump::now_ms();
            let answer = shared.borrow_mut().answer(question);
            say(&FromShard::Answer(number, answer, pump::now_ms() - start));
        }
    }
}
