//! Each distinct identity once, in two steps: who (a role session, a user, a service), and with which key. One user has
//! hundreds of keys in a week's log.

use super::interner::Interner;
use crate::identity::{Parts, Principal};
use crate::ingest::memo::{GAP, Known, SLOTS};
use foldhash::fast::FixedState;
use hashbrown::HashTable;
use std::hash::{BuildHasher as _, Hash};

/// Numbers of texts, counted from 1; 0 is none. Kind, ARN, account, principal id, user name, invoker, ARN and name of
/// the issuer, source identity, and the label that is made of them.
type Who = [u32; 10];

/// The number of who, and the texts of access key and MFA.
type Identity = [u32; 3];

/// Access keys that are remembered with their identities: a power of two.
const RECENT: usize = 4_096;

/// The identities of a store. Identity 0 is the missing one.
pub struct Identities {
    texts: Interner,
    whos: Distinct<Who>,
    identities: Distinct<Identity>,
    /// For each place of the reader's memory what stood there last.
    known: Vec<Remembered>,
    /// Identities that are told apart by their key, each at the place that it says.
    recent: Vec<Recent>,
    hash: FixedState,
}

/// What the reader remembers, as an identity.
#[derive(Clone, Copy, Default)]
struct Remembered {
    serial: u32,
    identity: Of,
}

/// What it takes to know an identity that the reader remembers.
#[derive(Clone, Copy)]
enum Of {
    /// Nothing: it is this one.
    This(u32),
    /// The access key: the rest of it is who, and the MFA.
    Key { who: u32, mfa: u32 },
    /// All of it.
    Text,
}

impl Default for Of {
    fn default() -> Self {
        Of::This(0)
    }
}

#[derive(Clone, Copy, Default)]
struct Recent {
    key: [u8; GAP],
    who: u32,
    mfa: u32,
    /// 0 for none: the missing identity has no key.
    number: u32,
}

impl Identities {
    /// Only the missing one.
    pub fn new(seed: u64) -> Identities {
        let (whos, identities) = (Distinct::new(seed), Distinct::new(seed));
        let (texts, hash) = (Interner::new(seed), FixedState::with_seed(seed));
        let mut all = Identities { texts, whos, identities, known: Vec::new(), recent: Vec::new(), hash };
        all.of_json("null");
        all
    }

