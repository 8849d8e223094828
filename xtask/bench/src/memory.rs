//! What events take in memory, and what reading takes beside them.
//!
//! Every allocation of this program is counted, which all that is measured pays alike. Bytes are those that were asked
//! for; a block that grows in place counts once.

use crate::files::{Counts, File};
use crate::ingest;
use cap::Cap;
use std::alloc::System;
use std::hint::black_box;

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

/// What a session of all files takes.
pub struct Memory {
    /// Bytes by the session's own account.
    pub session: usize,
    /// Bytes that are allocated for it, by the allocator's account: what the session itself leaves out (the accounts
    /// of its sources, what the detections selected) is in this.
    pub allocated: usize,
    /// The most that was allocated at once while it was filled, above what was allocated in the end, in bytes. The
    /// files themselves were there before and after.
    pub peak_extra: usize,
}

/// Fills a session, watching the allocator.
pub fn of_session(files: &[File]) -> (Counts, Memory) {
    // The allocator remembers the highest peak of the program's life. Space that is reserved but never touched lifts
    // the ground to that height, so that the next peak is that of the session.
    let highest = ALLOCATOR.max_allocated().saturating_sub(ALLOCATOR.allocated());
    let ground = black_box(Vec::<u8>::with_capacity(highest));
    let before = ALLOCATOR.allocated();
    let session = ingest::all(files);
    let after = ALLOCATOR.allocated();
    let peak_extra = ALLOCATOR.max_allocated().saturating_sub(after);
    drop(ground);
    let memory = Memory { session: session.memory(), allocated: after.saturating_sub(before), peak_extra };
    (ingest::counts(&session), memory)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files;

    #[test]
    fn the_peak_is_of_the_session_alone() {
        let files = files::generate(3_000, 1);
        drop(black_box(vec![1_u8; 64 << 20]));
        let (counts, memory) = of_session(&files);
        assert_eq!(counts, files::counts(&files));
        assert!(memory.session > 0);
        // Other tests allocate meanwhile, but far from what was allocated before.
        assert!(memory.peak_extra < 60 << 20, "{} bytes", memory.peak_extra);
    }
}
