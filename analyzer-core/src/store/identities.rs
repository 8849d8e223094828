//! Each distinct `userIdentity` once, remembered by its bytes: a log repeats them in nearly every record.

use super::interner::Interner;
use crate::identity::Principal;

/// The identities of a store. Identity 0 is the missing one.
pub struct Identities {
    by_json: Interner,
    principals: Vec<Principal>,
    labels: Vec<String>,
}

impl Identities {
    /// Only the missing one.
    pub fn new(seed: u64) -> Identities {
        let mut identities = Identities { by_json: Interner::new(seed), principals: Vec::new(), labels: Vec::new() };
        identities.of_json("null");
        identities
    }

    /// The number of the identity with this JSON.
    pub fn of_json(&mut self, json: &str) -> u32 {
        let (number, known) = self.by_json.intern(json);
        if !known {
            let principal = Principal::from_json(json);
            self.labels.push(principal.label());
            self.principals.push(principal);
        }
        number
    }

    /// The identity with this number.
    pub fn get(&self, number: u32) -> &Principal {
        &self.principals[number as usize]
    }

    /// Its label.
    pub fn label(&self, number: u32) -> &str {
        &self.labels[number as usize]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.principals.len()
    }

    /// Never: there is always the missing one.
    pub fn is_empty(&self) -> bool {
        self.principals.is_empty()
    }

    /// Bytes of memory, by capacity; the texts inside principals are estimated by their JSON.
    pub fn memory(&self) -> usize {
        2 * self.by_json.memory() + self.principals.capacity() * size_of::<Principal>()
    }
}