    /// The number of an identity that the reader may remember.
    #[inline(always)]
    pub fn of_record<'j>(&mut self, known: Option<Known>, json: impl FnOnce() -> Option<&'j [u8]>) -> u32 {
        let Some(known) = known else { return self.of_json(text_of(json())) };
        match self.known.get(known.slot as usize) {
            Some(&Remembered { serial, identity }) if serial == known.serial => match identity {
                Of::This(number) => number,
                Of::Key { who, mfa } => self.of_key(key_of(known, json()), who, mfa),
                Of::Text => self.of_json(text_of(json())),
            },
            _ => self.remember(known, text_of(json())),
        }
    }

    #[inline(never)]
    fn remember(&mut self, known: Known, json: &str) -> u32 {
        let number = self.of_json(json);
        let [who, key, mfa] = self.identities.get(number);
        let identity = match known.key_at {
            None => Of::This(number),
            Some(_)
                if key
                    .checked_sub(1)
                    .is_some_and(|key| self.texts.bytes(key) == key_of(known, Some(json.as_bytes()))) =>
            {
                Of::Key { who, mfa }
            }
            Some(_) => Of::Text,
        };
        if self.known.is_empty() {
            self.known = vec![Remembered::default(); SLOTS];
        }
        if let Some(place) = self.known.get_mut(known.slot as usize) {
            *place = Remembered { serial: known.serial, identity };
        }
        number
    }

    /// The number of the identity with this key.
    #[inline(always)]
    fn of_key(&mut self, key: [u8; GAP], who: u32, mfa: u32) -> u32 {
        let place = self.hash.hash_one((key, who)) as usize % RECENT;
        match self.recent.get(place) {
            Some(recent) if recent.key == key && (recent.who, recent.mfa) == (who, mfa) => recent.number,
            _ => self.of_new_key(key, who, mfa, place),
        }
    }

    #[inline(never)]
    fn of_new_key(&mut self, key: [u8; GAP], who: u32, mfa: u32, place: usize) -> u32 {
        let text = self.texts.intern(&key).0 + 1;
        let number = self.identities.number([who, text, mfa]);
        self.recent.resize(RECENT, Recent::default());
        if let Some(recent) = self.recent.get_mut(place) {
            *recent = Recent { key, who, mfa, number };
        }
        number
    }

    fn of_json(&mut self, json: &str) -> u32 {
        let parts = Parts::read(json);
        let p = parts.principal();
        let label = p.label();
        let texts = &mut self.texts;
        let mut text = |part: Option<&str>| part.map_or(0, |text| texts.intern(text.as_bytes()).0 + 1);
        let who = [
            p.kind,
            p.arn,
            p.account,
            p.principal_id,
            p.user_name,
            p.invoked_by,
            p.issuer_arn,
            p.issuer_name,
            p.source_identity,
            Some(&*label),
        ]
        .map(&mut text);
        let (key, mfa) = (text(p.access_key_id), text(p.mfa));
        let who = self.whos.number(who);
        self.identities.number([who, key, mfa])
    }

    /// The identity with this number; one that knows nothing for a number that was never given.
    pub fn get(&self, number: u32) -> Principal<'_> {
        let [who, key, mfa] = self.identities.get(number);
        let text = |number: u32| number.checked_sub(1).map(|number| self.texts.get(number));
        let [kind, arn, account, principal_id, user_name, invoked_by, issuer_arn, issuer_name, source_identity, _] =
            self.whos.get(who).map(text);
        let (access_key_id, mfa) = (text(key), text(mfa));
        Principal {
            kind,
            arn,
            account,
            principal_id,
            user_name,
            access_key_id,
            invoked_by,
            issuer_arn,
            issuer_name,
            mfa,
            source_identity,
        }
    }

    /// Its label.
    pub fn label(&self, number: u32) -> &str {
        let [who, ..] = self.identities.get(number);
        let [.., label] = self.whos.get(who);
        label.checked_sub(1).map_or("", |label| self.texts.get(label))
    }

    /// The number of who it is, whatever the access key and the MFA.
    #[inline]
    pub fn who(&self, number: u32) -> u32 {
        let [who, ..] = self.identities.get(number);
        who
    }

    /// The counts of identities, added up by who: each with the number of one of its identities.
    pub fn by_who(&self, counts: &[u64]) -> Vec<(u32, u64)> {
        let mut whos = vec![(0, 0); self.whos.items.len()];
        for ((number, &n), &[who, ..]) in (0..).zip(counts).zip(&self.identities.items).filter(|((_, n), _)| **n > 0) {
            if let Some((one, sum)) = whos.get_mut(who as usize) {
                (*one, *sum) = (number, *sum + n);
            }
        }
        whos.retain(|&(_, n)| n > 0);
        whos
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.identities.items.len()
    }

    /// Never: there is always the missing one.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Gives back memory that was reserved for more, and forgets what the reader remembers.
    pub fn shrink(&mut self) {
        self.texts.shrink();
        self.whos.items.shrink_to_fit();
        self.identities.items.shrink_to_fit();
        (self.known, self.recent) = (Vec::new(), Vec::new());
    }

    /// Bytes of memory, by capacity.
    pub fn memory(&self) -> usize {
        self.texts.memory()
            + self.whos.memory()
            + self.identities.memory()
            + self.known.capacity() * size_of::<Remembered>()
            + self.recent.capacity() * size_of::<Recent>()
    }
}

/// UTF-8 as text; a missing identity is `null`.
fn text_of(json: Option<&[u8]>) -> &str {
    json.and_then(|json| std::str::from_utf8(json).ok()).unwrap_or("null")
}

/// The bytes in the gap.
fn key_of(known: Known, json: Option<&[u8]>) -> [u8; GAP] {
    let gap = known.key_at.and_then(|at| json?.get(at..)?.first_chunk());
    gap.copied().unwrap_or_default()
}

