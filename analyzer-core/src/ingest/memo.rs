//! What the reader remembers from record to record. A log says the same things in nearly the same way in every record:
//! which key follows which, and who.

use super::keys::KEYS;
use crate::bytes;
use foldhash::fast::FixedState;
use std::hash::BuildHasher as _;

/// Identities remembered at most: sets of [`WAYS`].
const SETS: usize = 1_024;
const WAYS: usize = 4;

/// Bytes of a place: what stands there, behind its [`Head`]. Places lie side by side, so that looking at one is one visit
/// to memory. Longer identities are not remembered; those of CloudTrail are of 50 to 800 bytes.
const PLACE: usize = 1_024;
const HEAD: usize = 16;
const LONGEST: usize = PLACE - HEAD;

/// The values that differ from one session of somebody to the next, each a text of [`GAP`] bytes.
const ACCESS_KEY: &[u8] = b"\"accessKeyId\"";
const CREATION_DATE: &[u8] = b"\"creationDate\"";

/// Bytes of an access key id, and of a time.
pub const GAP: usize = 20;

/// A `userIdentity` that was read before, byte for byte but for its gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its place in the memory: below [`SLOTS`].
    pub slot: u32,
    /// No other bytes ever have this number.
    pub serial: u32,
    /// Its length in bytes.
    pub length: usize,
    /// Where in it the [`GAP`] bytes of an access key stand, which may be another each time. They are the only bytes
    /// that spell one; but that they are the identity's own, and not of something in it, is not known.
    pub key_at: Option<usize>,
}

/// How many places there are.
pub const SLOTS: usize = SETS * WAYS;

/// The memory of one reader.
pub struct Memo {
    /// For each key the one that came behind it last; the last entry is for the start of a record.
    pub(super) after: [u8; KEYS.len() + 1],
    /// [`PLACE`] bytes for each slot: a head, and the bytes of an identity.
    identities: Vec<u8>,
    serial: u32,
    hash: FixedState,
}

/// What is known of a place. A serial of 0 is an empty one.
#[derive(Clone, Copy)]
struct Head {
    serial: u32,
    length: u16,
    /// Where the gaps start, the nearer one first; 0 for none.
    gaps: [u16; 2],
    /// Which of them is the access key's; 0 for none.
    key: u16,
}

impl Head {
    fn read(bytes: &[u8; HEAD]) -> Head {
        let at = |i: usize| u16::from_le_bytes([bytes[i], bytes[i + 1]]);
        let serial = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        Head { serial, length: at(4), gaps: [at(6), at(8)], key: at(10) }
    }

    fn write(self) -> [u8; HEAD] {
        let mut bytes = [0; HEAD];
        bytes[..4].copy_from_slice(&self.serial.to_le_bytes());
        for (to, part) in bytes[4..].chunks_mut(2).zip([self.length, self.gaps[0], self.gaps[1], self.key]) {
            to.copy_from_slice(&part.to_le_bytes());
        }
        bytes
    }
}

impl Memo {
    /// Remembers nothing. The seed is for hashing only and changes no answer.
    pub fn new(seed: u64) -> Memo {
        let mut after = [0; KEYS.len() + 1];
        for (key, next) in after.iter_mut().enumerate() {
            *next = ((key + 1) % KEYS.len()) as u8;
        }
        after[KEYS.len()] = 0;
        Memo { after, identities: Vec::new(), serial: 0, hash: FixedState::with_seed(seed) }
    }

    /// The remembered object that stands at `b[at]`. A JSON object is no prefix of another, so equal bytes are the whole
    /// object, and it is as well-formed as it was.
    pub(super) fn find(&self, b: &[u8], at: usize) -> Option<Known> {
        let rest = b.get(at..)?;
        let first = self.set(rest)?;
        (first..first + WAYS).find_map(|slot| {
            let (head, object) = self.place(slot)?;
            let is_it = head.serial != 0 && fits(rest, object, head.gaps);
            is_it.then(|| known(slot, head))
        })
    }

