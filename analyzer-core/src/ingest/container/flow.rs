//! What the layers of a source hand on, and the limits that they share.

use super::{ContainerFault, Entry, MAX_NESTING, Restart, Wrapping};
use crate::problem::Fault;
use std::ops::ControlFlow;

/// Inflated bytes for each byte of the source, beyond which it counts as a bomb. What comes out of an inner layer counts
/// for each byte of the source too, so that bombs inside of bombs are none the better. CloudTrail's own files reach 30;
/// deflate can reach 1,032.
pub const MAX_RATIO: u64 = 400;

/// The ratio is checked from this many inflated bytes on, since a tiny file can have any ratio.
const RATIO_FROM: u64 = 64 << 20;

/// A source may have so many members. Each has an account, which takes some 300 bytes of memory.
pub const MAX_MEMBERS: u32 = 1_000_000;

/// The path of a member is cut off after so many characters.
pub const MAX_NAME: usize = 1_024;

/// Bytes that the names of all members of a source may take, with the names of the archives that they are in.
pub const MAX_NAMES: u64 = 256 << 20;

/// What comes out of a source, in its order.
#[derive(Debug)]
pub enum Part<'p> {
    /// What comes next is wrapped in this: the member that is open, or the source itself if none is.
    Wrapped(Wrapping),
    /// A member starts. Everything is about it until its end, but for members of its own.
    Start {
        /// Its number in the source, from 1.
        member: u32,
        /// Its path in the archive. Untrusted text.
        path: &'p str,
        /// From where it can be read again.
        restart: Restart,
    },
    /// Text of the member.
    Text(&'p [u8]),
    /// Something is wrong with the member.
    Fault(Fault),
    /// A limit was passed in this member, and the source is not read on.
    Stopped(Fault),
    /// The member ends.
    End {
        /// Bytes that it took in its archive; 0 if reading was stopped in it.
        packed: u64,
    },
}

/// Gets the parts of a source.
pub type Sink<'s> = dyn FnMut(Part) + 's;

/// What all layers of a source count together.
#[derive(Default)]
pub(super) struct Shared {
    /// Offset in the source.
    pub position: u64,
    /// The end of the block that this offset is in: as many bytes count as read.
    pub read: u64,
    /// A limit was passed: nothing more comes out.
    pub stopped: bool,
    /// Bytes that came out of the layers with so many wrappings around them. Layers do not count together: how far the
    /// outer one is ahead of the inner one depends on how the source is cut.
    inflated: [u64; MAX_NESTING],
    members: u32,
    /// Bytes of all names so far.
    names: u64,
    /// The lengths of the paths of the open members.
    open: Vec<u64>,
    /// Where the entry of the outermost archive starts.
    entry: Restart,
}

impl Shared {
    /// As it was at this entry.
    pub fn resumed(entry: Entry) -> Shared {
        // What was inflated before it does not count again: the limit is only wider than it was.
        let Entry { at, members, .. } = entry;
        Shared { position: at, read: at, members, ..Shared::default() }
    }
}

/// The way out for everything that a layer finds.
pub(super) struct Flow<'f> {
    pub shared: &'f mut Shared,
    pub sink: &'f mut Sink<'f>,
}

impl Flow<'_> {
    pub fn text(&mut self, bytes: &[u8]) {
        (self.sink)(Part::Text(bytes));
    }

    pub fn fault(&mut self, fault: impl Into<Fault>) {
        (self.sink)(Part::Fault(fault.into()));
    }

    /// Counts bytes that a layer with `depth` wrappings around it inflated, and hands them on, up to the limit.
    pub fn inflated(&mut self, depth: usize, piece: &[u8], on: impl FnOnce(&[u8], &mut Flow)) -> ControlFlow<()> {
        let limit = RATIO_FROM.max(self.shared.read.saturating_mul(MAX_RATIO));
        let Some(inflated) = self.shared.inflated.get_mut(depth).filter(|_| !self.shared.stopped) else {
            return ControlFlow::Break(());
        };
        let room = limit.saturating_sub(*inflated);
        *inflated += piece.len() as u64;
        if piece.len() as u64 <= room {
            on(piece, &mut Flow { shared: self.shared, sink: self.sink });
        } else {
            on(&piece[..room as usize], &mut Flow { shared: self.shared, sink: self.sink });
            self.stop(Fault::InflationLimit { ratio: MAX_RATIO });
        }
        if self.shared.stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// An entry of the outermost archive starts at this offset of the source.
    pub fn entry(&mut self, archive: Wrapping, at: u64) {
        self.shared.entry = Restart::Entry(Entry { at, archive, members: self.shared.members });
    }

    /// A member starts. Says whether it can be read.
    pub fn start(&mut self, path: &[u8]) -> bool {
        let path = cut(&String::from_utf8_lossy(path)).to_owned();
        self.shared.open.push(path.len() as u64);
        self.shared.names += self.shared.open.iter().sum::<u64>();
        let limit = if self.shared.members == MAX_MEMBERS {
            ContainerFault::Members
        } else if self.shared.names > MAX_NAMES {
            ContainerFault::Names
        } else {
            self.shared.members += 1;
            let (member, restart) = (self.shared.members, self.shared.entry);
            (self.sink)(Part::Start { member, path: &path, restart });
            return true;
        };
        self.shared.open.pop();
        self.stop(limit.into());
        false
    }

    /// The member that is open ends.
    pub fn end(&mut self, packed: u64) {
        self.shared.open.pop();
        // Where reading stops inside of a block depends on how the source is cut.
        let packed = if self.shared.stopped { 0 } else { packed };
        (self.sink)(Part::End { packed });
    }

    fn stop(&mut self, fault: Fault) {
        if !self.shared.stopped {
            self.shared.stopped = true;
            (self.sink)(Part::Stopped(fault));
        }
    }
}

/// The first [`MAX_NAME`] characters.
pub(super) fn cut(name: &str) -> &str {
    name.char_indices().nth(MAX_NAME).map_or(name, |(end, _)| &name[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Starts a member as the last of `shared`, and says what came out.
    fn start(mut shared: Shared, path: &[u8]) -> (bool, String) {
        let mut found = String::new();
        let mut sink = |part: Part| found = format!("{part:?}");
        let is_started = Flow { shared: &mut shared, sink: &mut sink }.start(path);
        assert_eq!(shared.stopped, !is_started);
        (is_started, found)
    }

    #[test]
    fn members_and_names_are_limited() {
        let with = |members, names| Shared { members, names, ..Shared::default() };
        assert!(start(with(MAX_MEMBERS - 1, 0), b"a").0);
        assert_eq!(start(with(MAX_MEMBERS, 0), b"a"), (false, "Stopped(Container(Members))".to_owned()));
        assert!(start(with(0, MAX_NAMES - 3), b"abc").0);
        assert_eq!(start(with(0, MAX_NAMES - 3), b"abcd"), (false, "Stopped(Container(Names))".to_owned()));
        // The names of the archives around it count too.
        let inside = Shared { open: vec![2], ..with(0, MAX_NAMES - 3) };
        assert_eq!(start(inside, b"ab"), (false, "Stopped(Container(Names))".to_owned()));
    }
}
