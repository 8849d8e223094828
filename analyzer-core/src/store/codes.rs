//! One small integer a row: as few bits as the largest needs, and next to nothing where nearly all rows have none.

use super::rows::Rows;

/// The code of a row without a value. The code of a value is its number plus one.
pub const MISSING: u32 = 0;

/// From so many codes on it is worth asking whether they are the few or the many.
const SPARSE_FROM: usize = if cfg!(test) { 64 } else { 4_096 };

/// Rows are packed so many at a time: they fill whole words, whatever their width.
const BLOCK: u32 = 64;

/// The codes of all rows.
pub struct Codes {
    /// Rows in `held`: a multiple of [`BLOCK`].
    packed: u32,
    held: Held,
    /// The rows behind them: fewer than a block.
    latest: [u32; BLOCK as usize],
    /// How many these are.
    filled: u32,
}

impl Default for Codes {
    fn default() -> Self {
        Codes { packed: 0, held: Held::default(), latest: [MISSING; BLOCK as usize], filled: 0 }
    }
}

enum Held {
    /// Only the rows that have a code, in order, with their codes.
    Sparse { rows: Vec<u32>, codes: Vec<u32> },
    /// Every row: `1 << log_width` bits each, the first row in the lowest bits of the first word.
    Packed { words: Vec<u64>, log_width: u32 },
}

impl Default for Held {
    fn default() -> Self {
        Held::Sparse { rows: Vec::new(), codes: Vec::new() }
    }
}

/// The smallest of 1, 2, 4, 8, 16 and 32 bits that hold the code, as a power of two.
fn log_width_of(code: u32) -> u32 {
    (32 - code.leading_zeros()).max(1).next_power_of_two().trailing_zeros()
}

impl Codes {
    /// Adds a row.
    #[inline(always)]
    pub fn push(&mut self, code: u32) {
        self.latest[(self.filled % BLOCK) as usize] = code;
        self.filled += 1;
        if self.filled == BLOCK {
            self.flush();
        }
    }

    fn latest(&self) -> &[u32] {
        self.latest.get(..self.filled as usize).unwrap_or_default()
    }

    /// Packs the latest block.
    #[inline(never)]
    fn flush(&mut self) {
        // Its highest bit is that of the largest.
        let all = self.latest.iter().fold(0, |all, &code| all | code);
        if let Held::Sparse { rows, codes } = &mut self.held {
            for (row, &code) in (self.packed..).zip(&self.latest).filter(|&(_, &code)| code != MISSING) {
                rows.push(row);
                codes.push(code);
            }
            // Each costs 64 bits here, and up to 32 as one of many.
            if rows.len() >= SPARSE_FROM && rows.len() > self.packed as usize / 8 {
                self.held = pack(rows, codes, self.packed + BLOCK);
            }
        } else if let Held::Packed { words, log_width } = &mut self.held {
            if u64::from(all) > mask(*log_width) {
                *words = widened(words, *log_width, log_width_of(all), self.packed);
                *log_width = log_width_of(all);
            }
            match log_width {
                0 => pack_block::<64>(&self.latest, words),
                1 => pack_block::<32>(&self.latest, words),
                2 => pack_block::<16>(&self.latest, words),
                3 => pack_block::<8>(&self.latest, words),
                4 => pack_block::<4>(&self.latest, words),
                _ => pack_block::<2>(&self.latest, words),
            }
        }
        self.packed += BLOCK;
        self.filled = 0;
    }

    /// The code of a row; [`MISSING`] for a row that is not there.
    pub fn get(&self, row: u32) -> u32 {
        if let Some(latest) = row.checked_sub(self.packed) {
            return self.latest().get(latest as usize).copied().unwrap_or(MISSING);
        }
        match &self.held {
            Held::Sparse { rows, codes } => {
                rows.binary_search(&row).ok().and_then(|at| codes.get(at)).copied().unwrap_or(MISSING)
            }
            Held::Packed { words, log_width } => {
                let (word, shift) = place(row, *log_width);
                words.get(word).map_or(MISSING, |word| (word >> shift & mask(*log_width)) as u32)
            }
        }
    }

