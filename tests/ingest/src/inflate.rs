//! Whatever a source is wrapped in, what comes out of it is bounded, and every member has an account.

use crate::cut;
use crate::reading::{Reading, check};
use analyzer_core::ingest::container::{Container, MAX_NAME, MAX_NESTING, MAX_RATIO, Part, Wrapping};

/// A source of a few kilobytes may inflate to this many bytes: a tiny file can have any ratio.
const FREE: u64 = 64 << 20;

/// As many bytes count as read where a block of them was begun.
const BLOCK: u64 = 64 << 10;

/// What comes out is bounded, members nest and are numbered, every account reconciles, and all is the same whatever the
/// pieces.
pub fn inflate(data: &[u8]) {
    let texts = unwrap(data);
    let limit = FREE.max((data.len() as u64).next_multiple_of(BLOCK) * MAX_RATIO);
    // Two bytes of UTF-16 can be three of UTF-8.
    assert!(texts.iter().sum::<u64>() <= limit / 2 * 3, "{texts:?}");
    let [whole, others @ ..] = cut::ways(data);
    let reading = Reading::of(&whole);
    let told: Vec<u64> = reading.accounts.iter().map(|account| account.bytes_inflated).collect();
    assert_eq!(told, texts);
    check(&reading, data);
    for pieces in others {
        assert_eq!(Reading::of(&pieces).accounts, reading.accounts, "{} pieces", pieces.len());
    }
}

/// The lengths of the texts of the source and of its members.
fn unwrap(data: &[u8]) -> Vec<u64> {
    let mut texts = vec![0];
    // The source and the members that are open, and how often each is wrapped.
    let mut open = vec![(0, 0)];
    let mut stopped = false;
    let mut container = Container::default();
    let mut sink = |part: Part| match part {
        Part::Start { member, path, .. } => {
            assert_eq!(member as usize, texts.len(), "members are counted");
            assert!(path.chars().count() <= MAX_NAME && !stopped);
            texts.push(0);
            open.push((member as usize, 0));
        }
        Part::End { .. } => {
            assert!(open.len() > 1, "a member ends that did not start");
            open.pop();
        }
        Part::Wrapped(wrapping) => {
            open.last_mut().unwrap().1 += u64::from(wrapping != Wrapping::Utf16);
            assert!(open.iter().map(|(_, times)| times).sum::<u64>() <= MAX_NESTING as u64);
        }
        Part::Text(text) => {
            assert!(!stopped, "text after the stop");
            texts[open.last().unwrap().0] += text.len() as u64;
        }
        Part::Stopped(_) => {
            assert!(!stopped, "stopped twice");
            stopped = true;
        }
        Part::Fault(_) => {}
    };
    container.push(data, &mut sink);
    container.finish(&mut sink);
    assert_eq!(open.len(), 1, "a member does not end");
    texts
}
