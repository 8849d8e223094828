//! An export of the matching events in time order: every shard writes its own, and the pieces are put together here, some
//! thousand events at a time.

use super::wire::Kind;
use super::{Asked, Client};
use crate::protocol::{Answer, Exporting, Question};
use analyzer_core::export::pieces::{Counts, Pieces, Writing};
use analyzer_core::field::FieldRef;

/// So many events are asked for at once. A file is read again for each time that it has some of them.
const AT_ONCE: usize = 10_000;

/// Why an export ended before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interrupted {
    /// The user cancelled.
    Cancelled,
    /// Other events match by now, or a worker is gone.
    Changed,
}

impl Client {
    /// Hands out the export piece by piece, with how many events are done and how many there are; ends where `take` says
    /// that it wants no more.
    ///
    /// # Errors
    /// Why it ended before.
    pub async fn export(
        &self,
        how: &Exporting,
        mut take: impl FnMut(&[u8], u64, u64) -> bool,
    ) -> Result<Counts, Interrupted> {
        let fields: Vec<FieldRef> = how.fields.iter().map(|name| FieldRef::parse(name)).collect();
        let mut writing = Writing::new(how.form(), &fields);
        let begun = (self.0.filter.get(), self.0.samplings.get());
        let samples = self.samples(Kind::Export, None).await.ok_or(Interrupted::Changed)?;
        let all: u64 = samples.iter().map(|samples| samples.count).sum();
        let (mut done, mut out) = (0, Vec::new());
        writing.head(&mut out);
        while done < all {
            let count = usize::try_from(all - done).unwrap_or(AT_ONCE).min(AT_ONCE);
            let cut = self.cut(Kind::Export, None, &samples, done, count).await.flatten();
            let cut = cut.ok_or(Interrupted::Changed)?;
            let question = |range: &std::ops::Range<u64>| Question::Export {
                start: range.start,
                end: range.end,
                how: how.clone(),
            };
            let questions = cut.ranges.iter().map(question).enumerate().collect();
            let parts = pieces(self.ask_each(Kind::Export, questions).await).ok_or(Interrupted::Changed)?;
            let woven = writing.weave(&cut.order, &parts, &mut out) as u64;
            // A shard that has nothing where it had something, or was told of another filter meanwhile.
            if woven == 0 || begun != (self.0.filter.get(), self.0.samplings.get()) {
                return Err(Interrupted::Changed);
            }
            done += woven;
            if !take(&out, done, all) {
                return Err(Interrupted::Cancelled);
            }
            out.clear();
        }
        writing.end(&mut out);
        if take(&out, done, all) { Ok(writing.counts) } else { Err(Interrupted::Cancelled) }
    }
}

fn pieces(answers: Asked<Vec<Answer>>) -> Option<Vec<Pieces>> {
    let pieces = |answer| if let Answer::Export(pieces) = answer { Some(pieces.into()) } else { None };
    answers?.into_iter().map(pieces).collect()
}
