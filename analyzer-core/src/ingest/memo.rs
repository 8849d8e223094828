//! What the reader remembers from record to record. A log says the same things in nearly the same way in every record:
//! which key follows which, and who.

use super::keys::KEYS;
use foldhash::fast::FixedState;
use std::hash::BuildHasher as _;

/// Identities remembered at most: sets of [`WAYS`].
const SETS: usize = 4_096;
const WAYS: usize = 2;

/// How many beginnings of identities are remembered, each with the place of its access key.
const HEADS: usize = 4_096;

/// Bytes of a place: what stands there, behind its serial and its length. Places lie side by side, so that looking at one
/// is one visit to memory. Longer identities are not remembered; CloudTrail's are of some 400 bytes.
const PLACE: usize = 640;
const LONGEST: usize = PLACE - 8;

/// Bytes of an access key id.
const KEY_ID: usize = 20;

/// A `userIdentity` that was read before, byte for byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its place in the memory: below [`SLOTS`].
    pub slot: u32,
    /// No other bytes ever have this number.
    pub serial: u32,
    /// Its length in bytes.
    pub length: usize,
}

/// How many places there are.
pub const SLOTS: usize = SETS * WAYS;

/// The memory of one reader.
pub struct Memo {
    /// For each key the one that came behind it last; the last entry is for the start of a record.
    pub(super) after: [u8; KEYS.len() + 1],
    /// For the hash of an identity's first bytes that hash, and where its access key stood.
    heads: Vec<(u64, u16)>,
    /// [`PLACE`] bytes for each slot: serial, length, and the bytes of an identity. A serial of 0 is an empty place.
    identities: Vec<u8>,
    serial: u32,
    hash: FixedState,
}

impl Memo {
    /// Remembers nothing. The seed is for hashing only and changes no answer.
    pub fn new(seed: u64) -> Memo {
        let mut after = [0; KEYS.len() + 1];
        for (key, next) in after.iter_mut().enumerate() {
            *next = ((key + 1) % KEYS.len()) as u8;
        }
        after[KEYS.len()] = 0;
        Memo { after, heads: Vec::new(), identities: Vec::new(), serial: 0, hash: FixedState::with_seed(seed) }
    }

    /// The remembered object that stands at `b[at]`. A JSON object is no prefix of another, so equal bytes are the whole
    /// object, and it is as well-formed as it was.
    pub(super) fn find(&self, b: &[u8], at: usize) -> Option<Known> {
        let rest = b.get(at..)?;
        let head = self.hash.hash_one(head(rest)?);
        let &(known, key_at) = self.heads.get(head as usize % HEADS)?;
        if known != head {
            return None;
        }
        let first = self.set(rest, head, key_at)?;
        (first..first + WAYS).find_map(|slot| {
            let (serial, object) = self.place(slot)?;
            let is_it = serial != 0 && rest.starts_with(object);
            is_it.then_some(Known { slot: slot as u32, serial, length: object.len() })
        })
    }

    /// Remembers a well-formed object, in place of the oldest that could be mistaken for it.
    pub(super) fn remember(&mut self, object: &[u8]) -> Option<Known> {
        if object.len() > LONGEST || self.serial == u32::MAX {
            return None;
        }
        let head = self.hash.hash_one(head(object)?);
        let key = memchr::memmem::find(object, b"\"accessKeyId\":\"").map(|at| at + b"\"accessKeyId\":\"".len());
        let key_at = key.and_then(|at| u16::try_from(at).ok()).unwrap_or(0);
        if self.identities.is_empty() {
            self.identities = vec![0; SLOTS * PLACE];
            self.heads = vec![(0, 0); HEADS];
        }
        *self.heads.get_mut(head as usize % HEADS)? = (head, key_at);
        let first = self.set(object, head, key_at)?;
        self.serial += 1;
        let oldest = (first..first + WAYS).min_by_key(|&slot| self.place(slot).map(|(serial, _)| serial))?;
        let place = self.identities.get_mut(oldest * PLACE..(oldest + 1) * PLACE)?;
        let (head, bytes) = place.split_first_chunk_mut::<8>()?;
        let (serial, length) = (u64::from(self.serial), object.len() as u64);
        *head = (serial | length << 32).to_le_bytes();
        bytes.get_mut(..object.len())?.copy_from_slice(object);
        Some(Known { slot: oldest as u32, serial: self.serial, length: object.len() })
    }

    /// The serial and the bytes at a slot.
    fn place(&self, slot: usize) -> Option<(u32, &[u8])> {
        let (head, bytes) = self.identities.get(slot * PLACE..(slot + 1) * PLACE)?.split_first_chunk::<8>()?;
        let head = u64::from_le_bytes(*head);
        Some((head as u32, bytes.get(..(head >> 32) as usize)?))
    }

    /// The first place of the set of an object with this head and the access key at `key_at`; 0 is none.
    fn set(&self, rest: &[u8], head: u64, key_at: u16) -> Option<usize> {
        if key_at == 0 {
            return Some((head >> 32) as usize % SETS * WAYS);
        }
        let key: &[u8; KEY_ID] = rest.get(usize::from(key_at)..)?.first_chunk()?;
        Some((self.hash.hash_one(key) ^ head >> 32) as usize % SETS * WAYS)
    }

    /// Bytes of memory, by capacity.
    pub fn memory(&self) -> usize {
        self.identities.capacity() + self.heads.capacity() * size_of::<(u64, u16)>()
    }

    /// Forgets every identity, to give back the memory.
    pub fn forget(&mut self) {
        (self.identities, self.heads) = (Vec::new(), Vec::new());
    }
}

/// The first bytes of an identity that starts here: as many as are surely its own. The shortest that CloudTrail writes
/// name a type and a service; those of roles are long, and differ late.
fn head(rest: &[u8]) -> Option<&[u8]> {
    match rest.get(9..17) {
        Some(b"AssumedR") => rest.get(..112),
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

    #[test]
    fn keys_of_one_session_have_places_of_their_own() {
        let mut memo = Memo::new(3);
        let session = "x".repeat(80);
        let object = |n: usize| {
            format!(
                r#"{{"type":"AssumedRole","principalId":"AROAEXAMPLE:{session}","accessKeyId":"ASIA{n:016}","n":1}}"#
            )
        };
        let known: Vec<_> = (0..100).map(|n| memo.remember(object(n).as_bytes()).unwrap()).collect();
        let found = (0..100).filter(|&n| memo.find(object(n).as_bytes(), 0) == Some(known[n])).count();
        assert!(found > 95, "{found}");
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
