//! From the bytes of .json.gz files to events in columns, as the edges do it: the same session with all built-in
//! detections, the same size of pieces.

use crate::files::{Counts, File};
use analyzer_core::detect::pack;
use analyzer_core::session::Session;

/// What the edges push at once, in bytes.
const PIECE: usize = 1 << 20;

/// A shard without events.
pub fn session() -> Session {
    // Any seed will do: no attacker chose these texts.
    Session::new(pack::rule_set().detectors().to_vec(), 1)
}

/// Reads everything into one session.
pub fn all(files: &[File]) -> Session {
    let mut session = session();
    for (ordinal, file) in (0..).zip(files) {
        one(&mut session, ordinal, file, &file.packed);
    }
    session.settle();
    session
}

/// Reads one file, of which these are the bytes, compressed or not.
pub fn one(session: &mut Session, ordinal: u32, file: &File, bytes: &[u8]) {
    self::bytes(session, ordinal, &file.path, bytes);
}

/// Reads the bytes of a source of this name.
pub fn bytes(session: &mut Session, ordinal: u32, name: &str, bytes: &[u8]) {
    let mut intake = session.open(ordinal, name.to_owned());
    for piece in bytes.chunks(PIECE) {
        session.push(&mut intake, piece);
    }
    session.close(intake, None);
}

/// What a session counted.
pub fn counts(session: &Session) -> Counts {
    let totals = session.totals();
    Counts { records: totals.seen, kept: totals.kept }
}
