//! The ids of all rows, and which row has a given one.

use crate::event::EventId;

/// The tag of a slot that holds no row.
const EMPTY: u8 = 0;

/// A table of fewer slots grows by four times rather than two: every row is entered again each time.
const QUICK: usize = 1 << 20;

/// Ids by row, and rows by id.
pub(super) struct Ids {
    ids: Vec<EventId>,
    /// Rows that cannot be found by their id, in order.
    hidden: Vec<u32>,
    table: Table,
    /// Ids are an attacker's to choose, so the slots are seeded from outside.
    seed: u64,
}

/// Rows that were entered under their id: open addressing, a row stands at its slot or in the next free one behind.
#[derive(Default)]
struct Table {
    /// A few bits of the hash of each slot's id. They lie close together, so that looking for an id costs one visit to
    /// memory, and one more where its row is.
    tags: Vec<u8>,
    rows: Vec<u32>,
    entered: usize,
}

impl Ids {
    pub fn new(seed: u64) -> Ids {
        Ids { ids: Vec::new(), hidden: Vec::new(), table: Table::default(), seed }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// The id of a row; zeros for a row that is not there.
    pub fn get(&self, row: u32) -> EventId {
        self.ids.get(row as usize).copied().unwrap_or(EventId(0))
    }

    /// The first row with this id among those that were not entered under theirs. They are few: records without an id.
    pub fn hidden_row(&self, id: EventId) -> Option<u32> {
        self.hidden.iter().copied().find(|&row| self.get(row) == id)
    }

    /// Adds a row that cannot be found by its id.
    pub fn push(&mut self, id: EventId) {
        self.hidden.push(self.ids.len() as u32);
        self.ids.push(id);
    }

    /// Adds a row that can, unless one with this id is there. Says whether it was added.
    pub fn push_new(&mut self, id: EventId) -> bool {
        if self.table.entered * 4 >= self.table.tags.len() * 3 {
            let slots = self.table.tags.len();
            self.resize(slots * if slots < QUICK { 4 } else { 2 } + 64);
        }
        let (slot, tag) = self.table.home(id, self.seed);
        let Err(free) = self.table.find(slot, tag, |row| self.ids.get(row as usize) == Some(&id)) else { return false };
        self.table.enter(free, tag, self.ids.len() as u32);
        self.ids.push(id);
        true
    }

    /// The row that was entered under this id.
    pub fn row(&self, id: EventId) -> Option<u32> {
        let (slot, tag) = self.table.home(id, self.seed);
        self.table.find(slot, tag, |row| self.ids.get(row as usize) == Some(&id)).ok()
    }

    /// All rows that were entered under their id, each with it, in order.
    pub fn entered(&self) -> impl Iterator<Item = (EventId, u32)> {
        let mut hidden = self.hidden.iter().peekable();
        (0..)
            .zip(&self.ids)
            .filter(move |(row, _)| hidden.next_if(|&hidden| hidden == row).is_none())
            .map(|(row, &id)| (id, row))
    }

    /// Makes room for the ids of so many more rows, and no more.
    pub fn reserve(&mut self, rows: usize) {
        self.ids.reserve_exact(rows);
    }

    /// Gives back memory that was reserved for more rows.
    pub fn shrink(&mut self) {
        self.ids.shrink_to_fit();
        self.hidden.shrink_to_fit();
        self.resize(self.table.entered + self.table.entered / 7 + 1);
    }

    /// Bytes of memory, by capacity.
    pub fn memory(&self) -> usize {
        let ids = self.ids.capacity() * size_of::<EventId>() + self.hidden.capacity() * 4;
        ids + self.table.tags.capacity() + self.table.rows.capacity() * 4
    }

    fn resize(&mut self, slots: usize) {
        let old = std::mem::take(&mut self.table);
        (self.table.tags, self.table.rows) = (vec![EMPTY; slots], vec![0; slots]);
        for (_, row) in old.tags.into_iter().zip(old.rows).filter(|&(tag, _)| tag != EMPTY) {
            let (slot, tag) = self.table.home(self.get(row), self.seed);
            // Every id in it is another one.
            if let Err(free) = self.table.find(slot, tag, |_| false) {
                self.table.enter(free, tag, row);
            }
        }
    }
}

impl Table {
    /// Where a row with this id belongs, and its tag.
    fn home(&self, id: EventId, seed: u64) -> (usize, u8) {
        const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
        let (high, low) = ((id.0 >> 64) as u64 ^ seed, id.0 as u64 ^ seed.rotate_left(32) ^ MIX);
        let product = u128::from(high) * u128::from(low);
        let hash = ((product >> 64) as u64 ^ product as u64).wrapping_mul(MIX);
        // The upper half of hash × slots spreads evenly over any number of slots; the tag is of the lower bits.
        (((u128::from(hash) * self.tags.len() as u128) >> 64) as usize, (hash as u8).max(1))
    }

    /// The row that `is_it`, or the slot where it would stand.
    fn find(&self, slot: usize, tag: u8, is_it: impl Fn(u32) -> bool) -> Result<u32, usize> {
        let mut at = slot;
        loop {
            match self.tags.get(at) {
                None if at == 0 => return Err(0),
                None => at = 0,
                Some(&EMPTY) => return Err(at),
                Some(&found) => {
                    let row = if found == tag { self.rows.get(at).copied().filter(|&row| is_it(row)) } else { None };
                    match row {
                        Some(row) => return Ok(row),
                        None => at += 1,
                    }
                }
            }
        }
    }

    fn enter(&mut self, free: usize, tag: u8, row: u32) {
        if let (Some(to_tag), Some(to_row)) = (self.tags.get_mut(free), self.rows.get_mut(free)) {
            (*to_tag, *to_row) = (tag, row);
            self.entered += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    proptest! {
        #[test]
        fn rows_are_found_by_their_ids(ids in prop::collection::vec(prop_oneof![0u128..200, any::<u128>()], 0..600), seed: u64) {
            let (mut table, mut expected, mut hidden) = (Ids::new(seed), HashMap::new(), Vec::new());
            for (n, &id) in ids.iter().enumerate() {
                if n % 9 == 0 {
                    hidden.push((table.len() as u32, id));
                    table.push(EventId(id));
                    continue;
                }
                let row = table.len() as u32;
                let is_new = table.push_new(EventId(id));
                prop_assert_eq!(is_new, !expected.contains_key(&id));
                expected.entry(id).or_insert(row);
                if n == 300 {
                    table.shrink();
                }
            }
            for id in ids.into_iter().chain([u128::MAX, 0]) {
                prop_assert_eq!(table.row(EventId(id)), expected.get(&id).copied());
                let hidden = hidden.iter().find(|&&(_, other)| other == id).map(|&(row, _)| row);
                prop_assert_eq!(table.hidden_row(EventId(id)), hidden);
            }
            let entered: Vec<_> = table.entered().map(|(id, row)| (id.0, row)).collect();
            let mut all: Vec<_> = expected.into_iter().collect();
            all.sort_unstable_by_key(|&(_, row)| row);
            prop_assert_eq!(entered, all);
        }
    }
}
