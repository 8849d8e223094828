//! Bytes in, records out. See the README of this folder.

mod bytes;
pub mod container;
mod extract;
pub mod json;
pub mod keys;
pub mod memo;
pub mod record;
pub mod split;

pub use container::Restart;
pub use extract::Extractor;

use crate::event::Location;
use crate::problem::{Fault, SourceAccount};
use container::{Container, Part};
use memo::Memo;
use record::Record;
use split::{Piece, Splitter};

/// One source that is being read.
pub struct Reader {
    container: Container,
    /// The source, and the members that are open, each inside of the one before it.
    open: Vec<Open>,
    /// The accounts of members that ended.
    closed: Vec<SourceAccount>,
    kept: u64,
}

/// A source or member that is being read.
struct Open {
    account: SourceAccount,
    splitter: Splitter,
}

/// Gets every event with its place and says what became of it.
pub type Keep<'k> = dyn FnMut(&Record, Location) -> Kept + 'k;

/// What became of an event that a reader found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is a row now.
    Kept,
    /// It is a row now, but has no readable time.
    KeptWithoutTime,
    /// Its id was there before.
    Duplicate,
}

impl Reader {
    /// Starts to read the source with this number and name.
    pub fn new(ordinal: u32, name: String) -> Reader {
        let account = SourceAccount { ordinal, name, ..SourceAccount::default() };
        let source = Open { account, splitter: Splitter::default() };
        Reader { container: Container::default(), open: vec![source], closed: Vec::new(), kept: 0 }
    }

    /// Events kept so far.
    pub fn kept(&self) -> u64 {
        self.kept + self.open.iter().map(|open| open.account.kept).sum::<u64>()
    }

    /// Reads the next bytes of the source.
    pub fn push(&mut self, bytes: &[u8], memo: &mut Memo, keep: &mut Keep) {
        let Reader { container, open, closed, kept } = self;
        if let Some(source) = open.first_mut() {
            source.account.bytes_read += bytes.len() as u64;
        }
        container.push(bytes, &mut |part| take(open, closed, kept, part, memo, keep));
    }

    /// The edge could not read on, or the user cancelled.
    pub fn fail(&mut self, fault: Fault) {
        if let Some(source) = self.open.first_mut() {
            source.account.fault(fault);
        }
    }

    /// The source is at its end: the accounts are complete. The source's own comes first, then those of its members.
    pub fn finish(mut self, memo: &mut Memo, keep: &mut Keep) -> Vec<SourceAccount> {
        let Reader { container, open, closed, kept } = &mut self;
        container.finish(&mut |part| take(open, closed, kept, part, memo, keep));
        while let Some(open) = open.pop() {
            closed.push(open.finish(memo, keep));
        }
        closed.sort_unstable_by_key(|account| account.member);
        self.closed
    }
}

/// Does what the container says.
fn take(
    open: &mut Vec<Open>,
    closed: &mut Vec<SourceAccount>,
    kept: &mut u64,
    part: Part,
    memo: &mut Memo,
    keep: &mut Keep,
) {
    let Some(Open { account, splitter }) = open.last_mut() else { return };
    match part {
        Part::Wrapped(wrapping) => account.wrapping.push(wrapping),
        Part::Text(bytes) => {
            account.bytes_inflated += bytes.len() as u64;
            splitter.push(bytes, memo, &mut |piece| book(account, piece, keep));
        }
        Part::Fault(fault) => account.fault(fault),
        Part::Stopped(fault) => {
            account.fault(fault.clone());
            if let [source, _, ..] = open.as_mut_slice() {
                source.account.fault(fault);
            }
        }
        Part::Start { member, path, restart } => {
            let name = format!("{} › {path}", account.name);
            let account = SourceAccount { ordinal: account.ordinal, member, name, restart, ..SourceAccount::default() };
            open.push(Open { account, splitter: Splitter::default() });
        }
        Part::End { packed } => {
            if let Some(mut ended) = open.pop() {
                ended.account.bytes_read = packed;
                let account = ended.finish(memo, keep);
                *kept += account.kept;
                closed.push(account);
            }
        }
    }
}

impl Open {
    fn finish(mut self, memo: &mut Memo, keep: &mut Keep) -> SourceAccount {
        let account = &mut self.account;
        if !account.is_archive() {
            self.splitter.finish(memo, &mut |piece| match piece {
                // A source that was cut short is known to be unfinished, and one without a single byte left to judge
                // is not "empty" when the reason is known.
                Piece::Fault(Fault::Unfinished | Fault::Empty) if !account.faults.is_empty() => {}
                piece => book(account, piece, keep),
            });
        }
        self.account
    }
}

/// Writes down what the splitter says.
fn book(account: &mut SourceAccount, piece: Piece, keep: &mut Keep) {
    match piece {
        Piece::Event { record, offset, length, form } => {
            account.seen += 1;
            let place = Location { source: account.ordinal, member: account.member, offset, length, form };
            match keep(&record, place) {
                Kept::Kept => account.kept += 1,
                Kept::KeptWithoutTime => {
                    account.kept += 1;
                    account.untimed += 1;
                }
                Kept::Duplicate => account.duplicate += 1,
            }
        }
        Piece::Rejected(rejection) => account.reject(rejection),
        Piece::Fault(fault) => account.fault(fault),
    }
}

#[cfg(test)]
mod tests;
