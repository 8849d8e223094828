//! Questions on their way to the shards and the answers that came back.

use super::Purpose;
use crate::protocol::Answer;
use futures_channel::oneshot;
use std::cell::RefCell;
use std::collections::HashMap;

/// What a question is about. Of each kind only the newest question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// How many events match.
    Overview,
    /// The timeline.
    Timeline,
    /// Rows of the table.
    Page(Purpose),
    /// Values of a field, for the one who types.
    Values,
    /// Values of a field, for the one who looks for some in the panel of values.
    Within,
    /// What the matching events are made of.
    Portrait,
    /// What there is to know of the subject.
    Subject,
    /// How much memory is used.
    Memory,
    /// One event in full.
    Raw,
    /// The events of a finding.
    Evidence,
    /// The row of one event.
    Cells,
    /// A part of an export.
    Export,
    /// What belongs to the end of reading: every one of these is answered.
    Settling,
}

struct Waiting {
    kind: Kind,
    /// An answer for each shard that was asked.
    answers: Vec<(usize, Option<Answer>)>,
    done: oneshot::Sender<Vec<Answer>>,
}

/// The questions that are not answered yet.
#[derive(Default)]
pub struct Wire {
    next: RefCell<u32>,
    waiting: RefCell<HashMap<u32, Waiting>>,
}

impl Wire {
    /// Registers a question to these shards; earlier ones of its kind are forgotten. Returns its number and where its
    /// answers will come.
    pub fn open(&self, kind: Kind, shards: impl Iterator<Item = usize>) -> (u32, oneshot::Receiver<Vec<Answer>>) {
        let mut next = self.next.borrow_mut();
        *next = next.wrapping_add(1);
        let mut waiting = self.waiting.borrow_mut();
        if kind != Kind::Settling {
            // Dropping the sender tells whoever asked that no answer will come.
            waiting.retain(|_, question| question.kind != kind);
        }
        let (done, answers) = oneshot::channel();
        let answers_to_come = shards.map(|shard| (shard, None)).collect();
        waiting.insert(*next, Waiting { kind, answers: answers_to_come, done });
        (*next, answers)
    }

    /// A shard's answer. An answer to a question that was forgotten is dropped.
    pub fn answered(&self, number: u32, shard: usize, answer: Answer) {
        let mut waiting = self.waiting.borrow_mut();
        let Some(question) = waiting.get_mut(&number) else { return };
        if let Some((_, place)) = question.answers.iter_mut().find(|(asked, _)| *asked == shard) {
            *place = Some(answer);
        }
        if question.answers.iter().any(|(_, answer)| answer.is_none()) {
            return;
        }
        if let Some(question) = waiting.remove(&number) {
            // Whoever asked may be gone: then nobody wants the answer.
            let _ = question.done.send(question.answers.into_iter().filter_map(|(_, answer)| answer).collect());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(receiver: &mut oneshot::Receiver<Vec<Answer>>) -> Result<Option<usize>, ()> {
        receiver.try_recv().map(|answers| answers.map(|a| a.len())).map_err(drop)
    }

    #[test]
    fn an_answer_comes_when_every_shard_has_answered() {
        let wire = Wire::default();
        let (number, mut receiver) = wire.open(Kind::Page(Purpose::Scroll), 0..2);
        wire.answered(number, 1, Answer::Done);
        wire.answered(number, 7, Answer::Done);
        assert_eq!(heard(&mut receiver), Ok(None));
        wire.answered(number, 0, Answer::Done);
        assert_eq!(heard(&mut receiver), Ok(Some(2)));
    }

    #[test]
    fn the_newest_question_wins() {
        let wire = Wire::default();
        let (old, mut first) = wire.open(Kind::Page(Purpose::Scroll), 0..1);
        let (_, mut other) = wire.open(Kind::Timeline, 0..1);
        let (new, mut second) = wire.open(Kind::Page(Purpose::Scroll), 0..1);
        wire.answered(old, 0, Answer::Done);
        wire.answered(new, 0, Answer::Done);
        assert_eq!(heard(&mut first), Err(()));
        assert_eq!(heard(&mut other), Ok(None));
        assert_eq!(heard(&mut second), Ok(Some(1)));
    }
}