    /// Sets the bits of the rows from `first` on, a multiple of 64, for whose code `holds` is true; 64 rows a word, the
    /// first one lowest. [`MISSING`] holds for none, and neither does a code that `holds` does not know.
    pub fn select(&self, first: u32, words: &mut [u64], holds: &[bool]) {
        let holds = |code: u32| code != MISSING && holds.get(code as usize).copied().unwrap_or(false);
        let end = first.saturating_add(words.len() as u32 * BLOCK);
        let set = |words: &mut [u64], row: u32| {
            if let Some(word) = words.get_mut((row - first) as usize / BLOCK as usize) {
                *word |= 1 << (row % BLOCK);
            }
        };
        let latest = (self.packed..).zip(self.latest()).filter(|&(row, &code)| row >= first && holds(code));
        latest.for_each(|(row, _)| set(words, row));
        match &self.held {
            Held::Sparse { rows, codes } => {
                let from = rows.partition_point(|&row| row < first);
                let found = rows.iter().zip(codes).skip(from).take_while(|&(&row, _)| row < end);
                found.filter(|&(_, &code)| holds(code)).for_each(|(&row, _)| set(words, row));
            }
            Held::Packed { words: held, log_width } => {
                let held = held.get(place(first, *log_width).0..).unwrap_or_default();
                match log_width {
                    0 => select_packed::<0>(held, words, holds),
                    1 => select_packed::<1>(held, words, holds),
                    2 => select_packed::<2>(held, words, holds),
                    3 => select_packed::<3>(held, words, holds),
                    4 => select_packed::<4>(held, words, holds),
                    _ => select_packed::<5>(held, words, holds),
                }
            }
        }
    }

    /// Adds to the count of each code how often these rows have it. A code that is not counted is left out.
    pub fn tally(&self, rows: &Rows, counts: &mut [u64]) {
        let mut add = |code: u32, n: u64| {
            if let Some(count) = counts.get_mut(code as usize) {
                *count += n;
            }
        };
        let latest = (self.packed..).zip(self.latest()).filter(|&(row, _)| rows.contains(row));
        latest.for_each(|(_, &code)| add(code, 1));
        match &self.held {
            Held::Sparse { rows: held, codes } => {
                let mut missing = rows.count_in(0..self.packed);
                for (_, &code) in held.iter().zip(codes).filter(|&(&row, _)| rows.contains(row)) {
                    add(code, 1);
                    missing -= 1;
                }
                add(MISSING, missing);
            }
            Held::Packed { words, log_width } => {
                let (log_width, mask) = (*log_width, mask(*log_width));
                let blocks = words.chunks(1 << log_width).zip(rows.words());
                for (block, &wanted) in blocks.filter(|&(_, &wanted)| wanted != 0) {
                    let mut left = wanted;
                    while left != 0 {
                        let (word, shift) = place(left.trailing_zeros(), log_width);
                        if let Some(word) = block.get(word) {
                            add((word >> shift & mask) as u32, 1);
                        }
                        left &= left - 1;
                    }
                }
            }
        }
    }

    /// Makes room for so many more rows, and no more. Where few have a code, room is made as they come.
    pub fn reserve(&mut self, rows: usize) {
        if let Held::Packed { words, log_width } = &mut self.held {
            words.reserve_exact(rows.next_multiple_of(BLOCK as usize) >> (6 - *log_width));
        }
    }

    /// Gives back memory that was reserved for more rows.
    pub fn shrink(&mut self) {
        match &mut self.held {
            Held::Sparse { rows, codes } => {
                rows.shrink_to_fit();
                codes.shrink_to_fit();
            }
            Held::Packed { words, .. } => words.shrink_to_fit(),
        }
    }

    /// Bytes of memory, by capacity.
    pub fn memory(&self) -> usize {
        match &self.held {
            Held::Sparse { rows, codes } => (rows.capacity() + codes.capacity()) * 4,
            Held::Packed { words, .. } => words.capacity() * 8,
        }
    }
}

/// The word of a row, and how far its code is shifted there.
fn place(row: u32, log_width: u32) -> (usize, u32) {
    ((row >> (6 - log_width)) as usize, (row & ((64 >> log_width) - 1)) << log_width)
}

fn mask(log_width: u32) -> u64 {
    u64::MAX >> (64 - (1u32 << log_width))
}

/// Packs codes, so many to a word; they fit.
fn pack_block<const IN_WORD: usize>(codes: &[u32], words: &mut Vec<u64>) {
    words.extend(codes.as_chunks::<IN_WORD>().0.iter().map(|codes| {
        let shifted = codes.iter().enumerate().map(|(at, &code)| u64::from(code) << (at * (64 / IN_WORD)));
        shifted.fold(0, |word, code| word | code)
    }));
}

/// Adds a bit for each of the packed codes that holds, 64 a word.
fn select_packed<const LOG_WIDTH: u32>(held: &[u64], words: &mut [u64], holds: impl Fn(u32) -> bool) {
    for (codes, word) in held.chunks(1 << LOG_WIDTH).zip(words) {
        for (at, code) in (0..).step_by(64 >> LOG_WIDTH).zip(codes) {
            let bit = |n: u32| u64::from(holds((code >> (n << LOG_WIDTH) & mask(LOG_WIDTH)) as u32)) << n;
            *word |= (0..64u32 >> LOG_WIDTH).fold(0, |bits, n| bits | bit(n)) << at;
        }
    }
}

