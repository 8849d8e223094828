//! Gives every distinct text a number: 0, 1, 2, … in the order of their arrival.

use crate::bytes;
use foldhash::fast::FixedState;
use hashbrown::HashTable;
use std::hash::{BuildHasher as _, Hasher as _};

/// Distinct texts, each with its number.
pub struct Interner {
    table: HashTable<u32>,
    /// All texts behind one another.
    texts: String,
    /// Where each text ends in `texts`.
    ends: Vec<usize>,
    hash: FixedState,
}

impl Interner {
    /// The texts are an attacker's to choose, so the hash is seeded from outside. The numbers do not depend on it.
    pub fn new(seed: u64) -> Interner {
        Interner { table: HashTable::new(), texts: String::new(), ends: Vec::new(), hash: FixedState::with_seed(seed) }
    }

    /// How many distinct texts there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text with this number; empty for a number that was never given.
    pub fn get(&self, number: u32) -> &str {
        let (start, end) = span(&self.ends, number);
        self.texts.get(start..end).unwrap_or("")
    }

    /// The same as bytes.
    pub fn bytes(&self, number: u32) -> &[u8] {
        bytes_at(&self.texts, &self.ends, number)
    }

    /// All texts in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len() as u32).map(|number| self.get(number))
    }

    /// The number of a text, a new one if it was not seen before, and whether it was seen before. The bytes are UTF-8;
    /// others would be replaced as [`String::from_utf8_lossy`] does.
    pub fn intern(&mut self, text: &[u8]) -> (u32, bool) {
        let hash = hash_of(&self.hash, text);
        let (texts, ends) = (&self.texts, &self.ends);
        if let Some(&number) = self.table.find(hash, |&n| bytes::equal(bytes_at(texts, ends, n), text)) {
            return (number, true);
        }
        (self.add(hash, text), false)
    }

    #[inline(never)]
    fn add(&mut self, hash: u64, text: &[u8]) -> u32 {
        let number = self.ends.len() as u32;
        match std::str::from_utf8(text) {
            Ok(text) => self.texts.push_str(text),
            Err(_) => self.texts.push_str(&String::from_utf8_lossy(text)),
        }
        self.ends.push(self.texts.len());
        let (texts, ends, state) = (&self.texts, &self.ends, &self.hash);
        self.table.insert_unique(hash, number, |&n| hash_of(state, bytes_at(texts, ends, n)));
        number
    }

    /// Gives back memory that was reserved for more texts.
    pub fn shrink(&mut self) {
        self.texts.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// Bytes of memory, by capacity.
    pub fn memory(&self) -> usize {
        self.texts.capacity() + self.ends.capacity() * size_of::<usize>() + self.table.allocation_size()
    }
}

fn hash_of(state: &FixedState, text: &[u8]) -> u64 {
    let mut hasher = state.build_hasher();
    hasher.write(text);
    hasher.finish()
}

fn span(ends: &[usize], number: u32) -> (usize, usize) {
    let number = number as usize;
    let start = if number == 0 { 0 } else { ends.get(number - 1).copied().unwrap_or(0) };
    (start, ends.get(number).copied().unwrap_or(start))
}

fn bytes_at<'t>(texts: &'t str, ends: &[usize], number: u32) -> &'t [u8] {
    let (start, end) = span(ends, number);
    texts.as_bytes().get(start..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_in_order_and_texts_come_back(texts in prop::collection::vec(".{0,3}", 0..200), seed: u64) {
            let mut interner = Interner::new(seed);
            let mut distinct: Vec<String> = Vec::new();
            for text in &texts {
                let expected = distinct.iter().position(|d| d == text);
                let (number, known) = interner.intern(text.as_bytes());
                prop_assert_eq!(known, expected.is_some());
                prop_assert_eq!(number as usize, expected.unwrap_or(distinct.len()));
                if !known {
                    distinct.push(text.clone());
                }
            }
            interner.shrink();
            prop_assert_eq!(interner.iter().map(str::to_owned).collect::<Vec<_>>(), distinct);
        }
    }
}
