//! Each distinct identity once, in two steps: who (a role session, a user, a service), and with which key. One user has
//! hundreds of keys in a week's log.

use super::interner::Interner;
use crate::identity::{Parts, Principal};
use crate::ingest::memo::{Known, SLOTS};
use foldhash::fast::FixedState;
use hashbrown::HashTable;
use std::hash::{BuildHasher as _, Hash};

/// Numbers of texts, counted from 1; 0 is none. Kind, ARN, account, principal id, user name, invoker, ARN and name of
/// the issuer, source identity, and the label that is made of them.
type Who = [u32; 10];

/// The number of who, and the texts of access key and MFA.
type Identity = [u32; 3];

/// The identities of a store. Identity 0 is the missing one.
pub struct Identities {
    texts: Interner,
    whos: Distinct<Who>,
    identities: Distinct<Identity>,
    /// For each place of the reader's memory the serial that stood there last, and its identity.
    known: Vec<(u32, u32)>,
}

impl Identities {
    /// Only the missing one.
    pub fn new(seed: u64) -> Identities {
        let (whos, identities) = (Distinct::new(seed), Distinct::new(seed));
        let mut all = Identities { texts: Interner::new(seed), whos, identities, known: Vec::new() };
        all.of_json("null");
        all
    }

    /// The number of an identity that the reader may remember.
    pub fn of_record<'j>(&mut self, known: Option<Known>, json: impl FnOnce() -> Option<&'j str>) -> u32 {
        let Some(known) = known else { return self.of_json(json().unwrap_or("null")) };
        if self.known.is_empty() {
            self.known = vec![(0, 0); SLOTS];
        }
        match self.known.get(known.slot as usize) {
            Some(&(serial, number)) if serial == known.serial => number,
            _ => {
                let number = self.of_json(json().unwrap_or("null"));
                if let Some(place) = self.known.get_mut(known.slot as usize) {
                    *place = (known.serial, number);
                }
                number
            }
        }
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
        self.known = Vec::new();
    }

    /// Bytes of memory, by capacity.
    pub fn memory(&self) -> usize {
        self.texts.memory()
            + self.whos.memory()
            + self.identities.memory()
            + self.known.capacity() * size_of::<(u32, u32)>()
    }
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
        let numbers = [alice, again, &other, "null"].map(|json| identities.of_record(None, || Some(json)));
        assert_eq!(numbers, [1, 1, 2, 0]);
        assert_eq!(identities.get(2), Parts::read(&other).principal());
        assert_eq!((identities.label(0), identities.label(1), identities.label(2)), ("unknown", "alice", "alice"));
        assert_eq!((identities.get(99), identities.label(99)), (Principal::default(), "unknown"));
    }

    #[test]
    fn what_the_reader_remembers_need_not_be_read() {
        let mut identities = Identities::new(1);
        let known = |slot, serial| Some(Known { slot, serial, length: 0 });
        assert_eq!(identities.of_record(known(5, 1), || Some(r#"{"type":"Root"}"#)), 1);
        assert_eq!(identities.of_record(known(5, 1), || None), 1);
        assert_eq!(identities.of_record(known(5, 2), || Some(r#"{"type":"Role"}"#)), 2);
        assert_eq!(identities.of_record(known(6, 1), || Some(r#"{"type":"Root"}"#)), 1);
        identities.shrink();
        assert_eq!(identities.of_record(known(5, 2), || Some(r#"{"type":"Role"}"#)), 2);
        assert_eq!(identities.of_record(known(u32::MAX, 1), || Some(r#"{"type":"Role"}"#)), 2);
    }
}
