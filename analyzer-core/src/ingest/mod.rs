//! Bytes in, records out. See the README of this folder.

mod extract;
pub mod gzip;
pub mod json;
pub mod record;
mod seek;
pub mod shape;
pub mod split;

pub use extract::Extractor;

use crate::event::Location;
use crate::problem::{Fault, SourceAccount};
use gzip::Gunzip;
use record::Record;
use shape::Digest;
use split::{Piece, Splitter};

/// What a source is wrapped in, told by its first bytes and never by its name.
enum Container {
    /// The first bytes are not all there yet.
    Unknown(Vec<u8>),
    Plain,
    Gzip(Box<Gunzip>),
}

impl Container {
    fn new() -> Container {
        Container::Unknown(Vec::new())
    }

    /// Inflates `bytes`, or hands them on as they are.
    fn push(&mut self, bytes: &[u8], sink: &mut dyn FnMut(&[u8])) -> Result<(), Fault> {
        if let Container::Unknown(head) = self {
            head.extend_from_slice(bytes);
            if head.len() < gzip::MAGIC.len() {
                return Ok(());
            }
            let head = std::mem::take(head);
            *self = if head.starts_with(&gzip::MAGIC) { Container::Gzip(Box::default()) } else { Container::Plain };
            return self.push(&head, sink);
        }
        match self {
            Container::Gzip(gunzip) => gunzip.push(bytes, sink),
            Container::Plain | Container::Unknown(_) => {
                sink(bytes);
                Ok(())
            }
        }
    }

    fn finish(&mut self, sink: &mut dyn FnMut(&[u8])) -> Result<(), Fault> {
        match self {
            Container::Unknown(head) => {
                sink(head);
                Ok(())
            }
            Container::Plain => Ok(()),
            Container::Gzip(gunzip) => gunzip.finish(),
        }
    }
}

/// One source that is being read.
pub struct Reader {
    container: Container,
    splitter: Splitter,
    account: SourceAccount,
    digests: Vec<Digest>,
    /// The container is broken: nothing after this point can be trusted.
    broken: bool,
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
        Reader {
            container: Container::new(),
            splitter: Splitter::default(),
            account: SourceAccount { ordinal, name, ..SourceAccount::default() },
            digests: Vec::new(),
            broken: false,
        }
    }

    /// The account so far.
    pub fn account(&self) -> &SourceAccount {
        &self.account
    }

    /// Reads the next bytes of the source.
    pub fn push(&mut self, bytes: &[u8], keep: &mut Keep) {
        self.account.bytes_read += bytes.len() as u64;
        if self.broken {
            return;
        }
        let (splitter, account, digests) = (&mut self.splitter, &mut self.account, &mut self.digests);
        let result = self.container.push(bytes, &mut |inflated| {
            account.bytes_inflated += inflated.len() as u64;
            splitter.push(inflated, &mut |piece| book(account, digests, piece, keep));
        });
        if let Err(fault) = result {
            self.account.faults.push(fault);
            self.broken = true;
        }
    }

    /// The edge could not read on, or the user cancelled.
    pub fn fail(&mut self, fault: Fault) {
        self.account.faults.push(fault);
    }

    /// The source is at its end: the account is complete, and so are the digests that it holds.
    pub fn finish(mut self, keep: &mut Keep) -> (SourceAccount, Vec<Digest>) {
        let (splitter, account, digests) = (&mut self.splitter, &mut self.account, &mut self.digests);
        let mut inflated_end = |inflated: &[u8]| {
            account.bytes_inflated += inflated.len() as u64;
            splitter.push(inflated, &mut |piece| book(account, digests, piece, keep));
        };
        if !self.broken
            && let Err(fault) = self.container.finish(&mut inflated_end)
        {
            self.account.faults.push(fault);
        }
        let (account, digests) = (&mut self.account, &mut self.digests);
        self.splitter.finish(&mut |piece| match piece {
            // A source that was cut short is known to be unfinished, and one without a single byte left to judge is
            // not "empty" when the reason is known.
            Piece::Fault(Fault::Unfinished | Fault::Empty) if !account.faults.is_empty() => {}
            piece => book(account, digests, piece, keep),
        });
        (self.account, self.digests)
    }
}

/// Writes down what the splitter says.
fn book(account: &mut SourceAccount, digests: &mut Vec<Digest>, piece: Piece, keep: &mut Keep) {
    match piece {
        Piece::Event { record, offset, length, form, shape } => {
            account.seen += 1;
            account.has_shape(shape);
            match keep(&record, Location { source: account.ordinal, member: 0, offset, length, form }) {
                Kept::Kept => account.kept += 1,
                Kept::KeptWithoutTime => {
                    account.kept += 1;
                    account.untimed += 1;
                }
                Kept::Duplicate => account.duplicate += 1,
            }
        }
        Piece::Rejected(rejection) => account.reject(rejection),
        Piece::Digest { text, offset } => {
            digests.push(Digest { source: account.ordinal, member: 0, offset, text: text.to_owned() });
        }
        Piece::Fault(fault) => account.faults.push(fault),
        Piece::Note(note) => account.note(note),
    }
}
