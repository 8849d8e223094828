//! Bytes in, records out. See the README of this folder.

pub mod container;
mod extract;
pub mod json;
pub mod keys;
pub mod memo;
pub mod record;
mod seek;
pub mod shape;
pub mod sift;
pub mod split;

pub use container::Restart;
pub use extract::Extractor;

use crate::event::Location;
use crate::order;
use crate::problem::{Fault, SourceAccount};
use container::{Container, Part};
use memo::Memo;
use record::Record;
use shape::Digest;
use split::{Piece, Splitter};

/// One source that is being read.
pub struct Reader {
    container: Container,
    books: Books,
}

/// What is known of a source so far.
struct Books {
    /// The source, and the members that are open, each inside of the one before it.
    open: Vec<Open>,
    /// The accounts of members that ended.
    closed: Vec<SourceAccount>,
    /// Events kept of these.
    kept: u64,
    digests: Vec<Digest>,
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
        let books = Books { open: vec![source], closed: Vec::new(), kept: 0, digests: Vec::new() };
        Reader { container: Container::default(), books }
    }

    /// Events kept so far.
    pub fn kept(&self) -> u64 {
        self.books.kept + self.books.open.iter().map(|open| open.account.kept).sum::<u64>()
    }

    /// Reads the next bytes of the source.
    pub fn push(&mut self, bytes: &[u8], memo: &mut Memo, keep: &mut Keep) {
        let Reader { container, books } = self;
        if let Some(source) = books.open.first_mut() {
            source.account.bytes_read += bytes.len() as u64;
        }
        container.push(bytes, &mut |part| books.take(part, memo, keep));
    }

    /// The edge could not read on, or the user cancelled.
    pub fn fail(&mut self, fault: Fault) {
        if let Some(source) = self.books.open.first_mut() {
            source.account.fault(fault);
        }
    }

    /// The source is at its end: the accounts are complete, and so are the digests that it holds. The source's own
    /// account comes first, then those of its members.
    pub fn finish(mut self, memo: &mut Memo, keep: &mut Keep) -> (Vec<SourceAccount>, Vec<Digest>) {
        let Reader { container, books } = &mut self;
        container.finish(&mut |part| books.take(part, memo, keep));
        while !books.open.is_empty() {
            books.close(memo, keep);
        }
        order::sort_by_key(&mut books.closed, |account| account.member);
        (self.books.closed, self.books.digests)
    }
}

impl Books {
    /// Does what the container says.
    fn take(&mut self, part: Part, memo: &mut Memo, keep: &mut Keep) {
        let Some(Open { account, splitter }) = self.open.last_mut() else { return };
        match part {
            Part::Wrapped(wrapping) => account.wrapping.push(wrapping),
            Part::Text(bytes) => {
                account.bytes_inflated += bytes.len() as u64;
                splitter.push(bytes, memo, &mut |piece| book(account, &mut self.digests, piece, keep));
            }
            Part::Fault(fault) => account.fault(fault),
            Part::Stopped(fault) => {
                account.fault(fault.clone());
                if let [source, _, ..] = self.open.as_mut_slice() {
                    source.account.fault(fault);
                }
            }
            Part::Start { member, path, restart } => {
                let (ordinal, name) = (account.ordinal, format!("{} › {path}", account.name));
                let account = SourceAccount { ordinal, member, name, restart, ..SourceAccount::default() };
                self.open.push(Open { account, splitter: Splitter::default() });
            }
            Part::End { packed } => {
                account.bytes_read = packed;
                self.close(memo, keep);
            }
        }
    }

    /// What was opened last is at its end.
    fn close(&mut self, memo: &mut Memo, keep: &mut Keep) {
        let Some(Open { mut account, mut splitter }) = self.open.pop() else { return };
        if !account.is_archive() {
            splitter.finish(memo, &mut |piece| match piece {
                // A source that was cut short is known to be unfinished, and one without a single byte left to judge
                // is not "empty" when the reason is known.
                Piece::Fault(Fault::Unfinished | Fault::Empty) if !account.faults.is_empty() => {}
                piece => book(&mut account, &mut self.digests, piece, keep),
            });
        }
        // What the container says and what the text says come in an order that depends on how the bytes were cut.
        order::sort_by_key(&mut account.faults, Fault::is_of_text);
        self.kept += account.kept;
        self.closed.push(account);
    }
}

/// Writes down what the splitter says.
fn book(account: &mut SourceAccount, digests: &mut Vec<Digest>, piece: Piece, keep: &mut Keep) {
    let (source, member) = (account.ordinal, account.member);
    match piece {
        Piece::Event { record, offset, length, form, shape } => {
            account.seen += 1;
            account.has_shape(shape);
            match keep(&record, Location { source, member, offset, length, form }) {
                Kept::Kept => account.kept += 1,
                Kept::KeptWithoutTime => {
                    account.kept += 1;
                    account.untimed += 1;
                }
                Kept::Duplicate => account.duplicate += 1,
            }
        }
        Piece::Rejected(rejection) => account.reject(rejection),
        Piece::Digest { text, offset } => digests.push(Digest { source, member, offset, text: text.to_owned() }),
        Piece::Fault(fault) => account.fault(fault),
        Piece::Note(note) => account.note(note),
    }
}

#[cfg(test)]
mod tests;