/// Sparse codes of `len` rows, packed.
fn pack(rows: &[u32], codes: &[u32], len: u32) -> Held {
    let log_width = log_width_of(codes.iter().copied().max().unwrap_or(MISSING));
    let mut words = vec![0; (len >> (6 - log_width)) as usize];
    for (&row, &code) in rows.iter().zip(codes) {
        let (word, shift) = place(row, log_width);
        if let Some(word) = words.get_mut(word) {
            *word |= u64::from(code) << shift;
        }
    }
    Held::Packed { words, log_width }
}

/// The codes of `len` rows, packed more widely.
fn widened(words: &[u64], log_width: u32, wide: u32, len: u32) -> Vec<u64> {
    let mut out = vec![0; (len >> (6 - wide)) as usize];
    for row in 0..len {
        let (from, shift) = place(row, log_width);
        let (to, shift_to) = place(row, wide);
        if let (Some(from), Some(to)) = (words.get(from), out.get_mut(to)) {
            *to |= (from >> shift & mask(log_width)) << shift_to;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(expected: &[u32]) {
        let mut codes = Codes::default();
        expected.iter().for_each(|&code| codes.push(code));
        codes.shrink();
        let found: Vec<_> = (0..expected.len() as u32).map(|row| codes.get(row)).collect();
        assert!(found == expected, "get: {expected:?} became {found:?}");
        assert_eq!(codes.get(expected.len() as u32), MISSING);
        check_questions(&codes, expected);
    }

    fn check_questions(codes: &Codes, expected: &[u32]) {
        let len = expected.len() as u32;
        let holds: Vec<bool> = (0..300).map(|code| code % 3 == 1).collect();
        let is_held = |row: u32| expected.get(row as usize).is_some_and(|&code| code % 3 == 1 && code < 300);
        for first in (0..len).step_by(64) {
            let mut words = [0; 2];
            codes.select(first, &mut words, &holds);
            let found: Vec<_> = (0..128).map(|row| words[row / 64] >> (row % 64) & 1 == 1).collect();
            assert_eq!(found, (first..first + 128).map(is_held).collect::<Vec<_>>(), "{first} of {expected:?}");
        }
        let rows = Rows::from_fn(len, |row| row % 5 != 2);
        let (mut counts, mut wanted) = (vec![0; 300], vec![0; 300]);
        codes.tally(&rows, &mut counts);
        for (_, &code) in (0..).zip(expected).filter(|&(row, &code)| rows.contains(row) && code < 300) {
            wanted[code as usize] += 1;
        }
        assert_eq!(counts, wanted, "{expected:?}");
    }

    #[test]
    fn widths() {
        check(&[]);
        for limit in [1u32, 2, 3, 4, 15, 16, 255, 256, 65_535, 65_536, u32::MAX] {
            assert!(mask(log_width_of(limit)) >= u64::from(limit) && log_width_of(limit) <= 5);
            check(
                &(0..400)
                    .map(|row| if row % 3 == 0 { MISSING } else { limit - row % limit.min(7) })
                    .collect::<Vec<_>>(),
            );
        }
    }

    #[test]
    fn few_values_take_little_and_many_take_their_bits() {
        let bytes = |of: &dyn Fn(u32) -> u32| {
            let mut codes = Codes::default();
            (0..64_000).for_each(|row| codes.push(of(row)));
            codes.shrink();
            codes.memory()
        };
        assert_eq!(bytes(&|_| MISSING), 0);
        assert_eq!(bytes(&|row| u32::from(row % 100 == 0)), 640 * 8);
        assert_eq!(bytes(&|row| row % 2), 64_000 / 8);
        assert_eq!(bytes(&|row| row % 12), 64_000 / 2);
        assert_eq!(bytes(&|row| row % 300), 64_000 * 2);
    }

    proptest! {
        #[test]
        fn codes_come_back(codes in prop::collection::vec(prop_oneof![9 => Just(0u32), 1 => 0u32..5, 1 => 0u32..70_000, 1 => any::<u32>()], 0..600)) {
            check(&codes);
        }
        #[test]
        fn growing_codes_come_back(steps in prop::collection::vec(0u32..3, 0..600)) {
            let mut next = 1;
            check(&steps.into_iter().map(|step| { next += step * next / 16; next }).collect::<Vec<_>>());
        }
    }
}
