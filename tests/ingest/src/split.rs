//! Text is split into the same records, however it is cut into pieces.

use crate::cut;
use crate::reading::{Reading, check};

/// Everything is accounted for, in its place, and the same whatever the pieces: the events, what was rejected and why.
pub fn split(data: &[u8]) {
    let [whole, others @ ..] = cut::ways(data);
    let reading = Reading::of(&whole);
    check(&reading, data);
    for pieces in others {
        let other = Reading::of(&pieces);
        assert_eq!(other.rows, reading.rows, "{} pieces", pieces.len());
        assert_eq!(other.accounts, reading.accounts, "{} pieces", pieces.len());
    }
}
