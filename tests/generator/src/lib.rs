#![doc = include_str!("../README.md")]

mod actor;
mod agent;
mod catalog;
mod clock;
mod fault;
mod layout;
mod names;
mod profile;
mod random;
mod record;
mod schedule;
mod signin;
mod slot;
pub mod story;
mod template;
mod world;
mod write;

use std::io::Write as _;

use flate2::{Compression, GzBuilder};

use clock::{DAY, Rhythm};
use layout::Slot;
use random::{Random, fold};
use record::{Place, Press};
use schedule::Templates;
use world::World;

pub use layout::{LARGEST, SMALLEST};
pub use story::Attack;
pub use write::{Written, write};

/// What a trail is to be like. The same plan gives the same bytes everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Records in all files together, repeated deliveries and the story included.
    pub events: u64,
    /// What chance starts from.
    pub seed: u64,
    /// When the trail begins: seconds since 1970, UTC, at a midnight.
    pub start: i64,
    /// How long it lasts, at least one day.
    pub days: u32,
    /// What happens in it.
    pub story: Story,
}

/// What happens in a trail beside ordinary work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Story {
    /// Nothing: sign-ins have MFA, at most two in a row fail, and nobody acts as root.
    Benign,
    /// The attack that [`story`] tells.
    Attack,
}

impl Plan {
    /// A trail of so many events over a week of May 2024, which begins on Monday the 6th.
    pub fn week(events: u64, seed: u64, story: Story) -> Self {
        Self { events, seed, start: 1_714_953_600, days: 7, story }
    }

    /// Records in all files together: `events`, but at least 400 when there is a story to tell.
    pub fn records(&self) -> u64 {
        match self.story {
            Story::Benign => self.events,
            Story::Attack => self.events.max(2 * SMALLEST),
        }
    }
}

/// One file of a trail, not compressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrailFile {
    /// Its path from the bucket's root: `AWSLogs/…/….json.gz`.
    pub path: String,
    /// Records in it.
    pub events: u64,
    /// How many of them were delivered before, in another file.
    pub duplicates: u64,
    /// The document: `{"Records":[…]}`.
    pub json: Vec<u8>,
}

/// A trail of which any file can be made at any time, by any thread.
#[derive(Clone, Debug)]
pub struct Trail {
    plan: Plan,
    world: World,
    rhythm: Rhythm,
    slots: Vec<Slot>,
    press: Press,
    templates: Templates,
}

impl Trail {
    /// Plans the trail; no file is made yet.
    pub fn new(plan: Plan) -> Self {
        // Midnight and a day at least, so that every plan has a meaning.
        let plan = Plan { start: plan.start - plan.start.rem_euclid(DAY), days: plan.days.max(1), ..plan };
        let world = World::new(plan.seed);
        let rhythm = Rhythm::new(plan.start, u64::from(plan.days) * 24);
        let slots = layout::slots(&plan, &world, &rhythm);
        Self { plan, world, rhythm, slots, press: Press::new(), templates: Templates::new() }
    }

    /// The number of files.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// True when there is no file: a plan of no events.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Records of each file, in the order of their numbers.
    pub fn records(&self) -> impl Iterator<Item = u64> {
        self.slots.iter().map(|slot| slot.records)
    }

    /// Records in all files together.
    pub fn events(&self) -> u64 {
        self.records().sum()
    }

    /// How many of them are repeated deliveries.
    pub fn duplicates(&self) -> u64 {
        self.slots.iter().map(|slot| slot.duplicates).sum()
    }

    /// The facts of the attack; `None` when the trail has none.
    pub fn attack(&self) -> Option<Attack> {
        (self.plan.story == Story::Attack).then(|| story::attack(&self.plan, &self.world.accounts[0]))
    }

    /// Makes a file; `None` beyond the last one.
    pub fn file(&self, number: usize) -> Option<TrailFile> {
        let slot = self.slots.get(number)?;
        let mut json = Vec::with_capacity(slot.records as usize * 1_500);
        json.extend_from_slice(br#"{"Records":["#);
        for (place, record) in self.order(number, slot.records).enumerate() {
            if place > 0 {
                json.push(b',');
            }
            self.write_record(&mut json, number, record);
        }
        json.extend_from_slice(b"]}");
        Some(TrailFile { path: self.path(number, slot), events: slot.records, duplicates: slot.duplicates, json })
    }

    /// A shuffle of a file's records: steps of a length that shares no factor with their number.
    fn order(&self, number: usize, records: u64) -> impl Iterator<Item = u64> {
        let mut random = Random::of(&[self.plan.seed, 111, number as u64]);
        let first = random.below(records);
        let mut step = 1 + random.below(records);
        while gcd(step, records) != 1 {
            step += 1;
        }
        (0..records).map(move |place| (first + place * step) % records)
    }

    /// Appends one record: first come the repeated ones, then those with a fixed time, then the
    /// ordinary ones.
    fn write_record(&self, out: &mut Vec<u8>, number: usize, record: u64) {
        let slot = &self.slots[number];
        if let (Some(previous), true) = (slot.previous, record < slot.duplicates) {
            let first = self.slots[previous].duplicates;
            let choices = self.slots[previous].records - first;
            let share = choices / slot.duplicates;
            let mut random = Random::of(&[self.plan.seed, 112, number as u64, record]);
            let again = first + record * share + random.below(share);
            return self.write_record(out, previous, again);
        }
        let mut place = Place {
            world: &self.world,
            account: &self.world.accounts[slot.account],
            region: layout::region(slot),
            time: 0,
            seed: fold(&[self.plan.seed, 113, number as u64, record]),
        };
        match slot.scheduled.get((record - slot.duplicates) as usize) {
            Some(scheduled) => self.templates.write(out, scheduled, place),
            None => {
                let position = slot.from + Random::of(&[place.seed, 114]).below(slot.to - slot.from);
                place.time = self.rhythm.time(position);
                self.press.write(out, place);
            }
        }
    }

    /// Where the file is delivered to, 0–15 minutes after the last of its events.
    fn path(&self, number: usize, slot: &Slot) -> String {
        let mut random = Random::of(&[self.plan.seed, 115, number as u64]);
        let delivered = self.rhythm.time(slot.to) + random.below(15 * 60) as i64;
        let at = clock::moment(delivered);
        let (account, region) = (&self.world.accounts[slot.account].id, layout::region(slot));
        let mut unique = Vec::new();
        world::write_letters(&mut unique, &mut random, world::BASE62, 16);
        format!(
            "AWSLogs/{account}/CloudTrail/{region}/{0}/{1:02}/{2:02}/{account}_CloudTrail_{region}_{0}{1:02}{2:02}T{3:02}{4:02}Z_{5}.json.gz",
            at.year,
            at.month,
            at.day,
            at.hour,
            at.minute,
            String::from_utf8_lossy(&unique)
        )
    }
}

fn gcd(left: u64, right: u64) -> u64 {
    if right == 0 { left } else { gcd(right, left % right) }
}

/// The files of a plan, one after the other; only one is in memory.
pub fn files(plan: Plan) -> impl Iterator<Item = TrailFile> {
    let trail = Trail::new(plan);
    (0..trail.len()).filter_map(move |number| trail.file(number))
}

/// Compresses a file as CloudTrail delivers it; the same bytes give the same bytes.
pub fn gzip(json: &[u8]) -> Vec<u8> {
    let mut out = GzBuilder::new().mtime(0).write(Vec::new(), Compression::new(6));
    // Writing to a Vec cannot fail.
    let _ = out.write_all(json);
    out.finish().unwrap_or_default()
}
