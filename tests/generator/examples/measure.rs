//! Prints the speed of the generator and the size of what it makes: `measure EVENTS`.

use std::time::Instant;
use trail_generator::{Plan, Story, files, gzip};

fn main() {
    let events = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(300_000);
    let plan = Plan::week(events, 1, Story::Attack);
    let begin = Instant::now();
    let (mut bytes, mut count, mut number) = (0, 0, 0);
    for file in files(plan) {
        bytes += file.json.len();
        count += file.events;
        number += 1;
    }
    let seconds = begin.elapsed().as_secs_f64();
    let packed: usize = files(plan).take(20).map(|file| gzip(&file.json).len() * 1_000 / file.json.len()).sum();
    println!(
        "{count} events in {number} files, {} bytes an event, {:.0} events/s, gzip to {:.1} %",
        bytes as u64 / count,
        count as f64 / seconds,
        packed as f64 / 200.0
    );
}
