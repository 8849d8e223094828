//! Two clocks: what the user waits for, and what the processor spent on this program.
//!
//! Ratios of work on one thread are of processor time, which other programs lengthen least. Where several threads share
//! the work, only the time that passed says what they gain.

use std::ops::AddAssign;
use std::time::{Duration, Instant};

/// How long something took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Took {
    /// Time that passed.
    pub wall: Duration,
    /// Time of the processor, all threads together; the time that passed where it is not known.
    pub cpu: Duration,
}

impl Took {
    /// The least of several rounds, which is the least disturbed; either clock for itself.
    pub fn least(self, best: Option<Took>) -> Took {
        let Some(best) = best else { return self };
        Took { wall: self.wall.min(best.wall), cpu: self.cpu.min(best.cpu) }
    }
}

impl AddAssign for Took {
    fn add_assign(&mut self, more: Took) {
        self.wall += more.wall;
        self.cpu += more.cpu;
    }
}

/// Measures some work.
pub fn measure<T>(work: impl FnOnce() -> T) -> (T, Took) {
    let (wall, cpu) = (Instant::now(), cpu_time());
    let result = work();
    let wall = wall.elapsed();
    let cpu = match (cpu, cpu_time()) {
        (Some(before), Some(after)) => after.saturating_sub(before),
        _ => wall,
    };
    (result, Took { wall, cpu })
}

#[cfg(unix)]
fn cpu_time() -> Option<Duration> {
    use rustix::time::{ClockId, clock_gettime};
    Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).ok()
}

#[cfg(not(unix))]
fn cpu_time() -> Option<Duration> {
    None
}