    /// Remembers a well-formed object of ASCII, in place of the oldest that could be mistaken for it.
    pub(super) fn remember(&mut self, object: &[u8]) -> Option<Known> {
        if object.len() > LONGEST || self.serial == u32::MAX {
            return None;
        }
        let first = self.set(object)?;
        if self.identities.is_empty() {
            self.identities = vec![0; SLOTS * PLACE];
        }
        self.serial += 1;
        let key = access_key(object).unwrap_or(0);
        let mut gaps = [key, gap(object, CREATION_DATE).unwrap_or(0)];
        gaps.sort_unstable();
        let head = Head { serial: self.serial, length: object.len() as u16, gaps, key };
        let oldest = (first..first + WAYS).min_by_key(|&slot| self.place(slot).map(|(head, _)| head.serial))?;
        let place = self.identities.get_mut(oldest * PLACE..(oldest + 1) * PLACE)?;
        let (to_head, bytes) = place.split_first_chunk_mut::<HEAD>()?;
        *to_head = head.write();
        bytes.get_mut(..object.len())?.copy_from_slice(object);
        Some(known(oldest, head))
    }

    /// What is known of a slot, and the bytes there.
    #[inline(always)]
    fn place(&self, slot: usize) -> Option<(Head, &[u8])> {
        let (head, bytes) = self.identities.get(slot * PLACE..(slot + 1) * PLACE)?.split_first_chunk::<HEAD>()?;
        let head = Head::read(head);
        Some((head, bytes.get(..usize::from(head.length))?))
    }

    /// The first slot of the set in which an object would be that starts like this.
    fn set(&self, rest: &[u8]) -> Option<usize> {
        Some((self.hash.hash_one(start(rest)?) >> 32) as usize % SETS * WAYS)
    }

    /// Bytes of memory, by capacity.
    pub fn memory(&self) -> usize {
        self.identities.capacity()
    }

    /// Forgets every identity, to give back the memory.
    pub fn forget(&mut self) {
        self.identities = Vec::new();
    }
}

fn known(slot: usize, head: Head) -> Known {
    let key_at = (head.key != 0).then_some(usize::from(head.key));
    Known { slot: slot as u32, serial: head.serial, length: usize::from(head.length), key_at }
}

/// Whether this object stands at the start of `rest`, whatever plain text stands in its gaps.
#[inline(always)]
fn fits(rest: &[u8], object: &[u8], gaps: [u16; 2]) -> bool {
    let (mut rest, mut object, mut from) = (rest, object, 0);
    for gap in gaps.map(usize::from) {
        if gap == 0 {
            continue;
        }
        let (Some((before, behind)), Some((_, text))) =
            (object.split_at_checked(gap - from), rest.split_at_checked(gap - from))
        else {
            return false;
        };
        let is_it = bytes::starts_with(rest, before) && text.first_chunk().is_some_and(is_plain);
        let (true, Some(behind), Some(text)) = (is_it, behind.get(GAP..), text.get(GAP..)) else { return false };
        (rest, object, from) = (text, behind, gap + GAP);
    }
    bytes::starts_with(rest, object)
}

/// Whether these bytes can stand in a text just so.
fn is_plain(text: &[u8; GAP]) -> bool {
    match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) => bytes::not_plain(first) | bytes::not_plain(last) == 0,
        _ => false,
    }
}

/// Where in an object the text of [`GAP`] bytes is that is the value of the first member with this key, whatever object
/// in it that is of.
fn gap(object: &[u8], key: &[u8]) -> Option<u16> {
    let at = memchr::memmem::find(object, key)? + key.len();
    let text = object.get(at..)?.strip_prefix(b":\"")?;
    let is_gap = text.first_chunk().is_some_and(is_plain) && text.get(GAP) == Some(&b'"');
    is_gap.then_some(at as u16 + 2)
}

/// The gap of the access key, if nothing else in the object can be one: the key is there once, and nothing is escaped
/// that could spell it again.
fn access_key(object: &[u8]) -> Option<u16> {
    let at = gap(object, ACCESS_KEY)?;
    let again = memchr::memmem::find(object.get(usize::from(at)..)?, ACCESS_KEY);
    (again.is_none() && memchr::memchr(b'\\', object).is_none()).then_some(at)
}

