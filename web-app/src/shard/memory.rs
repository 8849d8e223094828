//! Whether there is memory to read more.
//!
//! A worker that runs out of memory traps, and all that it held is gone. So reading stops before that.

use analyzer_core::session::Session;

/// Events may take half of the 4 GiB that a worker can have, less [`ROOM`]. The other half is for columns, which move into
/// a larger place when they grow, and for what shards exchange when all is read: as much again as the events take.
const MOST_HELD: usize = (2 << 30) - ROOM;
/// This much must be there before more is read, in case that the browser gives less than 4 GiB.
const ROOM: usize = 64 << 20;

/// Whether there is memory for another part of a file.
pub(super) fn is_left(session: &Session) -> bool {
    let mut room: Vec<u8> = Vec::new();
    let is_there = room.try_reserve_exact(ROOM).is_ok();
    // The optimiser would do without room that nobody uses.
    std::hint::black_box(&room);
    is_there && session.memory() < MOST_HELD
}
