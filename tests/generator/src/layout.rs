//! How the records of a plan are spread over accounts, regions, files and time.

use crate::clock::Rhythm;
use crate::random::Random;
use crate::schedule::{self, Scheduled};
use crate::world::{REGIONS, World};
use crate::{Plan, Story};

/// The fewest records in a file, unless the whole trail has fewer.
pub const SMALLEST: u64 = 200;
/// The most records in a file.
pub const LARGEST: u64 = 5_000;
/// Deliveries of a record that was delivered before, in a thousand.
const DUPLICATES: u64 = 3;

/// One file as planned.
#[derive(Clone, Debug)]
pub struct Slot {
    /// Place of the account in the world.
    pub account: usize,
    /// Place of the region in [`REGIONS`].
    pub region: usize,
    /// Records in it.
    pub records: u64,
    /// How many of them were delivered before, in the file before this one.
    pub duplicates: u64,
    /// The part of the period that it covers, on the rhythm's scale.
    pub from: u64,
    /// The end of that part.
    pub to: u64,
    /// The file before this one of the same account and region.
    pub previous: Option<usize>,
    /// The records in it that have a fixed time.
    pub scheduled: Vec<Scheduled>,
}

/// The files of a plan, stream by stream, each in time order.
pub fn slots(plan: &Plan, world: &World, rhythm: &Rhythm) -> Vec<Slot> {
    let mut slots = Vec::new();
    for (account, region, records) in shares(plan, world) {
        let first = slots.len();
        let mut random = Random::of(&[plan.seed, 101, account as u64, region as u64]);
        let mut before = 0;
        for size in sizes(records, &mut random) {
            let previous = (slots.len() > first).then(|| slots.len() - 1);
            let position = |count: u64| (u128::from(rhythm.total()) * u128::from(count) / u128::from(records)) as u64;
            slots.push(Slot {
                account,
                region,
                records: size,
                duplicates: if previous.is_some() { (size * DUPLICATES).div_ceil(1_000) } else { 0 },
                from: position(before),
                to: position(before + size),
                previous,
                scheduled: Vec::new(),
            });
            before += size;
        }
        if region == 0 {
            let scheduled = schedule::of_account(plan, &world.accounts[account], records);
            place(scheduled, &mut slots[first..], rhythm);
        }
    }
    slots
}

/// Puts each scheduled record into the file that covers its time.
fn place(scheduled: Vec<Scheduled>, slots: &mut [Slot], rhythm: &Rhythm) {
    let ends: Vec<i64> = slots.iter().map(|slot| rhythm.time(slot.to)).collect();
    for record in scheduled {
        let mut at = ends.partition_point(|&end| end <= record.time).min(slots.len() - 1);
        // A file is never made larger: what finds no room is delivered with the next one.
        while at + 1 < slots.len() && room(&slots[at]) == 0 {
            at += 1;
        }
        if room(&slots[at]) > 0 {
            slots[at].scheduled.push(record);
        }
    }
}

fn room(slot: &Slot) -> u64 {
    slot.records - slot.duplicates - slot.scheduled.len() as u64
}

/// How many records each account and region has: as many streams as can have a file each.
fn shares(plan: &Plan, world: &World) -> Vec<(usize, usize, u64)> {
    let records = plan.records();
    // A story needs room in the first file of the first stream.
    let smallest = if plan.story == Story::Attack { 2 * SMALLEST } else { SMALLEST };
    let mut streams = world.streams();
    let total = |streams: &[(usize, usize, u64)]| streams.iter().map(|stream| stream.2).sum::<u64>();
    while streams.len() > 1 {
        let least = streams[streams.len() - 1].2;
        if u128::from(records) * u128::from(least) / u128::from(total(&streams)) >= u128::from(smallest) {
            break;
        }
        streams.pop();
    }
    let all = total(&streams);
    let mut left = records;
    for stream in streams.iter_mut().skip(1) {
        stream.2 = (u128::from(records) * u128::from(stream.2) / u128::from(all)) as u64;
        left -= stream.2;
    }
    streams[0].2 = left;
    streams
}

/// Cuts a stream into files.
fn sizes(records: u64, random: &mut Random) -> Vec<u64> {
    let mut sizes = Vec::new();
    let mut left = records;
    while left > 0 {
        let size = if random.chance(1, 12) {
            3_000 + random.below(LARGEST - SMALLEST - 3_000)
        } else {
            SMALLEST + random.below(2_600)
        };
        let size = if left < size + SMALLEST { left } else { size };
        sizes.push(size);
        left -= size;
    }
    sizes
}

/// The region of a slot.
pub fn region(slot: &Slot) -> &'static str {
    REGIONS[slot.region].0
}