/// Distinct values, numbered in the order of their arrival.
struct Distinct<T> {
    table: HashTable<u32>,
    items: Vec<T>,
    hash: FixedState,
}

impl<T: Copy + Default + Eq + Hash> Distinct<T> {
    fn new(seed: u64) -> Self {
        Distinct { table: HashTable::new(), items: Vec::new(), hash: FixedState::with_seed(seed) }
    }

    fn number(&mut self, item: T) -> u32 {
        let hash = self.hash.hash_one(item);
        let items = &self.items;
        if let Some(&number) = self.table.find(hash, |&n| items.get(n as usize) == Some(&item)) {
            return number;
        }
        let number = self.items.len() as u32;
        self.items.push(item);
        let (items, state) = (&self.items, &self.hash);
        let rehash = |&n: &u32| state.hash_one(items.get(n as usize).copied().unwrap_or_default());
        self.table.insert_unique(hash, number, rehash);
        number
    }

    fn get(&self, number: u32) -> T {
        self.items.get(number as usize).copied().unwrap_or_default()
    }

    fn memory(&self) -> usize {
        self.items.capacity() * size_of::<T>() + self.table.allocation_size()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_comes_back_and_is_counted_once() {
        let mut identities = Identities::new(1);
        let alice = r#"{"type":"IAMUser","arn":"arn:aws:iam::1:user/alice","userName":"alice","accessKeyId":"K1"}"#;
        let again = r#"{"accessKeyId":"K1","type":"IAMUser","arn":"arn:aws:iam::1:user/alice","userName":"alice"}"#;
        let other = alice.replace("K1", "K2");
        let numbers = [alice, again, &other, "null"].map(|json| identities.of_record(None, || Some(json.as_bytes())));
        assert_eq!(numbers, [1, 1, 2, 0]);
        assert_eq!(identities.get(2), Parts::read(&other).principal());
        assert_eq!((identities.label(0), identities.label(1), identities.label(2)), ("unknown", "alice", "alice"));
        assert_eq!((identities.get(99), identities.label(99)), (Principal::default(), "unknown"));
    }

    #[test]
    fn what_the_reader_remembers_need_not_be_read() {
        let mut identities = Identities::new(1);
        let known = |slot, serial| Some(Known { slot, serial, length: 0, key_at: None });
        assert_eq!(identities.of_record(known(5, 1), || Some(br#"{"type":"Root"}"#)), 1);
        assert_eq!(identities.of_record(known(5, 1), || None), 1);
        assert_eq!(identities.of_record(known(5, 2), || Some(br#"{"type":"Role"}"#)), 2);
        assert_eq!(identities.of_record(known(6, 1), || Some(br#"{"type":"Root"}"#)), 1);
        identities.shrink();
        assert_eq!(identities.of_record(known(5, 2), || Some(br#"{"type":"Role"}"#)), 2);
        assert_eq!(identities.of_record(known(u32::MAX, 1), || Some(br#"{"type":"Role"}"#)), 2);
    }

    #[test]
    fn somebody_with_another_key_is_another_identity() {
        let json = r#"{"type":"IAMUser","accessKeyId":"AKIAEXAMPLE000000001","userName":"alice"}"#;
        let nested = r#"{"type":"IAMUser","in":{"accessKeyId":"AKIAEXAMPLE000000001"},"userName":"alice"}"#;
        let other = |json: &str| json.replace("0001", "0002");
        let known = |serial, json: &str| Some(Known { slot: 3, serial, length: json.len(), key_at: json.find("AKIA") });
        let mut identities = Identities::new(1);
        let mut check = |serial, json: &str, number, key| {
            for _ in 0..2 {
                assert_eq!(identities.of_record(known(serial, json), || Some(json.as_bytes())), number, "{json}");
                assert_eq!(identities.get(number).access_key_id, key, "{json}");
            }
        };
        check(1, json, 1, Some("AKIAEXAMPLE000000001"));
        check(1, &other(json), 2, Some("AKIAEXAMPLE000000002"));
        check(1, json, 1, Some("AKIAEXAMPLE000000001"));
        check(2, nested, 3, None);
        check(2, &other(nested), 3, None);
    }
}