/// The first bytes of an identity that starts here: as many as are surely its own. The shortest that CloudTrail writes
/// name a type and a service; those of roles and federated users are long, and differ late.
fn start(rest: &[u8]) -> Option<&[u8]> {
    match rest.get(9..17) {
        Some(b"AssumedR" | b"Federate") => rest.get(..112),
        _ => rest.get(..48),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_remembered_is_found_where_it_stands_again() {
        let mut memo = Memo::new(3);
        let one = br#"{"type":"AWSService","invokedBy":"one.amazonaws.com"}"#;
        let other = br#"{"type":"AWSService","invokedBy":"one.amazonaws.com.cn"}"#;
        assert_eq!(memo.find(one, 0), None);
        let known = memo.remember(one).unwrap();
        assert_eq!(memo.find(one, 0), Some(known));
        assert_eq!(memo.find(&[b"x:", &one[..], b",\"eventTime\":1"].concat(), 2), Some(known));
        assert_eq!(memo.find(other, 0), None);
        assert_ne!(memo.remember(other).unwrap().serial, known.serial);
        assert_eq!(memo.find(&one[..one.len() - 1], 0), None, "cut off");
        memo.forget();
        assert_eq!(memo.find(one, 0), None);
    }

    /// What becomes of the second object when the first is remembered: nothing, or where its access key stands.
    fn check(first: &str, second: &str, expected: Option<Option<&str>>) {
        let mut memo = Memo::new(3);
        let remembered = memo.remember(first.as_bytes()).unwrap();
        assert_eq!(memo.find(first.as_bytes(), 0), Some(remembered));
        let found = memo.find(second.as_bytes(), 0);
        assert!(found.is_none_or(|known| known == remembered && known.length == second.len()));
        let key = |known: Known| known.key_at.map(|at| &second[at..at + GAP]);
        assert_eq!(found.map(key), expected, "{first}\n{second}");
    }

    #[test]
    fn sessions_of_somebody_differ_in_key_and_time() {
        let object = |key: &str, date: &str| {
            format!(
                r#"{{"type":"AssumedRole","principalId":"AROAEXAMPLE:{}","accessKeyId":"{key}","n":{{"creationDate":"{date}"}}}}"#,
                "x".repeat(80)
            )
        };
        let (key, date) = ("ASIAEXAMPLE000000001", "2024-05-06T07:08:09Z");
        let first = object(key, date);
        let other_key = "ASIAEXAMPLE000000002";
        check(&first, &object(other_key, "2025-01-01T00:00:00Z"), Some(Some(other_key)));
        check(&object("", date), &object("", "2025-01-01T00:00:00Z"), Some(None));
        check(&first, &object(&key[1..], date), None);
        check(&first, &object("ASIAEXAMPLE00000000\"", date), None);
        check(&first, &object("ASIAEXAMPLE0000000\\n", date), None);
        check(&first, &object("ASIAEXAMPLE00000000\u{80}", date), None);
        check(&first, &object(key, "2024-05-06 07:08:09+01"), None);
        check(&first, &first.replace(r#""n""#, r#""m""#), None);
        check(&first, &first.replace("xxx", "xyx"), None);
        check(&first, &first[..first.len() - 1], None);
        // Which of them counts is not for this room to say.
        for twice in [r#""accessKeyId" :"a","n""#, r#""a\u0063cessKeyId":"b","n""#] {
            check(&first.replace(r#""n""#, twice), &object(other_key, date).replace(r#""n""#, twice), None);
        }
        let sorted = r#"{"accessKeyId":"ASIAEXAMPLE000000001","accountId":"100421341908","arn":"arn:aws:iam::100421341908:user/a"}"#;
        check(sorted, &sorted.replace("0001", "0002"), None);
    }

    #[test]
    fn the_oldest_makes_room() {
        let mut memo = Memo::new(3);
        let object = |n: usize| format!(r#"{{"type":"IAMUser","principalId":"AIDAEXAMPLEEXAMPLE123","n":{n}}}"#);
        for n in 0..=WAYS {
            memo.remember(object(n).as_bytes());
        }
        assert_eq!(memo.find(object(0).as_bytes(), 0), None);
        assert!(memo.find(object(1).as_bytes(), 0).is_some() && memo.find(object(WAYS).as_bytes(), 0).is_some());
        assert_eq!(memo.remember(&[b'x'; LONGEST + 1]), None);
        assert_eq!(memo.remember(b"{}"), None);
    }
}
